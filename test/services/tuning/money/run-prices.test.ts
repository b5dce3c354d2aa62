import {describe, expect, it} from 'vitest'
import type {Architecture} from '../../../../src/services/pricing.ts'
import {
  type Billed,
  invocationCostUSD,
  versionCostUSD,
  worstInvocationUSD,
  worstRunUSD,
} from '../../../../src/services/tuning/money/run-prices.ts'
import {prices} from '../profiles.ts'

const cost = (
  memorySizeMB: number,
  billedMs: number,
  architecture: Architecture = 'x86_64',
  ephemeralStorageMB = 512,
) => invocationCostUSD(prices, {memorySizeMB, architecture, ephemeralStorageMB, billedMs})
const billed: Billed = {timeoutSeconds: 3, ephemeralStorageMB: 512, snapStart: false, runtime: 'nodejs24.x'}
const at = (memorySizeMB: number) => ({memorySizeMB, architecture: 'x86_64'}) as const

describe('what an invocation costs', () => {
  it('T1: 300 ms at 1,024 MB cost $5.20001e-6 on x86 and $4.20002e-6 on arm64, the request included', () => {
    expect(cost(1024, 300) - prices.perRequest).toBeCloseTo(5.00001e-6, 14)
    expect(cost(1024, 300)).toBeCloseTo(5.20001e-6, 14)
    expect(cost(1024, 300, 'arm64')).toBeCloseTo(4.20002e-6, 14)
  })

  it('T2: three million of 120 ms at 1,536 MB cost $9.600018, and $2.73 after the free tier', () => {
    expect(3e6 * cost(1536, 120)).toBeCloseTo(9.600018, 9)
    const free = 400_000 * prices.perGBSecond.x86_64 + 1e6 * prices.perRequest
    expect(3e6 * cost(1536, 120) - free).toBeCloseTo(2.73, 2)
  })

  it('T17: an init is paid for by the time that it took: a line billed 351 ms costs what 351 ms cost', () => {
    const perMs = (cost(512, 1351) - cost(512, 351)) / 1000
    expect(cost(512, 351) - cost(512, 251)).toBeCloseTo(100 * perMs, 16)
  })

  it('T18: a restore is billed by its time, which is in the billed duration, and by the memory that is restored', () => {
    const restored = {...at(1024), ephemeralStorageMB: 512, billedMs: 154, isRestored: true}
    expect(invocationCostUSD(prices, restored) - cost(1024, 154)).toBeCloseTo(0.0001397998, 12)
  })

  it('ephemeral storage costs above the 512 MB that are free', () => {
    expect(cost(1024, 1000, 'x86_64', 400)).toBe(cost(1024, 1000))
    expect(cost(1024, 1000, 'x86_64', 10_240) - cost(1024, 1000)).toBeCloseTo(9.5 * 0.0000000309, 14)
  })
})

describe('what a run costs at most', () => {
  it('is invocations that begin cold and run into the timeout', () => {
    expect(worstInvocationUSD(prices, billed, at(1024))).toBe(cost(1024, 13_000))
  })

  it('counts the dearest sizes first, and none more often than it may be invoked', () => {
    const candidates = [at(128), at(1024), at(512)]
    const worst = (invocations: number) => worstRunUSD(prices, billed, {candidates, invocations, perSize: 10})

    expect(worst(5)).toBeCloseTo(5 * cost(1024, 13_000), 12)
    expect(worst(15)).toBeCloseTo(10 * cost(1024, 13_000) + 5 * cost(512, 13_000), 12)
    expect(worst(1000)).toBeCloseTo(10 * (cost(1024, 13_000) + cost(512, 13_000) + cost(128, 13_000)), 12)
  })

  it("has SnapStart's snapshot of every version for three hours, and a restore with each invocation; Java pays for neither", () => {
    const snapStart = {...billed, snapStart: true, runtime: 'python3.13'}
    const sizes = [128, 256, 512, 1024, 1536, 1769, 3008].map(at)
    const cached = sizes.reduce((sum, size) => sum + versionCostUSD(prices, snapStart, size), 0)

    expect(cached).toBeCloseTo((8233 / 1024) * 3 * 3600 * 0.0000015046, 9)
    expect(worstRunUSD(prices, snapStart, {candidates: sizes, invocations: 0, perSize: 40})).toBeCloseTo(cached, 12)
    expect(worstInvocationUSD(prices, snapStart, at(1024))).toBeCloseTo(cost(1024, 13_000) + 0.0001397998, 12)

    const java = {...snapStart, runtime: 'java21'}
    expect(versionCostUSD(prices, java, at(1024))).toBe(0)
    expect(worstInvocationUSD(prices, java, at(1024))).toBe(cost(1024, 13_000))
  })
})
