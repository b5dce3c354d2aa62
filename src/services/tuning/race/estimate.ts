import type {Candidate} from '../candidate.ts'
import {meanOf} from '../statistics/order.ts'
import {differencesOf, robustCentre, spreadOf} from '../statistics/robust-spread.ts'
import {type ColdStart, coldStartsOf, type UsualInit} from './cold-starts.ts'
import {payloadEffects} from './payload-effects.ts'
import type {SizeRecord} from './size-record.ts'
import {isOwnTail, ownMean, tailOf} from './tails.ts'

/** What a size is thought to cost and to take, on the log scale, and how uncertain that is. */
export type Estimate = {
  readonly record: SizeRecord
  readonly costUSD: number
  /** with cold invocations at their share */
  readonly durationMs: number
  readonly lnCost: number
  readonly lnDuration: number
  /** by how many percent they grow when warm invocations take one percent longer, ÷ 100 */
  readonly costElasticity: number
  readonly durationElasticity: number
  /** warm invocations, those with a payload that costs little counted for less */
  readonly n: number
  /** ln durationMs of the warm ones, as if all were given the same payload */
  readonly logs: readonly number[]
  /** what each of them counts for */
  readonly weights: readonly number[]
  /** of the bulk of them, and their standard deviation about it, as robust as that */
  readonly centre: number
  readonly spread: number
  /** squared standard errors, as a share: of the warm duration, and of what else the cost is made of */
  readonly variance: number
  readonly restVariance: number
  /** what they have of the init of cold ones, which sizes of an architecture share, and what is uncertain about it */
  readonly init: {
    readonly costShare: number
    readonly durationShare: number
    readonly variance: number
    readonly isShared: boolean
  }
  /** of warm invocations, and of cold ones where there was one, in ms: means that outliers and skew are part of */
  readonly warmMs: number
  readonly warmBilledMs: number
  readonly coldBilledMs: number | null
  /** its outliers are its own, and the mean the plain one */
  readonly isPlain: boolean
}

export type Estimates = {
  readonly of: ReadonlyMap<string, Estimate>
  /** degrees of freedom of the pooled standard deviation */
  readonly freedom: number
  /** the pooled standard deviation of single invocations on the log scale */
  readonly spread: number
}

/** So many invocations of its own change a size's standard deviation half way from that of all sizes to its own. */
const pooledWeight = 12
/** Nobody is that steady; it also keeps a simulated function without noise from dividing by zero. */
const leastSpread = 0.003
/** Of Shamos' spread and of the biweight centre, as shares of what the standard deviation and the mean would give. */
const spreadEfficiency = 0.86
const centreEfficiency = 0.95

/**
 * Estimates all sizes with a warm invocation. The centre of each is robust and on the log scale; what outliers and skew add to
 * the mean is taken from all sizes together, as they come from the host, not from the size: so it counts in what things cost
 * and does not blur the comparison.
 */
export function estimate(
  records: readonly SizeRecord[],
  costUSD: (candidate: Candidate, billedMs: number) => number,
  coldRatio: number,
  usualInit: UsualInit | null,
): Estimates {
  const measured = records.filter(({logs}) => logs.length > 0)
  const effects = payloadEffects(measured)
  const rested = measured.map(record => restOf(record, effects))
  const pooled = Math.max(leastSpread, spreadOf(rested.flatMap(({differences}) => differences)))
  const centres = rested.map(({record, logs, weights, differences}) => {
    const spread = spreadOfSize(logs, differences, pooled)
    return {record, logs, weights, spread, ...robustCentre(logs, spread, weights)}
  })
  const tail = tailOf(centres)
  const means = centres.map(each => {
    const {record, logs, weights, spread, centre, beyond} = each
    const n = sumOf(weights) ** 2 / sumOf(weights.map(weight => weight ** 2))
    const own = isOwnTail(beyond, logs.length, centres) ? ownMean(record) : null
    const warmMs = own?.meanMs ?? Math.exp(centre) * tail
    const variance = own?.variance ?? spread ** 2 / (centreEfficiency * n)
    return {record, n, logs, weights, centre, spread, variance, warmMs, isPlain: own !== null}
  })
  const coldStarts = coldStartsOf(means, usualInit)
  const estimates = means.map(({warmMs, ...mean}): Estimate => {
    const {record, n} = mean
    const cold = coldStarts(record, warmMs)
    return {...mean, ...mixed(record, warmMs, n, cold, coldRatio, costUSD)}
  })
  const inGroups = measured.reduce((sum, {logs}) => sum + logs.length - 1, 0)
  return {
    of: new Map(estimates.map(each => [each.record.key, each])),
    freedom: Math.max(1, spreadEfficiency * (inGroups - Math.max(0, effects.size - 1))),
    spread: pooled,
  }
}

