import {measurements, quantileMs} from './histogram.ts'
import {type Counted, clientType, type Graph, type GraphEdge, type GraphService} from './service-graph.ts'
import {type CallStats, functionNameOf, type MapEdge, type MapPart, type MapService, withHealth} from './service-map.ts'
import {serviceName} from './service-name.ts'

/** The time that a region's calls were counted over, in ms. */
type OverMs = (region: string) => number

/** A graph as it is shown: counts as rates' parts, histograms as quantiles. In an order that the same graph always has. */
export function mapOfGraph(graph: Graph, overMs: OverMs): MapPart {
  const services = [...graph.services.values()].map(service => mapService(service, overMs)).sort(byPlaceAndCalls)
  const order = new Map(services.map(({id}, i) => [id, i]))
  const at = (id: string): number => order.get(id) ?? 0
  const edges = [...graph.edges.values()]
    .map(edge => mapEdge(edge, overMs(graph.services.get(edge.from)?.region ?? '')))
    .sort((a, b) => at(a.from) - at(b.from) || at(a.to) - at(b.to) || Number(a.isAsync) - Number(b.isAsync))
  return {services, edges}
}

function mapService(service: GraphService, overMs: OverMs): MapService {
  const {key: id, name, type, account, region, isRoot, counted} = service
  return {
    id,
    name,
    shownName: serviceName(service),
    type,
    functionName: functionNameOf(service),
    account,
    region,
    isClient: type === clientType,
    isRoot,
    stats: counted && statsOf(counted, overMs(region)),
  }
}

function mapEdge({from, to, isAsync, counted, ages}: GraphEdge, overMs: number): MapEdge {
  // a link may come without counts, but each event that was received has an age
  const received = measurements(ages)
  const events = {calls: received, overMs, errors: 0, throttles: 0, faults: 0, p50Ms: null, p95Ms: null}
  return {
    from,
    to,
    isAsync,
    stats: counted ? statsOf(counted, overMs) : received > 0 ? withHealth(events) : null,
    ageP50Ms: quantileMs(ages, 0.5),
    ageP95Ms: quantileMs(ages, 0.95),
  }
}

function statsOf({calls, errors, throttles, faults, times}: Counted, overMs: number): CallStats {
  const [p50Ms, p95Ms] = [quantileMs(times, 0.5), quantileMs(times, 0.95)]
  return withHealth({calls, overMs, errors, throttles, faults, p50Ms, p95Ms})
}

function byPlaceAndCalls(a: MapService, b: MapService): number {
  return compare(a.region, b.region) || (b.stats?.calls ?? 0) - (a.stats?.calls ?? 0) || compare(a.id, b.id)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
