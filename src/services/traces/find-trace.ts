import {ExitCode, UserError} from '../../errors.ts'
import type {Invocation} from '../logs/invocations.ts'
import {durationText} from '../time/duration.ts'
import {fetchTraces} from './fetch-traces.ts'
import {findRequestInLogs, findTraceInLogs} from './find-in-logs.ts'
import type {FetchedTrace} from './span.ts'
import {anySampled, sampledIn} from './text-ids.ts'
import {type TraceFromLogs, traceFromLogs} from './trace-from-logs.ts'
import {gapAfterFailure, type TraceReading} from './trace-reading.ts'

/** A trace that was found, and the executions by their span's id where it is made of log lines. */
export type FoundTrace = {
  readonly fetched: FetchedTrace
  readonly invocations: TraceFromLogs['invocations']
  /** whether it was sampled, as what was pasted or the logs say; null where neither does */
  readonly sampled: boolean | null
}

const minute = 60_000
/** what belongs to a trace, from when its id says that it began */
const longestTraceMs = 60 * minute

/**
 * Finds the trace that was asked for: where traces live, or else in the logs.
 * @throws UserError (exit 1) where it is nowhere, with where it was looked; what AWS refused where that is why
 */
export async function findTrace(reading: TraceReading): Promise<FoundTrace> {
  const {ref} = reading.options
  const asked =
    ref.traceId === null ? await traceOfRequest(reading) : {traceId: ref.traceId, at: ref.at, invocations: []}
  const {traceId, at} = asked
  if (traceId === null) return fromLogs(reading, ref.requestId ?? ref.text, asked.invocations)

  let failure: unknown = null
  if ((ref.sampled ?? sampledBy(asked.invocations)) !== false) {
    const fetched = await fetchOne(reading, traceId, at).catch(error => {
      reading.signal.throwIfAborted()
      // anything else is a bug, and to be seen
      if (!(error instanceof UserError)) throw error
      failure = error
      return null
    })
    if (fetched) return {fetched, invocations: new Map(), sampled: ref.sampled}
  }
  reading.step('listing functions and log groups')
  try {
    const {invocations} = await findTraceInLogs(reading, traceId, at)
    noteSearch(reading, at)
    const ofTrace = invocations.filter(invocation => invocation.traceId === traceId)
    const known = ofTrace.length > 0 ? ofTrace : await ownInvocations(reading, asked.invocations)
    if (known.length > 0) return fromLogs(reading, traceId, known, failure)
  } catch (error) {
    reading.signal.throwIfAborted()
    throw failure ?? error
  }
  throw failure ?? nowhere(reading)
}

/** What the logs say of the request alone, where its trace is nowhere. */
async function ownInvocations(reading: TraceReading, known: readonly Invocation[]): Promise<readonly Invocation[]> {
  const {requestId} = reading.options.ref
  if (known.length > 0 || requestId === null) return known
  return (await findRequestInLogs(reading, requestId.toLowerCase(), reading.options.ref)).invocations
}

type OfRequest = {
  readonly traceId: string | null
  readonly at: number | null
  readonly invocations: readonly Invocation[]
}

/** Finds a request in the logs, and what trace it belongs to. */
async function traceOfRequest(reading: TraceReading): Promise<OfRequest> {
  const {ref} = reading.options
  const requestId = (ref.requestId ?? ref.text).toLowerCase()
  reading.step('listing functions and log groups')
  const {invocations, others} = await findRequestInLogs(reading, requestId, ref)
  noteSearch(reading, ref.at)
  const own = invocations.filter(invocation => invocation.requestId?.toLowerCase() === requestId)
  const known = own.length > 0 ? own : invocations
  if (known.length + others.length === 0) throw nowhere(reading)
  const traceId = [...known, ...others].find(({traceId}) => traceId !== null)?.traceId ?? null
  if (traceId === null && known.length === 0) throw nowhere(reading)
  if (own.length === 0) reading.notes.add('no function has this request id: it was found where lines name it')
  if (traceId === null) reading.notes.add('the request has no trace id: this is what its own log lines tell')
  return {traceId, at: known[0]?.start ?? others[0]?.timestamp ?? null, invocations: known}
}

