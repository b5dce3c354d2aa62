import type {LogEvent, Outcome, Report} from './log-event.ts'
import {type Evidence, noteEvidence, outcomeOf} from './outcome.ts'
import type {FunctionRef, LogSource} from './source.ts'

/** One execution of a function with its whole log; see `slsops/invocation@1` in the docs for the JSON form. */
export type Invocation = {
  readonly source: LogSource
  readonly logStream: string
  readonly function: FunctionRef | null
  readonly version: string | null
  /** null for an environment that failed in its init phase and never served a request */
  readonly requestId: string | null
  readonly traceId: string | null
  /** epoch ms of START, or of the first line where START was not read */
  readonly start: number
  /** epoch ms of REPORT, or of the last line where there is none */
  readonly end: number
  readonly outcome: Outcome
  readonly coldStart: boolean
  readonly report: Report | null
  /** init lines, START, then the others as they came */
  readonly events: readonly LogEvent[]
  /** how many events in the middle of a very long log were not kept */
  readonly eventsDropped: number
}

/** An invocation while its events come in. */
export type InvocationLog = {
  readonly requestId: string
  readonly firstAt: number
  lastAt: number
  /** init lines and others that stand before START */
  readonly preamble: LogEvent[]
  start: LogEvent | null
  report: LogEvent | null
  /** START and the first events, and the most recent ones beyond them */
  readonly first: LogEvent[]
  recent: LogEvent[]
  dropped: number
  traceId: string | null
  readonly evidence: Set<Evidence>
}

export function newInvocationLog(requestId: string, firstAt: number): InvocationLog {
  return {
    requestId,
    firstAt,
    lastAt: firstAt,
    preamble: [],
    start: null,
    report: null,
    first: [],
    recent: [],
    dropped: 0,
    traceId: null,
    evidence: new Set(),
  }
}

/** How many events it holds. */
export function sizeOf({preamble, first, recent}: InvocationLog): number {
  return preamble.length + first.length + recent.length
}

export function addPreamble(log: InvocationLog, events: readonly LogEvent[]): void {
  for (const event of events) noteEvidence(log.evidence, event)
  log.preamble.push(...events)
}

/** Adds an event. START goes first: Python's JSON lines bear whole seconds, and so sort before the START they come after. */
export function addEvent(log: InvocationLog, event: LogEvent, maxEvents: number): void {
  const {kind, traceId} = event
  noteEvidence(log.evidence, event)
  log.lastAt = Math.max(log.lastAt, event.timestamp)
  // what the platform says goes before what a logger says
  if (traceId !== null && (log.traceId === null || kind === 'start' || kind === 'report')) log.traceId = traceId
  if (kind === 'report') log.report = event
  if (kind === 'start') {
    log.start = event
    log.first.unshift(event)
  } else if (log.first.length < firstKept(maxEvents)) log.first.push(event)
  else log.recent.push(event)
  // cut by half, so that an event is moved once at most
  if (log.recent.length > 2 * (maxEvents - firstKept(maxEvents))) trim(log, maxEvents)
}

export function toInvocation(log: InvocationLog, source: LogSource, logStream: string, maxEvents: number): Invocation {
  trim(log, maxEvents)
  const events = [...log.preamble, ...log.first, ...log.recent]
  const report = log.report?.report ?? null
  return {
    source,
    logStream,
    function: events[0]?.function ?? null,
    version: events[0]?.version ?? null,
    requestId: log.requestId,
    traceId: log.traceId,
    start: log.start?.timestamp ?? log.firstAt,
    end: log.report?.timestamp ?? log.lastAt,
    outcome: outcomeOf(log.evidence, report),
    coldStart: isColdStart(report, log.preamble),
    report,
    events,
    eventsDropped: log.dropped,
  }
}

/** An environment that failed in its init phase before any request came; null when these lines do not say so. */
export function failedInit(preamble: readonly LogEvent[], source: LogSource, logStream: string): Invocation | null {
  const [first] = preamble
  const last = preamble.at(-1)
  const evidence = new Set<Evidence>()
  for (const event of preamble) noteEvidence(evidence, event)
  if (!first || !last || !evidence.has('init-error')) return null
  return {
    source,
    logStream,
    function: first.function,
    version: first.version,
    requestId: null,
    traceId: null,
    start: first.timestamp,
    end: last.timestamp,
    outcome: 'init-error',
    coldStart: true,
    report: null,
    events: [...preamble],
    eventsDropped: 0,
  }
}

/** By the report, or by the init lines before START: a suppressed init (one that had to run again) is in no report. */
function isColdStart(report: Report | null, preamble: readonly LogEvent[]): boolean {
  const {initDurationMs = 0, restoreDurationMs} = report ?? {}
  return initDurationMs > 0 || restoreDurationMs !== undefined || preamble.some(isPhase)
}

export function isPhase({kind}: LogEvent): boolean {
  return kind === 'init' || kind === 'restore'
}

function firstKept(maxEvents: number): number {
  return Math.ceil(maxEvents / 4)
}

function trim(log: InvocationLog, maxEvents: number): void {
  const most = maxEvents - firstKept(maxEvents)
  if (log.recent.length <= most) return
  log.dropped += log.recent.length - most
  log.recent = log.recent.slice(-most)
}
