import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isDenied, isUnknownOperation} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'

/** Where a region keeps its traces. */
export type TraceDestination = {
  /** whether they are to be had from X-Ray, from Transaction Search, or, while it changes over, from both */
  readonly xray: boolean
  readonly transactionSearch: boolean
  /** that AWS would not say, so that X-Ray is taken for granted, a sentence; null where it did */
  readonly note: string | null
}

const known = new WeakMap<Aws, Promise<TraceDestination>>()

/**
 * Where traces are kept, as one profile sees it in one region. AWS is asked once; who may not ask, and servers that do not
 * know the question, get X-Ray.
 * @throws what AWS said, untranslated, when it failed in another way: then it is asked again the next time
 */
export function traceDestination(aws: Aws, signal: AbortSignal): Promise<TraceDestination> {
  const answer = known.get(aws)
  if (answer) return answer
  const asked = askForDestination(aws, signal)
  known.set(aws, asked)
  asked.catch(() => known.delete(aws))
  return asked
}

async function askForDestination(aws: Aws, signal: AbortSignal): Promise<TraceDestination> {
  const client = await aws.xray()
  const command = new (sdk.xray().GetTraceSegmentDestinationCommand)({})
  try {
    const output = await ask(aws, 'GetTraceSegmentDestination', options => client.send(command, options), signal)
    const {Destination: destination, Status: status} = output
    const isChanging = status === 'PENDING'
    return {
      xray: destination !== 'CloudWatchLogs' || isChanging,
      transactionSearch: destination === 'CloudWatchLogs' || isChanging,
      note: null,
    }
  } catch (error) {
    const onlyXray = {xray: true, transactionSearch: false}
    if (isUnknownOperation(error)) return {...onlyXray, note: null}
    if (!isDenied(error)) throw error
    return {
      ...onlyXray,
      note: `whether Transaction Search has the traces of ${aws.scope.region} could not be asked (needs xray:GetTraceSegmentDestination): X-Ray was`,
    }
  }
}
