import {expect, test} from 'vitest'
import {sloText} from '../../src/ui/tune-objective-words.ts'
import {tunePlan, tuneReport} from './tune-report.ts'

test('a size that no more calls would certify says how many were slower, beside those that lack calls', () => {
  const plan = tunePlan('checkout-api', {
    objective: {...tunePlan().objective, slo: {percentile: 95, limitMs: 600}},
  })
  const sizes = [
    {memorySizeMB: 512, ms: 550, status: 'dropped', slo: 'seen'},
    {memorySizeMB: 1_024, ms: 520, status: 'winner', slo: 'seen', uncertifiable: {slower: 4, of: 90}},
  ] as const
  expect(sloText(tuneReport({plan, sizes}))).toBe(
    'p95 < 600 ms: met, by too few calls to be certified, at 512 MB; met in what was measured, but not to be certified, at 1,024 MB (4 of 90 calls slower)',
  )
})
