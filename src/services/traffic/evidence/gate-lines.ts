import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {SourcedEvent} from '../../logs/log-event.ts'
import {readMeaning} from '../../logs/message.ts'
import type {LogSource} from '../../logs/source.ts'
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
/** what FilterLogEvents takes */
const mostStreams = 100

/** How many invocations logged what the pattern finds, each once, by the minute in which it began as far as that is known. */
export type GateLines = Readonly<Record<Side, ByMinute>>

export type GateLineReader = {
  /** @throws the signal's reason on abort, or a bug */
  read(signal: AbortSignal): Promise<Known<GateLines>>
}

/** An invocation that logged it. */
type Match = {readonly side: Side; readonly minute: number}

type Matches = Map<string, Match>

type Line = {
  readonly logStream: string
  readonly timestamp: number
  readonly requestId: string | null
  readonly side: Side | 'untold'
}

/**
 * Counts invocations by the lines of a function's log that a pattern finds, of two of its versions. A line is of the invocation
 * that its stream was serving: many name no request, or one of another service.
 * @param since epoch ms of a minute
 * @param pattern a CloudWatch filter pattern
 */
export function gateLineReader(aws: Aws, watched: Watched, since: number, pattern: string): GateLineReader {
  const source = logOf(aws, watched)
  /** of what was logged before `from` */
  const kept: Matches = new Map()
  /** of those that nothing more can be logged of */
  const over: Record<Side, Map<number, number>> = {canary: new Map(), baseline: new Map()}
  let from = since

  return {
    async read(signal) {
      if (source === null) return noLogGroup
      const now = aws.clock.now()
      const lines: Line[] = []
      const take = (event: SourcedEvent): void => {
        const {logStream, timestamp, message} = event
        const side = sideOfStream(source, watched, logStream)
        if (side !== null) lines.push({logStream, timestamp, requestId: readMeaning(message).requestId, side})
      }
      const read = await readLines(source, {start: from, end: now, pattern}, all => all.forEach(take), signal)
      if (!isKnown(read)) return read
      const starts = await readStarts(source, watched, lines, signal)
      if (!isKnown(starts)) return starts
      const next = Math.max(from, now - settledMs)
      const fresh: Matches = new Map()
      for (const line of lines) {
        const match = matchOf(line, starts.value.get(line.logStream))
        if (match === null || match.minute < since) continue
        if (line.timestamp < next) addMatch(kept, match)
        else addMatch(fresh, match)
      }
      from = next
      const counts = countsOf(over, [...kept.values(), ...notIn(kept, fresh)])
      for (const [id, match] of kept) {
        if (match.minute + minuteMs + watched.timeoutSeconds * 1000 > next) continue
        countMatch(over, match)
        kept.delete(id)
      }
      return {value: counts}
    },
  }
}

/** Where an invocation began. */
type Start = {readonly at: number; readonly requestId: string; readonly side: Side | null}

/** Those of a log stream, in the order of time. */
type StreamStarts = {readonly ordered: Start[]; readonly byId: Map<string, Start>}

/** The invocations that began in the streams of some lines, by stream. */
async function readStarts(
  source: LogSource,
  watched: Watched,
  lines: readonly Line[],
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, StreamStarts>>> {
  const starts = new Map<string, StreamStarts>(lines.map(({logStream}) => [logStream, {ordered: [], byId: new Map()}]))
  if (lines.length === 0) return {value: starts}
  const times = lines.map(({timestamp}) => timestamp)
  const take = ({logStream, timestamp, message}: SourcedEvent): void => {
    const {kind, requestId} = readMeaning(message)
    const ofStream = starts.get(logStream)
    if (kind !== 'start' || requestId === null || !ofStream) return
    const start = {at: timestamp, requestId, side: sideOf(watched, versionStarted(message))}
    ofStream.ordered.push(start)
    ofStream.byId.set(requestId, start)
  }
  const logStreamNames = [...starts.keys()]
  const read = await readLines(
    source,
    {
      start: times.reduce((a, b) => Math.min(a, b)) - watched.timeoutSeconds * 1000,
      end: times.reduce((a, b) => Math.max(a, b)),
      pattern: startTerms,
      ...(logStreamNames.length <= mostStreams && {logStreamNames}),
    },
    all => all.forEach(take),
    signal,
  )
  for (const {ordered} of starts.values()) ordered.sort((a, b) => a.at - b.at)
  return isKnown(read) ? {value: starts} : read
}

/** The invocation that a line is of: that which it names, or which began last before it in its stream. */
function matchOf(
  {logStream, timestamp, requestId, side}: Line,
  starts: StreamStarts | undefined,
): (Match & {readonly id: string}) | null {
  const start = starts?.byId.get(requestId ?? '') ?? lastBefore(starts?.ordered ?? [], timestamp)
  const its = side === 'untold' ? (start?.side ?? null) : side
  if (its === null) return null
  // what stands before the first invocation is of an environment that came to none: it counts once
  const id = start?.requestId ?? requestId ?? logStream
  return {id: `${its} ${id}`, side: its, minute: Math.floor((start?.at ?? timestamp) / minuteMs) * minuteMs}
}

function lastBefore(ordered: readonly Start[], timestamp: number): Start | undefined {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ordered[middle]?.at ?? 0) <= timestamp) low = middle + 1
    else high = middle
  }
  return ordered[low - 1]
}

function addMatch(into: Matches, {id, side, minute}: Match & {readonly id: string}): void {
  const known = into.get(id)
  if (!known || known.minute > minute) into.set(id, {side, minute})
}

const notIn = (kept: Matches, fresh: Matches): readonly Match[] =>
  [...fresh].flatMap(([id, match]) => (kept.has(id) ? [] : [match]))

function countsOf(over: GateLines, matches: readonly Match[]): GateLines {
  const counts = {canary: new Map(over.canary), baseline: new Map(over.baseline)}
  for (const match of matches) countMatch(counts, match)
  return counts
}

function countMatch(into: Record<Side, Map<number, number>>, {side, minute}: Match): void {
  into[side].set(minute, (into[side].get(minute) ?? 0) + 1)
}
