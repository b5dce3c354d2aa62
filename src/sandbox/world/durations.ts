// How long a run takes.
import type {CompanyFunction} from './company.ts'
import type {Run, Touch} from './history.ts'
import {draw, mix, skewedBy} from './random.ts'
import {medianMs, workFromPast} from './work.ts'

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
  return touchDuration(run.a, find, run.touch, run.at)
}

/** The duration of what a request, known by its first key, does at a touch from a moment on. */
export function touchDuration(requestKey: number, find: FindFunction, touch: Touch, at: number): number {
  return durationsAt(touch, find)(requestKey, at)
}

/** Durations at a touch, in ms, by the first key of their requests and the moment of their START. */
type Durations = (requestKey: number, at: number) => number

type Prepared = {
  readonly durations: Durations
  /** what clients made of the functions that it follows from */
  readonly of: readonly (readonly [name: string, resized: CompanyFunction['resized']])[]
  /** when something about it changes, oldest first (epoch ms of a START) */
  readonly turns: readonly number[]
}

/** Made once for each touch: a month of metrics asks for millions of durations. */
const prepared = new WeakMap<Touch, Prepared>()

function preparedAt(touch: Touch, find: FindFunction): Prepared {
  let known = prepared.get(touch)
  if (known?.of.every(([name, resized]) => find(name)?.resized === resized) !== true) {
    known = prepare(touch, find)
    prepared.set(touch, known)
  }
  return known
}

/** @param find the functions of the world that the touch belongs to */
export function durationsAt(touch: Touch, find: FindFunction): Durations {
  return preparedAt(touch, find).durations
}

/** The pieces of [from, to) in which nothing about durations at a touch changes. */
export function steadyPieces(
  touch: Touch,
  find: FindFunction,
  from: number,
  to: number,
): readonly {readonly from: number; readonly to: number}[] {
  const turns = preparedAt(touch, find).turns.filter(turn => turn > from && turn < to)
  return [from, ...turns].map((start, i) => ({from: start, to: turns[i] ?? to}))
}

function prepare(touch: Touch, find: FindFunction): Prepared {
  const {decided} = touch
  if (decided) return {durations: () => decided.durationMs, of: [], turns: []}
  const definition = find(touch.step.in)
  const {outcome, ms} = touch.step
  const self = [touch.step.in, definition?.resized] as const
  if (outcome === 'timeout' && definition)
    return {durations: () => definition.timeoutSeconds * 1000, of: [self], turns: []}
  const own = skewedBy(ms[0], ms[1])
  const pace = paceOf(definition)
  const waitedFor = touch.children
    .filter(({via}) => via === 'sync')
    .map(child => ({afterMs: child.delayMs - touch.delayMs, ...preparedAt(child, find)}))
  const limit = definition ? Math.min(longestRunMs, definition.timeoutSeconds * 1000 - 20) : longestRunMs
  return {
    durations(requestKey, at) {
      const a = firstKey(requestKey, touch)
      let duration = own(a) * pace(at)
      for (const {afterMs, durations} of waitedFor)
        duration = Math.max(duration, afterMs + durations(requestKey, at + afterMs) + 1 + 6 * draw(mix(a, 5)))
      return Math.round(Math.min(duration, limit) * 100) / 100
    },
    of: [self, ...waitedFor.flatMap(({of}) => of)],
    turns: [
      ...(definition?.resized?.latest ?? []).map(({from}) => from),
      ...waitedFor.flatMap(({afterMs, turns}) => turns.map(turn => turn - afterMs)),
    ].sort((x, y) => x - y),
  }
}

/** How many times as long it takes at a moment as it did before a client gave it another memory size. */
function paceOf(definition: CompanyFunction | undefined): (at: number) => number {
  // versions that an alias serves keep what they were published with
  const sizes = definition?.releases ? [] : (definition?.resized?.latest ?? [])
  if (!definition || sizes.length === 0) return () => 1
  const work = definition.work ?? workFromPast('', 1, definition.memorySizeMB)
  const usual = medianMs(work, definition.memorySizeMB)
  const paces = sizes.map(({from, memorySizeMB}) => ({from, pace: medianMs(work, memorySizeMB) / usual}))
  return at => paces.findLast(({from}) => from <= at)?.pace ?? 1
}
