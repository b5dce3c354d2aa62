import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {firstUsed, hour, larder, minute} from './larder-world.ts'

async function twoWorlds() {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-worlds-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  const clock = {at: firstUsed}
  const now = () => clock.at
  const open = async () =>
    createWorld({seed: 1, now, company: 'larder', state: await openState({directory, now, seed: 1})})
  return {clock, open, one: await open(), other: await open()}
}

describe('log groups that clients make', () => {
  test('outlive their process, with their tags and retention', async () => {
    const {one, other, open} = await twoWorlds()
    one.createLogGroup('/aws/lambda/slsops-tune-x', {tags: {'slsops:run': 'r1'}})
    other.putRetention('/aws/lambda/slsops-tune-x', 1)
    other.tagLogGroup('/aws/lambda/slsops-tune-x', {a: '1', b: '2'})
    other.untagLogGroup('/aws/lambda/slsops-tune-x', ['a'])
    const expected = {
      name: '/aws/lambda/slsops-tune-x',
      class: 'STANDARD',
      createdAt: firstUsed,
      retentionInDays: 1,
      storedBytes: 0,
      tags: {'slsops:run': 'r1', b: '2'},
    }
    for (const world of [one, other, await open()]) {
      expect(world.logGroup('/aws/lambda/slsops-tune-x')).toEqual(expected)
      expect(world.logGroups()).toContainEqual(expected)
    }
  })

  test('are gone with what was in them, for every process', async () => {
    const {one, other} = await twoWorlds()
    one.createLogGroup('/mine', {})
    one.createLogStream('/mine', 's')
    one.putLogEvents('/mine', 's', [{timestamp: firstUsed, message: 'hello'}])
    other.deleteLogGroup('/mine')
    expect(one.logGroup('/mine')).toBeUndefined()
    expect(one.logGroups().map(({name}) => name)).not.toContain('/mine')
    other.createLogGroup('/mine', {})
    expect(one.logGroup('/mine')).toMatchObject({retentionInDays: null, tags: {}, storedBytes: 0})
    expect(one.logEvents('/mine', 0, firstUsed + hour)).toEqual([])
    expect(one.logStreams('/mine')).toEqual([])
  })
})

describe("a company's log group", () => {
  test('is kept for other days, and has other tags, but is still itself', async () => {
    const {world} = await larder()
    const before = world.logGroup('/aws/lambda/checkout-api')
    world.putRetention('/aws/lambda/checkout-api', 3)
    world.tagLogGroup('/aws/lambda/checkout-api', {mine: 'yes'})
    const [key = ''] = Object.keys(before?.tags ?? {})
    world.untagLogGroup('/aws/lambda/checkout-api', [key])
    const {[key]: _, ...kept} = before?.tags ?? {}
    expect(world.logGroup('/aws/lambda/checkout-api')).toEqual({
      ...before,
      retentionInDays: 3,
      tags: {...kept, mine: 'yes'},
    })
  })

  test('that is deleted is there again as soon as its function is invoked, without its past', async () => {
    const {world, clock} = await larder()
    const name = '/aws/lambda/checkout-api'
    const count = world.logGroups().length
    expect(world.logEvents(name, firstUsed - minute, firstUsed).length).toBeGreaterThan(0)
    world.deleteLogGroup(name)
    expect(world.logGroup(name)).toBeUndefined()
    expect(world.logGroups()).toHaveLength(count - 1)
    clock.at += 10 * minute
    const again = world.logGroup(name)
    expect(again).toMatchObject({retentionInDays: null, tags: {}})
    expect(again?.createdAt).toBeGreaterThan(firstUsed)
    expect(again?.createdAt).toBeLessThan(firstUsed + minute)
    expect(world.logGroups()).toContainEqual(again)
    const events = world.logEvents(name, firstUsed - hour, clock.at)
    expect(events.length).toBeGreaterThan(0)
    expect(Math.min(...events.map(({timestamp}) => timestamp))).toBeGreaterThan(firstUsed)
    expect(world.ingestedEvents(name, firstUsed - hour, firstUsed)).toEqual([])
  })

  test('that nothing writes to is gone for good when it is deleted', async () => {
    const {world, clock} = await larder()
    world.deleteLogGroup('/aws/lambda/clickstream-v1')
    clock.at += hour
    expect(world.logGroup('/aws/lambda/clickstream-v1')).toBeUndefined()
  })
})
