import {padEnd} from './columns.ts'
import {paintedRows} from './layout.ts'
import {type Line, lineWidth, plainText, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const titleColumns = 10
/** where the most of a command stands in its first row */
const wideColumns = 120

const isCommand = (line: Line): boolean => /^( {2}[\w -]{10})?slsops /.test(plainText(line))

/** A fact behind its title, its further rows below its first. A command begins a row where it would not fit behind it. */
export function titled(title: string, spans: Line, {isTTY, columns, unicode}: Terminal): readonly Line[] {
  const indent = span(`  ${padEnd(title, titleColumns)}`, 'dim')
  if (isCommand(spans))
    return isTTY && lineWidth(spans) + 2 + titleColumns > columns && columns < wideColumns
      ? [...(title === '' ? [] : [[span(`  ${title}`, 'dim')]]), spans]
      : [[indent, ...spans]]
  const room = Math.max(titleColumns, columns - 2 - titleColumns)
  const separator = ` ${glyphsFor({unicode}).dot} `
  const rows = isTTY
    ? wrapLine(spans, room, room, plainText(spans).includes(separator) ? separator : ' ', true)
    : [spans]
  return rows.map((row, at) => [span(`  ${padEnd(at === 0 ? title : '', titleColumns)}`, 'dim'), ...row])
}

/** Lines of facts as text; a command is never broken: it is to be pasted. */
export const paintedFacts = (lines: readonly Line[], terminal: Terminal): string =>
  lines.map(line => paintedRows([line], isCommand(line) ? {...terminal, isTTY: false} : terminal)).join('')
