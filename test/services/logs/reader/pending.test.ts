import {expect, test} from 'vitest'
import {createPending} from '../../../../src/services/logs/pending.ts'
import {sourcedEvent as event, idsOf} from './fake-events.ts'

test('events wait until their time has come, and come in order', () => {
  const pending = createPending()
  for (const one of [event(5, 'e'), event(1, 'b'), event(1, 'a'), event(9, 'f')]) pending.add(one)
  expect(idsOf(pending.take(0))).toEqual([])
  expect(idsOf(pending.take(5))).toEqual(['a', 'b', 'e'])
  expect(pending.size).toBe(1)
  expect(idsOf(pending.take(9))).toEqual(['f'])
  expect(pending.size).toBe(0)
})

test('T12 an event dated into the future waits only for its ingestion', () => {
  const pending = createPending()
  pending.add(event(9_000_000, 'ahead', {ingestionTime: 5}))
  expect(idsOf(pending.take(4))).toEqual([])
  expect(idsOf(pending.take(5))).toEqual(['ahead'])
})

test('an event that comes after its time has passed comes with the next', () => {
  const pending = createPending()
  pending.add(event(5, 'a'))
  pending.take(10)
  pending.add(event(3, 'late'))
  expect(idsOf(pending.take(10))).toEqual(['late'])
})