/** What a size costs and takes with cold invocations at their share, and by how much that follows the warm ones. */
function mixed(
  {candidate, warm, cold}: SizeRecord,
  warmMs: number,
  n: number,
  coldStart: ColdStart | null,
  coldRatio: number,
  costOf: (candidate: Candidate, billedMs: number) => number,
): Omit<Estimate, 'record' | 'n' | 'logs' | 'weights' | 'centre' | 'spread' | 'variance' | 'isPlain'> {
  const billedMs = warmMs + meanOf(warm.map(sample => sample.billedMs - sample.durationMs))
  const coldBilledMs = coldStart?.billedMs ?? billedMs
  const [warmUSD, coldUSD] = [costOf(candidate, billedMs), costOf(candidate, coldBilledMs)]
  const costUSD = (1 - coldRatio) * warmUSD + coldRatio * coldUSD
  const durationMs = (1 - coldRatio) * warmMs + coldRatio * (coldStart?.waitedMs ?? warmMs)
  const perMsUSD = (costOf(candidate, billedMs + warmMs) - warmUSD) / warmMs
  // the first invocation of an environment is a warm one and what it takes longer
  const costElasticity = (perMsUSD * warmMs) / costUSD
  // 1/12 is the variance of rounding up to a whole millisecond
  const roundingError = (costElasticity / warmMs) ** 2 / 12 / n
  const coldError = ((coldRatio * perMsUSD) / costUSD) ** 2 * (coldStart?.restVariance ?? 0)
  return {
    costUSD,
    durationMs,
    lnCost: Math.log(costUSD),
    lnDuration: Math.log(durationMs),
    costElasticity,
    durationElasticity: warmMs / durationMs,
    restVariance: coldError + roundingError,
    init: {
      costShare: (coldRatio * perMsUSD * (coldStart?.initBilledMs ?? 0)) / costUSD,
      durationShare: (coldRatio * (coldStart?.initWaitedMs ?? 0)) / durationMs,
      variance: coldStart?.initVariance ?? 0,
      isShared: coldStart?.isShared ?? true,
    },
    warmMs,
    warmBilledMs: billedMs,
    coldBilledMs: cold.length === 0 ? null : coldBilledMs,
  }
}

/**
 * A size's logarithms without what payloads differ by. What a payload counts for is its share of the cost: a size that is better
 * for the dear ones is the better size.
 */
function restOf(record: SizeRecord, effects: ReadonlyMap<number, number>): Rested {
  const effectOf = record.warm.map(({payload}) => effects.get(payload) ?? 0)
  const logs = record.logs.map((log, i) => log - (effectOf[i] ?? 0))
  return {record, logs, weights: effectOf.map(Math.exp), differences: differencesOf(logs)}
}

type Rested = {
  readonly record: SizeRecord
  readonly logs: readonly number[]
  readonly weights: readonly number[]
  readonly differences: readonly number[]
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Its own spread counts the more, the more is known of it, and at least by half. */
function spreadOfSize(logs: readonly number[], differences: readonly number[], pooled: number): number {
  if (logs.length < 4) return pooled
  const own = spreadOf(differences)
  const freedom = logs.length - 1
  const blended = Math.sqrt((pooledWeight * pooled ** 2 + freedom * own ** 2) / (pooledWeight + freedom))
  return Math.max(leastSpread, blended, own / 2)
}
