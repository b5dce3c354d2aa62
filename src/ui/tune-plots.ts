import type {Architecture} from '../services/pricing.ts'
import type {CurveFit} from '../services/tuning/race/curve.ts'
import type {Interval, Standing} from '../services/tuning/standing.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {px} from './coldstarts-plots.ts'
import {count, duration} from './numbers.ts'
import {type PlotFrame, type PlotPoint, plotFrame, plotGround, type TunePlotBox} from './tune-plot-frame.ts'
import {candidateText, isOfSeveralArchitectures, isRecommended, perMillionUSD, plusMinus} from './tune-words.ts'
import {xmlText} from './xml.ts'

/** The curve's duration at a size, in ms. */
export type CurveMs = (fit: CurveFit, memorySizeMB: number) => number

/** more are thinned out: nobody could tell them apart */
const mostDots = 3_000
const curveSteps = 48

/** Mean billed duration against memory, with every sample as a dot and the curve that was fitted. */
export function durationPlot(report: TuneReport, box: TunePlotBox, curveMs: CurveMs | null): string {
  const {sizes, samples, curves, plan} = report
  const points = pointsOf(
    sizes,
    size => size.meanBilledMs,
    size => size.ci95BilledMs,
  )
  if (points.length === 0) return ''
  const measured = samples.filter(
    ({outcome, errorType, memorySizeMB, architecture}) =>
      (outcome === 'ok' || plan.allowErrors.includes(errorType ?? '')) &&
      points.some(({size}) => size.memorySizeMB === memorySizeMB && size.architecture === architecture),
  )
  const frame = plotFrame(box, points, [...points.map(({value}) => value), ...measured.map(({billedMs}) => billedMs)])
  return [
    ...plotGround(frame, report, points, {title: 'billed duration', tick: msTick, bandWidth: 44}),
    ...(['x86_64', 'arm64'] as const).flatMap(architecture => {
      const own = measured.filter(sample => sample.architecture === architecture)
      return [
        dots(
          own.filter(({isCold}) => !isCold),
          architecture,
          frame,
        ),
        rings(
          own.filter(({isCold}) => isCold),
          architecture,
          frame,
        ),
      ]
    }),
    ...(curveMs === null ? [] : curves.map(fit => curve(fit, frame, curveMs))),
    ...points.map(point =>
      mean(point, frame, report, `${duration(point.value)} ${intervalWords(point.ci95, duration)}`),
    ),
  ].join('')
}

/** What a million invocations cost against memory. */
export function costPlot(report: TuneReport, box: TunePlotBox): string {
  const points = pointsOf(
    report.sizes,
    size => size.costPerMillionUSD,
    size => size.ci95CostPerMillionUSD,
  )
  if (points.length === 0) return ''
  const frame = plotFrame(
    box,
    points,
    points.flatMap(({value, ci95}) => [value, ...(ci95 ?? [])]),
  )
  return [
    ...plotGround(frame, report, points, {title: 'cost of a million invocations', tick: usdTick, bandWidth: 28}),
    ...(['x86_64', 'arm64'] as const).map(architecture =>
      meansLine(
        points.filter(({size}) => size.architecture === architecture),
        architecture,
        frame,
      ),
    ),
    ...points.map(point =>
      mean(
        point,
        frame,
        report,
        `${perMillionUSD(point.value)} ${point.ci95 === null ? '' : plusMinus(point.ci95, point.value)}`,
      ),
    ),
  ].join('')
}

function pointsOf(
  sizes: readonly Standing[],
  value: (size: Standing) => number | null,
  ci95: (size: Standing) => Interval | null,
): readonly PlotPoint[] {
  return sizes.flatMap(size => {
    const known = value(size)
    return known === null ? [] : [{size, value: known, ci95: ci95(size)}]
  })
}

type Dot = {readonly index: number; readonly memorySizeMB: number; readonly billedMs: number}

/** Right of their mean and beside each other, so that many of one size can be told apart; the same at each run. */
const aside = (index: number): number => 9 + ((index * 7_919) % 17)

