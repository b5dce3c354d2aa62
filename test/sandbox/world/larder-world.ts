import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import type {World} from '../../../src/sandbox/world/world.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
const seed = 20_260
export const firstUsed = Date.parse('2026-11-20T14:07:11.482Z')

export type Larder = {readonly world: World; readonly clock: {at: number}}

/** The default company, first used at `firstUsed`, with a clock that tests set. */
export async function larder({scale, otherSeed = seed}: {scale?: number; otherSeed?: number} = {}): Promise<Larder> {
  const clock = {at: firstUsed}
  const now = () => clock.at
  const state = await openState({directory: null, now, seed: otherSeed})
  const world = createWorld({seed: otherSeed, now, company: 'larder', ...(scale !== undefined && {scale}), state})
  return {world, clock}
}

/** A sequence of numbers in [0, 1), the same in every run. */
export function numbers(start: number): () => number {
  let x = start
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0
    return (x >>> 0) / 4_294_967_296
  }
}

/** All events of all groups, group by group. */
export function allEvents(world: World, from: number, to: number) {
  return world
    .logGroups()
    .flatMap(group =>
      world.logEvents(group.name, from, to).map(event => ({...event, eventId: event.eventId, group: group.name})),
    )
}
