import type {GetMetricDataCommandInput, ListMetricsCommandInput} from '@aws-sdk/client-cloudwatch'
import {expect, test} from 'vitest'
import {
  isListedFirst,
  listReported,
  periodFor,
  readInvocationMetrics,
} from '../../../../src/services/fleet/inventory/read-invocation-metrics.ts'
import {isLeftOut, whoIsAsked} from '../../../../src/services/fleet/inventory/who-is-asked.ts'
import {deniedTo, type FakeAccountOptions, type FakeCall, fakeAccount, now, ongoing} from '../fake-account.ts'
import {fleetFunction} from './inventories.ts'

const hour = 3_600_000
const day = 24 * hour
const window = {start: now - 7 * day, end: now}

type Told = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

/** CloudWatch of which each metric of a function has these values, an hour each. */
const cloudWatch =
  (told: Told) =>
  ({input}: FakeCall) => ({
    MetricDataResults: ((input as unknown as GetMetricDataCommandInput).MetricDataQueries ?? []).map(
      ({Id, MetricStat}) => {
        const [name = ''] = MetricStat?.Metric?.Dimensions?.map(({Value}) => Value ?? '') ?? []
        const values = told[name]?.[`${MetricStat?.Metric?.MetricName} ${MetricStat?.Stat}`] ?? []
        return {
          Id,
          StatusCode: 'Complete',
          Values: values,
          Timestamps: values.map((_, at) => new Date(now - (values.length - at) * hour)),
        }
      },
    ),
  })

async function metricsOf(names: readonly string[], answers: FakeAccountOptions['answers']) {
  const aws = fakeAccount({answers})
  const asked = {metrics: 0}
  const functions = names.map(name => fleetFunction(name))
  const isListed = isListedFirst(functions.length, window, aws.clock.now())
  const listed = isListed ? await aws.fakeClock.outcome(listReported(aws, functions, ongoing())) : new Map()
  const read = await aws.fakeClock.outcome(
    readInvocationMetrics(
      aws,
      functions,
      window,
      {listed, asked, periodSeconds: 3600, cache: null, onRead: () => {}},
      ongoing(),
    ),
  )
  return {aws, read, asked: asked.metrics}
}

test('a function’s metrics are added up over the window, and the highest is the highest of all', async () => {
  const {read, asked} = await metricsOf(['one', 'two'], {
    GetMetricData: cloudWatch({
      one: {
        'Invocations Sum': [10, 20, 30],
        'Errors Sum': [0, 3, 0],
        'Throttles Sum': [0, 0, 1],
        'Duration Sum': [1_000, 2_000, 3_000],
        'Duration Maximum': [300, 4_200, 900],
        'ConcurrentExecutions Maximum': [2, 9, 4],
        'AsyncEventsDropped Sum': [5],
      },
    }),
  })
  expect(read[0]).toEqual({
    invocations: {value: 60},
    errors: {value: 3},
    throttles: {value: 1},
    averageDurationMs: {value: 100},
    maxDurationMs: {value: 4_200},
    maxConcurrency: {value: 9},
    asyncEventsReceived: {value: 0},
    asyncEventsDropped: {value: 5},
    deadLetterErrors: {value: 0},
    iteratorAgeMs: {value: null},
    isFallingBehind: false,
    lastRanAt: now - hour,
  })
  expect(read[1]).toMatchObject({
    invocations: {value: 0},
    averageDurationMs: {value: null},
    maxDurationMs: {value: null},
  })
  expect(asked).toBe(20)
})

test('a stream’s reader falls behind where its iterator age grew to the end, not where it recovered', async () => {
  const age = (values: readonly number[]) => ({'IteratorAge Maximum': values})
  const {read} = await metricsOf(['grows', 'recovers', 'young', 'steady'], {
    GetMetricData: cloudWatch({
      grows: age([1_000, 2_000, 60_000, 400_000, 900_000, 1_800_000]),
      recovers: age([1_000, 900_000, 1_800_000, 60_000, 2_000, 1_000]),
      young: age([100, 200, 400, 800, 1_600, 3_200]),
      steady: age([3_600_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000]),
    }),
  })
  expect(read.map(({isFallingBehind}) => isFallingBehind)).toEqual([true, false, false, false])
  expect(read[1]?.iteratorAgeMs).toEqual({value: 1_800_000})
})

test('case 28: a function all of whose requests are turned away is not one that nobody calls', async () => {
  const {read} = await metricsOf(['held'], {GetMetricData: cloudWatch({held: {'Throttles Sum': [400, 12]}})})
  expect(read[0]).toMatchObject({invocations: {value: 0}, throttles: {value: 412}})
})

