// CloudWatch's statistics, by their names, and the tallies they are made of.

/** What was reported of a metric in a period. */
export type Tally = {
  samples: number
  sum: number
  minimum: number
  maximum: number
  /** each value with how often it was reported, where a statistic needs them */
  readonly values: {readonly value: number; readonly times: number}[] | null
}

export function emptyTally(keepsValues: boolean): Tally {
  return {
    samples: 0,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
    values: keepsValues ? [] : null,
  }
}

export function report(tally: Tally, value: number, times = 1): void {
  if (times <= 0) return
  tally.samples += times
  tally.sum += value * times
  if (value < tally.minimum) tally.minimum = value
  if (value > tally.maximum) tally.maximum = value
  tally.values?.push({value, times})
}

/** Reports all of a tally once more, or so many times. */
export function reportAll(into: Tally, of: Tally, times: number): void {
  into.samples += of.samples * times
  into.sum += of.sum * times
  into.minimum = Math.min(into.minimum, of.minimum)
  into.maximum = Math.max(into.maximum, of.maximum)
  for (const each of of.values ?? []) into.values?.push({value: each.value, times: each.times * times})
}

/** A bound of a range: a value, or a share of all values in percent. */
type Bound = {readonly value: number} | {readonly percent: number}

type Range = {readonly low: Bound; readonly high: Bound}

export type Statistic =
  | {readonly of: 'Sum' | 'SampleCount' | 'Average' | 'Minimum' | 'Maximum'}
  | {readonly of: 'percentile'; readonly percent: number}
  /** trimmed count, mean and sum, winsorised mean, percentile rank */
  | ({readonly of: 'TC' | 'TM' | 'TS' | 'WM' | 'PR'} & Range)

const simple = new Map<string, Statistic>(
  (['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'] as const).map(of => [of, {of}]),
)

/** The statistic of a name as CloudWatch spells it: `Sum`, `p99.9`, `tm99`, `TC(100:300)`, `PR(:300)`; undefined for what is none. */
export function parseStatistic(text: string): Statistic | undefined {
  const known = simple.get(text)
  if (known) return known
  const short = /^(p|tc|tm|ts|wm)(\d{1,3}(?:\.\d{1,10})?)$/.exec(text)
  if (short) {
    const percent = Number(short[2])
    if (percent > 100) return undefined
    if (short[1] === 'p') return {of: 'percentile', percent}
    return {of: upper(short[1] ?? ''), low: {percent: 0}, high: {percent}}
  }
  if (text === 'IQM') return {of: 'TM', low: {percent: 25}, high: {percent: 75}}
  const long = /^(TC|TM|TS|WM|PR)\(([\d.]+%?)?:([\d.]+%?)?\)$/.exec(text)
  if (!long || (long[2] === undefined && long[3] === undefined)) return undefined
  const [low, high] = [bound(long[2], Number.NEGATIVE_INFINITY), bound(long[3], Number.POSITIVE_INFINITY)]
  const isRank = long[1] === 'PR' && ('percent' in low || 'percent' in high)
  return low && high && !isRank ? {of: upper(long[1] ?? ''), low, high} : undefined
}

const upper = (name: string) => name.toUpperCase() as 'TC' | 'TM' | 'TS' | 'WM' | 'PR'

function bound(text: string | undefined, otherwise: number): Bound {
  if (text === undefined) return {value: otherwise}
  return text.endsWith('%') ? {percent: Number(text.slice(0, -1))} : {value: Number(text)}
}

export function needsValues({of}: Statistic): boolean {
  return !simple.has(of)
}

/** The statistic of a tally that has something. */
export function statisticOf(tally: Tally, statistic: Statistic): number {
  switch (statistic.of) {
    case 'Sum':
      return tally.sum
    case 'SampleCount':
      return tally.samples
    case 'Average':
      return tally.sum / tally.samples
    case 'Minimum':
      return tally.minimum
    case 'Maximum':
      return tally.maximum
    case 'percentile':
      return valueAt(sorted(tally), (statistic.percent / 100) * tally.samples)
    default:
      return statisticOfRange(tally, statistic)
  }
}

type Values = NonNullable<Tally['values']>

const sorted = ({values}: Tally): Values => (values ?? []).toSorted((x, y) => x.value - y.value)

/** The value below which there are so many; the first that reaches it. */
function valueAt(values: Values, rank: number): number {
  let below = 0
  for (const {value, times} of values) {
    below += times
    if (below >= rank - 1e-9) return value
  }
  return values.at(-1)?.value ?? 0
}

/** Values above `low` up to and with `high`; by percent, the part of all values that lies between the two ranks. */
function statisticOfRange(
  tally: Tally,
  {of, low, high}: {readonly of: 'TC' | 'TM' | 'TS' | 'WM' | 'PR'} & Range,
): number {
  const values = sorted(tally)
  const from = rankOf(values, low, tally.samples)
  const to = rankOf(values, high, tally.samples)
  let below = 0
  let count = 0
  let sum = 0
  for (const {value, times} of values) {
    const inside = Math.max(0, Math.min(to, below + times) - Math.max(from, below))
    below += times
    count += inside
    sum += inside * value
  }
  switch (of) {
    case 'TC':
      return count
    case 'TS':
      return sum
    case 'TM':
      return count === 0 ? 0 : sum / count
    case 'PR':
      return (100 * count) / tally.samples
    case 'WM':
      return (sum + from * valueAt(values, from) + (tally.samples - to) * valueAt(values, to)) / tally.samples
  }
}

/** How many values are not above a bound. */
function rankOf(values: Values, bound: Bound, samples: number): number {
  if ('percent' in bound) return (bound.percent / 100) * samples
  let rank = 0
  for (const {value, times} of values) if (value <= bound.value) rank += times
  return rank
}
