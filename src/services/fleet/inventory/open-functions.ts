import {ExitCode} from '../../../errors.ts'
import type {Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {costToAllow, estimateInsights} from '../../insights/estimate.ts'
import {createUse} from '../../insights/insights-use.ts'
import {querySlots} from '../../insights/query-slots.ts'
import {verdictsOnNothing} from '../../nothing-read.ts'
import {metricUSD} from '../../pricing.ts'
import {distinctGaps} from '../../receipt.ts'
import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {openFacts} from '../facts.ts'
import {type ReadFleetOptions, readFleet} from '../fleet.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {fleetReceipt} from '../fleet-receipt.ts'
import {measuredWindow} from '../metric-period.ts'
import {planScan, rateOf} from '../scan-plan.ts'
import {wholeFunctions} from '../whole-functions.ts'
import {type Sorting, sortFunctions, troubleFirst} from './fields.ts'
import {findingsIn} from './findings.ts'
import {functionsNotes} from './functions-notes.ts'
import type {FunctionsReport, OpenedFunctions} from './functions-report.ts'
import {type FunctionGrouping, groupFunctions, totalsOf} from './group-functions.ts'
import {inventoryGaps, isWhollyKnown} from './inventory-gaps.ts'
import {inventorySteps, listingSteps, memoryAtMost, queriesOf} from './inventory-plan.ts'
import {inventoryProgress} from './inventory-progress.ts'
import {memorySources} from './memory-sources.ts'
import {
  isListedFirst,
  type ListedMetrics,
  listReported,
  type MetricCount,
  periodFor,
} from './read-invocation-metrics.ts'
import {whyNoReports} from './read-memory.ts'
import {type RegionInventory, readRegion} from './read-region.ts'
import {staleTableNotice} from './runtime-lifecycle.ts'
import type {RuntimeTable} from './runtime-table.ts'
import {type InventorySelection, isShown, wantedOf} from './select-inventory.ts'

export type OpenFunctionsOptions = InventorySelection & {
  /** epoch ms */
  readonly start: number
  readonly end: number
  readonly now: number
  readonly runtimes: RuntimeTable
  readonly listing: ReadFleetOptions
  /** null: trouble first */
  readonly sorting: Sorting | null
  readonly by: FunctionGrouping | null
  /** null: of a fleet that is not too large */
  readonly memory: boolean | null
  readonly onNotice: (notice: string) => void
}

const dayMs = 86_400_000
const notListed: ListedMetrics = new Map()

/**
 * Lists the functions of an inventory, and plans what is to be asked of them.
 * @throws UserError as parseSelection and readFleet do
 */
export async function openFunctions(
  given: readonly Aws[],
  words: SelectionWords,
  options: OpenFunctionsOptions,
  signal: AbortSignal,
): Promise<OpenedFunctions> {
  const {start, end, now, runtimes, listing, onNotice} = options
  const {cache} = listing
  const fleet = await readFleet(given, parseSelection(words), listing, signal)
  const functions = wantedOf(wholeFunctions(fleet.functions), options)
  const byAws = Map.groupBy(functions, ({aws}) => aws)
  const periodSeconds = periodFor({start, end}, functions.length)
  const window = measuredWindow({start, end}, periodSeconds, now)
  const memoryWindow = {start: Math.max(window.start, window.end - dayMs), end: window.end}
  const leftOut = whyLeftOut(options.memory, functions.length)
  const facts = new Map(Array.from(byAws.keys(), aws => [aws, openFacts(aws, cache, signal)] as const))
  const sources =
    leftOut === null
      ? await Promise.all(Array.from(facts, ([aws, own]) => memorySources(own, byAws.get(aws) ?? [])))
      : []
  const searchable = sources.flat().filter(source => source.functions.some(fn => whyNoReports(fn, source) === null))
  const [first] = given
  const memory =
    leftOut === null && first
      ? estimateInsights({
          groups: searchable.map(({size}) => size),
          window: memoryWindow,
          now,
          queries: queriesOf(searchable.length),
          concurrency: querySlots(first).capacity,
        })
      : null
  const memoryUSD = memory === null ? 0 : costToAllow(memory, memoryWindow, searchable.length)
  const toList = [...byAws].flatMap(([aws, own]) => listingSteps({aws, functions: own.length, window, now}))
  if (toList.length > 0) listing.onLongListing?.(planScan(toList, rateOf(given)))
  const listed = new Map<Aws, ListedMetrics>()
  await Promise.all(
    Array.from(byAws, async ([aws, own]) => {
      if (isListedFirst(own.length, window, now)) listed.set(aws, await listReported(aws, own, signal))
    }),
  )
  const plan = planScan(
    [...byAws].flatMap(([aws, own]) =>
      inventorySteps({
        aws,
        functions: own.length,
        window,
        periodSeconds,
        now,
        readsMemory: leftOut === null,
        listed: listed.get(aws) ?? notListed,
        memoryUSD: memoryUSD === null ? 0 : memoryUSD / byAws.size,
      }),
    ),
    rateOf(given),
  )
  const use = createUse()
  const asked: MetricCount = {metrics: 0}
  const progress = inventoryProgress(() => first?.clock.now() ?? now)
  const stale = staleTableNotice(runtimes, now)
  let inventories: readonly RegionInventory[] = []
  let report: FunctionsReport | null = null

  return {
    scopes: fleet.scopes,
    notices: [
      ...fleet.notices,
      ...(fleet.functions.some(({version}) => version !== null) ? [wholeOnly] : []),
      ...(stale === null ? [] : [stale]),
    ],
    window,
    functions: functions.length,
    plan,
    memory,
    costToAllow: memoryUSD === null ? null : plan.costUSD,
    get progress() {
      return progress.current
    },
    read,
    verdicts() {
      const gaps = report?.coverage.gaps ?? fleet.gaps
      return [...(gaps.length > 0 ? [ExitCode.partial] : []), ...verdictsOnNothing(fleet.gaps, fleet.functions.length)]
    },
    receipt(finishedAt) {
      if (report === null) return null
      const {coverage, known, notes, functions: shown} = report
      return fleetReceipt(given, {coverage, known, notes, shown: shown.length, durationMs: finishedAt - now, use})
    },
  }

  async function read(mostUSD: number | null): Promise<FunctionsReport> {
    inventories = await Promise.all(
      Array.from(facts, ([aws, told], i) =>
        readRegion(
          {
            aws,
            facts: told,
            account: accountIn(fleet.scopes, aws, byAws.get(aws) ?? []),
            functions: byAws.get(aws) ?? [],
            listed: listed.get(aws) ?? notListed,
            memory: leftOut ?? sources[i] ?? [],
          },
          {
            window,
            periodSeconds,
            memoryWindow,
            now,
            runtimes,
            mostUSD: mostUSD === null ? null : Math.max(0, mostUSD - (plan.costUSD - (memoryUSD ?? 0))),
            use,
            asked,
            cache,
            onNotice,
            onProgress: progress.ofRegion(),
          },
          signal,
        ),
      ),
    )
    await cache?.flush()
    report = reportOf(inventories)
    return report
  }

  function reportOf(read: readonly RegionInventory[]): FunctionsReport {
    const all = read.flatMap(region => region.functions)
    const concurrency = read.map(region => region.concurrency)
    const known = {functions: all.length, known: all.filter(isWhollyKnown).length}
    const gaps = distinctGaps([...fleet.gaps, ...inventoryGaps(all, concurrency)])
    const {by, sorting} = options
    const chosen = all.filter(one => isShown(one, options))
    const shown = sorting === null ? troubleFirst(chosen) : sortFunctions(chosen, sorting)
    return {
      coverage: {window, scopes: fleet.scopes, gaps},
      asked: {start: Math.max(start, window.start), end},
      askedAt: now,
      known,
      functions: shown,
      groups: by === null ? null : {by, groups: groupFunctions(shown, by, sorting ?? undefined)},
      totals: totalsOf(shown),
      concurrency,
      findings: findingsIn(shown, concurrency),
      runtimes: {asOf: runtimes.asOf, origin: runtimes.origin},
      memoryWindow: leftOut === null ? memoryWindow : null,
      costUSD: asked.metrics * metricUSD + use.costUSD,
      notes: functionsNotes({
        all,
        isToldEmpty: fleet.notices.length > 0,
        shown,
        leftOut,
        asked: {start, end},
        window,
        memoryWindow,
        now,
        runtimes,
        gaps,
      }),
    }
  }
}

const wholeOnly =
  'a version or an alias was named: the numbers are those of the whole function, all of its versions and aliases'

function whyLeftOut(memory: boolean | null, functions: number): Unknown | null {
  if (memory === false) return {unknown: 'not-read', detail: 'left out by --no-memory'}
  if (memory === null && functions > memoryAtMost)
    return {unknown: 'not-read', detail: `of more than ${memoryAtMost} functions only with --memory`}
  return null
}

function accountIn(scopes: readonly Scope[], {scope}: Aws, functions: readonly FleetFunction[]): string | null {
  const told = scopes.find(({region, profile}) => region === scope.region && profile === scope.profile)
  return functions[0]?.account ?? told?.account ?? null
}
