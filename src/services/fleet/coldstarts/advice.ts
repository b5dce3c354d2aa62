import {memoryGB, type Prices, provisionedMonthUSD, secondsOfMonth} from '../../pricing.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {InitBaseline} from './baselines.ts'
import type {ColdStartFigures, FunctionColdStarts} from './coldstarts-report.ts'
import {type CountedInit, isSnapStartFree} from './init-kind.ts'
import {quantilesOf} from './quantiles.ts'

/** What would make cold starts fewer or shorter, where the numbers carry it. */
export type Advice = {
  readonly kind: 'snapstart' | 'provisioned-concurrency' | 'package-size' | 'memory'
  /** a sentence */
  readonly text: string
  /** how the number came about; null where there is none */
  readonly formula: string | null
  /** what it would cost more (or less, negative) in 30 days; null where nobody can tell */
  readonly monthlyUSD: number | null
  /** felt cold starts of the window that it is about */
  readonly coldStarts: number
  /** how much of what their requests waited for an init it is about, in ms, all together */
  readonly waitedMs: number
}

export type AdviceEvidence = {
  readonly of: FleetFunction
  readonly figures: ColdStartFigures
  readonly inits: readonly CountedInit[]
  readonly baseline: InitBaseline | null
  readonly prices: Prices | null
  /** true: a version of it has provisioned concurrency; null where nobody knows */
  readonly isProvisioned: boolean | null
  /** the most requests at a time in the window; null where CloudWatch was not asked or did not tell */
  readonly peakConcurrency: number | null
  /** what all requests of the window took; null as above */
  readonly busySeconds: number | null
  readonly windowMs: number
}

/** fewer say nothing about the next ones */
const fewestColdStarts = 10
/** a request that waits longer for an init is felt by whoever waits */
const slowInitMs = 500
/** less of what a request took in all is no matter, as of a job that runs for minutes */
const leastShare = 1 / 3
const slowRatio = 3
const largePackageBytes = 5e6
/** the difference that more memory must have made, and to how many inits */
const memoryGain = 0.8
const fewestAtASize = 20

