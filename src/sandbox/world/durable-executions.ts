// Durable executions: what goes on after the invocation that began it, on the version that began it.
import type {CompanyFunction} from './company.ts'
import {runKeys} from './durations.ts'
import type {History} from './history.ts'
import {draw, hex, mix, skewed, uuid} from './random.ts'

export type SandboxDurableExecution = {
  readonly id: string
  readonly name: string
  readonly version: string
  /** epoch ms */
  readonly startedAt: number
  /** when it is done, be that over or not */
  readonly endsAt: number
}

const dayMs = 86_400_000
const minuteMs = 60_000

/** Those that a function of the company began in the last day, the newest first. */
export function durableExecutionsOf(
  {name, durable}: CompanyFunction,
  history: History,
  now: number,
): readonly SandboxDurableExecution[] {
  if (!durable) return []
  const {story, share, minutes} = durable
  return history
    .runs(name, now - dayMs, now)
    .flatMap(run => {
      const {a, b} = runKeys(run)
      if (run.touch.step.story !== story || draw(mix(a, 81)) >= share) return []
      return {
        id: uuid(mix(a, 82), mix(b, 82)),
        name: `${story}-${hex(1, mix(a, 83), 0)}`,
        version: run.version,
        startedAt: run.at,
        endsAt: run.at + Math.round(skewed(...minutes, mix(a, 84)) * minuteMs),
      }
    })
    .reverse()
}
