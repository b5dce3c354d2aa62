import {describe, expect, test} from 'vitest'
import type {World} from '../../../src/sandbox/world/world.ts'
import {firstUsed, hour, larder} from './larder-world.ts'

const window = 5 * hour

/** What two versions do side by side for five hours, each with half of the traffic. */
async function sideBySide(name: string, from: string, to: string) {
  const {world, clock} = await larder()
  world.updateAlias(name, 'live', {version: from, weights: {[to]: 0.5}})
  const start = clock.at + 2000
  clock.at = start + window
  return {world, start, of: (version: string) => figures(world, name, version, start, clock.at)}
}

function figures(world: World, name: string, version: string, from: number, to: number) {
  const ran = world.invocations(name, from, to).filter(each => each.version === version)
  const durations = ran.map(each => each.durationMs).sort((x, y) => x - y)
  return {
    count: ran.length,
    errorShare: ran.filter(each => each.outcome !== 'ok').length / ran.length,
    p95: durations[Math.floor(durations.length * 0.95)] ?? 0,
  }
}

describe('versions that nobody serves yet', () => {
  test('are newer than what alias live serves, and nothing runs on them', async () => {
    const {world} = await larder()
    const waiting = world.functions().flatMap(({name, aliases, versions}) => {
      const {version: serving, weights = {}} = aliases.find(alias => alias.name === 'live') ?? {}
      const newer = versions.slice(1).filter(({version}) => Number(version) > Number(serving) && !(version in weights))
      return newer.map(({version}) => [name, version])
    })
    expect(waiting).toEqual([
      ['billing-worker', '26'],
      ['cart-api', '63'],
      ['cart-api', '64'],
      ['inventory', '18'],
      ['payments-webhook', '13'],
      ['price-labels', '13'],
      ['search', '10'],
    ])
    for (const [name = '', version = ''] of waiting)
      expect(world.count(name, firstUsed - 30 * 24 * hour, firstUsed, {version})).toBe(0)
  })

  test('cart-api 63 is as good as 62', async () => {
    const {of} = await sideBySide('cart-api', '62', '63')
    const [old, young] = [of('62'), of('63')]
    expect(young.count).toBeGreaterThan(1000)
    expect(Math.abs(young.errorShare - old.errorShare)).toBeLessThan(0.004)
    expect(young.p95 / old.p95).toBeGreaterThan(0.9)
    expect(young.p95 / old.p95).toBeLessThan(1.1)
  })

  test('cart-api 64 fails for carts without coupons: 5 to 8 % more errors, with a line and a stack of their own', async () => {
    const {world, start, of} = await sideBySide('cart-api', '62', '64')
    expect(of('64').errorShare - of('62').errorShare).toBeGreaterThan(0.05)
    expect(of('64').errorShare - of('62').errorShare).toBeLessThan(0.08)
    const messages = world.logEvents('/aws/lambda/cart-api', start, start + window).map(({message}) => message)
    expect(messages.filter(message => message.includes('cart without coupons')).length).toBeGreaterThan(50)
    expect(messages.some(message => message.includes("reading 'coupons'"))).toBe(true)
  })

  test('search 10 takes twice as long and fails no more often', async () => {
    const {of} = await sideBySide('search', '9', '10')
    const [old, young] = [of('9'), of('10')]
    expect(young.p95 / old.p95).toBeGreaterThan(1.8)
    expect(young.p95 / old.p95).toBeLessThan(2.6)
    expect(Math.abs(young.errorShare - old.errorShare)).toBeLessThan(0.01)
  })
})
