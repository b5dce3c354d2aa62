import type {TunePlan} from '../../../src/services/tuning/tune-plan.ts'

/** What plans of tests have in common: the cheapest size, one call at a time, and nothing known of the past. */
export const usualWish = {
  objective: {goal: {kind: 'cheapest'}, slo: null, costTolerance: null, indifference: 0.03},
  clones: [],
  mayPropose: true,
  makingMs: 20_000,
  resumed: null,
  usualMs: null,
  used: null,
  tooSmall: [],
  usualInit: null,
  concurrency: 1,
  allowErrors: [],
  tenantId: null,
  notes: [],
} as const satisfies Partial<TunePlan>
