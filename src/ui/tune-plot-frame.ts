import type {Interval, Standing} from '../services/tuning/standing.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {px} from './coldstarts-plots.ts'
import {count} from './numbers.ts'
import {labelsThatFit, type MemoryAxis, memoryAxis, type ValueAxis, valueAxis} from './tune-axis.ts'
import {isCurrent, isRecommended} from './tune-words.ts'

/** Where a plot is drawn, with room for its labels within. */
export type TunePlotBox = {readonly x: number; readonly y: number; readonly width: number; readonly height: number}

/** Scales of a plot, and where they are. */
export type PlotFrame = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly memory: MemoryAxis
  readonly values: ValueAxis
  x(memorySizeMB: number): number
  y(value: number): number
}

/** What is known of a size, to be drawn. */
export type PlotPoint = {readonly size: Standing; readonly value: number; readonly ci95: Interval | null}

const margins = {left: 52, right: 14, top: 30, bottom: 30}
/** from the first and the last size to the frame */
const inset = 26
const letterWidth = 6.6

/** Scales that hold all these values. */
export function plotFrame(
  {x, y, width, height}: TunePlotBox,
  points: readonly PlotPoint[],
  all: readonly number[],
): PlotFrame {
  const memory = memoryAxis(points.map(({size}) => size.memorySizeMB))
  const values = valueAxis(all)
  const [left, right] = [x + margins.left, x + width - margins.right]
  const [top, bottom] = [y + margins.top, y + height - margins.bottom]
  return {
    ...{left, right, top, bottom, memory, values},
    x: memorySizeMB => left + inset + memory.at(memorySizeMB) * (right - left - 2 * inset),
    y: value => bottom - values.at(value) * (bottom - top),
  }
}

/** Title, grid, sizes below it, the one that the function has and the one to use. */
export function plotGround(
  {left, right, top, bottom, values, x, y}: PlotFrame,
  {plan, recommendation}: TuneReport,
  points: readonly PlotPoint[],
  {
    title,
    tick,
    bandWidth,
  }: {readonly title: string; readonly tick: (value: number) => string; readonly bandWidth: number},
): readonly string[] {
  const sizes = [...Map.groupBy(points, ({size}) => size.memorySizeMB)]
  const isBest = (those: readonly PlotPoint[]): boolean => those.some(({size}) => isRecommended(size, recommendation))
  const isToday = (those: readonly PlotPoint[]): boolean => those.some(({size}) => isCurrent(size, plan))
  const labels = labelsThatFit(
    sizes.map(([memorySizeMB, those], i) => ({
      text: isToday(those) ? `${count(memorySizeMB)} today` : count(memorySizeMB),
      middle: x(memorySizeMB),
      weight: isBest(those) ? 3 : isToday(those) ? 2 : i === 0 || i === sizes.length - 1 ? 1 : 0,
      isBest: isBest(those),
    })),
    {least: left - 20, most: right + 12, widthOf: text => text.length * letterWidth},
  )
  return [
    `<text class="words" x="${px(left)}" y="${px(top - 14)}">${title}${values.isLog ? '<tspan class="label" dx="6">log scale</tspan>' : ''}</text>`,
    ...values.ticks.map(
      value =>
        `<path class="grid" d="M${px(left)} ${px(y(value))}H${px(right)}"/><text class="label right" x="${px(left - 7)}" y="${px(y(value) + 4)}">${tick(value)}</text>`,
    ),
    ...sizes.flatMap(([memorySizeMB, those]) => [
      ...(isBest(those)
        ? [
            `<rect class="band-best" x="${px(x(memorySizeMB) - 14)}" y="${px(top)}" width="${bandWidth}" height="${px(bottom - top)}"/>`,
          ]
        : isToday(those)
          ? [`<path class="today" d="M${px(x(memorySizeMB))} ${px(top)}V${px(bottom)}"/>`]
          : []),
      `<path class="axis" d="M${px(x(memorySizeMB))} ${px(bottom)}v5"/>`,
    ]),
    `<path class="axis" d="M${px(left)} ${px(bottom)}H${px(right)}"/>`,
    ...labels.map(
      ({text, middle, isBest}) =>
        `<text class="${isBest ? 'label-best' : 'label'} middle" x="${px(middle)}" y="${px(bottom + 19)}">${text}</text>`,
    ),
    `<text class="label right" x="${px(right)}" y="${px(top - 14)}">MB of memory</text>`,
  ]
}
