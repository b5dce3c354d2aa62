// When requests come in: a tree of counts, day → hour → minute, each dealt out from the one above.
import type {Schedule, Shape} from './company.ts'
import {deal, draw, draws, mix, poisson} from './random.ts'

const minuteMs = 60_000
const dayMinutes = 1440

/** Nothing happened before this moment. */
export const foundedAt = Date.UTC(2023, 0, 2)

export type Arrivals = {
  /** places of the arrivals within a minute, in ms; the index is part of an arrival's identity */
  offsets(minute: number): readonly number[]
  /** how many in the minutes [from, to) */
  countMinutes(from: number, to: number): number
  /** how many in each minute of an hour; null where there are none at all */
  countsIn(hour: number): ArrayLike<number> | null
}

/** How many arrivals in [from, to), epoch ms: whole minutes by the tree, the two edges one by one. */
export function countArrivals(arrivals: Arrivals, from: number, to: number): number {
  from = Math.max(from, foundedAt)
  if (from >= to) return 0
  const first = Math.ceil(from / minuteMs)
  const last = Math.floor(to / minuteMs)
  if (first > last) return countWithin(arrivals, last, from, to)
  return (
    countWithin(arrivals, first - 1, from, first * minuteMs) +
    arrivals.countMinutes(first, last) +
    countWithin(arrivals, last, last * minuteMs, to)
  )
}

function countWithin(arrivals: Arrivals, minute: number, from: number, to: number): number {
  if (from >= to) return 0
  let count = 0
  for (const offset of arrivals.offsets(minute)) {
    const at = minute * minuteMs + offset
    if (at >= from && at < to) count++
  }
  return count
}

/** Shares of the 24 hours of a UTC day, around 1. A shop sells in the evening, an office works from eight to five. */
const hourShares: Readonly<Record<Shape, readonly number[]>> = {
  shop: Array.from({length: 24}, (_, hour) => 1 + 0.34 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)),
  office: Array.from({length: 24}, (_, hour) => (hour >= 7 && hour <= 16 ? 1.8 : 0.4)),
  flat: new Array<number>(24).fill(1),
}
const weekendShare: Readonly<Record<Shape, number>> = {shop: 1.12, office: 0.3, flat: 1}

function dayShare(shape: Shape, sourceKey: number, day: number): number {
  // 1970-01-01 was a Thursday
  const weekday = (day + 4) % 7
  const weekend = weekday === 0 || weekday === 6
  return (weekend ? weekendShare[shape] : 1) * (0.94 + 0.12 * draw(mix(sourceKey, day)))
}

/** One hour in five has a burst of some minutes; it is the source's, so all its scenarios share it. */
function minuteShares(shape: Shape, sourceKey: number, hour: number): Float64Array {
  const shares = new Float64Array(60).fill(1)
  const key = mix(sourceKey, hour)
  if (shape !== 'flat' && draw(key) < 0.2) {
    const start = Math.floor(draw(mix(key, 1)) * 52)
    const length = 3 + Math.floor(draw(mix(key, 2)) * 6)
    shares.fill(1.6 + 1.2 * draw(mix(key, 3)), start, start + length)
  }
  return shares
}

/** Random arrivals of a mean rate. `sourceKey` is what sources that burst together have in common. */
export function randomArrivals(perDay: number, shape: Shape, key: number, sourceKey: number): Arrivals {
  const days = new Map<number, number>()
  const hours = new Map<number, Uint32Array>()
  const minutes = new Map<number, Uint32Array>()

  function ofDay(day: number): number {
    let count = days.get(day)
    if (count === undefined) {
      count = poisson(perDay * dayShare(shape, sourceKey, day), draws(mix(mix(key, day), 1)))
      days.set(day, count)
    }
    return count
  }
  function hoursOf(day: number): Uint32Array {
    return remembered(hours, day, () => deal(ofDay(day), hourShares[shape], draws(mix(mix(key, day), 2))))
  }
  function ofHour(hour: number): number {
    return hoursOf(Math.floor(hour / 24))[hour % 24] ?? 0
  }
  function ofMinute(minute: number): number {
    const hour = Math.floor(minute / 60)
    return minutesOf(hour)?.[minute % 60] ?? 0
  }
  function minutesOf(hour: number): Uint32Array | null {
    if (ofHour(hour) === 0) return null
    return remembered(minutes, hour, () =>
      deal(ofHour(hour), minuteShares(shape, sourceKey, hour), draws(mix(mix(key, hour), 3))),
    )
  }

  return {
    offsets(minute) {
      const count = minute * minuteMs < foundedAt ? 0 : ofMinute(minute)
      if (count === 0) return []
      const next = draws(mix(mix(key, minute), 4))
      const offsets: number[] = []
      while (offsets.length < count) offsets.push(Math.floor(next() * minuteMs))
      return offsets
    },
    countMinutes(from, to) {
      let count = 0
      for (let minute = from; minute < to; ) {
        if (minute % dayMinutes === 0 && minute + dayMinutes <= to) {
          count += ofDay(minute / dayMinutes)
          minute += dayMinutes
        } else if (minute % 60 === 0 && minute + 60 <= to) {
          count += ofHour(minute / 60)
          minute += 60
        } else {
          count += ofMinute(minute)
          minute++
        }
      }
      return count
    },
    countsIn: minutesOf,
  }
}

/** Splits are cheap to make again: forget them all before they take noticeable memory. */
function remembered(cache: Map<number, Uint32Array>, key: number, make: () => Uint32Array): Uint32Array {
  let value = cache.get(key)
  if (!value) {
    if (cache.size > 400) cache.clear()
    value = make()
    cache.set(key, value)
  }
  return value
}

/**
 * The ticks of a schedule that go one way: those whose draw falls into [share.from, share.to).
 * A tick fires some seconds into its minute, as EventBridge does.
 */
export function scheduledArrivals(
  schedule: Schedule,
  share: {readonly from: number; readonly to: number},
  sourceKey: number,
): Arrivals {
  const chosen = (minute: number) => {
    const u = draw(mix(sourceKey, minute))
    return u >= share.from && u < share.to
  }
  return {
    offsets(minute) {
      const ticks = minute * minuteMs >= foundedAt && tickMinutes(schedule, minute, minute + 1).length > 0
      return ticks && chosen(minute) ? [Math.floor(2000 + 40_000 * draw(mix(mix(sourceKey, minute), 1)) ** 2)] : []
    },
    countMinutes(from, to) {
      return tickMinutes(schedule, from, to).filter(chosen).length
    },
    countsIn(hour) {
      const ticks = tickMinutes(schedule, hour * 60, (hour + 1) * 60).filter(chosen)
      if (ticks.length === 0) return null
      const counts = new Uint32Array(60)
      for (const minute of ticks) counts[minute % 60] = 1
      return counts
    },
  }
}

function tickMinutes(schedule: Schedule, from: number, to: number): number[] {
  const ticks: number[] = []
  if ('everyMinutes' in schedule) {
    const {everyMinutes, atMinute} = schedule
    const first = Math.ceil((from - atMinute) / everyMinutes) * everyMinutes + atMinute
    for (let minute = first; minute < to; minute += everyMinutes) ticks.push(minute)
    return ticks
  }
  const [month, day, hour] = schedule.yearlyOn
  const lastYear = new Date(to * minuteMs).getUTCFullYear()
  for (let year = new Date(from * minuteMs).getUTCFullYear(); year <= lastYear; year++) {
    const minute = Date.UTC(year, month - 1, day, hour) / minuteMs
    if (minute >= from && minute < to) ticks.push(minute)
  }
  return ticks
}
