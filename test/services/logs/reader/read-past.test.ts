import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {type Past, readPast, readPastTail} from '../../../../src/services/logs/read-past.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {type FakeInsightsOptions, fakeInsights} from '../../insights/fake-insights.ts'
import {createFakeClock} from './fake-clock.ts'
import {accessDenied, awsError, type FakeGroup, fakeAws, openBudget} from './fake-log-groups.ts'

const start = Date.UTC(2026, 10, 20, 12)
const minute = 60_000
const window = {start, end: start + 10 * minute}

const events = (name: string, count: number) =>
  Array.from({length: count}, (_, i) => ({timestamp: start + i * 1000, eventId: `${name}${i}`, message: `${name}${i}`}))

const rare: FakeGroup = {
  events: [],
  quirk: () => awsError('InvalidOperationException', 'Not supported for the INFREQUENT_ACCESS class'),
}

type Groups = Readonly<Record<string, FakeGroup>>

/** AWS where FilterLogEvents reads some groups, and Logs Insights all of them. */
function given(filtered: Groups, queried: Parameters<typeof fakeInsights>[0], options: FakeInsightsOptions = {}) {
  const clock = createFakeClock(window.end + 5 * minute)
  const filter = fakeAws(filtered, {clock, budget: openBudget(4)})
  const insights = fakeInsights(queried, {clock, ...options})
  const aws = {
    ...filter,
    budget: insights.budget,
    logs: async () => {
      const [one, other] = await Promise.all([filter.logs(), insights.logs()])
      // the other's way through the budget is not taken, where time waits for this one
      await filter.budget.read('', async () => undefined)
      const send = (command: Parameters<typeof one.send>[0], options: object): unknown =>
        (command.constructor.name === 'FilterLogEventsCommand' ? one : other).send(command, options)
      return {send} as unknown as CloudWatchLogsClient
    },
  }
  const source = (logGroup: string, differing: Partial<LogSource> = {}): LogSource =>
    filter.source(logGroup, {aws, ...differing})
  return {clock, insights, source}
}

const past = (byInsights: readonly LogSource[] = [], notes: string[] = []): Past => ({
  window,
  byInsights: new Set(byInsights),
  maySwitch: true,
  note: notice => void notes.push(notice),
})

const forEver = (): AbortSignal => new AbortController().signal

describe('a group of a class that nobody knew', () => {
  test('is queried, and its events are counted once', async () => {
    const {source} = given({a: {events: events('a', 30)}, rare}, {rare: events('r', 20)})
    const tally = createTally(2)
    const notes: string[] = []
    const sources = [source('a'), source('rare', {logGroupClass: null})]
    const read = await Array.fromAsync(readPast(sources, past([], notes), tally, forEver()))
    expect(read.flat()).toHaveLength(50)
    expect(tally).toMatchObject({events: 50, answered: 2, complete: 2, gaps: []})
    expect(notes).toEqual(['rare is of the Infrequent Access class: Logs Insights reads it'])
  })

  test('is queried for its newest events too', async () => {
    const {source} = given({a: {events: events('a', 30)}, rare}, {rare: events('r', 20)})
    const tally = createTally(2)
    const sources = [source('a'), source('rare', {logGroupClass: null})]
    const newest = await readPastTail(sources, past(), 25, tally, forEver())
    expect(newest).toHaveLength(25)
    expect(tally).toMatchObject({events: 25, answered: 2, complete: 2, gaps: []})
  })
})

describe('an abort', () => {
  test('of a read of the newest events is not over before the queries are stopped', async () => {
    const {clock, insights, source} = given(
      {a: {events: events('a', 30), latencyMs: () => 60_000}},
      {b: events('b', 20)},
      {runMs: 60_000},
    )
    const b = source('b', {logGroupClass: 'INFREQUENT_ACCESS'})
    const stop = new AbortController()
    clock.at(clock.now() + 5_000, () => stop.abort())
    const reading = readPastTail([source('a'), b], past([b]), 10, createTally(2), stop.signal)
    await expect(reading).rejects.toThrow()
    expect(insights.queries.map(({status}) => status)).toEqual(['Cancelled'])
  })
})

describe('where queries are not allowed', () => {
  const denied: FakeInsightsOptions = {
    quirk: ({operation}) => (operation === 'StartQuery' ? accessDenied() : undefined),
  }

  test('in one account, FilterLogEvents reads there, and the others are queried', async () => {
    const here = given({}, {a: events('a', 30)})
    const there = given({b: {events: events('b', 20)}}, {b: []}, {clock: here.clock, ...denied})
    const sources = [here.source('a'), there.source('b')]
    const tally = createTally(2)
    const read = await Array.fromAsync(readPast(sources, past(sources), tally, forEver()))
    expect(read.flat()).toHaveLength(50)
    expect(tally).toMatchObject({events: 50, answered: 2, complete: 2, gaps: []})
  })
})
