import type {Edge, EdgeStatistics, Service, ServiceStatistics} from '@aws-sdk/client-xray'
import {type Histogram, histogramOf, mergedHistograms} from './histogram.ts'
import {withoutSecrets} from './redact.ts'

/** Counts and times of calls, in a form that adds up. */
export type Counted = {
  readonly calls: number
  /** throttles among them */
  readonly errors: number
  readonly throttles: number
  readonly faults: number
  readonly times: Histogram
}

export type GraphService = {
  readonly key: string
  readonly name: string
  readonly type: string | null
  readonly account: string | null
  readonly region: string
  readonly isRoot: boolean
  readonly counted: Counted | null
}

export type GraphEdge = {
  /** keys of services */
  readonly from: string
  readonly to: string
  readonly isAsync: boolean
  readonly counted: Counted | null
  readonly ages: Histogram
}

/** Services and edges by their keys. */
export type Graph = {
  readonly services: ReadonlyMap<string, GraphService>
  readonly edges: ReadonlyMap<string, GraphEdge>
  /** edges that lead to what the answer does not have */
  readonly dangling: number
}

export const emptyGraph: Graph = {services: new Map(), edges: new Map(), dangling: 0}

export const clientType = 'client'

/** What a service is called by in every answer: AWS's ReferenceId only counts within one. */
function keyOf(region: string, account: string | null, type: string | null, name: string): string {
  const words = [region, account ?? '-', type ?? '-'].map(word => word.replaceAll('/', '%2F'))
  return [...words, name].join('/')
}

export const edgeKey = ({from, to, isAsync}: Pick<GraphEdge, 'from' | 'to' | 'isAsync'>): string =>
  JSON.stringify([from, to, isAsync])

/**
 * The graph of one answer, all of its pages together: an edge may lead to a service of another page. AWS has a client for
 * each service that is called from outside; here they are one.
 */
export function graphOf(services: readonly Service[], region: string): Graph {
  const keys = new Map<number, string>()
  const found: GraphService[] = []
  for (const service of services) {
    const read = serviceOf(service, region)
    if (service.ReferenceId !== undefined) keys.set(service.ReferenceId, read.key)
    found.push(read)
  }
  const edges: GraphEdge[] = []
  let dangling = 0
  for (const [i, service] of services.entries())
    for (const edge of service.Edges ?? []) {
      const to = keys.get(edge.ReferenceId ?? Number.NaN)
      const from = found[i]?.key
      if (to === undefined || from === undefined) dangling++
      else edges.push(edgeOf(edge, from, to))
    }
  return {...added(emptyGraph, {services: found, edges}), dangling}
}

function serviceOf({Name, Names, Type, AccountId, Root, ...service}: Service, region: string): GraphService {
  const type = Type || null
  const isClient = type === clientType
  // what is called by HTTP may be named by a URL, with all that is in it
  const name = isClient
    ? clientType
    : withoutSecrets(Name || Names?.find(name => name !== '') || type || 'unknown', 'secrets')
  const account = isClient ? null : AccountId || null
  // the time to answer; what has none, as what is only ever called asynchronously, has the time that it worked
  const times = histogramOf(service.ResponseTimeHistogram)
  const counted = countedOf(service.SummaryStatistics, times.size > 0 ? times : histogramOf(service.DurationHistogram))
  return {key: keyOf(region, account, type, name), name, type, account, region, isRoot: Root === true, counted}
}

function edgeOf(edge: Edge, from: string, to: string): GraphEdge {
  return {
    from,
    to,
    isAsync: edge.EdgeType === 'link',
    counted: countedOf(edge.SummaryStatistics, histogramOf(edge.ResponseTimeHistogram)),
    ages: histogramOf(edge.ReceivedEventAgeHistogram),
  }
}

function countedOf(statistics: EdgeStatistics | ServiceStatistics | undefined, times: Histogram): Counted | null {
  if (!statistics) return null
  const {ErrorStatistics: errors, FaultStatistics: faults, OkCount, TotalCount} = statistics
  const throttles = atLeastZero(errors?.ThrottleCount)
  const counted = {
    errors: Math.max(atLeastZero(errors?.TotalCount), throttles + atLeastZero(errors?.OtherCount)),
    throttles,
    faults: Math.max(atLeastZero(faults?.TotalCount), atLeastZero(faults?.OtherCount)),
  }
  const calls = Math.max(atLeastZero(TotalCount), atLeastZero(OkCount) + counted.errors + counted.faults)
  return {calls, ...counted, times}
}

const atLeastZero = (value: number | undefined): number => (Number.isFinite(value) ? Math.max(0, value ?? 0) : 0)

/** How two views of the same service or edge become one. */
type Merge = (one: Counted, other: Counted) => Counted

/** Of different times: what was counted in both. */
export const summed: Merge = (one, other) => ({
  calls: one.calls + other.calls,
  errors: one.errors + other.errors,
  throttles: one.throttles + other.throttles,
  faults: one.faults + other.faults,
  times: mergedHistograms(one.times, other.times),
})

/** Of the same calls, seen from two sides: whoever saw more of them. */
export const larger: Merge = (one, other) => (other.calls > one.calls ? other : one)

type Parts = {readonly services: Iterable<GraphService>; readonly edges: Iterable<GraphEdge>}

function added(graph: Graph, {services, edges}: Parts, merge: Merge = summed): Graph {
  const allServices = new Map(graph.services)
  for (const service of services) {
    const known = allServices.get(service.key)
    const counted = either(known?.counted ?? null, service.counted, merge)
    allServices.set(service.key, {...service, isRoot: service.isRoot || known?.isRoot === true, counted})
  }
  const allEdges = new Map(graph.edges)
  for (const edge of edges) {
    const known = allEdges.get(edgeKey(edge))
    const ages = merge === summed ? mergedHistograms(known?.ages ?? new Map(), edge.ages) : edge.ages
    allEdges.set(edgeKey(edge), {
      ...edge,
      counted: either(known?.counted ?? null, edge.counted, merge),
      ages: ages.size > 0 ? ages : (known?.ages ?? ages),
    })
  }
  return {...graph, services: allServices, edges: allEdges}
}

function either(one: Counted | null, other: Counted | null, merge: Merge): Counted | null {
  return one && other ? merge(one, other) : (one ?? other)
}

/** Two graphs as one: {@link summed} where they are of different times, {@link larger} where of the same. */
export function mergedGraphs(one: Graph, other: Graph, merge: Merge): Graph {
  const graph = added(one, {services: other.services.values(), edges: other.edges.values()}, merge)
  return {...graph, dangling: one.dangling + other.dangling}
}

/** The same graph with some services under other keys, and what then coincides taken together as seen from two sides. */
export function renamed(graph: Graph, services: Iterable<GraphService>, keys: ReadonlyMap<string, string>): Graph {
  const keyNow = (key: string): string => keys.get(key) ?? key
  const edges = graph.edges.values().map(edge => ({...edge, from: keyNow(edge.from), to: keyNow(edge.to)}))
  return added({...emptyGraph, dangling: graph.dangling}, {services, edges}, larger)
}
