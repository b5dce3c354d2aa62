import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {px} from './coldstarts-plots.ts'
import {percent} from './numbers.ts'
import {printableName} from './printable.ts'
import type {ShiftCourse} from './shift-course.ts'
import {shiftMinutes} from './shift-minutes.ts'
import {evidenceText, weightText} from './shift-words.ts'
import {xmlText} from './xml.ts'

const minuteMs = 60_000

/** Where a plot is, in the units of the picture, and the time it spans. */
export type Plot = {
  readonly left: number
  readonly width: number
  readonly y: number
  readonly height: number
  /** epoch ms */
  readonly startedAt: number
  readonly endedAt: number
}

/** Where a time is, kept within the plot. */
export const plotX = ({left, width, startedAt, endedAt}: Plot, at: number): number =>
  left + Math.min(1, Math.max(0, (at - startedAt) / (endedAt - startedAt))) * width

/** The ground of a plot, with its title and the values of its ends. */
function frame({left, width, y, height}: Plot, title: string, highest: string, lowest: string): readonly string[] {
  return [
    title === '' ? '' : `<text class="small dim" x="${px(left)}" y="${px(y - 7)}">${xmlText(title)}</text>`,
    `<rect class="band" x="${px(left)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"/>`,
    `<path class="grid" d="M${px(left)} ${px(y)}H${px(left + width)}M${px(left)} ${px(y + height)}H${px(left + width)}"/>`,
    `<text class="small dim right" x="${px(left - 8)}" y="${px(y + 10)}">${xmlText(highest)}</text>`,
    `<text class="small dim right" x="${px(left - 8)}" y="${px(y + height)}">${xmlText(lowest)}</text>`,
  ].filter(Boolean)
}

/** What went wrong, as lines through all plots. */
export const eventMarks = ({events}: ShiftCourse, plot: Plot, bottom: number): readonly string[] =>
  events
    .filter(({severity}) => severity === 'bad')
    .map(
      ({at, text}) =>
        `<path class="event" d="M${px(plotX(plot, at))} ${px(plot.y)}V${px(bottom)}"><title>${xmlText(printableName(text))}</title></path>`,
    )

/** What the new version of one function had, as AWS acknowledged it. */
export function weightPlot(
  {moves}: ShiftCourse,
  functionName: string,
  plot: Plot,
  title: string,
  tone = 'new',
): readonly string[] {
  const height = (basisPoints: number): number => plot.y + plot.height * (1 - basisPoints / 10_000)
  const path = (moves.get(functionName) ?? []).map(
    ({at, basisPoints}, i) =>
      `${i === 0 ? 'M' : 'H'}${px(plotX(plot, at))}${i === 0 ? ' ' : 'V'}${px(height(basisPoints))}`,
  )
  return [
    ...frame(plot, title, weightText(10_000), weightText(0)),
    ...(path.length === 0 ? [] : [`<path class="${tone}" d="${path.join('')}H${px(plot.left + plot.width)}"/>`]),
  ]
}

type Rates = readonly (readonly [at: number, rate: number])[]
export type ErrorRates = {readonly canary: Rates; readonly baseline: Rates}

/** Of all calls of a function so far: of a minute alone there may be one. */
export function errorRates(member: ShiftReport['members'][number]): ErrorRates {
  const minutes = shiftMinutes([member])
  const ratesOf = (of: 'canary' | 'baseline'): Rates => {
    let [calls, bad] = [0, 0]
    return minutes.flatMap(minute => {
      calls += minute[of].calls
      bad += minute[of].bad
      return calls === 0 ? [] : [[minute.at + minuteMs, bad / calls] as const]
    })
  }
  return {canary: ratesOf('canary'), baseline: ratesOf('baseline')}
}

/** What plots that are compared share: the highest rate of all, or 1 %. */
export const highestRate = (each: readonly ErrorRates[]): number =>
  each.flatMap(({canary, baseline}) => [...canary, ...baseline]).reduce((most, [, rate]) => Math.max(most, rate), 0.01)

export function errorPlot(
  {canary, baseline}: ErrorRates,
  highest: number,
  plot: Plot,
  title: string,
  tone = 'new',
): readonly string[] {
  const line = (rates: Rates, stroke: string): string => {
    const points = rates.map(
      ([at, rate]) => `${px(plotX(plot, at))} ${px(plot.y + plot.height * (1 - rate / highest))}`,
    )
    return points.length === 0 ? '' : `<path class="${stroke}" d="M${points.join('L')}"/>`
  }
  return [...frame(plot, title, percent(highest), percent(0)), line(baseline, 'old'), line(canary, tone)].filter(
    Boolean,
  )
}

/** On a log scale, from none up to a quarter more than what sends it back. */
export function harmPlot({standing}: ShiftReport, plot: Plot): readonly string[] {
  const {harmByMinute, harmAt} = standing
  const most = Math.log(harmAt) * 1.25
  const height = (harm: number): number =>
    plot.y + plot.height * (1 - Math.min(1, Math.max(0, Math.log(Math.max(1, harm)) / most)))
  const points = harmByMinute.map(
    (harm, i) => `${px(plotX(plot, plot.startedAt + (i + 1) * minuteMs))} ${px(height(harm))}`,
  )
  const limit = height(harmAt)
  return [
    ...frame(plot, 'evidence of harm, on a log scale: it goes back above the dashed line', '', evidenceText(1)),
    `<path class="limit" d="M${px(plot.left)} ${px(limit)}H${px(plot.left + plot.width)}"/>`,
    `<text class="small dim right" x="${px(plot.left - 8)}" y="${px(limit + 4)}">${xmlText(evidenceText(harmAt))}</text>`,
    ...(points.length === 0 ? [] : [`<path class="new" d="M${points.join('L')}"/>`]),
  ]
}
