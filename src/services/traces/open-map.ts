import {ExitCode} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {totalCalls} from '../aws/total-calls.ts'
import {eachAccountOnce} from '../insights/each-account-once.ts'
import type {Gap, Receipt} from '../receipt.ts'
import {type FoundFunction, findFunctions} from '../targets/find-functions.ts'
import {regionGap, regionLabel} from '../targets/in-each-region.ts'
import {isPointed, parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {findFailures} from './find-failures.ts'
import {foldFunctions} from './fold-functions.ts'
import {indexedPart} from './indexed-part.ts'
import {mapNotes} from './map-notes.ts'
import {mapOfGraph} from './map-of-graph.ts'
import {type GraphProgress, type RegionGraph, readGraph} from './read-graph.ts'
import {connectedWith, unhealthyServices, within} from './select-services.ts'
import {emptyGraph, larger, mergedGraphs} from './service-graph.ts'
import type {Failure, MapService, ServiceMap} from './service-map.ts'
import {keptPart, type TraceWindow, traceWindows} from './trace-windows.ts'

export type OpenMapOptions = TraceWindow & {
  readonly now: number
  /** only what fails or strains, and the ways to it */
  readonly isUnhealthyOnly: boolean
}

/** A service map that is about to be read. */
export type OpenedMap = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  /** GetServiceGraph calls that it takes at least: one for each part of the window in each region */
  readonly leastCalls: number
  readonly progress: Readonly<GraphProgress>
  /**
   * The map; on abort, as far as it got.
   * @throws UserError where no region could be read (exit 4 with the permission, where that is missing)
   */
  read(): Promise<ServiceMap>
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number, signal: AbortSignal): Receipt | null
  verdicts(): readonly ExitCode[]
}

/**
 * Makes ready to read the service map: what X-Ray knows of who called whom, in one region or several.
 * @param words the functions it is to be about, and all that is connected with them; the whole map where there are none
 * @throws UserError as parseSelection and findFunctions do
 */
export async function openMap(
  given: readonly Aws[],
  words: SelectionWords,
  {start, end, now, isUnhealthyOnly}: OpenMapOptions,
  signal: AbortSignal,
): Promise<OpenedMap> {
  const selection = parseSelection(words)
  const {all, scopes} = await eachAccountOnce(given, signal)
  const asked = isPointed(selection) ? await findFunctions(all, selection, signal) : null
  const kept = keptPart({start, end}, now)
  const windows = kept === null ? [] : traceWindows(kept)
  const progress: GraphProgress = {done: 0, failed: 0, pages: 0, empty: 0}
  const gaps: Gap[] = [...(asked?.gaps ?? [])]
  const total = windows.length * all.length
  let found: ServiceMap | null = null

  return {
    get scopes() {
      return found?.coverage.scopes ?? scopes
    },
    notices: asked?.notices ?? [],
    leastCalls: total,
    progress,
    read,
    verdicts: () => (gaps.length > 0 ? [ExitCode.partial] : []),
    receipt(finishedAt, {aborted}) {
      if (found === null && !aborted) return null
      const unread = total - progress.done
      const interrupted: readonly Gap[] =
        found === null && aborted && unread > 0 && scopes[0]
          ? [{what: partsText(unread, total), account: null, region: scopes[0].region, reason: 'interrupted'}]
          : []
      return {
        complete: gaps.length + interrupted.length === 0,
        window: {start, end},
        sources: {total, complete: progress.done - progress.failed, empty: progress.empty},
        events: found?.services.length ?? 0,
        shown: found?.services.length ?? 0,
        pages: progress.pages,
        emptyPages: progress.empty,
        ...totalCalls(given),
        lateEvents: 0,
        gaps: [...gaps, ...interrupted],
        notes: found?.notes ?? [],
        durationMs: finishedAt - now,
      }
    },
  }

  async function read(): Promise<ServiceMap> {
    const regions = await Promise.all(
      all.map(async aws => {
        const [region, indexed] = await Promise.all([
          readGraph(aws, windows, progress, signal),
          // what was read until somebody stopped it is shown
          indexedPart(aws, signal).catch(error => {
            if (!signal.aborted) throw error
            return null
          }),
        ])
        return {...region, indexed}
      }),
    )
    if (windows.length > 0 && !signal.aborted && regions.every(({failed}) => failed === windows.length))
      throw regions[0]?.failure
    gaps.push(...regions.flatMap(region => gapOf(region)))
    // what several accounts see of one region are the same calls
    const graph = foldFunctions(regions.reduce((merged, {graph}) => mergedGraphs(merged, graph, larger), emptyGraph))
    const readMs = (region: string): number =>
      Math.max(0, ...regions.filter(({aws}) => aws.scope.region === region).map(({readMs}) => readMs))
    const whole = mapOfGraph(graph, readMs)
    const wanted = asked && whatIsAsked(asked.functions)
    const connected = wanted === null ? whole : connectedWith(whole, wanted)
    const unhealthy = unhealthyServices(connected)
    const part = isUnhealthyOnly ? within(connected, id => unhealthy.has(id)) : connected
    const {begun, elsewhere} = failuresOn(part.services, findFailures(whole))
    found = {
      coverage: {window: {start, end}, scopes: withAccounts(scopes, whole.services), gaps},
      ...part,
      unhealthy,
      failures: begun,
      notes: mapNotes({
        indexed: regions.flatMap(({indexed}) => indexed ?? []),
        dangling: graph.dangling,
        isCut: kept === null || kept.start > start,
        end,
        now,
        elsewhere,
        isInterrupted: signal.aborted,
        services: {whole: whole.services, connected: connected.services.length, shown: part.services.length},
        functions: asked?.functions ?? null,
      }),
    }
    return found
  }
}

