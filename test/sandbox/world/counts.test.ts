import {describe, expect, test} from 'vitest'
import type {Outcome, World} from '../../../src/sandbox/world/world.ts'
import {day, firstUsed, hour, larder, minute, numbers} from './larder-world.ts'

const outcomes: readonly Outcome[] = ['ok', 'error', 'timeout', 'oom', 'init-error']

/** Windows of all sizes and at odd milliseconds, most of them near the incident. */
function* windows(count: number, next: () => number) {
  for (let i = 0; i < count; i++) {
    const length = Math.floor(([1, minute, 10 * minute, 2 * hour, 9 * hour][i % 5] as number) * next()) + 1
    const from = Math.floor(firstUsed - next() * (i % 3 === 0 ? 29 * day : 40 * minute))
    yield {from, to: from + length}
  }
}

function expectCountsToAgree(world: World, names: readonly string[], from: number, to: number) {
  for (const name of names) {
    const invocations = world.invocations(name, from, to)
    expect(world.count(name, from, to), `${name} ${from}–${to}`).toBe(invocations.length)
    for (const outcome of outcomes) {
      expect(world.count(name, from, to, {outcome})).toBe(invocations.filter(each => each.outcome === outcome).length)
    }
    for (const version of new Set(['$LATEST', '41', '42', '25', ...invocations.map(each => each.version)])) {
      expect(world.count(name, from, to, {version})).toBe(invocations.filter(each => each.version === version).length)
      expect(world.count(name, from, to, {version, outcome: 'error'})).toBe(
        invocations.filter(each => each.version === version && each.outcome === 'error').length,
      )
    }
  }
}

describe('counts', () => {
  test('are the number of invocations, for any window, function, version and outcome', async () => {
    const {world} = await larder()
    const names = world.functions().map(each => each.name)
    for (const {from, to} of windows(20, numbers(1))) expectCountsToAgree(world, names, from, to)
  })

  test('are the number of invocations while aliases are split and changed, of callers and of callees', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 3 * minute
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {'42': 0.3}})
    clock.at += 10 * minute + 17
    world.updateAlias('billing-worker', 'live', {version: '24', weights: {'25': 0.5}})
    clock.at += 7 * minute + 3
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {}})
    const names = ['checkout-api', 'billing-worker', 'inventory', 'orders-stream', 'pick-plan']
    const next = numbers(2)
    for (let i = 0; i < 15; i++) {
      const from = Math.floor(firstUsed - 10 * minute + next() * 40 * minute)
      expectCountsToAgree(world, names, from, from + Math.floor(next() * 15 * minute))
    }
  })

  test('of parts add up to the count of the whole', async () => {
    const {world} = await larder()
    const from = firstUsed - 30 * day
    const cuts = [from, from + 1, from + 7 * hour + 13, from + 11 * day + 1, firstUsed - minute, firstUsed]
    for (const {name} of world.functions()) {
      const parts = cuts.slice(1).map((to, i) => world.count(name, cuts[i] as number, to))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(world.count(name, from, firstUsed))
    }
  })

  test('of a callee are those of its callers, shifted by the delay', async () => {
    const {world} = await larder()
    const from = firstUsed - 6 * hour + 1234
    const to = firstUsed - 2 * hour + 77
    // every order that reaches the state machine runs its tasks at fixed times
    expect(world.count('reserve-slot', from, to)).toBe(world.count('pick-plan', from - 640, to - 640))
    const reads = world.invocations('pricing', from, to)
    const carts = new Map(world.invocations('cart-api', from - minute, to).map(each => [each.requestId, each]))
    for (const each of reads) {
      const caller = carts.get(each.caller?.requestId ?? '')
      expect(caller).toBeDefined()
      expect(each.traceId).toBe(caller?.traceId)
    }
  })

  test('come to 100,000 to 140,000 a day for the default company', async () => {
    const {world} = await larder()
    for (let i = 1; i <= 28; i++) {
      const sum = world
        .functions()
        .reduce((total, {name}) => total + world.count(name, firstUsed - i * day, firstUsed - (i - 1) * day), 0)
      expect(sum).toBeGreaterThan(100_000)
      expect(sum).toBeLessThan(145_000)
    }
  })

  test('of another seed are others', async () => {
    const [{world: one}, {world: two}] = await Promise.all([larder(), larder({otherSeed: 7})])
    expect(one.count('cart-api', firstUsed - hour, firstUsed)).not.toBe(
      two.count('cart-api', firstUsed - hour, firstUsed),
    )
  })
})

