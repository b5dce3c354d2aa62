import type {STSClient} from '@aws-sdk/client-sts'
import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {type OpenQueryOptions, openQuery} from '../../../src/services/insights/open-query.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {type FakeInsightsOptions, fakeInsights} from './fake-insights.ts'

const end = Date.UTC(2026, 10, 20, 13)
const names = (count: number): string[] => Array.from({length: count}, (_, i) => `/app/g${String(i).padStart(3, '0')}`)

async function opened(
  count: number,
  query: string,
  fake: FakeInsightsOptions = {},
  differing: Partial<OpenQueryOptions> = {},
  signal = new AbortController().signal,
) {
  const groups = names(count)
  const aws = fakeInsights(Object.fromEntries(groups.map(name => [name, []])), fake)
  const notices: string[] = []
  const options = {
    query,
    start: end - 3_600_000,
    end,
    now: aws.clock.now(),
    limit: null,
    maxCostUSD: null,
    onNotice: (notice: string) => notices.push(notice),
    ...differing,
  }
  const named = query.startsWith('SOURCE') ? [] : groups
  const opening = await aws.fakeClock.outcome(openQuery([aws], {logGroups: named}, options, signal))
  return {aws, opening, notices, run: () => aws.fakeClock.outcome(opening.run())}
}

const lots = (logGroups: readonly string[]): Record<string, string>[] => [
  {'@log': logGroups[0] ?? '', slsops_0: String(logGroups.length)},
]

