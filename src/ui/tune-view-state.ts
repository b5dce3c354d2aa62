import type {Spent} from '../services/tuning/limits.ts'
import type {Standing} from '../services/tuning/standing.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import type {TuneStep} from '../services/tuning/tune-steps.ts'

/** What the live table shows. */
export type TuneViewState = {
  /** null before the first function begins */
  readonly plan: TunePlan | null
  readonly standings: readonly Standing[]
  readonly spent: Spent
  /** what takes a while just now, or was last worth knowing; '' for nothing */
  readonly doing: string
  /** the invocation that was reported last; null before the first */
  readonly last: (TuneStep & {readonly kind: 'sampled'}) | null
  readonly elapsedMs: number
  /** which function of how many, from 1 */
  readonly turn: {readonly at: number; readonly of: number}
}

const nothingSpent: Spent = {invocations: 0, costUSD: 0, unknown: 0}

/**
 * Keeps what the live table shows while steps come, faster than anybody could look.
 * @param functions how many will be tuned, one after the other
 * @param now epoch ms
 */
export function tuneProgress(
  functions: number,
  now: () => number,
): {take(step: TuneStep): void; state(): TuneViewState} {
  let plan: TunePlan | null = null
  let standings: readonly Standing[] = []
  let spent = nothingSpent
  let doing = ''
  let last: TuneViewState['last'] = null
  let startedAt = now()
  let at = 0
  return {
    take(step) {
      switch (step.kind) {
        case 'begun':
          plan = step.plan
          // of a past nobody knows beforehand which sizes it has
          standings = step.plan.mode === 'observe' ? [] : step.plan.candidates.map(waiting)
          spent = nothingSpent
          doing = ''
          last = null
          startedAt = now()
          at += 1
          return
        case 'doing':
          doing = step.what
          return
        case 'note':
          doing = step.text
          return
        case 'sampled':
          doing = ''
          last = step
          ;({standings, spent} = step)
          return
        case 'moved':
          ;({standings, spent} = step)
          return
        case 'ended':
          doing = ''
          standings = step.report.sizes
          spent = step.report.spent
      }
    },
    state: () => ({plan, standings, spent, doing, last, elapsedMs: now() - startedAt, turn: {at, of: functions}}),
  }
}

/** A size of which nothing is known yet. */
const waiting = ({memorySizeMB, architecture}: TunePlan['candidates'][number]): Standing => ({
  memorySizeMB,
  architecture,
  status: 'waiting',
  why: null,
  invocations: 0,
  coldStarts: 0,
  failures: 0,
  meanBilledMs: null,
  ci95BilledMs: null,
  meanDurationMs: null,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  coldBilledMs: null,
  costPerMillionUSD: null,
  ci95CostPerMillionUSD: null,
  maxMemoryUsedMB: null,
  flags: [],
  slo: null,
})
