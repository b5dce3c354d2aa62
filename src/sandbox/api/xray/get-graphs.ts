import type {
  GetServiceGraphCommandOutput,
  GetTraceGraphCommandOutput,
  Service as GraphService,
} from '@aws-sdk/client-xray'
import type {World} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {inTurns} from '../in-turns.ts'
import {pageAfter} from '../paging.ts'
import {defaultGroup} from './groups.ts'
import {invalidRequest} from './invalid-request.ts'
import {serviceGraph} from './service-graph.ts'
import {indexedTraces, storedTrace} from './stored-traces.ts'
import {type TimeWindow, timeWindow} from './time-window.ts'

type GraphRequest = {
  readonly StartTime: Date
  readonly EndTime: Date
  readonly GroupName?: string | undefined
  readonly GroupARN?: string | undefined
  readonly NextToken?: string | undefined
}
type TraceGraphRequest = {readonly TraceIds: readonly string[]; readonly NextToken?: string | undefined}

// How many services AWS puts on a page it does not say.
const pageServices = 40

/** GetServiceGraph: the services of the traces that began in a window of six hours at most. */
export async function getServiceGraph(
  input: GraphRequest,
  context: Context,
): Promise<Omit<GetServiceGraphCommandOutput, '$metadata'>> {
  const {from, to} = timeWindow(input)
  const group = defaultGroup(context)
  if ((input.GroupName ?? group.GroupName) !== group.GroupName || (input.GroupARN ?? group.GroupARN) !== group.GroupARN)
    throw invalidRequest('The group does not exist.')
  return {
    StartTime: input.StartTime,
    EndTime: input.EndTime,
    ContainsOldGroupVersions: false,
    ...pageOf(await graphOf(context, {from, to}, input.NextToken !== undefined), input.NextToken),
  }
}

const keptGraphs = 4
const graphs = new WeakMap<World, Map<string, readonly GraphService[]>>()

/** @param isFollowed a page of it was given already: that graph is taken, where it is still known */
async function graphOf(
  {world, ongoing}: Context,
  {from, to}: TimeWindow,
  isFollowed: boolean,
): Promise<readonly GraphService[]> {
  const kept = graphs.get(world) ?? new Map<string, readonly GraphService[]>()
  graphs.set(world, kept)
  const key = `${from}/${to}`
  const known = isFollowed ? kept.get(key) : undefined
  if (known) return known
  const graph = await afterOthers(world, () => serviceGraph(inTurns(indexedTraces(world, from, to), ongoing.signal)))
  kept.delete(key)
  const [oldest] = kept.keys()
  if (oldest !== undefined && kept.size >= keptGraphs) kept.delete(oldest)
  kept.set(key, graph)
  return graph
}

const lastGraphs = new WeakMap<World, Promise<unknown>>()

/** One graph after the other takes no longer than all at once, and who gives up early has some of them. */
function afterOthers<T>(world: World, make: () => Promise<T>): Promise<T> {
  const made = (lastGraphs.get(world) ?? Promise.resolve()).then(make)
  lastGraphs.set(
    world,
    made.catch(() => {}),
  )
  return made
}

/** GetTraceGraph: the services of a few traces; unknown ones are left out. */
export async function getTraceGraph(
  {TraceIds, NextToken}: TraceGraphRequest,
  {world}: Context,
): Promise<Omit<GetTraceGraphCommandOutput, '$metadata'>> {
  const found = world.traceDestination === 'XRay' ? [...new Set(TraceIds)] : []
  return pageOf(await serviceGraph(found.flatMap(id => storedTrace(world, id)?.tree ?? [])), NextToken)
}

function pageOf(services: readonly GraphService[], token: string | undefined) {
  const {items, next} = pageAfter(services, ({ReferenceId}) => String(ReferenceId), {
    size: pageServices,
    token,
    invalid: () => invalidRequest('The NextToken is invalid.'),
  })
  return {Services: [...items], ...(next !== undefined && {NextToken: next})}
}
