import {describe, expect, test} from 'vitest'
import {whyNotApplied} from '../../../../src/services/tuning/apply/applicable.ts'
import type {Objective} from '../../../../src/services/tuning/objective.ts'
import type {Race} from '../../../../src/services/tuning/race/race.ts'
import {recommend} from '../../../../src/services/tuning/report/recommend.ts'
import {reportUrl} from '../../../../src/services/tuning/report/report-url.ts'
import type {Standing} from '../../../../src/services/tuning/standing.ts'
import type {TuneReport} from '../../../../src/services/tuning/tune-report.ts'
import {planOf, x86} from '../tune-runs.ts'

const size = (memorySizeMB: number, costPerMillionUSD: number, meanDurationMs: number, more: Partial<Standing> = {}) =>
  ({
    ...x86(memorySizeMB),
    status: 'racing',
    costPerMillionUSD,
    ci95CostPerMillionUSD: [costPerMillionUSD * 0.98, costPerMillionUSD * 1.02],
    meanDurationMs,
    p50Ms: meanDurationMs,
    ci95BilledMs: [meanDurationMs * 0.98, meanDurationMs * 1.02],
    slo: null,
    ...more,
  }) as Standing

const screen = [size(512, 16.1, 1910), size(1024, 15.2, 902), size(1769, 15.3, 521), size(3008, 25.6, 518)]

/** What is said of a size by which the race is led. */
function saidOf(memorySizeMB: number, objective: Partial<Objective> = {}, standings: readonly Standing[] = screen) {
  const race = {
    leader: () => ({candidate: x86(memorySizeMB), isTie: false, confidence: 0.97, withinShare: 0.02}),
  } as Race
  const plan = planOf({objective: {...planOf().objective, ...objective}})
  return recommend(plan, race, standings, [], 'settled')
}

describe('why a size is recommended, as people say it', () => {
  test.each([
    [1769, {}, 'as cheap as any (within 3 %) and 42 % faster than 1,024 MB'],
    [1024, {}, 'as cheap as any (within 3 %)'],
    [1769, {goal: {kind: 'fastest'}}, 'as fast as any (within 3 %) and 40 % cheaper than 3,008 MB'],
    [1769, {goal: {kind: 'balanced', weight: 0.5}}, 'the best balance of cost and duration'],
    [
      1769,
      {costTolerance: 0.05},
      '42 % faster than 1,024 MB, the fastest of those that cost at most 5 % more than that',
    ],
    [1024, {costTolerance: 0.005}, 'the cheapest, and nothing faster costs at most 0.5 % more'],
  ] as const)('%i MB by %j', (memorySizeMB, objective, reason) => {
    expect(saidOf(memorySizeMB, objective)?.reason).toBe(reason)
  })

  test('one that is the cheapest by far', () => {
    expect(saidOf(128, {}, [size(128, 5, 900), size(512, 10, 800)])?.reason).toBe(
      'the cheapest, 50 % cheaper than 512 MB',
    )
  })

  test('no faster, and perhaps cheaper, where intervals do not tell', () => {
    const wide = (memorySizeMB: number, cost: number, ms: number) =>
      size(memorySizeMB, cost, ms, {
        ci95BilledMs: [ms * 0.8, ms * 1.2],
        ci95CostPerMillionUSD: [cost * 0.8, cost * 1.2],
      })
    expect(saidOf(1769, {}, [wide(1024, 15.2, 540), wide(1769, 15.3, 521)])?.reason).toBe(
      'as cheap as any (within 3 %)',
    )
    expect(saidOf(512, {}, [wide(512, 10, 540), wide(1769, 11, 521)])?.reason).toBe(
      'the cheapest, perhaps 9 % cheaper than 1,769 MB',
    )
  })

  test('by one figure with the change against the current size, where its median and its mean differ', () => {
    const standings = [size(512, 16, 1000, {p50Ms: 990}), size(1024, 20, 800, {p50Ms: 770})]
    const samples = [512, 1024].flatMap(memorySizeMB =>
      [1, 2, 3].map(i => ({...x86(memorySizeMB), isCold: false, outcome: 'ok', durationMs: 900 + i}) as never),
    )
    const race = {
      leader: () => ({candidate: x86(1024), isTie: false, confidence: 0.97, withinShare: 0.02}),
    } as Race
    const plan = planOf({objective: {...planOf().objective, goal: {kind: 'fastest'}}})
    const said = recommend(plan, race, standings, samples, 'settled')
    expect(said?.reason).toBe('the fastest, 20 % faster than 512 MB')
    expect(said?.againstCurrent?.duration.share).toBeCloseTo(-0.2, 10)
  })

  test('one that meets a latency objective, against those that do too', () => {
    const slo = {percentile: 95, limitMs: 600} as const
    const standings = [
      size(512, 16.1, 1910, {slo: 'missed'}),
      size(1769, 17, 521, {slo: 'certified'}),
      size(3008, 25.6, 518, {slo: 'seen'}),
    ]
    expect(saidOf(1769, {slo}, standings)?.reason).toBe(
      'p95 below 600 ms (certified), the cheapest, 34 % cheaper than 3,008 MB',
    )
    expect(saidOf(1769, {slo}, standings.slice(0, 2))?.reason).toContain('the only size of which that holds')
  })

  test('one that meets a latency objective, but that more calls would not certify, by how many were slower', () => {
    const slo = {percentile: 95, limitMs: 600} as const
    const standings = [
      size(512, 16.1, 1910, {slo: 'missed'}),
      size(1769, 17, 521, {slo: 'seen', uncertifiable: {slower: 4, of: 90}}),
    ]
    expect(saidOf(1769, {slo}, standings)?.reason).toBe(
      'p95 below 600 ms in what was measured, where 4 of 90 calls were slower: too many to certify it, the only size of which that holds',
    )
  })

  test('the only one', () => {
    expect(saidOf(512, {}, [size(512, 16, 1910)])?.reason).toBe('the only size that was measured')
  })
})

