import {describe, expect, test} from 'vitest'
import {type InsightsWindow, readByInsights} from '../../../src/services/insights/read-insights.ts'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../src/services/logs/source.ts'
import {createTally} from '../../../src/services/logs/tally.ts'
import {awsError, expiredCredentials} from '../logs/reader/fake-log-groups.ts'
import {type FakeInsights, type FakeInsightsOptions, fakeInsights, type StoredEvent} from './fake-insights.ts'

const start = Date.UTC(2026, 10, 20, 12)
const minute = 60_000
const window = {start, end: start + 10 * minute}

/** so many events from `start`, so far apart, in ms */
const every = (stepMs: number, count: number, name = 'e'): StoredEvent[] =>
  Array.from({length: count}, (_, i) => ({timestamp: start + i * stepMs, message: `${name}${i}`}))

async function read(
  aws: FakeInsights,
  differing: Partial<InsightsWindow> = {},
  sources: readonly LogSource[] = aws.sources,
) {
  const tally = createTally(sources.length)
  const reading = readByInsights(sources, {...window, ...differing}, tally, new AbortController().signal)
  const events = (await Array.fromAsync(reading)).flat()
  return {events, tally}
}

const messages = (events: readonly SourcedEvent[]): string[] => events.map(({message}) => message)

function expectedIn(
  groups: Record<string, readonly StoredEvent[]>,
  {start, end}: {start: number; end: number} = window,
) {
  return Object.entries(groups)
    .flatMap(([name, events]) => events.map(event => ({name, ...event})))
    .filter(({timestamp}) => timestamp >= start && timestamp <= end)
    .sort(
      (a, b) =>
        a.timestamp - b.timestamp || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.message < b.message ? -1 : 1),
    )
    .map(({message}) => message)
}

describe('every event comes once and in the contract’s order', () => {
  const groups = {a: every(700, 1_000, 'a'), b: every(700, 1_000, 'b'), c: every(1_300, 400, 'c')}

  test.each([true, false])(
    'whether or not the last second of a query includes its milliseconds (%s)',
    async includes => {
      const aws = fakeInsights(groups, {endIncludesMs: includes})
      const cut = {start: start + 1_234, end: start + 5 * minute + 777}
      const {events, tally} = await read(aws, cut)
      expect(messages(events)).toEqual(expectedIn(groups, cut))
      expect(tally).toMatchObject({answered: 3, complete: 3, events: events.length, gaps: []})
    },
  )

  test('over many slices and lots, a few rows at a time', async () => {
    const many = Object.fromEntries(
      Array.from({length: 120}, (_, i) => [`g${String(i).padStart(3, '0')}`, every(60_000, 60, `${i}-`)]),
    )
    const aws = fakeInsights(many)
    const hour = {start, end: start + 60 * minute}
    const {events, tally} = await read(aws, {...hour, keepBytes: 200_000})
    expect(messages(events)).toEqual(expectedIn(many, hour))
    expect(tally.complete).toBe(120)
    expect(aws.queries.length).toBeGreaterThan(3)
    expect(aws.queries.every(({logGroups}) => logGroups.length <= 50)).toBe(true)
    expect(aws.mostRunning).toBeLessThanOrEqual(25)
    expect(tally.insights).toMatchObject({queries: aws.queries.length})
  })

  test('many of one millisecond across pages are in order of their groups', async () => {
    const same = {
      a: Array(700).fill({timestamp: start, message: 'a'}),
      b: Array(700).fill({timestamp: start, message: 'b'}),
    }
    const {events} = await read(fakeInsights(same), {keepBytes: 100_000})
    expect(messages(events)).toEqual([...Array(700).fill('a'), ...Array(700).fill('b')])
  })

  test('the class decides which groups are asked together', async () => {
    const aws = fakeInsights({a: every(1_000, 5, 'a'), b: every(1_000, 5, 'b')})
    const sources = [
      aws.source('a'),
      aws.source('b', {logGroupClass: 'INFREQUENT_ACCESS'}),
      aws.source('d', {logGroupClass: 'DELIVERY'}),
    ]
    const {events, tally} = await read(aws, {}, sources)
    expect(events).toHaveLength(10)
    expect(aws.queries.map(({logGroups}) => logGroups)).toEqual([['a'], ['b']])
    expect(tally.gaps).toMatchObject([{what: 'd', reason: 'unsupported-class'}])
    expect(tally).toMatchObject({answered: 3, complete: 2})
  })

  test('a window without anything in it ends', async () => {
    const {events, tally} = await read(fakeInsights({a: []}))
    expect(events).toEqual([])
    expect(tally.complete).toBe(1)
    expect((await read(fakeInsights({a: []}), {end: start - 1})).events).toEqual([])
  })
})

