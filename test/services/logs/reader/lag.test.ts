import {describe, expect, test} from 'vitest'
import {createLagWatch} from '../../../../src/services/logs/lag.ts'

function watched(lags: readonly number[]) {
  const lag = createLagWatch()
  for (const one of lags) lag.observe(one)
  return {holdMs: lag.holdMs(), lookBackMs: lag.lookBackMs()}
}
const times = (count: number, lagMs: number): number[] => Array.from({length: count}, () => lagMs)

describe('how long events are held', () => {
  test('is two seconds as long as nothing is known', () => {
    expect(watched([]).holdMs).toBe(2000)
  })

  test('is the 95th percentile of lag', () => {
    expect(watched(Array.from({length: 100}, (_, i) => (i + 1) * 100)).holdMs).toBe(9500)
    expect(watched([...times(95, 3000), ...times(5, 60_000)]).holdMs).toBe(3000)
    expect(watched([...times(94, 3000), ...times(6, 60_000)]).holdMs).toBe(10_000)
  })

  test('is between two and ten seconds', () => {
    expect(watched(times(50, 10)).holdMs).toBe(2000)
    expect(watched(times(50, 60_000)).holdMs).toBe(10_000)
  })

  test('forgets what is longer ago than 512 events', () => {
    expect(watched([...times(512, 9000), ...times(512, 10)]).holdMs).toBe(2000)
  })

  test('T12 is not misled by events dated into the future', () => {
    expect(watched(times(50, -5_400_000)).holdMs).toBe(2000)
  })
})

describe('how far sweeps look back', () => {
  test.each([
    [[], 120_000],
    [[30_000], 120_000],
    [[100, 200_000, 100], 400_000],
    [[3_600_000], 900_000],
  ])('twice the longest lag lately seen, from 2 to 15 minutes: %j', (lags, lookBackMs) => {
    expect(watched(lags).lookBackMs).toBe(lookBackMs)
  })
})
