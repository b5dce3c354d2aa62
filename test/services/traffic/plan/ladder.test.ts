import {describe, expect, it, test} from 'vitest'
import {wholeBasisPoints} from '../../../../src/services/traffic/alias/alias-state.ts'
import {ladderSteps, leastMsOf, stagesOf} from '../../../../src/services/traffic/plan/ladder.ts'
import type {LadderWish} from '../../../../src/services/traffic/plan/shift-plan.ts'

const minute = 60_000
const watched = {bakeMs: null, isWatched: true}
const linear = (by: {basisPoints: number} | {steps: number}): LadderWish => ({kind: 'linear', by, everyMs: minute})
const weightsOf = (wish: LadderWish) => ladderSteps(wish, watched).map(({basisPoints}) => basisPoints)

describe('the weights of a ladder', () => {
  test('case 9: seven steps are whole basis points, without the noise of sums', () => {
    expect(weightsOf(linear({steps: 7}))).toEqual([1428, 2857, 4285, 5714, 7142, 8571, 10_000])
  })

  test.each([2, 3, 7, 99, 100, 101, 150, 200, 9_999, 10_000, 50_000])(
    'case 10: %i steps end with all traffic, and each is more than the one before',
    steps => {
      const weights = weightsOf(linear({steps}))
      expect(weights).toHaveLength(Math.min(steps, wholeBasisPoints))
      expect(weights.at(-1)).toBe(wholeBasisPoints)
      expect(weights.every((weight, i) => Number.isInteger(weight) && weight > (weights[i - 1] ?? 0))).toBe(true)
    },
  )

  test.each([
    [1000, [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000]],
    [3000, [3000, 6000, 9000, 10_000]],
    [5000, [5000, 10_000]],
    [9999, [9999, 10_000]],
  ])('so much more each time: %i', (basisPoints, weights) => {
    expect(weightsOf(linear({basisPoints}))).toEqual(weights)
  })

  test('the least step is a basis point', () => {
    expect(weightsOf(linear({basisPoints: 1}))).toHaveLength(wholeBasisPoints)
  })

  test('a canary is one step before all traffic, a weight is no more than that', () => {
    expect(weightsOf({kind: 'canary', basisPoints: 1000, everyMs: minute})).toEqual([1000, 10_000])
    expect(ladderSteps({kind: 'weight', basisPoints: 1000}, watched)).toEqual([{basisPoints: 1000, minMs: 0}])
  })
})

describe('the time with all traffic before the alias is moved for good', () => {
  const canary: LadderWish = {kind: 'canary', basisPoints: 1000, everyMs: 30 * minute}
  const lastOf = (...[wish, options]: Parameters<typeof ladderSteps>) => ladderSteps(wish, options).at(-1)?.minMs

  it('is five minutes, or as long as a step, and as it was asked for', () => {
    expect(lastOf(canary, watched)).toBe(5 * minute)
    expect(lastOf({...canary, everyMs: minute}, watched)).toBe(minute)
    expect(lastOf({kind: 'all-at-once'}, watched)).toBe(5 * minute)
    expect(lastOf(canary, {...watched, bakeMs: 20 * minute})).toBe(20 * minute)
  })

  it('is none where nobody looks on, and then all at once is a single write', () => {
    expect(ladderSteps(canary, {bakeMs: null, isWatched: false})).toEqual([
      {basisPoints: 1000, minMs: 30 * minute},
      {basisPoints: 10_000, minMs: 0},
    ])
    expect(ladderSteps({kind: 'all-at-once'}, {bakeMs: null, isWatched: false})).toEqual([])
    expect(ladderSteps({kind: 'all-at-once'}, {bakeMs: minute, isWatched: false})).toHaveLength(1)
  })
})

describe('stages', () => {
  const steps = ladderSteps(linear({steps: 4}), watched)
  const from = (at: Readonly<Record<string, number>>) => (name: string) => at[name] ?? 0

  it('let a wave go up the whole ladder before the next', () => {
    const stages = stagesOf([['a', 'b'], ['c']], steps, from({}))
    expect(stages.map(({wave, basisPoints}) => [wave.join(), basisPoints])).toEqual([
      ...[2500, 5000, 7500, 10_000].map(weight => ['a,b', weight]),
      ...[2500, 5000, 7500, 10_000].map(weight => ['c', weight]),
    ])
    expect(leastMsOf(stages)).toBe(8 * minute)
  })

  it.each([
    [100, [2500, 5000, 7500, 10_000]],
    [2500, [2500, 5000, 7500, 10_000]],
    [2600, [2600, 5000, 7500, 10_000]],
    [9999, [9999, 10_000]],
    [10_000, [10_000]],
  ])('go on from %i, which is watched before anything is moved up', (at, weights) => {
    expect(stagesOf([['a']], steps, from({a: at})).map(({basisPoints}) => basisPoints)).toEqual(weights)
  })

  it('keep a weight between two as long as a step, however short the last one is', () => {
    const [between] = stagesOf([['a']], ladderSteps(linear({steps: 4}), {bakeMs: 1, isWatched: true}), from({a: 9000}))
    expect(between).toEqual({wave: ['a'], basisPoints: 9000, minMs: minute})
  })

  it('go down to a weight that is to be less', () => {
    const [only, ...others] = stagesOf([['a']], [{basisPoints: 2000, minMs: 0}], from({a: 5000}))
    expect([only?.basisPoints, others]).toEqual([2000, []])
  })

  it('begin with what the last of a wave lacks', () => {
    const [first] = stagesOf([['a', 'b']], steps, from({a: 5000}))
    expect(first?.basisPoints).toBe(2500)
  })
})
