import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import {refusal} from '../running.ts'
import {day, firstUsed, hour, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

const end = Math.floor(firstUsed / hour) * hour

async function asking() {
  const {connect, world} = await larderServer()
  const client = connect(CloudWatchClient)
  const ask = (input: Partial<GetMetricStatisticsCommandInput>) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{Name: 'FunctionName', Value: 'checkout-api'}],
        StartTime: new Date(end - 2 * hour),
        EndTime: new Date(end),
        Period: 3600,
        Statistics: ['Sum'],
        ...input,
      }),
    )
  const put = (Namespace: string, ...MetricData: MetricDatum[]) =>
    client.send(new PutMetricDataCommand({Namespace, MetricData}))
  return {client, world, ask, put}
}

describe('GetMetricStatistics', () => {
  test('answers all statistics of a metric, with its unit', async () => {
    const {ask, world} = await asking()
    const {Label, Datapoints} = await ask({Statistics: ['Sum', 'SampleCount', 'Average', 'Maximum']})
    expect(Label).toBe('Errors')
    const at = end - 2 * hour
    const all = world.count('checkout-api', at, at + hour)
    const failed = all - world.count('checkout-api', at, at + hour, {outcome: 'ok'})
    expect(Datapoints?.[0]).toEqual({
      Timestamp: new Date(at),
      Unit: 'Count',
      SampleCount: all,
      Sum: failed,
      Average: failed / all,
      Maximum: failed > 0 ? 1 : 0,
    })
    const ofDuration = await ask({MetricName: 'Duration', Statistics: [], ExtendedStatistics: ['p99', 'p50']})
    expect(ofDuration.Datapoints?.[0]).toEqual({
      Timestamp: new Date(at),
      Unit: 'Milliseconds',
      ExtendedStatistics: {p99: expect.any(Number), p50: expect.any(Number)},
    })
  })

  test.each([
    [
      {StartTime: new Date(end - day), Period: 1},
      'InvalidParameterCombinationException',
      'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    ],
    [
      {StartTime: new Date(end)},
      'InvalidParameterValueException',
      'The parameter StartTime must be less than the parameter EndTime.',
    ],
    [
      {Statistics: []},
      'InvalidParameterCombinationException',
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    ],
  ] as const)('refuses %j', async (input, name, message) => {
    const {ask} = await asking()
    expect(await refusal(ask(input as Partial<GetMetricStatisticsCommandInput>))).toMatchObject({name, message})
  })
})

describe('PutMetricData', () => {
  test('keeps what clients report as long as the process lives, compressed or not', async () => {
    const {put, ask, client} = await asking()
    const Timestamp = new Date(end - hour)
    await put(
      'shop',
      {MetricName: 'load', Timestamp, Values: [1, 10], Counts: [3, 2], Unit: 'Count'},
      {
        MetricName: 'load',
        Timestamp,
        StatisticValues: {SampleCount: 4, Sum: 30, Minimum: 2, Maximum: 12},
        Unit: 'Count',
      },
      // above 10 KB the SDK compresses it
      ...Array.from({length: 300}, (_, i) => ({MetricName: `metric-${i}-with-a-long-name`, Value: i, Timestamp})),
    )
    const statistics = {Statistics: ['Sum', 'SampleCount', 'Minimum', 'Maximum'] as const}
    const {Datapoints} = await ask({
      Namespace: 'shop',
      MetricName: 'load',
      Dimensions: [],
      ...{Statistics: [...statistics.Statistics]},
    })
    expect(Datapoints).toEqual([{Timestamp, Unit: 'Count', Sum: 53, SampleCount: 9, Minimum: 1, Maximum: 12}])
    const listed = await client.send(new ListMetricsCommand({Namespace: 'shop'}))
    expect(listed.Metrics).toHaveLength(301)
    expect(listed.Metrics?.[0]).toEqual({Namespace: 'shop', MetricName: 'load', Dimensions: []})
  })

  test('says so where a metric has several units, and answers the first', async () => {
    const {put, client} = await asking()
    const Timestamp = new Date(end - minute)
    await put('n', {MetricName: 'm', Timestamp, Value: 60, Unit: 'Seconds'})
    await put('n', {MetricName: 'm', Timestamp, Value: 60_000, Unit: 'Milliseconds'})
    const {MetricDataResults} = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          {Id: 'm', MetricStat: {Metric: {Namespace: 'n', MetricName: 'm'}, Period: 60, Stat: 'Sum'}},
        ],
        StartTime: new Date(end - hour),
        EndTime: new Date(end),
      }),
    )
    expect(MetricDataResults?.[0]).toMatchObject({
      Values: [60_000],
      Messages: [{Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'"}],
    })
  })

  test.each([
    [
      {Value: 1, Values: [1]},
      'InvalidParameterCombinationException',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    ],
    [
      {Values: [1, 2], Counts: [1]},
      'InvalidParameterValueException',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    ],
    [
      {Value: 1, StatisticValues: {SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1}},
      'InvalidParameterCombinationException',
      'The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues are mutually exclusive and you have specified both.',
    ],
  ])('refuses %j', async (datum, name, message) => {
    const {put} = await asking()
    expect(await refusal(put('n', {MetricName: 'm', ...datum}))).toMatchObject({name, message, status: 400})
  })

  test('refuses AWS’s own namespaces', async () => {
    const {put} = await asking()
    expect(await refusal(put('AWS/Lambda', {MetricName: 'Invocations', Value: 1}))).toMatchObject({
      name: 'InvalidParameterValueException',
    })
  })
})
