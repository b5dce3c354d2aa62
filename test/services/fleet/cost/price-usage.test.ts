import {describe, expect, test} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {
  type CostComponent,
  logStorageUSD,
  onDemandGBSeconds,
  type PricedUsage,
  priceUsage,
  withTiers,
} from '../../../../src/services/fleet/cost/price-usage.ts'
import {pricesOf} from '../../../../src/services/pricing.ts'
import {known, thirtyDaysMs, usage} from './usages.ts'

const prices = pricesOf('us-east-1')
const denied = {unknown: 'denied', detail: 'cloudwatch:GetMetricData'} as const

const usd = ({components}: PricedUsage, name: CostComponent): number | null => {
  const component = components[name]
  return isKnown(component) ? component.value : null
}

describe('what usage costs', () => {
  test('T2: three million calls that are billed 120 ms at 1,536 MB', () => {
    // a duration that ends between two milliseconds half way on the average: 119.5 ms
    const priced = priceUsage(
      usage({memorySizeMB: 1536, calls: known(3_000_000), durationMs: known(3_000_000 * 119.5)}),
      prices,
    )

    expect(usd(priced, 'requests')).toBeCloseTo(0.6, 9)
    expect(usd(priced, 'compute')).toBeCloseTo(9.000018, 9)
    expect(priced.costUSD).toEqual({value: expect.closeTo(9.600018, 9)})
  })

  test('nothing costs nothing, and is known to', () => {
    expect(priceUsage(usage(), prices)).toMatchObject({costUSD: {value: 0}, perGBSecond: null})
  })

  test('case 31: ten provisioned environments of 512 MB cost $54.00 in thirty days', () => {
    expect(usd(priceUsage(usage({memorySizeMB: 512, provisionedCount: known(10)}), prices), 'provisioned')).toBeCloseTo(
      54.0,
      2,
    )
  })

  test('what ran on provisioned concurrency is charged at its price, the rest on demand', () => {
    const half = {calls: known(1000), durationMs: known(999_500), provisionedCalls: known(500)}

    const priced = priceUsage(usage(half), prices)

    expect(usd(priced, 'compute')).toBeCloseTo(500 * 0.0000166667 + 500 * 0.0000097222, 12)
    expect(priced.perGBSecond).toBeCloseTo((0.0000166667 + 0.0000097222) / 2, 12)
    expect(onDemandGBSeconds(usage(half))).toBeCloseTo(500, 9)
  })

  test('more provisioned calls than calls, as metrics that settle may say, are all of them', () => {
    const priced = priceUsage(usage({calls: known(10), durationMs: known(9995), provisionedCalls: known(12)}), prices)

    expect(usd(priced, 'compute')).toBeCloseTo(10 * 0.0000097222, 12)
  })

  test('case 31: an init of 578.07 ms at 3,008 MB costs $0.0000283', () => {
    const priced = priceUsage(usage({memorySizeMB: 3008, initMs: known(578.07)}), prices)

    expect(usd(priced, 'init')?.toFixed(7)).toBe('0.0000283')
  })

  test('ephemeral storage is charged above 512 MB, while the function runs', () => {
    const ran = {calls: known(1000), durationMs: known(999_500)}

    expect(usd(priceUsage(usage({...ran, ephemeralStorageMB: 512}), prices), 'ephemeralStorage')).toBe(0)
    expect(usd(priceUsage(usage({...ran, ephemeralStorageMB: 10_240}), prices), 'ephemeralStorage')).toBeCloseTo(
      9.5 * 1000 * 0.0000000309,
      12,
    )
  })

  test('SnapStart is charged for each version that is kept, and each restore', () => {
    const priced = priceUsage(usage({snapStart: known({cachedVersions: 2, restores: 1000})}), prices)

    expect(usd(priced, 'snapStart')).toBeCloseTo(2 * (thirtyDaysMs / 1000) * 0.0000015046 + 1000 * 0.0001397998, 9)
  })

  test('logs are charged by a thousand million bytes and the class of their group', () => {
    const priced = (logClass: 'STANDARD' | 'INFREQUENT_ACCESS') =>
      usd(priceUsage(usage({logs: known({bytes: 2e9, logClass})}), prices), 'logIngestion')

    expect(priced('STANDARD')).toBe(1)
    expect(priced('INFREQUENT_ACCESS')).toBe(0.5)
  })

  test('logs that are kept cost $0.03 a month and GB', () => {
    expect(logStorageUSD(1e9, thirtyDaysMs, prices)).toBeCloseTo(0.03, 12)
    expect(logStorageUSD(1e9, thirtyDaysMs / 30, prices)).toBeCloseTo(0.001, 12)
  })
})

describe('what is unknown', () => {
  test('makes the components unknown that need it, and never a zero', () => {
    const priced = priceUsage(usage({calls: known(1_000_000), durationMs: denied, ephemeralStorageMB: 1024}), prices)

    expect(usd(priced, 'requests')).toBeCloseTo(0.2, 12)
    expect(priced.components).toMatchObject({compute: denied, ephemeralStorage: denied})
    expect(priced.costUSD).toEqual(denied)
  })

  test('leaves the sum of the others where it is not the heart of the bill', () => {
    const priced = priceUsage(usage({calls: known(1_000_000), initMs: denied}), prices)

    expect(priced.components.init).toEqual(denied)
    expect(priced.costUSD).toEqual({value: expect.closeTo(0.2 + 0.5 * 1000 * 0.0000166667, 9)})
  })
})

describe('tiers', () => {
  test('are counted over all functions of an architecture, who all pay the mean', () => {
    const tiered = withTiers(prices, {x86_64: 12e9, arm64: 1}, 1)

    expect(tiered.compute.x86_64.perGBSecond).toBeCloseTo((100_000.2 + 90_000) / 12e9, 15)
    expect(tiered.compute.arm64.perGBSecond).toBe(0.0000133334)
    expect(withTiers(prices, {x86_64: 0, arm64: 0}, 1)).toEqual(prices)
  })

  test('begin earlier in a window that is a part of a month', () => {
    const day = withTiers(prices, {x86_64: 4e8, arm64: 0}, 1 / 30)

    expect(day.compute.x86_64.perGBSecond).toBeCloseTo((2e8 * 0.0000166667 + 2e8 * 0.000015) / 4e8, 15)
  })
})
