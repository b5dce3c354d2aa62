import {describe, expect, test} from 'vitest'
import {nearestMiss} from '../../../../src/services/tuning/report/nearest-miss.ts'
import type {Standing} from '../../../../src/services/tuning/standing.ts'
import {planOf, x86} from '../tune-runs.ts'

const missOf = (...sizes: readonly (Partial<Standing> & {readonly memorySizeMB: number})[]) =>
  nearestMiss({
    plan: planOf({objective: {...planOf().objective, slo: {percentile: 95, limitMs: 20}}}),
    ending: 'settled',
    sizes: sizes.map(size => ({...x86(size.memorySizeMB), status: 'dropped', ...size}) as Standing),
    samples: [],
    recommendation: null,
  })

describe('what comes nearest to a latency objective that no size meets', () => {
  test('is the fastest', () => {
    expect(missOf({memorySizeMB: 512, p95Ms: 40}, {memorySizeMB: 1024, p95Ms: 23})).toEqual({...x86(1024), ms: 23})
  })

  test('is none that meets it', () => {
    expect(missOf({memorySizeMB: 512, p95Ms: 40}, {memorySizeMB: 2048, p95Ms: 19})?.memorySizeMB).toBe(512)
    expect(missOf({memorySizeMB: 2048, p95Ms: 20})).toBeNull()
  })

  test('is none that fails', () => {
    const failing = {memorySizeMB: 256, p95Ms: 21, status: 'infeasible'} as const
    expect(missOf({memorySizeMB: 512, p95Ms: 40}, failing)?.memorySizeMB).toBe(512)
  })
})
