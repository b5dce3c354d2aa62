import {FilterLogEventsCommand, GetLogRecordCommand} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {makeEvent, makeEvents, noon} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {larder} from '../../world/larder-world.ts'
import {cart, hour, insights, messagesOf, noonSeconds, pay, rowsOf, two} from './querying.ts'

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
