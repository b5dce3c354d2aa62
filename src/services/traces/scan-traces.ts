import type {GetTraceSummariesCommandOutput, TraceSummary} from '@aws-sdk/client-xray'
import {UserError} from '../../errors.ts'
import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import type {TraceWindow} from './trace-windows.ts'

export type ScanPage = {
  readonly summaries: readonly TraceSummary[]
  /** traces looked at for this page, those that did not match included */
  readonly scanned: number
  /** epoch ms: everything after it has been looked at */
  readonly reached: number
}

/** a server that answers so often without getting on never will */
const mostStandingStill = 100

/**
 * Asks X-Ray for the traces of windows, one page after the other and the newest window first. A page may be empty though others
 * follow. By Event: traces that were under way in a window are found in it, also such as began before it, and those whose ids
 * others than X-Ray made, which tell no time.
 * @param filter a filter expression; null: all traces
 * @throws what AWS said, untranslated
 */
export async function* scanTraces(
  aws: Aws,
  windows: readonly TraceWindow[],
  filter: string | null,
  signal: AbortSignal,
): AsyncGenerator<ScanPage> {
  for (const window of windows) yield* scanWindow(aws, window, filter, signal)
}

async function* scanWindow(
  aws: Aws,
  {start, end}: TraceWindow,
  filter: string | null,
  signal: AbortSignal,
): AsyncGenerator<ScanPage> {
  const client = await aws.xray()
  const {GetTraceSummariesCommand} = sdk.xray()
  const count = pageCounts()
  let token: string | undefined
  let [reached, still] = [end, 0]
  do {
    const command = new GetTraceSummariesCommand({
      StartTime: new Date(start),
      EndTime: new Date(end),
      TimeRangeType: 'Event',
      ...(filter !== null && {FilterExpression: filter}),
      ...(token !== undefined && {NextToken: token}),
    })
    const answer: GetTraceSummariesCommandOutput = await ask(
      aws,
      'GetTraceSummaries',
      options => client.send(command, options),
      signal,
    )
    const summaries = answer.TraceSummaries ?? []
    const scanned = count(answer.TracesProcessedCount ?? summaries.length, summaries.length)
    const next = answer.NextToken || undefined
    const time = answer.ApproximateTime?.getTime() ?? Number.NaN
    const isStill = next !== undefined && summaries.length === 0 && scanned === 0 && !(time < reached)
    still = isStill ? still + 1 : 0
    if (still >= mostStandingStill) throw standsStill(aws)
    // never back: pages are newest first
    if (!Number.isNaN(time)) reached = Math.min(reached, Math.max(start, time))
    if (next === undefined) reached = start
    yield {summaries, scanned, reached}
    token = next
  } while (token !== undefined)
}

/**
 * What each page adds to the number of traces scanned. AWS's words allow for counts of a page and for counts since the first
 * page; a count that does not go up, or is less than what was found so far, is not the latter.
 */
function pageCounts(): (count: number, found: number) => number {
  let [before, total, pages, foundSoFar, isOfPage] = [0, 0, 0, 0, false]
  return (count, found) => {
    pages++
    foundSoFar += found
    if ((pages > 1 && (count < before || (count === before && count > 0))) || count < foundSoFar) isOfPage = true
    const isRunning = !isOfPage && pages > mostOfPageGrowing
    // up to then each was taken for itself: what was too much is taken back
    const added = isRunning ? count - total : count
    before = count
    total += added
    return added
  }
}

/** pages whose counts grow by chance; more in a row are counts since the first */
const mostOfPageGrowing = 5

function standsStill({scope: {region}}: Aws): UserError {
  return new UserError(`X-Ray in ${region} goes on answering empty pages, and never says that it is done`, {
    code: 'NoProgress',
    hint: 'an AWS-compatible server may not know the end of its pages; try a shorter window',
  })
}
