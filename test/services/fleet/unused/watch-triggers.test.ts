import {describe, expect, it} from 'vitest'
import {openFacts, type Rule} from '../../../../src/services/fleet/facts.ts'
import {watchTriggers} from '../../../../src/services/fleet/unused/watch-triggers.ts'
import {type FakeCall, fakeAccount} from '../fake-account.ts'
import {dayMs, now, source, window} from './evidences.ts'

const {signal} = new AbortController()
const account = '123456789012'
const queueArn = `arn:aws:sqs:eu-west-1:${account}:orders-retry`

type Query = {
  readonly Id: string
  readonly MetricStat: {
    readonly Period: number
    readonly Metric: {
      readonly MetricName: string
      readonly Dimensions: readonly {readonly Name: string; readonly Value: string}[]
    }
  }
}

const queriesIn = ({input}: FakeCall) => input['MetricDataQueries'] as readonly Query[]

/** CloudWatch has one datapoint of each of these metrics, by its name and dimensions. */
async function watched(rules: readonly Rule[], reported: Readonly<Record<string, number>>, at = window) {
  const calls: {readonly name: string; readonly period: number; readonly start: number; readonly end: number}[] = []
  const aws = fakeAccount({
    answers: {
      GetCallerIdentity: () => ({Account: account}),
      GetQueueAttributes: () => ({
        Attributes: {
          ApproximateNumberOfMessages: '0',
          ApproximateNumberOfMessagesNotVisible: '0',
          ApproximateNumberOfMessagesDelayed: '0',
        },
      }),
      GetMetricData: call => ({
        MetricDataResults: queriesIn(call).map(({Id, MetricStat: {Metric, Period}}) => {
          const dimensions = Metric.Dimensions.map(({Name, Value}) => `${Name}=${Value}`).join()
          const name = `${Metric.MetricName} ${dimensions}`
          const start = (call.input['StartTime'] as Date).getTime()
          calls.push({name, period: Period, start, end: (call.input['EndTime'] as Date).getTime()})
          const value = reported[name]
          return {
            Id,
            StatusCode: 'Complete',
            Timestamps: value === undefined ? [] : [new Date(start)],
            Values: value === undefined ? [] : [value],
          }
        }),
      }),
    },
  })
  const sources = [source({sourceArn: queueArn}).source]
  const asked = {aws, facts: openFacts(aws, null, signal), account}
  const answer = await aws.fakeClock.outcome(watchTriggers(asked, {sources, rules}, at, signal))
  return {calls, rules: answer.rulesOf(rules), sources: answer.sourcesOf(sources)}
}

const pattern = (name: string): Rule => ({kind: 'rule', name, isEnabled: true, schedule: null, timezone: null})

describe('how often a rule was matched', () => {
  it('is measured by its bus too, where that is not the default one', async () => {
    const {rules} = await watched([pattern('placed'), pattern('orders/placed'), pattern('aws.partner/shop/1/placed')], {
      'TriggeredRules RuleName=placed': 1,
      'TriggeredRules EventBusName=orders,RuleName=placed': 2,
      'TriggeredRules EventBusName=aws.partner/shop/1,RuleName=placed': 3,
    })
    expect(rules.map(({matched}) => matched)).toEqual([{value: 1}, {value: 2}, {value: 3}])
  })
})

describe('what a queue received', () => {
  it('is that of the window, to the hour: what came on the day that it ended, but later, is not in it', async () => {
    const ended = {...window, start: now - 60 * dayMs, end: now - 30 * dayMs}
    const {calls} = await watched([pattern('placed')], {}, ended)
    expect(calls.filter(({name}) => /Sent|Triggered/.test(name))).toEqual([
      expect.objectContaining({period: 3_600, start: ended.start, end: ended.end}),
      expect.objectContaining({period: 3_600, start: ended.start, end: ended.end}),
    ])
  })

  it('is all of a day, where that is the window', async () => {
    const {calls} = await watched([], {}, {...window, start: now - dayMs})
    expect(calls.find(({name}) => name.includes('Sent'))).toMatchObject({period: 300, start: now - dayMs, end: now})
  })
})
