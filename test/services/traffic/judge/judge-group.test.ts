import {describe, expect, it} from 'vitest'
import {judge} from '../../../../src/services/traffic/judge/judge.ts'
import {judgeGroup} from '../../../../src/services/traffic/judge/judge-group.ts'
import {inputOf, type Minute, settings} from './minutes.ts'

const of = (...minutes: Minute[]) => judge(inputOf(minutes), settings)
const healthy = of(...new Array<Minute>(20).fill([10, 0, 90, 0]))
const idle = of(...new Array<Minute>(20).fill([0, 0, 90, 0]))
const failing = of(...new Array<Minute>(20).fill([10, 5, 90, 1]))

describe('a group', () => {
  it('is healthy where every member is', () => {
    expect(judgeGroup([healthy, healthy], ['a', 'b'])).toMatchObject({
      verdict: 'healthy',
      why: 'all 2 are healthy',
      blamed: [],
    })
  })

  it('waits for a member without traffic, or that cannot be read, and names it', () => {
    expect(judgeGroup([healthy, idle, null], ['a', 'b', 'c'])).toMatchObject({
      verdict: 'inconclusive',
      why: 'b: no traffic yet · c: nothing could be read',
      blamed: [],
    })
    expect(judgeGroup([null], ['a'])).toMatchObject({verdict: 'inconclusive', why: 'nothing could be read'})
    expect(judgeGroup([], []).verdict).toBe('inconclusive')
  })

  it('is unhealthy where the mean shows harm, and blames who has it', () => {
    expect(judgeGroup([healthy, failing, idle], ['a', 'b', 'c'])).toMatchObject({
      verdict: 'unhealthy',
      blamed: [1],
      why: 'b: 100 of 200 failed; of the old version, 20 of 1,800',
    })
  })

  it('waits for a member with worrying evidence of harm, however that is counted', () => {
    const worrying = {...healthy, harm: 10, why: '74 of 351 were slow'}

    expect(judgeGroup([{...healthy, harm: 9.9}, healthy], ['a', 'b']).verdict).toBe('healthy')
    expect(judgeGroup([worrying, healthy], ['a', 'b'])).toMatchObject({
      verdict: 'inconclusive',
      why: 'a: 74 of 351 were slow',
    })
  })

  it('blames all that are unhealthy by themselves, however much more one of them is', () => {
    expect(judgeGroup([of([10, 4, 90, 0]), healthy, failing], ['a', 'b', 'c']).blamed).toEqual([2, 0])
  })

  it('asks of one member among a hundred what Bonferroni would', () => {
    const four = of([10, 4, 90, 0])
    const six = of([10, 6, 90, 0])
    const others = new Array<typeof healthy>(99).fill(of([10, 0, 90, 0]))
    const names = ['checkout', ...others.map((_, index) => `member-${index}`)]

    expect(four.verdict).toBe('unhealthy')
    expect(judgeGroup([four, ...others], names)).toMatchObject({verdict: 'inconclusive', blamed: []})
    expect(judgeGroup([four, ...others], names).why).toMatch(/^checkout: 4 of 10 failed.* · 97 more$/)
    expect(judgeGroup([six, ...others], names)).toMatchObject({verdict: 'unhealthy', blamed: [0]})
  })

  it('asks no more of all than of one where all are worse', () => {
    const four = of([10, 4, 90, 0])

    expect(judgeGroup(new Array<typeof four>(100).fill(four), [])).toMatchObject({
      verdict: 'unhealthy',
      harm: expect.closeTo(277.149, 3),
    })
  })

  it('does not add up what members showed at different times', () => {
    const quiet = new Array<Minute>(40).fill([10, 0, 90, 0])
    const early = of([10, 4, 90, 0], ...quiet)
    const late = of(...quiet, [10, 6, 90, 0])
    const highest = (early.harm + late.harm) / 2

    expect(highest).toBeGreaterThan(100)
    expect(judgeGroup([early, late, healthy], ['a', 'b', 'c'])).toMatchObject({verdict: 'inconclusive'})
    expect(judgeGroup([early, late, healthy], ['a', 'b', 'c']).harm).toBeLessThan(highest)
  })

  it('has the course of the mean, which stays unhealthy once it was', () => {
    const worse = of([10, 6, 90, 0], ...new Array<Minute>(100).fill([10, 0, 90, 0]))
    const well = of(...new Array<Minute>(101).fill([10, 0, 90, 0]))
    const {harmByMinute, harm, verdict} = judgeGroup([worse, well], ['a', 'b'])

    expect(harmByMinute).toHaveLength(101)
    expect(harmByMinute.at(-1)).toBeLessThan(100)
    expect([verdict, harm > 100]).toEqual(['unhealthy', true])
  })
})
