import type {Invocation} from '../services/logs/invocations.ts'
import type {LogItem, OpenedLogs} from '../services/logs/open-logs.ts'
import type {PickedEvent} from '../services/logs/view.ts'
import type {Receipt} from '../services/receipt.ts'
import {invocationFormatter} from './invocation-block.ts'
import {invocationJsonLines, logJsonLines, receiptJson} from './json-lines.ts'
import {type LogLineOptions, logFormatter} from './log-line.ts'
import type {ReadingState} from './reading.tsx'
import {readingHeader, receiptText} from './receipt-text.ts'
import type {Terminal} from './terminal.ts'

export type LogScreenOptions = Omit<LogLineOptions, 'sources' | 'reader'> & {
  readonly logs: OpenedLogs
  readonly byRequest: boolean
  readonly json: boolean
  readonly raw: boolean
  readonly windowText: string
}

/** How logs are shown: each item as text with its line end, and what goes to stderr around them. */
export type LogScreen = {
  draw(item: LogItem): string
  header(terminal: Terminal): string
  plan(): string
  receipt(receipt: Receipt, terminal: Terminal): string
  /** how far a read is that cannot show anything yet */
  reading(): ReadingState
}

export function logScreen(options: LogScreenOptions): LogScreen {
  const {logs, json, windowText} = options
  const {plan, scopes, sources, tally} = logs
  const shownRate = plan.callsPerSecond < 100 ? plan.callsPerSecond : null
  return {
    draw: drawer(options),
    header: terminal =>
      readingHeader(
        {...plan, window: windowText, scopes, logGroups: sources.length, callsPerSecond: shownRate},
        terminal,
      ),
    plan: () =>
      json
        ? `${JSON.stringify({schema: 'slsops/read-plan@1', ...plan})}\n`
        : [`engine ${plan.engine}`, ...plan.why].join('\n  ').concat('\n'),
    receipt: (receipt, terminal) => (json ? receiptJson(receipt, scopes) : receiptText(receipt, scopes, terminal)),
    reading: () => ({
      waiting: tally.groups - tally.answered,
      total: tally.groups,
      pages: tally.pages,
      callsPerSecond: plan.callsPerSecond,
      throttles: 0,
      remainingMs: shownRate === null ? null : ((tally.groups - tally.answered) / shownRate) * 1000,
    }),
  }
}

function drawer({logs, byRequest, json, raw, ...rest}: LogScreenOptions): (item: LogItem) => string {
  const lineOptions = {...rest, sources: logs.sources, reader: logs.reader}
  if (byRequest) {
    const draw = json ? invocationJsonLines() : raw ? rawInvocation : invocationFormatter(lineOptions)
    return item => draw(item as Invocation)
  }
  const draw = json ? pickedJson(logJsonLines()) : raw ? rawEvent : pickedText(logFormatter(lineOptions))
  return item => draw(item as PickedEvent)
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

const pickedAsText = (picked: unknown): string => (typeof picked === 'string' ? picked : JSON.stringify(picked))
