import {describe, expect, it} from 'vitest'
import {
  type Architecture,
  computeCostUSD,
  initCostUSD,
  knownPrices,
  memoryGB,
  pricesOf,
  provisionedMonthUSD,
} from '../../src/services/pricing.ts'

const prices = pricesOf('us-east-1')
const oneCall = (architecture: Architecture, memorySizeMB: number, billedMs: number) =>
  computeCostUSD(prices.compute[architecture], memoryGB(memorySizeMB) * (billedMs / 1000))

describe('the prices of us-east-1', () => {
  it('T1: 300 ms at 1,024 MB cost $5.00001e-6, and the request $0.2e-6', () => {
    const request = prices.requestsPerMillion / 1e6

    expect(oneCall('x86_64', 1024, 300)).toBeCloseTo(5.00001e-6, 14)
    expect(oneCall('x86_64', 1024, 300) + request).toBeCloseTo(5.20001e-6, 14)
    expect(oneCall('arm64', 1024, 300) + request).toBeCloseTo(4.20002e-6, 14)
  })

  it("T2: three million calls of 120 ms at 1,536 MB cost $9.600018, AWS's own example without its free tier", () => {
    const gbSeconds = 3e6 * 0.12 * memoryGB(1536)

    expect(gbSeconds).toBe(540_000)
    expect(computeCostUSD(prices.compute.x86_64, gbSeconds) + 3 * prices.requestsPerMillion).toBeCloseTo(9.600018, 9)
  })

  it('T4: a million calls cost what eleven real REPORT lines of one function say', () => {
    const perMillion = (memorySizeMB: number, billedMs: number) =>
      Number(((oneCall('x86_64', memorySizeMB, billedMs) + prices.requestsPerMillion / 1e6) * 1e6).toFixed(2))
    const lines = [
      [128, 37_608, 78.55],
      [512, 8984, 75.07],
      [1024, 4396, 73.47],
      [1536, 2779, 69.68],
      [2048, 2551, 85.23],
      [3008, 2167, 106.29],
      [3009, 2520, 123.62],
      [5307, 2492, 215.45],
      [7076, 2475, 285.24],
      [8845, 2204, 317.49],
      [10_240, 2475, 412.7],
    ] as const

    for (const [memorySizeMB, billedMs, costUSD] of lines) expect(perMillion(memorySizeMB, billedMs)).toBe(costUSD)
  })

  it('case 31: ten provisioned environments of 512 MB cost $54.00 in thirty days', () => {
    expect(provisionedMonthUSD(prices.compute.x86_64, 512, 10)).toBeCloseTo(54.0, 2)
    expect(provisionedMonthUSD(prices.compute.x86_64, 1024, 1)).toBeCloseTo(10.8, 3)
    expect(provisionedMonthUSD(prices.compute.arm64, 512, 10)).toBeCloseTo(43.2, 2)
  })

  it('case 31: an init of 578.07 ms at 3,008 MB costs $0.0000283', () => {
    expect(initCostUSD(prices.compute.x86_64, 3008, 578.07).toFixed(7)).toBe('0.0000283')
  })
})

describe('the tiers of compute', () => {
  const {x86_64, arm64} = prices.compute

  it('charge the first tier up to its last GB-second', () => {
    expect(computeCostUSD(x86_64, 6e9)).toBeCloseTo(100_000.2, 4)
    expect(computeCostUSD(arm64, 7.5e9)).toBeCloseTo(100_000.5, 4)
  })

  it('charge only what is above a tier at the lower price', () => {
    expect(computeCostUSD(x86_64, 6e9 + 1) - computeCostUSD(x86_64, 6e9)).toBeCloseTo(0.000015, 9)
    expect(computeCostUSD(x86_64, 15e9)).toBeCloseTo(100_000.2 + 135_000, 3)
    expect(computeCostUSD(x86_64, 16e9)).toBeCloseTo(100_000.2 + 135_000 + 13_333.4, 3)
    expect(computeCostUSD(arm64, 20e9)).toBeCloseTo(100_000.5 + 11.25e9 * 0.0000120001 + 1.25e9 * 0.0000106667, 3)
  })

  it('begin at as much of their GB-seconds as the window is of a month', () => {
    expect(computeCostUSD(x86_64, 6e8, 0.1)).toBeCloseTo(10_000.02, 5)
    expect(computeCostUSD(x86_64, 12e8, 0.1)).toBeCloseTo(10_000.02 + 9000, 5)
  })

  it('make nothing cost nothing', () => {
    expect(computeCostUSD(x86_64, 0)).toBe(0)
  })
})

describe('the prices of other regions', () => {
  it('are those of their row, and of us-east-1 where it says nothing', () => {
    const ireland = pricesOf('eu-west-1')

    expect(ireland.isListed).toBe(true)
    expect(ireland.compute.x86_64.perGBSecond).toBe(0.0000166667)
    expect(ireland.compute.x86_64.tiers).toEqual(prices.compute.x86_64.tiers)
    expect(ireland.compute.x86_64.provisionedPerGBSecond).toBe(0.000004646)
    expect(ireland.compute.arm64.provisionedPerGBSecond).toBe(0.0000037168)
    expect(ireland.ephemeralStoragePerGBSecond).toBe(3.4e-8)
  })

  it('keep the ratio of the tiers where the first tier differs', () => {
    const {tiers} = pricesOf('af-south-1').compute.x86_64

    expect(tiers.map(tier => tier.perGBSecond)).toEqual([0.0000221, 0.00001989, 0.00001768])
    expect(pricesOf('af-south-1').requestsPerMillion).toBe(0.27)
  })

  it('are those of us-east-1, and say so, where the table has no row', () => {
    for (const region of ['us-gov-west-1', 'mx-central-1', 'constructor']) {
      expect(pricesOf(region)).toEqual({...prices, region, isListed: false})
    }
  })

  it('are unknown where AWS does not charge USD', () => {
    expect(knownPrices('cn-north-1')).toEqual({unknown: 'missing', detail: 'cn-north-1 is not priced in USD'})
    expect(knownPrices('eusc-de-east-1')).toHaveProperty('unknown')
    expect(knownPrices('eu-west-1')).toHaveProperty('value')
  })
})
