import type {Causes} from '../services/fleet/coldstarts/causes.ts'
import type {ColdStartFigures} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {Quantiles} from '../services/fleet/coldstarts/quantiles.ts'
import {causeKinds, causeNames} from './coldstarts-plot-words.ts'
import type {InitAxis} from './init-axis.ts'
import {count, duration} from './numbers.ts'
import {xmlText} from './xml.ts'

/** Where a plot is drawn, in px. */
export type PlotBox = {readonly x: number; readonly y: number; readonly width: number; readonly height: number}

/** of one strip of quantiles, with the space above it */
export const stripHeight = 10
const stripThick = 7
const stripThin = 3

/** How many strips of quantiles a row has: of inits, of restores, or of both. */
export const stripsOf = ({initMs, restoreMs}: ColdStartFigures): number => (initMs ? 1 : 0) + (restoreMs ? 1 : 0)

/**
 * How long inits took: bars of how many took so long, as high as the highest, and below them from p50 to p90 (thick), p99
 * (thin) and the longest (a line); a dashed line is what a function that does nothing takes.
 * @param height of the bars; the strips come below
 */
export function initPlot(
  {figures, helloMs}: {readonly figures: ColdStartFigures; readonly helloMs: number | null},
  {x, y, width, height}: PlotBox,
  axis: InitAxis,
  boundsMs: readonly number[],
): string {
  const at = (ms: number): number => x + axis.at(ms) * width
  const strips = [
    ...(figures.initMs ? [{tone: 'init', quantiles: figures.initMs}] : []),
    ...(figures.restoreMs ? [{tone: 'restore', quantiles: figures.restoreMs}] : []),
  ]
  const longest = strips.reduce((most, {quantiles}) => Math.max(most, quantiles.max), 0)
  // the last bar ends where the longest does
  const upTo = (ms: number): number => at(Math.min(ms, longest))
  const bars = barsPath(figures.histogram, boundsMs, {at: upTo, bottom: y + height, height})
  const tone = figures.initMs ? 'init' : 'restore'
  const bottom = y + height + strips.length * stripHeight
  return [
    ...(bars === '' ? [] : [`<path class="${tone} bars" d="${bars}"/>`]),
    ...strips.map(({tone, quantiles}, i) => strip(quantiles, tone, at, y + height + i * stripHeight + 6)),
    ...(helloMs === null || strips.length === 0
      ? []
      : [
          `<path class="hello" d="M${px(at(helloMs))} ${px(y)}V${px(bottom)}"><title>a function that does nothing: ${xmlText(duration(helloMs))}</title></path>`,
        ]),
  ].join('')
}

function barsPath(
  counts: readonly number[],
  boundsMs: readonly number[],
  {at, bottom, height}: {readonly at: (ms: number) => number; readonly bottom: number; readonly height: number},
): string {
  const highest = counts.reduce((a, b) => Math.max(a, b), 0)
  if (highest <= 0) return ''
  return counts
    .map((some, i) => {
      if (some <= 0) return ''
      const least = boundsMs[i - 1] ?? (boundsMs[0] ?? 1) / 1.25
      const left = at(least)
      const right = at(boundsMs[i] ?? least * 1.25)
      // what is there at all is seen
      const high = Math.max(1.5, (some / highest) * height)
      return bar(left, right, bottom, high)
    })
    .join('')
}

const bar = (left: number, right: number, bottom: number, high: number): string =>
  `M${px(left + 0.5)} ${px(bottom)}v${px(-high)}H${px(Math.max(left + 1.5, right - 0.5))}v${px(high)}z`

function strip({count: of, p50, p90, p99, max}: Quantiles, tone: string, at: (ms: number) => number, middle: number) {
  const words = `${tone === 'init' ? 'init' : 'restore'} of ${count(of)}: p50 ${duration(p50)}, p90 ${duration(p90)}, p99 ${duration(p99)}, at most ${duration(max)}`
  const [left, wide, thin, end] = [at(p50), at(p90), at(p99), at(max)]
  const box = (from: number, to: number, high: number, sort: string): string =>
    `<rect class="${tone} ${sort}" x="${px(from)}" y="${px(middle - high / 2)}" width="${px(Math.max(0, to - from))}" height="${high}"/>`
  return [
    `<g><title>${xmlText(words)}</title>`,
    box(left, end, 1, 'tail'),
    box(left, thin, stripThin, 'rare'),
    box(left, Math.max(wide, left + 2), stripThick, 'common'),
    `<circle class="${tone} most" cx="${px(end)}" cy="${px(middle)}" r="1.8"/>`,
    '</g>',
  ].join('')
}

/** Cold starts over the window, a bar for each part of it, as high as the highest. */
export function trendPlot(trend: readonly number[], {x, y, width, height}: PlotBox): string {
  const highest = trend.reduce((a, b) => Math.max(a, b), 0)
  const each = width / Math.max(1, trend.length)
  const bars = trend
    .map((some, i) =>
      some <= 0 ? '' : bar(x + i * each, x + (i + 1) * each, y + height, Math.max(1.5, (some / highest) * height)),
    )
    .join('')
  const base = `<path class="base" d="M${px(x)} ${px(y + height + 0.5)}h${px(width)}"/>`
  return bars === '' ? base : `${base}<path class="trend" d="${bars}"/>`
}

/** What made them, as parts of one bar. */
export function causesPlot(causes: Causes, {x, y, width, height}: PlotBox): string {
  const all = causeKinds.reduce((sum, kind) => sum + causes[kind], 0)
  if (all === 0) return ''
  let left = x
  return causeKinds
    .map(kind => {
      const wide = (causes[kind] / all) * width
      if (wide <= 0) return ''
      const from = left
      left += wide
      const title = xmlText(`${causeNames[kind]}: ${count(causes[kind])} of ${count(all)}`)
      return `<rect class="${kind}" x="${px(from)}" y="${px(y)}" width="${px(Math.max(0.6, wide - 0.8))}" height="${px(height)}"><title>${title}</title></rect>`
    })
    .join('')
}

/** To a hundredth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 100) / 100)
