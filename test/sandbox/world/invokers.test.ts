import {describe, expect, test} from 'vitest'
import {larder as company} from '../../../src/sandbox/world/larder/company.ts'
import {larder} from './larder-world.ts'

const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`

describe('rules and schedules', () => {
  test('start what the company’s schedules start, each once, by EventBridge or by its Scheduler', async () => {
    const {world} = await larder()
    const started = [
      ...world.rules().flatMap(({schedule, targetArns}) => (schedule === null ? [] : targetArns)),
      ...world.schedules().map(({target}) => target.arn),
    ]
    const scheduled = (company['eu-west-1'] ?? [])
      .flatMap(({entries}) => entries ?? [])
      .flatMap(entry => ('schedule' in entry ? [entry.scenarios[0].start.in] : []))
      .map(name => arn(name === 'stock-sync' ? 'stock-sync:live' : name))
    expect(started.toSorted()).toEqual(scheduled.toSorted())
    expect(world.rules().map(({name}) => name)).toEqual(
      world
        .rules()
        .map(({name}) => name)
        .toSorted(),
    )
  })

  test('say when, so that the next time can be told from the expression', async () => {
    const {world} = await larder()
    const expressions = Object.fromEntries(world.rules().map(({name, schedule}) => [name, schedule]))
    expect(expressions).toMatchObject({
      'yearly-invoice': 'cron(0 3 1 1 ? *)',
      'canary-heartbeat': 'cron(0/5 * * * ? *)',
      'feature-flags': 'cron(4/15 * * * ? *)',
      'events-to-lake-hourly': 'cron(7 * * * ? *)',
    })
    expect(world.schedules()).toMatchObject([
      {name: 'close-tills-nightly', expression: 'cron(30 2 * * ? *)', target: {arn: arn('till-closing')}},
      {name: 'slot-janitor', expression: 'cron(3/10 * * * ? *)', target: {arn: arn('slot-janitor')}},
    ])
  })

  test('on events have a pattern and no schedule', async () => {
    const {world} = await larder()
    const onEvents = world.rules().filter(({pattern}) => pattern !== null)
    expect(onEvents.map(({name, targetArns}) => [name, targetArns])).toEqual([
      ['back-office-changes', [arn('audit-trail')]],
      ['new-prices', [arn('price-labels:live')]],
    ])
    for (const {pattern, schedule} of onEvents) {
      expect(schedule).toBeNull()
      expect(JSON.parse(pattern ?? '')).toHaveProperty('source')
    }
  })
})

describe('resource policies', () => {
  test('let in what starts a function: its API for the alias, its rule, a bucket, a topic, an account', async () => {
    const {world} = await larder()
    const grants = (name: string) =>
      world.function(name)?.grants.map(({principal, qualifier, sourceArn}) => [principal, qualifier, sourceArn])
    expect(grants('checkout-api')).toEqual([
      ['apigateway.amazonaws.com', 'live', 'arn:aws:execute-api:eu-west-1:123456789012:k3v9x1q7ta/*/*'],
    ])
    expect(grants('catalog-api')).toMatchObject([['apigateway.amazonaws.com', null, expect.anything()]])
    expect(grants('yearly-invoice')).toEqual([
      ['events.amazonaws.com', null, 'arn:aws:events:eu-west-1:123456789012:rule/yearly-invoice'],
    ])
    expect(grants('image-resize')).toEqual([['s3.amazonaws.com', null, 'arn:aws:s3:::larder-uploads']])
    expect(grants('slack-alerts')).toMatchObject([['sns.amazonaws.com', null, expect.stringContaining(':alerts')]])
    expect(grants('partner-stock')).toEqual([['210987654321', null, null]])
    expect(grants('payments-webhook')).toEqual([['*', 'live', null]])
  })

  test('are not there where a role does it: queues, streams, Scheduler, calls of the same account', async () => {
    const {world} = await larder()
    for (const name of ['billing-worker', 'clickstream-ingest', 'slot-janitor', 'inventory', 'img-thumb-v1'])
      expect(world.function(name)?.grants, name).toEqual([])
  })
})

test('stacks hold their rules, schedules and queues, each once', async () => {
  const {world} = await larder()
  const resources = world.stacks().flatMap(stack => stack.resources)
  const ofType = (type: string) => resources.filter(each => each.type === type).map(({physicalId}) => physicalId)
  expect(ofType('AWS::Events::Rule').toSorted()).toEqual(world.rules().map(({name}) => name))
  expect(ofType('AWS::Scheduler::Schedule').toSorted()).toEqual(world.schedules().map(({name}) => name))
  expect(
    ofType('AWS::SQS::Queue')
      .map(url => url.split('/').at(-1))
      .toSorted(),
  ).toEqual(world.queues().map(({name}) => name))
  for (const {name, resources: own} of world.stacks())
    expect(new Set(own.map(({logicalId}) => logicalId)).size, name).toBe(own.length)
})
