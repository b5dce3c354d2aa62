import {expect, test} from 'vitest'
import {metricCost} from '../../../src/services/fleet/metric-batches.ts'
import {
  measuredWindow,
  newestMinutesNotes,
  readablePeriod,
  wholePeriods,
} from '../../../src/services/fleet/metric-period.ts'
import {now} from './fake-account.ts'

const hour = 3_600_000
const day = 24 * hour

test.each([
  [1, 60, 60],
  [14, 90, 120],
  [15, 60, 300],
  [62, 300, 300],
  [63, 300, 3600],
  [400, 86_400, 86_400],
  [0, 0, 60],
])('%i days ago, a period of %i s can be read as one of %i s', (ageDays, period, readable) => {
  expect(readablePeriod(period, now - ageDays * day, now)).toBe(readable)
})

test('the periods of a window have all of it, and less than a period more at either end', () => {
  const cuts = [now - 7 * day - 1, now - 3 * day, now - day - 5 * hour - 17, now - 1, now]
  for (const period of [60, 300, 3600, 86_400])
    for (const [at, end] of cuts.slice(1).entries()) {
      const asked = {start: cuts[at] ?? 0, end}
      const whole = wholePeriods(asked, period, now)
      expect(whole.start % (period * 1000)).toBe(0)
      expect(whole.end % (period * 1000)).toBe(0)
      for (const more of [asked.start - whole.start, whole.end - asked.end]) {
        expect(more).toBeGreaterThanOrEqual(0)
        expect(more).toBeLessThan(period * 1000)
      }
    }
})

test('what is measured begins with the first period, and does not go on into what is to come', () => {
  const end = now + 7 * 60_000 + 11_000
  expect(measuredWindow({start: end - 7 * day, end}, 3600, end)).toEqual({start: now - 7 * day, end})
  expect(measuredWindow({start: end - 2 * day, end: end - day}, 3600, end)).toEqual({
    start: now - 2 * day,
    end: now - day + hour,
  })
})

test('of a window that is too old for its period, what is measured is of longer ones', () => {
  const start = now - 70 * day + 60_000
  expect(measuredWindow({start, end: start + hour}, 60, now)).toEqual({
    start: start - 60_000,
    end: start + 2 * hour - 60_000,
  })
})

test.each([
  ['five minutes that end now', 5 * 60_000, 0, 1],
  ['an hour that ended two minutes ago', hour, 120_000, 1],
  ['an hour that ended three minutes ago', hour, 180_000, 0],
  ['a week that ends now', 7 * day, 0, 0],
])('that the newest minutes come late is said of %s, where it matters', (_, length, ago, notes) => {
  const end = now - ago
  expect(newestMinutesNotes({start: end - length, end}, now).length).toBe(notes)
})

test('a window of whole periods stays as it is', () => {
  const window = {start: now - 7 * day, end: now}
  expect(wholePeriods(window, 3600, now)).toEqual(window)
})

test('a window shorter than a period is the one that it lies in, not nothing', () => {
  const start = now + 10 * 60_000
  expect(wholePeriods({start, end: start + 60_000}, 3600, start)).toEqual({start: now, end: now + hour})
})

test('nothing is asked for of what CloudWatch no longer keeps', () => {
  const {start} = wholePeriods({start: now - 600 * day, end: now}, 86_400, now)
  expect(now - start).toBeLessThan(455 * day)
  expect(now - start).toBeGreaterThan(453 * day)
})

test.each([
  ['one metric of 100,000 functions by the day', 100_000, 86_400, 30, {calls: 200, costUSD: 1}],
  ['ten', 1_000_000, 86_400, 30, {calls: 2_000, costUSD: 10}],
  ['one metric of 1,000 functions by the minute', 1_000, 60, 1, {calls: 15, costUSD: 0.01}],
  ['none', 0, 3600, 1, {calls: 0, costUSD: 0}],
] as const)('the cost is known before: %s', (_, metrics, period, days, cost) => {
  expect(metricCost(metrics, period, {start: now - days * day, end: now}, now)).toEqual(cost)
})
