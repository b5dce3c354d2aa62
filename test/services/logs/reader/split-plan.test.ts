import {describe, expect, test} from 'vitest'
import {cutsFor} from '../../../../src/services/logs/split-plan.ts'
import {seeded} from './fake-log-groups.ts'

const second = 1000
const minute = 60 * second
const shard = {start: 0, end: 10 * minute, askFrom: 0, answers: 1, lastTimestamp: minute}
const room = {idle: 8, keepBytes: 48 * 2 ** 20}

describe('where a shard is cut', () => {
  test('nowhere while the budget has no room', () => {
    expect(cutsFor(shard, {...room, idle: 0})).toEqual([])
    expect(cutsFor(shard, {...room, idle: -3})).toEqual([])
  })

  test('into equal parts, one for each request that could be made', () => {
    expect(cutsFor(shard, {...room, idle: 2})).toEqual([4 * minute, 7 * minute])
  })

  test('into no more parts than pages are left', () => {
    expect(cutsFor({...shard, lastTimestamp: 4 * minute}, room)).toEqual([])
    expect(cutsFor({...shard, lastTimestamp: 3 * minute}, room)).toEqual([6.5 * minute])
  })

  test('in half where pages tell no density: empty ones, or of one millisecond', () => {
    expect(cutsFor({...shard, lastTimestamp: null}, room)).toEqual([5 * minute])
    expect(cutsFor({...shard, lastTimestamp: 0}, room)).toEqual([5 * minute])
    expect(cutsFor({...shard, lastTimestamp: null, end: 2 * second}, room)).toEqual([second])
  })

  test('nowhere below two seconds', () => {
    expect(cutsFor({...shard, lastTimestamp: null, end: 2 * second - 1}, room)).toEqual([])
    expect(cutsFor({...shard, lastTimestamp: 10 * minute - 1999}, room)).toEqual([])
  })

  test('into more parts where so many pages of one would fill the memory', () => {
    const dense = {...shard, lastTimestamp: second}
    expect(cutsFor(dense, room).length).toBeGreaterThan(cutsFor(dense, {...room, keepBytes: 2 ** 40}).length)
  })

  test.each([1, 2, 3])('always between what was read and the end, ascending (seed %i)', seed => {
    const random = seeded(seed)
    for (let i = 0; i < 2000; i++) {
      const start = Math.floor(random() * 1e6)
      const end = start + Math.floor(10 ** (random() * 9))
      const lastTimestamp = random() < 0.2 ? null : start + Math.floor(random() ** 3 * (end - start))
      const answers = 1 + Math.floor(random() * 50)
      const cuts = cutsFor(
        {start, end, askFrom: start, answers, lastTimestamp},
        {idle: Math.floor(random() * 40), keepBytes: Math.floor(10 ** (random() * 9))},
      )
      const bounds = [lastTimestamp ?? start, ...cuts, end + 1]
      expect(bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? bound))).toBe(true)
      expect(cuts.length).toBeLessThanOrEqual(63)
    }
  })
})
