import type {CallStats, MapEdge, MapPart, MapService} from './service-map.ts'

/**
 * The services of some, and of all that leads to them or that they lead to, however far: whoever looks at one service wants to
 * know who feels its failures, and where they come from. What else those others call is left out.
 */
export function connectedWith({services, edges}: MapPart, wanted: (service: MapService) => boolean): MapPart {
  const seeds = services.filter(wanted).map(({id}) => id)
  const below = reached(
    seeds,
    edges,
    ({from}) => from,
    ({to}) => to,
  )
  const above = reached(
    seeds,
    edges,
    ({to}) => to,
    ({from}) => from,
  )
  return within({services, edges}, id => below.has(id) || above.has(id))
}

/** The ids of the services that fail or strain, by what they or those who call them have seen, and of those on the ways from where requests enter. */
export function unhealthyServices({services, edges}: MapPart): ReadonlySet<string> {
  const ill = new Set([
    ...services.filter(({stats}) => isIll(stats)).map(({id}) => id),
    ...edges.filter(({stats}) => isIll(stats)).map(({to}) => to),
  ])
  return reached(
    [...ill],
    edges,
    ({to}) => to,
    ({from}) => from,
  )
}

const isIll = (stats: CallStats | null): boolean => stats !== null && stats.health !== 'ok'

/** Some services, and what they call of each other. */
export function within({services, edges}: MapPart, has: (id: string) => boolean): MapPart {
  return {
    services: services.filter(({id}) => has(id)),
    edges: edges.filter(({from, to}) => has(from) && has(to)),
  }
}

type End = (edge: MapEdge) => string

/** What edges lead to from some services, on and on, the nearest first, those themselves before all. */
export function reached(seeds: readonly string[], edges: readonly MapEdge[], near: End, far: End): Set<string> {
  const next = Map.groupBy(edges, near)
  const seen = new Set(seeds)
  // a set that grows while it is gone through is gone through to its end
  for (const id of seen) for (const edge of next.get(id) ?? []) seen.add(far(edge))
  return seen
}
