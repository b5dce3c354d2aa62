import {describe, expect, test} from 'vitest'
import type {Invocation, World} from '../../../src/sandbox/world/world.ts'
import {firstUsed, hour, larder, minute} from './larder-world.ts'

const behindTheApi = ['checkout-api', 'cart-api', 'catalog-api', 'search']
/** A request is in the access log so many ms before its function starts. */
const apiLeadMs = 7

const everyInvocation = (world: World, from: number, to: number): readonly Invocation[] =>
  world.functions().flatMap(({name}) => world.invocations(name, from, to))

describe('sampling', () => {
  test('takes the first request of every second at the API, and one in twenty of those beyond', async () => {
    const {world} = await larder()
    const seconds = new Map<number, Invocation[]>()
    const requests = behindTheApi
      .flatMap(name => world.invocations(name, Math.floor(firstUsed / 1000) * 1000 - 12 * hour + apiLeadMs, firstUsed))
      .sort((x, y) => x.at - y.at)
    for (const request of requests) {
      const second = Math.floor((request.at - apiLeadMs) / 1000)
      seconds.set(second, [...(seconds.get(second) ?? []), request])
    }
    const groups = [...seconds.values()]
    expect(groups.filter(([first, next]) => !first?.sampled && first?.at !== next?.at)).toEqual([])
    const beyond = groups.flatMap(group => group.slice(1))
    expect(beyond.length).toBeGreaterThan(3000)
    expect(beyond.filter(({sampled}) => sampled).length / beyond.length).toBeCloseTo(0.05, 1.7)
  })

  test('is decided once for a trace: all that runs below what decided has the same answer', async () => {
    const {world} = await larder()
    const answers = new Map<string, Set<boolean>>()
    for (const {traceId, sampled} of everyInvocation(world, firstUsed - 2 * hour, firstUsed))
      answers.set(traceId, (answers.get(traceId) ?? new Set()).add(sampled))
    expect([...answers].filter(([, each]) => each.size > 1)).toEqual([])
  })

  test('leaves out a function that does not trace, unless what calls it does', async () => {
    const {world} = await larder()
    const sampled = (name: string) =>
      new Set(world.invocations(name, firstUsed - 6 * hour, firstUsed).map(each => each.sampled))
    expect(world.function('catalog-api')?.tracing).toBe('PassThrough')
    expect(sampled('catalog-api')).toEqual(new Set([true, false]))
    expect(sampled('clickstream-ingest')).toEqual(new Set([false]))
    expect(sampled('payments-webhook')).toEqual(new Set([false]))
  })

  test('is what the log says: REPORT of text, tracing of JSON', async () => {
    const {world} = await larder()
    const from = firstUsed - hour
    const logOf = (group: string) =>
      world
        .logEvents(group, from, firstUsed)
        .map(({message}) => message)
        .join('\n')
    const text = logOf('/aws/lambda/checkout-api')
    const reported = [
      ...text.matchAll(/REPORT RequestId: (\S+)[^\n]*\nXRAY TraceId: (\S+)\tSegmentId: \S+\tSampled: (\w+)/g),
    ]
    const invocations = new Map(
      world.invocations('checkout-api', from - minute, firstUsed).map(each => [each.requestId, each]),
    )
    expect(reported.length).toBeGreaterThan(500)
    for (const [, requestId = '', traceId, sampled] of reported)
      expect(invocations.get(requestId)).toMatchObject({traceId, sampled: sampled === 'true'})
    const json = logOf('/larder/fulfilment')
    const started = [
      ...json.matchAll(/"platform.report","record":\{"requestId":"([^"]+)".*Root=([^;]+);Parent=\w+;Sampled=(\d)/g),
    ]
    const slots = new Map(
      world.invocations('reserve-slot', from - minute, firstUsed).map(each => [each.requestId, each]),
    )
    expect(started.length).toBeGreaterThan(50)
    for (const [, requestId = '', traceId, sampled] of started)
      expect(slots.get(requestId)).toMatchObject({traceId, sampled: sampled === '1'})
  })

  test('stays as it was for what has happened when an alias is moved later, though other requests come then', async () => {
    const {world, clock} = await larder()
    const closed = () =>
      everyInvocation(world, firstUsed - 30 * minute, firstUsed).map(each => [each.requestId, each.sampled])
    const before = closed()
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {'40': 0.5}})
    world.updateAlias('cart-api', 'live', {version: '61'})
    clock.at = firstUsed + 10 * minute
    expect(closed()).toEqual(before)
  })
})
