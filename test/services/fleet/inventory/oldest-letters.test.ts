import {expect, test} from 'vitest'
import {oldestLetters} from '../../../../src/services/fleet/inventory/oldest-letters.ts'
import {deniedTo, fakeAccount, now, ongoing} from '../fake-account.ts'

const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`

test('the oldest message of a queue is as old as CloudWatch told last; what it refuses is unknown', async () => {
  const asked = {metrics: 0}
  const aws = fakeAccount({
    answers: {
      GetMetricData: () => ({
        MetricDataResults: [
          {
            Id: 'm0',
            StatusCode: 'Complete',
            Values: [60, 360],
            Timestamps: [new Date(now - 600_000), new Date(now - 300_000)],
          },
          {Id: 'm1', StatusCode: 'Complete', Values: [], Timestamps: []},
        ],
      }),
    },
  })
  const ages = await aws.fakeClock.outcome(oldestLetters(aws, [arn('a'), arn('b')], {now, asked}, ongoing()))
  expect([...ages.values(), asked.metrics]).toEqual([{value: 360_000}, {value: null}, 2])

  const denied = fakeAccount({
    answers: {
      GetMetricData: () => {
        throw deniedTo('cloudwatch:GetMetricData')
      },
    },
  })
  const none = await denied.fakeClock.outcome(oldestLetters(denied, [arn('a')], {now, asked}, ongoing()))
  expect(none.get(arn('a'))).toMatchObject({unknown: 'denied'})
})

test('where no queue holds a message, nothing is asked', async () => {
  const aws = fakeAccount({answers: {}})
  expect((await oldestLetters(aws, [], {now, asked: {metrics: 0}}, ongoing())).size).toBe(0)
  expect(aws.calls).toEqual([])
})
