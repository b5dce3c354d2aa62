import type {FieldName} from '../services/fleet/inventory/fields.ts'
import type {InventoryFunction} from '../services/fleet/inventory/inventory.ts'
import {cutAtEnd, shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {type ColumnsDrawn, type FunctionCell, functionColumns} from './functions-columns.ts'
import {type Palette, paletteFor} from './palette.ts'
import {printableName} from './printable.ts'
import {glyphsFor} from './terminal.ts'

const gap = 2
/** what a name had better get, where there is as much */
const nameWants = 26
const widestCell = 60
/** above that of the error rate, and below that of calls; urgent columns stay in their order above it */
const keepUrgent = 15

export type FunctionTable = {
  /** with the headings first; each is made as it is written, for there may be 100,000 */
  readonly rows: Iterable<string>
  /** columns that were asked for and do not fit */
  readonly leftOut: readonly FieldName[]
}

export type FunctionTableOptions = ColumnsDrawn & {
  /** null: as many as there is room for */
  readonly columns: readonly FieldName[] | null
  /** `eu-west-1`, `prod/eu-west-1`; '' where all is in one place */
  readonly placeOf: (one: InventoryFunction) => string
}

type Made = {
  readonly name: FieldName
  readonly heading: string
  readonly align: 'left' | 'right'
  readonly cellOf: (one: InventoryFunction) => FunctionCell
  readonly columns: number
  readonly keep: number
}

/** Functions below the headings of their columns, as many as there is room for; piped text has them all. */
export function functionTable(functions: readonly InventoryFunction[], options: FunctionTableOptions): FunctionTable {
  if (functions.length === 0) return {rows: [], leftOut: []}
  const {terminal, columns: asked, placeOf} = options
  const palette = paletteFor(terminal)
  const {ellipsis} = glyphsFor(terminal)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const nameOf = (one: InventoryFunction): string =>
    printableName([placeOf(one), one.fn.name].filter(Boolean).join(' '))
  const widestName = functions.reduce((most, one) => Math.max(most, width(nameOf(one))), 'function'.length)
  const hasNames = asked === null || asked.includes('function')
  const wanted = hasNames ? Math.min(widestName, nameWants, Math.max(12, Math.floor(room * 0.6))) : 0
  const made = madeColumns(functions, options)
  const fitting = fittingColumns(made, room - wanted + (hasNames ? 0 : gap), gap)
  const used = fitting.reduce((sum, {columns}) => sum + columns + gap, 0)
  const nameColumns = Math.min(widestName, Math.max(wanted, room - used))
  const row = (name: string, paintName: (text: string) => string, cell: (column: Made) => FunctionCell): string => {
    const parts = fitting.map(column => drawn(cell(column), column, palette, ellipsis))
    const shown = shorten(name, nameColumns, ellipsis)
    const before = asked === null ? 0 : Math.max(0, asked.indexOf('function'))
    const own = hasNames ? [paintName(shown) + ' '.repeat(Math.max(0, nameColumns - width(shown)))] : []
    const cells = [...parts.slice(0, before), ...own, ...parts.slice(before)]
    return `${trimmedEnd(cells.join(' '.repeat(gap)))}\n`
  }
  const heading = row(
    'function',
    text => palette.tone('dim', text),
    column => ({text: column.heading, tone: 'dim'}),
  )
  function* rows(): Generator<string> {
    yield heading
    for (const one of functions)
      yield row(
        nameOf(one),
        text => palette.hue(one.fn.name, text),
        ({cellOf}) => cellOf(one),
      )
  }
  return {
    rows: rows(),
    leftOut: asked === null ? [] : made.filter(column => !fitting.includes(column)).map(({name}) => name),
  }
}

/** Columns that were asked for go from the right, others by what they tell. */
function madeColumns(functions: readonly InventoryFunction[], options: FunctionTableOptions): readonly Made[] {
  const all = functionColumns(options)
  const names = Object.keys(all) as (keyof typeof all)[]
  const {columns: asked} = options
  const wanted =
    asked === null
      ? names.filter(name => all[name].keep !== null && !functions.every(one => all[name].isQuiet?.(one) ?? false))
      : asked.filter(name => name !== 'function')
  return wanted.map((name, at) => {
    const {heading, align, cell, keep, isUrgent = () => false} = all[name]
    const cellOf = (one: InventoryFunction): FunctionCell => {
      const {text, tone} = cell(one)
      return {text: printableName(text), tone}
    }
    const columns = functions.reduce(
      (most, one) => Math.max(most, Math.min(widestCell, width(cellOf(one).text))),
      width(heading),
    )
    const kept = functions.some(isUrgent) ? keepUrgent + (keep ?? 0) / 100 : (keep ?? 0)
    return {name, heading, align, cellOf, columns, keep: asked === null ? kept : -at}
  })
}

function drawn({text, tone}: FunctionCell, {align, columns}: Made, palette: Palette, ellipsis: string): string {
  const shown = cutAtEnd(text, columns, ellipsis)
  const painted = palette.tone(tone, shown)
  const fill = ' '.repeat(Math.max(0, columns - width(shown)))
  return align === 'right' ? fill + painted : painted + fill
}

/** Without the spaces that fill the last column up. */
const trimmedEnd = (row: string): string => row.trimEnd()
