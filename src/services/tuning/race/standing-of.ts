import type {Candidate} from '../candidate.ts'
import type {Slo} from '../objective.ts'
import type {Interval, Standing} from '../standing.ts'
import {bootstrapInterval} from '../statistics/bootstrap.ts'
import {meanOf, percentileOf} from '../statistics/order.ts'
import {biweight} from '../statistics/robust-spread.ts'
import type {Estimate} from './estimate.ts'
import type {SizeRecord} from './size-record.ts'
import {sloStanding} from './slo-standing.ts'

type FigureOptions = {
  readonly costUSD: (candidate: Candidate, billedMs: number) => number
  readonly coldRatio: number
  readonly slo: Slo | null
  readonly seed: number
}

/** What a standing says of a size's own samples, and how far its mean may be off, as shares: none of it changes by others. */
export type OwnFigures = Pick<
  Standing,
  'invocations' | 'coldStarts' | 'failures' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMemoryUsedMB' | 'slo' | 'uncertifiable'
> & {readonly meanWithin: Interval | null}

/** What it says by the estimate that decides. */
type MeanFigures = Pick<
  Standing,
  'meanBilledMs' | 'ci95BilledMs' | 'meanDurationMs' | 'coldBilledMs' | 'costPerMillionUSD' | 'ci95CostPerMillionUSD'
>

/** @param own what is estimated of it; none where there is no warm invocation */
export function ownFigures(record: SizeRecord, own: Estimate | undefined, {slo, seed}: FigureOptions): OwnFigures {
  const durations = record.warm.map(({durationMs}) => durationMs).sort((a, b) => a - b)
  const percentile = (percent: number): number | null =>
    durations.length === 0 ? null : percentileOf(durations, percent)
  const met = slo && durations.length > 0 ? sloStanding(durations, slo) : null
  return {
    invocations: record.invocations,
    coldStarts: record.coldStarts,
    failures: record.failures,
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    maxMemoryUsedMB: record.maxMemoryUsedMB,
    slo: met?.slo ?? null,
    ...(met?.slo === 'seen' &&
      met.certifiedAt === null && {uncertifiable: {slower: met.exceeding, of: durations.length}}),
    meanWithin: own ? meanWithin(own, seed + record.candidate.memorySizeMB) : null,
  }
}

/**
 * The bootstrap interval of the mean ÷ the mean. Of the bulk, for what outliers add is taken from all sizes together, and its
 * uncertainty is common to them; of a size with outliers of its own it is that of the plain mean.
 */
function meanWithin({record, isPlain, logs, weights, centre, spread}: Estimate, seed: number): Interval | null {
  if (isPlain) {
    const durations = record.warm.map(({durationMs}) => durationMs)
    const mean = meanOf(durations)
    const interval = bootstrapInterval(durations, seed)
    return interval && [Math.max(0, interval[0] / mean), interval[1] / mean]
  }
  const counted = logs.map((log, i) => (weights[i] ?? 1) * biweight(log - centre, spread))
  const interval = bootstrapInterval(logs, seed, counted)
  return interval && [Math.exp(interval[0] - centre), Math.exp(interval[1] - centre)]
}

/** In standard errors, one of two sides. */
const z95 = 1.96

/**
 * Means as the choice is made by, so that no table says otherwise than the choice: robust, and with what outliers of all sizes
 * add. A plain mean of few would make the size look dear that happened to have the outlier.
 */
export function meanFigures(
  {candidate, cold}: SizeRecord,
  own: Estimate | undefined,
  within: Interval | null,
  {costUSD, coldRatio}: FigureOptions,
): MeanFigures {
  if (own === undefined)
    return {
      meanBilledMs: null,
      ci95BilledMs: null,
      meanDurationMs: null,
      coldBilledMs: cold.length === 0 ? null : meanOf(cold.map(({billedMs}) => billedMs)),
      costPerMillionUSD: null,
      ci95CostPerMillionUSD: null,
    }
  const {warmBilledMs, coldBilledMs} = own
  const perMillion = 1e6 * own.costUSD
  /** Where warm ones are so many times as long, with what is uncertain about cold ones. */
  const costAt = (times: number): number => {
    const warmer = costUSD(candidate, warmBilledMs * times) - costUSD(candidate, warmBilledMs)
    const warm = 1e6 * (1 - coldRatio) * warmer
    const rest = z95 * perMillion * Math.sqrt(own.restVariance + own.init.costShare ** 2 * own.init.variance)
    return Math.max(0, perMillion + Math.sign(times - 1) * Math.hypot(warm, rest))
  }
  return {
    meanBilledMs: warmBilledMs,
    ci95BilledMs: within && [warmBilledMs * within[0], warmBilledMs * within[1]],
    meanDurationMs: own.warmMs,
    coldBilledMs,
    costPerMillionUSD: perMillion,
    ci95CostPerMillionUSD: within && [costAt(within[0]), costAt(within[1])],
  }
}
