import {both, derived, isKnown, type Known, type Unknown} from '../../../known.ts'
import type {LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {MetricSeries} from '../metric-reader.ts'
import type {Span} from './cost-window.ts'
import type {FunctionUsage, SnapStartUsage} from './function-usage.ts'
import {meanMemoryMB} from './memory-history.ts'
import {type ProvisionedEnvironments, provisionedCharge} from './provisioned-charge.ts'
import type {InitSample} from './read-init.ts'
import {classOf, type StandingUsage} from './read-standing.ts'
import {type MeasuredUsage, sumIn} from './read-usage.ts'

/** All that was read of the functions of one region. */
export type RegionReading = {
  readonly functions: readonly FleetFunction[]
  readonly measured: MeasuredUsage
  readonly standing: ReadonlyMap<string, StandingUsage>
  /** empty where they could not be read: their class is then taken to be the standard one */
  readonly logGroups: ReadonlyMap<string, LogGroupFacts>
  /** why log groups could not be read; null where they could */
  readonly withoutClasses: Unknown | null
  /** of a sample; the function is given to be told why there is none */
  readonly initOf: (fn: FleetFunction) => Known<InitSample>
}

const none: Known<MetricSeries> = {value: {times: [], values: []}}
const noReady: Known<readonly ProvisionedEnvironments[]> = {value: []}
const noVersions: Known<number> = {value: 0}
const noInit: Known<number> = {value: 0}
const noSnapStart: Known<SnapStartUsage> = {value: {cachedVersions: 0, restores: 0}}
const uncounted: Unknown = {unknown: 'missing', detail: 'CloudWatch has no IncomingBytes of its log group'}
const notShared: Known<{readonly bytes: number; readonly logClass: 'STANDARD'}> = {
  value: {bytes: 0, logClass: 'STANDARD'},
}

export const spanMs = ({start, end}: Span): number => end - start

/** What a function used in one of the windows, by all that was read. */
export function usageIn(reading: RegionReading, fn: FleetFunction, span: Span, isShared: boolean): FunctionUsage {
  const {measured, standing, logGroups, initOf} = reading
  const series = measured.functions.get(fn.name)
  const total = (known: Known<MetricSeries> = none) => derived(known, found => sumIn(found, span))
  const {provisioned = noReady, cachedVersions = noVersions, memory = null} = standing.get(fn.name) ?? {}
  const calls = total(series?.calls)
  const durations = series?.durationMs ?? none
  const isCalled = !isKnown(calls) || calls.value > 0
  const sample = isCalled ? initOf(fn) : null
  const perCall = (pick: (sample: InitSample) => number): Known<number> =>
    sample === null
      ? {value: 0}
      : both(sample, calls, (found, count) => (found.reports > 0 ? (pick(found) / found.reports) * count : 0))
  const provisionedCalls = total(series?.provisionedCalls)
  const hasSnapshots = isKnown(cachedVersions) ? cachedVersions.value > 0 : true
  return {
    architecture: fn.architecture,
    memorySizeMB: isKnown(durations) ? meanMemoryMB(memory, durations.value, span, fn.memorySizeMB) : fn.memorySizeMB,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    windowMs: spanMs(span),
    calls,
    durationMs: total(series?.durationMs),
    provisionedCalls,
    provisionedCount: derived(provisioned, all => provisionedCharge(all, series?.provisionedCalls ?? none, span).count),
    initMs: isServedByProvisioned(calls, provisionedCalls) ? noInit : perCall(({initMs}) => initMs),
    snapStart: hasSnapshots
      ? both(
          cachedVersions,
          perCall(({restores}) => restores),
          (versions, restores) => ({
            cachedVersions: versions,
            restores,
          }),
        )
      : noSnapStart,
    logs: isShared
      ? notShared
      : derived(bytesIn(reading, fn.logGroup, span, isCalled), bytes => ({
          bytes,
          logClass: classOf(logGroups.get(fn.logGroup)),
        })),
  }
}

/** Whether no call ran on demand: reports still show inits then, of provisioned concurrency, and they are part of its price. */
const isServedByProvisioned = (calls: Known<number>, provisionedCalls: Known<number>): boolean =>
  isKnown(calls) && isKnown(provisionedCalls) && calls.value > 0 && provisionedCalls.value >= calls.value

/** Whoever is called writes reports, so bytes that were never counted are not none, but for a group that is not there. */
export function bytesIn(
  {measured, logGroups, withoutClasses}: RegionReading,
  logGroup: string,
  span: Span,
  isCalled: boolean,
): Known<number> {
  const bytes = measured.logBytes.get(logGroup) ?? none
  const isThere = withoutClasses !== null || logGroups.has(logGroup)
  if (isKnown(bytes) && bytes.value.times.length === 0 && isCalled && isThere) return uncounted
  return derived(bytes, series => sumIn(series, span))
}