describe('a query', () => {
  test('over up to 50 log groups of one region is run exactly as it is written', async () => {
    const query = 'stats pct(@duration, 99) by bin(5m) # as it is'
    const {aws, opening, run} = await opened(50, query, {
      answer: () => [{'bin(5m)': '2026-11-20 12:05:00.000', 'pct(@duration, 99)': '1.5E2'}],
    })
    const answer = await run()
    expect(aws.queries.map(({queryString}) => queryString)).toEqual([query])
    expect(aws.queries[0]).toMatchObject({startTime: end / 1000 - 3600, endTime: end / 1000})
    expect(answer.columns).toEqual([
      {field: 'bin(5m)', kind: 'time'},
      {field: 'pct(@duration, 99)', kind: 'number'},
    ])
    expect(answer.rows).toEqual([[Date.UTC(2026, 10, 20, 12, 5), 150]])
    expect(opening.verdicts()).toEqual([])
  })

  test('of a time that none of its log groups keeps, or was there in, finds nothing there', async () => {
    const forgotten = awsError(
      'MalformedQueryException',
      "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings ([0,13])",
    )
    const {opening, run} = await opened(120, 'stats count(*) as n by @log | sort n desc', {
      quirk: ({operation, input}) =>
        operation === 'StartQuery' && (input['logGroupNames'] as string[]).includes('/app/g000')
          ? forgotten
          : undefined,
      answer: ({logGroups}) => lots(logGroups),
    })
    expect((await run()).rows).toHaveLength(2)
    expect(opening.verdicts()).toEqual([])
    const {run: runOne} = await opened(1, 'fields @message', {
      quirk: ({operation}) => (operation === 'StartQuery' ? forgotten : undefined),
    })
    expect((await runOne()).rows).toEqual([])
  })

  test('over more is run in lots, and put together', async () => {
    const {aws, opening, run} = await opened(120, 'stats count(*) as n by @log | sort n desc', {
      answer: ({logGroups}) => lots(logGroups),
    })
    const {rows, statistics} = await run()
    expect(aws.queries.map(({logGroups}) => logGroups.length)).toEqual([40, 40, 40])
    expect(rows).toEqual([
      ['/app/g000', 40],
      ['/app/g040', 40],
      ['/app/g080', 40],
    ])
    expect(statistics).toMatchObject({queries: 3, logGroups: 120})
    expect(opening.receipt(aws.clock.now(), new AbortController().signal)).toMatchObject({
      complete: true,
      sources: {total: 120, complete: 120},
      insights: {queries: 3},
    })
  })

  test('that cannot be put together is wrong usage only where it must be split', async () => {
    await expect(opened(51, 'stats count_distinct(x)')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('count_distinct'),
      hint: expect.stringContaining('take 2 queries'),
    })
  })

  test('that says itself what it reads takes no targets', async () => {
    const {run} = await opened(3, 'SOURCE logGroups() | stats count(*)', {answer: () => [{'count(*)': '3'}]})
    expect((await run()).rows).toEqual([[3]])
    const aws = fakeInsights({a: []})
    const options = {
      query: 'source logGroups() | limit 1',
      start: 0,
      end,
      now: end,
      limit: null,
      maxCostUSD: null,
      onNotice: () => {},
    }
    await expect(openQuery([aws], {logGroups: ['a']}, options, new AbortController().signal)).rejects.toMatchObject({
      exitCode: 2,
    })
  })

  test('that says itself what it reads is run once in an account that several profiles see', async () => {
    const query = 'SOURCE logGroups() | stats count(*) as n'
    const options = {query, start: end - 1, end, now: end, limit: null, maxCostUSD: null, onNotice: () => {}}
    const fake = fakeInsights({a: []}, {answer: () => [{slsops_0: '3'}]})
    const seen = (profile: string, region: string, account: string | null): Aws => ({
      ...fake,
      scope: {...fake.scope, profile, region, account: null},
      sts: async () => ({send: async () => ({Account: account ?? undefined})}) as unknown as STSClient,
    })
    const opening = await fake.fakeClock.outcome(
      openQuery(
        [
          seen('admin', 'eu-west-1', '111111111111'),
          seen('admin', 'us-east-1', '111111111111'),
          seen('reader', 'eu-west-1', '111111111111'),
          seen('other', 'eu-west-1', '222222222222'),
          seen('unknown', 'eu-west-1', null),
        ],
        {},
        options,
        new AbortController().signal,
      ),
    )
    expect(opening.plan.parts.map(({aws: {scope}}) => [scope.profile, scope.region])).toEqual([
      ['admin', 'eu-west-1'],
      ['admin', 'us-east-1'],
      ['other', 'eu-west-1'],
      ['unknown', 'eu-west-1'],
    ])
    expect(opening.notices).toEqual(['several profiles see the same account: it is queried once'])
    expect(opening.scopes.map(({account}) => account?.[0])).toEqual(['1', '1', '1', '2', undefined])
    expect((await fake.fakeClock.outcome(opening.run())).rows).toEqual([[12]])
  })

  test('of one part of a shared log group reads only the streams of it', async () => {
    const {restrictionOf} = await import('../../../src/services/insights/restriction.ts')
    const aws = fakeInsights({'/aws/lambda/pay': []})
    const functions = [{name: 'pay', arn: 'arn'}]
    const source = aws.source('/aws/lambda/pay', {functions, only: [{function: 'pay', version: '42'}]})
    const filter = restrictionOf([source]) ?? ''
    const pattern = new RegExp(/like \/(.*)\/$/.exec(filter)?.[1] ?? 'nothing')
    expect(pattern.test('2026/11/20/[42]0123456789abcdef0123456789abcdef')).toBe(true)
    expect(pattern.test('2026/11/20/pay[42]0123456789abcdef0123456789abcdef')).toBe(true)
    expect(pattern.test('2026/11/20/[$LATEST]0123456789abcdef0123456789abcdef')).toBe(false)
    const shared = aws.source('/shared', {
      functions: [...functions, {name: 'cart', arn: 'arn'}],
      only: [{function: 'pay', version: null}],
    })
    expect(restrictionOf([aws.source('x'), shared])).toBe(
      'filter (@log not like /:\\/shared$/ or @logStream like /^\\d{4}\\/\\d\\d\\/\\d\\d\\/(pay\\[[^\\]]+\\])/)',
    )
    expect(restrictionOf([aws.source('x')])).toBeNull()
  })
})

