import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {createEventCopies} from '../../../../src/services/logs/event-copies.ts'
import {sourcedEvent} from './fake-events.ts'

const event = (timestamp: number, message: string, ingestionTime = timestamp) =>
  sourcedEvent(timestamp, null, {message, ingestionTime})

describe('copies of events', () => {
  test('whatever frames and sweeps bring, and however often, each event is shown as often as it is there', () => {
    const kinds = 4
    const frame = fc.record({
      by: fc.constant('frame' as const),
      most: fc.array(fc.nat(3), {minLength: kinds, maxLength: kinds}),
    })
    const sweep = fc.record({by: fc.constant('sweep' as const), kind: fc.nat(kinds - 1)})
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), {minLength: kinds, maxLength: kinds}),
        fc.array(fc.oneof(frame, sweep)),
        (truth, deliveries) => {
          const copies = createEventCopies()
          const shown = truth.map(() => 0)
          const left = [...truth]
          const show = (kind: number, isMore: boolean) => {
            if (isMore) shown[kind] = (shown[kind] ?? 0) + 1
          }
          const sweepOne = (kind: number) => {
            if ((left[kind] ?? 0) === 0) return
            left[kind] = (left[kind] ?? 0) - 1
            show(kind, copies.bySweep(event(1, `kind ${kind}`)))
          }
          for (const [number, delivery] of deliveries.entries()) {
            if (delivery.by === 'sweep') sweepOne(delivery.kind)
            else
              for (const [kind, most] of delivery.most.entries())
                for (let i = 0; i < Math.min(most, truth[kind] ?? 0); i++)
                  show(kind, copies.byFrame(event(1, `kind ${kind}`), number + 1))
            for (const [kind, count] of shown.entries()) expect(count).toBeLessThanOrEqual(truth[kind] ?? 0)
          }
          for (const kind of truth.keys()) while ((left[kind] ?? 0) > 0) sweepOne(kind)
          expect(shown).toEqual(truth)
        },
      ),
    )
  })

  test.each([
    ['timestamp', event(2, 'a')],
    ['ingestion time', event(1, 'a', 2)],
    ['message', event(1, 'b')],
    ['log stream', {...event(1, 'a'), logStream: 'other'}],
  ])('events that differ in their %s are different ones', (_in, other) => {
    const copies = createEventCopies()
    expect(copies.byFrame(event(1, 'a'), 1)).toBe(true)
    expect(copies.byFrame(other, 1)).toBe(true)
    expect(copies.size).toBe(2)
  })

  test('what is both old and came in long ago is forgotten', () => {
    const copies = createEventCopies()
    copies.byFrame(event(10, 'old'), 1)
    copies.byFrame(event(10, 'old, but came in late', 90), 1)
    copies.byFrame(event(60, 'new'), 1)
    copies.forget(50, 80)
    expect(copies.size).toBe(2)
    expect(copies.byFrame(event(10, 'old, but came in late', 90), 2)).toBe(false)
  })
})
