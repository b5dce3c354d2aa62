import {StartQueryCommand} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {createUse} from '../../../src/services/insights/insights-use.ts'
import {querySlots} from '../../../src/services/insights/query-slots.ts'
import {runQuery} from '../../../src/services/insights/run-query.ts'
import {awsError, rateExceeded} from '../logs/reader/fake-log-groups.ts'
import {type FakeInsights, type FakeInsightsOptions, fakeInsights} from './fake-insights.ts'

const start = Date.UTC(2026, 10, 20, 12)
const events = Array.from({length: 25_000}, (_, i) => ({timestamp: start + i, message: `e${i}`}))
const limitExceeded = () =>
  awsError('LimitExceededException', 'Account maximum query concurrency limit of [100] reached.')
const connectionReset = () => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})
const startedAndReset = () => Object.assign(connectionReset(), {after: true})

function given(options: FakeInsightsOptions = {}, signal = new AbortController().signal) {
  const aws = fakeInsights({g: events}, options)
  const use = createUse()
  let refusals = 0
  const run = () =>
    runQuery(
      {
        aws,
        queryString: 'fields @message | limit 100000',
        logGroups: ['g'],
        startTime: start / 1000,
        endTime: start / 1000 + 60,
      },
      {signal, use, onRefused: () => refusals++},
    )
  return {aws, use, run, refusals: () => refusals, stops: () => count(aws, 'StopQuery')}
}

const count = (aws: FakeInsights, operation: string): number =>
  aws.asked.filter(asked => asked.operation === operation).length

describe('a query', () => {
  test('is asked after until it is complete, and its pages are fetched when they are wanted', async () => {
    const {aws, run, use} = given({runMs: 20_000})
    const query = await run()
    expect(query.statistics.recordsMatched).toBe(25_000)
    expect(use).toEqual({queries: 1, recordsScanned: 25_000, bytesScanned: 25e6, costUSD: 0.000125})
    const polls = count(aws, 'GetQueryResults')
    expect(polls).toBeLessThan(20)
    const pages = await Array.fromAsync(query.pages(10_000, new AbortController().signal))
    expect(pages.map(page => page.length)).toEqual([10_000, 10_000, 5_000])
    expect(count(aws, 'GetQueryResults')).toBe(polls + 3)
    expect(querySlots(aws).running).toBe(0)
  })

  test('whose page token has grown old is read from the start, each row once', async () => {
    let stale = 1
    const {run} = given({
      quirk: ({input}) =>
        input['nextToken'] === '20000' && stale-- > 0
          ? awsError('InvalidParameterException', 'The specified nextToken is invalid.')
          : undefined,
    })
    const pages = await Array.fromAsync((await run()).pages(10_000, new AbortController().signal))
    expect(pages.flat()).toHaveLength(25_000)
    expect(pages.flat().at(-1)).toContainEqual({field: '@message', value: 'e24999'})
  })

  test.each(['Failed', 'Cancelled', 'Timeout', 'Unknown'])(
    'that ends as %s says so, and is not stopped again',
    async status => {
      const {run, stops} = given({statusOf: () => status})
      await expect(run()).rejects.toMatchObject({name: 'QueryEnded', status})
      expect(stops()).toBe(0)
    },
  )

  test('that cannot be asked after is stopped', async () => {
    const {aws, run} = given({
      runMs: 60_000,
      quirk: ({operation}) => (operation === 'GetQueryResults' ? awsError('AccessDeniedException', 'no') : undefined),
    })
    await expect(run()).rejects.toMatchObject({name: 'AccessDeniedException'})
    expect(aws.running).toEqual([])
  })

  test('that AWS does not know yet is asked after again', async () => {
    const {run} = given({
      quirk: ({operation}, nth) =>
        operation === 'GetQueryResults' && nth <= 2
          ? awsError('ResourceNotFoundException', 'no such query')
          : undefined,
    })
    expect((await run()).statistics.recordsMatched).toBe(25_000)
  })
})

