import {describe, expect, it} from 'vitest'
import {evidenceMs} from '../../../../src/services/traffic/judge/evidence-eta.ts'
import {judge} from '../../../../src/services/traffic/judge/judge.ts'
import {inputOf, type Minute, settings} from './minutes.ts'

/** margin, calls a minute of canary and baseline, clean calls of the canary until health shows */
const vectors = [
  [0.01, 10, 90, 390],
  [0.01, 50, 50, 450],
  [0.02, 10, 90, 200],
  [0.02, 50, 50, 250],
  [0.05, 10, 90, 80],
  [0.05, 50, 50, 100],
] as const

describe('how long health takes', () => {
  it.each(vectors)('case 11: worse by %d, %d beside %d: %d calls', (worseBy, canary, baseline, calls) => {
    const minutes = calls / canary
    const ofMinutes = (count: number) =>
      judge(inputOf(new Array<Minute>(count).fill([canary, 0, baseline, 0])), {...settings, worseBy})

    // latency has to show health too, which a wider margin of errors does not hasten
    expect(evidenceMs({perMinute: 100, errorRate: 0}, canary * 100, {...settings, worseBy})).toBe(
      Math.max(minutes, canary === 10 ? 17 : 4) * 60_000,
    )
    expect(ofMinutes(minutes)).toMatchObject({verdict: 'healthy', callsToHealthy: null})
    expect(ofMinutes(minutes - 1).verdict).toBe('inconclusive')
    expect(ofMinutes(minutes - 1).callsToHealthy).toBeLessThanOrEqual(canary)
  })

  it('is hours where few call, and fewer with a larger weight', () => {
    expect(evidenceMs({perMinute: 10, errorRate: 0}, 1000, settings)).toBeCloseTo(200 * 60_000, -6)
    expect(evidenceMs({perMinute: 10, errorRate: 0}, 5000, settings)).toBeLessThan(50 * 60_000 + 1)
  })

  it('grows with the usual error rate, until nothing would show it', () => {
    const at = (errorRate: number) => evidenceMs({perMinute: 100, errorRate}, 1000, settings)

    expect([0, 0.005, 0.01, 0.02, 0.05].map(rate => (at(rate) ?? 0) / 60_000)).toMatchInlineSnapshot(`
      [
        20,
        31,
        44,
        74,
        173,
      ]
    `)
    expect(at(0.1)).toBeNull()
  })

  it('is never without traffic, or at a weight of nothing', () => {
    expect(evidenceMs({perMinute: 0, errorRate: 0}, 1000, settings)).toBeNull()
    expect(evidenceMs({perMinute: 100, errorRate: 0}, 0, settings)).toBeNull()
    expect(evidenceMs({perMinute: Number.NaN, errorRate: 0}, 1000, settings)).toBeNull()
  })

  it('is told for a version that serves alone as the judge finds it', () => {
    const ms = evidenceMs({perMinute: 100, errorRate: 0}, 10_000, settings) ?? 0
    const minutes = new Array<Minute>(ms / 60_000).fill([100, 0, 0, 0])

    expect(judge({...inputOf(minutes), hasControl: false}, settings).verdict).toBe('healthy')
    expect(judge({...inputOf(minutes.slice(1)), hasControl: false}, settings).verdict).toBe('inconclusive')
  })

  it('is as many times as long as a failure may be counted', () => {
    const once = evidenceMs({perMinute: 1000, errorRate: 0}, 100, settings) ?? 0
    const thrice = evidenceMs({perMinute: 1000, errorRate: 0}, 100, settings, 3) ?? 0

    expect(thrice / once).toBeGreaterThan(2.8)
    expect(thrice / once).toBeLessThan(3.1)
  })
})
