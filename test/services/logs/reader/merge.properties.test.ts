import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {createMerge, type Lane} from '../../../../src/services/logs/merge.ts'
import {compareEvents, settle} from '../../../../src/services/logs/order.ts'
import {cases} from '../../../fuzz.ts'
import {sourcedEvent} from './fake-events.ts'

const text = fc.constantFrom('a', 'b', 'B', 'é', '')
/** Events of few times and names, so that most of what orders them is often equal. */
const anEvent = fc
  .record({timestamp: fc.nat({max: 4}), lag: fc.nat({max: 2}), logGroup: text, logStream: text, id: fc.nat({max: 5})})
  .map(({timestamp, lag, logGroup, logStream, id}) =>
    sourcedEvent(timestamp, `${id}`, {ingestionTime: timestamp + lag, logGroup, logStream}),
  )

/** The contract's key, as text that sorts as it does. */
const keyOf = ({timestamp, ingestionTime, source, logStream, eventId}: SourcedEvent): string =>
  [timestamp, ingestionTime, source.logGroup, logStream, eventId].join('\0')

const byKey = (a: SourcedEvent, b: SourcedEvent): number => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0)
const keys = (events: readonly SourcedEvent[]): readonly string[] => events.map(keyOf)

describe('T7 the contract’s order', () => {
  test('is that of (timestamp, ingestion time, log group, stream, event id)', () => {
    fc.assert(
      fc.property(anEvent, anEvent, (a, b) => {
        expect(Math.sign(compareEvents(a, b))).toBe(byKey(a, b))
        expect(Math.sign(compareEvents(b, a)) + byKey(a, b)).toBe(0)
      }),
      cases(500),
    )
  })

  test('is what an answer is put into, each event once, however a millisecond was answered', () => {
    fc.assert(
      fc.property(fc.array(anEvent, {maxLength: 30}), fc.boolean(), (events, sorted) => {
        // an id stands for one event of its group
        const ofOneGroup = events.map(event => ({
          ...event,
          source: sourcedEvent(0, null).source,
          eventId: keyOf(event),
        }))
        const answered = sorted ? ofOneGroup.toSorted((a, b) => a.timestamp - b.timestamp) : ofOneGroup
        const once = [...new Map(ofOneGroup.map(event => [event.eventId, event])).values()]
        expect(keys(settle([...answered]))).toEqual(keys(once.toSorted(byKey)))
      }),
      cases(500),
    )
  })
})

test('T7 a merge gives the sorted union of its lanes, however little of them is known at a time', () => {
  const lane = fc.record({
    events: fc.array(anEvent, {maxLength: 8}),
    // how many become known at a time
    portions: fc.array(fc.nat({max: 3}), {minLength: 1, maxLength: 5}),
  })
  fc.assert(
    fc.property(
      fc.array(lane, {maxLength: 6}),
      fc.array(fc.integer({min: 1, max: 4}), {minLength: 1}),
      (given, limits) => {
        const queues = given.map(({events}) => ({known: [] as SourcedEvent[], rest: events.toSorted(compareEvents)}))
        const lanes = queues.map(
          (queue): Lane => ({
            head: () => queue.known[0] ?? (queue.rest.length > 0 ? undefined : null),
            step: () => void queue.known.shift(),
          }),
        )
        const merge = createMerge(lanes)
        const merged: SourcedEvent[] = []
        for (let round = 0; !merge.finished; round++) {
          const limit = limits[round % limits.length] ?? 1
          const taken = merge.take(limit)
          merged.push(...taken)
          expect(taken.length).toBeLessThanOrEqual(limit)
          // it gives less than asked for only where it cannot know better
          const open = queues.filter(({known, rest}) => known.length === 0 && rest.length > 0)
          if (taken.length < limit) expect(open.length > 0 || queues.every(({known}) => known.length === 0)).toBe(true)
          if (taken.length < limit) expect(merge.unknown.size).toBe(open.length)
          for (const [i, {portions}] of given.entries()) {
            const portion = portions[round % portions.length] || (round > 50 ? 1 : 0)
            queues[i]?.known.push(...(queues[i]?.rest.splice(0, portion) ?? []))
          }
        }
        expect(keys(merged)).toEqual(keys(given.flatMap(({events}) => events).toSorted(byKey)))
      },
    ),
    cases(300),
  )
})