describe('a filter pattern', () => {
  const groups = {
    a: ['ERROR one', 'WARN two', 'ERROR retry three', '{"level":"ERROR"}', 'x "quoted" y'].map((message, i) => ({
      timestamp: start + i,
      message,
    })),
  }

  test.each([
    ['ERROR -retry', ['ERROR one', '{"level":"ERROR"}'], /like "ERROR" \| filter @message not like "retry"/],
    ['?one ?two', ['ERROR one', 'WARN two'], /@message like "one" or @message like "two"/],
    ['{ $.level = "ERROR" }', ['{"level":"ERROR"}'], /@log \| sort/],
    ['"\\"quoted\\""', ['x "quoted" y'], /@log \| sort/],
    [
      '?one ERROR',
      ['ERROR one', 'ERROR retry three', '{"level":"ERROR"}'],
      /@log \| filter @message like "ERROR" \| sort/,
    ],
  ])('%s is exact, and AWS is told what it understands', async (filterPattern, expected, query) => {
    const aws = fakeInsights(groups)
    expect(messages((await read(aws, {filterPattern})).events)).toEqual(expected)
    expect(aws.queries[0]?.queryString).toMatch(query)
  })
})

describe('a window that reaches back before log groups were made, or before what they keep', () => {
  const hour = {start, end: start + 60 * minute}
  const refusesBefore =
    (from: number): NonNullable<FakeInsightsOptions['quirk']> =>
    ({operation, input}) =>
      operation === 'StartQuery' && Number(input['endTime']) * 1000 < from
        ? awsError(
            'MalformedQueryException',
            "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings ([0,98])",
          )
        : undefined

  test('is read all the same, with what is dated before they were made', async () => {
    const groups = {a: every(30_000, 120, 'a'), b: every(45_000, 80, 'b')}
    const aws = fakeInsights(groups, {quirk: refusesBefore(start + 40 * minute)})
    const {events, tally} = await read(aws, hour)
    expect(messages(events)).toEqual(expectedIn(groups, hour))
    expect(tally).toMatchObject({answered: 2, complete: 2, gaps: []})
  })

  test('and lies there altogether holds nothing', async () => {
    const aws = fakeInsights({a: []}, {quirk: refusesBefore(start + 120 * minute)})
    const {events, tally} = await read(aws, hour)
    expect(events).toEqual([])
    expect(tally).toMatchObject({answered: 1, complete: 1, gaps: []})
  })

  test('with more events there than one query answers becomes a gap of that time', async () => {
    const groups = {a: every(2, 150_000)}
    const aws = fakeInsights(groups, {quirk: refusesBefore(start + 4 * minute)})
    const {events, tally} = await read(aws, hour)
    expect(messages(events)).toEqual(expectedIn(groups).slice(-events.length))
    expect(events.length).toBeGreaterThan(30_000)
    expect(tally.gaps).toMatchObject([{what: 'a', reason: 'failed', detail: expect.stringContaining('creation time')}])
    expect(tally.complete).toBe(0)
  })
})

describe('a slice that fills up', () => {
  test('is cut finer by what it matched', async () => {
    const groups = {a: every(2, 250_000)}
    const aws = fakeInsights(groups)
    const {events, tally} = await read(aws)
    expect(events).toHaveLength(250_000)
    expect(events[249_999]?.message).toBe('e249999')
    expect(tally.gaps).toEqual([])
    expect(aws.queries.length).toBeGreaterThan(3)
  })

  test('within a second is cut by milliseconds', async () => {
    const groups = {
      a: Array.from({length: 150_000}, (_, i) => ({timestamp: start + Math.floor(i / 300), message: String(i)})),
    }
    const {events, tally} = await read(fakeInsights(groups))
    expect(events).toHaveLength(150_000)
    expect(new Set(messages(events)).size).toBe(150_000)
    expect(tally.gaps).toEqual([])
  })

  test('with more in a millisecond than is answered becomes a gap that says so', async () => {
    const groups = {a: Array.from({length: 1_010}, (_, i) => ({timestamp: start + 5, message: String(i)}))}
    const {events, tally} = await read(fakeInsights(groups, {mostRows: 1_000}))
    expect(events).toHaveLength(1_000)
    expect(tally.gaps).toMatchObject([
      {what: 'a', reason: 'failed', detail: expect.stringContaining('in one millisecond')},
    ])
    expect(tally.complete).toBe(0)
  })

  test('on a server that answers fewer rows than it was asked for goes on behind the last', async () => {
    const groups = {a: every(3, 5_000)}
    const {events, tally} = await read(fakeInsights(groups, {mostRows: 1_000}))
    expect(messages(events)).toEqual(expectedIn(groups))
    expect(tally.gaps).toEqual([])
  })
})

