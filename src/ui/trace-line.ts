import {cutAtEnd, padEnd, shorten, width} from './columns.ts'
import {duration} from './numbers.ts'
import type {Palette, Tone} from './palette.ts'
import {type Line, lineWidth, type Span, span, wrapLine} from './spans.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'
import {drawBars, type Scale} from './trace-bars.ts'
import type {TraceRow} from './trace-row.ts'
import {outcomeSigns} from './trace-words.ts'

/** A line in which some pieces, by their places, have the hue of a name. */
export type HuedLine = {
  readonly line: Line
  readonly hued: {readonly at: readonly number[]; readonly name: string} | null
}

/** How many columns each part of a row has; 0 for one that is left out. */
export type RowLayout = {
  readonly tree: number
  readonly duration: number
  readonly self: number
  /** of the sign of failure */
  readonly sign: number
  /** of the mark of the critical path, where no bold type can show it */
  readonly mark: number
  readonly bars: number
  /** it is known what the critical path is: what is not on it is context */
  readonly hasPath: boolean
}

const wide = 120
const narrow = 60
const fewestBarColumns = 8
const leastTree = 8
const detailShare = 0.43
// where there is hardly room for either, a name says more than a bar
const narrowShare = 0.5
const wideShare = 0.45
const widestTree = 90

/** The parts of a row of a terminal so wide, for these rows. */
export function layoutOf(rows: readonly TraceRow[], columns: number, terminal: Terminal): RowLayout {
  const glyphs = glyphsFor(terminal)
  const widest = (of: (row: TraceRow) => number): number => rows.reduce((most, row) => Math.max(most, of(row)), 0)
  const durations = widest(row => (row.kind === 'detached' ? 0 : width(durationCell(row, terminal))))
  const self = columns < wide ? 0 : widest(row => width(selfCell(row, terminal)))
  const sign = rows.some(({isFailed}) => isFailed) ? 1 + widest(row => width(signOf(row, terminal))) : 0
  const hasPath = rows.some(({isCritical}) => isCritical)
  const isMarked = !terminal.color && columns >= narrow && rows.some(({isCritical}) => !isCritical)
  const mark = isMarked && hasPath ? 2 : 0
  const fixed = 1 + durations + (self === 0 ? 0 : self + 2) + sign + mark
  const share = columns < narrow ? narrowShare : wideShare
  const prefix = (row: TraceRow): number => width(treePrefix(row, Number.POSITIVE_INFINITY, glyphs))
  const spans = rows.filter(({kind}) => kind !== 'detached')
  const names = spans.reduce((most, row) => Math.max(most, prefix(row) + width(nameCell(row, glyphs))), 0)
  const details = spans.reduce(
    (most, row) => Math.max(most, prefix(row) + lineWidth(wholeLabel(labelOf(row, terminal)))),
    0,
  )
  const room = Math.max(0, columns - fixed)
  const tree = Math.max(
    Math.min(leastTree, room),
    Math.min(
      Math.max(names, Math.min(details, Math.floor(columns * detailShare))),
      Math.floor(columns * share),
      widestTree,
    ),
  )
  const bars = room - tree - 2
  if (bars < fewestBarColumns) return {tree: room, duration: durations, self, sign, mark, bars: 0, hasPath}
  return {tree, duration: durations, self, sign, mark, bars, hasPath}
}

/** A row: tree, name, duration, sign and bars. */
export function rowLine(
  row: TraceRow,
  layout: RowLayout,
  scale: Omit<Scale, 'columns'>,
  columns: number,
  terminal: Terminal,
): HuedLine {
  const glyphs = glyphsFor(terminal)
  if (row.kind === 'detached') return {line: detachedLine(row, columns, glyphs), hued: null}
  const prefix = treePrefix(row, layout.tree, glyphs)
  const label = fitted(labelOf(row, terminal), layout.tree - width(prefix), glyphs)
  const gap = ' '.repeat(Math.max(0, layout.tree - width(prefix) - lineWidth(label)))
  const bars = drawBars(row.bars, {...scale, columns: layout.bars}, terminal.unicode)
  const cells: readonly Span[] = [
    span(`${gap} `),
    right(durationCell(row, terminal), layout.duration, row.isCritical ? 'strong' : 'plain'),
    ...(layout.self === 0 ? [] : [right(`  ${selfCell(row, terminal)}`, layout.self + 2, 'dim')]),
    span(layout.sign === 0 ? '' : padEnd(row.isFailed ? ` ${signOf(row, terminal)}` : '', layout.sign), signTone(row)),
    span(layout.mark === 0 ? '' : padEnd(row.isCritical ? ` ${criticalMark(terminal)}` : '', layout.mark)),
    span(layout.bars === 0 || bars === '' ? '' : `  ${bars}`, barTone(row, layout)),
  ]
  const line = [span(prefix, 'dim'), ...label, ...cells]
  const name = row.name.functionName
  // its name, and its bar where that need not be red
  const at = row.isOrigin ? [1] : [1, line.length - 1]
  return {line, hued: name === null ? null : {at, name}}
}

