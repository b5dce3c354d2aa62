import {type Choice, choose} from './choice.ts'
import type {Judging} from './doubts.ts'
import {type Estimate, type Estimates, estimate} from './estimate.ts'
import type {RaceOptions} from './race.ts'
import type {SizeRecord} from './size-record.ts'
import {sloStanding} from './slo-standing.ts'

/** What is known at a moment: made once after each change, as all questions are answered by it. */
export type View = {
  readonly estimates: Estimates
  /** of all sizes that were measured and do not fail, beaten ones included */
  readonly all: readonly Estimate[]
  readonly judging: Judging
  /** null where nothing was measured, or nothing that was can meet the latency objective */
  readonly choice: Choice | null
  /** the same of those alone that meet the latency objective by what was seen: what can be said if nothing more is measured */
  readonly seen: Choice | null
}

export function viewOf(records: readonly SizeRecord[], options: RaceOptions): View {
  const {objective, costUSD, coldRatio, maxPerSize, usualInit = null} = options
  const feasible = records.filter(({infeasible}) => infeasible === null)
  const estimates = estimate(feasible, costUSD, coldRatio, usualInit)
  const all = [...estimates.of.values()]
  const judging = {objective, rivals: feasible.length - 1, freedom: estimates.freedom, maxPerSize}
  const racing = all.filter(({record}) => !record.isDropped)
  const beaten = all.filter(({record}) => isJustBeaten(record))
  const choice = choose(racing, each => mayMeet(each.record, options), judging)
  const chooseOf = (some: readonly Estimate[]): Choice | null =>
    choose(some, each => meets(each.record, options), judging)
  const isSeen = choice === null || meets(choice.pick.record, options)
  return {
    estimates,
    all,
    judging,
    choice,
    seen: isSeen ? choice : (chooseOf(racing) ?? chooseOf(beaten)),
  }
}

/** Whether a size is out only because another one was better. */
const isJustBeaten = ({isDropped, dropped}: SizeRecord): boolean => isDropped && dropped === null

/**
 * Brings sizes back that were beaten by others of which none meets the latency objective after all, if they may meet it.
 * @returns whether there was one
 */
export function reviveBeaten({all}: View, options: RaceOptions): boolean {
  const revived = all.filter(({record}) => isJustBeaten(record) && mayMeet(record, options))
  for (const {record} of revived) record.isDropped = false
  return revived.length > 0
}

/** Whether a size may meet the latency objective: it did so far, or a few more invocations may still certify it. */
function mayMeet(record: SizeRecord, options: RaceOptions): boolean {
  const {slo} = options.objective
  if (slo === null || meets(record, options)) return true
  const {isHopeless, certifiedAt} = sloStanding(sortedDurations(record), slo)
  return !isHopeless && certifiedAt !== null
}

export const meets = (record: SizeRecord, {objective: {slo}}: RaceOptions): boolean =>
  slo === null || sloStanding(sortedDurations(record), slo).slo !== 'missed'

export const sortedDurations = ({warm}: SizeRecord): readonly number[] =>
  warm.map(({durationMs}) => durationMs).sort((a, b) => a - b)
