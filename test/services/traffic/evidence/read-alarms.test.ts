import type {DescribeAlarmsCommandInput} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import {alarmNameOf, readAlarms, readAlarmsOrWhyNot} from '../../../../src/services/traffic/evidence/read-alarms.ts'
import {deniedTo, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {shiftedCompany} from './shifted-company.ts'

const at = new Date(now - 600_000)
const metric = (name: string, more: object = {}) => ({
  AlarmName: name,
  StateValue: 'OK',
  StateReason: 'all is well',
  StateTransitionedTimestamp: at,
  StateUpdatedTimestamp: new Date(now),
  ...more,
})

const inputOf = ({input}: FakeCall) => input as unknown as DescribeAlarmsCommandInput

/** An account with alarms of each type, which answers those that are asked for by type and name. */
const account = (alarms: {metric?: object[]; composite?: object[]; log?: object[]}, pageOf = 100) =>
  fakeAccount({
    answers: {
      DescribeAlarms: call => {
        const {AlarmNames, AlarmTypes = ['MetricAlarm'], NextToken = '0'} = inputOf(call)
        const named = (some: object[] = [], type: string) =>
          (AlarmTypes as string[]).includes(type)
            ? some.filter(alarm => AlarmNames?.includes((alarm as {AlarmName: string}).AlarmName) ?? true)
            : []
        const metrics = named(alarms.metric, 'MetricAlarm')
        const from = Number(NextToken)
        return {
          MetricAlarms: metrics.slice(from, from + pageOf),
          CompositeAlarms: from === 0 ? named(alarms.composite, 'CompositeAlarm') : [],
          LogAlarms: from === 0 ? named(alarms.log, 'LogAlarm') : [],
          ...(from + pageOf < metrics.length && {NextToken: String(from + pageOf)}),
        }
      },
    },
  })

describe('the alarms of a gate', () => {
  test('case 22: composite and log alarms are found, for which AWS has to be asked by type; in the order of the names', async () => {
    const aws = account({
      metric: [metric('errors')],
      composite: [metric('all-of-it', {StateValue: 'ALARM'})],
      log: [metric('by-log', {EvaluationState: 'EVALUATION_FAILURE'})],
    })
    expect(await readAlarms(aws, ['all-of-it', 'by-log', 'errors'], ongoing())).toEqual([
      {
        name: 'all-of-it',
        kind: 'composite',
        state: 'ALARM',
        since: at.getTime(),
        reason: 'all is well',
        isEvaluated: true,
      },
      {name: 'by-log', kind: 'log', state: 'OK', since: at.getTime(), reason: 'all is well', isEvaluated: false},
      {name: 'errors', kind: 'metric', state: 'OK', since: at.getTime(), reason: 'all is well', isEvaluated: true},
    ])
    expect(aws.calls).toHaveLength(1)
  })

  test('case 22: a name that is no alarm’s is an error with the nearest names, not an alarm that is OK', async () => {
    const aws = account({
      metric: [metric('checkout-errors'), metric('search-errors')],
      composite: [metric('checkout-all')],
    })
    await expect(readAlarms(aws, ['checkout-erors'], ongoing())).rejects.toMatchObject({
      name: 'UserError',
      code: 'NoMatch',
      message: 'there is no alarm checkout-erors in eu-west-1',
      hint: 'nearest: checkout-errors, checkout-all, search-errors',
    })
  })

  test('are asked for a hundred at a time, each once, all pages of it', async () => {
    const names = Array.from({length: 230}, (_, i) => `alarm-${i}`)
    const aws = account({metric: names.map(name => metric(name))}, 60)
    const alarms = await readAlarms(aws, [...names, 'alarm-0'], ongoing())
    expect(alarms.map(({name}) => name)).toEqual([...names, 'alarm-0'])
    expect(aws.calls.map(call => inputOf(call).AlarmNames?.length)).toEqual([100, 100, 100, 100, 30])
  })

  test('can be given as ARNs, though not as those of another region or account', async () => {
    const aws = account({metric: [metric('my: alarm')]})
    const arn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:my: alarm'
    expect(alarmNameOf(arn)).toBe('my: alarm')
    expect(await readAlarms(aws, [arn], ongoing())).toMatchObject([{name: 'my: alarm'}])
    await expect(readAlarms(aws, [arn.replace('eu-west-1', 'us-east-1')], ongoing())).rejects.toMatchObject({
      exitCode: 2,
    })
    const known = {...aws, scope: {...aws.scope, account: '210987654321'}}
    await expect(readAlarms(known, [arn], ongoing())).rejects.toMatchObject({exitCode: 2})
  })

  test('are asked for without log alarms of a server that does not know these', async () => {
    const aws = fakeAccount({
      answers: {
        DescribeAlarms: call => {
          if (inputOf(call).AlarmTypes?.includes('LogAlarm'))
            throw awsError('ValidationError', "Value 'LogAlarm' failed to satisfy enum value set", 400)
          return {MetricAlarms: [metric('errors')]}
        },
      },
    })
    expect(await readAlarms(aws, ['errors'], ongoing())).toHaveLength(1)
    expect(aws.calls.map(call => inputOf(call).AlarmTypes)).toEqual([
      expect.arrayContaining(['LogAlarm']),
      ['CompositeAlarm', 'MetricAlarm'],
    ])
  })

  test('are dated by when their state changed, not by when its reason did; a state that is none says nothing', async () => {
    const aws = account({
      metric: [
        metric('old-server', {StateTransitionedTimestamp: undefined}),
        metric('new', {StateTransitionedTimestamp: undefined, StateUpdatedTimestamp: undefined, StateValue: undefined}),
        metric('partial', {EvaluationState: 'PARTIAL_DATA'}),
      ],
    })
    expect(await readAlarms(aws, ['old-server', 'new', 'partial'], ongoing())).toMatchObject([
      {since: now, isEvaluated: true},
      {since: null, state: 'INSUFFICIENT_DATA', isEvaluated: false},
      {state: 'OK', isEvaluated: false},
    ])
  })

  test('that may not be read end with the permission, which composite alarms need on all (exit 4)', async () => {
    const aws = fakeAccount({
      answers: {
        DescribeAlarms: () => {
          throw deniedTo('cloudwatch:DescribeAlarms')
        },
      },
    })
    await expect(readAlarms(aws, ['errors'], ongoing())).rejects.toMatchObject({
      exitCode: 4,
      hint: 'this needs cloudwatch:DescribeAlarms on *',
    })
  })

  test('are those of the embedded AWS', async () => {
    const {aws, world} = await shiftedCompany(1)
    const names = world.alarms().map(({name}) => name)
    const alarms = await readAlarms(aws, names, ongoing())
    expect(alarms.map(({name, state, since}) => ({name, state, since}))).toEqual(
      world.alarms().map(({name, state, stateUpdatedAt}) => ({name, state, since: stateUpdatedAt})),
    )
  })
})

describe('while a shift is under way', () => {
  test('case 23: an answer that does not come is no error, but not known', async () => {
    const aws = fakeAccount({
      answers: {
        DescribeAlarms: () => {
          throw awsError('ThrottlingException', 'Rate exceeded', 400)
        },
      },
    })
    expect(await readAlarmsOrWhyNot(aws, ['errors'], ongoing())).toEqual({
      unknown: 'throttled',
      detail: 'AWS kept throttling the calls',
    })
  })

  test('an alarm that is gone is left out, and the others are known; nobody looks for names that are like it', async () => {
    const aws = account({metric: [metric('errors')]})
    expect(await readAlarmsOrWhyNot(aws, ['gone', 'errors'], ongoing())).toMatchObject({value: [{name: 'errors'}]})
    expect(aws.calls).toHaveLength(1)
  })

  test('an abort ends it with its reason', async () => {
    const reason = new Error('Ctrl-C')
    await expect(readAlarmsOrWhyNot(account({}), ['errors'], AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
