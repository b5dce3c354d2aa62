import {describe, expect, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import {shownWeightsAt} from '../../../src/sandbox/world/aliases.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import type {World} from '../../../src/sandbox/world/world.ts'
import {firstUsed, hour, larder, minute} from './larder-world.ts'

const live = (world: World, name: string) => {
  const alias = world.function(name)?.aliases.find(each => each.name === 'live')
  if (!alias) throw new Error(`${name} has no alias live`)
  return alias
}

/** What runs of each version in a window, by what the invocations themselves say. */
function ran(world: World, name: string, from: number, to: number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const {version} of world.invocations(name, from, to)) counts[version] = (counts[version] ?? 0) + 1
  return counts
}

const sum = (world: World, name: string, metric: string, version: string, from: number, to: number) => {
  const dimensions = {FunctionName: name, Resource: `${name}:live`, ExecutedVersion: version}
  const found = world.metrics.read({namespace: 'AWS/Lambda', name: metric, dimensions}, 'Sum', 60, from, to)
  return found.reduce((total, {value}) => total + value, 0)
}

describe('the traffic of an alias', () => {
  test('goes by its weights two seconds after they were written: logs, metrics and traces of each version say so', async () => {
    const {world, clock} = await larder()
    const name = 'checkout-api'
    clock.at = firstUsed + minute
    world.updateAlias(name, 'live', {version: '41', weights: {}})
    const stages = [{42: 0.1}, {42: 1}, {}] as const
    const expected = [0.1, 1, 0]
    for (const [i, weights] of stages.entries()) {
      clock.at = firstUsed + (i + 1) * 2 * hour
      world.updateAlias(name, 'live', {version: '41', weights})
      const from = Math.ceil((clock.at + 2000) / minute) * minute
      const to = from + 100 * minute
      clock.at = to + 5 * minute
      const counts = ran(world, name, from, to)
      const all = Object.values(counts).reduce((total, count) => total + count, 0)
      const share = (counts['42'] ?? 0) / all
      expect(Math.abs(share - (expected[i] ?? 0))).toBeLessThan(0.03)
      expect(sum(world, name, 'Invocations', '42', from, to)).toBe(counts['42'] ?? 0)
      expect(sum(world, name, 'Invocations', '41', from, to)).toBe(counts['41'] ?? 0)
      const started = world
        .logEvents('/aws/lambda/checkout-api', from, to - 1)
        .flatMap(({message}) => /^START .* Version: (\S+)/.exec(message)?.[1] ?? [])
      expect(started.filter(version => version === '42')).toHaveLength(counts['42'] ?? 0)
      const traced = JSON.stringify(world.traces(from, to).map(({documents}) => documents))
      expect(traced.includes('PaymentTimeout')).toBe(share > 0)
    }
  })

  test('fares with a version that was published from old code as that code does', async () => {
    const {world, clock} = await larder()
    world.updateConfiguration('checkout-api', {memorySizeMB: 1024})
    clock.at += minute
    const {version} = world.publishVersion('checkout-api', null)
    world.updateAlias('checkout-api', 'live', {version, weights: {}})
    const from = clock.at + 2000
    clock.at += 3 * hour
    expect(ran(world, 'checkout-api', from, clock.at)).toEqual({43: expect.any(Number)})
    const failed =
      world.count('checkout-api', from, clock.at) - world.count('checkout-api', from, clock.at, {outcome: 'ok'})
    // it has the code of 42
    expect(failed / world.count('checkout-api', from, clock.at)).toBeGreaterThan(0.035)
  })

  test('of a client’s function is none of the company’s', async () => {
    const {world, clock} = await larder()
    world.createAlias('checkout-api', {name: 'next', version: '41', weights: {}, description: ''})
    world.updateAlias('checkout-api', 'next', {version: '40'})
    world.deleteAlias('checkout-api', 'next')
    clock.at += hour
    expect(Object.keys(ran(world, 'checkout-api', firstUsed, clock.at))).toEqual(['42'])
  })
})

describe('provisioned concurrency of an alias', () => {
  const name = 'inventory'
  const allocationMs = 90_000

  test('case 8: moves first: until it has, AWS shows the version before with all of the traffic, which it has', async () => {
    const {world, clock} = await larder()
    const {revisionId} = world.updateAlias(name, 'live', {version: '16'})
    const at = clock.at
    expect(shownWeightsAt(live(world, name), at)).toEqual({17: 1})
    expect(live(world, name)).toMatchObject({version: '16', weights: {}, revisionId})
    clock.at = at + allocationMs + hour
    expect(shownWeightsAt(live(world, name), at + allocationMs - 1)).toEqual({17: 1})
    expect(shownWeightsAt(live(world, name), at + allocationMs)).toEqual({})
    // without a write
    expect(live(world, name).revisionId).toBe(revisionId)
    const over = at + allocationMs + 2000
    expect(Object.keys(ran(world, name, at - hour, over))).toEqual(['17'])
    expect(Object.keys(ran(world, name, over, clock.at))).toEqual(['16'])
  })

  test('is there at once for a version that the alias has served for long enough, be it with a weight', async () => {
    const {world, clock} = await larder()
    world.updateAlias(name, 'live', {version: '17', weights: {16: 1}})
    clock.at += allocationMs
    world.updateAlias(name, 'live', {version: '16', weights: {}})
    expect(shownWeightsAt(live(world, name), clock.at)).toEqual({})
    // and was given up for the one that is left
    clock.at += allocationMs
    world.updateAlias(name, 'live', {version: '17', weights: {}})
    expect(shownWeightsAt(live(world, name), clock.at)).toEqual({16: 1})
  })

  test('goes back at once while it is still moving', async () => {
    const {world, clock} = await larder()
    world.updateAlias(name, 'live', {version: '16', weights: {}})
    clock.at += allocationMs / 2
    world.updateAlias(name, 'live', {description: 'on its way'})
    expect(shownWeightsAt(live(world, name), clock.at)).toEqual({17: 1})
    world.updateAlias(name, 'live', {version: '17', weights: {}})
    expect(shownWeightsAt(live(world, name), clock.at)).toEqual({})
    clock.at += hour
    expect(Object.keys(ran(world, name, firstUsed, clock.at))).toEqual(['17'])
  })

  test('is not waited for by who writes the weights once more', async () => {
    const {world, clock} = await larder()
    world.updateAlias(name, 'live', {version: '16', weights: {}})
    clock.at += 1000
    world.updateAlias(name, 'live', {version: '16', weights: {}})
    expect(shownWeightsAt(live(world, name), clock.at)).toEqual({})
    const over = clock.at + 2000
    clock.at += hour
    expect(Object.keys(ran(world, name, over, clock.at))).toEqual(['16'])
  })

  test('takes as long as the world is told', async () => {
    const clock = {at: firstUsed}
    const now = () => clock.at
    const state = await openState({directory: null, now, seed: 1})
    const world = createWorld({seed: 1, now, company: 'larder', state, allocationMs: 10_000})
    world.updateAlias(name, 'live', {version: '16', weights: {}})
    expect(live(world, name).moving).toEqual({from: '17', startedAt: firstUsed, until: firstUsed + 10_000})
  })
})
