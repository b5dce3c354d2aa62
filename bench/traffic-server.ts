import {serveAws} from '../src/sandbox/server.ts'
import {openState} from '../src/sandbox/state.ts'
import {createWorld} from '../src/sandbox/world/create-world.ts'

/** The embedded AWS in a process of its own, which tells when an alias is written: see traffic-startup.ts. */
export type TrafficServerMessage = {readonly port: number} | {readonly updatedAt: number}

const tell = (message: TrafficServerMessage): void => void process.send?.(message)
const state = await openState({directory: null, now: Date.now, seed: 1})
const world = createWorld({seed: 1, now: Date.now, company: 'larder', state})
const watched: typeof world = {
  ...world,
  updateAlias(...change) {
    tell({updatedAt: performance.timeOrigin + performance.now()})
    return world.updateAlias(...change)
  },
}
const {port} = await serveAws({world: watched})
process.on('disconnect', () => process.exit())
tell({port})
