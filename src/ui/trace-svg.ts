import type {Trace} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {cutAtEnd, shorten, width} from './columns.ts'
import {type Line, plainText, span} from './spans.ts'
import {glyphsFor} from './terminal.ts'
import {ticksOf} from './trace-bars.ts'
import {askedFor, marksLine} from './trace-facts.ts'
import {criticalLine, noteLines, sourceLine} from './trace-footer.ts'
import {headerLine} from './trace-header.ts'
import {failureTone, keptOf, spanTime} from './trace-line.ts'
import {linkLine} from './trace-links.ts'
import {versionBy} from './trace-logs.ts'
import type {BarKind, RowBar, TraceRow} from './trace-row.ts'
import {traceRows} from './trace-rows.ts'
import type {TraceTextOptions} from './trace-text.ts'
import {outcomeSigns} from './trace-words.ts'
import {xmlText} from './xml.ts'

const terminal = {columns: 140, color: true, unicode: true, isTTY: false} as const
const glyphs = glyphsFor(terminal)
const mostRows = 500

const pictureWidth = 1_080
const margin = 20
const rowHeight = 20
const barHeight = 12
// of 12 px in a monospaced font, which are all about as wide
const letter = 7.23
const treeColumns = 46
const indent = 14
const timeRight = margin + treeColumns * letter + 70
const barsLeft = timeRight + 24
const barsWidth = pictureWidth - margin - barsLeft
const lineColumns = Math.floor((pictureWidth - 2 * margin) / letter)

type Colours = Readonly<
  Record<'ink' | 'dim' | 'grid' | 'paper' | 'bar' | 'path' | 'init' | 'wait' | 'bad' | 'look', string>
>

const light: Colours = {
  ink: '#1f2328',
  dim: '#656d76',
  grid: '#d8dee4',
  paper: '#ffffff',
  bar: '#8c959f',
  path: '#0969da',
  init: '#bf8700',
  wait: '#afb8c1',
  bad: '#cf222e',
  look: '#9a6700',
}

const dark: Colours = {
  ink: '#e6edf3',
  dim: '#8b949e',
  grid: '#30363d',
  paper: '#0d1117',
  bar: '#6e7681',
  path: '#58a6ff',
  init: '#d29922',
  wait: '#484f58',
  bad: '#ff7b72',
  look: '#d29922',
}

// no variables: not every viewer of pictures knows them, and those draw all of it black
const rules = ({ink, dim, grid, paper, bar, path, init, wait, bad, look}: Colours): string =>
  `text{fill:${ink}}.paper{fill:${paper}}.dim{fill:${dim}}.bad{fill:${bad}}.look{fill:${look}}.grid{stroke:${grid}}
.plain,.attempt{fill:${bar}}.path{fill:${path}}.init,.restore{fill:${init}}.overhead,.wait{fill:${wait}}`

const style = `text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.strong{font-weight:600}.right{text-anchor:end}
${rules(light)}
@media (prefers-color-scheme:dark){${rules(dark)}}`

/** What has been drawn, and how far down it reaches. */
type Drawn = {readonly marks: readonly string[]; readonly bottom: number}

