import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {TraceGroup} from '../services/traces/group-traces.ts'
import type {FailedOutcome} from '../services/traces/trace-outcome.ts'
import type {ListedTrace} from '../services/traces/trace-summary.ts'
import type {TracesReport} from '../services/traces/traces-report.ts'
import {cutAtEnd, padEnd, shorten, width} from './columns.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {count, counted} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {placeAmong} from './scope-label.ts'
import {joined, type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {causeText, failedOutcomes, momentText, outcomeSign, requestText, shownText, tookText} from './trace-words.ts'
import {traceGroupRows} from './traces-groups-text.ts'
import {nextTraceCommand} from './traces-next.ts'

export type TracesTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** whether days must be told apart */
  readonly dated: boolean
}

const idColumns = 35
const leastDurationColumns = 8
/** from here on, a trace takes one row; below, its id and its cause go onto rows of their own */
const columnsForOneRow = 132
/** below, there is no room for what served it */
const columnsForServer = 64
const widestServer = 28
/** what a cause waits for at most, to stand below another */
const widestRequest = 60

/** Traces, newest first, or groups of them; then a sum, and what to do next. */
export function tracesText(report: TracesReport, options: TracesTextOptions): string {
  const {terminal} = options
  const rows = report.groups ? traceGroupRows(report, options) : traceRows(report, options)
  const sum = tracesSummary(report, options)
  return (
    rows.join('') +
    paintedRows([sum], terminal, ` ${glyphsFor(terminal).dot} `) +
    nextLine(nextTraceCommand(report), terminal)
  )
}

type Drawing = TracesTextOptions & {
  readonly palette: Palette
  readonly columns: number
  readonly ellipsis: string
  readonly serverColumns: number
  /** of one row, so that causes stand below each other */
  readonly requestColumns: number
  readonly timeColumns: number
  readonly durationColumns: number
  readonly placeOf: (trace: ListedTrace) => string
}

function traceRows({traces, coverage}: TracesReport, options: TracesTextOptions): readonly string[] {
  if (traces.length === 0) return []
  const {terminal, dated} = options
  const columns = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const placeOf = placeAmong(coverage.scopes)
  const isNarrow = columns < columnsForServer
  const widest = (pick: (trace: ListedTrace) => number, least: number): number =>
    traces.reduce((most, trace) => Math.max(most, pick(trace)), least)
  const drawing: Omit<Drawing, 'requestColumns'> = {
    ...options,
    palette: paletteFor(terminal),
    columns,
    ellipsis: glyphsFor(terminal).ellipsis,
    timeColumns: (dated ? 6 : 0) + (isNarrow ? 8 : 12),
    serverColumns: isNarrow
      ? 0
      : Math.min(
          widestServer,
          widest(trace => width(serverOf(trace, placeOf)), headings.server.length),
        ),
    placeOf,
    durationColumns: widest(trace => tookIn(trace, columns, terminal).length, leastDurationColumns),
  }
  const failed = traces
    .filter(({outcome}) => outcome !== 'ok')
    .map(trace => requestCell(trace, widestRequest, drawing).columns)
  const widestFailed = failed.reduce((a, b) => Math.max(a, b), headings.request.length)
  const requestColumns = Math.min(widestFailed, Math.floor(oneRowRoom(drawing) / 2))
  const whole = {...drawing, requestColumns}
  return [...(isNarrow ? [] : [headingRow(whole, failed.length > 0)]), ...traces.map(trace => traceRow(trace, whole))]
}

type Columns = Pick<Drawing, 'columns' | 'timeColumns' | 'durationColumns' | 'serverColumns'>

/** Columns of what stands before the request in the first row of a trace. */
const before = ({timeColumns, durationColumns, serverColumns}: Columns): number =>
  timeColumns + 3 + durationColumns + (serverColumns === 0 ? 0 : serverColumns + 2) + 2

/** What a request and a cause have for both, where all is in one row. */
const oneRowRoom = (drawing: Columns): number => drawing.columns - before(drawing) - idColumns - 2

const headings = {server: 'service', request: 'request'}

/** What the columns are; of two rows the first. */
function headingRow(drawing: Drawing, hasCauses: boolean): string {
  const {palette, columns, timeColumns, durationColumns, serverColumns, requestColumns} = drawing
  const isOneRow = columns >= columnsForOneRow
  const cells = [
    `${padEnd('time', timeColumns)}   ${'took'.padStart(durationColumns)}`,
    padEnd(headings.server, serverColumns),
    ...(isOneRow ? [padEnd('trace', idColumns)] : []),
    padEnd(headings.request, requestColumns),
    ...(isOneRow && hasCauses ? ['cause'] : []),
  ]
  return `${palette.tone('dim', cells.join('  ').trimEnd())}\n`
}

const serverOf = (trace: ListedTrace, placeOf: Drawing['placeOf']): string =>
  printableName([placeOf(trace), trace.server?.name].filter(Boolean).join(' '))

/** Where there is little room, the whole of it, which is what traces are selected by. */
const tookIn = (trace: ListedTrace, columns: number, {unicode}: Terminal): string =>
  tookText(columns < columnsForServer ? {...trace, responseTimeMs: null} : trace, unicode)

