// How long a run takes.
import type {CompanyFunction} from './company.ts'
import type {Run, Touch} from './history.ts'
import {draw, mix, skewed} from './random.ts'

/**
 * No run lasts longer, so a run that starts in one minute is over before the next but one begins. The streams (environments.ts)
 * and the look-back of readers rest on it.
 */
export const longestRunMs = 55_000

/** The identity of one run as two keys. */
export function runKeys(run: Run, touch: Touch = run.touch): {readonly a: number; readonly b: number} {
  return {a: mix(mix(run.a, 21), touch.index), b: mix(mix(run.b, 22), touch.index)}
}

export type FindFunction = (name: string) => CompanyFunction | undefined

/** Duration in ms with two decimals: own work, or what its synchronous calls take if that is more. */
export function durationOf(run: Run, find: FindFunction, touch: Touch = run.touch): number {
  const definition = find(touch.step.in)
  const {outcome, ms} = touch.step
  if (outcome === 'timeout' && definition) return definition.timeoutSeconds * 1000
  const {a} = runKeys(run, touch)
  let duration = skewed(ms[0], ms[1], a)
  for (const child of touch.children) {
    if (child.via !== 'sync') continue
    const done = child.delayMs - touch.delayMs + durationOf(run, find, child)
    duration = Math.max(duration, done + 1 + 6 * draw(mix(a, 5)))
  }
  const limit = definition ? Math.min(longestRunMs, definition.timeoutSeconds * 1000 - 20) : longestRunMs
  return Math.round(Math.min(duration, limit) * 100) / 100
}