/** Marks the critical path where there is no bold type. */
const criticalMark = ({unicode}: Pick<Terminal, 'unicode'>): string => (unicode ? '•' : '*')

const right = (text: string, columns: number, tone: Tone): Span =>
  span(' '.repeat(Math.max(0, columns - width(text))) + text, tone)

/** Red for faults alone: an error is what its caller did wrong, and often handled. */
export const failureTone = ({failure}: Pick<TraceRow, 'failure'>): Tone => (failure === 'fault' ? 'bad' : 'look')

const signTone = (row: TraceRow): Tone => (row.failure === null ? 'plain' : failureTone(row))

const signOf = ({failure}: TraceRow, terminal: Terminal): string =>
  failure === null ? '' : outcomeSigns(terminal)[failure]

/** Red where it went wrong, not everywhere above; what nobody waited for is context. */
function barTone(row: TraceRow, {hasPath}: RowLayout): Tone {
  if (row.isOrigin) return signTone(row)
  return row.isCritical || !hasPath ? 'plain' : 'dim'
}

/** `412 ms`, `≥ 4 min` for what has not ended, µs below a tenth of a millisecond; less than that nobody measures. */
export function spanTime(ms: number, {unicode}: Pick<Terminal, 'unicode'>): string {
  const micro = unicode ? 'µs' : 'us'
  if (ms <= 0 || ms >= 0.0995) return duration(Math.max(0, ms))
  return ms < 0.0005 ? `<1 ${micro}` : `${Math.round(ms * 1_000)} ${micro}`
}

/** `≥ 4 min` of what has not ended; nothing where no later time than its start is known. */
function durationCell({durationMs, isInProgress}: TraceRow, terminal: Terminal): string {
  if (!isInProgress) return spanTime(durationMs, terminal)
  return durationMs > 0 ? `${glyphsFor(terminal).atLeast} ${spanTime(durationMs, terminal)}` : ''
}

/** Only where it says something else than the duration. */
function selfCell({nodes, count, selfMs, kind}: TraceRow, terminal: Terminal): string {
  const hasBelow = nodes.some(({children}) => children.some(child => !nodes.includes(child)))
  return hasBelow && kind === 'span' && count === 1 ? spanTime(selfMs, terminal) : ''
}

/** Where a line stands in a tree. */
export type TreePlace = Pick<TraceRow, 'rails' | 'depth' | 'isLast'>

/** `│ ├ `; of what is deeper than there is room for the innermost levels, behind an ellipsis. */
export function treePrefix({rails, depth, isLast}: TreePlace, room: number, {tree, ellipsis}: Glyphs): string {
  if (depth === 0) return ''
  const most = Math.max(0, Math.floor((room * 0.6) / 2) - 2)
  const shown = rails.length > most ? rails.slice(rails.length - most) : rails
  const isCut = shown.length < depth - 1
  const rail = shown.map(goesOn => (goesOn ? tree.below : '  ')).join('')
  return `${isCut ? padEnd(ellipsis, 2) : ''}${rail}${isLast ? tree.last : tree.child}`
}

/** What stands left of lines that belong to a row, under it; `hasBelow` where rows follow that are below it. */
export function railsBelow(row: TraceRow, hasBelow: boolean, room: number, glyphs: Glyphs): string {
  const {tree} = glyphs
  const prefix = treePrefix(row, room, glyphs)
  const own = row.depth === 0 ? '' : prefix.slice(0, prefix.length - 2) + (row.isLast ? '  ' : tree.below)
  return own + (hasBelow ? tree.below : '  ')
}

