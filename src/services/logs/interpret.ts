import {type Attribution, attribute} from './attribute.ts'
import type {LogEvent, Meaning, Outcome, SourcedEvent} from './log-event.ts'
import {readMeaning} from './message.ts'
import {type Evidence, noteEvidence, outcomeOf} from './outcome.ts'
import {perStream} from './streams.ts'
import {isUuidAt} from './text-prefix.ts'

type Proof = {readonly requestId: string; readonly evidence: Set<Evidence>}

type OpenRequest = {readonly traceId: string | null; readonly evidence: Set<Evidence>}

type StreamState = {
  readonly attribution: Attribution
  /** requests between their START and their END or REPORT, each with its trace id where START named it */
  readonly open: Map<string, OpenRequest>
  /** the one that ended last: its report is still to come */
  ended: Proof | null
  /** what lines that name their request prove of one whose START was not read */
  headless: Proof | null
  /** the one among them that lines without a request id belong to */
  serving: string | null
  /** true once two requests were open at a time: an environment of Lambda Managed Instances serves many at once */
  interleaves: boolean
}

// far above the concurrency of any environment: a guard against streams whose END lines a filter takes away
const maxOpen = 1_000

/**
 * Makes the function that gives events their meaning, one after the other in the order in which they are read. A line
 * that names no request belongs to the request its stream is serving, from START to END or REPORT; where a stream
 * serves several at a time nobody can tell, and it stays null, as it does for init lines.
 * What START says of the trace holds for the request's other lines. Memory is bounded.
 */
export function interpreter(): (event: SourcedEvent) => LogEvent {
  const streams = perStream<StreamState>((source, logStream) => ({
    attribution: attribute(source, logStream),
    open: new Map(),
    ended: null,
    headless: null,
    serving: null,
    interleaves: false,
  }))

  return event => {
    const stream = streams.get(event.source, event.logStream)
    const meaning = readMeaning(event.message)
    const requestId = requestOf(meaning, stream.serving)
    const open = requestId === null ? undefined : stream.open.get(requestId)
    if (requestId !== null && meaning.level !== null)
      noteEvidence(open?.evidence ?? headlessEvidence(stream, requestId), {
        ...meaning,
        requestId,
        message: event.message,
      })
    const outcome = meaning.report ? outcomeOf(evidenceFor(stream, requestId), meaning.report) : undefined
    if (meaning.kind !== 'app') follow(stream, meaning, event.message)
    return interpreted(event, meaning, stream.attribution, requestId, meaning.traceId ?? open?.traceId ?? null, outcome)
  }
}

function requestOf({kind, requestId}: Meaning, serving: string | null): string | null {
  if (serving === null || kind === 'init' || kind === 'restore') return requestId
  if (requestId === null) return serving
  // an id that Lambda does not make, such as API Gateway's, in a line of the request being served
  return kind === 'app' && requestId !== serving && !isUuidAt(requestId, 0) && isUuidAt(serving, 0)
    ? serving
    : requestId
}

const noEvidence: ReadonlySet<Evidence> = new Set()

function evidenceFor({open, ended, headless}: StreamState, requestId: string | null): ReadonlySet<Evidence> {
  if (requestId === null) return noEvidence
  const proof = [ended, headless].find(proof => proof?.requestId === requestId)
  return open.get(requestId)?.evidence ?? proof?.evidence ?? noEvidence
}

function headlessEvidence(stream: StreamState, requestId: string): Set<Evidence> {
  if (stream.headless?.requestId !== requestId) stream.headless = {requestId, evidence: new Set()}
  return stream.headless.evidence
}

function follow(stream: StreamState, {kind, requestId, traceId}: Meaning, message: string): void {
  const {open} = stream
  if (kind === 'start' && requestId !== null) {
    if (open.size > 0 && !open.has(requestId)) stream.interleaves = true
    if (open.size >= maxOpen) open.clear()
    open.set(requestId, {traceId, evidence: new Set()})
    stream.serving = stream.interleaves ? null : requestId
  } else if ((kind === 'end' || kind === 'report') && requestId !== null) {
    // the report stands after END and names its request itself
    const request = open.get(requestId)
    stream.ended = kind === 'end' && request ? {requestId, evidence: request.evidence} : null
    open.delete(requestId)
    if (stream.serving === requestId) stream.serving = null
  } else if (kind === 'init' && isInitStart(message)) {
    // a new environment in the same stream: what the one before it was serving is over
    open.clear()
    stream.serving = null
    stream.interleaves = false
  }
}

function isInitStart(message: string): boolean {
  return (
    message.startsWith('INIT_START') || (message.charCodeAt(0) === 0x7b && message.includes('"platform.initStart"'))
  )
}

function interpreted(
  event: SourcedEvent,
  {kind, level, report}: Meaning,
  {function: functionRef, version}: Attribution,
  requestId: string | null,
  traceId: string | null,
  outcome: Outcome | undefined,
): LogEvent {
  const {source, logStream, timestamp, ingestionTime, eventId, message, late} = event
  const plain = {
    source,
    logStream,
    timestamp,
    ingestionTime,
    function: functionRef,
    version,
    requestId,
    traceId,
    level,
    kind,
    message,
    eventId,
    late,
  }
  return report ? {...plain, report, ...(outcome && {outcome})} : plain
}
