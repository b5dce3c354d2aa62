// How long a run takes.
import type {CompanyFunction} from './company.ts'
import type {Run, Touch} from './history.ts'
import {draw, mix, skewedBy} from './random.ts'

/**
 * No run lasts longer, so a run that starts in one minute is over before the next but one begins. The streams (environments.ts)
 * and the look-back of readers rest on it.
 */
export const longestRunMs = 55_000

/** The identity of one run as two keys. */
export function runKeys(run: Run, touch: Touch = run.touch): {readonly a: number; readonly b: number} {
  return {a: firstKey(run.a, touch), b: mix(mix(run.b, 22), touch.index)}
}

const firstKey = (a: number, touch: Touch) => mix(mix(a, 21), touch.index)

export type FindFunction = (name: string) => CompanyFunction | undefined

/** Duration in ms with two decimals: own work, or what its synchronous calls take if that is more. */
export function durationOf(run: Run, find: FindFunction): number {
  return touchDuration(run.a, find, run.touch)
}

/** The duration of what a request, known by its first key, does at a touch. */
export function touchDuration(requestKey: number, find: FindFunction, touch: Touch): number {
  return durationsAt(touch, find)(requestKey)
}

/** Made once for each touch: a month of metrics asks for millions of durations. */
const prepared = new WeakMap<Touch, (requestKey: number) => number>()

/**
 * Durations at a touch, in ms, by the first key of their requests.
 * @param find the functions of the world that the touch belongs to
 */
export function durationsAt(touch: Touch, find: FindFunction): (requestKey: number) => number {
  let known = prepared.get(touch)
  if (!known) {
    known = prepare(touch, find)
    prepared.set(touch, known)
  }
  return known
}

function prepare(touch: Touch, find: FindFunction): (requestKey: number) => number {
  const definition = find(touch.step.in)
  const {outcome, ms} = touch.step
  if (outcome === 'timeout' && definition) return () => definition.timeoutSeconds * 1000
  const own = skewedBy(ms[0], ms[1])
  const waitedFor = touch.children
    .filter(({via}) => via === 'sync')
    .map(child => ({afterMs: child.delayMs - touch.delayMs, durations: durationsAt(child, find)}))
  const limit = definition ? Math.min(longestRunMs, definition.timeoutSeconds * 1000 - 20) : longestRunMs
  return requestKey => {
    const a = firstKey(requestKey, touch)
    let duration = own(a)
    for (const {afterMs, durations} of waitedFor)
      duration = Math.max(duration, afterMs + durations(requestKey) + 1 + 6 * draw(mix(a, 5)))
    return Math.round(Math.min(duration, limit) * 100) / 100
  }
}
