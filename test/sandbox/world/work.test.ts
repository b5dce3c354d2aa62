import {describe, expect, test} from 'vitest'
import {firstExtraMs, medianMs, perform, type Work, workFromPast} from '../../../src/sandbox/world/work.ts'
import {firstUsed, hour, larder} from './larder-world.ts'

const sizes = [128, 256, 512, 1024, 1536, 1769, 2048, 3008, 10_240] as const
const medians = (work: Work) => sizes.map(size => Math.round(medianMs(work, size)))

function durations(work: Work, memorySizeMB: number, count = 2000): readonly number[] {
  return Array.from({length: count}, (_, i) => perform(work, memorySizeMB, i * 1000, i).durationMs).sort(
    (x, y) => x - y,
  )
}
const quantile = (values: readonly number[], share: number) => values[Math.floor(share * values.length)] ?? 0

describe('how long a function works', () => {
  test('is proportional to its memory where one thread computes, up to 1,769 MB', () => {
    expect(medians({waitMs: 0, cpuMs: 1000})).toEqual([7813, 3906, 1953, 977, 651, 565, 565, 565, 565])
  })

  test('does not depend on its memory where it waits', () => {
    expect(medians({waitMs: 80, cpuMs: 0})).toEqual(sizes.map(() => 80))
  })

  test('is a part of each where it does both', () => {
    expect(medians({waitMs: 100, cpuMs: 100})).toEqual([881, 491, 295, 198, 165, 157, 157, 157, 157])
  })

  test('goes on falling beyond 1,769 MB where it has more threads, up to six vCPUs', () => {
    expect(medians({waitMs: 0, cpuMs: 1000, vCPUs: 3})).toEqual([7813, 3906, 1953, 977, 651, 565, 488, 332, 188])
    expect(medianMs({waitMs: 0, cpuMs: 1000, vCPUs: 20}, 10_240)).toBe(1_000_000 / 10_240)
  })

  test('grows faster than memory shrinks where the garbage collector has too little room', () => {
    const work = {waitMs: 0, cpuMs: 1000, comfortableMB: 512}
    expect(medianMs(work, 512) / medianMs(work, 1024)).toBe(2)
    expect(medianMs(work, 256) / medianMs(work, 512)).toBe(8)
  })

  test('varies as its noise says, around the median', () => {
    const found = durations({waitMs: 100, cpuMs: 0, noise: 0.1}, 512)
    expect(quantile(found, 0.5)).toBeCloseTo(100, -1)
    expect(quantile(found, 0.84) / quantile(found, 0.5)).toBeCloseTo(1.1, 1)
  })

  test('has outliers, or two kinds of invocations', () => {
    const outliers = durations({waitMs: 100, cpuMs: 0, outliers: {share: 0.03, times: 4}}, 512)
    expect(outliers.filter(ms => ms > 300).length).toBeGreaterThan(30)
    expect(outliers.filter(ms => ms > 300).length).toBeLessThan(100)
    const two = durations({waitMs: 100, cpuMs: 0, second: {share: 0.3, times: 3}}, 512)
    expect(two.filter(ms => ms > 130 && ms < 250)).toEqual([])
    expect(two.filter(ms => ms >= 250).length / two.length).toBeCloseTo(0.3, 1)
  })

  test('drifts with time', () => {
    const work: Work = {waitMs: 100, cpuMs: 0, noise: 0.0001, drift: {share: 0.2, minutes: 4}}
    const at = (minutes: number) => Math.round(perform(work, 512, minutes * 60_000, 1).durationMs)
    expect([at(0), at(1), at(2), at(3)]).toEqual([100, 120, 100, 80])
  })

  test('ends early where the memory is not enough', () => {
    const work: Work = {waitMs: 100, cpuMs: 0, leastMB: 300}
    expect(perform(work, 256, 0, 1)).toMatchObject({isKilled: true})
    expect(perform(work, 256, 0, 1).durationMs).toBeLessThan(80)
    expect(perform(work, 300, 0, 1)).toMatchObject({isKilled: false})
  })

  test('is longer the first time, above all in Java and .NET', () => {
    expect(firstExtraMs({runtime: 'nodejs22.x'}, 400)).toBe(40)
    expect(firstExtraMs({runtime: 'java21'}, 400)).toBe(280)
  })

  test('is as in the past where nothing else is known', () => {
    expect(medianMs(workFromPast('done', 250, 512), 512)).toBeCloseTo(250)
    expect(medianMs(workFromPast('done', 250, 3008), 3008)).toBeCloseTo(250)
  })
})

test('every function of the company takes about as long when a client invokes it as it did before', async () => {
  const {world, clock} = await larder()
  const compared: string[] = []
  for (const {name, versions} of world.functions()) {
    if (kinds.has(name) || world.count(name, firstUsed - 6 * hour, firstUsed) < 50) continue
    clock.at = firstUsed
    // those that are called more often need not be looked at for so long
    const hours = world.count(name, firstUsed - hour, firstUsed) < 50 ? 6 : 1
    const past = world.invocations(name, firstUsed - hours * hour, firstUsed)
    const asked = Array.from({length: 25}, () => {
      clock.at += 61_000
      return world.invoke(name, versions[0]?.version ?? '', JSON.stringify({orderId: '1', articles: [], zip: '1'}))
    })
    const ran = asked.flatMap(each => ('throttled' in each ? [] : [each]))
    if (ran.length < 20) continue
    const median = (values: readonly number[]) =>
      quantile(
        values.toSorted((x, y) => x - y),
        0.5,
      )
    const warm = ran.filter(({invocation}) => invocation.initDurationMs === null)
    const ratio =
      median(warm.map(({invocation}) => invocation.durationMs)) /
      median(past.filter(({outcome}) => outcome === 'ok').map(({durationMs}) => durationMs))
    expect(ratio, name).toBeGreaterThan(0.75)
    expect(ratio, name).toBeLessThan(1.35)
    compared.push(name)
  }
  expect(compared.length).toBeGreaterThan(12)
})

/** Functions whose past is of several kinds, of which a client gets one. */
const kinds: ReadonlySet<string> = new Set(['checkout-api', 'cart-api', 'catalog-api'])
