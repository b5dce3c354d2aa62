import {parseArgs} from 'node:util'
import {readFleet} from '../src/services/fleet/fleet.ts'
import {parseSelection} from '../src/services/targets/parse-target.ts'
import {keepNewSpaceSmall} from '../src/v8-heap.ts'
import {connectFleet, placeFlags} from './fleet-connection.ts'

/** Lists a fleet as the commands do, and says on stderr what came of it: see fleet.ts. */
const {values} = parseArgs({options: placeFlags})

export type FleetScanned = {
  readonly functions: number
  readonly gaps: number
  readonly seconds: number
  readonly throttles: number
  readonly notices: readonly string[]
}

keepNewSpaceSmall()
const {aws, cache, clock} = await connectFleet(values)
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
aws.close()
