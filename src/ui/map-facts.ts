import type {CallStats, MapEdge, MapService} from '../services/traces/service-map.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import {count} from './numbers.ts'
import {printableName} from './printable.ts'
import {serviceKind} from './service-kind.ts'

/** All that is known of a service, in lines. */
export function serviceFacts(service: MapService): string {
  const place = [service.region, service.account].filter(Boolean).join(' ')
  const name = [printableName(service.name), serviceKind(service)].filter(Boolean).join(', ')
  return [`${name} in ${place}`, ...statsLines(service.stats)].join('\n')
}

/** All that is known of a call, in lines. */
export function edgeFacts({stats, isAsync, ageP50Ms, ageP95Ms}: MapEdge): string {
  const age = ageP50Ms === null ? [] : [`received at an age of ${time(ageP50Ms)} (p50), ${time(ageP95Ms)} (p95)`]
  return [...(isAsync ? ['asynchronous'] : []), ...statsLines(stats), ...age].join('\n')
}

function statsLines(stats: CallStats | null): readonly string[] {
  if (stats === null) return []
  const {calls, errors, throttles, faults, p50Ms, p95Ms} = stats
  const shares = [
    ['faults', faults],
    ['errors', errors - throttles],
    ['throttled', throttles],
  ] as const
  const bad = shares.flatMap(([what, part]) => (part > 0 ? [`${percent(part, stats)} ${what} (${count(part)})`] : []))
  return [
    `${count(calls)} calls, ${callsPerMinute(stats)} a minute`,
    ...(bad.length > 0 ? [bad.join(', ')] : []),
    ...(p50Ms === null ? [] : [`p50 ${time(p50Ms)}, p95 ${time(p95Ms)}`]),
  ]
}
