import {describe, expect, test} from 'vitest'
import type {World} from '../../../src/sandbox/world/world.ts'
import {allEvents, firstUsed, hour, larder, minute} from './larder-world.ts'

const errorRate = (world: World, name: string, from: number, to: number) =>
  1 - world.count(name, from, to, {outcome: 'ok'}) / world.count(name, from, to)

function p95(world: World, name: string, from: number, to: number): number {
  const durations = world
    .invocations(name, from, to)
    .map(each => each.durationMs)
    .sort((x, y) => x - y)
  return durations[Math.floor(durations.length * 0.95)] ?? 0
}

const releasedAt = (world: World) =>
  world.invocations('checkout-api', firstUsed - 20 * minute, firstUsed).find(each => each.version === '42')?.at ?? 0

describe('the incident', () => {
  test('begins some minutes before the sandbox is first used, when alias live goes from 41 to 42', async () => {
    const {world} = await larder()
    const began = releasedAt(world)
    expect(firstUsed - began).toBeGreaterThan(8 * minute)
    expect(firstUsed - began).toBeLessThan(10 * minute)
    expect(world.count('checkout-api', began - hour, began, {version: '41'})).toBe(
      world.count('checkout-api', began - hour, began),
    )
    expect(world.count('checkout-api', began, firstUsed, {version: '41'})).toBe(0)
    expect(world.function('checkout-api')?.aliases).toMatchObject([{name: 'live', version: '42', weights: {}}])
    const published = world.function('checkout-api')?.versions.map(each => each.version)
    expect(published?.[0]).toBe('$LATEST')
    expect(published?.slice(-5)).toEqual(['38', '39', '40', '41', '42'])
  })

  test('raises errors from 0.4 % to about 5 % and latency above a second, as long as it lasts', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 3 * hour
    expect(errorRate(world, 'checkout-api', firstUsed - 48 * hour, firstUsed - 10 * minute)).toBeCloseTo(0.004, 2.5)
    expect(errorRate(world, 'checkout-api', firstUsed, clock.at)).toBeGreaterThan(0.035)
    expect(errorRate(world, 'checkout-api', firstUsed, clock.at)).toBeLessThan(0.065)
    expect(p95(world, 'checkout-api', firstUsed - 3 * hour, firstUsed - 10 * minute)).toBeLessThan(230)
    expect(p95(world, 'checkout-api', firstUsed, clock.at)).toBeGreaterThan(1500)
  })

  test('hurts billing-worker: slower, more errors, messages handed out again', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 2 * hour
    expect(errorRate(world, 'billing-worker', firstUsed - 24 * hour, firstUsed - 10 * minute)).toBeLessThan(0.03)
    expect(errorRate(world, 'billing-worker', firstUsed, clock.at)).toBeGreaterThan(0.1)
    expect(p95(world, 'billing-worker', firstUsed - 3 * hour, firstUsed - 10 * minute)).toBeLessThan(400)
    expect(p95(world, 'billing-worker', firstUsed, clock.at)).toBeGreaterThan(1200)
  })

  test('is told in the log as the payment timeout with its stack', async () => {
    const {world} = await larder()
    const failed = world
      .logEvents('/aws/lambda/checkout-api', firstUsed - 9 * minute, firstUsed)
      .filter(each => each.message.includes('PaymentTimeout'))
    expect(failed.length).toBeGreaterThan(3)
    expect(failed[0]?.message).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"PaymentTimeout","errorMessage":"upstream did not answer in 1500 ms"/,
    )
    expect(failed[0]?.message).toContain('    at charge (/var/task/payments.ts:88:11)')
  })

  test('puts the alarms of checkout-api into ALARM, the others stay as they are', async () => {
    const {world} = await larder()
    const alarms = world.alarms()
    const inAlarm = alarms.filter(({state}) => state === 'ALARM')
    expect(inAlarm.map(({name}) => name)).toEqual(['checkout-api-errors', 'checkout-api-live-errors'])
    for (const {stateTransitionedAt} of inAlarm) expect(firstUsed - stateTransitionedAt).toBeLessThan(10 * minute)
    const others = alarms.filter(({state}) => state !== 'ALARM')
    // nobody has ever called it
    expect(others.find(({name}) => name === 'gift-cards-preview-errors')?.state).toBe('INSUFFICIENT_DATA')
    expect(others.filter(({state}) => state === 'OK')).toHaveLength(others.length - 1)
  })

  test('ends when the alias goes back, and what was there before stays as it is', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 4 * minute
    const before = allEvents(world, firstUsed - 15 * minute, clock.at - 1)
    const counts = world.functions().map(({name}) => world.count(name, firstUsed - hour, clock.at))
    const alias = world.updateAlias('checkout-api', 'live', {version: '41'})
    expect(alias.version).toBe('41')
    expect(allEvents(world, firstUsed - 15 * minute, clock.at - 1)).toEqual(before)
    expect(world.functions().map(({name}) => world.count(name, firstUsed - hour, clock.at))).toEqual(counts)

    const after = clock.at + 2000
    clock.at += 2 * hour
    expect(world.count('checkout-api', after, clock.at, {version: '42'})).toBe(0)
    expect(errorRate(world, 'checkout-api', after, clock.at)).toBeLessThan(0.012)
    expect(errorRate(world, 'billing-worker', after + minute, clock.at)).toBeLessThan(0.04)
    expect(world.alarms()[0]?.state).toBe('OK')
    const timedOut = (from: number, to: number) =>
      world.logEvents('/aws/lambda/checkout-api', from, to).filter(({message}) => message.includes('PaymentTimeout'))
        .length
    expect(timedOut(firstUsed, after)).toBeGreaterThan(0)
    // the last requests of 42 end a little later
    expect(timedOut(after + 20_000, clock.at)).toBe(0)
    const of42 = {FunctionName: 'checkout-api', Resource: 'checkout-api:live', ExecutedVersion: '42'}
    const errors = {namespace: 'AWS/Lambda', name: 'Errors', dimensions: of42}
    const nextMinute = Math.ceil(after / minute) * minute
    expect(world.metrics.read(errors, 'Sum', 60, firstUsed, nextMinute).length).toBeGreaterThan(0)
    expect(world.metrics.read(errors, 'Sum', 60, nextMinute, clock.at)).toEqual([])
  })

  test('is half as bad when the alias is split, and ids stay what they were', async () => {
    const {world, clock} = await larder()
    const whole = await larder()
    clock.at = firstUsed + minute
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {'42': 0.5}})
    clock.at += 6 * hour
    const from = firstUsed + 2 * minute
    const all = world.count('checkout-api', from, clock.at)
    expect(world.count('checkout-api', from, clock.at, {version: '42'}) / all).toBeCloseTo(0.5, 1.5)
    expect(world.count('checkout-api', from, clock.at, {version: '41'}) / all).toBeCloseTo(0.5, 1.5)
    const unsplit = new Set(whole.world.invocations('checkout-api', from, clock.at).map(each => each.requestId))
    const of42 = world.invocations('checkout-api', from, clock.at).filter(each => each.version === '42')
    expect(of42.every(each => unsplit.has(each.requestId))).toBe(true)
  })

  test('keeps what later changes say: a new revision for every write, none without', async () => {
    const {world} = await larder()
    const revision = () => world.function('checkout-api')?.aliases[0]?.revisionId
    const first = revision()
    expect(revision()).toBe(first)
    world.updateAlias('checkout-api', 'live', {description: 'looked at'})
    const second = revision()
    expect(second).not.toBe(first)
    expect(second).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
