import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {MetricQueries, MetricQuery, MetricSeries} from '../metric-reader.ts'
import type {CostWindow, Span} from './cost-window.ts'
import {initSample} from './read-init.ts'

/** What metrics say of one function, over both windows. */
type MeasuredFunction = {
  readonly calls: Known<MetricSeries>
  readonly durationMs: Known<MetricSeries>
  readonly provisionedCalls: Known<MetricSeries>
}

/** What metrics say of the functions of one region. */
export type MeasuredUsage = {
  /** by function name; what it was told by may be let go of */
  readonly functions: Map<string, MeasuredFunction>
  /** bytes that log groups took, by name */
  readonly logBytes: ReadonlyMap<string, Known<MetricSeries>>
}

export type MeasureOptions = {
  readonly window: CostWindow
  /** reduceMetrics, with what it is kept in */
  readonly read: <T>(
    queries: MetricQueries,
    reduce: (known: Known<MetricSeries>) => T,
    window: Span,
    onProgress: (read: number) => void,
  ) => Promise<readonly T[]>
  /** why a read that threw gave nothing */
  readonly whyUnknown: (error: unknown) => Unknown
  readonly onProgress?: (read: number) => void
}

/** there may be 300,000 of it */
const nothing: {readonly value: MetricSeries} = {value: {times: [], values: []}}
/** of a function that was called: Duration, ProvisionedConcurrencyInvocations, and its log group's IncomingBytes */
export const metricsWhereCalled = 3

/**
 * Reads what functions of one region used. First how often each was called; the rest only of those that were, and of those of
 * which that is not known.
 * @throws UserError where nothing could be read
 */
export async function measureUsage(
  functions: readonly FleetFunction[],
  {window, read, whyUnknown, onProgress}: MeasureOptions,
): Promise<MeasuredUsage> {
  const {now, before, periodSeconds} = window
  const span = {start: (before ?? now).start, end: now.end}
  const ofFunction = (metricName: string, {name}: FleetFunction): MetricQuery => ({
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: {FunctionName: name},
    statistic: 'Sum',
    periodSeconds,
  })
  const grids = gridsOf(window)
  let done = 0
  const readAll = async <T>(
    of: readonly T[],
    query: (one: T) => MetricQuery,
    grid: Grid,
  ): Promise<readonly Known<MetricSeries>[]> => {
    const queries = {
      length: of.length,
      at(place: number) {
        const one = of[place]
        return one && query(one)
      },
    }
    const answers = await read(
      queries,
      known => (isKnown(known) ? inParts(known.value, grid) : known),
      span,
      count => onProgress?.(done + count),
    ).catch((error: unknown) => {
      // without the first there is nothing to be said; later ones are gaps
      if (done === 0) throw error
      const why = whyUnknown(error)
      return of.map(() => why)
    })
    done += of.length
    return answers
  }
  const calls = await readAll(functions, fn => ofFunction('Invocations', fn), grids.calls)
  const called = functions.filter((_, i) => wasCalled(calls[i]))
  const groups = [...new Set(called.map(({logGroup}) => logGroup))]
  const durations = await readAll(called, fn => ofFunction('Duration', fn), grids.durations)
  const provisioned = await readAll(called, fn => ofFunction('ProvisionedConcurrencyInvocations', fn), grids.calls)
  const bytes = await readAll(
    groups,
    LogGroupName => ({
      namespace: 'AWS/Logs',
      metricName: 'IncomingBytes',
      dimensions: {LogGroupName},
      statistic: 'Sum',
      periodSeconds,
    }),
    grids.sums,
  )
  const measured = new Map(
    functions.map((fn, i): [string, MeasuredFunction] => [
      fn.name,
      {calls: calls[i] ?? nothing, durationMs: nothing, provisionedCalls: nothing},
    ]),
  )
  called.forEach(({name}, i) => {
    const {calls = nothing} = measured.get(name) ?? {}
    measured.set(name, {calls, durationMs: durations[i] ?? nothing, provisionedCalls: provisioned[i] ?? nothing})
  })
  return {
    functions: measured,
    logBytes: new Map(groups.map((group, i) => [group, bytes[i] ?? nothing])),
  }
}

