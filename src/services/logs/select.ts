import type {Invocation} from './invocations.ts'
import {isAtLeast, worse} from './level.ts'
import type {Level, LogEvent} from './log-event.ts'
import {didFail} from './outcome.ts'
import {perStream} from './streams.ts'
import {traceIdIn} from './trace-id.ts'

/** What a reader asked to see; all of it must hold. */
export type Selection = {
  /** this level and worse */
  readonly level: Level | null
  /** any of them matches the message */
  readonly include: readonly RegExp[]
  /** none of them matches the message */
  readonly exclude: readonly RegExp[]
  readonly requestId: string | null
}

const maxRequestsPerStream = 1_000

/**
 * Makes the filter of single events; it must see all of them, in order, as a line without a level goes with the lines
 * before it (see `levelsInContext`).
 */
export function eventFilter(selection: Selection): (event: LogEvent) => boolean {
  const {level} = selection
  const levelInContext = level === null ? null : levelsInContext()
  const isSelected = messageFilter(selection)
  return event => {
    // first, and always: it remembers
    const isBadEnough = levelInContext === null || level === null || isAtLeast(levelInContext(event), level)
    return isBadEnough && isSelected(event)
  }
}

/** Makes the filter of whole invocations, by the same selection: one event that matches is enough, an excluded one is too much. */
export function invocationFilter(
  selection: Selection & {readonly traceId: string | null},
): (invocation: Invocation) => boolean {
  const {level, requestId} = selection
  const traceId = selection.traceId === null ? null : (traceIdIn(selection.traceId) ?? selection.traceId)
  const include = selection.include.map(stateless)
  const exclude = selection.exclude.map(stateless)

  return invocation => {
    const {events} = invocation
    if (requestId !== null && invocation.requestId?.toLowerCase() !== requestId.toLowerCase()) return false
    if (traceId !== null && invocation.traceId !== traceId && !events.some(event => event.traceId === traceId))
      return false
    if (level !== null && !isAtLeast(worstLevel(invocation), level)) return false
    if (events.some(({message}) => exclude.some(regexp => regexp.test(message)))) return false
    return include.length === 0 || events.some(({message}) => include.some(regexp => regexp.test(message)))
  }
}

/**
 * Gives each event the level it is filtered by: its own, or, where it has none:
 *
 * - a line of the application: the level of the line before it in the same request (a stack trace after its ERROR), or in
 *   the same stream where there are no requests; INFO before the first that has one
 * - a REPORT: ERROR where the invocation failed, whatever its lines said
 * - anything else: INFO, which is what Lambda's own records are
 */
function levelsInContext(): (event: LogEvent) => Level {
  /** by request: the level of its most recent line that has one */
  const streams = perStream<Map<string, Level>>(() => new Map())

  return ({source, logStream, requestId, kind, level, outcome}) => {
    const recent = streams.get(source, logStream)
    const request = requestId ?? ''
    if (kind === 'start' || kind === 'report') recent.delete(request)
    if (kind === 'report') return level ?? (outcome && didFail(outcome) ? 'ERROR' : 'INFO')
    if (level === null) return kind === 'app' ? (recent.get(request) ?? 'INFO') : 'INFO'
    if (recent.size >= maxRequestsPerStream && !recent.has(request)) recent.clear()
    recent.set(request, level)
    return level
  }
}

function messageFilter(selection: Selection): (event: LogEvent) => boolean {
  const include = selection.include.map(stateless)
  const exclude = selection.exclude.map(stateless)
  const requestId = selection.requestId?.toLowerCase() ?? null
  return ({message, requestId: id}) =>
    (requestId === null || id?.toLowerCase() === requestId) &&
    (include.length === 0 || include.some(regexp => regexp.test(message))) &&
    !exclude.some(regexp => regexp.test(message))
}

function worstLevel({events, outcome}: Invocation): Level {
  const said = events.reduce<Level | null>((worst, {level}) => worse(worst, level), null)
  return (didFail(outcome) ? worse(said, 'ERROR') : said) ?? 'INFO'
}

/** A global or sticky expression goes on from where it last matched; a filter must not. */
function stateless(regexp: RegExp): RegExp {
  return new RegExp(regexp.source, regexp.flags.replaceAll(/[gy]/g, ''))
}
