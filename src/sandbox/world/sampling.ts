// Which traces X-Ray is sent: one request a second and 5 % of what comes beyond, at whatever sees a request first and samples.
import type {CompanyFunction, CompanyLogGroup} from './company.ts'
import {runKeys} from './durations.ts'
import type {History, Run, Touch} from './history.ts'
import {draw, mix} from './random.ts'

const secondMs = 1000
const minuteMs = 60_000

/** Of what comes after the first request of a second (X-Ray's default rule, which Lambda's tracing follows too). */
const shareBeyondFirst = 0.05

export type Sampling = {
  /** whether the trace of a run is sampled, and the run in it: what runs before anything samples is not */
  isSampled(run: Run): boolean
  /** whether the trace of a run is sampled, whatever of it is sent */
  isTraceSampled(run: Run): boolean
  /** whether anything in the trace of a touch samples */
  isTraced(touch: Touch): boolean
  /** to be called when an alias changes: forgets what was derived from it */
  forget(): void
}

export type SamplingOptions = {
  readonly history: History
  readonly find: (name: string) => CompanyFunction | undefined
  readonly findGroup: (name: string) => CompanyLogGroup | undefined
}

export function createSampling({history, find, findGroup}: SamplingOptions): Sampling {
  const deciders = new WeakMap<Touch, Touch | 'nobody'>()
  const covered = new WeakMap<Touch, boolean>()
  const firsts = new Map<string, Int32Array>()

  function samples({step}: Touch): boolean {
    if (!step.in.startsWith('/')) return find(step.in)?.tracing === 'Active'
    const traced = findGroup(step.in)?.traced
    return traced?.as === 'stage' || traced?.as === 'state-machine'
  }

  /** The first element of a trace that samples; `start` is the trace's first touch. */
  function deciderOf(start: Touch): Touch | 'nobody' {
    let decider = deciders.get(start)
    if (!decider) {
      decider =
        start.path.touches.find(touch => touch.index >= start.index && touch.traceFrom === start && samples(touch)) ??
        'nobody'
      deciders.set(start, decider)
    }
    return decider
  }

  /** Whether a touch samples itself, or what called it does. */
  function isCovered(touch: Touch): boolean {
    let found = covered.get(touch)
    if (found === undefined) {
      const {above} = touch
      found = samples(touch) || (above !== null && above.traceFrom === touch.traceFrom && isCovered(above))
      covered.set(touch, found)
    }
    return found
  }

  /**
   * Of each second of a minute at one place, the keys of the first request that is decided on there. Only what came
   * before a request decides about it, so moving an alias leaves decided ones as they are.
   */
  function firstsOf(place: string, minute: number): Int32Array {
    const id = `${place} ${minute}`
    let keys = firsts.get(id)
    if (!keys) {
      keys = new Int32Array(120)
      for (const run of history.runs(place, minute * minuteMs, (minute + 1) * minuteMs)) {
        const slot = 2 * Math.floor((run.at % minuteMs) / secondMs)
        if (keys[slot] !== 0 || keys[slot + 1] !== 0 || deciderOf(run.touch.traceFrom) !== run.touch) continue
        keys[slot] = run.a
        keys[slot + 1] = run.b
      }
      if (firsts.size > 4000) firsts.clear()
      firsts.set(id, keys)
    }
    return keys
  }

  function isTraceSampled(run: Run): boolean {
    const {traceFrom} = run.touch
    if (run.touch.decided) return run.touch.decided.sampled
    const decider = deciderOf(traceFrom)
    if (decider === 'nobody') return false
    if (draw(mix(runKeys(run, traceFrom).a, 45)) < shareBeyondFirst) return true
    const at = run.requestAt + decider.delayMs
    const keys = firstsOf(decider.step.in, Math.floor(at / minuteMs))
    const slot = 2 * Math.floor((at % minuteMs) / secondMs)
    return keys[slot] === run.a && keys[slot + 1] === run.b
  }

  return {
    isSampled: run => run.touch.decided?.sampled ?? (isCovered(run.touch) && isTraceSampled(run)),
    isTraceSampled,
    isTraced: touch => deciderOf(touch.traceFrom) !== 'nobody',
    forget: () => firsts.clear(),
  }
}
