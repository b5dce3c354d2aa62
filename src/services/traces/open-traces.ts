import {ExitCode} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {totalCalls} from '../aws/total-calls.ts'
import {eachAccountOnce} from '../insights/each-account-once.ts'
import {verdictsOnNothing} from '../nothing-read.ts'
import {callerAccount} from '../targets/caller-account.ts'
import {type FoundFunction, findFunctions} from '../targets/find-functions.ts'
import {isPointed, parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {expressionOf, type TracesAsked} from './filter-expression/build.ts'
import {groupTraces, type TraceGrouping} from './group-traces.ts'
import {type IndexedPart, indexedPart} from './indexed-part.ts'
import {estimateScan, scanCostUSD} from './scan-cost.ts'
import {openTraceScan, type RegionScan} from './trace-scan.ts'
import type {ListedTrace} from './trace-summary.ts'
import {keptPart, type TraceWindow, traceWindows} from './trace-windows.ts'
import {tracesNotes} from './traces-notes.ts'
import type {OpenedTraces, TracesReport} from './traces-report.ts'
import {unknownServices} from './unknown-services.ts'

export type OpenTracesOptions = TraceWindow &
  Omit<TracesAsked, 'functions'> & {
    readonly now: number
    /** the newest so many */
    readonly limit: number
    /** null: they are listed one by one */
    readonly by: TraceGrouping | null
  }

/**
 * Makes ready to list traces. Of a window so wide that X-Ray answers it in parts, the first pages are read, for an estimate.
 * @param words the functions that a trace must go through, any of them; all traces where there are none
 * @throws UserError as parseSelection and findFunctions do, and as reading does
 */
export async function openTraces(
  given: readonly Aws[],
  words: SelectionWords,
  options: OpenTracesOptions,
  signal: AbortSignal,
): Promise<OpenedTraces> {
  const {start, end, now, limit, by} = options
  const selection = parseSelection(words)
  const {all, scopes} = await eachAccountOnce(given, signal)
  const asked = isPointed(selection) ? await findFunctions(all, selection, signal) : null
  const kept = keptPart({start, end}, now)
  const windows = kept === null ? [] : traceWindows(kept)
  const regions = all.flatMap(aws => regionScan(aws, asked?.functions ?? null, options))
  const scan = openTraceScan({regions, windows, limit, isFiltered: options.filter !== null}, signal)
  // of several profiles, AWS has been asked already
  const accounts = new Map(scopes.map(({profile, account}) => [profile, account]))
  const indexedOnly: IndexedPart[] = []
  let report: TracesReport | null = null
  const wide = windows.length > 1
  const ahead = wide ? await scan.lookAhead() : []
  const windowMs = kept === null ? 0 : kept.end - kept.start
  const startedAt = all[0]?.clock.now() ?? now
  const gaps = () => [...(asked?.gaps ?? []), ...scan.gaps()]
  const expressions = new Set(regions.map(({expression}) => expression))

  return {
    get scopes() {
      return scopes.map(withAccount)
    },
    notices: asked?.notices ?? [],
    functions: asked && regions.reduce((sum, {functions}) => sum + functions, 0),
    expression: expressions.size === 1 ? ([...expressions][0] ?? null) : null,
    estimate: wide
      ? estimateScan(
          ahead.map(region => ({...region, windowMs})),
          by === null ? limit : null,
        )
      : null,
    progress: {
      get scanned() {
        return scan.progress.scanned
      },
      get matched() {
        return scan.progress.matched
      },
      get share() {
        return scan.progress.share
      },
      startedAt,
    },
    read,
    verdicts: () => {
      const missing = gaps()
      return [
        ...(missing.length > 0 ? [ExitCode.partial] : []),
        ...verdictsOnNothing(missing, scan.complete() + scan.progress.pages),
      ]
    },
    receipt(finishedAt) {
      if (report === null) return null
      const {pages, emptyPages, scanned, matched} = scan.progress
      return {
        complete: gaps().length === 0,
        window: {start, end},
        sources: {total: regions.length, complete: scan.complete(), empty: 0},
        events: scanned,
        shown: report.traces.length,
        pages,
        emptyPages,
        ...totalCalls(given),
        lateEvents: 0,
        gaps: gaps(),
        notes: report.notes,
        durationMs: finishedAt - now,
        traces: {scanned, matched, costUSD: scanCostUSD(scanned), since: report.since},
      }
    },
  }

  async function read(mostUSD: number | null): Promise<TracesReport> {
    try {
      await Promise.all([
        scan.run(mostUSD),
        ...regions.map(({aws}) => lookAtDestination(aws)),
        ...Array.from(Map.groupBy(regions, ({aws}) => aws.scope.profile).values(), lookUpAccount),
      ])
    } catch (error) {
      // what was found until somebody stopped it is shown
      if (!signal.aborted) throw error
    }
    const found = reportNow()
    const unknown = found.traces.length === 0 && found.coverage.gaps.length === 0 ? await misnamed() : []
    report = {...found, notes: [...unknown, ...found.notes]}
    return report
  }

  /** Of a filter that nothing matches, names that nothing has. */
  async function misnamed(): Promise<readonly string[]> {
    if (options.filter === null || signal.aborted) return []
    return unknownServices(all, windows, options.filter, signal)
  }

  async function lookAtDestination(aws: Aws): Promise<void> {
    const part = await indexedPart(aws, signal)
    if (part !== null) indexedOnly.push(part)
  }

  /** One profile sees one account, whatever the region. */
  async function lookUpAccount([first]: readonly RegionScan[]): Promise<void> {
    if (first) accounts.set(first.aws.scope.profile, accountOf(first.aws) ?? (await callerAccount(first.aws, signal)))
  }

  function accountOf({scope}: Pick<Aws, 'scope'>): string | null {
    return scope.account ?? accounts.get(scope.profile) ?? null
  }

  function reportNow(): TracesReport {
    const traces = scan.traces(accountOf)
    const {scanned, matched} = scan.progress
    return {
      coverage: {window: {start, end}, scopes: scopes.map(withAccount), gaps: gaps()},
      traces,
      hasMore: scan.hasMore(),
      since: scan.hasMore() ? oldestStart(traces) : null,
      groups: by === null ? null : {by, groups: groupTraces(traces, by)},
      scanned,
      matched,
      costUSD: scanCostUSD(scanned),
      notes: tracesNotes({
        shown: traces.length,
        hasMore: scan.hasMore(),
        isComplete: gaps().length === 0,
        scanned,
        isNarrowed: regions.some(({expression}) => expression !== null) || asked !== null,
        isCut: kept === null || kept.start > start,
        isGone: kept === null,
        end,
        now,
        indexedOnly,
        isIndexedOnly: indexedOnly.length > 0 && indexedOnly.length === regions.length,
        functions: asked?.functions ?? null,
      }),
    }
  }

  function withAccount(scope: Scope): Scope {
    return {...scope, account: accountOf({scope})}
  }
}

function oldestStart(traces: readonly ListedTrace[]): number | null {
  const starts = traces.flatMap(({start}) => start ?? [])
  return starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b))
}

/** What is looked for in a region; nothing where none of the functions is there. */
function regionScan(
  aws: Aws,
  functions: readonly FoundFunction[] | null,
  {errors, slowMs, filter}: OpenTracesOptions,
): readonly (RegionScan & {readonly functions: number})[] {
  if (functions === null)
    return [
      {aws, functions: 0, expression: expressionOf({functions: null, errors, slowMs, filter}), isWanted: () => true},
    ]
  const names = new Set(functions.filter(found => found.aws === aws).map(({found}) => found.name))
  if (names.size === 0) return []
  return [
    {
      aws,
      functions: names.size,
      expression: expressionOf({functions: [...names], errors, slowMs, filter}),
      isWanted: ({services}: ListedTrace) =>
        services.length === 0 || services.some(({name, type}) => names.has(name) && isLambda(type)),
    },
  ]
}

/** X-Ray was asked by name, and tables and topics may have the same. */
const isLambda = (type: string | null): boolean => type === null || type.startsWith('AWS::Lambda')
