import {type Aws, connect} from '../src/services/aws/connect.ts'
import type {Clock} from '../src/services/clock.ts'
import {type FleetCache, openFleetCache} from '../src/services/fleet/fleet-cache.ts'
import {hastedClock} from './hasted-clock.ts'

/** The flags by which fleet.ts says where its server is, and how fast time passes there. */
export const placeFlags = {
  url: {type: 'string', default: ''},
  region: {type: 'string', default: ''},
  cache: {type: 'string', default: ''},
  origin: {type: 'string', default: ''},
  times: {type: 'string', default: '1'},
} as const

type Place = Readonly<Record<keyof typeof placeFlags, string>>

/** A way to that server as to an account, and the cache that is kept of it. */
export async function connectFleet({url, region, cache: directory, origin, times}: Place): Promise<{
  readonly aws: Aws
  readonly cache: FleetCache
  readonly clock: Clock
}> {
  const clock = hastedClock({origin: Number(origin), times: Number(times)})
  const given = await connect({
    profile: null,
    region,
    sandboxUrl: url,
    publishedQuotas: true,
    userAgent: 'slsops/bench',
    clock,
    random: Math.random,
  })
  // as of an account: nothing is kept of the embedded AWS
  const aws: Aws = {...given, scope: {...given.scope, endpoint: 'custom'}, foreignOrigins: [url]}
  const {cache} = await openFleetCache({directory, now: clock.now, fresh: false})
  return {aws, cache, clock}
}
