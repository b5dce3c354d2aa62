import type {UnknownReason} from '../../../known.ts'

/** What can be said of a function's use, in the order of what matters on call. */
export const verdicts = ['broken', 'inactive', 'unknown', 'unused', 'dormant', 'new', 'active'] as const
export type Verdict = (typeof verdicts)[number]

/** Parts of the evidence without which there may be no verdict, as reasons name them. */
export type RestsOn =
  | 'metrics'
  | 'event-sources'
  | 'schedules'
  | 'rules'
  | 'policy'
  | 'urls'
  | 'details'
  | 'queue'
  | 'provisioned'

type WhyNot = Exclude<UnknownReason, 'partial-data' | 'interrupted'> | 'partial'

/** Stable words for why a verdict is what it is; each is told in docs/unused.md. */
export type Reason =
  // use
  | 'invoked'
  | 'alias-only'
  | 'throttles'
  | 'listed-in-last-two-weeks'
  | 'log-event'
  | 'no-invocation'
  | 'stopped'
  // what stands in the way
  | 'state-inactive'
  | 'state-failed'
  | 'throttled-off'
  | 'permission-missing'
  // event sources
  | 'event-source-enabled'
  | 'event-source-disabled'
  | 'event-source-problem'
  | 'no-records'
  | 'queue-grows'
  | 'queue-received'
  | 'queue-empty'
  | 'queue-missing'
  | 'dead-letters-waiting'
  // schedules and rules
  | 'schedule-missed'
  | 'schedule-rarer-than-window'
  | 'schedule-not-due'
  | 'schedule-disabled'
  | 'schedule-over'
  | 'schedule-unreadable'
  | 'rule-matched'
  | 'event-rule-enabled'
  | 'event-rule-disabled'
  // who may call it
  | 'permission-granted'
  | 'function-url'
  | 'no-trigger'
  | 'too-young'
  | 'edge-replica'
  | 'edge-original'
  // what could not be read
  | 'interrupted'
  | `${RestsOn}-${WhyNot}`

/** Why something that a verdict rests on is not known, as a reason. */
export function unknownReason(what: RestsOn, why: UnknownReason): Reason {
  if (why === 'interrupted') return why
  return `${what}-${why === 'partial-data' ? 'partial' : why}`
}
