import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge'
import {expect, test} from 'vitest'
import type {SandboxRule} from '../../../src/sandbox/world/sandbox-resources.ts'
import {refusal, serve} from '../running.ts'

const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`

const nightly: SandboxRule = {
  name: 'nightly',
  state: 'DISABLED',
  schedule: 'cron(0 3 * * ? *)',
  pattern: null,
  targetArns: [arn('report'), arn('report:live')],
}
const orders: SandboxRule = {
  name: 'orders-placed',
  state: 'ENABLED',
  schedule: null,
  pattern: '{"source":["larder.orders"]}',
  targetArns: [arn('mailer')],
}
const rules = [nightly, orders, {...nightly, name: 'noon', state: 'ENABLED' as const, targetArns: [arn('report')]}]

test('rules are found by their target, the function or its alias, page by page', async () => {
  const {connect} = await serve({rules})
  const names = (input: object) =>
    connect(EventBridgeClient).send(new ListRuleNamesByTargetCommand({TargetArn: arn('report'), ...input}))
  expect((await names({})).RuleNames).toEqual(['nightly', 'noon'])
  expect((await names({TargetArn: arn('report:live')})).RuleNames).toEqual(['nightly'])
  expect((await names({TargetArn: arn('none')})).RuleNames).toEqual([])
  const first = await names({Limit: 1})
  expect(first.RuleNames).toEqual(['nightly'])
  const second = await names({Limit: 1, NextToken: first.NextToken})
  expect([second.RuleNames, second.NextToken]).toEqual([['noon'], undefined])
})

test('a rule has a schedule or a pattern, and says whether it is enabled', async () => {
  const {connect} = await serve({rules})
  const rule = async (Name: string) => {
    const {$metadata, ...answer} = await connect(EventBridgeClient).send(new DescribeRuleCommand({Name}))
    return answer
  }
  const common = {EventBusName: 'default', CreatedBy: '123456789012'}
  expect(await rule('nightly')).toEqual({
    ...common,
    Name: 'nightly',
    Arn: 'arn:aws:events:eu-west-1:123456789012:rule/nightly',
    State: 'DISABLED',
    ScheduleExpression: 'cron(0 3 * * ? *)',
  })
  expect(await rule('orders-placed')).toEqual({
    ...common,
    Name: 'orders-placed',
    Arn: 'arn:aws:events:eu-west-1:123456789012:rule/orders-placed',
    State: 'ENABLED',
    EventPattern: '{"source":["larder.orders"]}',
  })
})

test('rules are listed by prefix, and the targets of one', async () => {
  const {connect} = await serve({rules})
  const client = connect(EventBridgeClient)
  const listed = await client.send(new ListRulesCommand({NamePrefix: 'n'}))
  expect(listed.Rules?.map(each => each.Name)).toEqual(['nightly', 'noon'])
  expect(listed.Rules?.[0]).not.toHaveProperty('CreatedBy')
  expect((await client.send(new ListTargetsByRuleCommand({Rule: 'nightly'}))).Targets).toEqual([
    {Id: 'Target0', Arn: arn('report')},
    {Id: 'Target1', Arn: arn('report:live')},
  ])
})

test('the company has the default event bus', async () => {
  const {connect} = await serve({rules})
  expect((await connect(EventBridgeClient).send(new ListEventBusesCommand())).EventBuses).toEqual([
    {Name: 'default', Arn: 'arn:aws:events:eu-west-1:123456789012:event-bus/default'},
  ])
})

test('what is not there is refused', async () => {
  const {connect} = await serve({rules})
  const client = connect(EventBridgeClient)
  const noRule = {name: 'ResourceNotFoundException', message: 'Rule none does not exist on EventBus default.'}
  expect(await refusal(client.send(new DescribeRuleCommand({Name: 'none'})))).toMatchObject(noRule)
  expect(await refusal(client.send(new ListTargetsByRuleCommand({Rule: 'none'})))).toMatchObject(noRule)
  const ofBus = (EventBusName: string) => client.send(new ListRulesCommand({EventBusName}))
  expect((await ofBus('arn:aws:events:eu-west-1:123456789012:event-bus/default')).Rules).toHaveLength(3)
  expect(await refusal(ofBus('other'))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Event bus other does not exist.',
  })
  expect(await refusal(client.send(new ListRulesCommand({Limit: 101})))).toMatchObject({name: 'ValidationException'})
})