describe('what goes wrong', () => {
  test('sizes that nobody tells leave the cost unknown, which is to be allowed for many log groups and long windows', async () => {
    const monthAgo = {start: end - 30 * 86_400_000}
    const few = await opened(2, 'fields @message')
    expect([few.opening.estimate.costUSD, few.opening.costToAllow]).toEqual([null, 0])
    expect((await opened(51, 'fields @message')).opening.costToAllow).toBeNull()
    expect((await opened(1, 'fields @message', {}, monthAgo)).opening.costToAllow).toBeNull()
  })

  test('a fault in the query is pointed at, and nothing is left running', async () => {
    const malformed = Object.assign(awsError('MalformedQueryException', 'unexpected'), {
      queryCompileError: {
        location: {startCharOffset: 27, endCharOffset: 29},
        message: 'unexpected symbol found =',
      },
    })
    const {aws, run} = await opened(120, 'fields @message | filter x == 1', {
      quirk: ({operation}, nth) => (operation === 'StartQuery' && nth === 3 ? malformed : undefined),
    })
    const failure = run()
    await expect(failure).rejects.toMatchObject({exitCode: 2, message: expect.stringMatching(/==.*\n {2,}\^\^$/)})
    expect(aws.running).toEqual([])
  })

  test('one of several queries that fails is a gap of its log groups', async () => {
    const {opening, aws, run} = await opened(60, 'stats count(*) as n by @log', {
      answer: ({logGroups}) => lots(logGroups),
      statusOf: ({logGroups}) => (logGroups.includes('/app/g000') ? 'Failed' : 'Complete'),
    })
    expect((await run()).rows).toHaveLength(1)
    expect(opening.coverage().gaps).toHaveLength(30)
    expect(opening.verdicts()).toEqual([3])
    expect(opening.receipt(aws.clock.now(), new AbortController().signal)).toMatchObject({
      complete: false,
      sources: {total: 60, complete: 30},
    })
  })

  test('a refusal of all names the permission, exit 4', async () => {
    const {run} = await opened(2, 'stats count(*)', {
      quirk: ({operation}) =>
        operation === 'StartQuery'
          ? awsError('AccessDeniedException', 'not authorized to perform: logs:StartQuery')
          : undefined,
    })
    await expect(run()).rejects.toMatchObject({exitCode: 4, hint: expect.stringContaining('logs:StartQuery')})
  })

  test('a refusal of one log group leaves it out, as a gap', async () => {
    const {opening, run} = await opened(3, 'stats count(*) as n', {
      answer: ({logGroups}) => [{n: String(logGroups.length)}],
      quirk: ({operation, input}) =>
        operation === 'StartQuery' && JSON.stringify(input).includes('g001')
          ? awsError(
              'AccessDeniedException',
              'not authorized to perform: logs:StartQuery on resource: arn:aws:logs:eu-west-1:1:log-group:/app/g001:*',
            )
          : undefined,
    })
    expect((await run()).rows).toEqual([[2]])
    expect(opening.coverage().gaps).toMatchObject([{what: '/app/g001', reason: 'denied'}])
  })

  test('more than --max-cost pays for stops every query, and is a gap', async () => {
    const {aws, opening, run} = await opened(
      120,
      'stats count(*) as n by @log',
      {
        runMs: 1_000,
        answer: ({logGroups}) => Array.from({length: 3}, () => lots(logGroups)[0] ?? {}),
      },
      {maxCostUSD: 1e-9},
    )
    await run()
    expect(aws.running).toEqual([])
    expect(opening.coverage().gaps).toMatchObject([
      {reason: 'interrupted', detail: expect.stringContaining('--max-cost')},
    ])
  })

  test('that others use all of the account’s queries is said once', async () => {
    const {notices, run} = await opened(120, 'stats count(*) as n by @log', {
      answer: ({logGroups}) => lots(logGroups),
      quirk: ({operation}, nth) =>
        operation === 'StartQuery' && nth <= 5 ? awsError('LimitExceededException', 'limit') : undefined,
    })
    await run()
    expect(notices).toHaveLength(1)
  })

  test('Ctrl-C stops every query, and tells how far it came', async () => {
    const controller = new AbortController()
    const {aws, opening, run} = await opened(120, 'stats count(*) as n by @log', {runMs: 60_000}, {}, controller.signal)
    aws.fakeClock.at(aws.clock.now() + 3_000, () => controller.abort(new Error('Ctrl-C')))
    await expect(run()).rejects.toThrow('Ctrl-C')
    expect(aws.running).toEqual([])
    expect(opening.receipt(aws.clock.now(), controller.signal)).toMatchObject({
      complete: false,
      gaps: [{what: '3 of 3 queries', reason: 'interrupted'}],
    })
  })

  test('nothing found says whether there was anything to find', async () => {
    const empty = await opened(1, 'filter x = 1', {answer: () => []})
    await empty.run()
    expect(empty.opening.receipt(end, new AbortController().signal)?.notes.join()).toContain('no events in this window')
  })
})
