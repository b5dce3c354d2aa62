import {isKnown} from '../known.ts'
import type {ColdStartFigures, ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {ColdPlotRow, ColdPlotRows} from './coldstarts-plot-rows.ts'
import {aheadShort, mainCause, windowEnds} from './coldstarts-plot-words.ts'
import {causesPlot, initPlot, px, stripHeight, stripsOf, trendPlot} from './coldstarts-plots.ts'
import {knownText, rateText, ratioText, troubleText} from './coldstarts-words.ts'
import {cutAtEnd, shorten, wrap} from './columns.ts'
import {type InitAxis, initAxis} from './init-axis.ts'
import {duration, roughCount, roughUSD} from './numbers.ts'
import {printableName} from './printable.ts'
import {xmlText} from './xml.ts'

export type ChartPlace = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly axis: InitAxis
}

/** What has been drawn, and how far down it reaches. */
export type Drawn = {readonly marks: readonly string[]; readonly bottom: number}

/** of a name, in columns of a monospaced font */
const nameColumns = 34
const aboutColumns = 40
const lineHeight = 14
const barsHeight = 20
const rowPadding = 7
/** where columns are, from the left of the chart */
const at = {felt: 292, inits: 330, quantiles: 744, ratio: 798, trend: 822, causes: 976, cost: 1_124} as const
const wide = {inits: 354, trend: 124, causes: 84} as const

/** The axis that all rows share. */
export function axisOfRows({rows, total}: ColdPlotRows, boundsMs: readonly number[]): InitAxis {
  return initAxis(
    [total, ...rows].flatMap(({figures, helloMs}) => [
      ...[figures.initMs, figures.restoreMs].flatMap(quantiles => (quantiles ? [quantiles.p50, quantiles.max] : [])),
      ...(helloMs === null || stripsOf(figures) === 0 ? [] : [helloMs]),
      ...figures.histogram.flatMap((some, i) => (some > 0 ? [boundsMs[i - 1] ?? (boundsMs[0] ?? 1) / 1.25] : [])),
    ]),
  )
}

/** A heading, a row for all together, and a row for each. */
export function coldStartsChart(plotted: ColdPlotRows, report: ColdStartsReport, place: ChartPlace): Drawn {
  const {left, right, top, axis} = place
  const marks: string[] = []
  let y = top + 34
  const rowsTop = y
  const rows = [plotted.total, ...plotted.rows]
  for (const [i, row] of rows.entries()) {
    const height = heightOf(row)
    if (i === 0)
      marks.push(
        `<rect class="band" x="${left - 10}" y="${px(y)}" width="${right - left + 20}" height="${height}" rx="6"/>`,
      )
    marks.push(rowMarks(row, y, place, report.histogramBoundsMs))
    y += height
    if (i > 0 && i < rows.length - 1) marks.push(`<path class="grid" d="M${left} ${px(y - 0.5)}H${right}"/>`)
  }
  const grid = axis.ticks.map(
    ({ms}) =>
      `<path class="grid" d="M${px(left + at.inits + axis.at(ms) * wide.inits)} ${rowsTop}V${px(y)}" stroke-dasharray="1 3"/>`,
  )
  const [band = '', ...others] = marks
  return {marks: [...heading(plotted, report, place), band, ...grid, ...others], bottom: y}
}

function heading(
  {of, rows, total}: ColdPlotRows,
  {coverage: {window}}: ColdStartsReport,
  {left, top, axis}: ChartPlace,
) {
  const word = (text: string, x: number, y: number, tone = ''): string =>
    `<text class="small dim${tone}" x="${px(left + x)}" y="${y}">${xmlText(text)}</text>`
  const [from, to] = windowEnds(window)
  const upper = top + 10
  const lower = top + 26
  return [
    word(of, 0, lower),
    word('felt', at.felt, upper, ' right'),
    word('of requests', at.felt, lower, ' right'),
    word('init or restore, on a log axis', at.inits + wide.inits / 2, upper, ' middle'),
    ...axis.ticks.map(({ms, label}) => word(label, at.inits + axis.at(ms) * wide.inits, lower, ' middle')),
    word('p50', at.quantiles, upper, ' right'),
    word('p99', at.quantiles, lower, ' right'),
    ...(rows.some(({ratio}) => ratio !== null)
      ? [word('times', at.ratio, upper, ' right'), word('hello', at.ratio, lower, ' right')]
      : []),
    word('felt over time (UTC)', at.trend, upper),
    word(from, at.trend, lower),
    word(to, at.trend + wide.trend, lower, ' right'),
    ...([total, ...rows].some(({causes}) => causes !== null) ? [word('caused by', at.causes, lower)] : []),
    word('inits', at.cost, upper, ' right'),
    word('a month', at.cost, lower, ' right'),
  ]
}

