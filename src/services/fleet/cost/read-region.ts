import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {type InsightsUse, scanCostUSD} from '../../insights/insights-use.ts'
import type {Facts, LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {whyHidden} from '../hidden-reports.ts'
import {sumOf} from '../metric-reader.ts'
import {readingMetrics, whyUnknown} from '../why-unknown.ts'
import type {CostWindow, Span} from './cost-window.ts'
import {mostAskedForMemory, mostAskedForProvisioned, type ProvisionedReading, readsInits} from './plan-cost.ts'
import type {ProvisionedEnvironments} from './provisioned-charge.ts'
import {type InitSample, initSample, initUnaskedUSD, readInits} from './read-init.ts'
import {readStanding} from './read-standing.ts'
import {
  type MeasuredUsage,
  type MeasureOptions,
  measureUsage,
  type RegionFunctions,
  sumIn,
  unmeasured,
} from './read-usage.ts'
import type {RegionReading} from './usage-in.ts'

export type ReadRegionOptions = {
  readonly window: CostWindow
  readonly init: boolean | null
  readonly provisioned: ProvisionedReading
  /** what reading inits may cost at most; null: anything */
  readonly leftUSD: number | null
  readonly use: InsightsUse
  /** whether tags are wanted */
  readonly tags: boolean
  readonly facts: Facts
  readonly read: MeasureOptions['read']
  readonly onProgress: (read: number) => void
}

/** What was read of one region. */
export type RegionAnswer = RegionReading & {
  readonly aws: Aws
  /** what was thrown where none of its metrics could be read; else null */
  readonly failure: unknown
  readonly tags: Known<ReadonlyMap<string, Readonly<Record<string, string>>>> | null
  readonly isInitRead: boolean
  readonly isProvisionedRead: boolean
}

const dayMs = 86_400_000
const notReadByDefault = 'it is read by Logs Insights where that costs little: --init reads it'

/** Reads what the functions of one region used and have standing. */
export async function readRegion(
  {aws, functions}: RegionFunctions,
  options: ReadRegionOptions,
  signal: AbortSignal,
): Promise<RegionAnswer> {
  const {window, facts, read, onProgress, provisioned} = options
  let failure: unknown = null
  const why = (error: unknown) => whyUnknown(error, readingMetrics, signal)
  const measuring = measureUsage(functions, {window, read, whyUnknown: why, onProgress}).catch(
    (error: unknown): MeasuredUsage => {
      failure = error
      return unmeasured(functions, why(error))
    },
  )
  const [measured, logGroups, published, tags] = await Promise.all([
    measuring,
    facts.logGroups([...new Set(functions.map(({logGroup}) => logGroup))]),
    provisioned === 'published' ? facts.published() : null,
    options.tags ? facts.tags() : null,
  ])
  const since = (window.before ?? window.now).start
  const changed = new Set(longestRunning(functions, measured, since))
  const {isProvisionedRead, unasked} = provisionedAsked(functions, provisioned, published)
  const [standing, inits] = await Promise.all([
    readStanding(facts, functions, {
      provisionedUnasked: fn => (ranProvisioned(measured, fn) ? null : unasked(fn)),
      askMemory: fn => changed.has(fn.name),
      since,
    }),
    sampleInits(aws, functions, measured, logGroups, options, signal),
  ])
  return {
    aws,
    functions,
    measured,
    standing,
    logGroups: isKnown(logGroups) ? logGroups.value : new Map(),
    initOf: inits.initOf,
    failure,
    tags,
    withoutClasses: isKnown(logGroups) ? null : logGroups,
    isInitRead: inits.isRead,
    isProvisionedRead,
  }
}

const noneProvisioned: Known<readonly ProvisionedEnvironments[]> = {value: []}
const provisionedNotRead: Unknown = {
  unknown: 'not-read',
  detail: 'it takes a call for each function: --provisioned reads it',
}

type ProvisionedAsked = {
  readonly isProvisionedRead: boolean
  /** null: it is to be asked */
  readonly unasked: (fn: FleetFunction) => Known<readonly ProvisionedEnvironments[]> | null
}

/** Whose provisioned concurrency takes a call: it belongs to a published version, so that without one there is none. */
function provisionedAsked(
  functions: readonly FleetFunction[],
  reading: ProvisionedReading,
  published: Known<ReadonlySet<string>> | null,
): ProvisionedAsked {
  if (reading === 'all') return {isProvisionedRead: true, unasked: () => null}
  if (published === null) return {isProvisionedRead: false, unasked: () => provisionedNotRead}
  if (!isKnown(published)) {
    const why = published.unknown === 'not-read' ? provisionedNotRead : published
    return {isProvisionedRead: false, unasked: () => why}
  }
  const {value: names} = published
  const isFew = functions.filter(({name}) => names.has(name)).length <= mostAskedForProvisioned
  const ofPublished = isFew ? null : provisionedNotRead
  return {isProvisionedRead: isFew, unasked: ({name}) => (names.has(name) ? ofPublished : noneProvisioned)}
}

function ranProvisioned({functions}: MeasuredUsage, {name}: FleetFunction): boolean {
  const calls = functions.get(name)?.provisionedCalls
  return calls !== undefined && isKnown(calls) && calls.value.values.some(count => count > 0)
}

/** Names of the functions that were changed since, those first whose memory matters most. */
function longestRunning(
  functions: readonly FleetFunction[],
  measured: MeasuredUsage,
  since: number,
): readonly string[] {
  return functions
    .filter(({lastModifiedAt}) => lastModifiedAt === null || lastModifiedAt >= since)
    .flatMap(({name, memorySizeMB}) => {
      const durations = measured.functions.get(name)?.durationMs
      const ms = durations && isKnown(durations) ? sumOf(durations.value) : 0
      return ms > 0 ? [{name, weight: ms * memorySizeMB}] : []
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, mostAskedForMemory)
    .map(({name}) => name)
}

// shared, for there may be 100,000 of them
const closedLog: Unknown = {unknown: 'unsupported-class', detail: 'Logs Insights does not read this log class'}
const noReport: Unknown = {unknown: 'missing', detail: 'no report of the last 24 hours of the window in the log'}
const notKept: Unknown = {
  unknown: 'missing',
  detail: 'the last 24 hours of the window are older than the retention of the log',
}
/** what they cost before the sample, nobody asks */
const notCalled: Unknown = {
  unknown: 'not-read',
  detail: 'not called in the last 24 hours of the window, of which inits are read',
}

type Inits = {readonly initOf: (fn: FleetFunction) => Known<InitSample>; readonly isRead: boolean}

async function sampleInits(
  aws: Aws,
  functions: readonly FleetFunction[],
  measured: MeasuredUsage,
  logGroups: Known<ReadonlyMap<string, LogGroupFacts>>,
  {window, init, leftUSD, use}: ReadRegionOptions,
  signal: AbortSignal,
): Promise<Inits> {
  const notRead = (detail: string): Inits => {
    const why = {unknown: 'not-read', detail} as const
    return {initOf: () => why, isRead: false}
  }
  if (init === false) return notRead('--no-init leaves it out')
  if (!readsInits(init, functions.length)) return notRead('of so large a fleet it is read only with --init')
  const sample = initSample(window.now)
  const exists = ({logGroup}: FleetFunction) => !isKnown(logGroups) || logGroups.value.has(logGroup)
  const isClosed = ({logGroup}: FleetFunction) =>
    isKnown(logGroups) && logGroups.value.get(logGroup)?.logClass === 'DELIVERY'
  const keptFrom = ({logGroup}: FleetFunction): number => {
    const days = isKnown(logGroups) ? (logGroups.value.get(logGroup)?.retentionInDays ?? null) : null
    return days === null ? Number.NEGATIVE_INFINITY : aws.clock.now() - days * dayMs
  }
  const isGone = (fn: FleetFunction) => sample.end <= keptFrom(fn)
  const asked = functions.filter(
    fn => wasCalledIn(measured, fn, sample) && whyHidden(fn) === null && exists(fn) && !isClosed(fn) && !isGone(fn),
  )
  const costUSD = scanCostUSD(bytesOf(asked, measured, sample))
  const limitUSD = init === true ? leftUSD : Math.min(initUnaskedUSD, leftUSD ?? initUnaskedUSD)
  if (limitUSD !== null && costUSD > limitUSD) return notRead(notReadByDefault)
  const found = await readInits(aws, asked, {sample, use}, signal)
  return {
    isRead: true,
    initOf(fn) {
      const hidden = whyHidden(fn)
      if (hidden !== null) return hidden
      if (isClosed(fn)) return closedLog
      if (!wasCalledIn(measured, fn, sample)) return notCalled
      return isGone(fn) ? notKept : (found.get(fn.name) ?? noReport)
    },
  }
}

function wasCalledIn({functions}: MeasuredUsage, {name}: FleetFunction, sample: Span): boolean {
  const calls = functions.get(name)?.calls
  return calls !== undefined && isKnown(calls) && sumIn(calls.value, sample) > 0
}

/** What their log groups took in the sample; each once. */
function bytesOf(functions: readonly FleetFunction[], {logBytes}: MeasuredUsage, sample: Span): number {
  return [...new Set(functions.map(({logGroup}) => logGroup))].reduce((sum, group) => {
    const bytes = logBytes.get(group)
    return sum + (bytes && isKnown(bytes) ? sumIn(bytes.value, sample) : 0)
  }, 0)
}
