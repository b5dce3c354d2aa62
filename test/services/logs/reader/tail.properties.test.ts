import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readTail} from '../../../../src/services/logs/tail.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {cases} from '../../../fuzz.ts'
import {given, minute, start, tenMinutes} from './closed-reading.ts'
import {expected, type FakeGroup, openBudget, told} from './fake-log-groups.ts'

const whole = 10 * minute
const group = fc
  .record({
    times: fc.array(fc.oneof(fc.nat({max: whole}), fc.constantFrom(0, 7, 7, whole)), {maxLength: 40}),
    // a token that comes back five times in a row is given up
    oddities: fc.array(fc.oneof(fc.nat({max: 2}), fc.constantFrom('repeat token', 'repeat page', undefined)), {
      maxLength: 5,
    }),
  })
  .map(({times, oddities}): ((name: string) => FakeGroup) => name => ({
    events: times.map((time, i) => ({
      timestamp: start + time,
      eventId: `${name}-${(i * 7919) % 100}-${i}`,
      logStream: `stream-${i % 2}`,
    })),
    quirk: ({nth}) => {
      const odd = oddities[nth - 1]
      return typeof odd === 'number' ? {atMost: odd} : odd
    },
  }))
const groups = fc
  .array(group, {minLength: 1, maxLength: 4})
  .map(all => Object.fromEntries(all.map((named, i) => [`group-${i}`, named(`group-${i}`)])))

test('T2 T13 T14 the newest events are the newest, each once, whatever the pages look like and whichever way they are read', async () => {
  const setting = fc.record({
    count: fc.oneof(fc.nat({max: 20}), fc.constant(1000)),
    pageEvents: fc.integer({min: 1, max: 9}),
    ignoresStartFromHead: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(groups, setting, async (groups, {count, ...server}) => {
      const aws = given(groups, {...server, budget: openBudget(3)})
      const tally = createTally(aws.sources.length)
      const reading = readTail(aws.sources, {...tenMinutes, count}, tally, AbortSignal.any([]))
      const events = told(await aws.fakeClock.outcome(reading))
      const all = expected(groups)
      expect(events).toEqual(all.slice(Math.max(0, all.length - count)))
      expect(tally).toMatchObject({answered: tally.groups, complete: tally.groups, gaps: []})
    }),
    cases(100),
  )
})
