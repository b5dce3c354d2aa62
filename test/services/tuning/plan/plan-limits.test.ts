import {expect, test} from 'vitest'
import {makingMsOf, refuseNoCall, withinReach} from '../../../../src/services/tuning/plan/plan-limits.ts'
import {arm, planOf, x86} from '../tune-runs.ts'

test('making takes longer with each size and clone, and minutes with snapshots; history makes nothing', () => {
  const {source} = planOf()
  const sizes = [x86(256), x86(512)]
  const ofTwo = makingMsOf('shadow', source, sizes)
  expect(makingMsOf('shadow', source, [...sizes, x86(1024)])).toBeGreaterThan(ofTwo)
  expect(makingMsOf('shadow', source, [x86(256), arm(512)])).toBeGreaterThan(ofTwo)
  expect(makingMsOf('versions', source, sizes)).toBeLessThan(ofTwo)
  expect(makingMsOf('shadow', {...source, snapStart: true}, sizes)).toBeGreaterThan(ofTwo + 60_000)
  expect(makingMsOf('observe', source, sizes)).toBe(0)
})

test('one call just fits, or the least that would do is said', () => {
  // 13 s of 512 MB and the request
  const oneUSD = 13 * 0.5 * 0.0000166667 + 2e-7
  const resumed = {runId: '20261119-090000-aaaa1111', invocations: 4, samples: 4, costUSD: 0.001}
  expect(() => refuseNoCall(planOf(), {maxCostUSD: oneUSD * 1.0001})).not.toThrow()
  expect(() => refuseNoCall(planOf(), {maxCostUSD: oneUSD * 0.9999})).toThrow(
    expect.objectContaining({exitCode: 2, hint: expect.stringContaining('--max-cost 0.00011,')}),
  )
  expect(() => refuseNoCall(planOf({resumed}), {maxCostUSD: 0.001})).toThrow(
    expect.objectContaining({hint: expect.stringContaining('--max-cost 0.0012,')}),
  )
  expect(() =>
    refuseNoCall(planOf({resumed, limits: {...planOf().limits, maxInvocations: 4}}), {maxCostUSD: 1}),
  ).toThrow('has made 4 invocations: --max-invocations 4 allows no more')
})

test('what a run can still cost is what it took that it goes on with, and the calls that are left', () => {
  const resumed = {runId: '20261119-090000-aaaa1111', invocations: 119, samples: 119, costUSD: 0.001}
  const {limits} = withinReach(planOf({resumed}))
  expect(limits.maxCostUSD).toBeGreaterThan(0.001)
  expect(limits.maxCostUSD).toBeLessThan(0.002)
})