test('changes against the current size are as wide as the intervals of both allow', () => {
  const standings = [size(512, 16, 1910), size(1024, 15, 902)]
  const race = {leader: () => ({candidate: x86(1024), isTie: false, confidence: null, withinShare: null})} as Race
  const samples = [512, 1024].flatMap(memorySizeMB =>
    [0, 1, 2, 3].map(
      i => ({...x86(memorySizeMB), isCold: false, outcome: 'ok', durationMs: memorySizeMB + i}) as never,
    ),
  )
  const against = recommend(planOf(), race, standings, samples, 'settled')?.againstCurrent
  expect(against?.cost.share).toBeCloseTo(15 / 16 - 1, 10)
  expect(against?.cost.ci95?.[0]).toBeCloseTo((15 * 0.98) / (16 * 1.02) - 1, 10)
  expect(against?.cost.ci95?.[1]).toBeCloseTo((15 * 1.02) / (16 * 0.98) - 1, 10)
  expect(against?.p95).toBeNull()
})

describe('what is not settled is so only so far, and ties with nothing', () => {
  const slo = {percentile: 95, limitMs: 600} as const
  test.each([
    [1024, {}, 'so far the cheapest of what was measured'],
    [1769, {}, 'so far within 0.7 % of the cheapest of what was measured, 1,024 MB'],
    [3008, {goal: {kind: 'fastest'}}, 'so far the fastest of what was measured'],
    [1769, {goal: {kind: 'fastest'}}, 'so far within 0.6 % of the fastest of what was measured, 3,008 MB'],
    [
      1769,
      {goal: {kind: 'balanced', weight: 0.5}},
      'so far the best balance of cost and duration of what was measured',
    ],
    [
      1769,
      {costTolerance: 0.05},
      'so far the fastest of what was measured that costs at most 5 % more than the cheapest',
    ],
    [
      1024,
      {slo},
      'so far p95 below 600 ms in what was measured, which is too little to certify it, the cheapest of what was measured with that',
    ],
  ] as const)('%i MB by %j', (memorySizeMB, objective, reason) => {
    const race = {
      leader: () => ({candidate: x86(memorySizeMB), isTie: true, confidence: 0.5, withinShare: 0.66}),
    } as Race
    const plan = planOf({objective: {...planOf().objective, ...objective}})
    expect(recommend(plan, race, screen, [], 'max-cost')?.reason).toBe(reason)
  })
})

test('nothing is recommended of what nobody measured, or where only some sizes were', () => {
  expect(recommend(planOf(), {leader: () => null} as Race, screen, [], 'max-cost')).toBeNull()
  const race = {leader: () => ({candidate: x86(1769), isTie: false, confidence: null})} as Race
  expect(recommend(planOf(), race, screen, [], 'max-invocations')).toBeNull()
})

const report = (more: Partial<TuneReport> = {}): TuneReport =>
  ({
    plan: planOf(),
    ending: 'settled',
    recommendation: {...x86(1769)},
    cleanup: {cleanedUp: true, left: [], done: []},
    sizes: screen,
    ...more,
  }) as TuneReport

test('only an answer that is settled, and changes something, is applied', () => {
  expect(whyNotApplied(report())).toBeNull()
  expect(whyNotApplied(report({ending: 'max-cost'}))).toContain('not settled')
  expect(whyNotApplied(report({recommendation: null}))).toContain('not settled')
  expect(whyNotApplied(report({recommendation: {...x86(512)} as never}))).toContain('has the best size already')
  expect(whyNotApplied(report({cleanup: {cleanedUp: false, left: ['x'], done: []}}))).toContain(
    'something of the run is left',
  )
  expect(whyNotApplied(report({recommendation: {...x86(512), architecture: 'arm64'} as never}))).toContain(
    'arm64 takes code',
  )
})

test('a picture takes two sizes at least', () => {
  expect(reportUrl(report())).toMatch(/^https:\/\/lambda-power-tuning\.show\/#AAIABOkGwAs=;/)
  expect(reportUrl(report({sizes: screen.slice(0, 1)}))).toBeNull()
})