describe('what cannot be read', () => {
  test('is a gap, and the other groups of its query are read', async () => {
    const aws = fakeInsights({a: every(1_000, 3, 'a'), b: every(1_000, 3, 'b')})
    const sources = [aws.source('a'), aws.source('gone'), aws.source('b'), aws.source('never', {mayBeMissing: true})]
    const {events, tally} = await read(aws, {}, sources)
    expect(events).toHaveLength(6)
    expect(tally.gaps).toMatchObject([{what: 'gone', reason: 'missing'}])
    expect(tally).toMatchObject({complete: 2, missing: 1, answered: 4})
  })

  test('is a gap for all of a query where the server does not say which is not there, and none counts as empty', async () => {
    const unnamed = awsError('ResourceNotFoundException', 'The specified log group does not exist.')
    const aws = fakeInsights(
      {a: every(1_000, 3, 'a')},
      {quirk: ({operation}) => (operation === 'StartQuery' ? unnamed : undefined)},
    )
    const sources = [aws.source('a'), aws.source('never', {mayBeMissing: true})]
    const {tally} = await read(aws, {}, sources)
    expect(tally.gaps).toMatchObject(
      ['a', 'never'].map(what => ({what, reason: 'failed', detail: expect.stringContaining('does not say which')})),
    )
    expect(tally).toMatchObject({complete: 0, missing: 0, answered: 2})
  })

  test('for want of a permission names it', async () => {
    const denied = awsError(
      'AccessDeniedException',
      'User: x is not authorized to perform: logs:StartQuery on resource: arn:aws:logs:eu-west-1:123456789012:log-group:b:log-stream: because …',
    )
    const aws = fakeInsights(
      {a: every(1_000, 3, 'a'), b: every(1_000, 3, 'b')},
      {
        quirk: ({operation, input}) =>
          operation === 'StartQuery' && JSON.stringify(input).includes('"b"') ? denied : undefined,
      },
    )
    const {events, tally} = await read(aws)
    expect(events).toHaveLength(3)
    expect(tally.gaps).toMatchObject([
      {what: 'b', reason: 'denied', detail: expect.stringContaining('logs:StartQuery')},
    ])
  })

  test('because AWS ended the query is tried in smaller parts, then a gap of that time', async () => {
    const groups = {a: every(1_000, 600)}
    const aws = fakeInsights(groups, {
      statusOf: ({startTime, endTime}) =>
        startTime * 1000 <= start + 1_000 && endTime * 1000 >= start ? 'Failed' : 'Complete',
    })
    const {events, tally} = await read(aws)
    expect(events.length).toBeGreaterThan(400)
    expect(tally.gaps).toHaveLength(1)
    expect(tally.gaps[0]).toMatchObject({
      what: 'a',
      reason: 'failed',
      detail: expect.stringContaining('2026-11-20T12:00:00.000Z to'),
    })
  })

  test('tells of all the parts that AWS cannot do, in one gap a group', async () => {
    const ended = [start / 1000, start / 1000 + 300]
    const aws = fakeInsights(
      {a: every(700, 600, 'a')},
      {statusOf: ({startTime, endTime}) => (ended.some(at => startTime <= at && at < endTime) ? 'Failed' : 'Complete')},
    )
    const {tally} = await read(aws)
    expect(tally.gaps).toMatchObject([{what: 'a', reason: 'failed'}])
    expect(tally.gaps[0]?.detail).toMatch(
      /^[2-9] parts of 2026-11-20T12:00:00.000Z to 2026-11-20T12:0[5-9].*AWS ended the query as Failed$/,
    )
  })

  test('for want of credentials ends the read', async () => {
    const aws = fakeInsights({a: every(1_000, 3)}, {quirk: () => expiredCredentials()})
    await expect(read(aws)).rejects.toMatchObject({name: 'ExpiredTokenException'})
  })
})

describe('stopping', () => {
  test('ends every query at AWS, also when the reader has had enough', async () => {
    const aws = fakeInsights({a: every(1_000, 100)}, {runMs: 60_000})
    const controller = new AbortController()
    const reading = readByInsights(aws.sources, window, createTally(1), controller.signal)
    const next = reading.next().then(() => reading.next())
    next.catch(() => {})
    aws.fakeClock.at(aws.clock.now() + 5_000, () => controller.abort(new Error('Ctrl-C')))
    await expect(aws.fakeClock.outcome(next)).rejects.toThrow('Ctrl-C')
    expect(aws.running).toEqual([])
    expect(aws.asked.filter(({operation}) => operation === 'StopQuery')).toHaveLength(1)
  })

  test('the first events come while the rest is read', async () => {
    const groups = {a: every(10_000, 2_000)}
    const aws = fakeInsights(groups)
    const reading = readByInsights(
      aws.sources,
      {start, end: start + 300 * minute},
      createTally(1),
      new AbortController().signal,
    )
    const first = async (): Promise<SourcedEvent[]> => {
      for await (const batch of reading) if (batch.length > 0) return batch
      return []
    }
    expect((await aws.fakeClock.outcome(first()))[0]?.message).toBe('e0')
    expect(aws.running).toEqual([])
  })
})