function thinned<T>(all: readonly T[]): readonly T[] {
  const every = Math.ceil(all.length / mostDots)
  return every <= 1 ? all : all.filter((_, i) => i % every === 0)
}

/** As ends of lines without a length: thousands of them are one element. */
function dots(samples: readonly Dot[], architecture: Architecture, {x, y}: PlotFrame): string {
  if (samples.length === 0) return ''
  const d = thinned(samples)
    .map(({index, memorySizeMB, billedMs}) => `M${px(x(memorySizeMB) + aside(index))} ${px(y(billedMs))}h0`)
    .join('')
  return `<path class="warm ${architecture}" d="${d}"><title>${count(samples.length)} warm samples</title></path>`
}

function rings(samples: readonly Dot[], architecture: Architecture, {x, y}: PlotFrame): string {
  if (samples.length === 0) return ''
  const d = thinned(samples)
    .map(
      ({index, memorySizeMB, billedMs}) =>
        `M${px(x(memorySizeMB) + aside(index) - 2.4)} ${px(y(billedMs))}a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0`,
    )
    .join('')
  return `<path class="cold ${architecture}" d="${d}"><title>${count(samples.length)} cold samples</title></path>`
}

function curve(fit: CurveFit, {memory: {leastMB, mostMB}, x, y, values}: PlotFrame, curveMs: CurveMs): string {
  const points = Array.from({length: curveSteps + 1}, (_, i) => {
    const memorySizeMB = leastMB * (mostMB / leastMB) ** (i / curveSteps)
    return {memorySizeMB, ms: curveMs(fit, memorySizeMB)}
  }).filter(({ms}) => ms >= values.least && ms <= values.most)
  if (points.length < 2) return ''
  const d = points.map(({memorySizeMB, ms}, i) => `${i === 0 ? 'M' : 'L'}${px(x(memorySizeMB))} ${px(y(ms))}`).join('')
  return `<path class="curve ${fit.architecture}" d="${d}"><title>fitted curve: ${fit.class}</title></path>`
}

function meansLine(points: readonly PlotPoint[], architecture: Architecture, {x, y}: PlotFrame): string {
  if (points.length < 2) return ''
  const d = points
    .map(({size, value}, i) => `${i === 0 ? 'M' : 'L'}${px(x(size.memorySizeMB))} ${px(y(value))}`)
    .join('')
  return `<path class="means ${architecture}" d="${d}"/>`
}

/** A mean with its interval; the one to use in a ring. */
function mean(
  {size, value, ci95}: PlotPoint,
  {x, y, top, bottom}: PlotFrame,
  {sizes, recommendation}: TuneReport,
  words: string,
): string {
  const at = {x: x(size.memorySizeMB), y: y(value)}
  const [low, high] = ci95 ?? [value, value]
  const [from, to] = [Math.min(bottom, y(low)), Math.max(top, y(high))]
  const whisker = `M${px(at.x)} ${px(from)}V${px(to)}M${px(at.x - 4)} ${px(from)}h8M${px(at.x - 4)} ${px(to)}h8`
  const title = `${candidateText(size, isOfSeveralArchitectures(sizes))}: ${words}`.trim()
  return [
    `<g><title>${xmlText(title)}</title>`,
    ...(ci95 === null
      ? []
      : [`<path class="halo" d="${whisker}"/><path class="whisker ${size.architecture}" d="${whisker}"/>`]),
    `<circle class="dot ${size.architecture}" cx="${px(at.x)}" cy="${px(at.y)}" r="4.2"/>`,
    ...(isRecommended(size, recommendation) ? [`<circle class="best" cx="${px(at.x)}" cy="${px(at.y)}" r="8"/>`] : []),
    '</g>',
  ].join('')
}

const intervalWords = (ci95: Interval | null, draw: (value: number) => string): string =>
  ci95 === null ? '' : `(${ci95.map(draw).join(' – ')})`

const msTick = (ms: number): string => (ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`)
const usdTick = (amount: number): string => `$${amount >= 1_000 ? count(amount) : amount}`