/** A trace as a picture of its own: no script, no font, nothing fetched; readable on light and on dark. */
export function traceSvg(report: TraceReport, {clock}: Pick<TraceTextOptions, 'clock'>): string {
  const {trace, linked} = report
  const heading = headerLine(report, {clock, terminal, now: null})
  const title = textLines([heading], margin + rowHeight, 'strong')
  const marks = marksLine(trace, terminal)
  const marked = textLines(marks ? [marks] : [], title.bottom, 'dim')
  const header = {marks: [...title.marks, ...marked.marks], bottom: marked.bottom}
  const parents = linked.filter(({reference}) => reference === 'parent')
  const children = linked.filter(({reference}) => reference === 'child')
  const from = textLines(
    parents.map(link => linkLine(link, report, terminal)),
    header.bottom,
    'dim',
  )
  const main = waterfall(trace, report, from.bottom)
  const parts = [header, from, main]
  let {bottom} = main
  for (const link of children) {
    const line = textLines([linkLine(link, report, terminal)], bottom + rowHeight / 2)
    const below = link.trace ? waterfall(link.trace, report, line.bottom) : line
    parts.push(line, ...(below === line ? [] : [below]))
    bottom = below.bottom
  }
  // the header's time is of a zone that nobody names there
  const began = span(` ${glyphs.dot} began ${new Date(trace.start).toISOString()}`)
  const critical = criticalLine(trace, lineColumns, terminal)
  const footer = textLines(
    [...(critical ? [critical] : []), ...noteLines(report, terminal), [...sourceLine(report, true, terminal), began]],
    bottom + rowHeight / 2,
    'dim',
  )
  const height = Math.ceil(footer.bottom + margin - rowHeight / 2)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" viewBox="0 0 ${pictureWidth} ${height}" role="img">
<title>${xmlText(plainText(heading))}</title>
<style>${style}</style>
<rect class="paper" width="100%" height="100%"/>
${[...parts, footer].flatMap(({marks}) => marks).join('\n')}
</svg>
`
}

function textLines(lines: readonly Line[], top: number, tone = ''): Drawn {
  const marks = lines.map((line, i) =>
    text(margin, top + i * rowHeight, cutAtEnd(plainText(line), lineColumns, glyphs.ellipsis), tone),
  )
  return {marks, bottom: top + lines.length * rowHeight}
}

function waterfall(trace: Trace, report: TraceReport, top: number): Drawn {
  const {rows, orphans, cut} = traceRows(trace, {
    unfolded: false,
    mostRows,
    lambda: glyphs.lambda,
    versionOf: versionBy(report, trace.id),
    askedFor: askedFor(report, trace),
  })
  const marks: string[] = []
  let y = top + rowHeight
  const draw = (row: TraceRow): void => {
    marks.push(...rowMarks(row, y, trace))
    y += rowHeight
    for (const message of row.messages) {
      const x = margin + (row.depth + 1) * indent
      const room = Math.floor((pictureWidth - margin - x) / letter)
      marks.push(text(x, y, cutAtEnd(span(message).text, room, glyphs.ellipsis), failureTone(row)))
      y += rowHeight
    }
  }
  const say = (words: string): void => {
    marks.push(text(margin, y, words, 'look'))
    y += rowHeight
  }
  rows.forEach(draw)
  if (orphans.length > 0) say('detached: not below anything in the trace')
  orphans.forEach(draw)
  if (cut > 0) say(`${glyphs.ellipsis} ${cut} more rows`)
  return {marks: [...axisMarks(trace, top, y), ...marks], bottom: y}
}

function axisMarks({durationMs}: Trace, top: number, bottom: number): readonly string[] {
  return ticksOf(durationMs, Math.floor(barsWidth / letter), true).flatMap(({ms, label}) => {
    const x = fixed(xOf(ms, durationMs))
    const [y1, y2] = [fixed(top + 4), fixed(bottom - rowHeight + 6)]
    const isAtEdge = Number(x) + label.length * letter > pictureWidth - margin
    return [
      `<line class="grid" x1="${x}" x2="${x}" y1="${y1}" y2="${y2}"/>`,
      isAtEdge ? text(pictureWidth - margin, top, label, 'dim right') : text(Number(x), top, label, 'dim'),
    ]
  })
}

function rowMarks(row: TraceRow, y: number, trace: Trace): readonly string[] {
  const x = margin + Math.min(row.depth * indent, (treeColumns * letter) / 2)
  const room = Math.floor((margin + treeColumns * letter - x) / letter)
  const many = keptOf(row, glyphs)
    .map(word => ` ${word}`)
    .join('')
  const name = shorten(span(row.name.text).text, Math.max(4, room - many.length), glyphs.ellipsis) + many
  const left = room - width(name) - 1
  const detail = left >= 8 ? cutAtEnd(span(row.name.detail).text, left, glyphs.ellipsis) : ''
  const time = `${row.isInProgress ? `${glyphs.atLeast} ` : ''}${spanTime(row.durationMs, terminal)}`
  const told = detail === '' ? '' : ` <tspan class="dim">${xmlText(detail)}</tspan>`
  const label = `<text class="${row.isCritical ? 'strong' : ''}" x="${fixed(x)}" y="${fixed(y)}">${xmlText(name)}${told}</text>`
  if (row.kind === 'detached') {
    const words = `${spanTime(row.durationMs, terminal)}, ${spanTime(row.earlierMs ?? 0, terminal)} earlier (not on request path)`
    return [label, text(barsLeft, y, words, 'dim')]
  }
  return [
    `<g><title>${xmlText(`${row.name.text}${many} ${row.name.detail} ${time}`)}</title>`,
    label,
    text(timeRight, y, time, row.isCritical ? 'strong right' : 'right'),
    ...(row.failure === null ? [] : [text(timeRight + 8, y, outcomeSigns(terminal)[row.failure], failureTone(row))]),
    ...row.bars.map(bar => barMark(bar, y, row, trace)),
    '</g>',
  ]
}

function barMark({from, to, kind, isOpen}: RowBar, y: number, row: TraceRow, {durationMs}: Trace): string {
  const start = xOf(from, durationMs)
  const end = isOpen ? barsLeft + barsWidth - barHeight / 2 : xOf(to, durationMs)
  const length = Math.max(1, end - start)
  const tone = toneOf(kind, row)
  const top = y - barHeight + 2
  const bar = `<rect class="${tone}" x="${fixed(Math.min(start, barsLeft + barsWidth - 1))}" y="${fixed(top)}" width="${fixed(length)}" height="${barHeight}" rx="1.5"/>`
  if (!isOpen) return bar
  const tip = `${fixed(end)},${fixed(top)} ${fixed(end + barHeight / 2)},${fixed(top + barHeight / 2)} ${fixed(end)},${fixed(top + barHeight)}`
  return `${bar}<polygon class="${tone}" points="${tip}"/>`
}

/** Red where it went wrong, not everywhere above. */
function toneOf(kind: BarKind, row: TraceRow): string {
  if (row.isOrigin) return failureTone(row)
  return kind === 'plain' && row.isCritical ? 'path' : kind
}

function xOf(ms: number, durationMs: number): number {
  const share = durationMs > 0 ? Math.min(1, Math.max(0, ms / durationMs)) : 0
  return barsLeft + share * barsWidth
}

const text = (x: number, y: number, words: string, tone = ''): string =>
  `<text${tone === '' ? '' : ` class="${tone}"`} x="${fixed(x)}" y="${fixed(y)}">${xmlText(words)}</text>`

const fixed = (value: number): string => String(Math.round(value * 100) / 100)
