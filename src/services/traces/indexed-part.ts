import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {regionLabel} from '../targets/in-each-region.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {traceDestination} from './trace-destination.ts'

/** A region in which X-Ray only knows the spans that are indexed, and their share in percent; null where nobody says. */
export type IndexedPart = {readonly region: string; readonly percent: number | null}

/**
 * Where a region keeps its traces in CloudWatch Logs (Transaction Search), X-Ray only knows the spans that are indexed: which
 * share those are, by the default indexing rule. Null where X-Ray has all, and where AWS would not say: that takes a permission of
 * its own.
 * @throws the signal's reason on abort
 */
export async function indexedPart(aws: Aws, signal: AbortSignal): Promise<IndexedPart | null> {
  if (!(await isIndexedOnly(aws, signal))) return null
  return {region: regionLabel(aws), percent: await indexedPercent(aws, signal)}
}

/** `5 % of them`; AWS indexes one in a hundred where nobody asked for more. */
export const indexedShareText = ({percent}: IndexedPart): string =>
  percent === null ? '1 % by default' : `${percent} % of them`

async function isIndexedOnly(aws: Aws, signal: AbortSignal): Promise<boolean> {
  try {
    return !(await traceDestination(aws, signal)).xray
  } catch (error) {
    signal.throwIfAborted()
    explainedFailure(error, {doing: 'ask where traces are kept', permission: 'xray:GetTraceSegmentDestination'})
    return false
  }
}

async function indexedPercent(aws: Aws, signal: AbortSignal): Promise<number | null> {
  try {
    const client = await aws.xray()
    const {GetIndexingRulesCommand} = sdk.xray()
    const {IndexingRules: rules = []} = await ask(
      aws,
      'GetIndexingRules',
      options => client.send(new GetIndexingRulesCommand({}), options),
      signal,
    )
    const {Rule: rule} = rules.find(({Name}) => Name === 'Default') ?? rules[0] ?? {}
    const percent = rule?.Probabilistic?.ActualSamplingPercentage ?? rule?.Probabilistic?.DesiredSamplingPercentage
    return typeof percent === 'number' && Number.isFinite(percent) ? percent : null
  } catch (error) {
    signal.throwIfAborted()
    explainedFailure(error, {doing: 'ask what is indexed', permission: 'xray:GetIndexingRules'})
    return null
  }
}
