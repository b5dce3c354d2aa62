import type {Aws} from '../aws/connect.ts'
import type {LogEvent} from '../logs/log-event.ts'
import {distinctGaps} from '../receipt.ts'
import type {SelectionWords} from '../targets/parse-target.ts'
import {assembleTrace} from './assemble-trace.ts'
import {findTrace} from './find-trace.ts'
import {followLinks} from './follow-links.ts'
import {joinLogs} from './join-logs.ts'
import {knownPeople} from './known-people.ts'
import {withLoggedCauses} from './logged-causes.ts'
import {type Redaction, redactEvent, redactTrace} from './redact.ts'
import type {FetchedTrace} from './span.ts'
import type {Trace} from './trace.ts'
import {createTraceReading, type TraceReading} from './trace-reading.ts'
import type {TraceRef} from './trace-ref.ts'
import type {TraceReport} from './trace-report.ts'

export type ReadTraceOptions = {
  readonly ref: TraceRef
  /** epoch ms: where it is looked for what has no time of its own, and for logs */
  readonly start: number
  readonly end: number
  readonly now: number
  /** whether the window was asked for: then nothing is looked for outside it */
  readonly isWindowGiven: boolean
  readonly redaction: Redaction
  /** neither its links nor log lines are wanted */
  readonly isAlone?: boolean
  /** takes what is done next, as `asking X-Ray` */
  readonly onStep?: (doing: string) => void
  /** takes what to know before it goes on, as that it will take long */
  readonly onNotice?: (notice: string) => void
}

/**
 * Finds a trace, the traces it is linked with and the log lines of its functions.
 * @param words the functions and log groups that logs are searched in; all where there are none
 * @throws UserError (exit 1) where it is nowhere, with where it was looked
 */
export async function readTrace(
  all: readonly Aws[],
  words: SelectionWords,
  options: ReadTraceOptions,
  signal: AbortSignal,
): Promise<TraceReport> {
  const reading = createTraceReading(all, words, options, signal)
  const people = options.redaction === 'all' ? knownPeople() : null
  const assemble = (fetched: FetchedTrace): Trace => {
    people?.addTrace(fetched)
    return assembleTrace(redactTrace(fetched, options.redaction))
  }
  const [found, scopes] = await Promise.all([findTrace(reading), reading.scopes()])
  const trace = assemble(found.fetched)
  const linked = options.isAlone ? [] : await followLinks(reading, trace, assemble)
  const traces = options.isAlone ? [] : [trace, ...linked.flatMap(({trace}) => trace ?? [])]
  const {logs, versions} = await joinLogs(reading, traces, found.invocations)
  for (const events of logs.values()) people?.addEvents(events)
  const shown = (one: Trace): Trace => {
    const explained = withLoggedCauses(one, logs, options.redaction)
    return people?.hiddenInTrace(explained) ?? explained
  }
  const shownEvent = (event: LogEvent): LogEvent => {
    const redacted = redactEvent(event, options.redaction)
    return people?.hiddenInEvent(redacted) ?? redacted
  }
  return {
    coverage: {window: windowOf(reading, trace), scopes, gaps: distinctGaps([...reading.gaps, ...reading.tally.gaps])},
    asked: {...options.ref, sampled: found.sampled},
    trace: shown(trace),
    linked: linked.map(link => ({...link, trace: link.trace && shown(link.trace)})),
    logs: new Map([...logs].map(([key, events]) => [key, events.map(shownEvent)])),
    versions,
    notes: [...reading.notes],
  }
}

/** What was searched, and what the trace itself takes. */
function windowOf({searched}: TraceReading, {start, end}: Trace): {readonly start: number; readonly end: number} {
  return {start: Math.min(start, searched?.start ?? start), end: Math.max(end, searched?.end ?? end)}
}
