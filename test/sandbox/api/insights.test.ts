import {
  CloudWatchLogsClient,
  DescribeQueriesCommand,
  FilterLogEventsCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandInput,
  type GetQueryResultsCommandOutput,
  LimitExceededException,
  MalformedQueryException,
  ResourceNotFoundException,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import type {ServeOptions} from '../../../src/sandbox/server.ts'
import {makeEvent, makeEvents, noon, type WorldParts} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'
import {larder} from '../world/larder-world.ts'

const [pay, cart] = ['/aws/lambda/pay', '/aws/lambda/cart']
const hour = 3_600_000
const noonSeconds = noon / 1000

type Asked = Partial<StartQueryCommandInput>

/** A server, its client, and its operations with what most queries have in common; `clock.at` is what queries go on by. */
async function insights(parts: WorldParts, options: Partial<ServeOptions> = {}) {
  const clock = {at: 0}
  const {connect} = await serve(parts, {clock: () => clock.at, ...options})
  const client = connect(CloudWatchLogsClient)
  const start = async (asked: Asked = {}) => {
    const named = asked.logGroupNames ?? asked.logGroupIdentifiers ?? asked.queryString?.match(/^SOURCE/)
    const {queryId} = await client.send(
      new StartQueryCommand({
        ...(!named && {logGroupName: pay}),
        startTime: noonSeconds - 3600,
        endTime: noonSeconds,
        queryString: 'fields @message',
        ...asked,
      }),
    )
    return queryId ?? ''
  }
  const look = (queryId: string, more: Partial<GetQueryResultsCommandInput> = {}) =>
    client.send(new GetQueryResultsCommand({queryId, ...more}))
  const stop = (queryId: string) => client.send(new StopQueryCommand({queryId}))
  const finish = async (asked?: Asked) => {
    const queryId = await start(asked)
    clock.at += hour
    return {queryId, ...(await look(queryId))}
  }
  return {client, clock, connect, start, look, stop, finish}
}

const rowsOf = ({results = []}: Pick<GetQueryResultsCommandOutput, 'results'>) =>
  results.map(row => Object.fromEntries(row.map(({field, value}) => [field, value])))
const messagesOf = (answer: Pick<GetQueryResultsCommandOutput, 'results'>) => rowsOf(answer).map(row => row['@message'])

const two: WorldParts = {
  groups: [
    {name: pay, events: makeEvents(5, 1000)},
    {name: cart, events: makeEvents(3, 1000, noon - 90_000)},
  ],
}

describe('what a query finds', () => {
  test('rows of strings, a pointer last, and statistics', async () => {
    const {finish} = await insights(two)
    const {status, results, statistics, queryLanguage, nextToken} = await finish({
      queryString: 'fields @timestamp, @log, nothing | filter @message like "event" | limit 2',
    })
    expect([status, queryLanguage, nextToken]).toEqual(['Complete', 'CWLI', undefined])
    expect(results?.map(row => row.map(({field}) => field))).toEqual([
      ['@timestamp', '@log', '@ptr'],
      ['@timestamp', '@log', '@ptr'],
    ])
    expect(results?.[0]?.slice(0, 2).map(({value}) => value)).toEqual([
      '2026-08-10 11:59:00.000',
      `123456789012:${pay}`,
    ])
    const bytes = makeEvents(5, 1000).reduce((sum, {message}) => sum + message.length, 0)
    expect(statistics).toEqual({
      recordsMatched: 5,
      recordsScanned: 5,
      bytesScanned: bytes,
      estimatedRecordsSkipped: 0,
      estimatedBytesSkipped: 0,
      logGroupsScanned: 1,
      resultCount: 2,
    })
  })

  test('T14 both ends are seconds, and the last one counts to its last millisecond', async () => {
    const times = [-1001, -1000, -1, 0, 999, 1000].map(ms => noon - hour + ms)
    const events = times.map((timestamp, order) =>
      makeEvent({timestamp, order, message: String(timestamp - noon + hour)}),
    )
    const {finish} = await insights({groups: [{name: pay, events}]})
    const found = await finish({startTime: noonSeconds - 3601, endTime: noonSeconds - 3600})
    expect(messagesOf(found)).toEqual(['999', '0', '-1', '-1000'])
  })

  test('an event that was not ingested when the query began is not found', async () => {
    const events = [makeEvent({timestamp: noon - 2000}), makeEvent({timestamp: noon - 1000, ingestionTime: noon + 1})]
    let now = noon
    const {clock, start, look} = await insights({groups: [{name: pay, events}], now: () => now})
    const queryId = await start()
    now = noon + 1
    clock.at += hour
    expect((await look(queryId)).results).toHaveLength(1)
  })

  test('many groups by name, by ARN, or by SOURCE, newest first through all of them', async () => {
    const {finish} = await insights(two)
    const arn = (name: string) => `arn:aws:logs:eu-west-1:123456789012:log-group:${name}`
    const queryString = 'fields @log | limit 7'
    const expected = [...Array(5).fill(`123456789012:${pay}`), ...Array(2).fill(`123456789012:${cart}`)]
    for (const asked of [
      {logGroupNames: [cart, pay, pay], queryString},
      {logGroupIdentifiers: [arn(cart), pay], queryString},
      {queryString: `SOURCE logGroups(namePrefix: ['/aws/lambda/']) | ${queryString}`},
      {queryString: `SOURCE logGroups(accountIdentifiers: ['123456789012']) | ${queryString}`},
    ]) {
      const found = await finish(asked)
      expect(rowsOf(found).map(row => row['@log'])).toEqual(expected)
      expect(found.statistics?.logGroupsScanned).toBe(2)
    }
  })

  test('SOURCE leaves Infrequent Access out unless its class is named, and other accounts have nothing', async () => {
    const {finish} = await insights({
      groups: [
        {name: pay, events: makeEvents(1, 1)},
        {name: cart, class: 'INFREQUENT_ACCESS', events: makeEvents(2, 1)},
        {name: '/aws/lambda/x', class: 'DELIVERY', events: makeEvents(4, 1)},
      ],
    })
    const counted = async (source: string) => (await finish({queryString: `SOURCE ${source}`})).results?.length
    expect(await counted('logGroups()')).toBe(1)
    expect(await counted("logGroups(class: ['INFREQUENT_ACCESS'])")).toBe(2)
    expect(await counted("logGroups(class: ['INFREQUENT_ACCESS', 'STANDARD'])")).toBe(3)
    expect(await counted("logGroups(accountIdentifiers: ['210987654321'])")).toBe(0)
  })

  test('an Infrequent Access group can be queried by name', async () => {
    const {finish} = await insights({groups: [{name: pay, class: 'INFREQUENT_ACCESS', events: makeEvents(2, 1)}]})
    expect((await finish()).results).toHaveLength(2)
  })

  test('a group without events in the window completes with nothing', async () => {
    const {finish} = await insights({groups: [{name: pay}]})
    expect(await finish()).toMatchObject({status: 'Complete', results: [], statistics: {recordsScanned: 0}})
  })

  test('a pointer leads to the whole event', async () => {
    const message = '{"a":{"b":1},"note":"ü"}'
    const {client, finish} = await insights({
      groups: [{name: pay, events: [makeEvent({timestamp: noon - 5000, message})]}],
    })
    const pointer = rowsOf(await finish())[0]?.['@ptr'] ?? ''
    const {logRecord} = await client.send(new GetLogRecordCommand({logRecordPointer: pointer}))
    expect(logRecord).toEqual({
      '@timestamp': String(noon - 5000),
      '@ingestionTime': String(noon - 4500),
      '@message': message,
      '@log': `123456789012:${pay}`,
      '@logStream': '2026/08/10/[$LATEST]aa',
      '@ptr': pointer,
      'a.b': '1',
      note: 'ü',
    })
    const record = (logRecordPointer: string) => refusal(client.send(new GetLogRecordCommand({logRecordPointer})))
    const elsewhere = Buffer.from(JSON.stringify([pay, noon, 'x'])).toString('base64')
    expect(await record('nonsense')).toMatchObject({name: 'InvalidParameterException'})
    expect(await record(elsewhere)).toMatchObject({name: 'ResourceNotFoundException'})
  })
})

describe('the life of a query', () => {
  const spread = {groups: [{name: pay, events: makeEvents(360, 10_000, noon - 1000)}]}

  test('Scheduled, then Running with ever more of it, then Complete, by the server’s clock', async () => {
    const {clock, start, look} = await insights(spread, {faults: [{kind: 'query-slow', ms: 60_000}]})
    const queryId = await start({queryString: 'stats count(*) as n'})
    expect(await look(queryId)).toMatchObject({status: 'Scheduled', results: [], statistics: {recordsScanned: 0}})
    const seen: number[] = []
    for (const at of [10_000, 30_000, 50_000]) {
      clock.at = at
      const {status, statistics, results, nextToken} = await look(queryId)
      expect([status, nextToken]).toEqual(['Running', undefined])
      expect(results?.[0]?.[0]?.value).toBe(String(statistics?.recordsScanned))
      seen.push(statistics?.recordsScanned ?? 0)
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen)
    expect(seen[0]).toBeGreaterThan(0)
    expect(seen[0]).toBeLessThan(360)
    clock.at = 62_000
    expect(await look(queryId)).toMatchObject({status: 'Complete', statistics: {recordsScanned: 360}})
  })

  test('it takes as long as the last time, and the same comes out, however often it is looked at', async () => {
    const {clock, start, look} = await insights(spread)
    const lives: string[][] = []
    const ends: unknown[] = []
    for (let round = 0; round < 2; round++) {
      const begun = clock.at
      const queryId = await start()
      const life: string[] = []
      let answer = await look(queryId)
      for (; answer.status !== 'Complete'; answer = await look(queryId)) {
        life.push(`${clock.at - begun} ${answer.status}`)
        clock.at += 150
      }
      lives.push(life)
      ends.push([answer.results, answer.statistics])
    }
    expect(lives[0]).toEqual(lives[1])
    expect(ends[0]).toEqual(ends[1])
    expect(lives[0]?.length).toBeGreaterThan(1)
  })

  test('where the clock stands still, looking at it brings it on', async () => {
    const {start, look} = await insights(two)
    const queryId = await start()
    const statuses: (string | undefined)[] = []
    do statuses.push((await look(queryId)).status)
    while (statuses.at(-1) !== 'Complete' && statuses.length < 20)
    expect(statuses.at(0)).toBe('Scheduled')
    expect(statuses.at(-1)).toBe('Complete')
  })

  test('looked at by many at once, it counts nothing twice', async () => {
    const {clock, start, look} = await insights(spread)
    const queryId = await start({queryString: 'stats count(*) as n'})
    clock.at = hour
    const answers = await Promise.all(Array.from({length: 5}, () => look(queryId)))
    expect(answers.map(answer => rowsOf(answer)[0]?.['n'])).toEqual(Array(5).fill('360'))
  })

  test('what comes out does not depend on when it was looked at', async () => {
    // The same moments in both groups: only their names can tell which comes first.
    const events = makeEvents(360, 10_000, noon - 1000)
    const {clock, start, look} = await insights({
      groups: [
        {name: pay, events},
        {name: cart, events},
      ],
    })
    const asked = {logGroupNames: [pay, cart], queryString: 'fields @log, @timestamp | limit 101'}
    const ends: unknown[] = []
    for (const pace of [37, hour]) {
      const queryId = await start(asked)
      let answer = await look(queryId)
      for (; answer.status !== 'Complete'; answer = await look(queryId)) clock.at += pace
      ends.push(answer.results)
    }
    expect(ends[0]).toEqual(ends[1])
  })

  test('stopped, it is Cancelled and keeps what it has; a second time there is nothing to stop', async () => {
    const {clock, start, look, stop} = await insights(spread, {faults: [{kind: 'query-slow', ms: 60_000}]})
    const queryId = await start()
    clock.at = 10_000
    const found = (await look(queryId)).results?.length
    expect((await stop(queryId)).success).toBe(true)
    clock.at = hour
    expect(await look(queryId)).toMatchObject({status: 'Cancelled', results: {length: found}})
    expect(await refusal(stop(queryId))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Query is not in Running or Scheduled state',
    })
  })

  test('what is complete cannot be stopped', async () => {
    const {finish, stop} = await insights(two)
    const {queryId} = await finish()
    expect(await refusal(stop(queryId))).toMatchObject({name: 'InvalidParameterException'})
  })

  test('what nobody started is not found, nor what was started in another region', async () => {
    const {connect, finish, look, stop} = await insights(two)
    const {queryId} = await finish()
    await expect(look('d5c4c1e0-0000-4000-8000-000000000000')).rejects.toBeInstanceOf(ResourceNotFoundException)
    await expect(stop('d5c4c1e0-0000-4000-8000-000000000000')).rejects.toBeInstanceOf(ResourceNotFoundException)
    const elsewhere = connect(CloudWatchLogsClient, {region: 'us-east-1'})
    await expect(elsewhere.send(new GetQueryResultsCommand({queryId}))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    )
  })

  test('so many may run at once in a region, and no more until one ends', async () => {
    const {clock, start, stop} = await insights(two, {concurrentQueries: 2})
    const first = await start()
    await start()
    const refused = start()
    await expect(refused).rejects.toBeInstanceOf(LimitExceededException)
    expect((await refusal(refused)).message).toBe('Account maximum query concurrency limit of [2] reached.')
    await stop(first)
    await start()
    await expect(start()).rejects.toBeInstanceOf(LimitExceededException)
    clock.at += hour
    await start()
  })

  test('the oldest that are finished are forgotten when there are too many', async () => {
    const {clock, start, look} = await insights(two)
    const ids: string[] = []
    for (let count = 0; count < 502; count++) {
      ids.push(await start())
      clock.at += hour
    }
    await expect(look(ids[0] ?? '')).rejects.toBeInstanceOf(ResourceNotFoundException)
    expect((await look(ids[501] ?? '')).status).toBe('Complete')
  })
})

