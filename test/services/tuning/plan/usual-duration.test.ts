import {describe, expect, it} from 'vitest'
import {readUsualDuration} from '../../../../src/services/tuning/plan/usual-duration.ts'
import {deniedTo, type FakeAccountOptions, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {planOf} from '../tune-runs.ts'

const hour = 3_600_000
const {source} = planOf()

const answered =
  (medians: readonly number[], calls: number, apartMs = hour) =>
  (call: FakeCall) => ({
    MetricDataResults: (call.input['MetricDataQueries'] as readonly {Id: string; MetricStat: {Stat: string}}[]).map(
      ({Id, MetricStat}) => ({
        Id,
        StatusCode: 'Complete',
        Timestamps: medians.map((_, at) => new Date(now - (medians.length - at) * apartMs)),
        Values: MetricStat.Stat === 'p50' ? medians : medians.map(() => calls),
      }),
    ),
  })
const usual = (GetMetricData: FakeAccountOptions['answers'][string], more: Partial<typeof source> = {}) =>
  readUsualDuration(fakeAccount({answers: {GetMetricData}}), {...source, ...more}, ongoing())
const lastModified = (ageMs: number) => ({
  configuration: {LastModified: new Date(now - ageMs).toISOString().replace('Z', '+0000')},
})

describe('what its own traffic takes', () => {
  it('is the median of the hours of a day, whatever one hour was like', async () => {
    expect(await usual(answered([24, 23, 900], 50))).toBe(24)
  })

  it('is of the hours since it was changed, and of the alias that was asked for', async () => {
    const aws = fakeAccount({answers: {GetMetricData: answered([24], 50)}})
    await readUsualDuration(aws, {...source, qualifier: 'live', ...lastModified(7.5 * hour)}, ongoing())
    const [call] = aws.of('GetMetricData')
    expect(call?.input['StartTime']).toEqual(new Date(now - 7 * hour))
    expect(JSON.stringify(call?.input)).toContain('resize:live')
  })

  it('is known by the minutes since it was changed, where somebody deployed within the hour', async () => {
    const aws = fakeAccount({answers: {GetMetricData: answered([24, 23, 26], 50, 60_000)}})
    const fn = {...source, ...lastModified(14.5 * 60_000)}
    expect(await readUsualDuration(aws, fn, ongoing())).toBe(24)
    const [call] = aws.of('GetMetricData')
    expect(call?.input['StartTime']).toEqual(new Date(now - 14 * 60_000))
    expect(JSON.stringify(call?.input)).toContain('"Period":60')
  })

  it.each<[string, Promise<number | null>]>([
    ['it was called a few times only', usual(answered([24], 19))],
    ['it was never called', usual(answered([], 0))],
    ['metrics may not be read', usual(() => Promise.reject(deniedTo('cloudwatch:GetMetricData')))],
    ['it was changed this minute', usual(answered([24], 50), lastModified(500))],
  ])('is not known where %s', async (_, reading) => {
    expect(await reading).toBeNull()
  })
})
