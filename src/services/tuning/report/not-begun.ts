import type {TunePlan} from '../tune-plan.ts'
import type {TuneReport} from '../tune-report.ts'

/** What there is to tell of a function that was to be tuned after another one, at which it was stopped. @param now epoch ms */
export const notBegun = (plan: TunePlan, now: number): TuneReport => ({
  plan,
  startedAt: now,
  endedAt: now,
  ending: 'interrupted',
  isBegun: false,
  sizes: [],
  samples: [],
  recommendation: null,
  curves: [],
  spent: {invocations: 0, costUSD: 0, unknown: 0},
  cleanup: {cleanedUp: true, left: [], done: []},
  gaps: ['it was not begun'],
  notes: [],
})
