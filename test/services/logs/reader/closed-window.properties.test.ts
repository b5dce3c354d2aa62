import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {cases} from '../../../fuzz.ts'
import {given, minute, read, start, tenMinutes} from './closed-reading.ts'
import {awsError, expected, type FakeGroup, openBudget, told} from './fake-log-groups.ts'

const whole = 10 * minute
const times = fc.oneof(
  {weight: 3, arbitrary: fc.array(fc.nat({max: whole}), {maxLength: 60})},
  {weight: 1, arbitrary: fc.array(fc.constantFrom(0, 1, 2, whole - 1, whole), {maxLength: 40})},
  // a burst
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat({max: whole - 50}), fc.array(fc.nat({max: 50}), {maxLength: 60}))
      .map(([at, offsets]) => offsets.map(offset => at + offset)),
  },
)

// few enough that no group is given up: eight restarts are forgiven
const oddities = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(null), fc.nat({max: 3})), {maxLength: 20}),
    fc.array(fc.constantFrom('repeat token' as const, 'repeat page' as const, 'stale' as const), {maxLength: 7}),
  )
  .chain(([short, odd]) => fc.shuffledSubarray([...short, ...odd], {minLength: short.length + odd.length}))

/** A group that answers its first calls as said: with so few events, with the token it was sent, or as if that were too old. */
const group = fc.record({
  times,
  lags: fc.array(fc.nat({max: 3}), {minLength: 1, maxLength: 5}),
  oddities,
  latencies: fc.array(fc.integer({min: 1, max: 500}), {minLength: 1, maxLength: 6}),
})
type Given = typeof group extends fc.Arbitrary<infer T> ? T : never

function groupOf(name: string, {times, lags, oddities, latencies}: Given): FakeGroup {
  return {
    events: times.map((time, i) => ({
      timestamp: start + time,
      ingestionTime: start + time + (lags[i % lags.length] ?? 0),
      eventId: `${name}-${(i * 7919) % 1000}-${i}`,
      logStream: `stream-${i % 3}`,
    })),
    quirk: ({nth, input}) => {
      const odd = oddities[nth - 1] ?? null
      if (typeof odd === 'number') return {atMost: odd}
      if (odd === null || input.nextToken === undefined) return undefined
      return odd === 'stale' ? awsError('InvalidParameterException', 'The specified nextToken is invalid.') : odd
    },
    latencyMs: ({nth}) => latencies[nth % latencies.length] ?? 1,
  }
}

const setting = fc.record({
  pageEvents: fc.integer({min: 1, max: 12}),
  spare: fc.nat({max: 30}),
  keepBytes: fc.constantFrom(0, 1000, 24 * 2 ** 20),
  modelled: fc.boolean(),
})
const groups = fc
  .array(group, {minLength: 1, maxLength: 4})
  .map(all => Object.fromEntries(all.map((one, i) => [`group-${i}`, groupOf(`group-${i}`, one)])))

describe('a closed window', () => {
  test('T1 T2 T7 T14 is read exactly, in order, whatever the pages look like', async () => {
    await fc.assert(
      fc.asyncProperty(groups, setting, async (groups, {pageEvents, spare, keepBytes, modelled}) => {
        const aws = given(groups, {pageEvents, modelled, budget: openBudget(spare)})
        const {events, tally} = await read(aws, {keepBytes})
        expect(tally.gaps).toEqual([])
        expect(events).toEqual(expected(groups))
        expect(tally).toMatchObject({answered: aws.sources.length, complete: aws.sources.length, events: events.length})
      }),
      cases(60),
    )
  })

  test('is given in order and without a repetition also where groups fail at any call', async () => {
    const failing = fc.record({group: fc.nat({max: 3}), nth: fc.integer({min: 1, max: 12}), denied: fc.boolean()})
    await fc.assert(
      fc.asyncProperty(groups, setting, fc.array(failing, {maxLength: 3}), async (groups, setting, failures) => {
        const broken = Object.fromEntries(
          Object.entries(groups).map(([name, group], i): [string, FakeGroup] => [
            name,
            {
              ...group,
              quirk: call => {
                const failure = failures.find(({group, nth}) => group === i && nth === call.nth)
                if (!failure) return group.quirk?.(call)
                return failure.denied
                  ? awsError('AccessDeniedException', 'no')
                  : awsError('InternalFailure', 'oops', 500)
              },
            },
          ]),
        )
        const aws = given(broken, {pageEvents: setting.pageEvents, budget: openBudget(setting.spare)})
        const {events, tally} = await read(aws, {keepBytes: setting.keepBytes})
        const failed = new Set(tally.gaps.map(({what}) => what))
        const all = expected(groups)
        const inOrder = events.map(event => all.indexOf(event))
        expect(inOrder).toEqual([...new Set(inOrder)].sort((a, b) => a - b))
        // the others are whole
        const sound = Object.fromEntries(Object.entries(groups).filter(([name]) => !failed.has(name)))
        const idsOfSound = new Set(expected(sound))
        expect(events.filter(event => idsOfSound.has(event))).toEqual(expected(sound))
        expect(tally.answered).toBe(aws.sources.length)
        expect(tally.complete + failed.size).toBe(aws.sources.length)
      }),
      cases(40),
    )
  })

  test('ends at once and leaves nothing in flight when it is interrupted, whenever that is', async () => {
    await fc.assert(
      fc.asyncProperty(groups, setting, fc.nat({max: 4000}), async (groups, {pageEvents, spare}, afterMs) => {
        const aws = given(groups, {pageEvents, budget: openBudget(spare)})
        const clock = aws.fakeClock
        const controller = new AbortController()
        clock.at(clock.now() + afterMs, () => controller.abort(new Error('interrupted')))
        const events: string[] = []
        const reading = async (): Promise<string> => {
          try {
            const batches = readClosedWindow(
              aws.sources,
              tenMinutes,
              createTally(aws.sources.length),
              controller.signal,
            )
            for await (const batch of batches) events.push(...told(batch))
            return 'read'
          } catch (error) {
            return (error as Error).message
          }
        }
        const outcome = await clock.outcome(reading())
        const all = expected(groups)
        expect(events).toEqual(all.slice(0, events.length))
        if (outcome === 'read') expect(events).toHaveLength(all.length)
        else expect(outcome).toBe('interrupted')
        expect(aws.inFlight).toBe(0)
      }),
      cases(40),
    )
  })

  test('that nobody reads to its end leaves nothing in flight', async () => {
    await fc.assert(
      fc.asyncProperty(groups, fc.nat({max: 5}), async (groups, batches) => {
        const aws = given(groups, {pageEvents: 3, budget: openBudget(9)})
        const readSome = async (): Promise<void> => {
          let left = batches
          for await (const _ of readClosedWindow(aws.sources, tenMinutes, createTally(1), AbortSignal.any([])))
            if (left-- === 0) return
        }
        await aws.fakeClock.outcome(readSome())
        await aws.fakeClock.sleep(1)
        expect(aws.inFlight).toBe(0)
      }),
      cases(20),
    )
  })
})
