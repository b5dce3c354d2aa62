import {expect, test} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import {nearestMiss} from '../../../../src/services/tuning/report/nearest-miss.ts'
import {verdictsOn} from '../../../../src/services/tuning/report/verdicts.ts'
import type {TuneReport} from '../../../../src/services/tuning/tune-report.ts'
import {planOf, x86} from '../tune-runs.ts'

const gone = {cleanedUp: true, left: [], done: []}
const verdicts = (differing: Partial<TuneReport>): readonly number[] =>
  verdictsOn({ending: 'settled', cleanup: gone, gaps: [], ...differing} as TuneReport)
const missing = (differing: Partial<TuneReport>): readonly number[] => {
  const miss = nearestMiss(differing as TuneReport)
  return verdicts({...differing, ...(miss !== null && {nearestMiss: miss})})
}

test.each([
  [{}, []],
  [{ending: 'observed'}, []],
  [{ending: 'observed', recommendation: null}, [3]],
  [{ending: 'max-cost', gaps: ['4 invocations (--max-cost) were not enough']}, [3, 3]],
  [{ending: 'max-invocations'}, [3]],
  [{ending: 'max-time'}, [3]],
  [{ending: 'not-separable'}, [3]],
  [{ending: 'failing'}, [1]],
  [{ending: 'deployed-meanwhile', failure: new UserError('somebody deployed')}, [1]],
  [{ending: 'failed', failure: new UserError('denied', {exitCode: 4})}, [4]],
  [{ending: 'failed'}, [1]],
  [{ending: 'interrupted'}, [130]],
  [{cleanup: {...gone, cleanedUp: false}}, [1]],
  [{gaps: ['an answer was lost']}, [3]],
] as const)('%j comes to %j', (differing, codes) => {
  expect(verdicts(differing as Partial<TuneReport>)).toEqual(codes)
})

const tooSlow = {
  plan: planOf({objective: {...planOf().objective, slo: {percentile: 95, limitMs: 1}}}),
  recommendation: null,
  sizes: [
    {...x86(256), p95Ms: 6.3},
    {...x86(512), p95Ms: 4.6},
    {...x86(128), p95Ms: null},
  ],
  samples: [],
} as unknown as Partial<TuneReport>

test('a latency objective that no size meets is a negative verdict, by the size that comes nearest', () => {
  expect(missing({...tooSlow, ending: 'settled'})).toEqual([5])
  expect(nearestMiss({...tooSlow, ending: 'settled'} as TuneReport)).toEqual({...x86(512), ms: 4.6})
  // of a run that was stopped nobody knows yet
  expect(missing({...tooSlow, ending: 'max-cost'})).toEqual([3])
})
