import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import type {Fault} from '../../../src/sandbox/api/faults.ts'
import {refusal} from '../running.ts'
import {firstUsed, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

async function asking(faults: readonly Fault[] = []) {
  const {connect, clock, world} = await larderServer({faults})
  const client = connect(CloudWatchClient)
  const describeAlarms = (input: DescribeAlarmsCommandInput) => client.send(new DescribeAlarmsCommand(input))
  const put = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
    client.send(new PutMetricAlarmCommand({...mine, ...more}))
  const state = async (name = mine.AlarmName) =>
    (await describeAlarms({AlarmNames: [name]})).MetricAlarms?.[0]?.StateValue
  return {client, clock, world, describeAlarms, put, state}
}

const mine = {
  AlarmName: 'mine',
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [
    {Name: 'FunctionName', Value: 'checkout-api'},
    {Name: 'Resource', Value: 'checkout-api:live'},
    {Name: 'ExecutedVersion', Value: '42'},
  ],
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
} satisfies PutMetricAlarmCommandInput

describe('case 22: alarms', () => {
  test('a name that is no alarm’s is not answered, and nothing is said of it', async () => {
    const {describeAlarms} = await asking()
    expect((await describeAlarms({AlarmNames: ['chekout-api-errors']})).MetricAlarms).toEqual([])
  })

  test('composite alarms are answered only where AlarmTypes names them', async () => {
    const {describeAlarms} = await asking()
    const AlarmNames = ['customers-affected', 'checkout-api-errors']
    expect(await describeAlarms({AlarmNames})).toMatchObject({
      CompositeAlarms: [],
      MetricAlarms: [{AlarmName: 'checkout-api-errors'}],
    })
    const {CompositeAlarms, MetricAlarms} = await describeAlarms({
      AlarmNames,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    })
    expect(MetricAlarms).toMatchObject([{AlarmName: 'checkout-api-errors', StateValue: 'ALARM'}])
    expect(CompositeAlarms).toMatchObject([
      {
        AlarmName: 'customers-affected',
        StateValue: 'ALARM',
        AlarmRule: 'ALARM("checkout-api-errors") OR ALARM("image-resize-errors")',
        StateTransitionedTimestamp: MetricAlarms?.[0]?.StateTransitionedTimestamp,
      },
    ])
  })

  test('both kinds come in one list, page by page', async () => {
    const {describeAlarms} = await asking()
    const AlarmTypes: DescribeAlarmsCommandInput['AlarmTypes'] = ['CompositeAlarm', 'MetricAlarm']
    const names: string[] = []
    for (let NextToken: string | undefined, page = 0; page === 0 || NextToken; page++) {
      const answer = await describeAlarms({AlarmTypes, MaxRecords: 2, ...(NextToken && {NextToken})})
      names.push(
        ...[...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(each => each.AlarmName ?? ''),
      )
      NextToken = answer.NextToken
    }
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
    expect(names).toHaveLength(9)
  })

  test('one without data has INSUFFICIENT_DATA, unless missing data is something else to it', async () => {
    const {state, put, clock} = await asking()
    expect(await state('gift-cards-preview-errors')).toBe('INSUFFICIENT_DATA')
    const Dimensions = [{Name: 'FunctionName', Value: 'gift-cards-preview'}]
    const treatments = ['missing', 'notBreaching', 'breaching', 'ignore']
    for (const TreatMissingData of treatments) await put({AlarmName: TreatMissingData, Dimensions, TreatMissingData})
    clock.at += minute
    expect(await Promise.all(treatments.map(state))).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'INSUFFICIENT_DATA'])
  })

  test('one of a version fires when that version gets traffic and throws', async () => {
    const {put, state, clock, world, describeAlarms} = await asking()
    clock.at = firstUsed + minute
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {}})
    clock.at += 20 * minute
    await put()
    expect(await state()).toBe('INSUFFICIENT_DATA')
    clock.at += minute
    expect([await state(), await state('checkout-api-live-errors')]).toEqual(['INSUFFICIENT_DATA', 'OK'])

    const shifted = clock.at
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {'42': 0.5}})
    clock.at += 10 * minute
    const [alarm] = (await describeAlarms({AlarmNames: ['mine']})).MetricAlarms ?? []
    expect(alarm).toMatchObject({...mine, StateValue: 'ALARM', DatapointsToAlarm: 1, TreatMissingData: 'missing'})
    expect(alarm?.StateReason).toMatch(/^Threshold Crossed: 1 out of the last 1 datapoints \[\d+\.0 \(20\/11\/26 /)
    const transitioned = alarm?.StateTransitionedTimestamp?.getTime() ?? 0
    expect(transitioned).toBeGreaterThan(shifted)
    expect(transitioned).toBeLessThanOrEqual(clock.at)
    expect(alarm?.StateUpdatedTimestamp?.getTime()).toBe(transitioned)
  })

  test('a state that is said holds until the next evaluation; said again, it is updated and does not change', async () => {
    const {client, clock, state, describeAlarms} = await asking()
    clock.at = Math.ceil(firstUsed / minute) * minute + 10_000
    const AlarmName = 'search-live-errors'
    const say = () =>
      client.send(new SetAlarmStateCommand({AlarmName, StateValue: 'ALARM', StateReason: 'to see what happens'}))
    await say()
    clock.at += 20_000
    await say()
    const [alarm] = (await describeAlarms({AlarmNames: [AlarmName]})).MetricAlarms ?? []
    expect(alarm).toMatchObject({StateValue: 'ALARM', StateReason: 'to see what happens'})
    expect(alarm?.StateTransitionedTimestamp?.getTime()).toBe(clock.at - 20_000)
    expect(alarm?.StateUpdatedTimestamp?.getTime()).toBe(clock.at)
    clock.at += 30_000
    expect(await state(AlarmName)).toBe('OK')
  })

  test('one that stays as it is has taken its state at the same moment whenever it is asked', async () => {
    const {describeAlarms, clock} = await asking()
    const taken = async () =>
      (await describeAlarms({AlarmNames: ['search-live-errors']})).MetricAlarms?.[0]?.StateTransitionedTimestamp
    const first = await taken()
    clock.at += 90 * minute
    expect(await taken()).toEqual(first)
  })

  test('one whose evaluation has not all data says so: its state is updated, and does not change', async () => {
    const {describeAlarms, clock} = await asking([{kind: 'alarm-partial', alarmName: 'checkout-api-errors'}])
    const alarms = (await describeAlarms({AlarmNamePrefix: 'checkout-api-'})).MetricAlarms ?? []
    expect(alarms.map(({EvaluationState}) => EvaluationState)).toEqual(['PARTIAL_DATA', undefined])
    expect(alarms[0]?.StateUpdatedTimestamp?.getTime()).toBe(clock.at)
    expect(alarms[0]?.StateTransitionedTimestamp?.getTime()).toBeLessThan(clock.at)
  })

  test('are deleted all together, or none where one is not there', async () => {
    const {client, put, describeAlarms} = await asking()
    await put()
    const remove = (...AlarmNames: string[]) => client.send(new DeleteAlarmsCommand({AlarmNames}))
    expect(await refusal(remove('mine', 'none'))).toMatchObject({name: 'ResourceNotFound', status: 404})
    await remove('mine', 'search-live-errors')
    const left = (await describeAlarms({AlarmNames: ['mine', 'search-live-errors', 'checkout-api-errors']}))
      .MetricAlarms
    expect(left?.map(({AlarmName}) => AlarmName)).toEqual(['checkout-api-errors'])
  })

  test.each([
    [{Period: 90}, 'ValidationException'],
    [{Period: 86_400, EvaluationPeriods: 8}, 'ValidationException'],
    [{DatapointsToAlarm: 2}, 'ValidationException'],
    [{TreatMissingData: 'good'}, 'ValidationException'],
    [{Statistic: undefined}, 'MissingRequiredParameterException'],
    [{Statistic: undefined, ExtendedStatistic: 'p101'}, 'ValidationException'],
    [{Threshold: undefined}, 'MissingRequiredParameterException'],
    [{ExtendedStatistic: 'p95'}, 'InvalidParameterCombinationException'],
  ])('are refused with %j', async (more, name) => {
    const {put} = await asking()
    expect((await refusal(put(more as Partial<PutMetricAlarmCommandInput>))).name).toBe(name)
  })
})
