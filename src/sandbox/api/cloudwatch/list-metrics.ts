import type {ListMetricsCommandOutput} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import {hasDimensions} from '../../world/metrics/list-metrics.ts'
import type {SandboxMetric, SandboxMetricChoice} from '../../world/metrics/metric.ts'
import type {Context} from '../context.ts'
import {isOfAws} from './datapoints.ts'
import {readToken, writeToken} from './page-token.ts'

type ListRequest = {
  readonly Namespace?: string | undefined
  readonly MetricName?: string | undefined
  readonly Dimensions?: readonly {readonly Name: string; readonly Value?: string | undefined}[] | undefined
  readonly NextToken?: string | undefined
  readonly RecentlyActive?: string | undefined
}

const pageSize = 500

/** ListMetrics: a page of what reported in the last two weeks, or in the last three hours. */
export function listMetrics(
  {NextToken, ...request}: ListRequest,
  context: Context,
): Omit<ListMetricsCommandOutput, '$metadata'> {
  const after = NextToken === undefined ? undefined : metricAt(request, NextToken)
  const page: SandboxMetric[] = []
  let isMore = false
  for (const metric of metricsBehind(after, request, context)) {
    isMore = page.length === pageSize
    if (isMore) break
    page.push(metric)
  }
  const last = isMore && page.at(-1)
  return {
    Metrics: page.map(({namespace, name, dimensions}) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({Name, Value})),
    })),
    NextToken: last ? writeToken(request, [JSON.stringify(last)]) : undefined,
  }
}

/** AWS's own metrics, then those that clients put. */
function* metricsBehind(
  after: SandboxMetric | undefined,
  {Namespace, MetricName, Dimensions = [], RecentlyActive}: ListRequest,
  {world, region, customMetrics}: Context,
): Iterable<SandboxMetric> {
  const dimensions = new Map(Dimensions.map(({Name, Value}) => [Name, Value ?? null]))
  const isCustom = after !== undefined && !isOfAws(after.namespace)
  if (!isCustom && (Namespace === undefined || isOfAws(Namespace))) {
    const choice = {namespace: Namespace, name: MetricName, dimensions, after}
    yield* world.metrics.list(RecentlyActive !== undefined, choice)
  }
  const last = isCustom && JSON.stringify(after)
  let isBehind = !isCustom
  for (const metric of customMetrics.list(region)) {
    if (isBehind && isWanted(metric, {namespace: Namespace, name: MetricName, dimensions})) yield metric
    if (JSON.stringify(metric) === last) isBehind = true
  }
}

function isWanted({namespace, name, dimensions}: SandboxMetric, wanted: SandboxMetricChoice): boolean {
  return (
    namespace === (wanted.namespace ?? namespace) &&
    name === (wanted.name ?? name) &&
    hasDimensions(dimensions, wanted.dimensions ?? new Map())
  )
}

function metricAt(request: unknown, token: string): SandboxMetric {
  const [metric] = readToken(request, token) ?? []
  if (typeof metric !== 'string')
    throw new ServiceError('InvalidParameterValueException', 'The value for parameter NextToken is not valid.')
  return JSON.parse(metric) as SandboxMetric
}
