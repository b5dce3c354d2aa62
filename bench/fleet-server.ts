import {type Fault, serveAws} from '../src/sandbox/server.ts'
import {openState} from '../src/sandbox/state.ts'
import {createWorld} from '../src/sandbox/world/create-world.ts'
import {type Haste, hastedClock} from './hasted-clock.ts'

/** The embedded AWS with many functions and its quotas kept, in a process of its own: see fleet.ts. */
export type FleetServerOptions = {
  readonly functions: number
  readonly haste: Haste
  /** calls of ListFunctions after which some are refused, though the quota would allow them */
  readonly refusedAfter: readonly number[]
}

/** What it tells: where it is, and when asked, how many pages of functions it has given so far. */
export type FleetServerMessage = {readonly url: string; readonly region: string} | {readonly pages: number}

const refusedAtATime = 3

const {functions, haste, refusedAfter} = JSON.parse(process.argv[2] ?? '') as FleetServerOptions
const clock = hastedClock(haste)
const state = await openState({directory: null, now: clock.now, seed: 1})
const world = createWorld({seed: 1, now: clock.now, company: 'larder', scale: functions, state})
let pages = 0
const counted = {
  ...world,
  functions() {
    pages++
    return world.functions()
  },
}
world.functions()
const faults = refusedAfter.map(
  (after): Fault => ({kind: 'throttle', operation: 'ListFunctions', after, times: refusedAtATime}),
)
const {url} = await serveAws({world: counted, quotas: true, clock: clock.now, faults})
const tell = (message: FleetServerMessage): void => void process.send?.(message)
process.on('message', () => tell({pages}))
tell({url, region: world.region})
