import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {MetricQuery, MetricSeries} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'
import {lambdaMetric, ofVersion} from './alias-metrics.ts'
import type {Watched} from './evidence.ts'
import {type ByMinute, type MinuteBook, minuteBook} from './minute-book.ts'
import {isFinalAt, type VersionMinutes} from './minute-counts.ts'
import {readWholeWindow} from './whole-window.ts'

/** What CloudWatch counts of a version, by the minute in which invocations began. */
export type VersionMetrics = {
  readonly calls: ByMinute
  readonly errors: ByMinute
  /** ms, over all of the shift */
  readonly p95Ms: number | null
}

export type MemberMetrics = {
  readonly canary: VersionMetrics
  readonly baseline: VersionMetrics
  /** invocations above the threshold; null where there is no threshold */
  readonly slow: Known<{readonly canary: VersionMinutes; readonly baseline: VersionMinutes}> | null
}

const minuteSeconds = 60
const minuteMs = 60_000

/** What is read of a version; all but the first two where there is a threshold of latency only. */
const perVersion = 4

function queriesOf(watched: Watched, countsSlow: boolean): readonly MetricQuery[] {
  const {slowMs} = watched
  return [watched.canary, watched.baseline].flatMap(version => {
    const dimensions = ofVersion(watched, version)
    return [
      lambdaMetric('Invocations', 'Sum', dimensions, minuteSeconds),
      lambdaMetric('Errors', 'Sum', dimensions, minuteSeconds),
      ...(countsSlow && slowMs !== null
        ? [
            lambdaMetric('Duration', 'SampleCount', dimensions, minuteSeconds),
            // the upper bound is counted with them (CloudWatch's statistics definitions)
            lambdaMetric('Duration', `TC(:${Number(slowMs.toFixed(3))})`, dimensions, minuteSeconds),
          ]
        : []),
    ]
  })
}

/** Reads the metrics of all members, again and again. */
export function versionMetrics(
  aws: Aws,
  watched: readonly Watched[],
  options: {readonly since: number; readonly finalAfterMs: number},
): {read(signal: AbortSignal): Promise<readonly Known<MemberMetrics>[]>} {
  const {since} = options
  let countsSlow = watched.some(({slowMs}) => slowMs !== null)
  const bookOf = (withSlow: boolean): MinuteBook =>
    minuteBook(
      aws,
      watched.flatMap(one => queriesOf(one, withSlow)),
      options,
    )
  let book = bookOf(countsSlow)
  let wasAnswered = false

  const readMinutes = async (signal: AbortSignal): Promise<readonly Known<ByMinute>[]> => {
    const answers = await book.read(signal)
    wasAnswered ||= answers.some(isKnown)
    // one statistic that is not known to who answers takes all other queries of its call with it
    if (wasAnswered || !countsSlow || !answers.every(isFailed)) return answers
    const plain = bookOf(false)
    const without = await plain.read(signal)
    if (!without.some(isKnown)) return answers
    book = plain
    countsSlow = false
    return without
  }

  return {
    async read(signal) {
      const now = aws.clock.now()
      const window = {start: since, end: Math.max(now, since + minuteMs)}
      const [minutes, p95s] = await Promise.all([
        readMinutes(signal),
        readWholeWindow(
          aws,
          watched.flatMap(one =>
            [one.canary, one.baseline].map(version => lambdaMetric('Duration', 'p95', ofVersion(one, version), 0)),
          ),
          window,
          signal,
        ),
      ])
      let from = 0
      return watched.map((one, at) => {
        const count = queriesOf(one, countsSlow).length
        const own = minutes.slice(from, from + count)
        from += count
        return memberOf(one, own, p95s.slice(2 * at, 2 * at + 2), now)
      })
    },
  }
}

const isFailed = (answer: Known<ByMinute>): boolean => !isKnown(answer) && answer.unknown === 'failed'

function memberOf(
  watched: Watched,
  minutes: readonly Known<ByMinute>[],
  [canaryP95, baselineP95]: readonly Known<MetricSeries>[],
  now: number,
): Known<MemberMetrics> {
  const half = minutes.length / 2
  const canary = versionOf(minutes.slice(0, half), canaryP95)
  const baseline = versionOf(minutes.slice(half), baselineP95)
  if (!isKnown(canary)) return canary
  if (!isKnown(baseline)) return baseline
  const slow =
    watched.slowMs === null
      ? null
      : half < perVersion
        ? notCounted
        : slowOf(watched, [minutes.slice(2, half), minutes.slice(half + 2)], now)
  return {value: {canary: canary.value, baseline: baseline.value, slow}}
}

function versionOf(
  [calls = interrupted, errors = interrupted]: readonly Known<ByMinute>[],
  p95: Known<MetricSeries> | undefined,
): Known<VersionMetrics> {
  if (!isKnown(calls)) return calls
  if (!isKnown(errors)) return errors
  const p95Ms = p95 && isKnown(p95) ? (p95.value.values.at(-1) ?? null) : null
  return {value: {calls: calls.value, errors: errors.value, p95Ms}}
}

const notCounted: Unknown = {
  unknown: 'failed',
  detail: 'CloudWatch does not count durations below a threshold (statistic TC)',
}

type Sides = readonly [readonly Known<ByMinute>[], readonly Known<ByMinute>[]]

function slowOf(watched: Watched, sides: Sides, now: number): NonNullable<MemberMetrics['slow']> {
  const read: {readonly samples: ByMinute; readonly fast: ByMinute}[] = []
  for (const [samples = interrupted, fast = interrupted] of sides) {
    if (!isKnown(samples)) return samples
    if (!isKnown(fast)) return fast
    read.push({samples: samples.value, fast: fast.value})
  }
  const isServed = read.every(({samples}) => samples.size === 0) || read.some(({fast}) => fast.size > 0)
  if (!isServed) return notCounted
  const [canary, baseline] = read.map(({samples, fast}) =>
    slowMinutes(samples, fast, minute => isFinalAt(minute, now, watched.timeoutSeconds)),
  )
  return canary && baseline ? {value: {canary, baseline}} : interrupted
}

/** Of all that took some time, those that were not fast; where none was, CloudWatch may have nothing to count. */
function slowMinutes(samples: ByMinute, fast: ByMinute, isFinal: (minute: number) => boolean): VersionMinutes {
  const untold = [...samples.keys()].filter(minute => !fast.has(minute) && !isFinal(minute))
  const bad = [...samples].map(([minute, count]) => [minute, Math.max(0, count - (fast.get(minute) ?? 0))] as const)
  return {calls: samples, bad: new Map(bad), untold: new Set(untold)}
}
