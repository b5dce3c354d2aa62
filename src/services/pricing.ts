import table from '../data/lambda-prices.json' with {type: 'json'}
import type {Known} from '../known.ts'

/** List prices of a region, in USD, with the day they were read. */
export type Prices = {
  readonly asOf: string
  readonly region: string
  /** false: the table has no row for the region, and these are those of us-east-1 */
  readonly isListed: boolean
  readonly requestsPerMillion: number
  /** by architecture: of the first tier, and all tiers by the GB-seconds of a month */
  readonly compute: Readonly<Record<Architecture, ComputePrice>>
  /** of what is above the 512 MB that are free */
  readonly ephemeralStoragePerGBSecond: number
  /** SnapStart and logs: of us-east-1 in every region, for no list of other regions' is known */
  readonly snapStartCachePerGBSecond: number
  readonly snapStartRestorePerGB: number
  readonly logIngestionPerGB: Readonly<Record<'STANDARD' | 'INFREQUENT_ACCESS', number>>
  readonly logStoragePerGBMonth: number
}

export type Architecture = 'x86_64' | 'arm64'

export type ComputePrice = {
  readonly perGBSecond: number
  readonly tiers: readonly {readonly upToGBSeconds: number | null; readonly perGBSecond: number}[]
  readonly provisionedPerGBSecond: number
  readonly provisionedDurationPerGBSecond: number
}

/** What a region's row says; what it leaves out is as in us-east-1. */
type RegionRow = {
  readonly requestsPerMillion?: number
  readonly x86_64?: number
  readonly arm64?: number
  readonly ephemeralStorage?: number
  /** of x86 */
  readonly provisioned?: number
  readonly provisionedDuration?: number
}

const rows: Readonly<Record<string, RegionRow>> = table.lambda.regions
const base = table.lambda.default

/** What a metric's series costs when GetMetricData is asked for it. */
export const metricUSD = table.cloudWatch.metricsPerThousandRequested / 1000
export const secondsOfMonth = 30 * 24 * 3600

/**
 * List prices of a region (src/data/lambda-prices.json, dated and with its source); where the region charges another
 * currency, nobody knows what they are in USD.
 */
export function knownPrices(region: string): Known<Prices> {
  if (isPricedInUSD(region)) return {value: pricesOf(region)}
  return {unknown: 'missing', detail: `${region} is not priced in USD`}
}

/** China charges yuan, the European Sovereign Cloud euros. */
export const isPricedInUSD = (region: string): boolean => !/^(cn|eusc)-/.test(region)

/** List prices of a region that charges USD (src/data/lambda-prices.json, dated and with its source). */
export function pricesOf(region: string): Prices {
  const row = Object.hasOwn(rows, region) ? rows[region] : undefined
  return {
    asOf: table.asOf,
    region,
    isListed: row !== undefined,
    requestsPerMillion: row?.requestsPerMillion ?? base.requestsPerMillion,
    compute: {x86_64: computePrice('x86_64', row ?? {}), arm64: computePrice('arm64', row ?? {})},
    ephemeralStoragePerGBSecond: row?.ephemeralStorage ?? base.ephemeralStoragePerGBSecond,
    snapStartCachePerGBSecond: base.snapStartCachePerGBSecond,
    snapStartRestorePerGB: base.snapStartRestorePerGB,
    logIngestionPerGB: {
      STANDARD: table.logs.ingestionPerGB,
      INFREQUENT_ACCESS: table.logs.ingestionInfrequentAccessPerGB,
    },
    logStoragePerGBMonth: table.logs.storagePerGBMonth,
  }
}

/**
 * Only first tiers, and provisioned concurrency of x86, are listed by region. The rest has the ratio that all of AWS's
 * lists have where both are known: the second and third tier nine and eight tenths of the first, provisioned
 * concurrency on arm four fifths of that on x86.
 */
function computePrice(architecture: Architecture, row: RegionRow): ComputePrice {
  const ours = base[architecture]
  const first = row[architecture]
  const ofX86 = architecture === 'x86_64' ? 1 : 0.8
  return {
    perGBSecond: first ?? ours.tiers[0]?.perGBSecond ?? 0,
    tiers: ours.tiers.map((tier, index) => ({
      upToGBSeconds: tier.upToGBSeconds,
      perGBSecond: share(first, 1 - index / 10) ?? tier.perGBSecond,
    })),
    provisionedPerGBSecond: share(row.provisioned, ofX86) ?? ours.provisionedPerGBSecond,
    provisionedDurationPerGBSecond: share(row.provisionedDuration, ofX86) ?? ours.provisionedDurationPerGBSecond,
  }
}

/** As AWS writes prices: with ten decimals. */
const share = (price: number | undefined, part: number): number | undefined =>
  price === undefined ? undefined : Number((price * part).toFixed(10))

/**
 * What so many GB-seconds of on-demand compute cost, by tiers. AWS counts the tiers for an account (or its organization),
 * a region, an architecture and a calendar month.
 * @param months how much of a month (of thirty days) the GB-seconds were used in: the tiers begin at as much of their
 *   GB-seconds, as if the rest of the month were used alike
 */
export function computeCostUSD(price: ComputePrice, gbSeconds: number, months = 1): number {
  let cost = 0
  let below = 0
  for (const {upToGBSeconds, perGBSecond} of price.tiers) {
    const end = upToGBSeconds === null ? Number.POSITIVE_INFINITY : upToGBSeconds * months
    cost += Math.max(0, Math.min(gbSeconds, end) - below) * perGBSecond
    below = end
  }
  return cost
}

/** GB as Lambda bills memory: MB ÷ 1024. */
export const memoryGB = (memorySizeMB: number): number => memorySizeMB / 1024

/** What provisioned concurrency costs in thirty days while nobody uses it: 512 MB × 10 on x86 = $54.00. */
export function provisionedMonthUSD(price: ComputePrice, memorySizeMB: number, count: number): number {
  return memoryGB(memorySizeMB) * count * secondsOfMonth * price.provisionedPerGBSecond
}

/** What an init costs where it is billed: memory × time × rate. 578.07 ms at 3,008 MB on x86 = $0.0000283. */
export function initCostUSD(price: ComputePrice, memorySizeMB: number, initMs: number): number {
  return memoryGB(memorySizeMB) * (initMs / 1000) * price.perGBSecond
}
