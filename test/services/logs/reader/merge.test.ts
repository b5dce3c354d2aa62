import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {createMerge, type Lane} from '../../../../src/services/logs/merge.ts'
import {compareEvents} from '../../../../src/services/logs/order.ts'
import {sourcedEvent as event, idsOf} from './fake-events.ts'
import {seeded} from './fake-log-groups.ts'

/** A lane that knows only as much as it was given. */
function laneOf(events: readonly SourcedEvent[]) {
  const known = [...events]
  let over = true
  const lane: Lane = {head: () => known[0] ?? (over ? null : undefined), step: () => void known.shift()}
  return {
    lane,
    knowsMore(...more: readonly SourcedEvent[]) {
      known.push(...more)
    },
    goesOn() {
      over = false
    },
    ends() {
      over = true
    },
  }
}

describe('a merge', () => {
  test.each([1, 2, 3, 4, 5])('of any lanes is their sorted union (seed %i)', seed => {
    const random = seeded(seed)
    const lanes = Array.from({length: Math.floor(random() * 20)}, (_, lane) =>
      Array.from({length: Math.floor(random() * 50)}, (_, i) => event(Math.floor(random() * 100), `${lane}-${i}`)).sort(
        compareEvents,
      ),
    )
    const merge = createMerge(lanes.map(events => laneOf(events).lane))
    const merged: SourcedEvent[] = []
    while (!merge.finished) merged.push(...merge.take(1 + Math.floor(random() * 9)))
    expect(merged).toEqual(lanes.flat().sort(compareEvents))
  })

  test('gives nothing while the next event of any lane is not known', () => {
    const waiting = laneOf([])
    waiting.goesOn()
    const merge = createMerge([laneOf([event(1, 'a')]).lane, waiting.lane])
    expect(merge.take(10)).toEqual([])
    expect([...merge.unknown]).toEqual([waiting.lane])
    expect(merge.finished).toBe(false)
    waiting.knowsMore(event(0, 'b'))
    expect(idsOf(merge.take(10))).toEqual(['b'])
    waiting.ends()
    expect(idsOf(merge.take(10))).toEqual(['a'])
    expect(merge.finished).toBe(true)
  })

  test('gives no more than it is asked for', () => {
    const merge = createMerge([laneOf([event(1, 'a'), event(2, 'b'), event(3, 'c')]).lane])
    expect([merge.take(2).length, merge.take(2).length, merge.take(2).length]).toEqual([2, 1, 0])
  })

  test('of nothing is finished', () => {
    expect(createMerge([])).toMatchObject({finished: true})
    const empty = createMerge([laneOf([]).lane])
    expect(empty.take(1)).toEqual([])
    expect(empty.finished).toBe(true)
  })
})
