import type {ShiftWish} from '../../../src/services/traffic/plan/shift-plan.ts'

/** What is asked for where nothing but a version and a canary is said. */
export const usualWish: ShiftWish = {
  alias: null,
  to: {kind: 'version', version: '42'},
  ladder: {kind: 'canary', basisPoints: 1000, everyMs: 5 * 60_000},
  bakeMs: null,
  gate: 'auto',
  judge: {alpha: 0.01, beta: 0.05, times: 1.5, margin: 0.005, worseBy: 0.02},
  alarms: [],
  allowAlarms: [],
  gateFilter: null,
  onInconclusive: 'hold',
  onInterrupt: 'rollback',
  maxTimeMs: null,
  deadMan: null,
  handOver: null,
  note: null,
  waves: [],
  muted: [],
  solo: null,
  force: false,
  takeOver: false,
}
