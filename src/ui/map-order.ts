import type {MapEdge, MapPart, MapService} from '../services/traces/service-map.ts'

export type MapOrder = {
  /** what nobody else calls; of circles that nothing leads into, one of each */
  readonly tops: readonly MapService[]
  /** calls that lead back to where the request came from: without them there are no circles */
  readonly back: ReadonlySet<MapEdge>
}

/** From where a map is followed, and which calls close circles. The services' order decides where that is open: first come, first taken. */
export function mapOrder({services, edges}: MapPart): MapOrder {
  const byId = new Map(services.map(service => [service.id, service]))
  const calls = Map.groupBy(
    edges.filter(({from, to}) => byId.has(from) && byId.has(to)),
    ({from}) => from,
  )
  const called = new Set(edges.filter(({from, to}) => from !== to).map(({to}) => to))
  const state = new Map<string, 'open' | 'done'>()
  const back = new Set<MapEdge>()
  const tops: MapService[] = []

  const follow = (top: MapService): void => {
    if (state.has(top.id)) return
    tops.push(top)
    state.set(top.id, 'open')
    const path = [{id: top.id, next: (calls.get(top.id) ?? []).values()}]
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const {value: edge} = at.next.next()
      if (edge === undefined) {
        state.set(at.id, 'done')
        path.pop()
      } else if (state.get(edge.to) === 'open') back.add(edge)
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open')
        path.push({id: edge.to, next: (calls.get(edge.to) ?? []).values()})
      }
    }
  }
  for (const service of services) if (!called.has(service.id)) follow(service)
  for (const isRoot of [true, false]) for (const service of services) if (service.isRoot === isRoot) follow(service)
  return {tops, back}
}