describe('starting', () => {
  test('names log groups as every server that speaks AWS’s language understands it', async () => {
    const {aws, run} = given()
    await run()
    expect(aws.asked[0]).toMatchObject({operation: 'StartQuery', input: {logGroupNames: ['g']}})
    expect(aws.asked[0]?.input).not.toHaveProperty('logGroupIdentifiers')
  })

  test('waits while others run all queries that the account may, and runs fewer afterwards', async () => {
    const {aws, run, refusals} = given({
      quirk: ({operation}, nth) => (operation === 'StartQuery' && nth <= 4 ? limitExceeded() : undefined),
    })
    await run()
    expect(refusals()).toBe(4)
    expect(querySlots(aws).capacity).toBeLessThan(25)
    const times = aws.asked.filter(({operation}) => operation === 'StartQuery').map(({at}) => at)
    expect((times[4] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(15_000)
  })

  test('is given up when others run them all for ten minutes', async () => {
    const {run} = given({quirk: ({operation}) => (operation === 'StartQuery' ? limitExceeded() : undefined)})
    await expect(run()).rejects.toMatchObject({name: 'LimitExceededException'})
  })

  test('is tried again when throttled', async () => {
    const {aws, run} = given({
      quirk: ({operation}, nth) => (operation === 'StartQuery' && nth <= 3 ? rateExceeded() : undefined),
    })
    await run()
    expect(aws.queries).toHaveLength(1)
  })

  test('whose answer was lost takes the query that runs, and starts no other', async () => {
    const {aws, run} = given({
      runMs: 5_000,
      quirk: ({operation}, nth) => (operation === 'StartQuery' && nth === 1 ? startedAndReset() : undefined),
    })
    expect((await run()).statistics.recordsMatched).toBe(25_000)
    expect(aws.queries).toHaveLength(1)
  })

  test('that never arrived is tried again', async () => {
    const {aws, run} = given({
      quirk: ({operation}, nth) => (operation === 'StartQuery' && nth === 1 ? connectionReset() : undefined),
    })
    await run()
    expect(aws.queries).toHaveLength(1)
  })

  test('whose answer was lost fails where nobody may look whether it runs: better none than two', async () => {
    const {aws, run} = given({
      quirk: ({operation}) =>
        operation === 'StartQuery'
          ? startedAndReset()
          : operation === 'DescribeQueries'
            ? awsError('AccessDeniedException', 'no')
            : undefined,
    })
    await expect(run()).rejects.toMatchObject({code: 'ECONNRESET'})
    expect(aws.queries).toHaveLength(1)
  })

  describe('at AWS, where others run the same', () => {
    const text = 'fields @message | limit 100000'
    const inAccount = (options: FakeInsightsOptions) => {
      const fake = fakeInsights({g: events}, {runMs: 5_000, ...options})
      const aws: Aws = {...fake, scope: {...fake.scope, endpoint: 'aws'}}
      const window = {startTime: start / 1000, endTime: start / 1000 + 60}
      const run = (queryString = text) =>
        fake.fakeClock.outcome(
          runQuery(
            {aws, queryString, logGroups: ['g'], ...window},
            {signal: new AbortController().signal, use: createUse()},
          ),
        )
      const othersRun = async (queryString: string) =>
        fake.fakeClock.outcome(
          (await aws.logs()).send(new StartQueryCommand({logGroupNames: ['g'], queryString, ...window})),
        )
      return {aws: fake, run, othersRun}
    }
    const lostOnce = (failure: () => Error): NonNullable<FakeInsightsOptions['quirk']> => {
      let lost = 0
      return ({operation, input}) =>
        operation === 'StartQuery' && isOurs(input) && lost++ === 0 ? failure() : undefined
    }
    const isOurs = ({queryString}: Record<string, unknown>): boolean =>
      / slsops (?!0{8})[0-9a-f]{8}$/.test(String(queryString))

    test('is marked by a comment, and found by it where its answer was lost', async () => {
      const {aws, run, othersRun} = inAccount({quirk: lostOnce(startedAndReset)})
      await othersRun(text)
      await othersRun(`${text}\n# slsops 00000000`)
      await run()
      expect(aws.queries).toHaveLength(3)
      expect(aws.queries[2]?.queryString).toMatch(/^fields @message \| limit 100000\n# slsops [0-9a-f]{8}$/)
      expect(aws.asked.findLast(({operation}) => operation === 'GetQueryResults')?.input['queryId']).toBe('query-3')
    })

    test('takes none of another slsops: its own is started', async () => {
      const {aws, run, othersRun} = inAccount({quirk: lostOnce(connectionReset)})
      await othersRun(`${text}\n# slsops 00000000`)
      await run()
      expect(aws.queries).toHaveLength(2)
      expect(aws.queries.every(({status}) => status === 'Running')).toBe(true)
    })

    test('takes none without a mark, which may be a colleague’s, and starts none beside it', async () => {
      const {aws, run, othersRun} = inAccount({quirk: lostOnce(connectionReset)})
      await othersRun(text)
      await expect(run()).rejects.toMatchObject({code: 'ECONNRESET'})
      expect(aws.queries).toHaveLength(1)
      expect(count(aws, 'StopQuery')).toBe(0)
    })

    test('is left as it is where a mark would make it too long', async () => {
      const {aws, run} = inAccount({})
      const long = `${text} # ${'x'.repeat(9_960)}`
      await run(long)
      expect(aws.queries.map(({queryString}) => queryString)).toEqual([long])
    })
  })

  test('keeps to a share of what the account may run', async () => {
    const {aws, run} = given({runMs: 3_000, answer: () => []})
    await Promise.all(Array.from({length: 60}, run))
    expect(aws.mostRunning).toBe(25)
  })
})

describe('Ctrl-C', () => {
  test.each([5, 25, 400, 2_000])('after %i ms leaves no query running, and ends within half a second', async ms => {
    const controller = new AbortController()
    const {aws, run} = given({runMs: 60_000}, controller.signal)
    const stoppedAt = aws.clock.now() + ms
    aws.fakeClock.at(stoppedAt, () => controller.abort(new Error('Ctrl-C')))
    await expect(aws.fakeClock.outcome(run())).rejects.toThrow('Ctrl-C')
    expect(aws.clock.now() - stoppedAt).toBeLessThanOrEqual(500)
    await aws.clock.sleep(1_000)
    expect(aws.running).toEqual([])
    expect(querySlots(aws).running).toBe(0)
  })

  test('waits no longer than half a second for an AWS that does not answer', async () => {
    const controller = new AbortController()
    const {aws, run} = given({runMs: 60_000, latencyMs: 5_000}, controller.signal)
    const stoppedAt = aws.clock.now() + 1_000
    aws.fakeClock.at(stoppedAt, () => controller.abort(new Error('Ctrl-C')))
    await expect(aws.fakeClock.outcome(run())).rejects.toThrow('Ctrl-C')
    expect(aws.clock.now() - stoppedAt).toBe(500)
  })

  test('does not wait for a query that waits for its turn', async () => {
    const controller = new AbortController()
    const {aws, run} = given({runMs: 60_000}, controller.signal)
    const all = Array.from({length: 40}, run)
    aws.fakeClock.at(aws.clock.now() + 8_000, () => controller.abort(new Error('Ctrl-C')))
    const outcomes = await aws.fakeClock.outcome(Promise.allSettled(all))
    expect(outcomes.every(({status}) => status === 'rejected')).toBe(true)
    expect(aws.queries).toHaveLength(25)
    expect(aws.running).toEqual([])
  })
})
