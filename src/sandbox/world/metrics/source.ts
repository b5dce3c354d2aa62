// What every namespace's metrics have in common.
import type {SandboxMetric} from './metric.ts'
import type {Tally} from './statistics.ts'

/**
 * A metric is reported by the minute and a minute later at most: what started later is not there yet, so that the newest
 * minute has a part of its reports. An invocation (`longestRunMs`) is over by then.
 */
export const metricLagMs = 60_000

/**
 * An account with a hundred thousand generated functions is judged by a thousand of them: one out of so many, which stands for
 * as many; with a thousand or less, each for itself.
 */
export const stepOver = (generated: number): number => Math.max(1, Math.ceil(generated / 1000))

/** Where one metric's reports come from: what was reported in [from, to). */
export type Reports = (from: number, to: number, into: Tally) => void

/** The things whose metrics are listed, in order, such as functions, and where one stands among them. */
export type Things = {
  /** how many there are; those from here on never report the metric, if one is named */
  count(metricName?: string): number
  at(place: number): string
  /** the place of a thing or of the first one behind it */
  placeOf(thing: string): number
}

/** Things that are made up by the number, as many as an account is to have. */
export type GeneratedThings = {
  readonly count: number
  at(index: number): string
  /** null for what is not one of them */
  indexOf(name: string): number | null
}

const noneGenerated: GeneratedThings = {count: 0, at: () => '', indexOf: () => null}

/** The company's own by name, then the generated ones, whose names sort behind them. */
export function thingsInOrder(names: () => readonly string[], generated = noneGenerated): Things {
  return {
    count: () => names().length + generated.count,
    at(place) {
      const own = names()
      return own[place] ?? generated.at(place - own.length)
    },
    placeOf(name) {
      const own = names()
      const index = generated.indexOf(name)
      if (index !== null) return own.length + index
      const place = own.findIndex(each => each >= name)
      return place < 0 ? own.length : place
    },
  }
}

/** The metrics of one namespace. */
export type MetricSource = {
  readonly namespace: string
  /** in the order in which they are listed */
  readonly names: readonly string[]
  /** the reports of a metric; undefined where there is no such metric, now or ever */
  reports(metric: SandboxMetric): Reports | undefined
  readonly things: Things
  /** the dimension which names a thing */
  readonly thingDimension: string
  /** the dimensions under which a thing reported a metric since a moment; the empty thing is the account as a whole */
  dimensionsSince(thing: string, name: string, since: number): readonly Readonly<Record<string, string>>[]
}
