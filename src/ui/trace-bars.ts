import type {BarKind, RowBar} from './trace-row.ts'

/** Where bars are drawn: columns, and the times of the left and the right edge in ms. */
export type Scale = {readonly columns: number; readonly from: number; readonly to: number}

type Marks = {
  readonly kinds: Readonly<Record<BarKind, string>>
  /** by eighths of a cell from its left: for none nothing */
  readonly left: readonly string[]
  readonly rightHalf: string
  readonly rightEdge: string
  /** at the end of what has not ended */
  readonly open: string
}

const unicode: Marks = {
  kinds: {plain: '█', init: '░', restore: '▒', overhead: '·', wait: '┄', attempt: '▆'},
  left: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  rightHalf: '▐',
  rightEdge: '▕',
  open: '▶',
}

const plain: Marks = {
  kinds: {plain: '#', init: '=', restore: '~', overhead: '.', wait: '-', attempt: '#'},
  left: [' ', '#', '#', '#', '#', '#', '#', '#', '#'],
  rightHalf: '#',
  rightEdge: '#',
  open: '>',
}

/**
 * Bars on one row, exact to an eighth of a cell at their right and to half of one at their left, where blocks are no
 * finer. Each has one glyph at least, however short it is; trailing space is left out.
 */
export function drawBars(bars: readonly RowBar[], scale: Scale, isUnicode: boolean): string {
  if (scale.columns < 1) return ''
  const marks = isUnicode ? unicode : plain
  const cells = new Array<string>(scale.columns).fill(' ')
  const filled = new Map<number, Filled>()
  for (const bar of bars) {
    const start = position(bar.from, scale)
    const end = bar.isOpen ? scale.columns : Math.max(start, position(bar.to, scale))
    if (marks.kinds[bar.kind] === marks.left.at(-1)) fill(filled, start, end, scale.columns - 1)
    else shade(cells, start, end, marks.kinds[bar.kind])
  }
  for (const [at, cell] of filled) cells[at] = block(cell, marks)
  if (bars.some(({isOpen}) => isOpen)) cells[scale.columns - 1] = marks.open
  return cells.join('').trimEnd()
}

/** What of a cell is taken: from where to where, and how much of it in all. From 0 at its left to 1. */
type Filled = {readonly from: number; readonly to: number; readonly share: number}

function fill(filled: Map<number, Filled>, start: number, end: number, last: number): void {
  const first = Math.min(last, Math.floor(start))
  for (let at = first; at <= last && (at === first || at < end); at++) {
    const from = Math.max(0, start - at)
    const to = Math.min(1, end - at)
    const before = filled.get(at)
    const share = Math.min(1, (before?.share ?? 0) + to - from)
    filled.set(at, {from: Math.min(from, before?.from ?? 1), to: Math.max(to, before?.to ?? 0), share})
  }
}

/** Dots and shades have no halves: a cell is taken where most of it is. */
function shade(cells: string[], start: number, end: number, glyph: string): void {
  const first = Math.min(cells.length - 1, Math.round(start))
  cells.fill(glyph, first, Math.max(first + 1, Math.round(end)))
}

const touchesEdge = 1 / 16

function block({from, to, share}: Filled, {left, rightHalf, rightEdge}: Marks): string {
  const eighths = Math.min(8, Math.max(1, Math.round(share * 8)))
  const hasGaps = to - from - share > touchesEdge
  if (hasGaps || from < touchesEdge || (to < 1 - touchesEdge && from < 0.5)) return left[eighths] ?? ''
  if (from < 0.25) return left[8] ?? ''
  return from < 0.75 && eighths >= 3 ? rightHalf : rightEdge
}

/** In cells from the left, from 0 to the number of columns. */
function position(ms: number, {columns, from, to}: Scale): number {
  const share = to > from ? (ms - from) / (to - from) : 0
  return Math.min(columns, Math.max(0, share * columns)) || 0
}

const units = [
  {name: 'µs', plainName: 'us', ms: 0.001},
  {name: 'ms', plainName: 'ms', ms: 1},
  {name: 's', plainName: 's', ms: 1_000},
  {name: 'min', plainName: 'min', ms: 60_000},
  {name: 'h', plainName: 'h', ms: 3_600_000},
  {name: 'd', plainName: 'd', ms: 86_400_000},
] as const

// the steps that people count in: tens, but halves and quarters of an hour
const decimalSteps = [1, 2, 5] as const
const sixtiethSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800] as const

const columnsBetweenTicks = 7
const mostTicks = 10

export type Tick = {readonly ms: number; readonly label: string}

/** Round times from 0 up to a duration, as many as have room; the unit stands at the last. None for no time at all. */
export function ticksOf(durationMs: number, columns: number, isUnicode: boolean): readonly Tick[] {
  if (!(durationMs > 0) || !Number.isFinite(durationMs)) return []
  const most = Math.max(2, Math.min(mostTicks, Math.floor(columns / columnsBetweenTicks)))
  const unit = units.findLast(({ms}) => durationMs >= ms * (ms >= 60_000 ? 1.5 : 1)) ?? units[0]
  const length = durationMs / unit.ms
  const isSixtieth = unit.ms === 60_000 || unit.ms === 3_600_000
  const wanted = stepOf(length, most, isSixtieth)
  // a 0 alone tells nothing
  const step = wanted <= length ? wanted : stepOf(length, most + 1, isSixtieth)
  const count = Math.floor(((durationMs / unit.ms) * (1 + 1e-9)) / step)
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const labelOf = (at: number): string => (at === 0 ? '0' : at.toFixed(Math.min(6, decimals)))
  return Array.from({length: count + 1}, (_, i) => ({
    ms: i * step * unit.ms,
    label: labelOf(i * step) + (i === count ? ` ${isUnicode ? unit.name : unit.plainName}` : ''),
  }))
}

function stepOf(length: number, most: number, isSixtieth: boolean): number {
  const least = length / most
  if (isSixtieth && least < 1) {
    // parts of a minute or hour are counted in decimals where they are coarse enough to be said so: 0.5, 0.25
    const part = [0.25, 0.5, 1].find(one => one >= least)
    if (part !== undefined) return part
  }
  if (isSixtieth) return sixtiethSteps.find(one => one >= least) ?? least
  const decade = 10 ** Math.floor(Math.log10(least))
  return decade * (decimalSteps.find(one => one * decade >= least * (1 - 1e-9)) ?? 10)
}

/** The ticks as one line above the bars, each label from its time on, the last one as far left as it must be to fit. */
export function axisText(durationMs: number, columns: number, isUnicode: boolean): string {
  const ticks = ticksOf(durationMs, columns, isUnicode)
  let line = ''
  ticks.forEach(({ms, label}, i) => {
    const at = Math.round(position(ms, {columns, from: 0, to: durationMs}))
    const start = Math.min(at, columns - label.length)
    // one that would touch its neighbour is left out, but never the last: it has the unit
    if (i === ticks.length - 1 && start <= line.length) line = line.slice(0, Math.max(0, start)).replace(/\S+$/, '')
    if (line !== '' && start <= line.length && i < ticks.length - 1) return
    line = line.padEnd(Math.max(0, start)) + label
  })
  return line.length > columns ? '' : line
}
