import type {Candidate} from '../../../../src/services/tuning/candidate.ts'
import type {Sample} from '../../../../src/services/tuning/sample.ts'
import {seededRandom} from '../../../../src/services/tuning/statistics/seeded-random.ts'
import {durationAt, type Profile} from './profiles.ts'

/** In so many of 100 invocations a neighbour on the host, or the network, takes so many times as long. */
const outlierShare = 0.03
const outlierFactor = 3
/** What a cold invocation adds to a warm one. */
export const initMs = 250

/** What else is the matter with a world, or is not. */
export type World = {
  /** of invocations that take three times as long */
  readonly outliers: number
  /** what each takes times as long by anything else; `at` counts the invocations of the run, from 0 */
  readonly times: (at: number, random: () => number, cv: number) => number
}
export const usualWorld: World = {outliers: outlierShare, times: () => 1}

/** Invocations of a function with a profile: lognormal, 3 % of them three times as long, the first of each size cold. */
export function invoker(
  profile: Profile,
  cv: number,
  seed: number,
  {outliers, times}: World = usualWorld,
): (candidate: Candidate) => Sample {
  const random = seededRandom(seed)
  const sigma = Math.sqrt(Math.log1p(cv * cv))
  const made = new Map<number, number>()
  let index = 0
  return candidate => {
    const before = made.get(candidate.memorySizeMB) ?? 0
    made.set(candidate.memorySizeMB, before + 1)
    const outlier = random() < outliers ? outlierFactor : 1
    const noise = Math.exp(sigma * normal(random)) * outlier * times(index, random, cv)
    index++
    const durationMs = Math.max(0.01, Math.round(100 * durationAt(profile, candidate.memorySizeMB) * noise) / 100)
    const init = before === 0 ? initMs : null
    return {
      ...candidate,
      index,
      at: index * 1000,
      requestId: String(index),
      payload: 0,
      outcome: 'ok',
      errorType: null,
      durationMs,
      billedMs: Math.ceil(durationMs + (init ?? 0)),
      initMs: init,
      restoreMs: null,
      maxMemoryUsedMB: null,
      isCold: before === 0,
      measuredBy: 'tail',
    }
  }
}

/** Box and Muller's. */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The standard normal's quantiles at the middles of so many equal shares. */
const middles = 400
const normals: readonly number[] = quantiles()

/** The mean billed duration of warm invocations in ms, whole milliseconds and outliers included. */
export function meanBilledMs(profile: Profile, cv: number, memorySizeMB: number): number {
  const sigma = Math.sqrt(Math.log1p(cv * cv))
  const median = durationAt(profile, memorySizeMB)
  let sum = 0
  for (const z of normals) {
    const ms = median * Math.exp(sigma * z)
    sum += (1 - outlierShare) * Math.ceil(ms) + outlierShare * Math.ceil(ms * outlierFactor)
  }
  return sum / normals.length
}

/** By summing the density up in fine steps. */
function quantiles(): readonly number[] {
  const step = 0.0005
  const found: number[] = []
  let below = 0
  for (let z = -5; z < 5 && found.length < middles; z += step) {
    below += (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * step
    if (below >= (found.length + 0.5) / middles) found.push(z)
  }
  return found
}
