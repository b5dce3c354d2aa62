// What was reported in whole hours, remembered: the same hour is asked for by many windows.
import {emptyTally, reportAll, type Tally} from './statistics.ts'

export const hourMs = 3_600_000

export type HourCells<Key> = {
  /** adds what an hour has of something; `look` is asked only where that is not known yet */
  add(key: Key, hour: number, into: Tally, look: (into: Tally) => void): void
  forget(): void
}

/** Four numbers an hour: samples, sum, minimum, maximum; NaN where an hour was not looked at. */
const cellSize = 4
const daySize = 24 * cellSize
/** Days remembered in all: some 50 MB. */
const maxDays = 60_000

/** @param Key what is remembered, by identity */
export function createHourCells<Key>(): HourCells<Key> {
  const days = new Map<Key, Map<number, Float64Array>>()
  let dayCount = 0

  function dayOf(key: Key, day: number): Float64Array {
    if (dayCount >= maxDays) {
      days.clear()
      dayCount = 0
    }
    let ofKey = days.get(key)
    if (!ofKey) {
      ofKey = new Map()
      days.set(key, ofKey)
    }
    let cells = ofKey.get(day)
    if (!cells) {
      cells = new Float64Array(daySize).fill(Number.NaN)
      ofKey.set(day, cells)
      dayCount++
    }
    return cells
  }

  return {
    add(key, hour, into, look) {
      const cells = dayOf(key, Math.floor(hour / 24))
      const place = (hour % 24) * cellSize
      if (Number.isNaN(cells[place])) {
        const found = emptyTally(false)
        look(found)
        cells.set([found.samples, found.sum, found.minimum, found.maximum], place)
      }
      const samples = cells[place] ?? 0
      if (samples === 0) return
      const [sum = 0, minimum = 0, maximum = 0] = cells.subarray(place + 1, place + cellSize)
      reportAll(into, {samples, sum, minimum, maximum, values: null}, 1)
    },
    forget() {
      days.clear()
      dayCount = 0
    },
  }
}

/** Goes through [from, to) by whole hours and what is before and behind them. */
export function byHours(
  from: number,
  to: number,
  visit: {readonly part: (from: number, to: number) => void; readonly hour: (hour: number) => void},
): void {
  const first = Math.ceil(from / hourMs)
  const last = Math.floor(to / hourMs)
  if (first > last) {
    visit.part(from, to)
    return
  }
  if (from < first * hourMs) visit.part(from, first * hourMs)
  for (let hour = first; hour < last; hour++) visit.hour(hour)
  if (last * hourMs < to) visit.part(last * hourMs, to)
}
