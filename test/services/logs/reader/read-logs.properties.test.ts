import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {readLogs} from '../../../../src/services/logs/read-logs.ts'
import {cases} from '../../../fuzz.ts'
import {awsError, expected, type FakeGroup, openBudget, rateExceeded, told} from './fake-log-groups.ts'
import {begin, given, minute, second} from './following.ts'

// what is past and what comes, dated in steps of 20 ms so that many are of one millisecond
const times = fc.oneof(
  fc.array(
    fc.integer({min: -600, max: 9_000}).map(step => step * 20),
    {maxLength: 40},
  ),
  fc.array(fc.integer({min: -10 * minute, max: 3 * minute}), {maxLength: 40}),
  fc.array(fc.constantFrom(-2 * minute, -2 * minute - 1, -2 * minute + 1, -1, 0, 1, 1), {maxLength: 20}),
)
const oddity = fc.oneof(
  {weight: 8, arbitrary: fc.constant(undefined)},
  {weight: 2, arbitrary: fc.nat({max: 2}).map(atMost => ({atMost}))},
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'repeat token' as const,
      'repeat page' as const,
      awsError('InternalFailure', 'oops', 500),
      rateExceeded(),
    ),
  },
)
const group = fc
  .record({
    times,
    lags: fc.array(fc.oneof(fc.nat({max: 3 * second}), fc.nat({max: minute})), {minLength: 1, maxLength: 6}),
    // only once following has begun: what fails before is a gap
    oddities: fc.array(oddity, {minLength: 1, maxLength: 12}),
    latencies: fc.array(fc.oneof(fc.integer({min: 1, max: 300}), fc.nat({max: 8000})), {minLength: 1, maxLength: 6}),
  })
  .map(({times, lags, oddities, latencies}): ((name: string) => FakeGroup) => name => ({
    events: times.map((time, i) => {
      const lag = lags[i % lags.length] ?? 0
      const timestamp = begin + time
      return {
        timestamp,
        ingestionTime: timestamp + Math.floor(lag / 2),
        // what is read as past was there
        visibleAt: time < -2 * minute ? timestamp : timestamp + lag,
        eventId: `${name}-${(i * 7919) % 100}-${i}`,
        logStream: `stream-${i % 3}`,
      }
    }),
    quirk: ({at, nth}) =>
      at < begin + 20 * second || at > begin + 4 * minute ? undefined : oddities[nth % oddities.length],
    latencyMs: ({nth}) => latencies[nth % latencies.length] ?? 1,
  }))
const groups = fc
  .array(group, {minLength: 1, maxLength: 3})
  .map(all => Object.fromEntries(all.map((named, i) => [`group-${i}`, named(`group-${i}`)])))

test('T3 T4 T6 what is past, what comes and what comes late is given once each, the late ones marked, the others in order', async () => {
  const setting = fc.record({pageEvents: fc.integer({min: 5, max: 50}), spare: fc.integer({min: 1, max: 20})})
  await fc.assert(
    fc.asyncProperty(groups, setting, async (groups, {pageEvents, spare}) => {
      const aws = given(groups, {pageEvents, budget: openBudget(spare)})
      const controller = new AbortController()
      aws.fakeClock.at(begin + 8 * minute, () => controller.abort(new Error('interrupted')))
      const reading = {sources: aws.sources, start: begin - 10 * minute, end: null, follow: true, tail: null}
      const stream = readLogs(reading, controller.signal)
      const events: SourcedEvent[] = []
      await expect(async () => {
        for await (const step of stream) events.push(...step.events)
      }).rejects.toThrow('interrupted')
      expect(told(events).toSorted()).toEqual(expected(groups).toSorted())
      const inTime = told(events.filter(({late}) => !late))
      const those = new Set(inTime)
      expect(inTime).toEqual(expected(groups).filter(one => those.has(one)))
      expect(stream.tally).toMatchObject({events: events.length, late: events.length - inTime.length, gaps: []})
    }),
    cases(15),
  )
})
