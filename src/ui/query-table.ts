import type {Cell, QueryTable} from '../services/insights/query-table.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {padEnd, shorten, width} from './columns.ts'
import {counted} from './numbers.ts'
import {paletteFor} from './palette.ts'
import {printableName} from './printable.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const gap = '  '
/** narrower, text says nothing */
const narrowest = 12
/** a message says less, so that others make room for it */
const messageShare = 1 / 3
/** so many rows tell how wide a column is: millions need not be measured */
const measured = 1_000
/** leads GetLogRecord back to the event: nothing to look at */
const hidden = new Set(['@ptr'])

/** The columns that people see, with the places of their values in a row. */
export function shownColumns({columns}: QueryTable) {
  return columns.map((column, at) => ({...column, at})).filter(({field}) => !hidden.has(field))
}

/**
 * Rows for people, as wide as the terminal: numbers at the right, times in the display zone, text shortened in its
 * middle. Columns for which there is no room fall off at the right; how many is said at the end.
 */
export function queryTable(table: QueryTable, clock: ZoneClock, dated: boolean, terminal: Terminal): string {
  const {ellipsis} = glyphsFor(terminal)
  const palette = paletteFor(terminal)
  const columns = shownColumns(table).map(column => {
    const draw = (row: readonly Cell[]): string => cellText(row[column.at] ?? null, column.kind, clock, dated)
    const title = printableName(column.field)
    const widest = table.rows.slice(0, measured).reduce((most, row) => Math.max(most, width(draw(row))), width(title))
    return {...column, title, draw, widest}
  })
  const widths = fitted(
    columns.map(({field, widest, kind}) => ({
      widest,
      least:
        kind !== 'text'
          ? widest
          : Math.min(widest, field === '@message' ? Math.floor(terminal.columns * messageShare) : narrowest),
    })),
    terminal.columns,
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const room = widths[i] ?? 0
        const text = shorten(cell, room, ellipsis)
        return columns[i]?.kind === 'number' ? ' '.repeat(Math.max(0, room - width(text))) + text : padEnd(text, room)
      })
      .join(gap)
      .trimEnd()
  const shown = columns.slice(0, widths.length)
  if (shown.length === 0) return ''
  const rows = table.rows.map(row => `${line(shown.map(({draw}) => draw(row)))}\n`)
  const dropped = columns.slice(widths.length).map(({title}) => title)
  const note =
    dropped.length === 0
      ? ''
      : `${palette.tone('dim', shorten(`${counted(dropped.length, 'column')} more: ${dropped.join(', ')}`, terminal.columns, ellipsis))}\n`
  return `${palette.tone('dim', line(shown.map(({title}) => title)))}\n${rows.join('')}${note}`
}

/** How wide a column would be, and how wide it must be. */
type Room = {readonly widest: number; readonly least: number}

/** Columns that fit, from the left: text gives way first, the widest most. */
function fitted(columns: readonly Room[], room: number): readonly number[] {
  for (let shown = columns.length; shown > 1; shown--) {
    const widths = shrunk(columns.slice(0, shown), room - gap.length * (shown - 1))
    if (widths) return widths
  }
  return columns.slice(0, 1).map(({widest}) => Math.min(widest, room))
}

function shrunk(columns: readonly Room[], room: number): readonly number[] | null {
  const sum = (widths: readonly number[]): number => widths.reduce((total, one) => total + one, 0)
  if (sum(columns.map(({least}) => least)) > room) return null
  // the widest that any text may be so that all of it fits
  let low = 0
  let high = room
  const at = (most: number): readonly number[] =>
    columns.map(({widest, least}) => Math.max(least, Math.min(widest, most)))
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (sum(at(middle)) <= room) low = middle
    else high = middle - 1
  }
  return at(low)
}

function cellText(cell: Cell, kind: 'text' | 'number' | 'time', clock: ZoneClock, dated: boolean): string {
  if (cell === null) return ''
  if (kind === 'time' && typeof cell === 'number')
    return dated ? `${clock.date(cell)} ${clock.time(cell)}` : clock.time(cell)
  return typeof cell === 'number' ? numberText(cell) : printableName(cell.trimEnd())
}

/** Three decimals are enough to look at. */
const numberText = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) < 0.001 ? String(value) : String(Number(value.toFixed(3)))

/**
 * Rows for other programs that read lines: a row a line, values parted by tabs, no heading, nothing shortened; control
 * characters are made visible. Times are ISO 8601 in the display zone.
 */
export function queryLines(table: QueryTable, clock: ZoneClock): string {
  const columns = shownColumns(table)
  const text = (cell: Cell, kind: string): string => {
    if (cell === null) return ''
    if (kind === 'time' && typeof cell === 'number')
      return `${clock.date(cell)}T${clock.time(cell)}${offset(clock, cell)}`
    return typeof cell === 'number' ? String(cell) : printableName(cell.trimEnd())
  }
  return table.rows.map(row => `${columns.map(({at, kind}) => text(row[at] ?? null, kind)).join('\t')}\n`).join('')
}

const offset = (clock: ZoneClock, ms: number): string => clock.offset(ms).replace('+00:00', 'Z')
