import {isKnown, type Known, type Unknown} from '../../../known.ts'
import {memoryGB, type Prices, provisionedMonthUSD, secondsOfMonth} from '../../pricing.ts'
import type {LogGroupFacts, ProvisionedConcurrency, PublishedVersion} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {Evidence} from './evidence.ts'

export type WasteKind =
  | 'provisioned-concurrency'
  | 'snapstart'
  | 'log-retention'
  | 'orphaned-log-group'
  | 'old-versions'

/** Something that costs money, or room, and that nobody uses; with how its price came about. */
export type Waste = {
  readonly kind: WasteKind
  /** by AWS's name: `checkout-api:live`, `/aws/lambda/x` */
  readonly what: string
  readonly account: string | null
  readonly region: string
  /** null where it belongs to no function that is there */
  readonly functionName: string | null
  readonly functionArn: string | null
  /** of thirty days; null where nobody knows the price */
  readonly monthlyUSD: number | null
  /** with its numbers, or what else it takes up where it costs nothing */
  readonly formula: string
  readonly confidence: 'measured' | 'upper-bound' | 'unknown-price'
  /** what it takes up of the account's code storage, or of log storage */
  readonly bytes: number | null
  /** how many there are: environments, versions */
  readonly count: number | null
}

type WastePlace = Pick<Waste, 'account' | 'region' | 'functionName' | 'functionArn'>

/** What `storedBytes` is counted in. */
const bytesPerGB = 1_000_000_000

/**
 * What a function wastes: of one that was called neither in the window nor in the last two weeks, all provisioned concurrency and every snapshot; of one that is used, those of aliases and
 * versions that CloudWatch has not listed for two weeks. The function itself costs nothing.
 */
export function functionWaste(
  fn: FleetFunction,
  evidence: Pick<Evidence, 'usage' | 'listed' | 'provisioned' | 'versions' | 'logGroup'>,
  prices: Known<Prices>,
): readonly Waste[] {
  const {provisioned, versions, logGroup} = evidence
  const place = {account: fn.account, region: fn.region, functionName: fn.name, functionArn: fn.arn}
  const published = isKnown(versions) ? versions.value : []
  const isUsed = usedQualifiers(fn.name, evidence, published)
  return [
    ...(isKnown(provisioned)
      ? provisioned.value
          .filter(({qualifier, allocated}) => allocated > 0 && !isUsed(qualifier))
          .map(one => provisionedWaste(fn, one, published, place, prices))
      : []),
    ...published
      .filter(({version, snapStart}) => snapStart && version !== '$LATEST' && !isUsed(version))
      .map(version => snapshotWaste(fn, version, place, prices)),
    ...oldVersions(fn, published, isUsed, place),
    ...(isKnown(logGroup) && logGroup.value !== null ? keptForever(logGroup.value, place, prices) : []),
  ]
}

/** A log group that belongs to no function that is there. */
export function orphanedLogGroup(
  {name, storedBytes}: LogGroupFacts,
  place: Pick<Waste, 'account' | 'region'>,
  prices: Known<Prices>,
): Waste {
  return {
    kind: 'orphaned-log-group',
    what: name,
    ...place,
    functionName: null,
    functionArn: null,
    ...storagePrice(storedBytes, prices),
  }
}

/** Why nobody knows which aliases and versions were called, so that some of what counts as used may be wasted; null where that is known. */
export function whyUseUnknown({usage, listed}: Pick<Evidence, 'usage' | 'listed'>): Unknown | null {
  if (isKnown(listed) && listed.value !== null) return null
  if (!isKnown(usage)) return usage
  return isKnown(listed) || usage.value.invocations === 0 ? null : listed
}

/** Whether an alias or version was called; where CloudWatch could not be asked, all count as used, for nobody knows. */
function usedQualifiers(
  name: string,
  {usage, listed}: Pick<Evidence, 'usage' | 'listed'>,
  versions: readonly PublishedVersion[],
): (qualifier: string) => boolean {
  // a window may have ended before what CloudWatch lists of the last two weeks
  if (!isKnown(listed) || listed.value === null) {
    const isCalled = !isKnown(usage) || usage.value.invocations > 0
    return () => isCalled
  }
  const {resources, versions: executed} = listed.value
  const called = new Set([...resources].map(resource => resource.slice(name.length + 1)))
  const aliasesOf = new Map(versions.map(({version, aliases}) => [version, aliases]))
  return qualifier =>
    called.has(qualifier) ||
    executed.has(qualifier) ||
    (aliasesOf.get(qualifier) ?? []).some(alias => called.has(alias))
}

