/** A logarithmic axis of durations, from 0 at its left to 1 at its right. */
export type InitAxis = {
  /** where a duration is; what is beyond an end is at it */
  at(ms: number): number
  readonly leastMs: number
  readonly mostMs: number
  readonly ticks: readonly {readonly ms: number; readonly label: string}[]
}

/** shorter is no init that anybody measured */
const leastOfAll = 5
const ticksAtMost = 9

/** An axis that holds all these durations, from and to a round number; at least a decade, so that little differences look little. */
export function initAxis(durations: readonly number[]): InitAxis {
  const some = durations.filter(ms => Number.isFinite(ms) && ms > 0)
  const least = some.reduce((a, b) => Math.min(a, b), some.length > 0 ? Number.POSITIVE_INFINITY : 100)
  const most = some.reduce((a, b) => Math.max(a, b), some.length > 0 ? 0 : 1_000)
  const leastMs = roundBelow(Math.max(leastOfAll, least))
  const mostMs = roundAbove(Math.max(most, leastMs * 10))
  const span = Math.log(mostMs / leastMs)
  const rounds = roundsBetween(leastMs, mostMs)
  const ticks = rounds.length > ticksAtMost ? rounds.filter(isPowerOfTen) : rounds
  return {
    at: ms => Math.min(1, Math.max(0, Math.log(Math.max(ms, leastOfAll / 10) / leastMs) / span)),
    leastMs,
    mostMs,
    // the unit once: labels stand close to each other
    ticks: ticks.map((ms, i) => ({ms, label: ms >= 1_000 ? `${ms / 1_000} s` : i === 0 ? `${ms} ms` : String(ms)})),
  }
}

const steps = [1, 2, 5, 10] as const

function roundBelow(ms: number): number {
  const decade = 10 ** Math.floor(Math.log10(ms))
  return decade * (steps.findLast(step => step * decade <= ms) ?? 1)
}

function roundAbove(ms: number): number {
  const decade = 10 ** Math.floor(Math.log10(ms))
  return decade * (steps.find(step => step * decade >= ms) ?? 10)
}

function roundsBetween(leastMs: number, mostMs: number): readonly number[] {
  const rounds: number[] = []
  for (let ms = leastMs; ms <= mostMs; ms = roundAbove(ms * 1.5)) rounds.push(ms)
  return rounds
}

const isPowerOfTen = (ms: number): boolean => Number.isInteger(Math.log10(ms))
