import {describe, expect, test} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {readServedVersions} from '../../../../src/services/traffic/evidence/served-versions.ts'
import {hour, minute} from '../../../sandbox/world/larder-world.ts'
import {deniedTo, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {askedMetrics, metricData} from './fake-metrics.ts'
import {refTo, shiftedCompany} from './shifted-company.ts'

const day = 24 * hour
const window = {start: now - day, end: now}
const hourOf = (at: number): number => Math.floor(at / hour) * hour

/** An account in which versions ran at moments, once each; `null`: by an alias, of which nothing more is told. */
const account = (runs: Readonly<Record<string, readonly number[]>>, answer?: (call: FakeCall) => void) =>
  fakeAccount({
    answers: {
      GetMetricData: call => {
        answer?.(call)
        return metricData(call, ({metricName, version, stat, periodMs}) => {
          const own = version === null ? Object.values(runs).flat() : (runs[version] ?? [])
          if (stat === 'p95') return own.length > 0 ? [[window.start, 100]] : []
          if (metricName === 'Errors') return own.map(at => [at, 0] as const)
          const start = periodMs === day ? window.start : 0
          const periods = Map.groupBy(own, at => start + Math.floor((at - start) / periodMs) * periodMs)
          return [...periods].map(([at, some]) => [at, some.length] as const)
        })
      },
    },
  })

const ref = (...versions: readonly string[]) => ({...refTo('fn'), versions})

describe('the versions that served', () => {
  test('are those of the company, with what they did, the one that ran last first', async () => {
    const {world, clock, aws} = await shiftedCompany(20)
    const span = {start: Math.floor(clock.at / minute) * minute - 6 * hour, end: clock.at}
    const asked = {...refTo('checkout-api'), versions: ['38', '39', '40', '41', '42', '43']}
    const [known] = await readServedVersions(aws, [asked], span, ongoing())
    if (!known || !isKnown(known)) throw new Error('it is known')
    // metrics are a minute late
    const all = world.invocations('checkout-api', span.start, clock.at - minute)
    const expected = [...Map.groupBy(all, ({version}) => version)].map(([version, own]) => ({
      version,
      calls: own.length,
      errors: own.filter(({outcome}) => outcome !== 'ok').length,
      lastAt: Math.floor((own.at(-1)?.at ?? 0) / minute) * minute,
    }))
    expect(known.value.map(({version, calls, errors, lastAt}) => ({version, calls, errors, lastAt}))).toEqual(
      expected.sort((a, b) => b.lastAt - a.lastAt),
    )
    expect(known.value.map(({version}) => version).sort()).toEqual(['41', '42'])
    expect(known.value.every(({p95Ms}) => p95Ms !== null && p95Ms > 0)).toBe(true)
    const bad = known.value.find(({version}) => version === '42')
    const firstBad = all.find(({version}) => version === '42')?.at ?? 0
    expect(bad?.firstAt).toBe(firstBad < hourOf(span.start) + hour ? null : Math.floor(firstBad / minute) * minute)
  })

  test('are told to the minute where they ran last, to the hour else; the first run is none where it may have been before', async () => {
    const runs = {
      '1': [window.start + minute, now - 10 * hour - 7 * minute],
      '2': [now - 10 * hour + 90_000, now - 5 * hour + 30_000],
      '3': [now - 5 * hour + 30_000, now - 4 * minute],
    }
    expect(await readServedVersions(account(runs), [ref('1', '2', '3', '4')], window, ongoing())).toEqual([
      {
        value: [
          {version: '3', calls: 2, errors: 0, p95Ms: 100, firstAt: now - 5 * hour, lastAt: now - 4 * minute},
          {version: '2', calls: 2, errors: 0, p95Ms: 100, firstAt: now - 10 * hour + minute, lastAt: now - 5 * hour},
          {version: '1', calls: 2, errors: 0, p95Ms: 100, firstAt: null, lastAt: hourOf(now - 10 * hour - minute)},
        ],
      },
    ])
  })

  test('that ran last in one hour are told apart by the minute, however many they are', async () => {
    const runs = {'7': [now - 20 * minute], '8': [now - 10 * minute], '9': [now - 30 * minute]}
    const [known] = await readServedVersions(account(runs), [ref('9', '7', '8')], window, ongoing())
    expect(known && isKnown(known) && known.value.map(({version}) => version)).toEqual(['8', '7', '9'])
  })

  test('of several hundred are found in a few calls', async () => {
    const versions = Array.from({length: 700}, (_, i) => String(i + 1))
    const aws = account({'700': [now - minute], '650': [now - 3 * hour]})
    const [known] = await readServedVersions(aws, [ref(...versions)], window, ongoing())
    expect(known && isKnown(known) && known.value.map(({version}) => version)).toEqual(['700', '650'])
    const asked = aws.calls.reduce((sum, call) => sum + askedMetrics(call).length, 0)
    expect(aws.calls.length).toBeLessThanOrEqual(6)
    expect(asked).toBeLessThan(720)
  })

  test('are none where the alias was not invoked, and unknown where CloudWatch names no version of those that were', async () => {
    expect(await readServedVersions(account({}), [ref('1')], window, ongoing())).toEqual([{value: []}])
    expect(
      await readServedVersions(account({'99': [now - hour, now - minute]}), [ref('1', '2')], window, ongoing()),
    ).toEqual([
      {unknown: 'missing', detail: 'CloudWatch counts 2 invocations of fn:live and names none of 2 versions with them'},
    ])
  })

  test('are unknown where AWS would not say, each for itself', async () => {
    const denied = account({}, () => {
      throw deniedTo('cloudwatch:GetMetricData')
    })
    expect(await readServedVersions(denied, [ref('1'), ref('2')], window, ongoing())).toEqual([
      {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'},
      {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'},
    ])
    const {aws} = await shiftedCompany(5, [{kind: 'metric-failed', status: 'Forbidden', functionName: 'checkout-api'}])
    const two = [
      {...refTo('checkout-api'), versions: ['41', '42']},
      {...refTo('inventory'), versions: ['16', '17', '18']},
    ]
    const span = {start: now, end: now + hour}
    const [one, other] = await readServedVersions(aws, two, span, ongoing())
    expect(one).toMatchObject({unknown: 'denied'})
    expect(other).toHaveProperty('value')
  })

  test('are not read on after an abort', async () => {
    const reason = new Error('Ctrl-C')
    await expect(readServedVersions(account({}), [ref('1')], window, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
