import type {DiffLine, DiffSide, TraceDiff} from '../services/traces/diff-traces.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import {padEnd, shorten, width} from './columns.ts'
import {paintedRows} from './layout.ts'
import {counted} from './numbers.ts'
import {paletteFor, type Tone} from './palette.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import {drawingColumns, type Glyphs, glyphsFor, type Terminal} from './terminal.ts'
import {drawBars, type Scale} from './trace-bars.ts'
import {type DiffRow, diffRows, placesOf} from './trace-diff-rows.ts'
import {answeredMs, durationsOf, failureSign, outcomeOf} from './trace-header.ts'
import {paintHued, spanTime, type TreePlace, treePrefix} from './trace-line.ts'
import {failureOf, isFailed} from './trace-messages.ts'
import {nodeName} from './trace-names.ts'
import type {TraceTextOptions} from './trace-text.ts'
import {outcomeSigns} from './trace-words.ts'

// what changes less is chance
const leastMs = 1
const leastShare = 0.02
const columnsForBars = 70
const mostBars = 24
const fewestBars = 12
const leastNarrowTree = 24

/**
 * Two traces side by side by path: what is slower in this one than in the other, what only one of them has. What is about the same
 * is left out, and said so. No word says which came first: that may be either.
 */
export function traceDiffText(diff: TraceDiff, options: TraceTextOptions): string {
  const {terminal} = options
  const columns = drawingColumns(terminal)
  const glyphs = glyphsFor(terminal)
  const palette = paletteFor(terminal)
  const least = Math.max(leastMs, Math.max(answeredMs(diff.before), answeredMs(diff.after)) * leastShare)
  const {rows, same, below} = diffRows(diff.lines, options.unfolded ? null : least)
  const rest = [
    ...(same > 0 ? [`${counted(same, 'path')} about the same (less than ${spanTime(least, terminal)} apart)`] : []),
    ...(below > 0 ? [`${counted(below, 'path')} below what only one has`] : []),
  ]
  return (
    paintedRows(headerLines(diff, options), terminal, ` ${glyphs.dot} `) +
    tableLines(rows, columns, terminal)
      .map(line => paintHued({line, hued: null}, columns, palette))
      .join('') +
    (rest.length === 0 ? '' : paintedRows([[span(`${rest.join(', ')}: --unfold shows them`, 'dim')]], terminal))
  )
}

function headerLines({before, after}: TraceDiff, {terminal, clock}: TraceTextOptions): readonly Line[] {
  const glyphs = glyphsFor(terminal)
  const sideLine = (what: string, trace: Trace): Line => {
    const id = span(trace.id, 'dim')
    const began = span(`${clock.date(trace.start)} ${clock.time(trace.start)}`)
    const outcome = [...outcomeOf(trace, terminal), ...failureSign(trace, terminal), span(` ${glyphs.dot} `, 'dim')]
    const isEmpty = trace.nodes.length === 0
    const told = trace.source === 'logs' ? [span(`${glyphs.warn} from logs only`, 'look')] : []
    const facts = isEmpty
      ? [span('it holds no span', 'look'), id]
      : [...durationsOf(trace, terminal), began, ...told, id]
    return [span(what, 'dim'), ...(isEmpty ? [] : outcome), ...joined(facts, ` ${glyphs.dot} `)]
  }
  const answered = changeOf(answeredMs(before), answeredMs(after), ' than the other', terminal)
  const all = changeOf(before.durationMs, after.durationMs, '', terminal)
  const isWhole = answeredMs(before) === before.durationMs && answeredMs(after) === after.durationMs
  return [
    sideLine('this   ', after),
    sideLine('other  ', before),
    isWhole
      ? [answered]
      : joined([answered, span(`with all that went on after, ${all.text}`, 'dim')], ` ${glyphs.dot} `),
  ]
}

/** `732 ms slower than the other (+58 %)` */
function changeOf(beforeMs: number, afterMs: number, than: string, terminal: Terminal): Span {
  const delta = afterMs - beforeMs
  if (Math.abs(delta) < leastMs) return span('as long as the other')
  const share = beforeMs > 0 ? ` (${signed(Math.round((delta / beforeMs) * 100), glyphsFor(terminal))} %)` : ''
  const words = `${spanTime(Math.abs(delta), terminal)} ${delta > 0 ? 'slower' : 'faster'}${than}${share}`
  return span(words, delta > 0 ? 'bad' : 'good')
}

const signed = (value: number, {minus}: Glyphs): string => `${value < 0 ? minus : '+'}${Math.abs(value)}`

type Row = {
  readonly place: TreePlace
  readonly label: string
  /** without what can be guessed of it */
  readonly short: string
  readonly cells: readonly string[]
  readonly note: string
  readonly line: DiffLine
}

