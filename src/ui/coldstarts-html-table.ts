import {isKnown, orNull} from '../known.ts'
import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {type ColdPlotRow, type ColdPlotRows, signsIn} from './coldstarts-plot-rows.ts'
import {aheadShort, causeKinds, causeNames, mainCause, windowEnds} from './coldstarts-plot-words.ts'
import {causesPlot, initPlot, px, stripHeight, stripsOf, trendPlot} from './coldstarts-plots.ts'
import {axisOfRows} from './coldstarts-svg-rows.ts'
import {knownText, rateText, ratioText, troubleText} from './coldstarts-words.ts'
import type {InitAxis} from './init-axis.ts'
import {duration, roughCount, roughUSD} from './numbers.ts'
import {xmlText} from './xml.ts'

const inits = {width: 310, height: 24} as const
/** so that the first and last label of the axis are whole */
const axisMargin = 18
const trend = {width: 120, height: 30} as const
const causes = {width: 90, height: 10} as const

/** A row for all together and one for each, with their plots; columns of numbers sort where scripts may run. */
export function coldStartsTable(plotted: ColdPlotRows, report: ColdStartsReport): string {
  const axis = axisOfRows(plotted, report.histogramBoundsMs)
  const row = (one: ColdPlotRow) => rowHtml(one, axis, report.histogramBoundsMs)
  return [
    legendHtml(plotted),
    '<div class="wide"><table>',
    heading(plotted, report, axis),
    `<tbody class="total">${row(plotted.total)}</tbody>`,
    '<tbody>',
    ...plotted.rows.map(row),
    '</tbody>',
    '</table></div>',
  ].join('\n')
}

function heading({of}: ColdPlotRows, {coverage: {window}}: ColdStartsReport, axis: InitAxis): string {
  const [from, to] = windowEnds(window)
  const sortable = (words: string, isLeft = false): string =>
    `<th scope="col"${isLeft ? ' class="left"' : ''}><button type="button">${words}</button></th>`
  const pair = (words: string, small: string): string =>
    `<th scope="col"><button type="button">${words}</button><br>${small}</th>`
  const plot = (inner: string): string => `<th scope="col" class="left">${inner}</th>`
  const wide = inits.width + 2 * axisMargin
  const labels = axis.ticks
    .map(
      ({ms, label}) => `<text class="middle" x="${px(axisMargin + axis.at(ms) * inits.width)}" y="11">${label}</text>`,
    )
    .join('')
  return [
    '<thead><tr>',
    sortable(of, true),
    sortable('felt'),
    pair('rate', 'of requests'),
    plot(`init or restore, on a log axis<svg width="${wide}" height="15" viewBox="0 0 ${wide} 15">${labels}</svg>`),
    pair('p50', 'p90'),
    pair('p99', 'longest'),
    sortable('× hello'),
    plot(`felt over time, UTC<br>${from} – ${to}`),
    plot('caused by'),
    pair('inits', 'a month'),
    '</tr></thead>',
  ].join('')
}

function rowHtml(row: ColdPlotRow, axis: InitAxis, boundsMs: readonly number[]): string {
  const {figures, ratio, name, about, causes: made} = row
  const {felt, rate, invocations, initCostUSDPerMonth, initMs, restoreMs} = figures
  const init = initMs ?? restoreMs
  const ahead = aheadShort(figures)
  const trouble = troubleText(figures)
  const small = (text: string, tone = ''): string => (text === '' ? '' : `<small${tone}>${xmlText(text)}</small>`)
  const times = (ms: number | undefined, behind: number | undefined): string =>
    ms === undefined || behind === undefined ? cell(null, '') : cell(ms, duration(ms) + small(duration(behind)))
  return [
    '<tr>',
    `<td class="left name"><b class="code">${xmlText(name)}</b>${small(about.join(' · '))}${small(ahead === '' ? '' : `+ ${ahead}`)}${small(trouble, ' class="bad"')}</td>`,
    cell(felt, `<b>${roughCount(felt)}</b>`),
    cell(orNull(rate), whyUnknown(rate, knownText(rate, rateText)) + small(`of ${knownText(invocations, roughCount)}`)),
    `<td class="left">${initSvg(row, axis, boundsMs)}</td>`,
    times(init?.p50, init?.p90),
    times(init?.p99, init?.max),
    cell(ratio, ratio === null ? '' : ratioText(ratio, '×')),
    `<td class="left">${felt === 0 || figures.trend.length === 0 ? '' : svg(trend.width, trend.height + 1, trendPlot(figures.trend, {x: 0, y: 0, ...trend}))}</td>`,
    `<td class="left">${made === null ? '' : `${svg(causes.width, causes.height + 5, causesPlot(made, {x: 0, y: 5, ...causes}))}${small(mainCause(made))}`}</td>`,
    initCostUSDPerMonth === null
      ? cell(null, '?')
      : cell(initCostUSDPerMonth, initMs === null ? '' : xmlText(roughUSD(initCostUSDPerMonth).replace('under ', '<'))),
    '</tr>',
  ].join('')
}

/** @param value what it is sorted by; null: at the end */
const cell = (value: number | null, html: string): string =>
  `<td${value === null ? '' : ` data-v="${Number(value.toPrecision(9))}"`}>${html}</td>`

const whyUnknown = (known: ColdPlotRow['figures']['rate'], text: string): string =>
  isKnown(known)
    ? xmlText(text)
    : `<span class="dim" title="${xmlText(known.detail || known.unknown)}">${xmlText(text)}</span>`

const svg = (width: number, height: number, marks: string): string =>
  `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">${marks}</svg>`

function initSvg(row: ColdPlotRow, axis: InitAxis, boundsMs: readonly number[]): string {
  const strips = stripsOf(row.figures)
  if (strips === 0) return ''
  const height = inits.height + strips * stripHeight + 2
  const grid = axis.ticks.map(({ms}) => `M${px(axisMargin + axis.at(ms) * inits.width)} 0V${height}`).join('')
  return svg(
    inits.width + 2 * axisMargin,
    height,
    `<path class="grid" stroke-dasharray="1 3" d="${grid}"/>${initPlot(row, {x: axisMargin, y: 0, ...inits}, axis, boundsMs)}`,
  )
}

const sign = (wide: number, marks: string, words: string): string =>
  `<li><svg width="${wide}" height="10" viewBox="0 0 ${wide} 10">${marks}</svg>${words}</li>`

function legendHtml(plotted: ColdPlotRows): string {
  const drawn = signsIn(plotted)
  const tone = drawn.inits ? 'init' : 'restore'
  return [
    '<ul class="legend">',
    sign(18, `<rect class="${tone}" y="1.5" width="18" height="7"/>`, 'p50 to p90'),
    sign(18, `<rect class="${tone} rare" y="3.5" width="18" height="3"/>`, 'to p99'),
    sign(
      20,
      `<rect class="${tone} tail" y="4.5" width="18" height="1"/><circle class="${tone}" cx="17" cy="5" r="1.8"/>`,
      'to the longest',
    ),
    ...(drawn.restores
      ? [sign(18, '<rect class="restore" y="1.5" width="18" height="7"/>', 'SnapStart’s restore')]
      : []),
    ...(drawn.hello ? [sign(4, '<path class="hello" d="M2 0v10"/>', 'a function that does nothing (hello)')] : []),
    ...(drawn.causes
      ? causeKinds.map(kind => sign(10, `<rect class="${kind}" width="10" height="10"/>`, causeNames[kind]))
      : []),
    '</ul>',
  ].join('')
}
