import {reached} from './select-services.ts'
import type {CallStats, Failure, MapPart, MapService} from './service-map.ts'

/** Where failures begin, by how many calls fail: services that fail by what they or their callers count, while no call fails that they wait for, of one that fails. */
export function findFailures({services, edges}: MapPart): readonly Failure[] {
  const fromOthers = edges.filter(({from, to}) => from !== to)
  const seenFailing = Map.groupBy(
    fromOthers.filter(({stats}) => stats?.health === 'failing'),
    ({to}) => to,
  )
  const isFailing = ({id, stats}: MapService): boolean => stats?.health === 'failing' || seenFailing.has(id)
  const failing = new Map(services.filter(isFailing).map(service => [service.id, service]))
  // who never saw a call fail has handled it, or did not wait for it
  const seenFaulty = fromOthers.filter(({isAsync, stats}) => !isAsync && hasFaults(stats))
  const passesOn = new Set(
    seenFaulty.filter(({from, to}) => failing.has(from) && failing.has(to)).map(({from}) => from),
  )
  const faultyToCallers = new Set(seenFaulty.map(({to}) => to))
  const faulty = new Map(
    services
      .filter(({id, stats, isClient}) => !isClient && (hasFaults(stats) || faultyToCallers.has(id)))
      .map(service => [service.id, service]),
  )
  const handedOn = seenFaulty.filter(({from}) => faulty.has(from))
  return [...failing.values()]
    .filter(({id, isClient}) => !isClient && !passesOn.has(id))
    .map(service => {
      const callers = reached(
        [service.id],
        handedOn,
        ({to}) => to,
        ({from}) => from,
      )
      const seen = (seenFailing.get(service.id) ?? []).flatMap(({stats}) => stats ?? []).sort(byFaults)
      return {
        service,
        stats: service.stats?.health === 'failing' ? service.stats : (seen[0] ?? service.stats),
        feltBy: [...callers].flatMap(id => (id === service.id ? [] : (faulty.get(id) ?? []))),
      }
    })
    .sort((a, b) => byFaults(a.stats, b.stats))
}

const hasFaults = (stats: CallStats | null): boolean => stats !== null && stats.faults > 0

const byFaults = (a: CallStats | null, b: CallStats | null): number => (b?.faults ?? 0) - (a?.faults ?? 0)
