import {describe, expect, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {firstUsed, larder, minute} from './larder-world.ts'

async function emptyWorld() {
  const now = () => firstUsed
  return createWorld({seed: 1, now, company: 'empty', state: await openState({directory: null, now, seed: 1})})
}

describe('what clients write', () => {
  test('is all there is in an empty company', async () => {
    const world = await emptyWorld()
    expect(world.functions()).toEqual([])
    expect(world.stacks()).toEqual([])
    expect(world.alarms()).toEqual([])
    expect(world.logGroups()).toEqual([])
    world.createLogGroup('/app/one', {class: 'INFREQUENT_ACCESS', tags: {team: 'a'}})
    world.createLogStream('/app/one', 's-1')
    expect(world.logGroups()).toMatchObject([
      {
        name: '/app/one',
        class: 'INFREQUENT_ACCESS',
        createdAt: firstUsed,
        retentionInDays: null,
        storedBytes: 0,
        tags: {team: 'a'},
      },
    ])
    expect(world.logStreams('/app/one')).toEqual([
      {name: 's-1', createdAt: firstUsed, firstEventAt: null, lastEventAt: null, lastIngestedAt: null},
    ])
  })

  test('is read back unchanged, at once, in order', async () => {
    const world = await emptyWorld()
    world.createLogGroup('/app/one', {})
    world.createLogStream('/app/one', 's-1')
    world.putLogEvents('/app/one', 's-1', [
      {timestamp: firstUsed - 20, message: 'b \u001b[31m\r\n'},
      {timestamp: firstUsed - 30, message: 'a'},
    ])
    world.putLogEvents('/app/one', 's-1', [{timestamp: firstUsed - 20, message: 'b \u001b[31m\r\n'}])
    const events = world.logEvents('/app/one', firstUsed - minute, firstUsed)
    expect(events.map(each => each.message)).toEqual(['a', 'b \u001b[31m\r\n', 'b \u001b[31m\r\n'])
    expect(new Set(events.map(each => each.eventId)).size).toBe(3)
    expect(events.every(each => each.ingestionTime === firstUsed)).toBe(true)
    expect(world.logStreams('/app/one')).toMatchObject([
      {firstEventAt: firstUsed - 30, lastEventAt: firstUsed - 20, lastIngestedAt: firstUsed},
    ])
    expect(world.logGroup('/app/one')?.storedBytes).toBe(1 + 9 + 9 + 3 * 26)
  })

  test('is merged with what happens in the company', async () => {
    const {world} = await larder()
    const group = '/aws/lambda/cart-api'
    const before = world.logEvents(group, firstUsed - minute, firstUsed)
    world.createLogStream(group, 'mine')
    world.putLogEvents(group, 'mine', [{timestamp: firstUsed - 1000, message: 'hello'}])
    const after = world.logEvents(group, firstUsed - minute, firstUsed)
    expect(after.filter(each => each.logStream !== 'mine')).toEqual(before)
    expect(after.filter(each => each.logStream === 'mine')).toHaveLength(1)
    expect(world.logStreams(group).some(each => each.name === 'mine')).toBe(true)
  })
})
