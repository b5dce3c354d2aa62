import type {Invocation} from '../services/logs/invocations.ts'
import type {Marker, MarkerFeed} from '../services/logs/markers/marker-feed.ts'
import type {LogItem, OpenedLogs} from '../services/logs/opened-logs.ts'
import type {PickedEvent} from '../services/logs/view.ts'
import type {Receipt} from '../services/receipt.ts'
import {invocationFormatter} from './invocation-block.ts'
import {invocationJsonLines, logJsonLines, receiptJson} from './json-lines.ts'
import {type LogLineOptions, logFormatter} from './log-line.ts'
import {markerFormatter} from './marker-line.ts'
import {paletteFor} from './palette.ts'
import {estimateText, planJson, plannedRead, planText} from './read-plan-text.ts'
import type {ReadingState} from './reading.tsx'
import {readingState} from './reading-state.ts'
import {readingHeader, receiptText} from './receipt-text.ts'
import type {Terminal} from './terminal.ts'

export type LogScreenOptions = Omit<LogLineOptions, 'sources' | 'reader'> & {
  readonly logs: OpenedLogs
  readonly byRequest: boolean
  readonly json: boolean
  readonly raw: boolean
  readonly windowText: string
  /** what happened to the functions shown; null where that is not wanted */
  readonly markers: MarkerFeed | null
}

/** How logs are shown: each item as text with its line end, and what goes to stderr around them. */
export type LogScreen = {
  draw(item: LogItem): string
  /** markers that no later item stands behind, up to a time */
  drawMarkers(upTo: number): string
  /** the same as `slsops/log@1` lines, to be replayed */
  record(item: LogItem): string
  header(terminal: Terminal): string
  plan(): string
  /** what it will take, in a sentence: `about 198 MB scanned by Logs Insights, $0.60, 12 s` */
  estimate(): string
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  /** the last line of what is recorded */
  recordReceipt(receipt: Receipt | null): string
  /** how far a read is that cannot show anything yet */
  reading(now: number): ReadingState
}

export function logScreen(options: LogScreenOptions): LogScreen {
  const {logs, json, windowText, markers} = options
  const {plan, scopes} = logs
  const draw = drawer(options)
  const drawMarker = markerFormatter(options.terminal, options.clock)
  const marked = (due: readonly Marker[], text: string): string => due.map(drawMarker).join('') + text
  const markedBefore = (feed: MarkerFeed, item: LogItem): readonly Marker[] => {
    const {function: owner, version, source} = item
    const timestamp = 'events' in item ? item.start : item.timestamp
    return feed.before({timestamp, function: owner, version, region: source.scope.region})
  }
  return {
    // a million events pass here where there are no markers
    draw: markers === null ? draw : item => marked(markedBefore(markers, item), draw(item)),
    drawMarkers: upTo => marked(markers?.upTo(upTo) ?? [], ''),
    record: recorder(),
    header: terminal =>
      readingHeader({...plannedRead(plan), window: windowText, scopes, logGroups: logs.groups}, terminal),
    plan: () => (plan === null ? '' : json ? planJson(plan) : planText(plan)),
    estimate: () => (plan === null ? '' : estimateText(plan)),
    receipt: (receipt, terminal) =>
      receipt === null ? '' : json ? receiptJson(receipt, scopes) : receiptText(receipt, scopes, terminal),
    recordReceipt: receipt => (receipt === null ? '' : receiptJson(receipt, scopes)),
    reading: now => readingState(logs, now),
  }
}

function drawer({logs, byRequest, json, raw, ...rest}: LogScreenOptions): (item: LogItem) => string {
  const lineOptions = {...rest, sources: logs.sources, reader: logs.reader}
  if (byRequest) {
    const draw = json ? invocationJsonLines() : raw ? rawInvocation : invocationFormatter(lineOptions)
    return item => draw(item as Invocation)
  }
  const draw = json
    ? pickedJson(logJsonLines())
    : raw
      ? rawEvent
      : grouped(pickedText(logFormatter(lineOptions)), rest.terminal)
  return item => draw(item as PickedEvent)
}

function recorder(): (item: LogItem) => string {
  const line = logJsonLines()
  return item => ('events' in item ? item.events.map(line).join('') : line(item))
}

/** The message's bytes, each message on lines of its own. */
const rawEvent = (event: PickedEvent): string =>
  withLineEnd(event.picked === undefined ? event.message : pickedAsText(event.picked))

const rawInvocation = ({events}: Invocation): string => events.map(({message}) => withLineEnd(message)).join('')

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

const pickedJson =
  (line: (event: PickedEvent) => string) =>
  (event: PickedEvent): string =>
    event.picked === undefined ? line(event) : `${line(event).slice(0, -2)},"picked":${JSON.stringify(event.picked)}}\n`

const pickedText =
  (line: (event: PickedEvent) => string) =>
  (event: PickedEvent): string =>
    event.picked === undefined ? line(event) : line({...event, kind: 'app', message: pickedAsText(event.picked)})

/** Draws a line as grep does where groups of matches do not touch. */
function grouped(line: (event: PickedEvent) => string, terminal: Terminal): (event: PickedEvent) => string {
  const separator = `${paletteFor(terminal).tone('dim', '--')}\n`
  let isDue = false
  return event => {
    isDue ||= event.isAfterGap === true
    const text = line(event)
    // what only frames an invocation is not drawn
    if (!isDue || text === '') return text
    isDue = false
    return separator + text
  }
}

const pickedAsText = (picked: unknown): string => (typeof picked === 'string' ? picked : JSON.stringify(picked))
