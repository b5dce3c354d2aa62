import {count} from './numbers.ts'
import {paletteFor} from './palette.ts'
import {joined, type Line, lineWidth, paint, plainText, type Span, span, wrapLine} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** Where lines of text may go. */
export type Box = {
  /** columns of the first row, behind a prefix */
  readonly first: number
  /** columns of the other rows, behind their indent */
  readonly rest: number
  readonly hang: number
  /** where a row had better end, when not at just any space */
  readonly separator?: string
}

// A line of 1 MB would scroll everything else away.
const mostCharacters = 16_384

/** Rows for the lines, wrapped into the box, without the hanging indent. A box without limits breaks nothing. */
export function rowsIn(box: Box, lines: readonly Line[]): readonly Line[] {
  if (box.rest === Number.POSITIVE_INFINITY) return lines
  const [first = [], ...below] = clipped(lines)
  return [...wrapLine(first, box.first, box.rest, box.separator), ...below.flatMap(line => indented(line, box.rest))]
}

/** A line that is indented by itself, such as a stack frame, keeps a deeper indent in its further rows. */
function indented(line: Line, columns: number): readonly Line[] {
  const indent = plainText(line).search(/\S/)
  if (indent <= 0 || indent > columns / 3) return wrapLine(line, columns, columns)
  return wrapLine(line, columns, columns - indent - 2).map((row, i) =>
    i === 0 ? row : [span(' '.repeat(indent + 2)), ...row],
  )
}

/** One line wrapped to the terminal, its further rows indented by two; as it is where text is piped. */
function hangingRows(line: Line, {isTTY, columns}: Terminal, separator = ' '): readonly Line[] {
  if (!isTTY) return [line]
  return wrapLine(line, columns, columns - 2, separator, true).map((row, i) => (i === 0 ? row : [span('  '), ...row]))
}

/** Lines as text in the terminal's colours, each wrapped by {@link hangingRows} and ended by a line break. */
export function paintedRows(lines: readonly Line[], terminal: Terminal, separator = ' '): string {
  const palette = paletteFor(terminal)
  return lines
    .flatMap(line => hangingRows(line, terminal, separator))
    .map(row => `${paint(row, palette)}\n`)
    .join('')
}

/** Parts in one line; what does not fit into the terminal's width falls off at the right. */
export function fittingParts(parts: readonly Span[], terminal: Terminal, separator: string): Line {
  for (let shown = parts.length; ; shown--) {
    const line = joined(parts.slice(0, shown), separator)
    if (!terminal.isTTY || shown <= 1 || lineWidth(line) <= terminal.columns) return line
  }
}

// at the far end of a wide terminal nobody would see that it belongs to the line
const farthestMark = 100

/** Puts `mark` at the right end of the first row, or behind its text where it would not fit there. */
export function markedRight(box: Box, lines: readonly Line[], mark: Line): readonly Line[] {
  const [first = [], ...below] = lines
  const edge = box.first === Number.POSITIVE_INFINITY ? 0 : Math.min(box.first, farthestMark)
  const gap = edge - lineWidth(first) - lineWidth(mark)
  return [[...first, span(' '.repeat(Math.max(2, gap))), ...mark], ...below]
}

/** Painted rows as text; every row but the first hangs. */
export function joinRows(rows: readonly Line[], hang: number, paint: (line: Line) => string): string {
  const indent = `\n${' '.repeat(hang)}`
  return rows.map(paint).join(indent)
}

function clipped(lines: readonly Line[]): readonly Line[] {
  let room = mostCharacters
  const kept: Line[] = []
  for (const line of lines) {
    const text = plainText(line)
    if (text.length > room) {
      const more = lines.slice(kept.length).reduce((sum, rest) => sum + plainText(rest).length, 0) - room
      return [...kept, [span(text.slice(0, room))], [span(`${count(more)} more characters`, 'dim')]]
    }
    room -= text.length
    kept.push(line)
  }
  return lines
}
