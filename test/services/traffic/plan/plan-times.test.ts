import {describe, expect, it} from 'vitest'
import {timesOf, withEvidence} from '../../../../src/services/traffic/plan/plan-times.ts'
import type {Member} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {memberOf, minute, planOf} from '../shift/shift-plans.ts'

/** Of a shift of one stage that takes twenty minutes. */
const gateUSD = (members: readonly Member[]): number => {
  const {stages, wish} = planOf({members, steps: [[10_000, 20 * minute]]})
  const ladder = {kind: 'all-at-once'} as const
  return timesOf(members, stages, {...wish, to: {kind: 'latest'}, ladder, waves: []}).gateCostUSD
}
const named = (count: number, more: Partial<Member> = {}): readonly Member[] =>
  Array.from({length: count}, (_, at) => memberOf(`f${at}`, more))

describe('what the gate costs', () => {
  it('is ten metrics of a member at each look, every twenty seconds of one and every minute of a hundred', () => {
    expect(gateUSD(named(1))).toBeCloseTo((60 + 1) * 10 * 0.000_01, 9)
    expect(gateUSD(named(100))).toBeCloseTo((20 + 1) * 1_000 * 0.000_01, 9)
  })

  it('is six metrics where latency is not judged', () => {
    const traffic = {value: {perMinute: 100, aliasShare: 1, errorRate: 0, p95Ms: null}}
    expect(gateUSD(named(1, {traffic}))).toBeCloseTo((60 + 1) * 6 * 0.000_01, 9)
  })
})

describe('how long the evidence of each stage takes', () => {
  const wish = {...planOf().wish, to: {kind: 'latest'}, waves: []} as const
  const steps = [1_000, 5_000, 10_000].map(basisPoints => [basisPoints, minute] as const)
  const stagesOf = (members: readonly Member[]) =>
    planOf({members, steps}).stages.map(({evidenceMs: _, ...stage}) => stage)

  it('adds up to what is expected of all', () => {
    const members = [
      memberOf('often'),
      memberOf('seldom', {traffic: {value: {perMinute: 9, aliasShare: 1, errorRate: 0.01, p95Ms: 90}}}),
    ]
    const stages = withEvidence(stagesOf(members), members, wish)
    const sum = stages.reduce((all, {minMs, evidenceMs}) => all + Math.max(minMs, evidenceMs ?? 0), 0)
    expect(timesOf(members, stages, wish).expectedMs).toBe(sum)
    expect(stages.every(({evidenceMs}) => (evidenceMs ?? 0) > minute)).toBe(true)
  })

  it('is never where nobody calls, and not there where nobody knows or waits', () => {
    const quiet = [
      memberOf('quiet', {traffic: {value: {perMinute: 0, aliasShare: null, errorRate: null, p95Ms: null}}}),
    ]
    expect(withEvidence(stagesOf(quiet), quiet, wish).map(({evidenceMs}) => evidenceMs)).toEqual([null, null, null])
    expect(timesOf(quiet, withEvidence(stagesOf(quiet), quiet, wish), wish).expectedMs).toBeNull()
    const unknown = [memberOf('unknown', {traffic: {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'}})]
    expect(withEvidence(stagesOf(unknown), unknown, wish)).toEqual(stagesOf(unknown))
    expect(withEvidence(stagesOf(quiet), quiet, {...wish, gate: 'none'})).toEqual(stagesOf(quiet))
  })
})
