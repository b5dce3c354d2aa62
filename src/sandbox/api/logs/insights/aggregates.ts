import {finite} from './functions.ts'
import {compareNaturally, numberOf, textOf, type Value} from './values.ts'

/** What is kept of the rows of one group while they pass. */
export type Aggregate = {
  /** @param time epoch ms of the row, where it has one */
  add(given: readonly Value[], time: number | undefined): void
  result(): Value
}

/** The aggregations of `stats` by name in lower case; `count()` has no argument, pct the percentage as its second. */
const aggregates: Readonly<Record<string, () => Aggregate>> = {
  count: () => {
    let count = 0
    return {
      add: given => {
        if (given.length === 0 || given[0] !== undefined) count++
      },
      result: () => String(count),
    }
  },
  count_distinct: () => {
    const seen = new Set<string>()
    return {
      add: ([value]) => {
        if (value !== undefined) seen.add(textOf(value))
      },
      result: () => String(seen.size),
    }
  },
  sum: () => ofNumbers(({sum}) => sum),
  avg: () => ofNumbers(({sum, count}) => sum / count),
  stddev: () => ofNumbers(({count, squares}) => Math.sqrt(squares / count)),
  min: () => kept((value, best) => compareNaturally(value, best) < 0),
  max: () => kept((value, best) => compareNaturally(value, best) > 0),
  sortsfirst: () => kept((value, best) => compareNaturally(value, best) < 0),
  sortslast: () => kept((value, best) => compareNaturally(value, best) > 0),
  earliest: () => kept((_value, _best, time, bestTime) => time < bestTime),
  latest: () => kept((_value, _best, time, bestTime) => time > bestTime),
  median: () => ofSorted(sorted => at(sorted, 50)),
  pct: () => ofSorted(at),
  percentile: () => ofSorted(at),
}

export const isAggregate = (name: string): boolean => Object.hasOwn(aggregates, name)

/** @throws Error for a name that {@link isAggregate} does not know */
export function createAggregate(name: string): Aggregate {
  const create = aggregates[name]
  if (!create) throw new Error(`no aggregation is called ${name}`)
  return create()
}

type Moments = {count: number; sum: number; mean: number; squares: number}

// Welford's way: the mean and the squared distances from it, without adding up huge squares.
function ofNumbers(result: (moments: Moments) => number): Aggregate {
  const moments: Moments = {count: 0, sum: 0, mean: 0, squares: 0}
  return {
    add: ([value]) => {
      const number = numberOf(value)
      if (number === undefined) return
      const distance = number - moments.mean
      moments.count++
      moments.sum += number
      moments.mean += distance / moments.count
      moments.squares += distance * (number - moments.mean)
    },
    result: () => (moments.count === 0 ? undefined : finite(result(moments))),
  }
}

function kept(isBetter: (value: Value, best: Value, time: number, bestTime: number) => boolean): Aggregate {
  let best: Value
  let bestTime = Number.NaN
  return {
    add: ([value], time = Number.NaN) => {
      if (value === undefined || (best !== undefined && !isBetter(value, best, time, bestTime))) return
      best = value
      bestTime = time
    },
    result: () => best,
  }
}

function ofSorted(result: (sorted: Float64Array, percentage: number) => number): Aggregate {
  const numbers: number[] = []
  let percentage = 50
  return {
    add: ([value, asked]) => {
      const number = numberOf(value)
      percentage = numberOf(asked) ?? percentage
      if (number !== undefined) numbers.push(number)
    },
    result: () => (numbers.length === 0 ? undefined : finite(result(Float64Array.from(numbers).sort(), percentage))),
  }
}

/** Between the two nearest ranks, in proportion. */
function at(sorted: Float64Array, percentage: number): number {
  const rank = (Math.min(100, Math.max(0, percentage)) / 100) * (sorted.length - 1)
  const [below = 0, above = 0] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]]
  return below + (above - below) * (rank - Math.floor(rank))
}
