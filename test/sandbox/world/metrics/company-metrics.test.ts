import {describe, expect, test} from 'vitest'
import {scaledName} from '../../../../src/sandbox/world/scale.ts'
import type {World} from '../../../../src/sandbox/world/world.ts'
import {day, firstUsed, hour, larder, minute} from '../larder-world.ts'

const end = Math.floor(firstUsed / hour) * hour

/** A statistic of a window as one period. */
function read(
  world: World,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  {stat = 'Sum', from, to, namespace = 'AWS/Lambda'}: {stat?: string; from: number; to: number; namespace?: string},
): number {
  const seconds = 3600 * Math.ceil((to - from) / hour)
  return world.metrics.read({namespace, name, dimensions}, stat, seconds, from, to)[0]?.value ?? 0
}

const live = (name: string, version?: string) => ({
  FunctionName: name,
  Resource: `${name}:live`,
  ...(version !== undefined && {ExecutedVersion: version}),
})

describe('the company’s metrics', () => {
  test('have each version’s durations while an alias is split, of callers and of callees', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 3 * minute
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {'42': 0.3}})
    clock.at += 10 * minute + 17
    world.updateAlias('billing-worker', 'live', {version: '24', weights: {'25': 0.5}})
    clock.at += hour
    for (const name of ['checkout-api', 'billing-worker', 'inventory']) {
      for (const from of [firstUsed - 2 * hour - 321, firstUsed + 3 * minute, firstUsed + 14 * minute]) {
        const window = {from, to: firstUsed + 40 * minute + 777}
        const invocations = world.invocations(name, from, window.to)
        for (const version of new Set(invocations.map(each => each.version))) {
          const ofVersion = invocations.filter(each => each.version === version)
          const sum = ofVersion.reduce((total, {durationMs}) => total + durationMs, 0)
          expect(read(world, 'Duration', live(name, version), window)).toBeCloseTo(sum, 4)
          expect(read(world, 'Duration', live(name, version), {...window, stat: 'SampleCount'})).toBe(ofVersion.length)
          expect(read(world, 'Invocations', live(name, version), window)).toBe(ofVersion.length)
        }
      }
    }
  })

  test('are the same in one period as in its parts', async () => {
    const {world} = await larder()
    const [from, to] = [end - 2 * day, end]
    for (const name of [
      'Invocations',
      'Errors',
      'Duration',
      'AsyncEventsReceived',
      'ProvisionedConcurrencyInvocations',
    ]) {
      for (const FunctionName of ['image-resize', 'inventory', 'clickstream-ingest']) {
        const metric = {namespace: 'AWS/Lambda', name, dimensions: {FunctionName}}
        const parts = world.metrics.read(metric, 'Sum', 3600, from, to).reduce((sum, {value}) => sum + value, 0)
        expect(read(world, name, {FunctionName}, {from, to}), `${name} ${FunctionName}`).toBeCloseTo(parts, 4)
      }
    }
  })

  test('stay as they are, whatever was asked before and whenever it is asked', async () => {
    const [one, other] = [await larder(), await larder()]
    other.clock.at = firstUsed + 5 * hour
    const metrics = [...one.world.metrics.list(false)].filter(({dimensions}) => !('ExecutedVersion' in dimensions))
    const ask = (world: World, index: number) => {
      const metric = metrics[index]
      return metric && world.metrics.read(metric, 'Sum', 6 * 3600, end - 20 * hour, end - 2 * hour)
    }
    const forwards = metrics.map((_, index) => ask(one.world, index))
    const backwards = metrics.map((_, index) => ask(other.world, metrics.length - 1 - index)).toReversed()
    expect(backwards).toEqual(forwards)
    expect(forwards.flat().length).toBeGreaterThan(100)
  })

  test('tell provisioned invocations from those that found nothing provisioned', async () => {
    const {world} = await larder()
    const FunctionName = 'inventory'
    for (const window of [
      {from: end - hour, to: end},
      {from: end - 20 * day, to: end - 19 * day},
    ]) {
      const provisioned = read(world, 'ProvisionedConcurrencyInvocations', {FunctionName}, window)
      const spilled = read(world, 'ProvisionedConcurrencySpilloverInvocations', {FunctionName}, window)
      expect(provisioned).toBeGreaterThan(0)
      expect(provisioned + spilled).toBe(world.count(FunctionName, window.from, window.to))
      const used = read(world, 'ProvisionedConcurrencyUtilization', {FunctionName}, {...window, stat: 'Maximum'})
      expect(used).toBeGreaterThan(0)
      expect(used).toBeLessThanOrEqual(1)
    }
  })

  test('count how many ran at once', async () => {
    const {world} = await larder()
    const window = {from: end - 10 * minute, to: end}
    const invocations = world.invocations('inventory', window.from - minute, window.to)
    const running = invocations
      .filter(({at}) => at >= window.from)
      .map(({at}) => invocations.filter(each => each.at <= at && at < each.at + each.durationMs).length)
    const most = (dimensions: Record<string, string>) =>
      read(world, 'ConcurrentExecutions', dimensions, {...window, stat: 'Maximum'})
    expect(most({FunctionName: 'inventory'})).toBe(Math.max(...running))
    expect(most({})).toBeGreaterThanOrEqual(most({FunctionName: 'inventory'}))
  })

  test('count asynchronous events once, however often they were tried, and drop those that fail to the last', async () => {
    const {world} = await larder()
    const window = {from: end - 3 * day, to: end}
    const of = (name: string, stat = 'Sum') => read(world, name, {FunctionName: 'image-resize'}, {...window, stat})
    const requests = new Set(world.invocations('image-resize', window.from, window.to).map(each => each.requestId))
    expect(Math.abs(of('AsyncEventsReceived') - requests.size)).toBeLessThanOrEqual(2)
    expect(of('AsyncEventsDropped')).toBeGreaterThan(0)
    expect(of('AsyncEventsDropped')).toBeLessThan(of('AsyncEventsReceived'))
    // the third attempt
    expect(of('AsyncEventAge', 'Maximum')).toBeGreaterThan(120_000)
  })

  test('count requests that were refused as throttles, and not as invocations', async () => {
    const {world} = await larder()
    const window = {from: end - 10 * day, to: end}
    let throttled = 0
    for (const {name} of world.functions()) {
      const throttles = read(world, 'Throttles', {FunctionName: name}, window)
      expect(throttles, name).toBe(world.throttles(name, window.from, window.to))
      expect(read(world, 'Invocations', {FunctionName: name}, window)).toBe(world.count(name, window.from, window.to))
      throttled += throttles
    }
    expect(throttled).toBeGreaterThan(0)
    expect(read(world, 'Throttles', {}, window)).toBe(throttled)
  })

  test('have the queues as they stood', async () => {
    const {world} = await larder()
    const window = {from: end - minute, to: end, stat: 'Maximum', namespace: 'AWS/SQS'}
    const queues = world.queues(window.from)
    expect(queues.some(({visible}) => visible > 0)).toBe(true)
    for (const {name, visible, oldestSentAt} of queues) {
      const of = (metric: string) => read(world, metric, {QueueName: name}, window)
      expect(of('ApproximateNumberOfMessagesVisible')).toBe(visible)
      const age = oldestSentAt === null ? 0 : Math.floor((window.from - oldestSentAt) / 1000)
      expect(of('ApproximateAgeOfOldestMessage')).toBe(age)
    }
  })

  test('judge what came in long ago by a part of it', async () => {
    const {world} = await larder()
    const LogGroupName = '/aws/lambda/checkout-api'
    const of = (from: number, to: number, name = 'IncomingLogEvents') =>
      read(world, name, {LogGroupName}, {from, to, namespace: 'AWS/Logs'}) / world.count('checkout-api', from, to)
    const long = of(end - 20 * day, end - 19 * day)
    const recent = of(end - 3 * hour, end)
    expect(long / recent).toBeGreaterThan(0.8)
    expect(long / recent).toBeLessThan(1.25)
    expect(of(end - 20 * day, end - 19 * day, 'IncomingBytes') / long).toBeGreaterThan(60)
  })

  test('have generated functions’ counts exactly, however old, and their durations at that number', async () => {
    const {world} = await larder({scale: 3000})
    for (const index of [0, 7, 2000]) {
      const name = scaledName(index)
      const window = {from: end - 40 * day, to: end}
      const of = (metric: string, stat: string) => read(world, metric, {FunctionName: name}, {...window, stat})
      const count = world.count(name, window.from, window.to)
      expect(of('Invocations', 'Sum')).toBe(count)
      expect(of('Duration', 'SampleCount')).toBeCloseTo(count, 6)
      expect(of('Duration', 'Average')).toBeGreaterThan(30)
      expect(of('Duration', 'Average')).toBeLessThan(150)
    }
  })

  test('of the account are the sum of its functions', async () => {
    const {world} = await larder({scale: 300})
    const window = {from: end - 2 * day, to: end}
    for (const name of ['Invocations', 'Errors', 'Duration']) {
      const sum = world
        .functions()
        .reduce((total, each) => total + read(world, name, {FunctionName: each.name}, window), 0)
      expect(read(world, name, {}, window)).toBeCloseTo(sum, 3)
    }
  })

  test('of an account with very many functions are judged by a part of them', async () => {
    const {world} = await larder({scale: 100_000})
    const {world: own} = await larder()
    const window = {from: end - 30 * day, to: end}
    const generated = read(world, 'Invocations', {}, window) - read(own, 'Invocations', {}, window)
    // some 150 a day each
    expect(generated / 100_000 / 30).toBeGreaterThan(110)
    expect(generated / 100_000 / 30).toBeLessThan(210)
  })

  test('know nothing of what there is not', async () => {
    const {world} = await larder()
    const window = {from: end - day, to: end, stat: 'SampleCount'}
    expect(read(world, 'Invocations', {FunctionName: 'nobody'}, window)).toBe(0)
    expect(read(world, 'Invocations', {FunctionName: 'checkout-api', Resource: 'checkout-api:42'}, window)).toBe(0)
    expect(read(world, 'Invocations', {Resource: 'checkout-api:live'}, window)).toBe(0)
    expect(read(world, 'Invocations', {FunctionName: 'checkout-api', Stage: 'x'}, window)).toBe(0)
    expect(read(world, 'constructor', {FunctionName: 'checkout-api'}, window)).toBe(0)
    expect(read(world, 'constructor', {QueueName: 'orders-billing'}, {...window, namespace: 'AWS/SQS'})).toBe(0)
    expect(read(world, 'Nonsense', {LogGroupName: '/aws/lambda/inventory'}, {...window, namespace: 'AWS/Logs'})).toBe(0)
  })
})
