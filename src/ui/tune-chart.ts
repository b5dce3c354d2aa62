import type {Architecture} from '../services/pricing.ts'
import type {Standing} from '../services/tuning/standing.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import type {Recommendation} from '../services/tuning/tune-report.ts'
import {brailleCanvas} from './braille.ts'
import {count, duration} from './numbers.ts'
import {type Line, type Span, span} from './spans.ts'
import {drawingColumns, type Terminal} from './terminal.ts'
import {labelsThatFit, memoryAxis, type ValueAxis, valueAxis} from './tune-axis.ts'
import {isCurrent, isRecommended, perMillionUSD} from './tune-words.ts'

type ChartOptions = {
  readonly sizes: readonly Standing[]
  readonly plan: TunePlan
  readonly recommendation: Recommendation | null
  readonly architecture: Architecture
}

type Measured = Standing & {readonly meanBilledMs: number; readonly costPerMillionUSD: number}

const rows = 8
const widest = 72
const narrowest = 24
/** with fewer sizes there is no shape to see */
const leastSizes = 3
/** of the dots of a dotted line */
const dotted = 3
const unicodeMarks = {duration: '●', cost: '◇', winner: '★', axis: '│', end: '└', otherEnd: '┘', base: '─'}
const plainMarks = {duration: '*', cost: 'o', winner: '@', axis: '|', end: '+', otherEnd: '+', base: '-'}

type Marks = typeof unicodeMarks

/** Cost and duration against memory, each by a scale of its own. Nothing where fewer than three sizes were measured, or there is no room. */
export function tuneChart(options: ChartOptions, terminal: Terminal): readonly Line[] {
  const {sizes, plan, recommendation, architecture} = options
  const measured = sizes.filter((size): size is Measured => size.architecture === architecture && isMeasured(size))
  if (measured.length < leastSizes) return []
  const durations = valueAxis(measured.map(({meanBilledMs}) => meanBilledMs))
  const costs = valueAxis(measured.map(({costPerMillionUSD}) => costPerMillionUSD))
  const left = endsOf(durations, duration)
  const right = endsOf(costs, amount => (amount === 0 ? '$0' : perMillionUSD(amount)))
  const leftColumns = Math.max(left.high.length, left.low.length) + 1
  const rightColumns = Math.max(right.high.length, right.low.length) + 1
  const columns = Math.min(widest, drawingColumns(terminal) - leftColumns - rightColumns - 2)
  if (columns < narrowest) return []
  const memory = memoryAxis(measured.map(({memorySizeMB}) => memorySizeMB))
  const columnOf = (size: Measured): number => 1 + Math.round(memory.at(size.memorySizeMB) * (columns - 3))
  const places = measured.map(size => ({
    column: columnOf(size),
    durationRow: rowAt(durations.at(size.meanBilledMs)),
    costRow: rowAt(costs.at(size.costPerMillionUSD)),
    isBest: isRecommended(size, recommendation),
  }))
  const marks = terminal.unicode ? unicodeMarks : plainMarks
  const plotted = plotRows(places, columns, terminal)
  const base = `${' '.repeat(leftColumns)}${marks.end}${marks.base.repeat(columns)}${marks.otherEnd}`
  return [
    headLine(options, {durations, costs, isBestDrawn: places.some(({isBest}) => isBest)}, marks),
    ...plotted.map(
      (cells, row): Line => [
        span(`${labelAt(row, left).padStart(leftColumns - 1)} ${marks.axis}`, 'dim'),
        ...cells,
        span(`${marks.axis} ${labelAt(row, right)}`.trimEnd(), 'dim'),
      ],
    ),
    [span(base, 'dim')],
    labels(measured, columnOf, columns, leftColumns + 1, plan, recommendation),
  ]
}

/** What the signs mean. */
function headLine(
  {sizes, architecture}: ChartOptions,
  {
    durations,
    costs,
    isBestDrawn,
  }: {readonly durations: ValueAxis; readonly costs: ValueAxis; readonly isBestDrawn: boolean},
  marks: Marks,
): Line {
  const scale = ({isLog}: ValueAxis): string => (isLog ? ' (log scale)' : '')
  return [
    span(marks.duration, 'strong'),
    span(` mean billed duration${scale(durations)}   `, 'dim'),
    span(marks.cost, 'look'),
    span(` $/1 M calls${scale(costs)}`, 'dim'),
    ...(isBestDrawn ? [span('   '), span(marks.winner, 'good'), span(' to use', 'dim')] : []),
    ...(sizes.some(size => size.architecture !== architecture) ? [span(`   ${architecture}`, 'dim')] : []),
  ]
}

/** A measured size on the plot, in cells from the left and from the top. */
type Place = {
  readonly column: number
  readonly durationRow: number
  readonly costRow: number
  readonly isBest: boolean
}

/** Signs for what was measured, on lines that lead the eye: a solid one for durations, a dotted one for costs. */
function plotRows(places: readonly Place[], columns: number, {unicode}: Terminal): readonly Line[] {
  const marks = unicode ? unicodeMarks : plainMarks
  const canvas = brailleCanvas(columns, rows)
  for (const [i, from] of places.entries()) {
    const to = places[i + 1]
    if (to === undefined || !unicode) break
    canvas.line(dotAt(from.column, from.durationRow), dotAt(to.column, to.durationRow), 1)
    canvas.line(dotAt(from.column, from.costRow), dotAt(to.column, to.costRow), dotted)
  }
  const signs = new Map<number, Span>()
  for (const {column, durationRow, costRow, isBest} of places) {
    signs.set(costRow * columns + column, span(marks.cost, isBest ? 'good' : 'look'))
    const sign = isBest ? span(marks.winner, 'good') : span(marks.duration, 'strong')
    signs.set(durationRow * columns + column, sign)
  }
  return Array.from({length: rows}, (_, row) =>
    Array.from(
      {length: columns},
      (_, column) => signs.get(row * columns + column) ?? span(canvas.cell(column, row) || ' ', 'dim'),
    ),
  )
}

const rowAt = (share: number): number => Math.round((1 - share) * (rows - 1))

const isMeasured = ({meanBilledMs, costPerMillionUSD}: Standing): boolean =>
  meanBilledMs !== null && costPerMillionUSD !== null

const dotAt = (column: number, row: number) => ({x: column * 2, y: row * 4 + 2})

type Ends = {readonly high: string; readonly low: string}

const endsOf = ({least, most}: ValueAxis, draw: (value: number) => string): Ends => ({
  high: draw(most),
  low: draw(least),
})

const labelAt = (row: number, {high, low}: Ends): string => (row === 0 ? high : row === rows - 1 ? low : '')

/** Memory sizes below the axis, those first that matter; what would touch another is left out. */
function labels(
  measured: readonly Measured[],
  columnOf: (size: Measured) => number,
  columns: number,
  indent: number,
  plan: TunePlan,
  recommendation: Recommendation | null,
): Line {
  const weight = (size: Measured, i: number): number =>
    isRecommended(size, recommendation) ? 3 : isCurrent(size, plan) ? 2 : i === 0 || i === measured.length - 1 ? 1 : 0
  const fitting = labelsThatFit(
    measured.map((size, i) => ({
      text: count(size.memorySizeMB),
      middle: columnOf(size) + 0.5,
      weight: weight(size, i),
    })),
    {least: 0, most: columns, widthOf: text => text.length},
  )
  let line = ''
  for (const {text, middle} of fitting) line = line.padEnd(Math.floor(middle - text.length / 2)) + text
  return [span(`${' '.repeat(indent)}${line.padEnd(columns)} MB`, 'dim')]
}
