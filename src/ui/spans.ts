import {type Row, width, wrap} from './columns.ts'
import type {Palette, Tone} from './palette.ts'
import {printableName} from './printable.ts'

/** A piece of printable text in one tone; made by {@link span} only, so that nothing unprintable gets past it. */
export type Span = {readonly text: string; readonly tone: Tone}

/** One line of text; holds no line break and no escape sequence until it is painted. */
export type Line = readonly Span[]

/** Makes one piece of a line; whatever a terminal would obey becomes visible here, wherever the text came from. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return {text: printableName(text), tone}
}

/** The same line, all of it as context. */
export function dimmed(line: Line): Line {
  return line.map(({text}) => span(text, 'dim'))
}

export function plainText(line: Line): string {
  return line.length === 1 ? (line[0]?.text ?? '') : line.map(({text}) => text).join('')
}

export function lineWidth(line: Line): number {
  return width(plainText(line))
}

/** Puts `separator`, dimmed, between the parts that are there. */
export function joined(parts: readonly (Span | null | undefined)[], separator: string): Line {
  return parts.filter(part => part != null).flatMap((part, i) => (i === 0 ? [part] : [span(separator, 'dim'), part]))
}

/** Breaks a line into rows of at most `first`, then `rest` columns, at `separator` where it can. */
export function wrapLine(line: Line, first: number, rest: number, separator = ' ', hasNames = false): readonly Line[] {
  const text = plainText(line)
  const rows = wrap(text, first, rest, separator, hasNames)
  // of a row with too much space at its end that space is no second row
  return rows[0]?.end === text.length ? [line] : rows.map(row => cut(line, row))
}

function cut(line: Line, {start, end}: Row): Line {
  const pieces: Span[] = []
  let from = 0
  for (const {text, tone} of line) {
    const piece = text.slice(Math.max(0, start - from), Math.max(0, end - from))
    if (piece !== '') pieces.push({text: piece, tone})
    from += text.length
  }
  return pieces
}

/** A line in colours; what a regular expression of `highlights` matches stands out, also across tones. */
export function paint(line: Line, palette: Palette, highlights: readonly RegExp[] = []): string {
  if (highlights.length === 0) return line.map(({text, tone}) => palette.tone(tone, text)).join('')
  const marks = matches(plainText(line), highlights)
  let from = 0
  return line
    .map(({text, tone}) => {
      const start = from
      from += text.length
      return marked(text, tone, start, marks, palette)
    })
    .join('')
}

function marked(text: string, tone: Tone, offset: number, marks: readonly Row[], palette: Palette): string {
  let painted = ''
  let done = 0
  for (const mark of marks) {
    const start = Math.max(done, mark.start - offset)
    const end = Math.min(text.length, mark.end - offset)
    if (start >= end) continue
    painted += palette.tone(tone, text.slice(done, start)) + palette.highlight(tone, text.slice(start, end))
    done = end
  }
  return painted + palette.tone(tone, text.slice(done))
}

/** Where the expressions match, in order of start; they may overlap. */
function matches(text: string, highlights: readonly RegExp[]): readonly Row[] {
  return highlights
    .flatMap(regex => {
      const global = regex.global ? regex : new RegExp(regex, `${regex.flags}g`)
      return Array.from(text.matchAll(global), match => ({start: match.index, end: match.index + match[0].length}))
    })
    .sort((a, b) => a.start - b.start)
}
