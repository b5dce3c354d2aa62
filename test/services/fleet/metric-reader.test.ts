import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  ListMetricsCommandInput,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch'
import {expect, test} from 'vitest'
import {type MetricQuery, readListedActivity, readMetrics} from '../../../src/services/fleet/metric-reader.ts'
import {awsError, expiredCredentials, rateExceeded} from '../logs/reader/fake-log-groups.ts'
import {deniedTo, type FakeCall, fakeAccount, memoryCache, now, ongoing} from './fake-account.ts'

const hour = 3_600_000
const day = 24 * hour
const window = {start: now - day, end: now}

const invocationsOf = (name: string, periodSeconds = 3600): MetricQuery => ({
  namespace: 'AWS/Lambda',
  metricName: 'Invocations',
  dimensions: {FunctionName: name},
  statistic: 'Sum',
  periodSeconds,
})

const functions = (count: number) => Array.from({length: count}, (_, at) => invocationsOf(`fn-${at}`))

const inputOf = ({input}: FakeCall) => input as unknown as GetMetricDataCommandInput
const queriesOf = (call: FakeCall) =>
  (inputOf(call).MetricDataQueries ?? []).map(({Id = '', MetricStat}) => ({
    id: Id,
    name: MetricStat?.Metric?.Dimensions?.[0]?.Value ?? '',
    period: MetricStat?.Period,
  }))
const points = (id: string, values: readonly (readonly [number, number])[], more: Partial<MetricDataResult> = {}) => ({
  Id: id,
  Timestamps: values.map(([at]) => new Date(at)),
  Values: values.map(([, value]) => value),
  StatusCode: 'Complete' as const,
  ...more,
})
/** each metric is the length of its function's name, in the first hour of the window */
const byName = (call: FakeCall): Partial<GetMetricDataCommandOutput> => ({
  MetricDataResults: queriesOf(call).map(({id, name}) => points(id, [[now - day, name.length]])),
})

test('case 26: names that differ in their signs only, 64 letters long, 501 of them: unique ids, two calls, no cross-talk', async () => {
  const long = ['a'.repeat(64), `${'a'.repeat(63)}b`]
  const names = [
    'my-fn',
    'myfn',
    '1fn',
    ...long,
    ...functions(496).map(({dimensions: {FunctionName = ''}}) => FunctionName),
  ]
  const values = new Map(names.map((name, at) => [name, at]))
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => ({
        // in another order than they were asked for
        MetricDataResults: queriesOf(call)
          .map(({id, name}) => points(id, [[now - day, values.get(name) ?? -1]]))
          .reverse(),
      }),
    },
  })
  const answers = await aws.fakeClock.outcome(
    readMetrics(
      aws,
      names.map(name => invocationsOf(name)),
      window,
      ongoing(),
    ),
  )
  expect(answers).toEqual(names.map((_, at) => ({value: {times: [now - day], values: [at]}})))
  expect(aws.of('GetMetricData').map(call => queriesOf(call).length)).toEqual([500, 1])
  for (const call of aws.of('GetMetricData')) {
    const ids = queriesOf(call).map(({id}) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(id => /^[a-z][a-zA-Z0-9_]*$/.test(id))).toBe(true)
  }
})

test('case 27: what comes in parts is merged; a metric that ends in an InternalError is unknown, and asked for once more', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => {
        if (call.nth === 1)
          return {
            MetricDataResults: [
              points('m0', [[now - 3 * hour, 1]], {StatusCode: 'PartialData'}),
              points('m1', [], {StatusCode: 'InternalError', Messages: [{Code: 'InternalError', Value: 'try again'}]}),
            ],
            NextToken: 'page 2',
          }
        if (call.nth === 2)
          return {MetricDataResults: [points('m0', [[now - 2 * hour, 2]]), points('m2', [[now - hour, 7]])]}
        return {MetricDataResults: queriesOf(call).map(({id}) => points(id, [], {StatusCode: 'InternalError'}))}
      },
    },
  })
  const answers = await aws.fakeClock.outcome(readMetrics(aws, functions(3), window, ongoing()))
  expect(answers).toEqual([
    {value: {times: [now - 3 * hour, now - 2 * hour], values: [1, 2]}},
    {unknown: 'failed', detail: 'CloudWatch answered with InternalError'},
    {value: {times: [now - hour], values: [7]}},
  ])
  expect(aws.of('GetMetricData').map(call => inputOf(call).NextToken)).toEqual([undefined, 'page 2', undefined])
  expect(aws.of('GetMetricData').map(call => queriesOf(call).map(({name}) => name))[2]).toEqual(['fn-1'])
})