/** `412 ms`, `4.55 s` */
const inWords = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`)

/** Advice on one function, what helps most first. */
export function adviceFor(evidence: AdviceEvidence): readonly Advice[] {
  if (evidence.figures.felt < fewestColdStarts) return []
  return [snapStart, provisioned, packageSize, memory].flatMap(advise => advise(evidence) ?? []).sort(byHelp)
}

/** What costs nothing first, then what most was waited for. */
const byHelp = (a: Advice, b: Advice): number => costs(a) - costs(b) || b.waitedMs - a.waitedMs

/** Functions of which there is advice, those first whom the first of it helps most. */
export function advisedOf(functions: readonly FunctionColdStarts[]): readonly FunctionColdStarts[] {
  return functions
    .flatMap(one => one.advice.slice(0, 1).map(first => ({one, first})))
    .sort((a, b) => byHelp(a.first, b.first))
    .map(({one}) => one)
}

const costs = ({monthlyUSD}: Advice): number => (monthlyUSD !== null && monthlyUSD > 0 ? 1 : 0)

/** Inits that are long, and a good part of what their requests took. */
function isSlow({initMs, feltMsBy}: ColdStartFigures): boolean {
  const inAll = feltMsBy.onDemand?.p50 ?? 0
  return initMs !== null && initMs.p50 >= slowInitMs && initMs.p50 >= leastShare * inAll
}

/** Java 11 and later, Python 3.12 and later, .NET 8 and later. */
export function hasSnapStart(runtime: string | null): boolean {
  const [, name, major = '0', minor = '0'] = /^(java|python|dotnet)(\d+)(?:\.(\d+))?/.exec(runtime ?? '') ?? []
  if (name === 'java') return Number(major) >= 11
  if (name === 'dotnet') return Number(major) >= 8
  return name === 'python' && (Number(major) > 3 || Number(minor) >= 12)
}

function snapStart({of, figures, prices, isProvisioned, windowMs}: AdviceEvidence): Advice | null {
  const {initMs, coldStarts} = figures
  const isPossible =
    hasSnapStart(of.runtime) &&
    !of.snapStart &&
    of.packageType === 'Zip' &&
    of.ephemeralStorageMB <= 512 &&
    isProvisioned === false
  if (!isPossible || initMs === null || initMs.count < fewestColdStarts || !isSlow(figures)) return null
  const gb = memoryGB(of.memorySizeMB)
  const restores = (coldStarts.onDemand * secondsOfMonth * 1_000) / windowMs
  const cache = prices && gb * secondsOfMonth * prices.snapStartCachePerGBSecond
  const restored = prices && gb * restores * prices.snapStartRestorePerGB
  const isFree = isSnapStartFree(of.runtime)
  const monthlyUSD = isFree ? 0 : cache !== null && restored !== null ? cache + restored : null
  const price = isFree ? ', for nothing' : monthlyUSD === null ? '' : `, for $${monthlyUSD.toFixed(2)} a month`
  return {
    kind: 'snapstart',
    text: `turn SnapStart on and call a published version: a snapshot is restored in place of an init of ${inWords(initMs.p50)} at the median${price} (not with EFS)`,
    formula: isFree
      ? null
      : `one version: ${gb} GB × ${secondsOfMonth} s × ${prices?.snapStartCachePerGBSecond} + ${Math.round(restores)} restores × ${gb} GB × ${prices?.snapStartRestorePerGB}`,
    monthlyUSD,
    coldStarts: coldStarts.onDemand,
    waitedMs: initMs.p50 * coldStarts.onDemand,
  }
}

/** What it costs to keep as many environments as were ever busy at a time, less what is saved. */
function provisioned(evidence: AdviceEvidence): Advice | null {
  const {of, figures, prices, isProvisioned, peakConcurrency, busySeconds, windowMs} = evidence
  const {coldStarts, initMs, initCostUSDPerMonth} = figures
  if (!prices || of.snapStart || isProvisioned !== false || initMs === null || !isSlow(figures)) return null
  if (peakConcurrency === null || busySeconds === null || peakConcurrency < 1) return null
  const price = prices.compute[of.architecture]
  const count = Math.ceil(peakConcurrency)
  const gb = memoryGB(of.memorySizeMB)
  const months = windowMs / (secondsOfMonth * 1_000)
  const busyGBSeconds = (gb * busySeconds) / months
  const idleUSD = provisionedMonthUSD(price, of.memorySizeMB, count)
  const savedUSD =
    busyGBSeconds * (price.perGBSecond - price.provisionedDurationPerGBSecond) + (initCostUSDPerMonth ?? 0)
  const net = idleUSD - savedUSD
  const avoided = coldStarts.onDemand / months
  const each = avoided > 0 ? net / avoided : null
  return {
    kind: 'provisioned-concurrency',
    text:
      net <= 0
        ? `provisioned concurrency of ${count} would cost less than what is paid now, and spare nearly all cold starts`
        : `provisioned concurrency of ${count}, the most that were busy at a time, would cost $${net.toFixed(2)} a month more${each === null ? '' : `, $${each.toPrecision(2)} for each cold start that it spares`}`,
    formula: `${gb} GB × ${count} × ${secondsOfMonth} s × ${price.provisionedPerGBSecond} − ${busyGBSeconds.toFixed(0)} GB-s × (${price.perGBSecond} − ${price.provisionedDurationPerGBSecond}) − $${(initCostUSDPerMonth ?? 0).toFixed(4)} of inits`,
    monthlyUSD: net,
    coldStarts: coldStarts.onDemand,
    waitedMs: initMs.p50 * coldStarts.onDemand,
  }
}

function packageSize({of, figures, baseline}: AdviceEvidence): Advice | null {
  const {initMs} = figures
  if (of.packageType !== 'Zip' || of.codeSizeBytes < largePackageBytes || baseline === null) return null
  if (initMs === null || initMs.count < fewestColdStarts || initMs.p50 < slowRatio * baseline.initMs) return null
  return {
    kind: 'package-size',
    text: `its package is ${(of.codeSizeBytes / 1e6).toFixed(0)} MB, and it initializes ${(initMs.p50 / baseline.initMs).toFixed(1)} times as long as a function that does nothing: load less of it, or later`,
    formula: null,
    monthlyUSD: null,
    coldStarts: initMs.count,
    waitedMs: (initMs.p50 - baseline.initMs) * initMs.count,
  }
}

/**
 * Lambda lends an init processor time whatever its memory is, so that memory rarely helps: only where two sizes were seen
 * and the larger one was quicker is it worth saying.
 */
function memory({of, inits}: AdviceEvidence): Advice | null {
  const bySize = Map.groupBy(
    inits.filter(({kind}) => kind === 'onDemand'),
    ({memorySizeMB}) => memorySizeMB,
  )
  const sizes = [...bySize]
    .map(([size, some]) => ({size, init: quantilesOf(some.flatMap(({initMs}) => initMs ?? []))}))
    .flatMap(({size, init}) => (init && init.count >= fewestAtASize ? [{size, init}] : []))
    .sort((a, b) => a.size - b.size)
  const own = sizes.find(({size}) => size === of.memorySizeMB)
  const larger = sizes.findLast(({size, init}) => own && size > own.size && init.p50 <= memoryGain * own.init.p50)
  if (!own || !larger) return null
  return {
    kind: 'memory',
    text: `with ${larger.size} MB its inits took ${inWords(larger.init.p50)} at the median, with its ${own.size} MB ${inWords(own.init.p50)}`,
    formula: null,
    monthlyUSD: null,
    coldStarts: own.init.count,
    waitedMs: (own.init.p50 - larger.init.p50) * own.init.count,
  }
}
