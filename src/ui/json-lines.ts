import type {UserError} from '../errors.ts'
import type {Scope} from '../services/aws/scope.ts'
import type {Invocation} from '../services/logs/invocations.ts'
import type {LogEvent, Report} from '../services/logs/log-event.ts'
import type {FunctionRef, LogSource} from '../services/logs/source.ts'
import type {Receipt} from '../services/receipt.ts'
import {isoClock} from './iso-clock.ts'

/**
 * Writes events as `slsops/log@1` lines, each with its line end. Built by hand, because this is what a million events
 * pass through: what a stream's events share is quoted once, and only texts that may hold anything are escaped anew.
 */
export function logJsonLines(): (event: LogEvent) => string {
  const eventTime = isoClock()
  const ingestionTime = isoClock()
  const shared = sharedText()

  return event => {
    const {eventId, report} = event
    return `{"schema":"slsops/log@1","timestamp":"${eventTime(event.timestamp)}","ingestionTime":"${ingestionTime(event.ingestionTime)}"${shared(event)},"requestId":${JSON.stringify(event.requestId)},"traceId":${event.traceId === null ? 'null' : JSON.stringify(event.traceId)},"level":${event.level === null ? 'null' : `"${event.level}"`},"kind":"${event.kind}","message":${JSON.stringify(event.message)},"eventId":${JSON.stringify(eventId)},"late":${event.late}${report === undefined ? '' : `,"report":${reportText(report)}`}}\n`
  }
}

/** Writes invocations as `slsops/invocation@1` lines; `events` are whole `slsops/log@1` objects. */
export function invocationJsonLines(): (invocation: Invocation) => string {
  const iso = isoClock()
  const logLine = logJsonLines()
  return invocation => {
    const {source, version, requestId, traceId, outcome, coldStart, report, eventsDropped} = invocation
    const head = JSON.stringify({
      schema: 'slsops/invocation@1',
      account: source.scope.account,
      region: source.scope.region,
      function: invocation.function?.name ?? null,
      functionArn: invocation.function?.arn ?? null,
      version,
      requestId,
      traceId,
      start: iso(invocation.start),
      end: iso(invocation.end),
      outcome,
      coldStart,
      report: report ? ordered(report) : null,
    })
    const events = invocation.events.map(event => logLine(event).trimEnd()).join(',')
    // more than anybody reads of one invocation is not kept; that is said, not hidden
    return `${head.slice(0, -1)},"events":[${events}]${eventsDropped > 0 ? `,"eventsDropped":${eventsDropped}` : ''}}\n`
  }
}

/** The receipt of a read as one `slsops/receipt@1` line. */
export function receiptJson(receipt: Receipt, scope: readonly Scope[]): string {
  const {window, traces, ...rest} = receipt
  const iso = isoClock()
  return `${JSON.stringify({
    schema: 'slsops/receipt@1',
    window: {start: iso(window.start), end: window.end === null ? null : iso(window.end)},
    scope,
    ...rest,
  })}\n`
}

/** Something to know that is not the answer, as one `slsops/notice@1` line. */
export function noticeJson(message: string): string {
  return `${JSON.stringify({schema: 'slsops/notice@1', message: message.trimEnd()})}\n`
}

/** Why a command failed, as one `slsops/error@1` line. */
export function errorJson({
  code,
  message,
  hint,
  exitCode,
}: Pick<UserError, 'code' | 'message' | 'hint' | 'exitCode'>): string {
  return `${JSON.stringify({schema: 'slsops/error@1', code, message, hint: hint ?? null, exitCode})}\n`
}

// Streams come and go by the thousand while following; what is forgotten is made anew.
const mostStreams = 2_000

type Shared = {readonly function: FunctionRef | null; readonly version: string | null; readonly text: string}

/** `,"account":…` up to `"version":…`: the same for all events of a stream, as a rule. */
function sharedText(): (event: LogEvent) => string {
  const ofSource = new WeakMap<LogSource, Map<string, Shared>>()

  return event => {
    const ofStream = ofSource.get(event.source) ?? new Map<string, Shared>()
    const known = ofStream.get(event.logStream)
    if (known && known.function === event.function && known.version === event.version) return known.text

    const text = `,${JSON.stringify(originOf(event)).slice(1, -1)}`
    if (ofStream.size >= mostStreams) ofStream.clear()
    ofStream.set(event.logStream, {function: event.function, version: event.version, text})
    ofSource.set(event.source, ofStream)
    return text
  }
}

function originOf({source, logStream, function: owner, version}: LogEvent) {
  const {account, region} = source.scope
  return {
    account,
    region,
    logGroup: source.logGroup,
    logStream,
    function: owner?.name ?? null,
    functionArn: owner?.arn ?? null,
    version,
  }
}

function reportText(report: Report): string {
  return JSON.stringify(ordered(report))
}

/** A report in the documented order of its keys; what it lacks stays away. */
function ordered(report: Report) {
  return {
    durationMs: report.durationMs,
    billedDurationMs: report.billedDurationMs,
    memorySizeMB: report.memorySizeMB,
    maxMemoryUsedMB: report.maxMemoryUsedMB,
    initDurationMs: report.initDurationMs,
    restoreDurationMs: report.restoreDurationMs,
    billedRestoreDurationMs: report.billedRestoreDurationMs,
    status: report.status,
    errorType: report.errorType,
  }
}