test('a refusal is unknown with its permission, in every number and never as 0', async () => {
  const {read} = await metricsOf(['one'], {
    GetMetricData: () => {
      throw deniedTo('cloudwatch:GetMetricData')
    },
  })
  const {isFallingBehind, lastRanAt, ...measures} = read[0] ?? {}
  expect([isFallingBehind, lastRanAt]).toEqual([false, null])
  for (const measure of Object.values(measures))
    expect(measure).toMatchObject({unknown: 'denied', detail: expect.stringContaining('cloudwatch:GetMetricData')})
})

test('of many functions, what was reported is listed first, and only that is asked for', async () => {
  const names = Array.from({length: 600}, (_, i) => `fn-${i}`)
  const {aws, read, asked} = await metricsOf(names, {
    ListMetrics: ({input}) => ({
      Metrics: ['fn-7', 'fn-9']
        .filter(name => name === 'fn-7' || (input as ListMetricsCommandInput).MetricName === 'Throttles')
        .map(Value => ({
          Namespace: 'AWS/Lambda',
          MetricName: (input as ListMetricsCommandInput).MetricName,
          Dimensions: [{Name: 'FunctionName', Value}],
        })),
    }),
    GetMetricData: cloudWatch({'fn-7': {'Invocations Sum': [3]}, 'fn-9': {'Throttles Sum': [8]}}),
  })
  expect(read.length).toBe(600)
  expect(read[7]).toMatchObject({invocations: {value: 3}})
  expect(read[9]).toMatchObject({invocations: {value: 0}, throttles: {value: 8}})
  expect(read[8]).toMatchObject({invocations: {value: 0}, throttles: {value: 0}})
  expect(asked).toBe(11)
  expect(aws.of('GetMetricData').length).toBe(1)
})

test('where the list is refused, all are asked for: nobody knows then which did not run', async () => {
  const names = Array.from({length: 600}, (_, i) => `fn-${i}`)
  const {read, asked} = await metricsOf(names, {
    ListMetrics: () => {
      throw deniedTo('cloudwatch:ListMetrics')
    },
    GetMetricData: cloudWatch({'fn-7': {'Invocations Sum': [3]}}),
  })
  expect(asked).toBe(6_000)
  expect(read[7]).toMatchObject({invocations: {value: 3}})
})

test('a list tells of two weeks only: a window that began before is asked for', () => {
  expect(isListedFirst(600, {start: now - 14 * day, end: now}, now)).toBe(true)
  expect(isListedFirst(600, {start: now - 15 * day, end: now}, now)).toBe(false)
  expect(isListedFirst(500, window, now)).toBe(false)
})

test.each([
  [hour, 60],
  [day, 900],
  [7 * day, 3_600],
  [30 * day, 21_600],
  [400 * day, 86_400],
])('a window of %d ms is read by periods of %d s', (ms, seconds) => {
  expect(periodFor({start: now - ms, end: now}, 30)).toBe(seconds)
})

test('a large fleet is read by longer periods: there is less to send and to hold', () => {
  expect(periodFor({start: now - 7 * day, end: now}, 20_000)).toBe(21_600)
  expect(periodFor({start: now - 7 * day, end: now}, 100_000)).toBe(86_400)
})

test('of a large fleet what takes a call for each is asked of the worst only, and of nobody where nothing is known', async () => {
  const {read} = await metricsOf(['one'], {GetMetricData: cloudWatch({})})
  const [quiet] = read as [(typeof read)[number]]
  const fleet = (more: (at: number) => Partial<typeof quiet>) =>
    Array.from({length: 1_500}, (_, at) => ({fn: fleetFunction(`fn-${at}`), metrics: {...quiet, ...more(at)}}))
  const throttled = fleet(at => ({throttles: {value: at}, asyncEventsReceived: {value: at === 7 ? 3 : 0}}))
  const who = whoIsAsked(throttled)
  expect([who.reserved.size, who.destinations.size]).toEqual([1_000, 1])
  expect([...who.reserved][0]?.name).toBe('fn-1499')
  expect(throttled.some(one => isLeftOut(one, who))).toBe(false)

  const denied = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'} as const
  const unknown = fleet(() => ({throttles: denied, asyncEventsReceived: denied}))
  const nobody = whoIsAsked(unknown)
  expect([nobody.reserved.size, nobody.destinations.size]).toEqual([0, 0])
  expect(unknown.every(one => isLeftOut(one, nobody))).toBe(true)
  expect(whoIsAsked(unknown.slice(0, 9)).destinations.size).toBe(9)
})
