/** Where memory sizes are on an axis, from 0 at its left to 1 at its right: by their logarithm, as people choose them. */
export type MemoryAxis = {at(memorySizeMB: number): number; readonly leastMB: number; readonly mostMB: number}

export function memoryAxis(sizes: readonly number[]): MemoryAxis {
  const leastMB = Math.min(...sizes)
  const mostMB = Math.max(...sizes)
  const span = Math.log(mostMB / leastMB)
  return {at: size => (span === 0 ? 0.5 : Math.log(size / leastMB) / span), leastMB, mostMB}
}

/** Where values are on an axis, from 0 at its foot to 1 at its head. */
export type ValueAxis = {
  /** what is beyond an end is at it */
  at(value: number): number
  readonly least: number
  readonly most: number
  readonly isLog: boolean
  readonly ticks: readonly number[]
}

/** what lies further apart shows its shape on a logarithmic scale only */
const linearUpTo = 5
const steps = [1, 2, 5, 10] as const
/** that ticks may be beyond an end by rounding */
const slack = 1e-9

/** An axis that holds all these values: from nothing where they lie close, so that a little difference looks little; else by their logarithm. */
export function valueAxis(values: readonly number[]): ValueAxis {
  const some = values.filter(value => Number.isFinite(value) && value > 0)
  const [lowest, highest] = some.length === 0 ? [1, 1] : [Math.min(...some), Math.max(...some)]
  return highest / lowest > linearUpTo ? logAxis(lowest, highest) : linearAxis(highest)
}

function linearAxis(highest: number): ValueAxis {
  const step = stepFor(highest / 5)
  const most = Math.ceil(highest / step - slack) * step
  return {
    at: value => within(value / most),
    least: 0,
    most,
    isLog: false,
    ticks: Array.from({length: Math.round(most / step) + 1}, (_, i) => rounded(i * step)),
  }
}

function logAxis(lowest: number, highest: number): ValueAxis {
  const least = roundBelow(lowest)
  const most = roundAbove(highest)
  const span = Math.log(most / least)
  const ticks: number[] = []
  for (let tick = least; tick <= most * (1 + slack); tick = roundAbove(tick * 1.5)) ticks.push(tick)
  return {at: value => within(Math.log(Math.max(value, least) / least) / span), least, most, isLog: true, ticks}
}

const within = (share: number): number => Math.min(1, Math.max(0, share))
const decadeOf = (value: number): number => 10 ** Math.floor(Math.log10(value) + slack)
const rounded = (value: number): number => Number(value.toPrecision(12))

const stepFor = (least: number): number => roundAbove(least)

const roundBelow = (value: number): number =>
  rounded(decadeOf(value) * (steps.findLast(step => step * decadeOf(value) <= value * (1 + slack)) ?? 1))

const roundAbove = (value: number): number =>
  rounded(decadeOf(value) * (steps.find(step => step * decadeOf(value) >= value * (1 - slack)) ?? 10))

type Label = {readonly text: string; readonly middle: number; readonly weight: number}

type LabelRoom = {readonly least: number; readonly most: number; readonly widthOf: (text: string) => number}

/** Labels below an axis, those of more weight first; what would touch another is left out, what would leave the axis is moved. */
export function labelsThatFit<L extends Label>(all: readonly L[], {least, most, widthOf}: LabelRoom): readonly L[] {
  const gap = widthOf(' ')
  const taken: {readonly from: number; readonly to: number; readonly label: L}[] = []
  for (const label of all.toSorted((a, b) => b.weight - a.weight)) {
    const width = widthOf(label.text)
    const from = Math.max(least, Math.min(label.middle - width / 2, most - width))
    const to = from + width
    if (taken.every(other => from >= other.to + gap || to + gap <= other.from))
      taken.push({from, to, label: {...label, middle: (from + to) / 2}})
  }
  return taken.toSorted((a, b) => a.from - b.from).map(({label}) => label)
}
