import {expect, it} from 'vitest'
import {measureUsage} from '../../../../src/services/fleet/unused/measure-usage.ts'
import {fakeAccount, functionIn, now} from '../fake-account.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

it('counts the first minutes of a window too, whatever periods CloudWatch still keeps of it', async () => {
  const aws = fakeAccount({answers: {GetMetricData: () => ({MetricDataResults: []})}})
  const fn = functionIn(aws, 'a')
  for (const days of [10, 15, 62, 63, 100, 400]) {
    const start = now - days * dayMs + 10 * minuteMs
    const window = {start, end: start + 3 * dayMs, now, newMs: 0}
    const options = {window, periodSeconds: 300, cache: null, onProgress: () => undefined}
    await aws.fakeClock.outcome(measureUsage(aws, [fn], [fn], options, new AbortController().signal))
    const from = Number(aws.of('GetMetricData').at(-1)?.input['StartTime'])
    expect(from, `${days} days ago`).toBeLessThanOrEqual(start)
    expect(from, `${days} days ago`).toBeGreaterThan(start - 60 * minuteMs)
  }
})
