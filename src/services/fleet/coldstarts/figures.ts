import {isKnown, type Known} from '../../../known.ts'
import {secondsOfMonth} from '../../pricing.ts'
import type {ColdStartFigures} from './coldstarts-report.ts'
import type {CountedInit, InitKind} from './init-kind.ts'
import {quantilesOf} from './quantiles.ts'

export type FiguresOptions = {
  readonly invocations: Known<number>
  readonly undetermined: number
  /** epoch ms */
  readonly window: {readonly start: number; readonly end: number}
}

/** Into how many parts a window is divided for its trends. */
export const trendParts = 24
/**
 * Upper bounds of the parts of a histogram, in ms; one more is of what is longer. Ten a decade, by ISO 3's rounded series:
 * parts that are about as wide as each other where durations are drawn by their logarithm.
 */
export const histogramBoundsMs: readonly number[] = [
  25, 32, 40, 50, 63, 80, 100, 125, 160, 200, 250, 320, 400, 500, 630, 800, 1_000, 1_250, 1_600, 2_000, 2_500, 3_200,
  4_000, 5_000, 6_300, 8_000, 10_000,
]

/** What a set of inits comes to. */
export function figuresOf(inits: readonly CountedInit[], options: FiguresOptions): ColdStartFigures {
  const {undetermined, window} = options
  const invocations = noFewerThan(options.invocations, inits)
  const byKind = Map.groupBy(inits, ({kind}) => kind)
  const of = (kind: InitKind): readonly CountedInit[] => byKind.get(kind) ?? []
  const felt = inits.filter(({feltMs}) => feltMs !== null)
  const feltOf = (some: readonly CountedInit[]) => quantilesOf(some.flatMap(({feltMs}) => feltMs ?? []))
  const initOf = (some: readonly CountedInit[]) => quantilesOf(some.flatMap(({initMs}) => initMs ?? []))
  const initCostUSD = sumOrNull(inits.map(({costUSD}) => costUSD))
  const restoreCostUSD = sumOrNull(inits.map(({restoreCostUSD}) => restoreCostUSD))
  const billings = inits.flatMap(({isBilled}) => isBilled ?? [])
  const yes = billings.filter(Boolean).length
  const perMonth = (secondsOfMonth * 1_000) / Math.max(1, window.end - window.start)
  return {
    invocations,
    coldStarts: {
      onDemand: of('onDemand').length,
      restore: of('restore').length,
      proactive: of('proactive').length,
      provisioned: of('provisioned').length,
      suppressed: of('suppressed').length,
      failed: of('failed').length,
    },
    felt: felt.length,
    unused: inits.filter(({requestAt, kind}) => requestAt === null && kind !== 'failed').length,
    undetermined,
    rate: rateOf(felt.length, invocations),
    initMs: initOf(of('onDemand')),
    restoreMs: initOf(of('restore')),
    aheadMs: initOf([...of('proactive'), ...of('provisioned')]),
    feltMs: feltOf(felt),
    feltMsBy: {
      onDemand: feltOf(of('onDemand')),
      restore: feltOf(of('restore')),
      suppressed: feltOf(of('suppressed')),
      failed: feltOf(of('failed')),
    },
    initCostUSD,
    initCostUSDPerMonth: initCostUSD === null ? null : initCostUSD * perMonth,
    restoreCostUSD,
    restoreCostUSDPerMonth: restoreCostUSD === null ? null : restoreCostUSD * perMonth,
    billed: {yes, no: billings.length - yes},
    trend: trendOf(felt, window),
    histogram: histogramOf([...of('onDemand'), ...of('restore')]),
  }
}

/**
 * What CloudWatch has counted, and no fewer than the requests that the log shows: it counts by whole minutes, and the newest
 * some minutes late.
 */
export function noFewerThan(invocations: Known<number>, inits: readonly CountedInit[]): Known<number> {
  if (!isKnown(invocations)) return invocations
  return {value: Math.max(invocations.value, inits.filter(({requestAt}) => requestAt !== null).length)}
}

/** Cold starts that were felt, by invocation. */
function rateOf(felt: number, invocations: Known<number>): Known<number> {
  if (!isKnown(invocations)) return invocations
  const {value} = invocations
  return value > 0 ? {value: felt / value} : {unknown: 'missing', detail: 'nothing was invoked'}
}

// one for all: of 100,000 functions most have no cold start
const noTrend: readonly number[] = new Array<number>(trendParts).fill(0)
const noHistogram: readonly number[] = new Array<number>(histogramBoundsMs.length + 1).fill(0)

function trendOf(felt: readonly CountedInit[], {start, end}: FiguresOptions['window']): readonly number[] {
  if (felt.length === 0) return noTrend
  const parts = new Array<number>(trendParts).fill(0)
  const partMs = Math.max(1, (end - start) / trendParts)
  for (const {at} of felt) {
    const part = Math.max(0, Math.min(trendParts - 1, Math.floor((at - start) / partMs)))
    parts[part] = (parts[part] ?? 0) + 1
  }
  return parts
}

function histogramOf(inits: readonly CountedInit[]): readonly number[] {
  if (inits.length === 0) return noHistogram
  const counts = new Array<number>(histogramBoundsMs.length + 1).fill(0)
  for (const {initMs} of inits) {
    if (initMs === null) continue
    const bound = histogramBoundsMs.findIndex(upTo => initMs <= upTo)
    const at = bound === -1 ? histogramBoundsMs.length : bound
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}

const sumOrNull = (amounts: readonly (number | null)[]): number | null =>
  amounts.reduce<number | null>((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0)
