import {studentUpperQuantile} from './student-t.ts'

/** A row that is shorter says nothing by itself, */
const fewest = 10
/** and one that is shorter still does not lean to either side. */
const fewestLeaning = 4
/** Of runs without a trend, by which one is seen all the same: in all rows together, and in any one of them. */
const byChance = 0.003
/** One-sided, 5 %: what a row has to show by itself where all of them together go up, or down. */
const leaning = 1.645

/**
 * Which rows of values, in the order of time, go up or down all along: each by itself, or all together, as where a run got
 * slower as a whole.
 */
export function driftingOf(rows: readonly (readonly number[])[]): readonly boolean[] {
  const trends = rows.map(ranked)
  const long = trends.filter(({n}) => n >= fewest).length
  const z = ({ups, variance}: Ranked): number => upsToZ(ups, variance)
  const all = upsToZ(
    trends.reduce((sum, {ups}) => sum + ups, 0),
    trends.reduce((sum, {variance}) => sum + variance, 0),
  )
  const own = normalQuantile(byChance / 2 / Math.max(1, long))
  const isTogether = Math.abs(all) > normalQuantile(byChance / 2)
  return trends.map(trend => {
    const leans = trend.n >= fewestLeaning && Math.sign(all) * z(trend) > leaning
    return (isTogether && leans) || (trend.n >= fewest && Math.abs(z(trend)) > own)
  })
}

/** How much values go up all along, or below 0 down, in standard deviations of rows without a trend (Mann and Kendall's test). */
export function trendOf(values: readonly number[]): number {
  const {ups, variance} = ranked(values)
  return upsToZ(ups, variance)
}

type Ranked = {readonly n: number; readonly ups: number; readonly variance: number}

function ranked(values: readonly number[]): Ranked {
  const n = values.length
  let ups = 0
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) ups += Math.sign((values[i] ?? 0) - (values[j] ?? 0))
  return {n, ups, variance: (n * (n - 1) * (2 * n + 5)) / 18}
}

/** One pair less, for the sum takes only every other number. */
const upsToZ = (ups: number, variance: number): number =>
  (Math.sign(ups) * Math.max(0, Math.abs(ups) - 1)) / Math.sqrt(variance || 1)

const normalQuantile = (share: number): number => studentUpperQuantile(share, 1e6)
