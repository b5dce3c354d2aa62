import {describe, expect, it} from 'vitest'
import {invocationCostUSD} from '../../../../src/services/tuning/money/run-prices.ts'
import type {Goal, Objective} from '../../../../src/services/tuning/objective.ts'
import {chooseSize, type Point} from '../../../../src/services/tuning/race/choose-size.ts'
import {point, pointsOf, prices, profile} from '../profiles.ts'

const cheapest: Goal = {kind: 'cheapest'}
const fastest: Goal = {kind: 'fastest'}
const balanced: Goal = {kind: 'balanced', weight: 0.5}

const objective = (goal: Goal, more: Partial<Objective> = {}): Objective => ({
  goal,
  slo: null,
  costTolerance: null,
  indifference: 0,
  ...more,
})
const chosen = (points: readonly Point[], goal: Goal, more: Partial<Objective> = {}) =>
  chooseSize(points, objective(goal, more))?.candidate.memorySizeMB
const within = (points: readonly Point[], costTolerance: number) => chosen(points, cheapest, {costTolerance})
const costOf = (points: readonly Point[], size: number) =>
  points.find(({memorySizeMB}) => memorySizeMB === size)?.costUSD ?? Number.NaN

describe('what is best by an objective', () => {
  it('T3: 128 MB is cheapest by 0.04 %, which nobody cares about: 1,024 MB ties with it and is eight times as fast', () => {
    const seconds = [
      [128, 11.722965],
      [256, 6.678945],
      [512, 3.194954],
      [1024, 1.465984],
    ] as const
    const points = seconds.map(([size, s]) => point(size, s * 1000))

    expect(points.map(({costUSD}) => (costUSD * 1000).toFixed(6))).toEqual([
      '0.024623',
      '0.028029',
      '0.026825',
      '0.024633',
    ])
    expect(chosen(points, cheapest)).toBe(128)
    const choice = chooseSize(points, objective(cheapest, {indifference: 0.03}))
    expect(choice?.tied.map(({memorySizeMB}) => memorySizeMB)).toEqual([128, 1024])
    expect(choice?.candidate.memorySizeMB).toBe(1024)
  })

  it('T4: of eleven real sizes 1,536 MB is cheapest, and 2,048 MB costs 22 % more', () => {
    const lines = [
      [128, 37_608],
      [512, 8984],
      [1024, 4396],
      [1536, 2779],
      [2048, 2551],
      [3008, 2167],
      [3009, 2520],
      [5307, 2492],
      [7076, 2475],
      [8845, 2204],
      [10_240, 2475],
    ] as const
    const points = lines.map(([size, ms]) => point(size, ms))

    expect(chosen(points, cheapest)).toBe(1536)
    expect(chosen(points, cheapest, {indifference: 0.03})).toBe(1536)
    expect(costOf(points, 2048) / costOf(points, 1536)).toBeCloseTo(1.22, 2)
  })

  it('T5: of the published CPU example 1,536 MB is cheapest and balanced, 3,008 MB fastest', () => {
    const points = pointsOf('pt_readme_example_cpu')

    expect(costOf(points, 1536).toPrecision(4)).toBe('0.00006303')
    expect(chosen(points, cheapest)).toBe(1536)
    expect(chosen(points, fastest, {indifference: 0.03})).toBe(3008)
    expect(chosen(points, balanced)).toBe(1536)
  })

  it('T6: of a prime sieve 512 MB is cheapest, and a tolerance of 1, 3 and 5 % takes 512, 1,024 and 1,536 MB', () => {
    const points = pointsOf('aws_workshop_pyprime_x86')

    expect(chosen(points, cheapest)).toBe(512)
    expect(costOf(points, 512).toPrecision(4)).toBe('0.00005077')
    expect([0.01, 0.03, 0.05].map(tolerance => within(points, tolerance))).toEqual([512, 1024, 1536])
  })

  it('T6: 3,008 MB is fastest by 0.1 %: 2,048 MB, which is cheaper, is taken', () => {
    const points = pointsOf('aws_workshop_pyprime_x86')

    expect(chosen(points, fastest)).toBe(3008)
    expect(chosen(points, fastest, {indifference: 0.02})).toBe(2048)
    expect(chosen(points, fastest, {indifference: 0.03})).toBe(2048)
  })

  it('T6: what is balanced does not depend on which other sizes were tried', () => {
    const points = pointsOf('aws_workshop_pyprime_x86')
    const some = points.filter(({memorySizeMB}) => memorySizeMB >= 512 && memorySizeMB <= 3008)

    for (const indifference of [0, 0.03]) {
      expect(chosen(points, balanced, {indifference})).toBe(2048)
      expect(chosen(some, balanced, {indifference})).toBe(2048)
    }
  })

  it('T7: what sleeps is no faster at 2,176 MB than at 128 MB, whatever is asked for', () => {
    const points = pointsOf('sidag_sleep')

    expect(chosen(points, fastest)).toBe(2176)
    expect(costOf(points, 128).toPrecision(4)).toBe('0.00005061')
    for (const goal of [cheapest, fastest, balanced]) expect(chosen(points, goal, {indifference: 0.03})).toBe(128)
  })

  it('T10: of a warm Django 128 MB is cheapest, 1,536 MB balanced with and without huge sizes, 512 MB within 10 %', () => {
    const points = pointsOf('warm_zip', 'arm64')
    const some = points.filter(({memorySizeMB}) => memorySizeMB < 5000)

    expect(chosen(points, cheapest)).toBe(128)
    expect(costOf(points, 128).toPrecision(4)).toBe('0.000002548')
    expect([points, some].map(each => chosen(each, balanced))).toEqual([1536, 1536])
    expect(within(points, 0.1)).toBe(512)
  })

  it('T11: a cold .NET, pandas, polars and a thumbnail, each by several objectives', () => {
    const dotnet = pointsOf('dotnet_cold')
    expect(chosen(dotnet, cheapest)).toBe(1024)
    expect(costOf(dotnet, 1024).toPrecision(4)).toBe('0.000005417')
    expect(within(dotnet, 0.03)).toBe(1536)
    expect(chosen(dotnet, fastest, {indifference: 0.02})).toBe(3008)

    const pandas = pointsOf('pandas_1M', 'arm64')
    expect(chosen(pandas, cheapest)).toBe(512)
    expect(costOf(pandas, 512).toPrecision(4)).toBe('0.0002380')
    expect(chosen(pandas, balanced)).toBe(2048)
    expect(chosen(pandas, fastest, {indifference: 0.02})).toBe(2048)

    expect(chosen(pointsOf('polars_1M', 'arm64'), balanced)).toBe(1024)

    const thumbnail = pointsOf('thumbnail_s3')
    expect(chosen(thumbnail, cheapest)).toBe(512)
    expect(costOf(thumbnail, 512).toPrecision(4)).toBe('0.00005479')
    expect([0.01, 0.05].map(tolerance => within(thumbnail, tolerance))).toEqual([1024, 1536])
  })

  it('T12: arm64 is compared with x86 at what either truly costs', () => {
    const x86 = pointsOf('pt_ui_js_x86')
    const arm = pointsOf('pt_ui_js_arm64', 'arm64')
    const change = (size: number, of: 'durationMs' | 'costUSD') => {
      const at = (points: readonly Point[]) =>
        points.find(({memorySizeMB}) => memorySizeMB === size)?.[of] ?? Number.NaN
      return Number(((at(arm) / at(x86) - 1) * 100).toFixed(1))
    }

    expect([change(1024, 'durationMs'), change(1024, 'costUSD')]).toEqual([-28.6, -42.8])
    expect([change(384, 'durationMs'), change(384, 'costUSD')]).toEqual([0.6, -19.5])
    expect(chooseSize([...x86, ...arm], objective(cheapest))?.candidate).toMatchObject({
      architecture: 'arm64',
      memorySizeMB: 384,
    })
    const published = (name: 'pt_ui_js_x86' | 'pt_ui_js_arm64') => profile(name).costUSD[2] ?? Number.NaN
    expect(published('pt_ui_js_arm64') / published('pt_ui_js_x86') - 1).toBeCloseTo(-0.422, 3)
  })

  it('T24: where every invocation is cold, 128 MB is cheapest although 1,024 MB is three times as fast', () => {
    const inits = [
      [128, 799, 249],
      [256, 378, 231],
      [512, 183, 247],
      [1024, 78, 247],
    ] as const
    const points = inits.map(([size, first, init]) => point(size, first + init))

    expect(points.map(({costUSD}) => costUSD.toExponential(2))).toEqual(['2.38e-6', '2.74e-6', '3.78e-6', '5.62e-6'])
    expect(chosen(points, cheapest, {indifference: 0.03})).toBe(128)
    expect(chosen(points, fastest, {indifference: 0.03})).toBe(1024)
    const [slow, , , fast] = points
    expect((slow?.durationMs ?? 0) / (fast?.durationMs ?? 0)).toBeCloseTo(3.2, 1)
  })

  it('T24: an init of 140 ms costs 8.2 times as much at 1,024 MB as at 128 MB', () => {
    const initUSD = (memorySizeMB: number, billedMs: number) =>
      invocationCostUSD(prices, {memorySizeMB, architecture: 'x86_64', ephemeralStorageMB: 512, billedMs}) -
      prices.perRequest

    // 137 and 140 ms: an init takes as long whatever the memory is
    expect(initUSD(128, 138).toExponential(2)).toBe('2.88e-7')
    expect(initUSD(1024, 141).toExponential(2)).toBe('2.35e-6')
    expect(initUSD(1024, 141) / initUSD(128, 138)).toBeCloseTo(8.2, 1)
  })
})

