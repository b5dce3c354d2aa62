import {expect, test} from 'vitest'
import {isApplicable, whyNotApplied} from '../../../../src/services/tuning/apply/applicable.ts'
import type {TuneReport} from '../../../../src/services/tuning/tune-report.ts'
import {planOf, x86} from '../tune-runs.ts'

const reportOf = (memorySizeMB: number, mostMB: number | null): TuneReport => ({
  plan: planOf({used: mostMB === null ? null : {mostMB, reports: 400, spanMs: 14 * 86_400_000}}),
  startedAt: 0,
  endedAt: 0,
  ending: 'settled',
  sizes: [],
  samples: [],
  recommendation: {
    ...x86(memorySizeMB),
    kind: 'winner',
    reason: 'the cheapest',
    confidence: 0.99,
    withinShare: null,
    againstCurrent: null,
  },
  curves: [],
  spent: {invocations: 40, costUSD: 0.001, unknown: 0},
  cleanup: {cleanedUp: true, left: [], done: []},
  gaps: [],
  notes: [],
})

test('a size that its traffic would not fit in is not applied, however sure the answer is', () => {
  expect(isApplicable(reportOf(256, 301))).toBe(false)
  expect(whyNotApplied(reportOf(256, 301))).toBe(
    'resize: nothing is applied: 256 MB would be too small, for its traffic of the last 14 days used 301 MB',
  )
})

test('a size that holds a tenth more than its traffic used, or of which nobody knows, is applied', () => {
  expect(isApplicable(reportOf(332, 301))).toBe(true)
  expect(isApplicable(reportOf(256, null))).toBe(true)
})
