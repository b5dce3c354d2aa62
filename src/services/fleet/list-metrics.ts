import type {Dimension} from '@aws-sdk/client-cloudwatch'
import {isKnown, type Known} from '../../known.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import type {FleetFunction} from './fleet-function.ts'
import {known} from './why-unknown.ts'

/** A series of a metric of AWS/Lambda that CloudWatch lists, by its dimensions. */
export type ListedSeries = {
  readonly name: string
  readonly resource: string | undefined
  readonly version: string | undefined
}

const asked = {doing: 'list metrics', permission: 'cloudwatch:ListMetrics'}

/**
 * Sweeps ListMetrics for a metric of AWS/Lambda: 500 series a page, those that reported in the last two weeks.
 * @param recentlyActive only what reported in the last three hours or so (CloudWatch's PT3H, within 50 minutes)
 * @returns unknown where the sweep did not come to its end: what it has not listed may have been active
 */
export function listMetrics(
  aws: Aws,
  metricName: string,
  onSeries: (series: ListedSeries) => void,
  signal: AbortSignal,
  recentlyActive = false,
): Promise<Known<null>> {
  return known(asked, signal, async () => {
    const client = await aws.cloudWatch()
    const {ListMetricsCommand} = sdk.cloudWatch()
    const pages = paged(async NextToken => {
      const command = new ListMetricsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: metricName,
        ...(recentlyActive && {RecentlyActive: 'PT3H' as const}),
        ...(NextToken && {NextToken}),
      })
      const page = await ask(aws, 'ListMetrics', options => client.send(command, options), signal)
      return {items: page.Metrics, next: page.NextToken}
    })
    for await (const page of pages) {
      for (const {Dimensions = []} of page) {
        const name = dimensionOf(Dimensions, 'FunctionName')
        if (name)
          onSeries({
            name,
            resource: dimensionOf(Dimensions, 'Resource'),
            version: dimensionOf(Dimensions, 'ExecutedVersion'),
          })
      }
    }
    return null
  })
}

const dimensionOf = (dimensions: readonly Dimension[], name: string): string | undefined =>
  dimensions.find(({Name}) => Name === name)?.Value

/** Which of the functions of a region CloudWatch lists with a metric, and nothing more of them: there may be 100,000. */
export async function readListedFunctions(
  aws: Aws,
  metricName: string,
  byName: ReadonlyMap<string, FleetFunction>,
  signal: AbortSignal,
): Promise<Known<ReadonlySet<FleetFunction>>> {
  const listed = new Set<FleetFunction>()
  const note = ({name}: ListedSeries): void => {
    const fn = byName.get(name)
    if (fn) listed.add(fn)
  }
  const swept = await listMetrics(aws, metricName, note, signal)
  return isKnown(swept) ? {value: listed} : swept
}
