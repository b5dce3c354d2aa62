import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch'
import {AwsQueryProtocol, AwsSmithyRpcV2CborProtocol} from '@aws-sdk/core/protocols'
import {describe, expect, test} from 'vitest'
import {refusal} from '../running.ts'
import {day, firstUsed, hour, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

const end = Math.floor(firstUsed / hour) * hour

function query(id: string, functionName = 'checkout-api', of: {name?: string; stat?: string; period?: number} = {}) {
  const {name = 'Invocations', stat = 'Sum', period = 3600} = of
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: name,
        Dimensions: [{Name: 'FunctionName', Value: functionName}],
      },
      Period: period,
      Stat: stat,
    },
  }
}

async function asking(options: Parameters<typeof larderServer>[0] = {}) {
  const {connect, ...rest} = await larderServer(options)
  const client = connect(CloudWatchClient)
  const ask = (input: Partial<GetMetricDataCommandInput>) =>
    client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [query('m')],
        StartTime: new Date(end - 6 * hour),
        EndTime: new Date(end),
        ...input,
      }),
    )
  return {...rest, connect, ask}
}

const timesOf = (result: {Timestamps?: Date[] | undefined} | undefined) =>
  (result?.Timestamps ?? []).map(time => time.getTime())

describe('GetMetricData', () => {
  test('answers datapoints newest first, or oldest first, from the start of the window on', async () => {
    const {ask, world} = await asking()
    const newest = await ask({})
    const oldest = await ask({ScanBy: 'TimestampAscending'})
    const times = Array.from({length: 6}, (_, i) => end - (6 - i) * hour)
    expect(timesOf(oldest.MetricDataResults?.[0])).toEqual(times)
    expect(timesOf(newest.MetricDataResults?.[0])).toEqual(times.toReversed())
    expect(oldest.MetricDataResults?.[0]?.Values).toEqual(times.map(at => world.count('checkout-api', at, at + hour)))
    expect(newest.MetricDataResults?.[0]).toMatchObject({Id: 'm', Label: 'Invocations', StatusCode: 'Complete'})
    expect(newest.NextToken).toBeUndefined()
  })

  test('goes on where a page ended, and gives each datapoint once', async () => {
    const {ask} = await asking()
    const queries = {MetricDataQueries: [query('a'), query('none', 'no-such-function'), query('b', 'inventory')]}
    const whole = await ask(queries)
    const found = new Map<string, number[]>()
    const statuses: string[] = []
    let NextToken: string | undefined
    do {
      const page = await ask({...queries, MaxDatapoints: 4, NextToken})
      const results = page.MetricDataResults ?? []
      expect(results.map(({Id}) => Id)).toEqual(['a', 'none', 'b'])
      expect(results.flatMap(({Values = []}) => Values).length).toBeLessThanOrEqual(4)
      for (const {Id = '', Values = []} of results) found.set(Id, [...(found.get(Id) ?? []), ...Values])
      statuses.push(results.map(({StatusCode}) => StatusCode).join(' '))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    expect([...found.values()]).toEqual(whole.MetricDataResults?.map(({Values}) => Values))
    expect(statuses).toEqual([
      'PartialData PartialData PartialData',
      'Complete Complete PartialData',
      'Complete Complete Complete',
    ])
  })

  test('refuses a token of another request', async () => {
    const {ask} = await asking()
    const {NextToken} = await ask({MaxDatapoints: 1})
    expect(await refusal(ask({MaxDatapoints: 2, NextToken}))).toMatchObject({name: 'InvalidNextToken', status: 400})
  })

  test('names all that is wrong with a request, a line each', async () => {
    const {ask} = await asking()
    const queries = [
      query('Bad'),
      {...query('x'), Expression: 'a * 2'},
      query('x', 'inventory', {stat: 'p101', period: 45}),
      {Id: 'y'},
    ]
    expect(await refusal(ask({MetricDataQueries: queries, StartTime: new Date(end), MaxDatapoints: 100_801}))).toEqual({
      name: 'ValidationException',
      status: 400,
      requestId: expect.any(String),
      message: [
        'The parameter StartTime must be less than the parameter EndTime.',
        'The value 100801 for parameter MaxDatapoints must be between 1 and 100800.',
        'The value Bad for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.',
        'The parameters MetricDataQueries.member.2.Expression and MetricDataQueries.member.2.MetricStat are mutually exclusive and you have specified both.',
        'The parameter MetricDataQueries.member.3.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.',
        'The value p101 for parameter MetricDataQueries.member.3.MetricStat.Stat is not a valid statistic.',
        'The values for parameter Id in MetricDataQueries are not unique: x.',
        'Either the parameter MetricDataQueries.member.4.Expression or MetricDataQueries.member.4.MetricStat must be specified.',
      ].join('\n'),
    })
    const many = Array.from({length: 501}, (_, i) => query(`m${i}`))
    expect((await refusal(ask({MetricDataQueries: many}))).message).toBe(
      'The collection MetricDataQueries must not have a size greater than 500.',
    )
  })

  test('refuses expressions by name: there is no metric math here', async () => {
    const {ask} = await asking()
    const search = {Id: 'e', Expression: "SEARCH('{AWS/Lambda,FunctionName}', 'Sum')"}
    expect(await refusal(ask({MetricDataQueries: [search]}))).toMatchObject({
      name: 'UnsupportedOperationException',
      message: expect.stringContaining('SEARCH('),
    })
  })

  test('answers nothing of what is not returned, not reported, in another unit or of another account', async () => {
    const {ask} = await asking()
    const inventory = query('other', 'inventory')
    const {MetricDataResults} = await ask({
      MetricDataQueries: [
        {...query('hidden'), ReturnData: false},
        query('unknown', 'no-such-function'),
        query('misspelt', 'inventory', {name: 'Invocation'}),
        {...inventory, Id: 'unit', MetricStat: {...inventory.MetricStat, Unit: 'Seconds'}},
        {...inventory, AccountId: '999999999999'},
      ],
    })
    expect(MetricDataResults?.map(({Id, Values, StatusCode}) => [Id, Values, StatusCode])).toEqual([
      ['unknown', [], 'Complete'],
      ['misspelt', [], 'Complete'],
      ['unit', [], 'Complete'],
      ['other', [], 'Forbidden'],
    ])
  })

  test('labels series by what sets them apart', async () => {
    const {ask} = await asking()
    const labels = async (...queries: ReturnType<typeof query>[]) =>
      (await ask({MetricDataQueries: queries})).MetricDataResults?.map(({Label}) => Label)
    expect(await labels(query('a'), query('b', 'checkout-api', {stat: 'Maximum'}))).toEqual([
      'Invocations Sum',
      'Invocations Maximum',
    ])
    expect(await labels(query('a'), query('b', 'checkout-api', {period: 60}))).toEqual([
      'Invocations 3600',
      'Invocations 60',
    ])
    expect(await labels(query('a'), query('b', 'inventory'))).toEqual([
      'checkout-api Invocations',
      'inventory Invocations',
    ])
  })

  test('has the newest minute in part only, and the same of older ones whenever it is asked', async () => {
    const {ask, clock, world} = await asking()
    clock.at = end + 90_000
    const window = {
      MetricDataQueries: [query('m', 'inventory', {period: 60})],
      StartTime: new Date(end - 2 * minute),
      EndTime: new Date(end + 5 * minute),
      ScanBy: 'TimestampAscending' as const,
    }
    const early = (await ask(window)).MetricDataResults?.[0]
    expect(timesOf(early)).toEqual([end - 2 * minute, end - minute, end])
    expect(early?.Values?.[2]).toBe(world.count('inventory', end, end + 30_000))
    clock.at = end + 30 * minute
    const late = (await ask(window)).MetricDataResults?.[0]
    expect(late?.Values?.slice(0, 2)).toEqual(early?.Values?.slice(0, 2))
    expect(late?.Values?.[2]).toBe(world.count('inventory', end, end + minute))
  })

  test('keeps minutes for 15 days and five minutes for 63, and rounds the start to them', async () => {
    const {ask} = await asking()
    const old = async (daysAgo: number, period: number) => {
      const StartTime = new Date(end - daysAgo * day + 7 * minute)
      const {MetricDataResults} = await ask({
        MetricDataQueries: [query('m', 'inventory', {period})],
        StartTime,
        EndTime: new Date(StartTime.getTime() + 2 * hour),
      })
      return timesOf(MetricDataResults?.[0]).map(time => (time - StartTime.getTime()) / minute)
    }
    expect(await old(14, 60)).toHaveLength(120)
    expect(await old(20, 60)).toEqual([])
    expect((await old(20, 300)).at(-1)).toBe(-2)
    expect(await old(70, 300)).toEqual([])
    expect((await old(70, 3600)).at(-1)).toBe(-7)
  })

  test('adds up every duration, and has their extremes and percentiles', async () => {
    const {ask, world} = await asking()
    const durations = world
      .invocations('checkout-api', end - hour, end)
      .map(({durationMs}) => durationMs)
      .sort((x, y) => x - y)
    const stats = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum', 'p50', 'TC(:100)', 'PR(:100)', 'tm90', 'p100']
    const {MetricDataResults = []} = await ask({
      MetricDataQueries: stats.map((stat, i) => query(`s${i}`, 'checkout-api', {name: 'Duration', stat})),
      StartTime: new Date(end - hour),
    })
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    const count = durations.length
    const below = durations.filter(value => value <= 100).length
    const values = MetricDataResults.map(({Values = []}) => Values[0] ?? Number.NaN)
    const trimmed = durations.slice(0, Math.floor(count * 0.9))
    const expected = [
      count,
      sum(durations),
      sum(durations) / count,
      durations[0],
      durations.at(-1),
      durations[Math.ceil(count / 2) - 1],
      below,
      (100 * below) / count,
      sum(trimmed) / trimmed.length,
      durations.at(-1),
    ]
    for (const [i, value] of values.entries()) {
      // the trimmed mean takes a part of the value at its edge
      const digits = stats[i] === 'tm90' ? 0 : 6
      expect(value, stats[i]).toBeCloseTo(expected[i] ?? Number.NaN, digits)
    }
  })
})

test('says the same in each of CloudWatch’s protocols', async () => {
  const {connect} = await larderServer()
  const base = {defaultNamespace: 'com.amazonaws.cloudwatch'}
  const xmlNamespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/'
  const clients = [
    connect(CloudWatchClient),
    ...[
      new AwsSmithyRpcV2CborProtocol({...base, serviceTarget: 'GraniteServiceVersion20100801'} as never),
      new AwsQueryProtocol({...base, xmlNamespace, version: '2010-08-01'} as never),
    ].map(protocol => connect(CloudWatchClient, {protocol: protocol as never})),
  ]
  const window = {StartTime: new Date(end - 3 * hour), EndTime: new Date(end)}
  const ask = async (client: CloudWatchClient) => {
    const queries = [query('a'), query('b', 'inventory', {name: 'Duration', stat: 'p90'})]
    const data = await client.send(new GetMetricDataCommand({...window, MetricDataQueries: queries}))
    const listed = await client.send(new ListMetricsCommand({Namespace: 'AWS/Lambda', MetricName: 'Errors'}))
    const {name, message} = await refusal(
      client.send(new GetMetricDataCommand({...window, MetricDataQueries: [query('A')]})),
    )
    return [data.MetricDataResults, listed.Metrics, name, message]
  }
  const [json, ...others] = await Promise.all(clients.map(ask))
  expect(json?.[2]).toBe('ValidationException')
  for (const other of others) expect(other?.filter((_, i) => i !== 2)).toEqual(json?.filter((_, i) => i !== 2))
})

describe('faults of GetMetricData', () => {
  test('case 27: part of a series comes with a token, and the rest of it on the next page', async () => {
    const {ask} = await asking({faults: [{kind: 'metric-partial', functionName: 'checkout-api', times: 1}]})
    const queries = {MetricDataQueries: [query('a', 'inventory'), query('b')]}
    const first = await ask(queries)
    expect(first.MetricDataResults?.map(({StatusCode, Values}) => [StatusCode, Values?.length])).toEqual([
      ['Complete', 6],
      ['PartialData', 3],
    ])
    const second = await ask({...queries, NextToken: first.NextToken})
    expect(second.MetricDataResults?.map(({StatusCode, Values}) => [StatusCode, Values?.length])).toEqual([
      ['Complete', 0],
      ['Complete', 3],
    ])
    expect(second.NextToken).toBeUndefined()
  })

  test('case 27: a series that stays in part has no token', async () => {
    const {ask} = await asking({faults: [{kind: 'metric-partial', stays: true}]})
    const {MetricDataResults, NextToken} = await ask({})
    expect(MetricDataResults?.[0]).toMatchObject({StatusCode: 'PartialData'})
    expect(NextToken).toBeUndefined()
  })

  test('case 27: one id is an InternalError, the others are there', async () => {
    const {ask} = await asking({faults: [{kind: 'metric-failed', functionName: 'inventory', metricName: 'Errors'}]})
    const {MetricDataResults} = await ask({
      MetricDataQueries: [query('a'), query('b', 'inventory', {name: 'Errors'}), query('c', 'inventory')],
    })
    expect(MetricDataResults?.map(({StatusCode, Values}) => [StatusCode, Values?.length])).toEqual([
      ['Complete', 6],
      ['InternalError', 0],
      ['Complete', 6],
    ])
  })
})
