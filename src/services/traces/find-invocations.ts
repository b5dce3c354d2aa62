import {assembleInvocations} from '../logs/assemble-invocations.ts'
import {type ClosedWindow, readClosedWindow} from '../logs/closed-window.ts'
import type {Invocation} from '../logs/invocations.ts'
import type {LogEvent} from '../logs/log-event.ts'
import {longestRunMs} from '../logs/longest-run.ts'
import {compareEvents} from '../logs/order.ts'
import type {LogSource} from '../logs/source.ts'
import {addGap, addPages, createTally, gapByClass, type Tally} from '../logs/tally.ts'
import {understanding} from '../logs/view.ts'
import {stopSignal} from '../stop-signal.ts'

/** Where lines are looked for, and by what. */
export type LogSearch = {
  readonly sources: readonly LogSource[]
  /** epoch ms, both ends inclusive */
  readonly start: number
  readonly end: number
  /** ids: a line that holds any of them is found */
  readonly words: readonly string[]
}

export type FoundInvocations = {
  /** by start */
  readonly invocations: readonly Invocation[]
  /** lines found by a word, of log groups that are no function's */
  readonly others: readonly LogEvent[]
  /** there was more than is read */
  readonly isCut: boolean
}

type IsEnough = (events: readonly LogEvent[]) => boolean

/** FilterLogEvents takes patterns of at most 1,024 characters (its API reference) */
const mostPatternCharacters = 1_024
const mostHits = 20_000
const mostEvents = 50_000
const mostStretches = 60
/** FilterLogEvents reads at most so many streams by name */
const mostStreams = 100
/** what belongs to a request stands before its START by at most what an init may take */
const longestInitMs = 10_000
const trailingMs = 2_000

/**
 * Finds lines by the ids in them, and reads the executions that they are of whole: lines that do not name their request,
 * as a stack trace or what `print` writes, go with the START that they come after.
 * @param isEnough ends the search in all log groups at the first lines for which it says so; what was found by then is read whole,
 *   and log groups that could not be searched are no gaps then, any more than those that were not
 * @throws the signal's reason on abort; credentials that AWS does not take. Log groups that cannot be read become gaps of the tally.
 */
export async function findInvocations(
  search: LogSearch,
  tally: Tally,
  signal: AbortSignal,
  isEnough: IsEnough | null = null,
): Promise<FoundInvocations> {
  const {hits, isCut} = await findLines(search, tally, signal, isEnough)
  const ofFunctions = hits.filter(isOfFunction)
  const stretches = stretchesOf(ofFunctions)
  const read = stretches.slice(0, mostStretches)
  const whole = await Promise.all(read.map(stretch => readStretch(stretch, tally, signal)))
  const wanted = new Set(ofFunctions.map(({requestId}) => requestId?.toLowerCase()))
  const words = search.words.map(word => word.toLowerCase())
  const isWanted = ({requestId, events}: Invocation): boolean =>
    requestId !== null &&
    (wanted.has(requestId.toLowerCase()) ||
      events.some(({message}) => words.some(word => message.toLowerCase().includes(word))))
  return {
    invocations: whole
      .flatMap(({invocations}) => invocations)
      .filter(isWanted)
      .sort((a, b) => a.start - b.start),
    others: hits.filter(hit => !isOfFunction(hit)),
    isCut: isCut || stretches.length > read.length || whole.some(({isCut}) => isCut),
  }
}

const isOfFunction = ({version, kind}: LogEvent): boolean => version !== null || (kind !== 'app' && kind !== 'metric')

