import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {type Page, readPage} from '../../../../src/services/logs/page.ts'
import {cases} from '../../../fuzz.ts'
import {createFakeClock} from './fake-clock.ts'
import {fakeAws, openBudget} from './fake-log-groups.ts'

const {aws, ...source} = fakeAws({g: {events: []}}, {clock: createFakeClock(0), budget: openBudget(0)}).source('g')

const answered = (body: string): Promise<Page> => {
  const send = async () => ({rawPage: Buffer.from(body)})
  const client = {...aws, logs: async () => ({send}) as unknown as CloudWatchLogsClient}
  return readPage({...source, aws: client}, {startTime: 0}, {signal: AbortSignal.any([])})
}

// what an answer itself is made of, so that a message may look like one
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"timestamp"',
        'nextToken',
        '},{"',
        '},{',
        '\\',
        '"',
        ':1',
        ',',
        ']',
        '"events":[',
        '\u2028',
        '漢',
        '😀',
      ),
      fc.string({unit: 'binary', maxLength: 5}),
      // beyond what is read at a time
      fc.constant('x'.repeat(20_000)),
    ),
    {maxLength: 6},
  )
  .map(parts => parts.join(''))

const keys = fc.shuffledSubarray(['logStreamName', 'timestamp', 'message', 'ingestionTime', 'eventId'], {minLength: 5})
const event = fc.record({
  logStreamName: fc.oneof(text, fc.constantFrom('timestamp', 'nextToken')),
  timestamp: fc.nat(),
  message: text,
  ingestionTime: fc.nat(),
  eventId: fc.oneof(text, fc.constant('1')),
})
const answer = fc.record({
  events: fc.array(event, {maxLength: 8}),
  nextToken: fc.option(fc.string({unit: 'grapheme-ascii', minLength: 1}).map(token => token.replaceAll(/["\\]/g, '/'))),
  searched: fc.array(fc.constantFrom('timestamp', 'nextToken', 'a', '},{"b'), {maxLength: 3}),
  order: fc.shuffledSubarray(['events', 'nextToken', 'searchedLogStreams'], {minLength: 3}),
  keys,
  indent: fc.constantFrom(0, 0, 2),
})

test('a page in bytes holds what it would hold as JSON, all at once and some at a time', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async ({events, nextToken, searched, order, keys, indent}) => {
      const inOrder = (record: object, keys: readonly string[]) =>
        Object.fromEntries(keys.map(key => [key, (record as Record<string, unknown>)[key]]))
      const searchedLogStreams = searched.map(logStreamName => ({logStreamName, searchedCompletely: true}))
      const whole = {events: events.map(event => inOrder(event, keys)), nextToken, searchedLogStreams}
      const body = JSON.stringify(inOrder(whole, order), null, indent)
      const page = await answered(body)
      expect(page.nextToken).toBe(nextToken)
      expect(page.lastTimestamp).toBe(events.at(-1)?.timestamp ?? null)
      const wanted = events.map(({logStreamName, ...event}) => ({...event, logStream: logStreamName}))
      expect(page.events()).toMatchObject(wanted)
      const read = []
      const slices = page.slices()
      for (let next = slices.next(); !next.done; next = slices.next()) read.push(...next.value)
      expect(read).toMatchObject(wanted)
    }),
    cases(300),
  )
})
