import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {firstLine, isCredentialProblem, isDenied, isThrottle, isUnknownOperation} from '../aws/failures.ts'
import type {Gap} from '../receipt.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {batchGetTraces} from './batch-get-traces.ts'
import {RetrievalEnded, retrieveTraces} from './retrieve-traces.ts'
import type {FetchedTrace} from './span.ts'
import {spansFromLogs, spansLogGroup} from './spans-from-logs.ts'
import {traceDestination} from './trace-destination.ts'
import {addMissing, readDocuments, type TraceDocuments, united} from './trace-documents.ts'

export type FetchedTraces = {
  /** by id; spans of several regions are together */
  readonly found: ReadonlyMap<string, FetchedTrace>
  /** ids that X-Ray named as unprocessed to the end, though it may have them */
  readonly unprocessed: readonly string[]
  /** regions that could not be asked */
  readonly gaps: readonly Gap[]
  /** what a person should know of where it was looked, a sentence each */
  readonly notes: readonly string[]
  /** where it was looked, in words: `X-Ray in eu-west-1` */
  readonly places: readonly string[]
}

export type FetchTracesOptions = {
  /** X-Ray form */
  readonly ids: readonly string[]
  /** epoch ms: where Transaction Search has the traces, it is asked for this time */
  readonly start: number
  readonly end: number
}

/**
 * Gets traces by id from where each region has them: X-Ray, Transaction Search, or the log group aws/spans. An id that is nowhere is
 * in no part of the answer, or among the unprocessed ones: X-Ray calls ids so that it does not have, too.
 * @throws UserError when no region could be asked; the signal's reason on abort, after what was started at AWS is cancelled
 */
export async function fetchTraces(
  all: readonly Aws[],
  options: FetchTracesOptions,
  signal: AbortSignal,
): Promise<FetchedTraces> {
  const asked = {...options, ids: [...new Set(options.ids)]}
  if (asked.ids.length === 0) return {found: new Map(), unprocessed: [], gaps: [], notes: [], places: []}
  const regions = all.map(aws => regionOf(aws, all))
  // settled, so that on an abort each has cancelled what it began
  const outcomes = await Promise.allSettled(regions.map(region => fetchIn(region, asked, signal)))
  const broken = outcomes.find(outcome => outcome.status === 'rejected')
  if (broken) throw broken.reason

  const failures = regions.flatMap(({failures}) => failures)
  const found = readDocuments(united(regions.map(({documents}) => documents)))
  if (found.size === 0 && regions.every(region => region.failures.length > 0)) throw failures[0]
  return {
    found,
    unprocessed: asked.ids.filter(id => !found.has(id) && regions.some(({unprocessed}) => unprocessed.includes(id))),
    gaps: regions.flatMap(({gaps}) => gaps),
    notes: regions.flatMap(({notes}) => notes),
    places: regions.flatMap(({places}) => places),
  }
}

/** One profile in one region, and what has come of asking there. */
type Region = {
  readonly aws: Aws
  /** as people know it: its profile is named where several see it */
  readonly name: string
  readonly documents: TraceDocuments
  unprocessed: readonly string[]
  readonly gaps: Gap[]
  readonly notes: string[]
  readonly places: string[]
  /** why it could not be asked, as what a person can act on */
  readonly failures: unknown[]
}

function regionOf(aws: Aws, all: readonly Aws[]): Region {
  const {region, profile} = aws.scope
  const isAlone = all.every(other => other === aws || other.scope.region !== region)
  const name = isAlone || profile === null ? region : `${region} (profile ${profile})`
  return {aws, name, documents: new Map(), unprocessed: [], gaps: [], notes: [], places: [], failures: []}
}

async function fetchIn(region: Region, asked: FetchTracesOptions, signal: AbortSignal): Promise<void> {
  const {aws, documents, notes} = region
  const destination = await traceDestination(aws, signal).catch(error =>
    fail(region, error, 'xray:GetTraceSegmentDestination', signal),
  )
  if (!destination) return
  if (destination.note !== null) notes.push(destination.note)
  if (destination.transactionSearch) await fromTransactionSearch(region, asked, signal)
  const missing = asked.ids.filter(id => !documents.has(id))
  if (destination.xray) await fromXray(region, asked.ids, signal)
  // what was traced before Transaction Search was turned on is still in X-Ray, and some of what came after
  else if (missing.length > 0) await fromXrayToo(region, missing, signal)
}

