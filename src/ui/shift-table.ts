import {shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {type Line, lineWidth, plainText, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ShiftColumn = {
  readonly title: string
  /** one a row */
  readonly cells: readonly Line[]
  readonly isRight?: boolean
  /** what goes first where there is no room for all: the least */
  readonly keep: number
}

const gap = 2
const leastName = 12

/**
 * Rows of cells below their titles, none wider than the terminal: columns go, and then the names of the first are shortened in their
 * middle. A column without anything in it is not there.
 * @param indent before each row, its titles too
 */
export function shiftTable(
  columns: readonly ShiftColumn[],
  terminal: Terminal,
  indent = 2,
): {readonly head: Line; readonly rows: readonly Line[]} {
  const [names, ...others] = columns.filter(({cells}, i) => i === 0 || cells.some(cell => lineWidth(cell) > 0))
  if (names === undefined) return {head: [], rows: []}
  const room = terminal.isTTY ? terminal.columns - indent : Number.POSITIVE_INFINITY
  const widest = widthOf(names)
  const sized = others.map(column => ({...column, columns: widthOf(column)}))
  const kept = fittingColumns(sized, room - Math.min(widest, Math.max(leastName, Math.floor(room * 0.4))), gap)
  const used = kept.reduce((sum, column) => sum + column.columns + gap, 0)
  const nameColumns = Math.max(1, Math.min(widest, room - used))
  const shown = used + nameColumns > room ? [] : kept

  const row = (first: Line, rest: readonly Line[]): Line =>
    trimmed([
      span(' '.repeat(indent)),
      ...cellOf(shortened(first, nameColumns, terminal), shown.length === 0 ? 0 : nameColumns, false),
      ...shown.flatMap(({columns, isRight = false}, at) => [
        span(' '.repeat(gap)),
        ...cellOf(rest[at] ?? [], at === shown.length - 1 && !isRight ? 0 : columns, isRight),
      ]),
    ])
  return {
    head: row(
      [span(names.title, 'dim')],
      shown.map(({title}) => [span(title, 'dim')]),
    ),
    rows: names.cells.map((cell, at) =>
      row(
        cell,
        shown.map(({cells}) => cells[at] ?? []),
      ),
    ),
  }
}

/** Without what is empty at its end. */
function trimmed(line: Line): Line {
  const last = line.findLastIndex(({text}) => text.trim() !== '')
  return line.slice(0, last + 1)
}

const widthOf = ({title, cells}: ShiftColumn): number =>
  cells.reduce((most, cell) => Math.max(most, lineWidth(cell)), width(title))

function cellOf(cell: Line, columns: number, isRight: boolean): Line {
  const space = span(' '.repeat(Math.max(0, columns - lineWidth(cell))))
  if (space.text === '') return cell
  return isRight ? [space, ...cell] : [...cell, space]
}

function shortened(cell: Line, columns: number, {unicode}: Terminal): Line {
  if (lineWidth(cell) <= columns) return cell
  return [span(shorten(plainText(cell), columns, glyphsFor({unicode}).ellipsis), cell.at(-1)?.tone ?? 'plain')]
}

/** Of one tone. */
export const cell = (text: string, tone?: Parameters<typeof span>[1]): Line => (text === '' ? [] : [span(text, tone)])