test('an InternalError that passes leaves no trace', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call =>
        call.nth === 1 ? {MetricDataResults: [points('m0', [], {StatusCode: 'InternalError'})]} : byName(call),
    },
  })
  expect(await aws.fakeClock.outcome(readMetrics(aws, functions(1), window, ongoing()))).toEqual([
    {value: {times: [now - day], values: [4]}},
  ])
})

test('PartialData that nothing continues, what is forbidden and what is not spoken of are unknown, each for its reason', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: () => ({
        Messages: [{Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded'}],
        MetricDataResults: [
          points('m0', [[now - hour, 1]], {StatusCode: 'PartialData'}),
          points('m1', [], {StatusCode: 'Forbidden', Messages: [{Code: 'Forbidden', Value: 'not yours'}]}),
          points('m7', [[now - hour, 9]]),
          points('M2', [[now - hour, 9]]),
        ],
      }),
    },
  })
  const answers = await aws.fakeClock.outcome(readMetrics(aws, functions(3), window, ongoing()))
  const overall = 'MaxMetricsExceeded: Maximum number of allowed metrics exceeded'
  expect(answers).toEqual([
    {unknown: 'partial-data', detail: overall},
    {unknown: 'denied', detail: `Forbidden: not yours; ${overall}`},
    {unknown: 'failed', detail: 'CloudWatch said nothing of it'},
  ])
})

test('a metric that was never reported is an empty series, which is not the same as unknown', async () => {
  const aws = fakeAccount({answers: {GetMetricData: () => ({MetricDataResults: [points('m0', [])]})}})
  expect(await aws.fakeClock.outcome(readMetrics(aws, functions(1), window, ongoing()))).toEqual([
    {value: {times: [], values: []}},
  ])
})

test('a call that fails leaves only its own 500 unknown, with the permission it needs', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => {
        if (queriesOf(call)[0]?.name === 'fn-500') throw deniedTo('cloudwatch:GetMetricData')
        return byName(call)
      },
    },
  })
  const answers = await aws.fakeClock.outcome(readMetrics(aws, functions(1_200), window, ongoing()))
  expect(answers.filter(known => 'value' in known)).toHaveLength(700)
  expect(answers.slice(500, 1000)).toEqual(
    Array.from({length: 500}, () => ({unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'})),
  )
})

test('what was complete before a later page failed stays', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => {
        if (call.nth > 1) throw awsError('InvalidParameterValue', 'no such token', 400)
        return {
          MetricDataResults: [
            points('m0', [[now - hour, 3]]),
            points('m1', [[now - hour, 1]], {StatusCode: 'PartialData'}),
          ],
          NextToken: 'lost',
        }
      },
    },
  })
  expect(await aws.fakeClock.outcome(readMetrics(aws, functions(2), window, ongoing()))).toEqual([
    {value: {times: [now - hour], values: [3]}},
    {unknown: 'failed', detail: 'no such token'},
  ])
})

test('a server that never ends its pages is given up', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: () => ({MetricDataResults: [points('m0', [], {StatusCode: 'PartialData'})], NextToken: 'same'}),
    },
  })
  await expect(aws.fakeClock.outcome(readMetrics(aws, functions(1), window, ongoing()))).rejects.toThrow(
    'AWS kept repeating the same page token',
  )
  expect(aws.calls).toHaveLength(2)
})

test.each([
  ['denied', () => deniedTo('cloudwatch:GetMetricData'), {exitCode: 4, hint: 'this needs cloudwatch:GetMetricData'}],
  ['expired credentials', expiredCredentials, {exitCode: 4}],
  ['a service that fails', () => awsError('InternalServiceFault', 'sorry', 500), {exitCode: 1}],
] as const)('where nothing could be read it ends: %s', async (_, failure, expected) => {
  const aws = fakeAccount({
    answers: {
      GetMetricData() {
        throw failure()
      },
    },
  })
  await expect(aws.fakeClock.outcome(readMetrics(aws, functions(600), window, ongoing()))).rejects.toMatchObject(
    expected,
  )
})

