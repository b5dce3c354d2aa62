import {initCostUSD, memoryGB, type Prices} from '../../pricing.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {MetInit, OpenInit, Owner} from './inits.ts'

/** How an execution environment came to be, by who waited for it. */
export type InitKind =
  /** a request waited for the init: Init Duration + Duration */
  | 'onDemand'
  /** a request waited for a snapshot: Restore Duration + Duration */
  | 'restore'
  /** Lambda initialized it ahead of any request */
  | 'proactive'
  /** of provisioned concurrency */
  | 'provisioned'
  /** its init ran into ten seconds, and was run again within the request: a request waited for both */
  | 'suppressed'
  /** its init ended in an error */
  | 'failed'

/** An init as it is counted. */
export type CountedInit = {
  readonly owner: Owner
  readonly kind: InitKind
  /** epoch ms: when the request that met it ended; of those that no request came to, when it began */
  readonly at: number
  /** epoch ms: when the request began to be served; null where none came */
  readonly requestAt: number | null
  /** of the init or restore itself */
  readonly initMs: number | null
  /** what the request took in all that waited for it; null where none did */
  readonly feltMs: number | null
  readonly memorySizeMB: number
  readonly isBilled: boolean | null
  /** null where prices are not in USD */
  readonly costUSD: number | null
  readonly restoreCostUSD: number | null
}

/** What is to be known of a function to tell what its inits were. */
export type KindContext = {
  readonly of: Pick<FleetFunction, 'runtime' | 'architecture' | 'memorySizeMB'>
  /** versions that have provisioned concurrency; null where nobody knows */
  readonly provisionedVersions: ReadonlySet<string> | null
  /** epoch ms: from when on its log was read, where INIT_START is known to be in it; null where it may not be */
  readonly beginsReadFrom: number | null
  readonly prices: Prices | null
}

/** Between the end of an init that a request waits for and the request are some ms: Lambda's own extensions take this for the least of proactive ones. */
const proactiveFromMs = 10_000

/** What an init was that a request came to. */
export function countMet(init: MetInit, owner: Owner, context: KindContext): CountedInit {
  const {of, prices} = context
  const kind = kindOfMet(init, owner, context)
  const {initMs, durationMs, isBilled, billedRestoreMs} = init
  const isFelt = kind !== 'proactive' && kind !== 'provisioned'
  const memorySizeMB = init.memorySizeMB > 0 ? init.memorySizeMB : of.memorySizeMB
  const price = prices?.compute[of.architecture] ?? null
  return {
    owner,
    kind,
    at: init.at,
    requestAt: init.requestAt,
    initMs,
    // AWS rounds to the hundredth
    feltMs: isFelt ? Math.round((waitedMs(init) + durationMs) * 100) / 100 : null,
    memorySizeMB,
    isBilled,
    costUSD: price && (isBilled && kind !== 'provisioned' ? initCostUSD(price, memorySizeMB, initMs ?? 0) : 0),
    restoreCostUSD:
      prices && price && init.is === 'restore'
        ? initCostUSD(price, memorySizeMB, billedRestoreMs) +
          (isSnapStartFree(of.runtime) ? 0 : memoryGB(memorySizeMB) * prices.snapStartRestorePerGB)
        : price && 0,
  }
}

/**
 * What a request waited before its Duration began. An init that failed or ran into ten seconds shows in no REPORT: where it was
 * run before the request, and the request came right after it, the time since it began was waited for; where it was run within
 * the request it is in the Duration.
 */
function waitedMs({initMs, aheadMs, sinceBeginMs}: MetInit): number {
  if (initMs !== null) return initMs
  return aheadMs !== null && aheadMs <= proactiveFromMs ? (sinceBeginMs ?? 0) : 0
}

/** What an init was that no request had come to by the end of the window. */
export function countUnused({type, failure, at, initMs}: OpenInit, owner: Owner, context: KindContext): CountedInit {
  const {of, prices} = context
  const isProvisioned = type === 'provisioned-concurrency' || isProvisionedVersion(owner, context)
  return {
    owner,
    kind: failure?.status === 'error' ? 'failed' : isProvisioned ? 'provisioned' : 'proactive',
    at,
    requestAt: null,
    initMs: failure === null ? initMs : null,
    feltMs: null,
    memorySizeMB: of.memorySizeMB,
    isBilled: null,
    // no line tells whether it was billed
    costUSD: prices && 0,
    restoreCostUSD: prices && 0,
  }
}

function kindOfMet({is, type, aheadMs, requestAt, initMs}: MetInit, owner: Owner, context: KindContext): InitKind {
  if (is === 'failed' || is === 'suppressed') return is
  if (type === 'provisioned-concurrency') return 'provisioned'
  const {beginsReadFrom} = context
  // one that began before what was read began is as old as that at least
  const least = beginsReadFrom === null ? 0 : requestAt - (initMs ?? 0) - beginsReadFrom
  if ((aheadMs ?? least) > proactiveFromMs)
    return type === null && isProvisionedVersion(owner, context) ? 'provisioned' : 'proactive'
  return is === 'restore' ? 'restore' : 'onDemand'
}

const isProvisionedVersion = ({version}: Owner, {provisionedVersions}: KindContext): boolean =>
  version !== null && provisionedVersions?.has(version) === true

/** Java's snapshots cost nothing; those of Python and .NET do. */
export const isSnapStartFree = (runtime: string | null): boolean => runtime?.startsWith('java') ?? false