async function findLines(
  {sources, start, end, words}: LogSearch,
  tally: Tally,
  signal: AbortSignal,
  isEnough: IsEnough | null,
): Promise<{readonly hits: readonly LogEvent[]; readonly isCut: boolean}> {
  const searched = createTally(0)
  const readable = sources.filter(source => {
    const gap = gapByClass(source)
    if (gap) addGap(searched, gap)
    return gap === null
  })
  const hits = new Map<string, LogEvent>()
  let hasEnough = false
  const {stopped, stop} = stopSignal(signal)
  const read = async (some: readonly LogSource[], filterPattern: string): Promise<void> => {
    const understand = understanding()
    try {
      for await (const events of readClosedWindow(some, {start, end, filterPattern}, searched, stopped)) {
        const found = understand(events)
        for (const event of found) hits.set(keyOf(event), event)
        hasEnough ||= found.length > 0 && isEnough?.(found) === true
        if (hits.size >= mostHits || hasEnough) stop()
      }
    } catch (error) {
      if (!stopped.aborted || signal.aborted) throw error
    }
  }
  // read as one they would wait for each other, to come in order
  const apart = isEnough ? readable.map(source => [source]) : [readable]
  try {
    for (const pattern of patternsFor(words))
      if (!stopped.aborted) await Promise.all(apart.map(some => read(some, pattern)))
  } finally {
    stop()
  }
  signal.throwIfAborted()
  addPages(tally, searched)
  if (!hasEnough) for (const gap of searched.gaps) addGap(tally, gap)
  return {hits: [...hits.values()].sort(compareEvents), isCut: hits.size >= mostHits}
}

/** Any of the words must appear; as many patterns as that takes. */
function patternsFor(words: readonly string[]): readonly string[] {
  const patterns: string[] = []
  for (const word of new Set(words)) {
    const term = `?${JSON.stringify(word)}`
    const last = patterns.at(-1)
    if (last !== undefined && last.length + 1 + term.length <= mostPatternCharacters)
      patterns[patterns.length - 1] = `${last} ${term}`
    else patterns.push(term)
  }
  // one of one is a word that must appear
  return patterns.map(pattern => (pattern.includes(' ?') ? pattern : pattern.slice(1)))
}

const keyOf = ({source, logStream, timestamp, eventId, message}: LogEvent): string =>
  [source.scope.region, source.logGroup, logStream, timestamp, eventId ?? message].join('\n')

/** A stretch of time of one log group, and the streams of which it is to be read. */
type Stretch = {readonly source: LogSource; start: number; end: number; readonly logStreams: Set<string>}

/** Around each request that was found; what overlaps is read at once. */
function stretchesOf(hits: readonly LogEvent[]): readonly Stretch[] {
  const stretches = [...Map.groupBy(hits, ({source}) => source)].flatMap(([source, ofSource]) => {
    const requests = Map.groupBy(ofSource, ({logStream, requestId}) => `${logStream}\n${requestId ?? ''}`)
    const all = [...requests.values()].map(hits => stretchOf(source, hits)).sort((a, b) => a.start - b.start)
    const joined: Stretch[] = []
    for (const stretch of all) {
      const last = joined.at(-1)
      if (last && stretch.start <= last.end && last.logStreams.size < mostStreams) {
        last.end = Math.max(last.end, stretch.end)
        for (const logStream of stretch.logStreams) last.logStreams.add(logStream)
      } else joined.push(stretch)
    }
    return joined
  })
  return stretches.sort((a, b) => a.start - b.start)
}

function stretchOf(source: LogSource, hits: readonly LogEvent[]): Stretch {
  const times = hits.map(({timestamp}) => timestamp)
  const start = hits.find(({kind}) => kind === 'start')?.timestamp
  const report = hits.findLast(({kind}) => kind === 'report')
  const earliest = Math.min(...times)
  const began =
    start ??
    (report?.report
      ? Math.min(earliest, report.timestamp - Math.min(report.report.durationMs, longestRunMs) - 1_000)
      : earliest - longestRunMs)
  return {
    source,
    start: began - longestInitMs,
    end: report ? Math.max(...times) + trailingMs : Math.max(...times) + longestRunMs,
    logStreams: new Set(hits.map(({logStream}) => logStream)),
  }
}

async function readStretch(
  {source, start, end, logStreams}: Stretch,
  tally: Tally,
  signal: AbortSignal,
): Promise<{readonly invocations: readonly Invocation[]; readonly isCut: boolean}> {
  const understand = understanding()
  const assembler = assembleInvocations()
  const invocations: Invocation[] = []
  const window: ClosedWindow = {start, end, logStreamNames: [...logStreams]}
  let read = 0
  for await (const events of readClosedWindow([source], window, tally, signal)) {
    invocations.push(...understand(events).flatMap(event => assembler.push(event)))
    read += events.length
    if (read >= mostEvents) break
  }
  invocations.push(...assembler.flush())
  return {invocations, isCut: read >= mostEvents}
}