test('a throttled call is made again, and nothing is unknown', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => {
        if (call.nth <= 3) throw rateExceeded()
        return byName(call)
      },
    },
  })
  const answers = await aws.fakeClock.outcome(readMetrics(aws, functions(1_000), window, ongoing()))
  expect(answers.every(known => 'value' in known)).toBe(true)
})

test('on abort, what was read stays and the rest is unknown as interrupted', async () => {
  const stop = new AbortController()
  const aws = fakeAccount({answers: {GetMetricData: byName}})
  const progress: number[] = []
  const reading = readMetrics(aws, functions(20_000), window, stop.signal, read => {
    progress.push(read)
    if (read >= 5_000) stop.abort()
  })
  const answers = await aws.fakeClock.outcome(reading)
  const known = answers.filter(each => 'value' in each).length
  expect(known).toBeGreaterThanOrEqual(5_000)
  expect(known).toBeLessThan(20_000)
  expect(answers.filter(each => 'unknown' in each && each.unknown === 'interrupted')).toHaveLength(20_000 - known)
  expect(progress.slice(0, 3)).toEqual([500, 1000, 1500])
})

test('aborted before it began, it asks nothing and says so of each', async () => {
  const aws = fakeAccount({answers: {GetMetricData: byName}})
  const answers = await readMetrics(aws, functions(2), window, AbortSignal.abort())
  expect(answers.map(known => 'unknown' in known && known.unknown)).toEqual(['interrupted', 'interrupted'])
  expect(aws.calls).toHaveLength(0)
})

test('several calls are under way at a time, but no more than sixteen', async () => {
  const aws = fakeAccount({answers: {GetMetricData: byName}, latencyMs: 500})
  await aws.fakeClock.outcome(readMetrics(aws, functions(20_000), window, ongoing()))
  expect(aws.calls).toHaveLength(40)
  expect(aws.mostInFlight).toBe(16)
})

test('a call asks for no more than 100,800 datapoints', async () => {
  const aws = fakeAccount({answers: {GetMetricData: byName}})
  const minutes = Array.from({length: 200}, (_, at) => invocationsOf(`fn-${at}`, 60))
  await aws.fakeClock.outcome(readMetrics(aws, minutes, window, ongoing()))
  expect(aws.calls.map(call => queriesOf(call).length)).toEqual([70, 70, 60])
})

test('a window too old for its period is read with longer ones, and the series tells', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => ({MetricDataResults: [points('m0', [[inputOf(call).StartTime?.getTime() ?? 0, 1]])]}),
    },
  })
  const read = async (ageDays: number, periodSeconds: number) => {
    const [known] = await aws.fakeClock.outcome(
      readMetrics(aws, [invocationsOf('fn', periodSeconds)], {start: now - ageDays * day, end: now}, ongoing()),
    )
    return known
  }
  expect(await read(14, 60)).toEqual({value: {times: [now - 14 * day], values: [1]}})
  expect(await read(15, 60)).toMatchObject({value: {periodSeconds: 300}})
  expect(await read(30, 420)).toMatchObject({value: {periodSeconds: 600}})
  expect(await read(90, 300)).toMatchObject({value: {periodSeconds: 3600}})
  expect(await read(90, 86_400)).toEqual({value: {times: [expect.any(Number)], values: [1]}})
  expect(aws.calls.map(call => queriesOf(call)[0]?.period)).toEqual([60, 300, 600, 3600, 86_400])
})

test('of what CloudWatch no longer keeps nothing is known, which is not the same as nothing', async () => {
  const aws = fakeAccount({answers: {GetMetricData: byName}})
  const old = {start: now - 600 * day, end: now - 455 * day}
  expect(await readMetrics(aws, functions(1), old, ongoing())).toEqual([
    {unknown: 'missing', detail: 'CloudWatch keeps metrics for 455 days'},
  ])
  expect(aws.calls).toHaveLength(0)
})

