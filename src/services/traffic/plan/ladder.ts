import {wholeBasisPoints} from '../alias/alias-state.ts'
import type {LadderStep, LadderWish, Stage} from './shift-plan.ts'

/** How long all traffic is at the new version before the alias is moved for good, where nobody said and somebody watches. */
const bakeByDefaultMs = 5 * 60_000

type LadderOptions = {
  /** null: by the ladder */
  readonly bakeMs: number | null
  /** whether a gate or an alarm looks on: without either there is nothing that a bake could show */
  readonly isWatched: boolean
}

/**
 * The weights of a ladder in order, strictly rising. All but that of `weight` end with all traffic, while the alias still has the old
 * version as its main one; none at all where the alias is moved for good at once.
 */
export function ladderSteps(wish: LadderWish, {bakeMs, isWatched}: LadderOptions): readonly LadderStep[] {
  if (wish.kind === 'weight') return [{basisPoints: wish.basisPoints, minMs: 0}]
  const baked = bakeMs ?? (isWatched ? Math.min(bakeByDefaultMs, everyMsOf(wish)) : 0)
  const below = weightsBelowAll(wish).map(basisPoints => ({basisPoints, minMs: everyMsOf(wish)}))
  return below.length === 0 && baked === 0 ? [] : [...below, {basisPoints: wholeBasisPoints, minMs: baked}]
}

const everyMsOf = (wish: LadderWish): number =>
  wish.kind === 'canary' || wish.kind === 'linear' ? wish.everyMs : Number.POSITIVE_INFINITY

function weightsBelowAll(wish: LadderWish): readonly number[] {
  if (wish.kind === 'canary') return [wish.basisPoints].filter(isBelowAll)
  if (wish.kind !== 'linear') return []
  const {by} = wish
  if ('basisPoints' in by)
    return Array.from({length: Math.ceil(wholeBasisPoints / by.basisPoints) - 1}, (_, i) => (i + 1) * by.basisPoints)
  // no step is less than a basis point, so that the weights rise with each
  const steps = Math.min(by.steps, wholeBasisPoints)
  return Array.from({length: steps - 1}, (_, i) => Math.floor(((i + 1) * wholeBasisPoints) / steps))
}

const isBelowAll = (basisPoints: number): boolean => basisPoints < wholeBasisPoints

/**
 * What comes after what: each wave goes up the whole ladder before the next begins. A wave that is under way goes on from where it is:
 * it is watched at the weight that it has, whether or not the ladder has that, before it goes up.
 * @param atOf basis points that the new version of a function has already
 */
export function stagesOf(
  waves: readonly (readonly string[])[],
  steps: readonly LadderStep[],
  atOf: (functionName: string) => number,
): readonly Stage[] {
  return waves.flatMap(wave => {
    const at = Math.min(...wave.map(atOf))
    return stepsFrom(at, steps).map(step => ({...step, wave}))
  })
}

/** Between two weights the one that is there comes first, kept as long as the one below; a last weight below it is gone down to. */
function stepsFrom(at: number, steps: readonly LadderStep[]): readonly LadderStep[] {
  const left = steps.filter(({basisPoints}, i) => basisPoints >= at || i === steps.length - 1)
  const below = steps.findLast(({basisPoints}) => basisPoints < at)
  const isBetween = below !== undefined && (left[0]?.basisPoints ?? 0) > at
  return isBetween ? [{basisPoints: at, minMs: below.minMs}, ...left] : left
}

/** The least time that stages take, in ms. */
export const leastMsOf = (stages: readonly Stage[]): number => stages.reduce((sum, {minMs}) => sum + minMs, 0)
