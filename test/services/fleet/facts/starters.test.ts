import {expect, test} from 'vitest'
import {deniedTo, type FakeCall, functionIn} from '../fake-account.ts'
import {account, facts, functionArn, notFound, refusing} from './told-facts.ts'

test('event sources are swept once, whatever the number of functions, and are there by function and alias', async () => {
  const mapping = (rest: string, more: object = {}) => ({
    UUID: `id of ${rest}`,
    FunctionArn: functionArn(rest),
    EventSourceArn: `arn:aws:sqs:eu-west-1:${account}:orders`,
    State: 'Enabled',
    LastProcessingResult: 'OK',
    ...more,
  })
  const {
    aws,
    facts: read,
    told,
  } = facts({
    ListEventSourceMappings: ({input}) =>
      input['Marker']
        ? {EventSourceMappings: [mapping('b', {EventSourceArn: undefined, LastProcessingResult: undefined})]}
        : {
            EventSourceMappings: [mapping('a'), mapping('a:live', {State: 'Disabled'}), {UUID: 'lost'}],
            NextMarker: 'more',
          },
  })
  const [first, second] = await told(Promise.all([read.eventSources(), read.eventSources()]))
  expect(second).toBe(first)
  const common = {sourceArn: `arn:aws:sqs:eu-west-1:${account}:orders`, lastProcessingResult: 'OK'}
  expect(first).toEqual({
    value: new Map([
      [
        'a',
        [
          {uuid: 'id of a', functionName: 'a', qualifier: null, state: 'Enabled', ...common},
          {uuid: 'id of a:live', functionName: 'a', qualifier: 'live', state: 'Disabled', ...common},
        ],
      ],
      [
        'b',
        [
          {
            uuid: 'id of b',
            functionName: 'b',
            qualifier: null,
            state: 'Enabled',
            sourceArn: null,
            lastProcessingResult: null,
          },
        ],
      ],
    ]),
  })
  expect(aws.calls).toHaveLength(2)
})

