import type {GetMetricDataCommandOutput, MetricDataResult} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxDatapoint} from '../../world/metrics/metric.ts'
import type {Context} from '../context.ts'
import {giveWay} from '../in-turns.ts'
import {readDatapoints, type UnitDatapoint} from './datapoints.ts'
import {isAbout} from './metric-fault.ts'
import {type DataRequest, type MetricQuery, maxDatapoints, readQueries} from './metric-queries.ts'
import {metricWindow} from './metric-window.ts'
import {readToken, writeToken} from './page-token.ts'

/** Where a page begins: at a query, behind the datapoint of a moment. */
type Position = {readonly index: number; readonly after: number | null}

/**
 * GetMetricData: datapoints of up to 500 metrics, newest first unless asked otherwise. A page has every series, though of
 * those that come later it may have nothing yet: PartialData, and a token to go on with.
 */
export async function getMetricData(
  {NextToken, ...request}: DataRequest,
  context: Context,
): Promise<Omit<GetMetricDataCommandOutput, '$metadata'>> {
  const queries = readQueries(request).filter(({isReturned}) => isReturned)
  const start = NextToken === undefined ? {index: 0, after: null} : positionOf(request, NextToken)
  const window = metricWindow(request, context.now)
  const isAscending = request.ScanBy === 'TimestampAscending'
  const partial = context.metricFaults.find(({kind}) => kind === 'metric-partial')
  let left = request.MaxDatapoints ?? maxDatapoints
  let next: Position | undefined

  const results: MetricDataResult[] = []
  for (const [index, query] of queries.entries()) {
    const failed = context.metricFaults.find(fault => fault.kind === 'metric-failed' && isAbout(fault, query.metric))
    if (failed?.kind === 'metric-failed' || (query.accountId ?? context.world.account) !== context.world.account) {
      results.push(
        resultOf(query, [], failed?.kind === 'metric-failed' ? (failed.status ?? 'InternalError') : 'Forbidden'),
      )
      continue
    }
    if (index < start.index || next) {
      results.push(resultOf(query, [], next ? 'PartialData' : 'Complete'))
      continue
    }
    const found: UnitDatapoint[] = []
    for (const part of partsOf(window, query.periodSeconds * 1000)) {
      await giveWay(context.ongoing.signal)
      for (const datapoint of readDatapoints(query.metric, query, part, context)) found.push(datapoint)
    }
    const units = [...new Set(found.map(({unit}) => unit))].sort()
    const series = units.length > 1 ? found.filter(({unit}) => unit === units[0]) : found
    const ordered = isAscending ? series : series.toReversed()
    const {after} = index === start.index ? start : {after: null}
    const rest = after === null ? ordered : ordered.filter(({at}) => (isAscending ? at > after : at < after))
    const isCut = partial !== undefined && isAbout(partial, query.metric) && rest.length > 1
    const taken = rest.slice(0, Math.min(left, isCut ? Math.ceil(rest.length / 2) : rest.length))
    left -= taken.length
    const isWhole = taken.length === rest.length
    results.push({
      ...resultOf(query, taken, isWhole ? 'Complete' : 'PartialData'),
      ...(units.length > 1 && {Messages: [multipleUnits(units)]}),
    })
    if (!isWhole && !(isCut && partial?.kind === 'metric-partial' && partial.stays))
      next = {index, after: taken.at(-1)?.at ?? after}
  }
  return {
    MetricDataResults: results,
    NextToken: next && writeToken(request, [next.index, next.after ?? '']),
    Messages: [],
  }
}

/** some are of the concurrency of a whole account by the minute */
const periodsAtATime = 200

type Window = {readonly from: number; readonly to: number}

/** Whole periods each, one after the other. */
function* partsOf({from, to}: Window, periodMs: number): Generator<Window> {
  for (let start = from; start < to; start += periodsAtATime * periodMs)
    yield {from: start, to: Math.min(to, start + periodsAtATime * periodMs)}
}

function resultOf(
  {id, label}: MetricQuery,
  datapoints: readonly SandboxDatapoint[],
  status: 'Complete' | 'PartialData' | 'InternalError' | 'Forbidden',
): MetricDataResult {
  return {
    Id: id,
    Label: label,
    Timestamps: datapoints.map(({at}) => new Date(at)),
    Values: datapoints.map(({value}) => value),
    StatusCode: status,
  }
}

/** Of a metric that was put in several units, only the first one's datapoints are answered. */
const multipleUnits = (units: readonly string[]) => ({
  Code: 'MultipleUnits',
  Value: `Multiple units returned: '[${units.join(', ')}]'`,
})

function positionOf(request: unknown, token: string): Position {
  const [index, after] = readToken(request, token) ?? []
  if (typeof index !== 'number') throw new ServiceError('InvalidNextToken', 'The next token specified is invalid.')
  return {index, after: typeof after === 'number' ? after : null}
}
