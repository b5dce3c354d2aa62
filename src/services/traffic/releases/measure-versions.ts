import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {billedSeconds} from '../../fleet/cost/price-usage.ts'
import {sumOf} from '../../fleet/metric-reader.ts'
import {knownPrices, memoryGB, metricUSD, type Prices} from '../../pricing.ts'
import {lambdaMetric, ofVersion} from '../evidence/alias-metrics.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'
import {readServedVersions} from '../evidence/served-versions.ts'
import {readWholeWindow} from '../evidence/whole-window.ts'
import type {ListedAlias} from './list-aliases.ts'

export type PublishedConfiguration = FunctionConfiguration & {readonly Version: string}

/** What the versions of an alias did in a window. */
export type MeasuredAlias = {
  readonly served: Known<readonly ServedVersion[]>
  /** USD by version; those that nobody knows are not there */
  readonly costs: ReadonlyMap<string, number>
}

/** Of an alias with sixty versions those may have served in a day that it serves, and the newest. */
const newestAsked = 10
/** of a version that ran: its first and its last minute, calls, errors, p95, and the sum of its durations */
const metricsWhereRan = 6
const likelyRan = 2

/** Versions that may have run behind an alias lately. @param published oldest first */
export function candidatesOf({state}: ListedAlias, published: readonly PublishedConfiguration[]): readonly string[] {
  const newest = published.slice(-newestAsked).map(({Version}) => Version)
  return [...new Set([state.version, ...(state.additional === null ? [] : [state.additional.version]), ...newest])]
}

/** What CloudWatch charges at most for the figures of so many aliases, as a rule. */
export const measuringUSD = (aliases: number): number =>
  aliases * (1 + newestAsked + likelyRan + likelyRan * metricsWhereRan) * metricUSD

/**
 * What versions did behind their aliases, and what that cost. @param candidates by the index of the alias
 * @throws the signal's reason on abort
 */
export async function measureVersions(
  aws: Aws,
  aliases: readonly ListedAlias[],
  candidates: readonly (readonly string[])[],
  configurationOf: (alias: ListedAlias, version: string) => FunctionConfiguration | undefined,
  window: {readonly start: number; readonly end: number},
  signal: AbortSignal,
): Promise<readonly MeasuredAlias[]> {
  const refs = aliases.map((alias, at) => ({...alias, versions: candidates[at] ?? []}))
  const served = await readServedVersions(aws, refs, window, signal)
  const ran = served.flatMap((known, at) => {
    const alias = aliases[at]
    return alias && isKnown(known) ? known.value.map(figures => ({at, alias, figures})) : []
  })
  const durations = await readWholeWindow(
    aws,
    ran.map(({alias, figures}) => lambdaMetric('Duration', 'Sum', ofVersion(alias, figures.version), 0)),
    window,
    signal,
  )
  const prices = knownPrices(aws.scope.region)
  const costs = aliases.map(() => new Map<string, number>())
  for (const [place, {at, alias, figures}] of ran.entries()) {
    const duration = durations[place]
    const configuration = configurationOf(alias, figures.version)
    if (!duration || !isKnown(duration) || !isKnown(prices) || configuration === undefined) continue
    costs[at]?.set(figures.version, costUSD(figures.calls, sumOf(duration.value), configuration, prices.value))
  }
  return served.map((known, at) => ({served: known, costs: costs[at] ?? new Map()}))
}

/** Requests and on-demand compute of the first tier; what provisioned concurrency and init cost is not told by alias. */
function costUSD(
  calls: number,
  durationMs: number,
  {MemorySize = 128, Architectures}: FunctionConfiguration,
  {requestsPerMillion, compute}: Prices,
): number {
  const {perGBSecond} = compute[Architectures?.includes('arm64') ? 'arm64' : 'x86_64']
  return (calls / 1e6) * requestsPerMillion + billedSeconds(calls, durationMs) * memoryGB(MemorySize) * perGBSecond
}