async function fetchOne(reading: TraceReading, traceId: string, at: number | null): Promise<FetchedTrace | null> {
  const {options, all, signal, gaps, notes, places} = reading
  const {start, end, now, isWindowGiven} = options
  // a clock that is ahead gives ids of a time that has not come
  const begun = Math.min(at ?? 0, now)
  const around = {start: begun - 5 * minute, end: Math.min(now, begun + longestTraceMs)}
  const window = at === null || isWindowGiven ? {start, end} : around
  reading.step('asking X-Ray')
  const answer = await fetchTraces(all, {ids: [traceId], ...window}, signal)
  gaps.push(...answer.gaps)
  for (const note of answer.notes) notes.add(note)
  for (const place of answer.places) places.add(place)
  return answer.found.get(traceId) ?? null
}

function fromLogs(
  reading: TraceReading,
  id: string,
  invocations: readonly Invocation[],
  failure: unknown = null,
): FoundTrace {
  const {notes, gaps, all, options} = reading
  const sampled = options.ref.sampled ?? sampledBy(invocations)
  if (failure !== null) {
    for (const {scope} of all)
      gaps.push(gapAfterFailure(failure, {what: 'traces', account: scope.account, region: scope.region}))
  } else if (id.startsWith('1-')) notes.add(whyFromLogs(options.ref.sampled, sampled))
  if (invocations.length > 1) notes.add('which function called which is a guess by when they ran')
  return {...traceFromLogs(id, invocations), sampled}
}

function whyFromLogs(pasted: boolean | null, sampled: boolean | null): string {
  if (sampled === null) return 'X-Ray does not have it: this is what log lines tell'
  const who = pasted === null ? 'its log' : 'its header'
  return sampled
    ? `X-Ray does not have it, though ${who} says that it was sampled: it may come yet, or is gone; this is what log lines tell`
    : `${who} says that it was not sampled: X-Ray has no trace of it`
}

/** Whether a trace was sampled, as Lambda writes into START and REPORT. */
function sampledBy(invocations: readonly Invocation[]): boolean | null {
  const lines = invocations.flatMap(({events}) => events).filter(({kind}) => kind === 'start' || kind === 'report')
  return anySampled(lines.map(({message}) => sampledIn(message)))
}

function nowhere(reading: TraceReading): UserError {
  const {options, places, searched, tally, gaps} = reading
  const {ref} = options
  const unread = [...gaps, ...tally.gaps]
  const looked = [
    ...places,
    ...(searched
      ? [
          `${searched.groups} log group${searched.groups === 1 ? '' : 's'}, ${stretchText(searched.start, searched.end)}`,
        ]
      : []),
  ]
  const [denied] = unread.filter(({reason}) => reason === 'denied')
  const told = denied ?? unread[0]
  const failed = told ? `; ${unread.length} could not be read (${told.what}: ${told.detail ?? told.reason})` : ''
  const isRefused = denied !== undefined && tally.gaps.length >= (searched?.groups ?? 0)
  return new UserError(
    `${ref.traceId ?? ref.requestId ?? ref.text} is nowhere; looked in ${looked.join('; ')}${failed}`,
    {
      code: 'NoTrace',
      exitCode: isRefused ? ExitCode.refused : ExitCode.failed,
      hint: `${denied ? `it may be where AWS refused (${denied.detail ?? denied.what}); else ` : ''}${hintFor(reading)}`,
    },
  )
}

function hintFor({options: {ref, isWindowGiven}, all}: TraceReading): string {
  const elsewhere = all.length > 1 ? 'another region or account' : 'another region (--region all) or account'
  if (ref.traceId === null)
    return `${isWindowGiven ? 'it may be of another time,' : 'it may be older (--since 3d), of'} ${elsewhere}, or of a function that logs less`
  return `X-Ray keeps traces for 30 days, Lambda samples one request a second and 5 % of the others; it may be in ${elsewhere}`
}

/** Says what was searched for an id that carries no time. */
function noteSearch({searched, notes, options: {now, ...asked}}: TraceReading, at: number | null): void {
  if (at !== null || searched === null) return
  const {start, end} = searched
  const length = durationText(end - start)
  const isCut = asked.isWindowGiven && start > asked.start
  const were = end === now ? `of the last ${length} were searched` : `were searched ${stretchText(start, end)}`
  notes.add(
    isCut
      ? `the id carries no time: of the ${durationText(asked.end - asked.start)} that were asked for the last ${length} were searched, as it was there`
      : `the id carries no time: the logs ${were}`,
  )
}

/** `from 2026-11-20T13:00:00Z to 2026-11-20T14:00:00Z` */
const stretchText = (start: number, end: number): string => `from ${timeText(start)} to ${timeText(end)}`

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