describe('a latency objective', () => {
  const slo = {percentile: 95, limitMs: 300} as const
  const points = [point(128, 900), point(512, 250), point(1024, 120)]

  it('leaves only sizes that meet it, of which the best is chosen', () => {
    const judged = points.map((each, index) => ({...each, meetsSlo: index > 0}))
    expect(chosen(judged, cheapest)).toBe(128)
    expect(chosen(judged, cheapest, {slo, indifference: 0.03})).toBe(1024)
    expect(chosen(judged, cheapest, {slo, indifference: 0})).toBe(1024)
  })

  it('that nothing meets, or nobody judged, leaves no choice', () => {
    expect(chooseSize(points, objective(cheapest, {slo}))).toBeNull()
    expect(chooseSize([], objective(fastest))).toBeNull()
  })
})

describe('ties', () => {
  it('are decided by the other of cost and duration, and by the smaller size where that is the same', () => {
    const same = [512, 256, 1024].map(size => ({...point(size, 100), costUSD: 1e-6}))
    expect(chosen(same, cheapest, {indifference: 0.03})).toBe(256)
    expect(chosen(same, fastest, {indifference: 0.03})).toBe(256)
  })

  it('of a balance that leans to cost are decided by duration, and the other way round', () => {
    const points = [
      {...point(256, 102), costUSD: 1e-6},
      {...point(512, 100), costUSD: 1.01e-6},
    ]
    expect(chosen(points, {kind: 'balanced', weight: 0.9}, {indifference: 0.03})).toBe(512)
    expect(chosen(points, {kind: 'balanced', weight: 0.1}, {indifference: 0.03})).toBe(256)
  })

  it('of duration are no wider than 2 %', () => {
    const points = [point(256, 104), point(512, 100)]
    expect(chosen(points, fastest, {indifference: 0.1})).toBe(512)
  })
})
