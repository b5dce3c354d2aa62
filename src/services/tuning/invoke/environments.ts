import type {Stage} from '../arena/arena.ts'
import type {SampleOutcome} from '../sample.ts'

/** Which invocations are the first of their environment: that of a version nobody else invokes can be counted. */
export type Environments = {
  /** An invocation begins. True where more run at a time than ever did: Lambda has to make an environment for it. */
  enter(stage: Stage): boolean
  /** It ended; one that broke its environment had it begun anew, without an Init Duration in the next report. */
  leave(stage: Stage, isBroken: boolean): void
}

/** Whether Lambda begins an environment anew after an invocation that ended so. */
export const breaksEnvironment = (outcome: SampleOutcome, errorType: string | null): boolean =>
  outcome === 'timeout' || outcome === 'oom' || outcome === 'init-error' || errorType === 'Runtime.ExitError'

export function countEnvironments(): Environments {
  const counts = new Map<string, {running: number; made: number}>()
  const of = ({functionName, version}: Stage) => {
    const key = `${functionName}:${version}`
    const known = counts.get(key) ?? {running: 0, made: 0}
    counts.set(key, known)
    return known
  }
  return {
    enter(stage) {
      const count = of(stage)
      count.running++
      if (count.running <= count.made) return false
      count.made = count.running
      return true
    },
    leave(stage, isBroken) {
      const count = of(stage)
      count.running--
      if (isBroken) count.made = Math.max(0, count.made - 1)
    },
  }
}