/** Where the parts begin that series are held as, oldest first; one for all series of a metric. */
type Grid = {readonly starts: readonly number[]; readonly end: number}

/** As fine as each metric is told by: trends, and since when environments are kept ready, by the parts of the window; inits by its last day, all else by its sum. */
function gridsOf({now, before, partMs}: CostWindow): Readonly<Record<'calls' | 'durations' | 'sums', Grid>> {
  const parts = ({start, end}: Span): readonly number[] =>
    Array.from({length: Math.ceil((end - start) / partMs)}, (_, i) => start + i * partMs)
  const {start: sampled} = initSample(now)
  const grid = (starts: readonly number[]): Grid => ({
    starts: [...new Set([...starts, sampled])].sort((a, b) => a - b),
    end: now.end,
  })
  const was = before === null ? [] : [before.start]
  return {
    calls: grid([...was, ...parts(now)]),
    // what memory a function had in the window before is told by its parts too
    durations: grid([...(before === null ? [] : parts(before)), ...parts(now)]),
    sums: grid([...was, now.start]),
  }
}

/** A series as sums of a grid's parts: there may be 300,000 of them. One that never reported stays empty. */
function inParts({times, values}: MetricSeries, {starts, end}: Grid): Known<MetricSeries> {
  if (times.length === 0) return nothing
  const sums = starts.map(() => 0)
  let part = 0
  times.forEach((time, i) => {
    while (time >= (starts[part + 1] ?? Number.POSITIVE_INFINITY)) part++
    if (time >= (starts[part] ?? end) && time < end) sums[part] = (sums[part] ?? 0) + (values[i] ?? 0)
  })
  return {value: {times: starts, values: sums}}
}

function wasCalled(calls: Known<MetricSeries> | undefined): boolean {
  return calls === undefined || !isKnown(calls) || calls.value.values.some(count => count > 0)
}

/** What nobody knows of a region's functions, where none of its metrics could be read. */
export function unmeasured(functions: readonly FleetFunction[], why: Unknown): MeasuredUsage {
  return {
    functions: new Map(functions.map(({name}) => [name, {calls: why, durationMs: why, provisionedCalls: why}])),
    logBytes: new Map(functions.map(({logGroup}) => [logGroup, why])),
  }
}

/** The sum of the datapoints whose periods begin in the span. */
export function sumIn({times, values}: MetricSeries, {start, end}: Span): number {
  return times.reduce((sum, time, i) => (time >= start && time < end ? sum + (values[i] ?? 0) : sum), 0)
}

/** Sums over so many parts of equal length; the last is shorter where they do not fit. */
export function sumsIn({times, values}: MetricSeries, {start, end}: Span, partMs: number): readonly number[] {
  const sums = Array.from({length: Math.ceil((end - start) / partMs)}, () => 0)
  times.forEach((time, i) => {
    const at = Math.floor((time - start) / partMs)
    if (time >= start && time < end) sums[at] = (sums[at] ?? 0) + (values[i] ?? 0)
  })
  return sums
}

/** Whose log group is another's too, which no metric parts. */
export function sharedGroups(functions: readonly FleetFunction[]): ReadonlyMap<string, readonly FleetFunction[]> {
  return new Map([...Map.groupBy(functions, ({logGroup}) => logGroup)].filter(([, users]) => users.length > 1))
}

export type RegionFunctions = {readonly aws: Aws; readonly functions: readonly FleetFunction[]}

/** The functions by the way to them, which metrics are read on. */
export const byRegion = (functions: readonly FleetFunction[]): readonly RegionFunctions[] =>
  Array.from(
    Map.groupBy(functions, ({aws}) => aws),
    ([aws, inRegion]) => ({aws, functions: inRegion}),
  )