function namesOf({name}: ColdPlotRow): readonly string[] {
  const shown = shorten(printableName(name), nameColumns * 2, '…')
  return wrap(shown, nameColumns, nameColumns).map(({start, end}) => shown.slice(start, end))
}

/** What else there was, a line each: inits that nobody waited for, and what went wrong. */
function besidesOf(figures: ColdStartFigures): readonly {readonly text: string; readonly tone: string}[] {
  const ahead = aheadShort(figures)
  return [
    {text: ahead === '' ? '' : `+ ${ahead}`, tone: 'small dim'},
    {text: troubleText(figures), tone: 'small bad'},
  ].filter(({text}) => text !== '')
}

function heightOf(row: ColdPlotRow): number {
  const lines = namesOf(row).length + (row.about.length > 0 ? 1 : 0) + besidesOf(row.figures).length
  const plots = barsHeight + Math.max(1, stripsOf(row.figures)) * stripHeight
  return Math.max(lines * lineHeight, plots, 2 * lineHeight) + 2 * rowPadding
}

function rowMarks(row: ColdPlotRow, top: number, {left, axis}: ChartPlace, boundsMs: readonly number[]): string {
  const {figures, ratio, causes, about, name} = row
  const {felt, rate, initMs, restoreMs, initCostUSDPerMonth, trend} = figures
  const init = initMs ?? restoreMs
  const first = top + rowPadding + 11
  const second = first + lineHeight
  const word = (text: string, x: number, y: number, tone: string): string =>
    text === '' ? '' : `<text class="${tone}" x="${px(left + x)}" y="${px(y)}">${xmlText(text)}</text>`
  const names = namesOf(row)
  const aboutY = first + names.length * lineHeight
  const besideY = aboutY + (about.length > 0 ? lineHeight : 0)
  const peak = trend.reduce((a, b) => Math.max(a, b), 0)
  return [
    `<g><title>${xmlText(name)}</title>`,
    ...names.map((part, i) => word(part, 0, first + i * lineHeight, 'name')),
    word(cutAtEnd(printableName(about.join(' · ')), aboutColumns, '…'), 0, aboutY, 'small dim'),
    ...besidesOf(figures).map(({text, tone}, i) => word(text, 0, besideY + i * lineHeight, tone)),
    '</g>',
    word(roughCount(felt), at.felt, first, 'number right'),
    word(knownText(rate, rateText), at.felt, second, isKnown(rate) ? 'small dim right' : 'small bad right'),
    initPlot(row, {x: left + at.inits, y: top + rowPadding - 3, width: wide.inits, height: barsHeight}, axis, boundsMs),
    word(init ? duration(init.p50) : '', at.quantiles, first, 'number right'),
    word(init ? duration(init.p99) : '', at.quantiles, second, 'small dim right'),
    word(ratio === null ? '' : ratioText(ratio, '×'), at.ratio, first, 'right'),
    felt === 0 || trend.length === 0
      ? ''
      : trendPlot(trend, {x: left + at.trend, y: top + rowPadding - 1, width: wide.trend, height: 2 * lineHeight}),
    word(peak > 0 ? roughCount(peak) : '', at.trend + wide.trend + 3, top + rowPadding + 7, 'tiny dim'),
    ...(causes === null
      ? []
      : [
          causesPlot(causes, {x: left + at.causes, y: top + rowPadding + 2, width: wide.causes, height: 9}),
          word(mainCause(causes), at.causes, second, 'small dim'),
        ]),
    word(
      initCostUSDPerMonth === null ? '?' : initMs === null ? '' : roughUSD(initCostUSDPerMonth).replace('under ', '<'),
      at.cost,
      first,
      'right',
    ),
  ].join('')
}