function provisionedWaste(
  {architecture, memorySizeMB, name}: FleetFunction,
  {qualifier, allocated}: ProvisionedConcurrency,
  versions: readonly PublishedVersion[],
  place: WastePlace,
  prices: Known<Prices>,
): Waste {
  const version = versions.find(({version, aliases}) => version === qualifier || aliases.includes(qualifier))
  const memoryMB = version?.memorySizeMB ?? memorySizeMB
  const price = isKnown(prices) ? prices.value.compute[architecture] : null
  const rate = price === null ? 'price' : decimal(price.provisionedPerGBSecond)
  return {
    kind: 'provisioned-concurrency',
    what: `${name}:${qualifier}`,
    ...place,
    monthlyUSD: price && rounded(provisionedMonthUSD(price, memoryMB, allocated)),
    formula: `${memoryMB} MB ÷ 1024 × ${allocated} × ${secondsOfMonth} s × $${rate} per GB-second`,
    confidence: price === null ? 'unknown-price' : 'measured',
    bytes: null,
    count: allocated,
  }
}

/** Java's snapshots cost nothing; Lambda may have dropped those that nobody called for two weeks. */
function snapshotWaste(
  {name, runtime}: FleetFunction,
  {version, memorySizeMB}: PublishedVersion,
  place: WastePlace,
  prices: Known<Prices>,
): Waste {
  const isFree = runtime?.startsWith('java') ?? false
  const rate = isKnown(prices) ? prices.value.snapStartCachePerGBSecond : null
  const common = {kind: 'snapstart', what: `${name}:${version}`, ...place, bytes: null, count: 1} as const
  if (isFree) return {...common, monthlyUSD: 0, formula: 'snapshots of Java cost nothing', confidence: 'measured'}
  return {
    ...common,
    monthlyUSD: rate === null ? null : rounded(memoryGB(memorySizeMB) * secondsOfMonth * rate),
    formula: `${memorySizeMB} MB ÷ 1024 × ${secondsOfMonth} s × $${rate === null ? 'price' : decimal(rate)} per GB-second`,
    confidence: rate === null ? 'unknown-price' : 'upper-bound',
  }
}

/** Published versions that no alias leads to and nobody called: they cost nothing, but take of the account's code storage. */
function oldVersions(
  {name}: FleetFunction,
  versions: readonly PublishedVersion[],
  isUsed: (qualifier: string) => boolean,
  place: WastePlace,
): readonly Waste[] {
  const old = versions.filter(({version, aliases}) => version !== '$LATEST' && aliases.length === 0 && !isUsed(version))
  if (old.length === 0) return []
  const bytes = old.reduce((sum, {codeSizeBytes}) => sum + codeSizeBytes, 0)
  return [
    {
      kind: 'old-versions',
      what: `${name}: ${old.length === 1 ? `version ${old[0]?.version}` : `${old.length} versions`}`,
      ...place,
      monthlyUSD: 0,
      formula: `${bytes} bytes of the account’s code storage, which costs nothing and has an end`,
      confidence: 'measured',
      bytes,
      count: old.length,
    },
  ]
}

function keptForever(
  {name, storedBytes, retentionInDays}: LogGroupFacts,
  place: WastePlace,
  prices: Known<Prices>,
): readonly Waste[] {
  if (retentionInDays !== null || storedBytes === 0) return []
  return [{kind: 'log-retention', what: name, ...place, ...storagePrice(storedBytes, prices)}]
}

/** AWS bills what is left after compression, and tells what there was before: it is that much at most. */
function storagePrice(
  storedBytes: number,
  prices: Known<Prices>,
): Pick<Waste, 'monthlyUSD' | 'formula' | 'confidence' | 'bytes' | 'count'> {
  const rate = isKnown(prices) ? prices.value.logStoragePerGBMonth : null
  return {
    monthlyUSD: rate === null ? null : rounded((storedBytes / bytesPerGB) * rate),
    formula: `${storedBytes} stored bytes ÷ 10⁹ × $${rate ?? 'price'} per GB and month`,
    confidence: rate === null ? 'unknown-price' : 'upper-bound',
    bytes: storedBytes,
    count: null,
  }
}

/** Without what binary fractions add: a millionth of a cent. */
const rounded = (amount: number): number => Math.round(amount * 1e8) / 1e8

/** A price per second as AWS writes it, never with an exponent. */
const decimal = (price: number): string => price.toFixed(10).replace(/0+$/, '')

/** What all of it costs a month as far as prices are known. */
export const wasteUSD = (waste: readonly Waste[]): number =>
  rounded(waste.reduce((sum, {monthlyUSD}) => sum + (monthlyUSD ?? 0), 0))
