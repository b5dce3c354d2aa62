import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {type MetricSeries, readMetricsOrWhyNot, sumOf} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'
import {type AliasRef, aliasName} from '../alias/alias-state.ts'
import {lambdaMetric, ofAlias, ofVersion} from './alias-metrics.ts'
import type {VersionFigures} from './evidence.ts'
import {percentileOver, readWholeWindow} from './whole-window.ts'

/** What served before: for the list of candidates of a rollback, and in `releases`. */
export type ServedVersion = VersionFigures & {
  readonly version: string
  /** epoch ms of its first and last invocation by this alias; null where nobody knows */
  readonly firstAt: number | null
  readonly lastAt: number | null
}

type Window = {readonly start: number; readonly end: number}
type Ref = AliasRef & {readonly versions: readonly string[]}

const hourSeconds = 3_600
const hourMs = 3_600_000
/** of each alias so many versions are told to the minute: what serves, and what served before */
const toldToTheMinute = 2
/** hours are read by the minute one by one: of many aliases those that are newest */
const mostHours = 24

/**
 * Which versions ran behind aliases, by `{FunctionName, Resource, ExecutedVersion}`, newest last run first: those that were
 * invoked in the window. First and last run are the starts of their minutes, of versions beyond the two that ran last those
 * of their hours. A first run is null where it may have been before the window.
 * @param window epoch ms
 * @returns by the index of the ref; unknown where AWS would not say, or does not report ExecutedVersion
 * @throws the signal's reason on abort
 */
export async function readServedVersions(
  aws: Aws,
  refs: readonly Ref[],
  window: Window,
  signal: AbortSignal,
): Promise<readonly Known<readonly ServedVersion[]>[]> {
  const seen = await readHours(aws, refs, window, signal)
  const all = seen.flatMap(known => (isKnown(known) ? known.value : []))
  const [figures] = await Promise.all([readFigures(aws, all, window, signal), tellMinutes(aws, all, signal)])
  return seen.map(known => {
    if (!isKnown(known)) return known
    const served: ServedVersion[] = []
    for (const one of known.value) {
      const its = figures.get(one) ?? interrupted
      if (!isKnown(its)) return its
      const {version, firstAt, lastAt} = one
      if (its.value.calls > 0) served.push({version, ...its.value, firstAt, lastAt})
    }
    return {value: served.sort((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))}
  })
}

/** A version that ran in some hour. */
type Seen = {
  readonly ref: Ref
  readonly version: string
  /** epoch ms; of the hour, until the minute is told */
  firstAt: number | null
  lastAt: number
  /** whether it may be one of the two of its alias that ran last */
  readonly isRecent: boolean
}

/** Which of the versions ran at all, by the hour. */
async function readHours(
  aws: Aws,
  refs: readonly Ref[],
  window: Window,
  signal: AbortSignal,
): Promise<readonly Known<readonly Seen[]>[]> {
  const asked = refs.map(ref => [
    lambdaMetric('Invocations', 'Sum', ofAlias(ref), hourSeconds),
    ...ref.versions.map(version => lambdaMetric('Invocations', 'Sum', ofVersion(ref, version), hourSeconds)),
  ])
  const answers = await readMetricsOrWhyNot(aws, asked.flat(), window, signal)
  signal.throwIfAborted()
  let from = 0
  return refs.map((ref, at) => {
    const own = answers.slice(from, from + (asked[at]?.length ?? 0))
    from += own.length
    return seenOf(ref, own, window)
  })
}

function seenOf(
  ref: Ref,
  [byAlias = interrupted, ...byVersion]: readonly Known<MetricSeries>[],
  window: Window,
): Known<readonly Seen[]> {
  if (!isKnown(byAlias)) return byAlias
  const seen: Omit<Seen, 'isRecent'>[] = []
  for (const [at, series] of byVersion.entries()) {
    // what nobody knows of one may be that it ran last
    if (!isKnown(series)) return series
    const hours = series.value.times.filter((_, hour) => (series.value.values[hour] ?? 0) > 0)
    const [first, last] = [hours[0], hours.at(-1)]
    const version = ref.versions[at]
    if (first === undefined || last === undefined || version === undefined) continue
    seen.push({ref, version, firstAt: first <= window.start ? null : first, lastAt: last})
  }
  const calls = sumOf(byAlias.value)
  if (seen.length === 0 && calls > 0) return notByVersion(ref, calls)
  seen.sort((a, b) => b.lastAt - a.lastAt)
  const recently = seen[toldToTheMinute - 1]?.lastAt ?? 0
  return {value: seen.map(one => ({...one, isRecent: one.lastAt >= recently}))}
}

const notByVersion = ({versions, ...ref}: Ref, calls: number): Known<never> => ({
  unknown: 'missing',
  detail: `CloudWatch counts ${calls.toLocaleString('en')} ${calls === 1 ? 'invocation' : 'invocations'} of ${aliasName(ref)} and names none of ${versions.length === 1 ? 'its version' : `${versions.length} versions`} with them`,
})

/** Tells first and last run of the two versions that ran last to the minute, hour by hour: most have their last one in common. */
async function tellMinutes(aws: Aws, all: readonly Seen[], signal: AbortSignal): Promise<void> {
  const looks = all
    .filter(({isRecent}) => isRecent)
    .flatMap(one => [
      {one, hour: one.lastAt, isLast: true},
      ...(one.firstAt === null ? [] : [{one, hour: one.firstAt, isLast: false}]),
    ])
  const hours = [...Map.groupBy(looks, ({hour}) => hour)].sort(([a], [b]) => b - a).slice(0, mostHours)
  await Promise.all(
    hours.map(async ([hour, ofHour]) => {
      const queries = ofHour.map(({one}) => lambdaMetric('Invocations', 'Sum', ofVersion(one.ref, one.version), 60))
      const window = {start: hour, end: Math.max(hour + 1, Math.min(hour + hourMs, aws.clock.now()))}
      const answers = await readMetricsOrWhyNot(aws, queries, window, signal)
      for (const [at, {one, isLast}] of ofHour.entries()) {
        const series = answers[at]
        if (series === undefined || !isKnown(series)) continue
        const minutes = series.value.times.filter((_, minute) => (series.value.values[minute] ?? 0) > 0)
        if (isLast) one.lastAt = minutes.at(-1) ?? one.lastAt
        else one.firstAt = minutes[0] ?? one.firstAt
      }
    }),
  )
  signal.throwIfAborted()
}

/** What those that ran did over the window as a whole. */
async function readFigures(
  aws: Aws,
  all: readonly Seen[],
  window: Window,
  signal: AbortSignal,
): Promise<ReadonlyMap<Seen, Known<VersionFigures>>> {
  const asked = all.map(({ref, version}) => [
    lambdaMetric('Invocations', 'Sum', ofVersion(ref, version), 0),
    lambdaMetric('Errors', 'Sum', ofVersion(ref, version), 0),
    lambdaMetric('Duration', 'p95', ofVersion(ref, version), 0),
  ])
  const answers = await readWholeWindow(aws, asked.flat(), window, signal)
  return new Map(all.map((one, at) => [one, figuresOf(answers.slice(3 * at, 3 * at + 3))]))
}

function figuresOf([
  calls = interrupted,
  errors = interrupted,
  p95,
]: readonly Known<MetricSeries>[]): Known<VersionFigures> {
  if (!isKnown(calls)) return calls
  if (!isKnown(errors)) return errors
  const p95Ms = percentileOver(p95, calls.value)
  return {value: {calls: Math.round(sumOf(calls.value)), errors: Math.round(sumOf(errors.value)), p95Ms}}
}
