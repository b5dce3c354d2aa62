import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {candidatePattern} from '../../errors/candidates.ts'
import {interpreter} from '../../logs/interpret.ts'
import type {LogEvent, SourcedEvent} from '../../logs/log-event.ts'
import {didFail} from '../../logs/outcome.ts'
import {addDuration, addTally, type DurationTally} from './duration-tally.ts'
import type {Watched} from './evidence.ts'
import type {ByMinute} from './minute-book.ts'
import {
  logOf,
  noLogGroup,
  readLines,
  type Side,
  settledMs,
  sideOf,
  sideOfStream,
  startTerms,
  versionStarted,
} from './watched-log.ts'

const minuteMs = 60_000
/** what proves a failure stands before the report, at most as long as an invocation takes and its extensions after it */
const extensionsMs = 5_000

/** reports, where invocations begin, and the lines that tell a failure where a text report does not */
const pattern = `${candidatePattern({warnings: false, reports: true})} ${startTerms}`

/** What the reports of a version tell, by the minute in which the invocations began. */
export type VersionReports = {
  readonly calls: ByMinute
  readonly errors: ByMinute
  /** above the threshold */
  readonly slow: ByMinute
  readonly durations: DurationTally
}

export type ReportCounts = Readonly<Record<Side, VersionReports>>

type Noted = {
  readonly calls: Map<number, number>
  readonly errors: Map<number, number>
  readonly slow: Map<number, number>
  readonly durations: DurationTally
}

const nothing = (): Record<Side, Noted> => ({canary: none(), baseline: none()})
const none = (): Noted => ({calls: new Map(), errors: new Map(), slow: new Map(), durations: new Map()})

export type ReportReader = {
  /**
   * All invocations that began since and are over.
   * @throws the signal's reason on abort, or a bug
   */
  read(signal: AbortSignal): Promise<Known<ReportCounts>>
}

/**
 * Counts a function's invocations by the reports in its log, of two of its versions, however they were called: a log does not
 * tell an alias. Reports are dated back to when their invocation began, as CloudWatch dates its metrics.
 * @param since epoch ms of a minute
 */
export function reportReader(aws: Aws, watched: Watched, since: number): ReportReader {
  const source = logOf(aws, watched)
  const kept = nothing()
  /** of what was logged before, all is kept */
  let from = since

  return {
    async read(signal) {
      if (source === null) return noLogGroup
      const now = aws.clock.now()
      const next = Math.max(from, now - settledMs)
      const [settled, fresh] = [nothing(), nothing()]
      const interpret = interpreter()
      const begun = new Map<string, {readonly at: number; readonly side: Side | null}>()

      const take = (event: SourcedEvent): void => {
        const line = interpret(event)
        const {kind, requestId, report, timestamp} = line
        if (requestId === null) return
        if (kind === 'start') begun.set(requestId, {at: timestamp, side: sideOf(watched, versionStarted(line.message))})
        if (kind !== 'report' || !report || timestamp < from) return
        const start = begun.get(requestId)
        begun.delete(requestId)
        const named = sideOfStream(source, watched, line.logStream)
        const side = named === 'untold' ? (start?.side ?? null) : named
        const at = start?.at ?? timestamp - report.durationMs
        if (side !== null && at >= since) note((timestamp < next ? settled : fresh)[side], line, at, watched.slowMs)
      }
      const start = Math.max(since, from - watched.timeoutSeconds * 1000 - extensionsMs)
      const read = await readLines(source, {start, end: now, pattern}, lines => lines.forEach(take), signal)
      if (!isKnown(read)) return read
      addAll(kept, settled)
      from = next
      addAll(fresh, kept)
      return {value: fresh}
    },
  }
}

function note(into: Noted, {report, outcome = 'unknown'}: LogEvent, at: number, slowMs: number | null): void {
  if (!report) return
  const minute = Math.floor(at / minuteMs) * minuteMs
  addOne(into.calls, minute)
  if (didFail(outcome)) addOne(into.errors, minute)
  if (slowMs !== null && report.durationMs > slowMs) addOne(into.slow, minute)
  addDuration(into.durations, report.durationMs)
}

const addOne = (into: Map<number, number>, minute: number): void => void into.set(minute, (into.get(minute) ?? 0) + 1)

function addAll(into: Record<Side, Noted>, other: Record<Side, Noted>): void {
  for (const side of ['canary', 'baseline'] as const) {
    const [to, of] = [into[side], other[side]]
    for (const what of ['calls', 'errors', 'slow'] as const)
      for (const [minute, count] of of[what]) to[what].set(minute, (to[what].get(minute) ?? 0) + count)
    addTally(to.durations, of.durations)
  }
}