describe('invocations', () => {
  test('start in [from, to), in time order, and last less than 55 s', async () => {
    const {world} = await larder()
    for (const {name} of world.functions()) {
      const all = world.invocations(name, firstUsed - 3 * hour, firstUsed)
      for (const [i, each] of all.entries()) {
        expect(each.at).toBeGreaterThanOrEqual(firstUsed - 3 * hour)
        expect(each.at).toBeLessThan(firstUsed)
        expect(each.at).toBeGreaterThanOrEqual(all[i - 1]?.at ?? 0)
        expect(each.durationMs).toBeLessThan(55_000)
      }
    }
  })

  test('never overlap in one log stream', async () => {
    const {world} = await larder()
    for (const {name} of world.functions()) {
      const busyUntil = new Map<string, number>()
      for (const each of world.invocations(name, firstUsed - 5 * hour, firstUsed)) {
        expect(each.at).toBeGreaterThanOrEqual(busyUntil.get(each.logStream) ?? 0)
        busyUntil.set(each.logStream, each.at + each.durationMs)
      }
    }
  })

  test('have ids of their own; a retry by Lambda has the id of the first attempt', async () => {
    const {world} = await larder()
    const seen = new Map<string, number>()
    for (const {name} of world.functions()) {
      for (const {requestId} of world.invocations(name, firstUsed - day, firstUsed))
        seen.set(requestId, (seen.get(requestId) ?? 0) + 1)
    }
    const repeated = [...seen].filter(([, times]) => times > 1)
    expect(repeated.length).toBeGreaterThan(5)
    const ids = new Set(repeated.map(([id]) => id))
    for (const {name} of world.functions()) {
      const retried = world.invocations(name, firstUsed - day, firstUsed).filter(each => ids.has(each.requestId))
      const first = new Map<string, (typeof retried)[number]>()
      for (const each of retried) {
        const before = first.get(each.requestId)
        if (before) {
          expect(before.outcome).not.toBe('ok')
          expect(each.at - before.at).toBeGreaterThan(60_000)
        }
        first.set(each.requestId, each)
      }
    }
  })

  test('of a synchronous call lie within their caller', async () => {
    const {world} = await larder()
    const callers = new Map(
      world.invocations('checkout-api', firstUsed - 3 * hour, firstUsed).map(each => [each.requestId, each]),
    )
    const called = world.invocations('inventory', firstUsed - 2 * hour, firstUsed)
    expect(called.length).toBeGreaterThan(300)
    for (const each of called) {
      const caller = callers.get(each.caller?.requestId ?? '')
      expect(caller && each.at > caller.at && each.at + each.durationMs < caller.at + caller.durationMs).toBe(true)
    }
  })

  test('are cold now and then, and what runs once an hour always is', async () => {
    const {world} = await larder()
    const rate = (name: string) => {
      const all = world.invocations(name, firstUsed - day, firstUsed)
      return all.filter(each => each.initDurationMs !== null || each.restoreDurationMs !== null).length / all.length
    }
    expect(rate('checkout-api')).toBeGreaterThan(0.001)
    expect(rate('checkout-api')).toBeLessThan(0.03)
    expect(rate('events-to-lake')).toBe(1)
    expect(world.invocations('search', firstUsed - day, firstUsed).some(each => each.restoreDurationMs !== null)).toBe(
      true,
    )
    expect(world.invocations('search', firstUsed - day, firstUsed).every(each => each.initDurationMs === null)).toBe(
      true,
    )
  })
})