function tableLines(all: readonly DiffRow[], columns: number, terminal: Terminal): readonly Line[] {
  if (all.length === 0) return []
  const glyphs = glyphsFor(terminal)
  const isNarrow = columns < columnsForBars
  const places = placesOf(all.map(({depth}) => depth))
  const rows = all.map((row, i): Row => {
    const [line] = row.lines
    const place = places[i] ?? {depth: 0, rails: [], isLast: true}
    return {
      place,
      ...labelOf(row, glyphs),
      cells: cellsOf(line, terminal),
      note: noteOf(line, isNarrow, terminal),
      line,
    }
  })
  const heads = ['other', 'this', terminal.unicode ? 'Δ' : 'apart']
  const widths = heads.map((head, at) =>
    rows.reduce((most, {cells}) => Math.max(most, width(cells[at] ?? '')), width(head)),
  )
  const notes = rows.reduce((most, {note}) => Math.max(most, width(note)), 0)
  const widest = rows.reduce(
    (most, {place, label}) => Math.max(most, width(treePrefix(place, Number.POSITIVE_INFINITY, glyphs)) + width(label)),
    0,
  )
  const roomBeside = (first: number): number =>
    columns - numbersFrom(first) - (notes === 0 ? 0 : notes + 2) - (isNarrow ? 0 : fewestBars)
  // what the other took is what the two that stay tell
  const first = isNarrow && roomBeside(0) < Math.min(widest, leastNarrowTree) ? 1 : 0
  const tree = Math.max(4, Math.min(widest, roomBeside(first)))
  const bars = isNarrow ? 0 : Math.min(mostBars, columns - tree - numbersFrom(first) - notes - 4)
  const greatest = all.reduce((most, {lines: [{deltaMs}]}) => Math.max(most, Math.abs(deltaMs)), 0)
  return [
    [span(`${' '.repeat(tree)}${rightOf(heads, first)}`, 'dim')],
    ...rows.map(({place, label, short, cells, note, line}): Line => {
      const prefix = treePrefix(place, tree, glyphs)
      const room = tree - width(prefix)
      const name = shorten(width(label) > room ? short : label, room, glyphs.ellipsis)
      const tone = toneOf(line)
      const drawn = barOf(line, {columns: Math.max(0, bars), from: 0, to: greatest}, terminal)
      return [
        span(prefix, 'dim'),
        span(padEnd(name, room)),
        span(rightOf(cells.slice(0, 2), first)),
        span(rightOf(cells, 2), tone),
        span(note === '' && drawn === '' ? '' : `  ${padEnd(note, notes)}`, noteTone(line)),
        span(drawn === '' ? '' : `  ${drawn}`, tone),
      ]
    }),
  ]

  function numbersFrom(first: number): number {
    return widths.slice(first).reduce((sum, one) => sum + one + 2, 0)
  }

  function rightOf(cells: readonly string[], first: number): string {
    return cells
      .map((cell, at) => (at < first ? '' : `  ${' '.repeat((widths[at] ?? 0) - width(cell))}${cell}`))
      .join('')
  }
}

/** More time is solid and less is not, which tells them apart without colours, too. */
function barOf({deltaMs}: DiffLine, scale: Scale, {unicode}: Terminal): string {
  if (deltaMs === 0) return ''
  const kind = deltaMs > 0 ? 'plain' : 'init'
  return drawBars([{from: 0, to: Math.abs(deltaMs), kind, isOpen: false}], scale, unicode)
}

const noteTone = ({before, after}: DiffLine): Tone =>
  after?.failed ? 'bad' : after && before?.failed ? 'plain' : 'look'

const toneOf = ({deltaMs}: DiffLine): Tone => (deltaMs > 0 ? 'bad' : deltaMs < 0 ? 'good' : 'dim')

function labelOf({lines, own}: DiffRow, glyphs: Glyphs): Pick<Row, 'label' | 'short'> {
  if (own !== null) return {label: own, short: own}
  const nodeOf = ({before, after}: DiffLine): TraceNode | undefined => (after ?? before)?.nodes[0]
  // the function is what its invocation is an invocation of
  const line = lines.findLast(one => nodeOf(one)?.role !== 'invocation') ?? lines[0]
  const node = nodeOf(line)
  if (!node) return {label: line.path.at(-1) ?? '', short: line.path.at(-1) ?? ''}
  const {text, detail, short} = nodeName(node, null, glyphs)
  // which function is the point of calling Lambda
  const called = node.span.name === 'Lambda' && detail !== '' ? ` ${detail}` : ''
  return {label: span(text + called).text, short: span(short + called).text}
}

/** What the other took, what this one took, and what lies between; nothing for what is not there. */
function cellsOf({before, after, deltaMs}: DiffLine, terminal: Terminal): readonly string[] {
  const glyphs = glyphsFor(terminal)
  const time = (ms: number | undefined): string => (ms === undefined ? glyphs.to : spanTime(ms, terminal))
  const sign = deltaMs < 0 ? glyphs.minus : deltaMs > 0 ? '+' : ''
  return [time(before?.durationMs), time(after?.durationMs), `${sign}${spanTime(Math.abs(deltaMs), terminal)}`]
}

/** What the times do not say: `only this`, `×3 → ×20`, `✗ fails`, `✗ in other`; only the sign of the last where there is no room. */
function noteOf({before, after}: DiffLine, isNarrow: boolean, terminal: Terminal): string {
  const {times, arrow, ok} = glyphsFor(terminal)
  const [sign, otherSign] = [signOf(after, terminal), signOf(before, terminal)]
  if (isNarrow) return sign || (after && otherSign ? ok : '')
  if (!before) return `${sign} only this`.trimStart()
  if (!after) return `${otherSign} only other`.trimStart()
  const ends = sign && !otherSign ? [`${sign} fails`] : !sign && otherSign ? [`${otherSign} in other`] : []
  return [
    ...(before.count === after.count ? [] : [`${times}${before.count} ${arrow} ${times}${after.count}`]),
    ...ends,
  ].join(' ')
}

/** As in a waterfall: what failed worst of all at the path; '' where all went well. */
function signOf(side: DiffSide | null, terminal: Terminal): string {
  const failure = side && side.failed > 0 ? failureOf(side.nodes.filter(isFailed)) : null
  return failure === null ? '' : outcomeSigns(terminal)[failure]
}