describe('pages of results', () => {
  const many = {groups: [{name: pay, events: makeEvents(12_345, 10)}]}

  test('ten thousand rows, the rest by token, each once', async () => {
    const {clock, start, look} = await insights(many)
    const queryId = await start({limit: 100_000})
    clock.at = hour
    const first = await look(queryId)
    const second = await look(queryId, {nextToken: first.nextToken})
    expect([first.results?.length, second.results?.length, second.nextToken]).toEqual([10_000, 2345, undefined])
    expect(new Set([...messagesOf(first), ...messagesOf(second)]).size).toBe(12_345)
    expect(first.statistics?.resultCount).toBe(12_345)
  })

  test('fewer when asked', async () => {
    const {clock, start, look} = await insights(many)
    const queryId = await start({limit: 25})
    clock.at = hour
    const lengths: (number | undefined)[] = []
    let nextToken: string | undefined
    do {
      const page = await look(queryId, {maxItems: 10, nextToken})
      lengths.push(page.results?.length)
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(lengths).toEqual([10, 10, 5])
  })

  test('a token of another query, an invented one and one older than an hour are refused', async () => {
    let now = noon
    const {clock, start, look} = await insights({...many, now: () => now})
    const [queryId, other] = [await start(), await start()]
    clock.at = hour
    const {nextToken} = await look(queryId, {maxItems: 1})
    const invalid = {name: 'InvalidParameterException', message: 'The specified nextToken is invalid.'}
    expect(await refusal(look(other, {nextToken}))).toMatchObject(invalid)
    expect(await refusal(look(queryId, {nextToken: 'x'}))).toMatchObject(invalid)
    now += hour + 1
    expect(await refusal(look(queryId, {nextToken}))).toMatchObject(invalid)
  })
})

describe('DescribeQueries', () => {
  test('tells newest first what was asked and how it stands, and picks by status and group', async () => {
    const {client, clock, start, stop} = await insights(two)
    const done = await start({queryString: 'fields @message'})
    clock.at += hour
    const stopped = await start({logGroupNames: [cart, pay]})
    await stop(stopped)
    const waiting = await start({logGroupNames: [cart], queryString: 'limit 1'})
    const list = async (filter: object = {}) =>
      (await client.send(new DescribeQueriesCommand(filter))).queries?.map(query => query.queryId)
    expect(await list()).toEqual([waiting, stopped, done])
    expect(await list({status: 'Complete'})).toEqual([done])
    expect(await list({status: 'Running'})).toEqual([])
    expect(await list({logGroupName: pay})).toEqual([stopped, done])
    expect(await list({queryLanguage: 'SQL'})).toEqual([])
    const first = await client.send(new DescribeQueriesCommand({maxResults: 2}))
    const second = await client.send(new DescribeQueriesCommand({maxResults: 2, nextToken: first.nextToken}))
    expect([first.queries?.length, second.queries?.length, second.nextToken]).toEqual([2, 1, undefined])
    expect(second.queries?.[0]).toEqual({
      queryId: done,
      queryLanguage: 'CWLI',
      queryString: `SOURCE "${pay}" START=${noonSeconds - 3600}000 END=${noonSeconds}999 | fields @message`,
      status: 'Complete',
      createTime: noon,
      logGroupName: pay,
      userIdentity: 'arn:aws:sts::123456789012:assumed-role/engineer/on-call',
      queryDuration: expect.any(Number),
    })
  })
})

describe('what StartQuery refuses', () => {
  test.each<[string, Asked, string, string]>([
    ['no group', {logGroupName: undefined}, 'InvalidParameterException', 'Exactly one of'],
    [
      'two ways to name groups',
      {logGroupName: pay, logGroupNames: [cart]},
      'InvalidParameterException',
      'Exactly one of',
    ],
    [
      'groups and SOURCE',
      {logGroupName: pay, queryString: 'SOURCE logGroups() | limit 1'},
      'InvalidParameterException',
      'Exactly one of',
    ],
    ['51 groups', {logGroupNames: Array(51).fill(pay)}, 'InvalidParameterException', 'length less than or equal to 50'],
    ['a limit too high', {limit: 100_001}, 'InvalidParameterException', "Value '100001' at 'limit'"],
    ['a query too long', {queryString: `# ${'x'.repeat(10_000)}`}, 'InvalidParameterException', "at 'queryString'"],
    ['times the wrong way round', {startTime: noonSeconds + 1}, 'InvalidParameterException', 'start time'],
    [
      'an ARN with an asterisk',
      {logGroupIdentifiers: [`arn:aws:logs:eu-west-1:123456789012:log-group:${pay}:*`]},
      'InvalidParameterException',
      'asterisk',
    ],
    ['SQL', {queryLanguage: 'SQL'}, 'UnsupportedOperationException', 'does not implement Logs Insights queries in SQL'],
    [
      'a command that is not built',
      {queryString: 'pattern @message'},
      'UnsupportedOperationException',
      'command pattern',
    ],
    [
      'a window that was over before the group began',
      {startTime: 1, endTime: 2},
      'MalformedQueryException',
      'exceeds the log groups log retention settings ([0,15])',
    ],
  ])('%s', async (_what, asked, name, message) => {
    const {start} = await insights(two)
    const refused = await refusal(start(asked))
    expect(refused).toMatchObject({name, status: 400})
    expect(refused.message).toContain(message)
  })

  test('a query that is none, with the place where it goes wrong', async () => {
    const {start} = await insights(two)
    const started = start({queryString: 'fields @message\n| find x'})
    await expect(started).rejects.toBeInstanceOf(MalformedQueryException)
    await expect(started).rejects.toMatchObject({
      message: 'unexpected symbol found find at line 2 and position 2',
      queryCompileError: {location: {startCharOffset: 18, endCharOffset: 22}},
    })
  })

  test('a missing group, in the words of this operation', async () => {
    const {start} = await insights(two, {seed: 7})
    const refused = await refusal(start({logGroupNames: [pay, '/aws/lambda/gone']}))
    expect(refused).toMatchObject({name: 'ResourceNotFoundException', status: 400})
    expect(refused.message).toBe(
      `Log group '/aws/lambda/gone' does not exist for account ID '123456789012' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ${refused.requestId}; Proxy: null)`,
    )
  })

  test('a group of the DELIVERY class', async () => {
    const {start} = await insights({groups: [{name: pay, class: 'DELIVERY'}]})
    expect(await refusal(start())).toMatchObject({name: 'InvalidParameterException'})
  })
})

describe('faults', () => {
  test('a query that fails, one that times out with a part, and then one that does not', async () => {
    const {finish} = await insights(
      {groups: [{name: pay, events: makeEvents(360, 10_000, noon - 1000)}]},
      {
        faults: [
          {kind: 'query-failed', times: 1},
          {kind: 'query-timeout', after: 1, times: 1},
        ],
      },
    )
    expect(await finish()).toMatchObject({status: 'Failed', results: []})
    const partial = await finish()
    expect(partial.status).toBe('Timeout')
    expect(partial.results?.length).toBeGreaterThan(0)
    expect(partial.results?.length).toBeLessThan(360)
    expect(await finish()).toMatchObject({status: 'Complete', results: {length: 360}})
  })

  test('a fault of one group hits the queries that name it, in whatever way', async () => {
    const {finish} = await insights(two, {faults: [{kind: 'query-failed', logGroup: cart}]})
    expect((await finish()).status).toBe('Complete')
    expect((await finish({logGroupNames: [pay, cart]})).status).toBe('Failed')
    const arn = `arn:aws:logs:eu-west-1:123456789012:log-group:${cart}`
    expect((await finish({logGroupIdentifiers: [arn]})).status).toBe('Failed')
  })

  test('throttled and denied as other operations are', async () => {
    const {look, start} = await insights(two, {
      faults: [
        {kind: 'throttle', operation: 'GetQueryResults', times: 1},
        {kind: 'access-denied', operation: 'StartQuery', after: 1},
        {kind: 'missing-group', operation: 'StartQuery'},
      ],
    })
    expect((await refusal(start())).message).toMatch(/^Log group '\/aws\/lambda\/pay' does not exist for account ID/)
    expect(await refusal(look('x'))).toMatchObject({name: 'ThrottlingException', message: 'Rate exceeded'})
    const denied = await refusal(start({logGroupNames: [cart]}))
    expect(denied.name).toBe('AccessDeniedException')
    expect(denied.message).toContain(
      `logs:StartQuery on resource: arn:aws:logs:eu-west-1:123456789012:log-group:${cart}`,
    )
  })
})

describe('in larder', () => {
  test('a query and FilterLogEvents count the same events', async () => {
    const {world, clock} = await larder()
    const {client, finish} = await insights({}, {world})
    const names = ['/aws/lambda/checkout-api', '/aws/lambda/billing-worker', '/larder/fulfilment']
    const [startTime, endTime] = [Math.floor(clock.at / 1000) - 1800, Math.floor(clock.at / 1000)]
    const counted: Record<string, string> = {}
    for (const logGroupName of names) {
      let nextToken: string | undefined
      let count = 0
      do {
        const page = await client.send(
          new FilterLogEventsCommand({
            logGroupName,
            startTime: startTime * 1000,
            endTime: endTime * 1000 + 999,
            filterPattern: 'ERROR',
            nextToken,
          }),
        )
        count += page.events?.length ?? 0
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      if (count > 0) counted[`${world.account}:${logGroupName}`] = String(count)
    }
    const found = await finish({
      logGroupNames: names,
      startTime,
      endTime,
      queryString: 'filter @message like /\\bERROR\\b/ | stats count(*) as n by @log',
    })
    expect(Object.fromEntries(rowsOf(found).map(row => [row['@log'], row['n']]))).toEqual(counted)
    expect(Number(counted[`${world.account}:/aws/lambda/checkout-api`])).toBeGreaterThan(10)
  })

  test('REPORT lines add up to the invocations there were', async () => {
    const {world, clock} = await larder()
    const {finish} = await insights({}, {world})
    const endTime = Math.floor(clock.at / 1000) - 900
    const startTime = endTime - 1800
    const found = await finish({
      logGroupNames: ['/aws/lambda/search'],
      startTime,
      endTime: endTime - 1,
      queryString: 'filter @type = "START" | stats count_distinct(@requestId) as n',
    })
    expect(Number(rowsOf(found)[0]?.['n'])).toBe(world.count('search', startTime * 1000, endTime * 1000))
  })
})
