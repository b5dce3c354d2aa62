import {createRequire} from 'node:module'

const plainAscii = /^[ -~]*$/
// ASCII, Latin letters, and the signs that slsops itself draws with: a column each
const oneColumnEach =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0394\u03bb\u2010-\u2027\u2190-\u2193\u2212\u2264\u2265\u2500-\u259f\u25b0\u25b1\u25b2\u25b6\u25c7\u2713\u2717\u27f2\u2934\u2937]*$/
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** How many terminal columns a text without escape sequences takes: two for CJK and emoji. */
export function width(text: string): number {
  return oneColumnEach.test(text) ? text.length : stringWidth()(text)
}

// Loaded when a text needs it, which most do not: it takes longer than all else of the ui. By require, so that nobody
// needs to await the width of a text.
const require = createRequire(import.meta.url)
let loaded: typeof import('string-width').default | undefined
function stringWidth(): typeof import('string-width').default {
  loaded ??= (require('string-width') as typeof import('string-width')).default
  return loaded
}

/** Fills up with spaces to `columns`; what is longer stays as it is. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/** Shortens in the middle to at most `columns`, keeping both ends, which tell names apart: `check…worker`. */
export function shorten(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text
  if (columns <= ellipsis.length) return ellipsis.slice(0, Math.max(0, columns))
  const room = columns - width(ellipsis)
  const segments = Array.from(graphemes.segment(text), ({segment}) => segment)
  return (
    takeColumns(segments, Math.ceil(room / 2)) +
    ellipsis +
    takeColumns(segments.toReversed(), Math.floor(room / 2), true)
  )
}

/** Cuts a sentence at its end to at most `columns`: `cold starts by…`. */
export function cutAtEnd(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text
  if (columns <= ellipsis.length) return ellipsis.slice(0, Math.max(0, columns))
  const segments = Array.from(graphemes.segment(text), ({segment}) => segment)
  return takeColumns(segments, columns - width(ellipsis)).trimEnd() + ellipsis
}

function takeColumns(segments: readonly string[], columns: number, reversed = false): string {
  const taken: string[] = []
  let used = 0
  for (const segment of segments) {
    used += width(segment)
    if (used > columns) break
    taken.push(segment)
  }
  return (reversed ? taken.reverse() : taken).join('')
}

/** The row from index `start` up to `end` of a text; what lies between two rows is the space they broke at. */
export type Row = {readonly start: number; readonly end: number}

/**
 * Where to break one line of text without escape sequences: rows of at most `first` columns, then `rest`. It breaks at
 * `separator` where it can, which then is in no row. Leading space of the text itself is kept.
 * @param hasNames a word that is too long is broken behind a `-`, `:` or `/` where it can be, as names and ARNs read best
 */
export function wrap(text: string, first: number, rest: number, separator = ' ', hasNames = false): readonly Row[] {
  if (width(text) <= first) return [{start: 0, end: text.length}]
  const rows: Row[] = []
  let limit = Math.max(1, first)
  let start = 0
  while (start < text.length) {
    const fits = fitting(text, start, Math.max(1, limit))
    const end = fits === text.length ? fits : breakBefore(text, start, fits, separator, hasNames)
    rows.push({start, end: trimmedEnd(text, start, end)})
    start = text.startsWith(separator, end) ? end + separator.length : end
    while (text.charCodeAt(start) === 0x20) start++
    limit = rest
  }
  return rows
}

/** The end of what fits into `columns` from `start`, at least one grapheme. */
function fitting(text: string, start: number, columns: number): number {
  // a grapheme has at least one code unit and may have dozens; a window keeps a line of 1 MB linear
  const window = wholeCharacters(text, start, start + columns * 8 + 64)
  if (plainAscii.test(window)) return Math.min(text.length, start + columns)
  let used = 0
  let end = start
  for (const {segment} of graphemes.segment(window)) {
    used += width(segment)
    if (used > columns) return end > start ? end : end + fittingCharacters(segment, columns)
    end += segment.length
  }
  return end
}

/** How much of a grapheme that is too wide fits: a letter may be followed by a thousand vowel signs, each with its column. */
function fittingCharacters(grapheme: string, columns: number): number {
  let used = 0
  let end = 0
  for (const character of grapheme) {
    used += width(character)
    if (used > columns && end > 0) return end
    end += character.length
  }
  return end
}

/** `slice` that never cuts a surrogate pair at its end. */
function wholeCharacters(text: string, start: number, end: number): string {
  const code = text.charCodeAt(end - 1)
  return text.slice(start, code >= 0xd800 && code < 0xdc00 ? end + 1 : end)
}

function breakBefore(text: string, start: number, fits: number, separator: string, hasNames: boolean): number {
  // within the row only: searching back through a line of 1 MB for every row would take its square
  const at = start + text.slice(start, fits + separator.length).lastIndexOf(separator)
  // a break that leaves most of the row empty reads worse than a broken word
  if (at > start + (fits - start) / 3) return at
  if (separator !== ' ') return breakBefore(text, start, fits, ' ', hasNames)
  if (!hasNames) return fits
  const row = text.slice(start, fits)
  const behind = start + Math.max(...['-', ':', '/'].map(joint => row.lastIndexOf(joint))) + 1
  return behind > start + (fits - start) / 3 ? behind : fits
}

function trimmedEnd(text: string, start: number, end: number): number {
  while (end > start && text.charCodeAt(end - 1) === 0x20) end--
  return end
}