async function fromXray(region: Region, ids: readonly string[], signal: AbortSignal): Promise<void> {
  region.places.push(`X-Ray in ${region.name}`)
  try {
    region.unprocessed = await batchGetTraces(region.aws, ids, region.documents, {signal, retry: true})
  } catch (error) {
    fail(region, error, 'xray:BatchGetTraces', signal)
  }
}

/** Where X-Ray is not where traces are kept, it is no gap that it cannot be asked. */
async function fromXrayToo(region: Region, ids: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await batchGetTraces(region.aws, ids, region.documents, {signal, retry: false})
    region.places.push(`X-Ray in ${region.name}`)
  } catch (error) {
    signal.throwIfAborted()
    explainedFailure(error, {doing: 'get traces', permission: 'xray:BatchGetTraces'})
  }
}

async function fromTransactionSearch(region: Region, asked: FetchTracesOptions, signal: AbortSignal): Promise<void> {
  region.places.push(`Transaction Search in ${region.name}`)
  // apart until all of it is there: half a trace looks like a whole one
  const retrieved: TraceDocuments = new Map()
  try {
    await retrieveTraces(region.aws, asked, retrieved, signal)
    addMissing(region.documents, retrieved)
  } catch (error) {
    signal.throwIfAborted()
    const isInstead = await fromSpans(region, asked, error, signal)
    if (!isInstead) addMissing(region.documents, retrieved)
  }
}

/**
 * @param because why they could not be retrieved
 * @returns false where they could not be had from there either, which is then a gap
 */
async function fromSpans(
  region: Region,
  asked: FetchTracesOptions,
  because: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const {aws, name, documents, notes, places, gaps} = region
  try {
    const isWhole = await spansFromLogs(aws, asked, documents, signal)
    places.push(`log group ${spansLogGroup} in ${name}`)
    notes.push(`Transaction Search in ${name}: ${whyNot(because)}; the spans are those of log group ${spansLogGroup}`)
    if (!isWhole) gaps.push(gapOf(aws, spansLogGroup, 'interrupted', 'too large to be searched to its end'))
    return true
  } catch (error) {
    signal.throwIfAborted()
    explainedFailure(error, {doing: 'read spans', permission: 'logs:FilterLogEvents'})
    fail(region, because, `${retrieval}, or logs:FilterLogEvents of ${spansLogGroup}`, signal)
    return false
  }
}

const retrieval = 'xray:StartTraceRetrieval and xray:ListRetrievedTraces'

function whyNot(error: unknown): string {
  if (error instanceof RetrievalEnded) return error.message
  if (isDenied(error)) return `needs ${retrieval}`
  if (isUnknownOperation(error)) return 'the endpoint does not know StartTraceRetrieval'
  return error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : String(error)
}

/**
 * Notes that a region could not be asked.
 * @throws the signal's reason, where that is why; a bug
 */
function fail(region: Region, error: unknown, permission: string, signal: AbortSignal): void {
  signal.throwIfAborted()
  const {aws, name, failures, gaps} = region
  const doing = `get traces in ${name}`
  const ended =
    error instanceof RetrievalEnded ? new UserError(`could not ${doing}: ${error.message}`, {cause: error}) : error
  const told = explainedFailure(ended, {doing, permission})
  failures.push(told)
  const reason = isDenied(error) || isCredentialProblem(error) ? 'denied' : isThrottle(error) ? 'throttled' : 'failed'
  const words = told.message.replace(`could not ${doing}: `, '')
  gaps.push(gapOf(aws, 'traces', reason, isDenied(error) ? `needs ${permission}` : firstLine(words)))
}

function gapOf({scope: {account, region}}: Aws, what: string, reason: Gap['reason'], detail: string): Gap {
  return {what, account, region, reason, detail}
}