test('rules are found on every bus, by function and alias, and each is looked at once', async () => {
  const names = ({input}: FakeCall) => {
    if (input['EventBusName'] === 'orders') return {RuleNames: ['placed']}
    return {RuleNames: input['TargetArn'] === functionArn('a:live') ? ['nightly', 'gone'] : ['nightly']}
  }
  const {
    aws,
    facts: read,
    told,
  } = facts({
    ListEventBuses: () => ({EventBuses: [{Name: 'default'}, {Name: 'orders'}]}),
    ListRuleNamesByTarget: names,
    DescribeRule({input}) {
      if (input['Name'] === 'gone') throw notFound('Rule gone does not exist on EventBus default.')
      if (input['Name'] === 'nightly') return {State: 'DISABLED', ScheduleExpression: 'cron(0 3 * * ? *)'}
      return {State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', EventPattern: '{}'}
    },
  })
  const expected = {
    value: [
      {kind: 'rule', name: 'nightly', isEnabled: false, schedule: 'cron(0 3 * * ? *)', timezone: null},
      {kind: 'rule', name: 'orders/placed', isEnabled: true, schedule: null, timezone: null},
    ],
  }
  expect(await told(read.rules(functionIn(aws, 'a'), ['live']))).toEqual(expected)
  expect(await told(read.rules(functionIn(aws, 'b')))).toEqual(expected)
  expect(aws.of('DescribeRule')).toHaveLength(3)
  expect(aws.of('ListEventBuses')).toHaveLength(1)
})

test('a server that knows of no event buses has the default one', async () => {
  const {facts: read, fn, told} = facts({ListRuleNamesByTarget: () => ({RuleNames: []})})
  expect(await told(read.rules(fn))).toEqual({value: []})
})

test('schedules are found by what they start: a function, an alias, or a call of Invoke', async () => {
  const scheduled = (Name: string, Arn: string, GroupName = 'default') => ({
    Name,
    GroupName,
    Arn: `arn:aws:scheduler:eu-west-1:${account}:schedule/${GroupName}/${Name}`,
    Target: {Arn},
  })
  const {
    aws,
    facts: read,
    told,
  } = facts({
    ListSchedules: () => ({
      Schedules: [
        scheduled('nightly', functionArn('report')),
        scheduled('yearly', functionArn('invoice:live'), 'money'),
        scheduled('api', 'arn:aws:scheduler:::aws-sdk:lambda:invoke'),
        scheduled('gone', functionArn('report')),
        scheduled('queue', `arn:aws:sqs:eu-west-1:${account}:q`),
        scheduled('theirs', 'arn:aws:lambda:eu-west-1:999999999999:function:report'),
      ],
    }),
    GetSchedule({input}) {
      if (input['Name'] === 'gone') throw notFound('Schedule gone does not exist.')
      return {
        State: input['Name'] === 'yearly' ? 'DISABLED' : 'ENABLED',
        ScheduleExpression: 'rate(1 day)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        Target: {Input: JSON.stringify({FunctionName: functionArn('report:2'), Payload: 'secret'})},
      }
    },
  })
  const rule = {kind: 'schedule', isEnabled: true, schedule: 'rate(1 day)', timezone: 'Europe/Berlin'}
  expect(await told(read.schedules())).toEqual({
    value: new Map([
      [
        'report',
        [
          {...rule, name: 'nightly'},
          {...rule, name: 'api'},
        ],
      ],
      ['invoice', [{...rule, name: 'money/yearly', isEnabled: false}]],
    ]),
  })
  expect(aws.of('GetSchedule')).toHaveLength(4)
})

test('a schedule tells since when it is what it is, until when, and how late it may start', async () => {
  const at = (day: number) => new Date(Date.UTC(2026, 10, day))
  const answers: Readonly<Record<string, object>> = {
    daily: {
      ScheduleExpression: 'rate(1 day)',
      CreationDate: at(1),
      LastModificationDate: at(3),
      StartDate: at(2),
      EndDate: at(30),
      FlexibleTimeWindow: {Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15},
    },
    once: {
      ScheduleExpression: 'at(2026-11-05T00:00:00)',
      CreationDate: at(1),
      StartDate: at(6),
      EndDate: at(4),
      FlexibleTimeWindow: {Mode: 'OFF'},
    },
    odd: {ScheduleExpression: 'rate(1 day)', StartDate: new Date(Number.NaN), EndDate: new Date(Number.NaN)},
  }
  const {facts: read, told} = facts({
    ListSchedules: () => ({
      Schedules: Object.keys(answers).map(Name => ({
        Name,
        Arn: `arn:aws:scheduler:eu-west-1:${account}:schedule/default/${Name}`,
        Target: {Arn: functionArn('fn')},
      })),
    }),
    GetSchedule: ({input}) => ({State: 'ENABLED', ...answers[String(input['Name'])]}),
  })
  const common = {kind: 'schedule', isEnabled: true, timezone: null}
  expect(await told(read.schedules())).toEqual({
    value: new Map([
      [
        'fn',
        [
          {
            ...common,
            name: 'daily',
            schedule: 'rate(1 day)',
            activeFrom: at(3).getTime(),
            activeUntil: at(30).getTime(),
            spreadMs: 900_000,
          },
          {...common, name: 'once', schedule: 'at(2026-11-05T00:00:00)', activeFrom: at(1).getTime()},
          {...common, name: 'odd', schedule: 'rate(1 day)'},
        ],
      ],
    ]),
  })
})

test('more schedules than anybody can list are not read, and that is said', async () => {
  const page = (from: number, Arn: string) => ({
    Schedules: Array.from({length: 100}, (_, at) => ({
      Name: `s${from + at}`,
      Arn: `arn:aws:scheduler:eu-west-1:${account}:schedule/default/s${from + at}`,
      Target: {Arn},
    })),
  })
  const endless = facts({
    ListSchedules: ({nth}) => ({...page(nth * 100, `arn:aws:sqs:eu-west-1:${account}:q`), NextToken: `page ${nth}`}),
  })
  expect(await endless.told(endless.facts.schedules())).toEqual({
    unknown: 'not-read',
    detail: 'there are more than 20,000 schedules',
  })
  const many = facts({
    ListSchedules: ({nth}) => ({...page(nth * 100, functionArn('fn')), ...(nth < 21 && {NextToken: `page ${nth}`})}),
  })
  expect(await many.told(many.facts.schedules())).toEqual({
    unknown: 'not-read',
    detail: 'more than 2,000 schedules start functions',
  })
  expect(many.aws.of('GetSchedule')).toHaveLength(0)
})

/** the rules of 150 functions, one after the other */
async function rulesOfMany(answers: Parameters<typeof facts>[0]) {
  const {aws, facts: read, told} = facts(answers)
  const all: unknown[] = []
  for (let at = 0; at < 150; at++) all.push(await told(read.rules(functionIn(aws, `fn-${at}`), ['live'])))
  return {aws, all}
}

const rulesOfTwoBuses = {
  ListEventBuses: () => ({EventBuses: [{Name: 'default'}, {Name: 'orders'}]}),
  ListRuleNamesByTarget: ({input}: FakeCall) => {
    if (input['EventBusName'] === 'orders')
      return {RuleNames: input['TargetArn'] === functionArn('fn-149') ? ['placed'] : []}
    return {RuleNames: ['nightly']}
  },
  DescribeRule: ({input}: FakeCall) =>
    input['Name'] === 'nightly' ? {State: 'ENABLED', ScheduleExpression: 'rate(1 day)'} : {State: 'DISABLED'},
}
const nightly = {kind: 'rule', name: 'nightly', isEnabled: true, schedule: 'rate(1 day)', timezone: null}
const placed = {kind: 'rule', name: 'orders/placed', isEnabled: false, schedule: null, timezone: null}

test('of many functions the rules are listed instead, which takes a call for each rule', async () => {
  const {aws, all} = await rulesOfMany({
    ...rulesOfTwoBuses,
    ListRules: ({input}) =>
      input['EventBusName'] === 'orders'
        ? {Rules: [{Name: 'placed', State: 'DISABLED'}]}
        : {Rules: [{Name: 'nightly', State: 'ENABLED', ScheduleExpression: 'rate(1 day)'}, {Name: 'gone'}]},
    ListTargetsByRule({input}) {
      if (input['Rule'] === 'gone') throw notFound('Rule gone does not exist on EventBus default.')
      // a version that nobody asked about
      if (input['Rule'] === 'placed') return {Targets: [{Id: '1', Arn: functionArn('fn-149:7')}]}
      return {
        Targets: Array.from({length: 150}, (_, at) => [
          {Id: `${at}`, Arn: functionArn(`fn-${at}`)},
          {Id: `${at} live`, Arn: functionArn(`fn-${at}:live`)},
        ]).flat(),
      }
    },
  })
  expect(all.slice(0, 149)).toEqual(Array.from({length: 149}, () => ({value: [nightly]})))
  expect(all[149]).toEqual({value: [nightly, placed]})
  expect(aws.of('ListRuleNamesByTarget').length).toBeLessThanOrEqual(200)
  expect(aws.of('ListRules')).toHaveLength(2)
  expect(aws.of('ListTargetsByRule')).toHaveLength(3)
})

test.each([
  ['they may not be listed', {ListRules: refusing(() => deniedTo('events:ListRules'))}],
  [
    'the targets of one may not',
    {
      ListRules: () => ({Rules: [{Name: 'nightly'}]}),
      ListTargetsByRule: refusing(() => deniedTo('events:ListTargetsByRule')),
    },
  ],
  [
    'there are too many',
    {
      ListRules: ({nth}: FakeCall) => ({
        Rules: Array.from({length: 100}, (_, at) => ({Name: `${nth}-${at}`})),
        NextToken: `page ${nth}`,
      }),
    },
  ],
])('where %s, rules are asked for by their targets, however many', async (_, answers) => {
  const {aws, all} = await rulesOfMany({...rulesOfTwoBuses, ...answers})
  expect(all.slice(0, 149)).toEqual(Array.from({length: 149}, () => ({value: [nightly]})))
  expect(all[149]).toEqual({value: [nightly, placed]})
  expect(aws.of('ListRuleNamesByTarget')).toHaveLength(600)
})

test('where the targets of rules may not be listed, that is not tried with each rule', async () => {
  const {aws, all} = await rulesOfMany({
    ...rulesOfTwoBuses,
    ListRules: ({input}) => ({
      Rules: input['EventBusName'] ? [] : Array.from({length: 500}, (_, at) => ({Name: `rule-${at}`})),
    }),
    ListTargetsByRule: refusing(() => deniedTo('events:ListTargetsByRule')),
  })
  expect(all[149]).toEqual({value: [nightly, placed]})
  expect(aws.of('ListTargetsByRule').length).toBeLessThan(100)
})
