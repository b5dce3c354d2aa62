import {ExitCode, UserError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {type Architecture, knownPrices, memoryGB, type Prices} from '../../pricing.ts'
import type {Candidate} from '../candidate.ts'
import {readPriceList} from './price-list.ts'

/** What an invocation costs in a region, in USD, and where that is from. */
export type RunPrices = {
  /** GB-second of compute in the first tier */
  readonly perGBSecond: Readonly<Record<Architecture, number>>
  readonly perRequest: number
  /** GB-second of ephemeral storage above 512 MB */
  readonly ephemeralPerGBSecond: number
  /** SnapStart: a version's snapshot in cache, and what is restored; Java pays for neither */
  readonly snapStartCachePerGBSecond: number
  readonly snapStartRestorePerGB: number
  readonly source: 'price-list' | 'bundled'
  /** ISO date */
  readonly asOf: string
  /** false: nobody has a list of this region, and these are us-east-1's */
  readonly isListed: boolean
}

/** What a function costs beside its memory. */
export type Billed = {
  readonly timeoutSeconds: number
  readonly ephemeralStorageMB: number
  readonly snapStart: boolean
  /** as `java21`; null for an image */
  readonly runtime: string | null
}

/**
 * What invocations cost where `aws` is: by the Price List API when that is permitted and answers within seconds, else as
 * bundled. A server that is not AWS is never a reason to ask AWS itself.
 * @throws UserError for a region that charges another currency, of which nothing is bundled
 */
export async function readRunPrices(aws: Aws, signal: AbortSignal): Promise<RunPrices> {
  const {region, endpoint} = aws.scope
  const known = knownPrices(region)
  if (!isKnown(known))
    throw new UserError(`what an invocation costs in ${region} is not known in USD`, {
      code: 'NotPricedInUSD',
      exitCode: ExitCode.refused,
      hint: `${known.detail}, so no limit in USD would hold there; tune a copy of the function in another region`,
    })
  const bundled = bundledPrices(known.value)
  if (endpoint === 'custom' || hasNoPriceList(region)) return bundled
  const listed = await readPriceList(aws, signal)
  return listed === null ? bundled : {...bundled, ...listed, source: 'price-list', isListed: true}
}

/** GovCloud and the isolated partitions have no Price List API, and their credentials are not taken elsewhere. */
const hasNoPriceList = (region: string): boolean => /-(gov|iso[a-z]*)-/.test(region)

/** As src/data/lambda-prices.json has them. */
export function bundledPrices(prices: Prices): RunPrices {
  const {compute, requestsPerMillion} = prices
  return {
    perGBSecond: {x86_64: compute.x86_64.perGBSecond, arm64: compute.arm64.perGBSecond},
    // as AWS writes prices: with ten decimals
    perRequest: Number((requestsPerMillion / 1e6).toFixed(10)),
    ephemeralPerGBSecond: prices.ephemeralStoragePerGBSecond,
    snapStartCachePerGBSecond: prices.snapStartCachePerGBSecond,
    snapStartRestorePerGB: prices.snapStartRestorePerGB,
    source: 'bundled',
    asOf: prices.asOf,
    isListed: prices.isListed,
  }
}

/** That much is free. */
const freeEphemeralStorageMB = 512

/**
 * What an invocation costs that was billed so long: compute by memory, the request, ephemeral storage, what was restored.
 * The billed duration has the init in it, since August 2025, and what of a restore is billed by time.
 */
export function invocationCostUSD(
  prices: RunPrices,
  of: Candidate & {readonly ephemeralStorageMB: number; readonly billedMs: number; readonly isRestored?: boolean},
): number {
  const seconds = of.billedMs / 1000
  const memory = memoryGB(of.memorySizeMB)
  const extraStorage = memoryGB(Math.max(0, of.ephemeralStorageMB - freeEphemeralStorageMB))
  return (
    seconds * (memory * prices.perGBSecond[of.architecture] + extraStorage * prices.ephemeralPerGBSecond) +
    prices.perRequest +
    (of.isRestored ? memory * prices.snapStartRestorePerGB : 0)
  )
}

/** Lambda ends an init after ten seconds, and gives what restores from a snapshot as long; both are billed. */
const longestInitMs = 10_000

/** What one invocation of a size can cost at most: it begins cold, and runs into the function's timeout. */
export const worstInvocationUSD = (prices: RunPrices, of: Billed, {memorySizeMB, architecture}: Candidate): number =>
  invocationCostUSD(prices, {
    memorySizeMB,
    architecture,
    ephemeralStorageMB: of.ephemeralStorageMB,
    billedMs: of.timeoutSeconds * 1000 + longestInitMs,
    isRestored: paysForSnapStart(of),
  })

/** A snapshot is billed for as long at least, of each version. */
const leastCachedSeconds = 3 * 3600

/** What it costs to have a version of a size: its snapshot in cache, where it has one that is paid for. */
export const versionCostUSD = (prices: RunPrices, of: Billed, {memorySizeMB}: Candidate): number =>
  paysForSnapStart(of) ? memoryGB(memorySizeMB) * leastCachedSeconds * prices.snapStartCachePerGBSecond : 0

/** SnapStart is free for Java. */
export const paysForSnapStart = ({snapStart, runtime}: Pick<Billed, 'snapStart' | 'runtime'>): boolean =>
  snapStart && !/^java/.test(runtime ?? '')

/**
 * What a run can cost at most: a version of each size, and all invocations that it may make, of the dearest sizes first.
 * @param perSize at most so many of one size
 */
export function worstRunUSD(
  prices: RunPrices,
  of: Billed,
  run: {readonly candidates: readonly Candidate[]; readonly invocations: number; readonly perSize: number},
): number {
  const dearestFirst = run.candidates.map(each => worstInvocationUSD(prices, of, each)).sort((a, b) => b - a)
  let left = run.invocations
  let cost = 0
  for (const each of run.candidates) cost += versionCostUSD(prices, of, each)
  for (const each of dearestFirst) {
    const made = Math.min(left, run.perSize)
    cost += made * each
    left -= made
  }
  return cost
}
