// How long a function's invocations took, hour by hour: each one's own duration, remembered as sums.
import {durationsAt, type FindFunction, steadyPieces} from '../durations.ts'
import type {History, Touch} from '../history.ts'
import type {InvokedHistory} from '../invoked-history.ts'
import {mix, textKey} from '../random.ts'
import {piecesOf, type RoutingStep} from '../routing.ts'
import {byHours, createHourCells, hourMs} from './hour-cells.ts'
import {report, type Tally} from './statistics.ts'

const weekMs = 7 * 24 * hourMs

export type DurationsByHour = {
  /** reports the duration of every invocation at a place that starts in [from, to), of one version or of all */
  tally(place: string, version: string | undefined, from: number, to: number, into: Tally): void
  /** to be called when an alias changes: forgets what was derived from it */
  forget(): void
}

export type DurationsOptions = {
  readonly history: History
  readonly touchesIn: (place: string) => readonly Touch[]
  readonly executed: InvokedHistory['executed']
  readonly find: FindFunction
  readonly routing: (functionName: string) => readonly RoutingStep[]
  /**
   * Epoch ms before which invocations are not looked at one by one: eight durations stand for all of a week, though
   * the counts are exact all the same. −∞ for the company's own functions.
   */
  readonly sampledBefore: (place: string) => number
}

const samplesOfWeek = 8

export function createDurationsByHour(options: DurationsOptions): DurationsByHour {
  const {history, touchesIn, executed, find, routing, sampledBefore} = options
  const cells = createHourCells<Touch>()

  function visit(touch: Touch, version: string | undefined, from: number, to: number, into: Tally): void {
    const durations = durationsAt(touch, find)
    for (const piece of steadyPieces(touch, find, from, to)) {
      history.visit(touch, piece.from, piece.to, (ranOn, a) => {
        if (version === undefined || ranOn === version) report(into, durations(a, piece.from))
      })
    }
  }

  /** All versions of a touch. */
  function addAll(touch: Touch, from: number, to: number, into: Tally): void {
    const part = (start: number, end: number) => visit(touch, undefined, start, end, into)
    if (into.values) part(from, to)
    else
      byHours(from, to, {
        part,
        hour: hour =>
          cells.add(touch, hour, into, found => visit(touch, undefined, hour * hourMs, (hour + 1) * hourMs, found)),
      })
  }

  function addExact(touch: Touch, version: string | undefined, from: number, to: number, into: Tally): void {
    if (version === undefined) {
      addAll(touch, from, to, into)
      return
    }
    const shift = touch.step.in === touch.path.decidedBy ? touch.delayMs : 0
    for (const piece of piecesOf(routing(touch.step.in), from - shift, to - shift)) {
      const [only] = piece.weights
      if (piece.weights.length !== 1 || !only) visit(touch, version, piece.from + shift, piece.to + shift, into)
      else if (only[0] === version) addAll(touch, piece.from + shift, piece.to + shift, into)
    }
  }

  /** Some durations of a week stand for all of it. */
  function addSampled(touch: Touch, from: number, to: number, into: Tally): void {
    for (let week = Math.floor(from / weekMs); week * weekMs < to; week++) {
      const count = history.countAt(touch, Math.max(from, week * weekMs), Math.min(to, (week + 1) * weekMs))
      if (count > 0) for (const value of sampleOf(touch, week)) report(into, value, count / samplesOfWeek)
    }
  }

  const samples = new WeakMap<Touch, {readonly week: number; readonly values: readonly number[]}>()
  function sampleOf(touch: Touch, week: number): readonly number[] {
    let known = samples.get(touch)
    if (known?.week !== week) {
      const key = mix(mix(textKey(touch.step.in, touch.path.key), touch.index), week)
      const values = Array.from({length: samplesOfWeek}, (_, i) => durationsAt(touch, find)(mix(key, i), week * weekMs))
      known = {week, values}
      samples.set(touch, known)
    }
    return known.values
  }

  return {
    tally(place, version, from, to, into) {
      const exactFrom = Math.min(to, Math.max(from, sampledBefore(place)))
      for (const {placed} of executed(place, version, from, to)) report(into, placed.durationMs)
      for (const touch of touchesIn(place)) {
        if (from < exactFrom && (version === undefined || version === '$LATEST'))
          addSampled(touch, from, exactFrom, into)
        if (exactFrom < to) addExact(touch, version, exactFrom, to, into)
      }
    },
    forget: () => cells.forget(),
  }
}
