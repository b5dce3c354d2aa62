import {describe, expect, test} from 'vitest'
import type {World} from '../../../src/sandbox/world/world.ts'
import {day, firstUsed, hour, larder, minute} from './larder-world.ts'

const queueOf = (world: World, name: string, at?: number) => world.queues(at).find(each => each.name === name)

describe('a queue whose messages are taken', () => {
  test('is empty most of the time, and holds a message for less than a second', async () => {
    const {world} = await larder()
    let [empty, waiting, worked] = [0, 0, 0]
    for (let i = 0; i < 2000; i++) {
      const at = firstUsed - i * 7919
      const {visible, inFlight, oldestSentAt} = queueOf(world, 'orders-billing', at) ?? {}
      if (visible === 0) {
        empty++
        expect(oldestSentAt).toBeNull()
      } else {
        waiting++
        expect(at - (oldestSentAt ?? 0)).toBeLessThan(1000)
      }
      worked += inFlight ?? 0
    }
    expect(empty).toBeGreaterThan(1800)
    expect(waiting).toBeGreaterThan(0)
    expect(worked).toBeGreaterThan(20)
  })

  test('has those in flight that are worked on, and a failed one until its time is over', async () => {
    const {world} = await larder()
    const runs = world.invocations('invoice-pdf', firstUsed - 3 * day, firstUsed)
    const failed = runs.find(({outcome}) => outcome === 'oom')
    const inFlight = (at: number) => queueOf(world, 'invoices', at)?.inFlight ?? 0
    for (const {at, durationMs} of runs.filter(({outcome}) => outcome === 'ok').slice(0, 20))
      expect(inFlight(at + durationMs / 2)).toBeGreaterThan(0)
    expect(inFlight((failed?.at ?? 0) + 80_000)).toBeGreaterThan(0)
  })
})

describe('a queue that nobody takes from', () => {
  test('has grown for three days: 1,204 messages at first use', async () => {
    const {world, clock} = await larder()
    const now = queueOf(world, 'orders-retry')
    expect(now).toMatchObject({visible: 1204, inFlight: 0, delayed: 0})
    expect(Math.floor((firstUsed - (now?.oldestSentAt ?? 0)) / day)).toBe(3)
    expect(queueOf(world, 'orders-retry', firstUsed - 4 * day)?.visible).toBe(0)
    clock.at = firstUsed + hour
    expect(queueOf(world, 'orders-retry')?.visible).toBeGreaterThan(1215)
    expect(world.count('orders-retry', 0, clock.at)).toBe(0)
  })

  test('loses what is older than it keeps', async () => {
    const {world} = await larder()
    const later = queueOf(world, 'orders-retry', firstUsed + 30 * day)
    expect(later?.visible).toBeGreaterThan(1500)
    expect(later?.visible).toBeLessThan(1700)
    expect(later?.oldestSentAt).toBe(firstUsed + 26 * day)
  })
})

describe('a dead-letter queue', () => {
  test('has what failed for good in the fourteen days it keeps: of a queue, and of asynchronous events', async () => {
    const {world} = await larder()
    const kept = [firstUsed - 14 * day, firstUsed - minute] as const
    expect(queueOf(world, 'invoices')?.redrive).toEqual({
      deadLetterArn: queueOf(world, 'invoices-dlq')?.arn,
      maxReceiveCount: 2,
    })
    const reports = world.count('report-java', ...kept, {outcome: 'error'})
    expect(Math.abs((queueOf(world, 'reports-dlq')?.visible ?? 0) - reports)).toBeLessThan(3)
    // one retry each: half of the failed invocations are the last
    const imports = world.count('price-import', ...kept, {outcome: 'error'}) / 2
    const failed = queueOf(world, 'price-files-failed')
    expect(failed?.visible).toBeGreaterThan(10)
    expect(Math.abs((failed?.visible ?? 0) - imports)).toBeLessThan(3)
    expect(world.function('price-import')).toMatchObject({
      deadLetterArn: failed?.arn,
      eventInvokeConfigs: [{maximumRetryAttempts: 1}],
    })
    expect(firstUsed - (failed?.oldestSentAt ?? 0)).toBeLessThanOrEqual(14 * day)
    expect(firstUsed - (failed?.oldestSentAt ?? 0)).toBeGreaterThan(12 * day)
  })

  test('has as many events as CloudWatch counts as dropped', async () => {
    const {world} = await larder()
    // its newest minute is there by then
    const at = Math.floor(firstUsed / hour) * hour
    const dropped = {namespace: 'AWS/Lambda', name: 'AsyncEventsDropped', dimensions: {FunctionName: 'price-import'}}
    const from = at - 14 * day
    const counted = world.metrics.read(dropped, 'Sum', 3600, from, at).reduce((sum, {value}) => sum + value, 0)
    expect(counted).toBeGreaterThan(10)
    expect(queueOf(world, 'price-files-failed', at + minute)?.visible).toBe(counted)
  })

  test('is empty where a later attempt succeeds', async () => {
    const {world} = await larder()
    expect(queueOf(world, 'orders-billing-dlq')).toMatchObject({visible: 0, oldestSentAt: null})
    expect(queueOf(world, 'receipts-dlq')?.visible).toBe(0)
  })

  test('knows its oldest message whatever was asked before', async () => {
    const [{world: one}, {world: two}] = await Promise.all([larder(), larder()])
    const moments = [firstUsed, firstUsed - 3 * day, firstUsed - 20 * day, firstUsed - 2 * day]
    const seen = moments.map(at => one.queues(at))
    expect(moments.toReversed().map(at => two.queues(at))).toEqual(seen.toReversed())
  })
})

test('queues are the same for a hundred thousand functions', async () => {
  const [{world}, {world: many}] = await Promise.all([larder(), larder({scale: 100_000})])
  expect(many.queues()).toEqual(world.queues())
})