test('a series has every period that the window touches: what CloudWatch adds before and after is dropped, and the order is by time', async () => {
  const start = now - 3 * hour + 20 * 60_000
  const aws = fakeAccount({
    answers: {
      GetMetricData: () => ({
        MetricDataResults: [
          points('m0', [
            [now - hour, 4],
            [now - 3 * hour, 2],
            [now - 4 * hour, 1],
            [now - 2 * hour, 3],
            [now, 5],
          ]),
        ],
      }),
    },
  })
  const [known] = await aws.fakeClock.outcome(readMetrics(aws, functions(1), {start, end: now}, ongoing()))
  expect(known).toEqual({value: {times: [now - 3 * hour, now - 2 * hour, now - hour], values: [2, 3, 4]}})
  const [call] = aws.calls
  expect(call && inputOf(call)).toMatchObject({StartTime: new Date(now - 3 * hour), EndTime: new Date(now)})
})

test('what is kept is not paid for again, by account, region, metric and window', async () => {
  const aws = fakeAccount({answers: {GetMetricData: byName}})
  const cache = memoryCache()
  const read = (account: string, more: Partial<MetricQuery> = {}, to = window) =>
    aws.fakeClock.outcome(
      readMetrics(aws, [{...invocationsOf('fn'), ...more}], to, ongoing(), undefined, {
        cache,
        place: `aws|${account}|eu-west-1`,
      }),
    )
  const first = await read('111111111111')
  expect(await read('111111111111')).toEqual(first)
  expect(aws.calls).toHaveLength(1)
  await read('222222222222')
  await read('111111111111', {statistic: 'Maximum'})
  await read('111111111111', {dimensions: {FunctionName: 'fn', Resource: 'fn:live'}})
  await read('111111111111', {}, {start: now - 2 * day, end: now})
  expect(aws.calls).toHaveLength(5)
})

test('what is unknown is not kept', async () => {
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => ({
        MetricDataResults: queriesOf(call).map(({id}) => points(id, [], {StatusCode: 'Forbidden'})),
      }),
    },
  })
  const kept = {cache: memoryCache(), place: 'aws|111111111111|eu-west-1'}
  await aws.fakeClock.outcome(readMetrics(aws, functions(1), window, ongoing(), undefined, kept))
  await aws.fakeClock.outcome(readMetrics(aws, functions(1), window, ongoing(), undefined, kept))
  expect(aws.calls).toHaveLength(2)
})

const metric = (...dimensions: readonly (readonly [string, string])[]) => ({
  Namespace: 'AWS/Lambda',
  MetricName: 'Invocations',
  Dimensions: dimensions.map(([Name, Value]) => ({Name, Value})),
})

test('what CloudWatch lists of a function is gathered over all its aliases and versions', async () => {
  const aws = fakeAccount({
    answers: {
      ListMetrics: ({nth}) =>
        nth === 1
          ? {
              Metrics: [
                metric(),
                metric(['FunctionName', 'a']),
                metric(['FunctionName', 'us-east-1.edge']),
                metric(['Resource', 'a:live'], ['FunctionName', 'a']),
                metric(['EventSourceMappingUUID', 'x']),
              ],
              NextToken: 'more',
            }
          : {
              Metrics: [
                metric(['FunctionName', 'a'], ['Resource', 'a:live'], ['ExecutedVersion', '7']),
                metric(['FunctionName', 'b'], ['Resource', 'b:3']),
              ],
            },
    },
  })
  const listed = await aws.fakeClock.outcome(readListedActivity(aws, 'Invocations', ongoing()))
  expect(listed).toEqual({
    value: {
      byFunction: new Map([
        ['a', {resources: new Set(['a:live']), versions: new Set(['7'])}],
        ['us-east-1.edge', {resources: new Set(), versions: new Set()}],
        ['b', {resources: new Set(['b:3']), versions: new Set()}],
      ]),
    },
  })
  const [first] = aws.of('ListMetrics')
  expect(first?.input as unknown as ListMetricsCommandInput).toEqual({
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
  })
})

test('a listing that breaks off is no listing: what it lacks may have been active', async () => {
  const aws = fakeAccount({
    answers: {
      ListMetrics({nth}) {
        if (nth > 1) throw deniedTo('cloudwatch:ListMetrics')
        return {Metrics: [metric(['FunctionName', 'a'])], NextToken: 'more'}
      },
    },
  })
  expect(await aws.fakeClock.outcome(readListedActivity(aws, 'Invocations', ongoing(), true))).toEqual({
    unknown: 'denied',
    detail: 'needs cloudwatch:ListMetrics',
  })
  expect(aws.calls[0]?.input).toMatchObject({RecentlyActive: 'PT3H'})
})
