import {describe, expect, test} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import type {Traffic} from '../../../../src/services/traffic/evidence/read-traffic.ts'
import {readTraffic} from '../../../../src/services/traffic/evidence/read-traffic.ts'
import {slowThreshold} from '../../../../src/services/traffic/evidence/slow-threshold.ts'
import {hour, minute} from '../../../sandbox/world/larder-world.ts'
import {deniedTo, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {askedMetrics, metricData, windowOf} from './fake-metrics.ts'
import {refTo, shiftedAt, shiftedCompany} from './shifted-company.ts'

const day = 24 * hour
const window = {start: now - day, end: now}

/** An account whose functions have so many invocations, by the Resource, and one in ten of them failed. */
const account = (calls: Readonly<Record<string, number>>) =>
  fakeAccount({
    answers: {
      GetMetricData: call =>
        metricData(call, ({functionName, resource, metricName, stat}) => {
          const count = calls[resource ?? functionName] ?? 0
          if (count === 0) return []
          const value = stat === 'p95' ? 120 : metricName === 'Errors' ? count / 10 : count
          return [[windowOf(call).start, value]]
        }),
    },
  })

describe('the traffic of an alias', () => {
  test('is that of the company, to the invocation', async () => {
    const {world, aws} = await shiftedCompany(0)
    // metrics are a minute late
    const end = Math.floor(shiftedAt / minute) * minute - minute
    const span = {start: end - 6 * hour, end}
    const [known] = await readTraffic(aws, [refTo('checkout-api')], span, ongoing())
    if (!known || !isKnown(known)) throw new Error('it is known')
    const all = world.invocations('checkout-api', span.start, span.end)
    const durations = all.map(({durationMs}) => durationMs).sort((a, b) => a - b)
    expect(known.value.perMinute * 360).toBeCloseTo(all.length, 6)
    expect(known.value.errorRate).toBe(all.filter(({outcome}) => outcome !== 'ok').length / all.length)
    expect(known.value.aliasShare).toBe(1)
    expect(known.value.p95Ms).toBeCloseTo(durations[Math.ceil(0.95 * durations.length) - 1] ?? 0, 1)
  })

  test('is asked for in one call for a hundred aliases, over the window as one period', async () => {
    const aws = account({fn: 10})
    const refs = Array.from({length: 100}, (_, i) => refTo(`fn-${i}`))
    expect(await readTraffic(aws, refs, window, ongoing())).toHaveLength(100)
    expect(aws.calls).toHaveLength(1)
    const [call] = aws.calls
    if (!call) throw new Error('it was asked')
    expect(new Set(askedMetrics(call).map(({periodMs}) => periodMs))).toEqual(new Set([day]))
    expect(windowOf(call)).toEqual(window)
  })

  test('case 35: nobody calls the alias, though the function', async () => {
    expect(await readTraffic(account({fn: 500}), [refTo('fn')], window, ongoing())).toEqual([
      {value: {perMinute: 0, aliasShare: 0, errorRate: null, p95Ms: null}},
    ])
  })

  test('of a function that nobody calls has no shares', async () => {
    expect(await readTraffic(account({}), [refTo('fn')], window, ongoing())).toEqual([
      {value: {perMinute: 0, aliasShare: null, errorRate: null, p95Ms: null}},
    ])
  })

  test('is a part of the function’s', async () => {
    expect(await readTraffic(account({fn: 2880, 'fn:live': 1440}), [refTo('fn')], window, ongoing())).toEqual([
      {value: {perMinute: 1, aliasShare: 0.5, errorRate: 0.1, p95Ms: 120}},
    ])
  })

  test('of more than a day is read a day at a time, and nothing behind its end', async () => {
    const aws = account({fn: 10, 'fn:live': 10})
    const week = {start: now - 7.5 * day, end: now - day / 2}
    const [known] = await readTraffic(aws, [refTo('fn')], week, ongoing())
    expect(known).toMatchObject({value: {errorRate: 0.1, p95Ms: 120}})
    const [call] = aws.calls
    if (!call) throw new Error('it was asked')
    expect(askedMetrics(call)[0]?.periodMs).toBe(day)
    expect(windowOf(call)).toEqual(week)
  })

  test('is unknown where AWS would not say, with the permission', async () => {
    const aws = fakeAccount({
      answers: {
        GetMetricData: () => {
          throw deniedTo('cloudwatch:GetMetricData')
        },
      },
    })
    expect(await readTraffic(aws, [refTo('a'), refTo('b')], window, ongoing())).toEqual([
      {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'},
      {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'},
    ])
  })

  test('is not read on after an abort', async () => {
    const reason = new Error('Ctrl-C')
    await expect(readTraffic(account({}), [refTo('fn')], window, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

describe('the threshold of latency', () => {
  const traffic = (more: Partial<Traffic>): {value: Traffic} => ({
    value: {perMinute: 1, aliasShare: 1, errorRate: 0, p95Ms: 123.4, ...more},
  })

  test('is the p95 in whole ms', () => {
    expect(slowThreshold(traffic({}))).toBe(124)
  })

  test('is none where there is little traffic, no p95, or nobody knows', () => {
    expect(slowThreshold(traffic({perMinute: 199 / 1440}))).toBeNull()
    expect(slowThreshold(traffic({perMinute: 201 / 1440}))).toBe(124)
    expect(slowThreshold(traffic({p95Ms: null}))).toBeNull()
    expect(slowThreshold({unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'})).toBeNull()
  })
})
