import {isKnown, type Known, orNull} from '../../../known.ts'
import type {MetricSeries} from '../metric-reader.ts'
import {adviceFor} from './advice.ts'
import {baselineOf} from './baselines.ts'
import {causesOf, deploysOf} from './causes.ts'
import type {ColdStartFigures, ColdStartGroup, FunctionColdStarts} from './coldstarts-report.ts'
import {type ColdEvidence, type CountedFunction, figuresOfFunction} from './function-figures.ts'
import {sumUpTo} from './invocation-counts.ts'

/** What functions are sorted by. */
export type ColdStartOrder = 'felt' | 'rate' | 'calls' | 'p50' | 'p99' | 'hello' | 'cost' | 'name'

/** What CloudWatch told of functions with cold starts: by the minute, but for what provisioned concurrency served. */
export type MinuteMetrics = {
  /** calls that provisioned concurrency served, of functions that have some; by the period of all calls */
  readonly provisioned: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>
  readonly invocations: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>
  readonly concurrency: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>
  readonly duration: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>
}

/** A function's figures with what they mean: beside an empty function's, by cause, and what to do about them. */
export function tellFunction(
  counted: CountedFunction,
  evidence: ColdEvidence,
  {invocations, concurrency, duration}: MinuteMetrics,
): FunctionColdStarts {
  const {of, notApplicable, inits, allInits, prices} = counted
  const {window, readFrom} = evidence
  // what was counted up to a window's end that was never reached is no count of it
  const isCounted = window.end > window.start
  const calls = isCounted ? counted.invocations : (counted.unknown ?? counted.invocations)
  const figures = figuresOfFunction(counted, window)
  const baseline = baselineOf(of)
  if (!isKnown(figures) || figures.value.felt === 0)
    return {of, figures, invocations: calls, notApplicable, baseline, ratioToBaseline: null, causes: null, advice: []}
  const told = concurrency.get(of)
  const peaks = told ? orNull(told) : null
  const busy = duration.get(of)
  const busyMs = busy ? orNull(sumUpTo(busy, window.end)) : null
  const versions = evidence.provisioned.get(of)
  return {
    of,
    figures,
    invocations: calls,
    notApplicable,
    baseline,
    ratioToBaseline: ratioOf(figures.value, baseline?.initMs ?? null),
    causes: causesOf(
      inits.filter(({feltMs}) => feltMs !== null),
      {
        deploys: deploysOf(allInits, readFrom, of.lastModifiedAt),
        invocations: byTheMinute(invocations.get(of)),
        concurrency: byTheMinute(concurrency.get(of)),
        readFrom: window.start,
      },
    ),
    advice: adviceFor({
      of,
      figures: figures.value,
      inits,
      baseline,
      prices,
      isProvisioned: versions ? (isKnown(versions) ? versions.value.size > 0 : null) : null,
      peakConcurrency: peaks && peaks.values.length > 0 ? peaks.values.reduce((a, b) => Math.max(a, b)) : null,
      busySeconds: busyMs === null ? null : busyMs / 1_000,
      windowMs: Math.max(1, window.end - window.start),
    }),
  }
}

/** Coarser ones do not tell an idle gap from none. */
function byTheMinute(known: Known<MetricSeries> | undefined): MetricSeries | null {
  const series = known ? orNull(known) : null
  return series === null || (series.periodSeconds ?? 60) > 60 ? null : series
}

/** p50 of its init to that of a function that does nothing; a restore is no init. */
function ratioOf({initMs}: ColdStartFigures, baselineMs: number | null): number | null {
  return initMs === null || baselineMs === null || baselineMs <= 0 ? null : initMs.p50 / baselineMs
}

/** In the order that was asked for, the most first; those that nobody knows at the end. */
export function inOrder(
  functions: readonly FunctionColdStarts[],
  order: ColdStartOrder,
): readonly FunctionColdStarts[] {
  const keyed = functions.map(one => ({one, key: keyOf(one, order)}))
  return keyed.sort((a, b) => b.key - a.key || compareNames(a.one, b.one)).map(({one}) => one)
}

/** The same of groups. An hour stands where it was. */
export function groupsInOrder(groups: readonly ColdStartGroup[], order: ColdStartOrder): readonly ColdStartGroup[] {
  const keyed = groups.map(group => ({group, key: figuresKey(group.figures, order) ?? noneKey}))
  const byName = (a: string, b: string): number => a.localeCompare(b, 'en', {numeric: true})
  return keyed.sort((a, b) => b.key - a.key || byName(a.group.key, b.group.key)).map(({group}) => group)
}

const unknownKey = -2
const noneKey = -1

function keyOf({figures, ratioToBaseline}: FunctionColdStarts, order: ColdStartOrder): number {
  if (!isKnown(figures)) return unknownKey
  return (order === 'hello' ? ratioToBaseline : figuresKey(figures.value, order)) ?? noneKey
}

/** Null where it is not known, or there is none; of groups there is no function that does nothing. */
function figuresKey(figures: ColdStartFigures, order: ColdStartOrder): number | null {
  const {felt, rate, invocations, initMs, restoreMs} = figures
  const init = initMs ?? restoreMs
  switch (order) {
    case 'felt':
      return felt
    case 'rate':
      return orNull(rate)
    case 'calls':
      return orNull(invocations)
    case 'p50':
      return init?.p50 ?? null
    case 'p99':
      return init?.p99 ?? null
    case 'hello':
      return null
    case 'cost':
      return figures.initCostUSD
    case 'name':
      return 0
  }
}

const compareNames = (a: FunctionColdStarts, b: FunctionColdStarts): number =>
  a.of.name < b.of.name ? -1 : a.of.name > b.of.name ? 1 : a.of.region < b.of.region ? -1 : 1
