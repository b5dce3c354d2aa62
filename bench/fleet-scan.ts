import {parseArgs} from 'node:util'
import {connect} from '../src/services/aws/connect.ts'
import {readFleet} from '../src/services/fleet/fleet.ts'
import {openFleetCache} from '../src/services/fleet/fleet-cache.ts'
import {parseSelection} from '../src/services/targets/parse-target.ts'
import {keepNewSpaceSmall} from '../src/v8-heap.ts'
import {hastedClock} from './hasted-clock.ts'

/** Lists a fleet as the commands do, and says on stderr what came of it: see fleet.ts. */
const {values} = parseArgs({
  options: {
    url: {type: 'string', default: ''},
    region: {type: 'string', default: ''},
    cache: {type: 'string', default: ''},
    origin: {type: 'string', default: ''},
    times: {type: 'string', default: '1'},
  },
})

export type FleetScanned = {
  readonly functions: number
  readonly gaps: number
  readonly seconds: number
  readonly throttles: number
  readonly notices: readonly string[]
}

keepNewSpaceSmall()
const clock = hastedClock({origin: Number(values.origin), times: Number(values.times)})
const given = await connect({
  profile: null,
  region: values.region,
  sandboxUrl: values.url,
  publishedQuotas: true,
  userAgent: 'slsops/bench',
  clock,
  random: Math.random,
})
// as of an account: nothing is kept of the embedded AWS
const aws = {...given, scope: {...given.scope, endpoint: 'custom' as const}, foreignOrigins: [values.url]}
const {cache} = await openFleetCache({directory: values.cache, now: clock.now, fresh: false})
const startedAt = clock.now()
const fleet = await readFleet([aws], parseSelection({}), {cache}, new AbortController().signal)
await cache.flush()
const scanned: FleetScanned = {
  functions: fleet.functions.length,
  gaps: fleet.gaps.length,
  seconds: (clock.now() - startedAt) / 1000,
  throttles: aws.budget.total().throttles,
  notices: fleet.notices,
}
console.error(JSON.stringify(scanned))
given.close()
