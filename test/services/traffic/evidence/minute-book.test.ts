import {expect, test} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {lambdaMetric, ofVersion} from '../../../../src/services/traffic/evidence/alias-metrics.ts'
import {minuteBook} from '../../../../src/services/traffic/evidence/minute-book.ts'
import {type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {one} from './fake-lines.ts'

const minute = 60_000
const since = now - (now % minute)

type Asked = {readonly Id: string; readonly MetricStat: {readonly Metric: {readonly MetricName: string}}}

const asked = ({input}: FakeCall): readonly Asked[] => input['MetricDataQueries'] as readonly Asked[]
const namesIn = (call: FakeCall): readonly string[] => asked(call).map(query => query.MetricStat.Metric.MetricName)

test('a query that keeps being refused does not have all others read from the beginning again', async () => {
  let isRefused = true
  const aws = fakeAccount({
    answers: {
      GetMetricData: call => ({
        MetricDataResults: asked(call).map(({Id, MetricStat: {Metric}}) =>
          Metric.MetricName === 'Errors' && isRefused
            ? {Id, StatusCode: 'Forbidden', Timestamps: [], Values: []}
            : {Id, StatusCode: 'Complete', Timestamps: [new Date(since)], Values: [7]},
        ),
      }),
    },
  })
  const queries = (['Invocations', 'Errors'] as const).map(name => lambdaMetric(name, 'Sum', ofVersion(one, '42'), 60))
  const book = minuteBook(aws, queries, {since, finalAfterMs: 3 * minute})
  const read = () => aws.fakeClock.outcome(book.read(ongoing()))
  await read()
  await aws.fakeClock.outcome(aws.clock.sleep(60 * minute))
  expect((await read()).map(isKnown)).toEqual([true, false])
  const before = aws.of('GetMetricData').length
  expect((await read()).map(isKnown)).toEqual([true, false])
  const calls = aws.of('GetMetricData').slice(before)
  const starts = new Map(calls.map(call => [namesIn(call).join(), Number(call.input['StartTime'])]))
  expect(starts.get('Errors')).toBe(since)
  expect(starts.get('Invocations')).toBeGreaterThan(now + 30 * minute)
  isRefused = false
  expect(await read()).toEqual([{value: new Map([[since, 7]])}, {value: new Map([[since, 7]])}])
  const together = aws.of('GetMetricData').length
  await read()
  expect(aws.of('GetMetricData').slice(together)).toHaveLength(1)
})
