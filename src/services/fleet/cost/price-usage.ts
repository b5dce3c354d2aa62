import {both, derived, isGap, isKnown, type Known, sumKnown, type Unknown} from '../../../known.ts'
import {type Architecture, computeCostUSD, initCostUSD, memoryGB, type Prices, secondsOfMonth} from '../../pricing.ts'
import type {FunctionUsage} from './function-usage.ts'

/** What a function's bill is made of, the largest parts of most bills first. */
export const costComponents = [
  'requests',
  'compute',
  'provisioned',
  'init',
  'ephemeralStorage',
  'snapStart',
  'logIngestion',
] as const
export type CostComponent = (typeof costComponents)[number]

type ComponentCosts = Readonly<Record<CostComponent, Known<number>>>

/** What usage costs, in USD. */
export type PricedUsage = {
  readonly components: ComponentCosts
  /** the sum of the components that are known; unknown without requests and compute, and where it is 0 for want of another: then it says nothing */
  readonly costUSD: Known<number>
  /** what its GB-seconds cost each, on the average of on-demand and provisioned ones; null where it used none */
  readonly perGBSecond: number | null
}

/** Lambda bills by the whole millisecond, up: on the average that adds a half to each call. */
const roundingMs = 0.5
const freeStorageMB = 512
/** AWS bills logs by 10^9 bytes */
const logGB = 1e9
const free: Known<number> = {value: 0}

/**
 * Seconds that were billed: (Σ duration + ½ ms × calls) ÷ 1000. Durations are known as a sum, and what rounding adds to each
 * of them lies between nothing and a millisecond, evenly: of a thousand calls the error is some 9 ms (√(1000/12)), not a half second.
 */
export const billedSeconds = (calls: number, durationMs: number): number => (durationMs + roundingMs * calls) / 1000

/**
 * Prices with the mean price of on-demand compute in place of the first tier's: tiers are counted over all functions of an
 * account, a region and an architecture, so that all of them pay the same for a GB-second.
 * @param months how much of a month the GB-seconds were used in
 */
export function withTiers(prices: Prices, gbSeconds: Readonly<Record<Architecture, number>>, months: number): Prices {
  const mean = (architecture: Architecture) => {
    const compute = prices.compute[architecture]
    const used = gbSeconds[architecture]
    return {...compute, perGBSecond: used > 0 ? computeCostUSD(compute, used, months) / used : compute.perGBSecond}
  }
  return {...prices, compute: {x86_64: mean('x86_64'), arm64: mean('arm64')}}
}

/** GB-seconds of on-demand compute; 0 where nobody knows. */
export function onDemandGBSeconds({calls, durationMs, provisionedCalls, memorySizeMB}: FunctionUsage): number {
  if (!isKnown(calls) || !isKnown(durationMs)) return 0
  const onDemand = 1 - shareOf(isKnown(provisionedCalls) ? provisionedCalls.value : 0, calls.value)
  return billedSeconds(calls.value, durationMs.value) * memoryGB(memorySizeMB) * onDemand
}

const shareOf = (part: number, of: number): number => (of > 0 ? Math.min(1, part / of) : 0)

/**
 * What usage costs by list prices:
 * - requests: calls × price
 * - compute: billed seconds × GB × price, of the share of the calls that ran on provisioned concurrency at its price
 * - provisioned: environments × GB × seconds of the window × price
 * - init: init time × GB × price of on-demand compute
 * - ephemeralStorage: (MB − 512) ÷ 1024 × billed seconds × price
 * - snapStart: versions × GB × seconds of the window × price + restores × GB × price
 * - logIngestion: bytes ÷ 10^9 × price of the group's class
 */
export function priceUsage(usage: FunctionUsage, prices: Prices): PricedUsage {
  const {calls, durationMs, provisionedCalls, memorySizeMB, ephemeralStorageMB, windowMs} = usage
  const price = prices.compute[usage.architecture]
  const gb = memoryGB(memorySizeMB)
  const seconds = both(calls, durationMs, billedSeconds)
  const rate = both(calls, provisionedCalls, (all, provisioned) => {
    const share = shareOf(provisioned, all)
    return share * price.provisionedDurationPerGBSecond + (1 - share) * price.perGBSecond
  })
  const storageGB = memoryGB(Math.max(0, ephemeralStorageMB - freeStorageMB))
  const windowSeconds = windowMs / 1000
  const components: ComponentCosts = {
    requests: derived(calls, count => (count / 1e6) * prices.requestsPerMillion),
    compute: both(seconds, rate, (billed, perGBSecond) => billed * gb * perGBSecond),
    provisioned: derived(usage.provisionedCount, count => count * gb * windowSeconds * price.provisionedPerGBSecond),
    init: derived(usage.initMs, ms => initCostUSD(price, memorySizeMB, ms)),
    ephemeralStorage:
      storageGB === 0 ? free : derived(seconds, billed => billed * storageGB * prices.ephemeralStoragePerGBSecond),
    snapStart: derived(
      usage.snapStart,
      ({cachedVersions, restores}) =>
        cachedVersions * gb * windowSeconds * prices.snapStartCachePerGBSecond +
        restores * gb * prices.snapStartRestorePerGB,
    ),
    logIngestion: derived(usage.logs, ({bytes, logClass}) => (bytes / logGB) * prices.logIngestionPerGB[logClass]),
  }
  const used = isKnown(seconds) && seconds.value > 0
  return {components, costUSD: totalOf(components), perGBSecond: used && isKnown(rate) ? rate.value : null}
}

/** Nothing of what a function costs, for one reason. */
export function unpriced(why: Unknown): PricedUsage {
  const components = Object.fromEntries(costComponents.map(name => [name, why])) as Record<CostComponent, Unknown>
  return {components, costUSD: why, perGBSecond: null}
}

function totalOf(components: ComponentCosts): Known<number> {
  const total = both(components.requests, components.compute, () => sumKnown(Object.values(components)))
  if (!isKnown(total) || total.value > 0) return total
  // all that it may cost is what nobody was told of
  const {provisioned, snapStart, logIngestion} = components
  return [provisioned, snapStart, logIngestion].find(isLost) ?? total
}

const isLost = (component: Known<number>): boolean => !isKnown(component) && isGap(component)

/** What logs that are kept cost so long, at most: `storedBytes` may be more than what is billed, which is compressed. */
export const logStorageUSD = (storedBytes: number, windowMs: number, {logStoragePerGBMonth}: Prices): number =>
  (storedBytes / logGB) * logStoragePerGBMonth * (windowMs / 1000 / secondsOfMonth)
