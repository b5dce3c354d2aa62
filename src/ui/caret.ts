import {width} from './columns.ts'
import {printableName} from './printable.ts'

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})
const leastColumns = 12
/** code units that are looked at to either side: more than any terminal is wide */
const mostAround = 600

/**
 * A text on one line and a caret under one of its characters, as two lines: a part of it where it is wider than `columns`.
 * @param position index in UTF-16 units; the length of the text stands for its end
 */
export function withCaret(text: string, position: number, columns: number, ellipsis: string): string {
  const room = Math.max(leastColumns, columns)
  const before = printableName(text.slice(Math.max(0, position - mostAround), position))
  const behind = printableName(text.slice(position, position + mostAround))
  const isWhole = position <= mostAround && text.length - position <= mostAround && width(before + behind) < room
  if (isWhole) return `${before}${behind}\n${' '.repeat(width(before))}^`
  // two thirds are for what leads to the fault; the end of the text needs a column for the caret
  const right = Math.min(width(behind) + 1, Math.floor(room / 3))
  const left = takenLeft(before, room - Math.max(right, 1), ellipsis)
  const rest = takenRight(behind, room - width(left), ellipsis)
  return `${left}${rest}\n${' '.repeat(width(left))}^`
}

function takenLeft(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text
  return (
    ellipsis +
    taken(segmentsOf(text).reverse(), columns - width(ellipsis))
      .reverse()
      .join('')
  )
}

function takenRight(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text
  return taken(segmentsOf(text), columns - width(ellipsis)).join('') + ellipsis
}

const segmentsOf = (text: string): string[] => Array.from(graphemes.segment(text), ({segment}) => segment)

function taken(segments: readonly string[], columns: number): string[] {
  let used = 0
  const end = segments.findIndex(segment => {
    used += width(segment)
    return used > columns
  })
  return segments.slice(0, end < 0 ? segments.length : end)
}
