import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {type MetricSeries, sumOf} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'
import type {AliasRef} from '../alias/alias-state.ts'
import {lambdaMetric, ofAlias, ofFunction} from './alias-metrics.ts'
import {percentileOver, readWholeWindow} from './whole-window.ts'

/** How much the alias is used, over the last day. */
export type Traffic = {
  readonly perMinute: number
  /** of all invocations of the function, 0–1; null where the function was not invoked */
  readonly aliasShare: number | null
  readonly errorRate: number | null
  readonly p95Ms: number | null
}

const minuteMs = 60_000

/**
 * How much aliases are used. Metrics are late by minutes: of a window that ends now, its last ones are not all counted.
 * @param window epoch ms
 * @returns by the index of the ref; unknown where AWS would not say
 * @throws the signal's reason on abort
 */
export async function readTraffic(
  aws: Aws,
  refs: readonly AliasRef[],
  window: {readonly start: number; readonly end: number},
  signal: AbortSignal,
): Promise<readonly Known<Traffic>[]> {
  const asked = refs.map(ref => [
    lambdaMetric('Invocations', 'Sum', ofAlias(ref), 0),
    lambdaMetric('Invocations', 'Sum', ofFunction(ref), 0),
    lambdaMetric('Errors', 'Sum', ofAlias(ref), 0),
    lambdaMetric('Duration', 'p95', ofAlias(ref), 0),
  ])
  const answers = await readWholeWindow(aws, asked.flat(), window, signal)
  const minutes = Math.max(1, (window.end - window.start) / minuteMs)
  return refs.map((_, at) => trafficOf(answers.slice(4 * at, 4 * at + 4), minutes))
}

function trafficOf(
  [byAlias = interrupted, all = interrupted, failed = interrupted, p95]: readonly Known<MetricSeries>[],
  minutes: number,
): Known<Traffic> {
  if (!isKnown(byAlias)) return byAlias
  if (!isKnown(all)) return all
  if (!isKnown(failed)) return failed
  const calls = sumOf(byAlias.value)
  const ofAll = sumOf(all.value)
  return {
    value: {
      perMinute: calls / minutes,
      aliasShare: ofAll > 0 ? Math.min(1, calls / ofAll) : null,
      errorRate: calls > 0 ? Math.min(1, sumOf(failed.value) / calls) : null,
      p95Ms: percentileOver(p95, byAlias.value),
    },
  }
}
