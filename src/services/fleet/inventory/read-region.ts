import {isKnown, type Known, orNull, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {InsightsUse} from '../../insights/insights-use.ts'
import {stackTag} from '../facts/tags.ts'
import type {Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {askFunctions} from './ask-functions.ts'
import type {DeadLetters} from './dead-letters.ts'
import {headroomOf} from './headroom.ts'
import type {InventoryFunction, Measures, RegionConcurrency} from './inventory.ts'
import type {RegionProgress} from './inventory-progress.ts'
import type {MemorySource} from './memory-sources.ts'
import {oldestLetters} from './oldest-letters.ts'
import {readConcurrency} from './read-concurrency.ts'
import {
  type InvocationMetrics,
  type ListedMetrics,
  type ReadMetricsOptions,
  readInvocationMetrics,
} from './read-invocation-metrics.ts'
import {type MemoryUse, type ReadMemoryOptions, readMemory, whyNoReports} from './read-memory.ts'
import {lifecycleOf} from './runtime-lifecycle.ts'
import type {RuntimeTable} from './runtime-table.ts'
import {type Measured, whoIsAsked} from './who-is-asked.ts'

export type RegionToRead = {
  readonly aws: Aws
  readonly facts: Facts
  readonly account: string | null
  /** each once */
  readonly functions: readonly FleetFunction[]
  readonly listed: ListedMetrics
  /** null: memory is left out, and why */
  readonly memory: readonly MemorySource[] | Unknown
}

export type ReadRegionOptions = Pick<ReadMetricsOptions, 'periodSeconds' | 'asked' | 'cache'> & {
  readonly window: {readonly start: number; readonly end: number}
  readonly memoryWindow: {readonly start: number; readonly end: number}
  readonly now: number
  readonly runtimes: RuntimeTable
  readonly mostUSD: number | null
  readonly use: InsightsUse
  readonly onNotice: (notice: string) => void
  readonly onProgress: (progress: RegionProgress) => void
}

export type RegionInventory = {
  readonly functions: readonly InventoryFunction[]
  readonly concurrency: RegionConcurrency
}

/** Reads the inventory of a region: what a few calls tell of all, then the metrics, then what the metrics give cause to ask. */
export async function readRegion(
  {aws, facts, account, functions, listed, memory}: RegionToRead,
  options: ReadRegionOptions,
  signal: AbortSignal,
): Promise<RegionInventory> {
  const {window, now, runtimes, onProgress} = options
  const onRead = (done: number, total: number): void => onProgress({stage: 'metrics', done, total})
  const [measured, tags, eventSources, concurrency] = await Promise.all([
    readInvocationMetrics(aws, functions, window, {...options, listed, onRead}, signal).then(metrics =>
      functions.map((fn, i): Measured => ({fn, metrics: metrics[i] ?? notMeasured})),
    ),
    facts.tags(),
    facts.eventSources(),
    readConcurrency(aws, facts, window, account, signal),
  ])
  const who = whoIsAsked(measured)
  let searched: Omit<RegionProgress, 'stage'> | null = null
  let isAsking = true
  const tellSearched = (): void => {
    if (!isAsking && searched !== null) onProgress({stage: 'groups', ...searched})
  }
  const onAsked = (done: number, total: number): void => {
    isAsking = done < total
    onProgress({stage: 'functions', done, total})
    tellSearched()
  }
  const onSearched = (done: number, total: number): void => {
    searched = {done, total}
    tellSearched()
  }
  const [usedOf, asked] = await Promise.all([
    memoryOf(measured, memory, {...options, onSearched}, signal),
    askFunctions(measured, {facts, who, eventSources, onAsked}),
  ])
  const withLetters = Array.from(asked.values()).flatMap(({dead}) => (hasLetters(dead) ? dead.queues : []))
  const ages = await oldestLetters(aws, [...new Set(withLetters)], options, signal)
  const lifecycles = new Map(
    Array.from(new Set(functions.map(({runtime}) => runtime)), runtime => [
      runtime,
      lifecycleOf(runtime, runtimes, now),
    ]),
  )
  const tagsOf = taggedBy(tags)
  const inventory: InventoryFunction[] = []
  // from the end: what a function was measured by is let go of with it, of 100,000 there is no room for both
  for (let one = measured.pop(); one; one = measured.pop()) inventory.push(told(one))
  return {concurrency, functions: inventory.reverse()}

  function told({fn, metrics: {isFallingBehind, lastRanAt: _, ...own}}: Measured): InventoryFunction {
    const {reserved = notRead, dead = {waiting: notRead, queues: noQueues}} = asked.get(fn) ?? {}
    const measures: Measures = {
      ...own,
      reservedConcurrency: reserved,
      deadLettersWaiting: dead.waiting,
      oldestDeadLetterAgeMs: oldestOf(dead, ages),
      ...usedOf(fn),
      ...tagsOf(fn),
    }
    const lifecycle = lifecycles.get(fn.runtime) ?? lifecycleOf(fn.runtime, runtimes, now)
    return {
      fn,
      lifecycle,
      measures,
      headroom: headroomOf(fn, measures),
      deadLetterQueues: dead.queues,
      isFallingBehind,
    }
  }
}

const hasLetters = ({waiting}: DeadLetters): boolean => (orNull(waiting) ?? 0) > 0

/** Of the queues of a function, the highest that is known; where none is, why. */
function oldestOf(dead: DeadLetters, ages: ReadonlyMap<string, Known<number | null>>): Known<number | null> {
  if (!isKnown(dead.waiting)) return dead.waiting
  if (!hasLetters(dead)) return noLetter
  const each = dead.queues.map(arn => ages.get(arn) ?? noLetter)
  const told = each.flatMap(known => orNull(known) ?? [])
  if (told.length > 0) return {value: told.reduce((a, b) => Math.max(a, b))}
  return each.find(known => !isKnown(known)) ?? noLetter
}

const noLetter: Known<null> = {value: null}

type Tags = Readonly<Record<string, string>>

/** Tags of functions and the stack they tell of; functions whose tags are one object share what is told. */
function taggedBy(tags: Known<ReadonlyMap<string, Tags>>): (fn: FleetFunction) => Pick<Measures, 'tags' | 'stack'> {
  if (!isKnown(tags)) return () => ({tags, stack: tags})
  const told = new Map<Tags, Pick<Measures, 'tags' | 'stack'>>()
  return ({name}) => {
    const own = tags.value.get(name) ?? noTags
    const known = told.get(own) ?? {tags: {value: own}, stack: {value: own[stackTag] ?? null}}
    told.set(own, known)
    return known
  }
}

const noQueues: readonly string[] = []
const noTags: Tags = {}
const notRead: Unknown = {unknown: 'not-read', detail: ''}
const lost: Unknown = {unknown: 'failed', detail: 'it was not answered'}
const notMeasured: InvocationMetrics = {
  invocations: lost,
  errors: lost,
  throttles: lost,
  averageDurationMs: lost,
  maxDurationMs: lost,
  maxConcurrency: lost,
  asyncEventsReceived: lost,
  asyncEventsDropped: lost,
  deadLetterErrors: lost,
  iteratorAgeMs: lost,
  isFallingBehind: false,
  lastRanAt: null,
}

/** What did not run has used nothing, and its log group need not be read; one that never ran has none. */
async function memoryOf(
  measured: readonly Measured[],
  memory: RegionToRead['memory'],
  {memoryWindow, ...options}: ReadRegionOptions & Pick<ReadMemoryOptions, 'onSearched'>,
  signal: AbortSignal,
): Promise<(fn: FleetFunction) => MemoryUse> {
  if ('unknown' in memory) {
    const leftOut: MemoryUse = {memoryUsedMB: memory, timeouts: memory}
    return () => leftOut
  }
  const nothing: MemoryUse = {memoryUsedMB: {value: null}, timeouts: {value: null}}
  const known = new Map<FleetFunction, MemoryUse>()
  const sources = new Map(memory.flatMap(each => each.functions.map(fn => [fn, each] as const)))
  for (const {fn, metrics} of measured) {
    const source = sources.get(fn)
    const why = source ? whyNoReports(fn, source) : notRead
    const hasNoLog = source?.isMissing === true && !isKnown(metrics.invocations)
    if (orNull(metrics.invocations) === 0 || hasNoLog) known.set(fn, nothing)
    else if (why !== null) known.set(fn, {memoryUsedMB: why, timeouts: why})
  }
  const toRead = memory.filter(({functions}) => functions.some(fn => !known.has(fn)))
  const read = await readMemory(toRead, {...memoryWindow, ...options}, signal)
  const ran = new Map(measured.map(({fn, metrics}) => [fn, metrics.lastRanAt] as const))
  for (const [fn, {memoryUsedMB}] of read)
    if (isKnown(memoryUsedMB) && memoryUsedMB.value === null && isWithin(ran.get(fn) ?? null, memoryWindow))
      known.set(fn, {memoryUsedMB: noReport, timeouts: noReport})
  const unread: MemoryUse = {memoryUsedMB: notRead, timeouts: notRead}
  return fn => known.get(fn) ?? read.get(fn) ?? unread
}

const noReport: Unknown = {unknown: 'missing', detail: 'it ran, and wrote no report that could be found'}
/** a report is there seconds after its invocation */
const reportedAfterMs = 10 * 60_000

const isWithin = (at: number | null, {start, end}: ReadRegionOptions['window']): boolean =>
  at !== null && at >= start && at <= end - reportedAfterMs