/** What had better be there whole. */
function nameCell(row: TraceRow, glyphs: Glyphs): string {
  return [span(row.name.text).text, ...keptOf(row, glyphs), ...unfinished(row)].join(' ')
}

/** What is never left out behind a name: how many, how it was answered, and that it is what was asked for. */
export const keptOf = ({count, httpStatus, isAskedFor}: TraceRow, {times, arrow}: Glyphs): readonly string[] => [
  ...(count === 1 ? [] : [`${times}${count}`]),
  ...(httpStatus === null ? [] : [`${arrow} ${httpStatus}`]),
  ...(isAskedFor ? ['(asked for)'] : []),
]

type Label = {
  readonly name: Span
  readonly short: Span
  readonly kept: Line
  readonly details: Line
  /** columns of the detail that tells what was called, with the space before it */
  readonly called: number
}

const wholeLabel = ({name, kept, details}: Label): Line => [name, ...kept, ...details]

const unfinished = ({isInProgress, isCutOff}: TraceRow): readonly string[] =>
  isInProgress ? ['running'] : isCutOff ? ['cut off'] : []

/** The name, how many there are, and what else to know of it. */
function labelOf(row: TraceRow, terminal: Terminal): Label {
  const {name, count, spread, hidden, nodes} = row
  const retries = nodes.reduce((sum, {span}) => sum + span.retries, 0)
  const details = [
    ...unfinished(row),
    ...(retries > 0 ? [retries === 1 ? 'retried once' : `${retries} retries`] : []),
    ...(name.detail === '' ? [] : [name.detail]),
    ...(spread && count > 1
      ? [`p50 ${spanTime(spread.p50Ms, terminal)}`, `max ${spanTime(spread.maxMs, terminal)}`]
      : []),
    ...(hidden > 0 ? [`+${hidden}`] : []),
  ]
  const tone = row.isCritical ? 'strong' : 'plain'
  return {
    name: span(name.text, tone),
    short: span(name.short, tone),
    called: name.detail === '' ? 0 : 1 + width(span(name.detail).text),
    kept: keptOf(row, glyphsFor(terminal)).map(text => span(` ${text}`, 'strong')),
    details: details.map(detail => span(` ${detail}`, 'dim')),
  }
}

const leastDetail = 14

/**
 * The label within so many columns: first what can be guessed of the name gives way (which table it is tells rows apart, that it
 * is one does not), then details from the right, then the name in its middle.
 */
function fitted({name: whole, kept, details, short, called}: Label, room: number, {ellipsis}: Glyphs): Line {
  const keptWidth = lineWidth(kept)
  const isTooWide = width(whole.text) + keptWidth + called > room
  const hasRoomInShort = width(short.text) + keptWidth + Math.min(called, leastDetail) <= room
  const isCut = width(whole.text) + keptWidth > room
  const name = isCut || (isTooWide && hasRoomInShort) ? short : whole
  const shown = span(shorten(name.text, Math.max(1, room - keptWidth), ellipsis), name.tone)
  const pieces: Span[] = [shown, ...kept]
  let left = room - lineWidth(pieces)
  for (const detail of details) {
    if (width(detail.text) > left && left < leastDetail) continue
    const piece = span(cutAtEnd(detail.text, left, ellipsis), detail.tone)
    pieces.push(piece)
    left -= width(piece.text)
  }
  return pieces
}

/** `└ init 1.9 s, 3 h 2 min earlier (not on request path)` */
function detachedLine(row: TraceRow, columns: number, glyphs: Glyphs): Line {
  const prefix = treePrefix(row, columns / 2, glyphs)
  const words = `${row.name.text} ${duration(row.durationMs)}, ${duration(row.earlierMs ?? 0)} earlier (not on request path)`
  return [span(prefix, 'dim'), span(cutAtEnd(span(words).text, columns - width(prefix), glyphs.ellipsis), 'dim')]
}

/** A line as text; one that would be too wide is cut, whatever was miscounted. */
export function paintHued({line, hued}: HuedLine, columns: number, palette: Palette): string {
  const fitting = lineWidth(line) <= columns ? line : (wrapLine(line, columns, columns)[0] ?? [])
  const painted = fitting.map(({text, tone}, i) =>
    hued?.at.includes(i) ? palette.hue(hued.name, palette.tone(tone, text)) : palette.tone(tone, text),
  )
  return `${painted.join('').trimEnd()}\n`
}
