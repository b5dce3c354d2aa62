import type {CostReport} from '../services/fleet/cost/cost-report.ts'
import {cutAtEnd, padEnd, shorten, width} from './columns.ts'
import {type Cell, type CostRow, costRows} from './cost-rows.ts'
import {cents, groupingLabel} from './cost-words.ts'
import {fittingColumns} from './fitting-columns.ts'
import {count, counted} from './numbers.ts'
import {type Palette, paletteFor} from './palette.ts'
import {printableName} from './printable.ts'
import {sparkline} from './sparkline.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'

type ColumnName = 'calls' | 'duration' | 'memory' | 'cost' | 'change' | 'why' | 'trend' | 'bar'
type Column = {
  readonly name: ColumnName
  readonly heading: string
  readonly align: 'left' | 'right'
  readonly columns: number
  readonly keep: number
  readonly cells: readonly Cell[]
}

const gap = 2
const leastName = 16
const widestName = 48
const namesShare = 0.4
const leastWhy = 16
const trendColumns = 15
const barColumns = 12

/**
 * The rows of a cost, as many columns as there is room for; what the limit leaves out is one row with its sum.
 * @param heading of the cost: how long the window is
 */
export function costTable(report: CostReport, heading: string, limit: number, terminal: Terminal): string {
  const all = costRows(report, terminal)
  const rows = all.slice(0, limit)
  if (rows.length === 0) return ''
  const palette = paletteFor(terminal)
  const glyphs = glyphsFor(terminal)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const names = rows.map(({name, place}) => printableName([place, name].filter(Boolean).join(' ')))
  const nameHeading = groupingLabel(report.groups?.by ?? null)
  const widest = names.reduce((most, name) => Math.max(most, width(name)), width(nameHeading))
  const want = Math.min(
    widest,
    room === Number.POSITIVE_INFINITY
      ? widest
      : Math.max(leastName, Math.min(widestName, Math.floor(room * namesShare))),
  )
  const made = columnsOf(rows, heading, glyphs, terminal)
  const kept = fittingColumns(
    made.map(column => (column.name === 'why' ? {...column, columns: Math.min(column.columns, leastWhy)} : column)),
    room - want,
    gap,
  )
  const used = kept.reduce((total, {columns}) => total + columns + gap, 0)
  const nameColumns = Math.max(1, Math.min(widest, room - used))
  const columns = widened(kept, made, room - nameColumns - used)
  const lines = [
    palette.tone('dim', headingRow(nameHeading, nameColumns, columns)),
    ...rows.map(
      (row, i) => paintedName(row, names[i] ?? '', nameColumns, palette, glyphs) + cellsOf(columns, i, palette, glyphs),
    ),
  ]
  return lines.map(line => `${line.trimEnd()}\n`).join('') + restRow(all.slice(limit), palette)
}

/** What is left of the width goes to the reason, which is cut first. */
function widened(kept: readonly Column[], made: readonly Column[], left: number): readonly Column[] {
  return kept.map(column => {
    const whole = made.find(({name}) => name === column.name)?.columns ?? column.columns
    return column.name === 'why' ? {...column, columns: Math.min(whole, column.columns + Math.max(0, left))} : column
  })
}

function headingRow(name: string, nameColumns: number, columns: readonly Column[]): string {
  return (
    padEnd(shorten(printableName(name), nameColumns, ''), nameColumns) +
    columns
      .map(
        ({heading, align, columns: wide}) =>
          ' '.repeat(gap) + (align === 'right' ? heading.padStart(wide) : padEnd(heading, wide)),
      )
      .join('')
  )
}

function paintedName(
  {name, isFunction}: CostRow,
  shown: string,
  columns: number,
  palette: Palette,
  {ellipsis}: Glyphs,
): string {
  const text = columns === Number.POSITIVE_INFINITY ? shown : shorten(shown, columns, ellipsis)
  const pad = ' '.repeat(Math.max(0, columns - width(text)))
  return (isFunction ? palette.hue(name, text) : palette.tone('dim', text)) + pad
}

function cellsOf(columns: readonly Column[], at: number, palette: Palette, {ellipsis}: Glyphs): string {
  return columns
    .map(({cells, columns: wide, align}) => {
      const {text, tone} = cells[at] ?? {text: '', tone: 'plain'}
      const shown = align === 'left' ? cutAtEnd(text, wide, ellipsis) : text
      const pad = ' '.repeat(Math.max(0, wide - width(shown)))
      const painted = palette.tone(tone, shown)
      return ' '.repeat(gap) + (align === 'right' ? pad + painted : painted + pad)
    })
    .join('')
}

function restRow(rest: readonly CostRow[], palette: Palette): string {
  if (rest.length === 0) return ''
  const sum = rest.reduce((total, {costUSD}) => total + (costUSD ?? 0), 0)
  const unknown = rest.filter(({costUSD}) => costUSD === null).length
  const of = unknown > 0 ? `, ${count(unknown)} unknown` : ''
  return `${palette.tone('dim', ` and ${counted(rest.length, 'more', 'more')}, ${cents(sum)}${of}`)}\n`
}

function columnsOf(rows: readonly CostRow[], heading: string, glyphs: Glyphs, {unicode}: Terminal): readonly Column[] {
  const most = rows.reduce((largest, {costUSD}) => Math.max(largest, costUSD ?? 0), 0)
  const column = (
    name: ColumnName,
    title: string,
    keep: number,
    cells: readonly Cell[],
    align: Column['align'] = 'right',
  ) => ({
    name,
    heading: title,
    keep,
    cells,
    align,
    columns: cells.reduce((wide, {text}) => Math.max(wide, width(text)), width(title)),
  })
  const pick = (name: 'calls' | 'duration' | 'memory' | 'cost' | 'change' | 'why') => rows.map(row => row[name])
  return [
    column('calls', 'calls', 6, pick('calls')),
    column('duration', 'billed', 3, pick('duration')),
    column('memory', 'memory', 2, pick('memory')),
    column('cost', heading, 9, pick('cost')),
    column('change', 'change', 8, pick('change')),
    column('why', 'why', 7, pick('why'), 'left'),
    column(
      'trend',
      'trend',
      5,
      rows.map(({trend}) => trendCell(trend, unicode)),
      'left',
    ),
    column(
      'bar',
      'share',
      4,
      rows.map(({costUSD}) => barCell(costUSD, most, glyphs)),
      'left',
    ),
  ].filter(({cells}) => cells.some(({text}) => text !== ''))
}

const trendCell = (trend: readonly number[], unicode: boolean): Cell => ({
  // in digits, it would read as a number
  text: unicode && trend.some(usd => usd > 0) ? sparkline(trend, trendColumns, unicode) : '',
  tone: 'dim',
})

function barCell(costUSD: number | null, most: number, {bar}: Glyphs): Cell {
  if (costUSD === null || costUSD <= 0 || most <= 0) return {text: '', tone: 'dim'}
  return {text: bar.full.repeat(Math.max(1, Math.round((costUSD / most) * barColumns))), tone: 'dim'}
}
