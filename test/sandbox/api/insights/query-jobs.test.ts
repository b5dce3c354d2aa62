import {
  CloudWatchLogsClient,
  DescribeQueriesCommand,
  GetQueryResultsCommand,
  LimitExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {makeEvents, noon} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {cart, hour, insights, noonSeconds, pay, rowsOf, two} from './querying.ts'

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

  test('what takes longer than a client waits goes on at the next look', async () => {
    const groups = Array.from({length: 6}, (_, i) => ({name: `/aws/lambda/f${i}`, events: makeEvents(5, 1000)}))
    let at = 0
    // a second passes whenever anybody looks at the clock
    const {start, look} = await insights({groups}, {clock: () => (at += 1_000)})
    const queryId = await start({
      logGroupNames: groups.map(({name}) => name),
      queryString: 'fields @message | limit 100',
    })
    at += hour
    const first = await look(queryId)
    expect(first.status).toBe('Running')
    expect(first.statistics?.recordsScanned).toBeLessThan(30)
    let last = first
    while (last.status === 'Running') last = await look(queryId)
    expect([last.status, last.results?.length]).toEqual(['Complete', 30])
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
