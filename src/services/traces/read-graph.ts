import type {Service} from '@aws-sdk/client-xray'
import {atATime} from '../at-a-time.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isCredentialProblem, isDenied} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {emptyGraph, type Graph, graphOf, mergedGraphs, summed} from './service-graph.ts'
import type {TraceWindow} from './trace-windows.ts'

/** windows that a region is asked for at a time; the rate budget paces them */
const readers = 4

/** How far reading is, over all regions. */
export type GraphProgress = {
  /** windows that have been answered, or will not be */
  done: number
  failed: number
  pages: number
  empty: number
}

export type RegionGraph = {
  readonly aws: Aws
  readonly graph: Graph
  readonly windows: number
  /** of the windows that could be read, all together */
  readonly readMs: number
  /** windows that could not be read, and the first reason, as a person can act on it */
  readonly failed: number
  readonly failure: unknown
  /** windows that were not read before somebody stopped it */
  readonly interrupted: number
}

/**
 * The service graph of a region over several windows, as one. Windows that fail are counted; once AWS refuses for want of a
 * permission or of credentials no more is asked for. On abort, it is what was read until then.
 */
export async function readGraph(
  aws: Aws,
  windows: readonly TraceWindow[],
  progress: GraphProgress,
  signal: AbortSignal,
): Promise<RegionGraph> {
  let graph = emptyGraph
  let [read, readMs, failed] = [0, 0, 0]
  let failure: unknown = null
  let isRefused = false
  const readWindow = async (window: TraceWindow): Promise<void> => {
    try {
      const services = await servicesIn(aws, window, progress, signal)
      if (services.length === 0) progress.empty++
      graph = mergedGraphs(graph, graphOf(services, aws.scope.region), summed)
      read++
      readMs += window.end - window.start
    } catch (error) {
      if (signal.aborted) return
      const doing = `read the service graph of ${aws.scope.region}`
      const told = explainedFailure(error, {doing, permission: 'xray:GetServiceGraph'})
      failure ??= told
      failed++
      progress.failed++
      isRefused ||= isDenied(error) || isCredentialProblem(error)
    }
    progress.done++
  }
  await atATime(readers, windows, async window => {
    if (!isRefused && !signal.aborted) await readWindow(window)
  })
  const unread = windows.length - read
  const interrupted = signal.aborted && !isRefused ? unread - failed : 0
  return {aws, graph, windows: windows.length, readMs, failed: unread - interrupted, failure, interrupted}
}

/** The services of one window, of all pages: an edge of one may lead to a service of another. */
async function servicesIn(
  aws: Aws,
  {start, end}: TraceWindow,
  progress: GraphProgress,
  signal: AbortSignal,
): Promise<readonly Service[]> {
  const client = await aws.xray()
  const {GetServiceGraphCommand} = sdk.xray()
  const [StartTime, EndTime] = [new Date(start), new Date(end)]
  const pages = paged(async NextToken => {
    const command = new GetServiceGraphCommand({StartTime, EndTime, ...(NextToken && {NextToken})})
    const answer = await ask(aws, 'GetServiceGraph', options => client.send(command, options), signal)
    progress.pages++
    return {items: answer.Services, next: answer.NextToken}
  })
  return (await Array.fromAsync(pages)).flat()
}
