import {CloudWatchClient, GetMetricDataCommand} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import type {Fault} from '../../../src/sandbox/api/faults.ts'
import {firstUsed, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

/** The minute after the incident has begun, and when all of it has been reported. */
const from = Math.floor(firstUsed / minute) * minute - 4 * minute
const reportedAt = from + 2 * minute

const dimensions = [
  {Name: 'FunctionName', Value: 'checkout-api'},
  {Name: 'Resource', Value: 'checkout-api:live'},
  {Name: 'ExecutedVersion', Value: '42'},
]

async function asking(faults: readonly Fault[] = []) {
  const {connect, clock, world} = await larderServer({faults})
  const client = connect(CloudWatchClient)
  /** A statistic of version 42 in that minute, as it is told at a moment; undefined where there is no datapoint yet. */
  const read = async (MetricName: string, at: number, Stat = 'Sum', minutes = 1) => {
    clock.at = at
    const {MetricDataResults = []} = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(from + minutes * minute),
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: {
              Metric: {Namespace: 'AWS/Lambda', MetricName, Dimensions: dimensions},
              Period: minutes * 60,
              Stat,
            },
          },
        ],
      }),
    )
    return MetricDataResults[0]?.Values?.[0]
  }
  return {read, clock, world}
}

describe('metrics of the version that an alias ran', () => {
  test('have trimmed counts: what lies above a bound and up to the other', async () => {
    const {read, clock, world} = await asking()
    clock.at = from + 5 * minute
    const durations = world
      .invocations('checkout-api', from, from + minute)
      .flatMap(({version, durationMs}) => (version === '42' ? [durationMs] : []))
    const bound = durations.toSorted((x, y) => x - y)[Math.floor(durations.length / 2)] ?? 0
    const within = durations.filter(ms => ms <= bound).length
    const at = from + 5 * minute
    expect(durations.length).toBeGreaterThan(5)
    expect(await read('Duration', at, 'SampleCount')).toBe(durations.length)
    expect(await read('Duration', at, `TC(:${bound})`)).toBe(within)
    expect(await read('Duration', at, `TC(${bound}:)`)).toBe(durations.length - within)
    expect(await read('Duration', at, `PR(:${bound})`)).toBeCloseTo((100 * within) / durations.length, 9)
    expect(await read('Duration', at, 'TC(600000:)')).toBe(0)
    expect(await read('Duration', at, 'p100')).toBe(Math.max(...durations))
  })

  test('are answered by any whole number of minutes', async () => {
    const {read} = await asking()
    const at = from + 10 * minute
    const seven = await read('Invocations', at, 'Sum', 7)
    expect(seven).toBeGreaterThan((await read('Invocations', at)) ?? 0)
  })
})

describe('late datapoints', () => {
  test('case 15: a minute has invocations without errors, and later with them', async () => {
    const {read} = await asking([{kind: 'metric-late', metricName: 'Errors', ms: 2 * minute}])
    expect(await read('Invocations', reportedAt)).toBeGreaterThan(3)
    expect(await read('Errors', reportedAt)).toBeUndefined()
    expect(await read('Errors', reportedAt + 2 * minute)).toBeGreaterThan(0)
  })

  test('case 15: a minute is told bit by bit', async () => {
    const {read} = await asking([{kind: 'metric-late', metricName: 'Errors', ms: 2 * minute, share: 0.2}])
    const first = (await read('Errors', reportedAt)) ?? 0
    const all = (await read('Errors', reportedAt + 2 * minute)) ?? 0
    expect(first).toBeLessThan(all)
  })

  test('case 15b: errors are there before the invocations, or more of them', async () => {
    const none = await asking([{kind: 'metric-late', metricName: 'Invocations', ms: 2 * minute}])
    expect(await none.read('Invocations', reportedAt)).toBeUndefined()
    const errors = (await none.read('Errors', reportedAt)) ?? 0
    expect(errors).toBeGreaterThan(0)

    const some = await asking([{kind: 'metric-late', metricName: 'Invocations', ms: 2 * minute, share: 0.1}])
    expect((await some.read('Invocations', reportedAt)) ?? 0).toBeLessThan(errors)
    expect(await some.read('Invocations', reportedAt + 2 * minute)).toBeGreaterThan(errors)
  })
})
