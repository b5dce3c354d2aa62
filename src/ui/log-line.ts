import type {Level, LogEvent} from '../services/logs/log-event.ts'
import type {LogSource} from '../services/logs/source.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {width} from './columns.ts'
import {eventContent} from './event-content.ts'
import {type Box, joinRows, markedRight, rowsIn} from './layout.ts'
import type {MessageReader} from './message-lines.ts'
import {nameColumn} from './name-column.ts'
import {roughDuration} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {scopeLabels} from './scope-label.ts'
import {type Line, paint, span} from './spans.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'

export type LogLineOptions = {
  readonly terminal: Terminal
  /** of the display zone */
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly reader: MessageReader
  /** what is read, as far as it is known beforehand: columns are as wide as its names */
  readonly sources: readonly LogSource[]
  /** true where the window is not all of today: then days are shown */
  readonly dated: boolean
  /** marked in messages, wherever they match */
  readonly highlights: readonly RegExp[]
}

const narrow = 60
const narrowHang = 2

export const levelTone: Readonly<Record<Level, Tone>> = {
  TRACE: 'dim',
  DEBUG: 'dim',
  INFO: 'dim',
  WARN: 'look',
  ERROR: 'bad',
  FATAL: 'bad',
}

/**
 * Draws events for people, one line each with its line end: time, function, level, message. What only frames an
 * invocation (START, END, a healthy INIT_START) comes back as '': the report tells it, folded into one outcome. On a
 * TTY long messages wrap under their column, or under a small indent where the terminal is narrow.
 */
export function logFormatter(options: LogLineOptions): (event: LogEvent) => string {
  const {terminal, clock, highlights} = options
  const palette = paletteFor(terminal)
  const glyphs = glyphsFor(terminal)
  const isNarrow = terminal.isTTY && terminal.columns < narrow
  const levelWidth = isNarrow ? 1 : 5
  const names = nameColumn(options.sources, terminal, palette, glyphs)
  const scopeOf = scopeLabels(options.sources)
  const paintRow = (line: Line) => paint(line, palette, highlights)
  let day: string | null = null
  let previous: LogEvent | null = null

  return event => {
    const content = eventContent(event, glyphs, options.reader, terminal)
    if (!content) return ''

    // a stack trace that came as one event a line reads as one
    const isMore = terminal.isTTY && previous !== null && options.reader.continues(previous, event)
    previous = event
    const time = isNarrow ? clock.time(event.timestamp).slice(0, 8) : clock.time(event.timestamp)
    const date = clock.date(event.timestamp)
    const stamp = options.dated && !terminal.isTTY ? `${date} ${time}` : time
    const scope = scopeOf(event.source)
    const name = names.cell(event, content.isOutcome)
    const level = content.isOutcome ? '' : (event.level ?? '').slice(0, levelWidth).padEnd(levelWidth)
    const prefixWidth =
      stamp.length +
      1 +
      (scope === '' ? 0 : width(scope) + 1) +
      names.width() +
      1 +
      (content.isOutcome ? 0 : levelWidth + 1)
    const prefix =
      `${palette.tone('dim', stamp)} ${scope && `${palette.tone('dim', scope)} `}${name} ` +
      (level && `${event.level ? palette.tone(levelTone[event.level], level) : level} `)

    const box = boxBehind(prefixWidth, content.isOutcome, terminal, glyphs)
    const written = isMore ? indented(event.message, content.lines) : content.lines
    const lines = event.late ? markedRight(box, written, lateMark(event, glyphs)) : written
    const rows = rowsIn(box, lines)

    const rule =
      terminal.isTTY && date !== day && (day !== null || options.dated) ? dayRule(date, terminal, palette, glyphs) : ''
    day = date
    const shown = isMore ? ' '.repeat(box.hang) : prefix
    return `${rule}${(shown + joinRows(rows, box.hang, paintRow)).trimEnd()}\n`
  }
}

const widestIndent = 12

/** As far in as the runtime wrote them; a tab is two columns. */
function indented(message: string, lines: readonly Line[]): readonly Line[] {
  const columns = /^[ \t\u00a0]*/.exec(message)?.[0].replaceAll('\t', '  ').length ?? 0
  return columns === 0 ? lines : lines.map(line => [span(' '.repeat(Math.min(columns, widestIndent))), ...line])
}

function lateMark(event: LogEvent, glyphs: Glyphs): Line {
  return [span(`${glyphs.late} ${roughDuration(Math.max(0, event.ingestionTime - event.timestamp))} late`, 'look')]
}

function boxBehind(prefixWidth: number, isOutcome: boolean, {isTTY, columns}: Terminal, {dot}: Glyphs): Box {
  const room = isTTY ? columns : Number.POSITIVE_INFINITY
  const hang = room < narrow ? narrowHang : isOutcome ? prefixWidth + narrowHang : prefixWidth
  return {first: room - prefixWidth, rest: room - hang, hang, separator: isOutcome ? ` ${dot} ` : ' '}
}

function dayRule(date: string, {columns}: Terminal, palette: Palette, glyphs: Glyphs): string {
  const text = `${glyphs.rule.repeat(2)} ${date} `
  return `${palette.tone('dim', padRule(text, Math.min(columns, 80), glyphs.rule))}\n`
}

function padRule(text: string, columns: number, rule: string): string {
  return text + rule.repeat(Math.max(0, columns - width(text)))
}
