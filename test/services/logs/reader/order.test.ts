import {describe, expect, test} from 'vitest'
import {compareEvents, settle} from '../../../../src/services/logs/order.ts'
import {sourcedEvent as event, idsOf} from './fake-events.ts'
import {seeded} from './fake-log-groups.ts'

describe('the contract’s order', () => {
  test('T7 is timestamp, ingestion time, log group, stream, event id', () => {
    const inOrder = [
      event(1, 'z', {ingestionTime: 9, logGroup: 'z', logStream: 'z'}),
      event(2, 'z', {ingestionTime: 3, logGroup: 'z', logStream: 'z'}),
      event(2, 'z', {ingestionTime: 4, logGroup: 'a', logStream: 'z'}),
      event(2, 'z', {ingestionTime: 4, logGroup: 'b', logStream: 'a'}),
      event(2, 'a', {ingestionTime: 4, logGroup: 'b', logStream: 'b'}),
      event(2, 'b', {ingestionTime: 4, logGroup: 'b', logStream: 'b'}),
    ]
    expect(inOrder.toReversed().sort(compareEvents)).toEqual(inOrder)
  })

  test('is by code unit, the same on every machine', () => {
    const named = ['B', 'Z', 'a', 'b', 'é', '漢'].map(logGroup => event(1, '1', {logGroup}))
    expect(named.toReversed().sort(compareEvents)).toEqual(named)
  })

  test('is total: any shuffle of events that differ comes out the same', () => {
    const random = seeded(7)
    const events = Array.from({length: 200}, (_, i) =>
      event(Math.floor(random() * 5), `${i}`, {
        ingestionTime: Math.floor(random() * 3),
        logGroup: `g${i % 3}`,
        logStream: `s${i % 2}`,
      }),
    )
    const shuffled = events
      .map(one => ({one, by: random()}))
      .sort((a, b) => a.by - b.by)
      .map(({one}) => one)
    expect(shuffled.sort(compareEvents)).toEqual(events.toSorted(compareEvents))
  })
})

describe('events as AWS answers them', () => {
  test('stay as they are where no two are of one millisecond', () => {
    const events = [event(1, 'b'), event(2, 'a'), event(3, 'c')]
    expect(settle([...events])).toEqual(events)
  })

  test('are sorted within a millisecond', () => {
    expect(idsOf(settle([event(1, 'c'), event(2, 'b'), event(2, 'a'), event(3, 'd')]))).toEqual(['c', 'a', 'b', 'd'])
  })

  test('are kept once where one id stands twice in a millisecond', () => {
    expect(idsOf(settle([event(1, 'a'), event(1, 'b'), event(1, 'a'), event(1, 'b')]))).toEqual(['a', 'b'])
  })

  test('T16 are all kept where they only look alike, or have no id', () => {
    expect(settle([event(1, 'a', {message: 'x'}), event(1, 'b', {message: 'x'})])).toHaveLength(2)
    expect(settle([event(1, null, {message: 'x'}), event(1, null, {message: 'x'})])).toHaveLength(2)
  })

  test('are sorted where a server does not keep the order it promised', () => {
    expect(idsOf(settle([event(3, 'c'), event(1, 'a'), event(2, 'b')]))).toEqual(['a', 'b', 'c'])
  })
})