function traceRow(trace: ListedTrace, drawing: Drawing): string {
  const {palette, columns, ellipsis, serverColumns, requestColumns, timeColumns, durationColumns, placeOf, terminal} =
    drawing
  const {sign, tone} = outcomeSign(trace.outcome, terminal)
  const time = padEnd(timeOf(trace, drawing), timeColumns)
  const took = tookIn(trace, columns, terminal)
  const head = `${palette.tone('dim', time)} ${palette.tone(tone, sign)} ${palette.tone('strong', took.padStart(durationColumns))}`
  const server = serverColumns === 0 ? '' : shorten(serverOf(trace, placeOf), serverColumns, ellipsis)
  const serverCell =
    serverColumns === 0
      ? ''
      : `  ${palette.hue(trace.server?.name ?? '', server)}${' '.repeat(Math.max(0, serverColumns - width(server)))}`
  const why = trace.outcome === 'ok' ? null : causeText(trace, trace.server?.name)
  const cause = printableName(shownText(why ?? '', terminal))
  const id = shorten(printableName(trace.id), idColumns, ellipsis)

  if (columns >= columnsForOneRow) {
    const room = oneRowRoom(drawing)
    const request = requestCell(trace, cause === '' ? room : Math.floor(room / 2), drawing)
    const used = Math.max(request.columns, requestColumns)
    const pad = ' '.repeat(used - request.columns)
    const cut = cause === '' ? '' : `${pad}  ${palette.tone(tone, cutAtEnd(cause, room - used - 2, ellipsis))}`
    return `${head}${serverCell}  ${palette.tone('dim', padEnd(id, idColumns))}  ${request.text}${cut}`
      .trimEnd()
      .concat('\n')
  }
  const request = requestCell(trace, Math.max(6, columns - before(drawing)), drawing)
  // below the request: the id is to be copied whole, so a row that would be too long breaks before the cause
  const indent = '  '
  const first = `${head}${serverCell}  ${request.text}`.trimEnd()
  const second = `${indent}${palette.tone('dim', id)}`
  const place = serverColumns === 0 ? placeOf(trace) : ''
  const rest = columns - indent.length - width(id) - 2
  if (place === '' && cause === '') return `${first}\n${second}\n`
  if (place === '' && rest >= 24) return `${first}\n${second}  ${palette.tone(tone, cutAtEnd(cause, rest, ellipsis))}\n`
  const words = [place, cause].filter(Boolean).join('  ')
  return `${first}\n${second}\n${indent}${palette.tone(tone, cutAtEnd(words, columns - indent.length, ellipsis))}\n`
}

type Cell = {readonly text: string; readonly columns: number}

/** `POST /orders → 500`, the path shortened where it must be: method and status stay. */
function requestCell(
  trace: ListedTrace,
  columns: number,
  {terminal, palette, ellipsis, serverColumns}: Pick<Drawing, 'terminal' | 'palette' | 'ellipsis' | 'serverColumns'>,
): Cell {
  const request = requestText(trace)
  const {arrow} = glyphsFor(terminal)
  const status = trace.status === null ? '' : ` ${arrow} ${trace.status}`
  if (request === null) {
    // what nobody called by HTTP is known by what it went through
    const {entry, server, outcome, cause, services} = trace
    const told = new Set([entry, server?.name, outcome === 'ok' ? null : cause?.service])
    const others = new Map(
      services.flatMap(({name, readableName}) => (told.has(name) ? [] : [[name, readableName] as const])),
    )
    const names = [...(serverColumns === 0 ? [server?.readableName] : []), ...others.values()]
      .filter(Boolean)
      .join(', ')
    const text = cutAtEnd(printableName(names), columns, ellipsis)
    return {text: palette.tone('dim', text), columns: width(text)}
  }
  const text = cutAtEnd(printableName(request), Math.max(4, columns - width(status)), ellipsis)
  const tone: Tone = (trace.status ?? 0) >= 500 ? 'bad' : (trace.status ?? 0) >= 400 ? 'look' : 'plain'
  return {text: text + palette.tone(tone, status), columns: width(text + status)}
}

function timeOf({start}: ListedTrace, {clock, dated, timeColumns}: Drawing): string {
  return start === null
    ? '?'
    : `${dated ? `${clock.date(start).slice(5)} ` : ''}${clock.time(start)}`.slice(0, timeColumns)
}

/** How many there are, since when where those are the newest, and what became of them. */
function tracesSummary(
  {traces, groups, hasMore, since, scanned, coverage}: TracesReport,
  {terminal, clock, dated}: TracesTextOptions,
): Line {
  const looked = `${count(scanned)} scanned`
  const isPartial = coverage.gaps.length > 0
  const tail = span(isPartial ? `${looked}, not all of it read` : looked, isPartial ? 'look' : 'dim')
  const separator = ` ${glyphsFor(terminal).dot} `
  if (traces.length === 0) return joined([span('no traces'), tail], separator)
  const byOutcome = Map.groupBy(traces, ({outcome}) => outcome)
  const what = groups
    ? `${counted(groups.groups.length, 'group')} of ${counted(traces.length, 'trace')}${isOverlapping(groups.groups, traces) ? ', some in several' : ''}`
    : counted(traces.length, 'trace')
  const newest = since === null ? '' : `, since ${momentText(since, clock, dated)}`
  return joined(
    [
      span(hasMore ? `${what}, the newest${newest}` : what, 'strong'),
      ...failedOutcomes.map(outcome => {
        const {length = 0} = byOutcome.get(outcome) ?? []
        const {sign, tone} = outcomeSign(outcome, terminal)
        return length === 0
          ? null
          : span(`${outcome === 'handled' ? '' : `${sign} `}${outcomeWords(outcome, length)}`, tone)
      }),
      tail,
    ],
    separator,
  )
}

function outcomeWords(outcome: FailedOutcome, traces: number): string {
  if (outcome === 'fault' || outcome === 'error') return counted(traces, outcome)
  return `${count(traces)} ${outcome === 'throttle' ? 'throttled' : 'handled'}`
}

function isOverlapping(groups: readonly TraceGroup[], traces: readonly ListedTrace[]): boolean {
  return groups.reduce((total, {count}) => total + count, 0) > traces.length
}