/** The failures that begin in these services, and which of these fail by none of them. */
function failuresOn(
  services: readonly MapService[],
  failures: readonly Failure[],
): {readonly begun: readonly Failure[]; readonly elsewhere: readonly MapService[]} {
  const shown = new Set(services.map(({id}) => id))
  const [begun, others] = [true, false].map(isShown =>
    failures.filter(({service}) => shown.has(service.id) === isShown),
  )
  const told = new Set(begun?.flatMap(({service, feltBy}) => [service, ...feltBy].map(({id}) => id)))
  const felt = (others ?? []).flatMap(({feltBy}) =>
    feltBy.filter(({id, stats}) => shown.has(id) && !told.has(id) && stats?.health === 'failing'),
  )
  return {begun: begun ?? [], elsewhere: [...new Map(felt.map(service => [service.id, service])).values()]}
}

function whatIsAsked(functions: readonly FoundFunction[]): (service: MapService) => boolean {
  const key = (region: string, account: string | null, name: string): string => JSON.stringify([region, account, name])
  const wanted = new Set(functions.map(({aws, account, found}) => key(aws.scope.region, account, found.name)))
  return ({region, account, functionName: name}) =>
    // AWS does not always say whose a service is
    name !== null && (account === null ? isNamed(name, region) : wanted.has(key(region, account, name)))

  function isNamed(name: string, region: string): boolean {
    return functions.some(({aws, found}) => found.name === name && aws.scope.region === region)
  }
}

/** Where all of a region's services are of one account, that is whose map it is; and one profile sees one account. */
function withAccounts(scopes: readonly Scope[], services: readonly MapService[]): readonly Scope[] {
  const accountIn = (wanted: string): string | null => {
    const accounts = new Set(
      services.flatMap(({region, account}) => (region === wanted && account !== null ? [account] : [])),
    )
    const [only = null] = accounts
    return accounts.size === 1 ? only : null
  }
  const known = scopes.map(scope => ({...scope, account: scope.account ?? accountIn(scope.region)}))
  return known.map(scope => ({
    ...scope,
    account:
      scope.account ??
      known.find(({profile, account}) => profile === scope.profile && account !== null)?.account ??
      null,
  }))
}

const partsText = (some: number, all: number): string => `${some} of ${all} parts of the window`

function gapOf({aws, failed, windows, failure, interrupted}: RegionGraph): readonly Gap[] {
  const {account, region} = aws.scope
  const inRegion = (some: number): string =>
    `${some === windows ? 'everything' : partsText(some, windows)} in ${regionLabel(aws)}`
  const gap = failed === 0 ? null : regionGap(aws, failure)
  return [
    ...(gap === null ? [] : [{...gap, what: inRegion(failed)}]),
    ...(interrupted === 0 ? [] : [{what: inRegion(interrupted), account, region, reason: 'interrupted' as const}]),
  ]
}
