import type {GateAlarm} from '../evidence/evidence.ts'
import {stagesOf} from './ladder.ts'
import type {PlannedMembers} from './members.ts'
import {timesOf, withEvidence} from './plan-times.ts'
import {planWarnings} from './plan-warnings.ts'
import {checkCredentials, checkMaxTime} from './refuse-plan.ts'
import type {LadderStep, Member, ShiftPlan, ShiftWish} from './shift-plan.ts'
import {sameRelease, wavesOf} from './waves.ts'

/** What a plan is made of. */
type Parts = Pick<ShiftPlan, 'runId' | 'scope' | 'caller' | 'credentialsExpireAt'> & {
  readonly planned: PlannedMembers
  readonly wish: ShiftWish
  readonly steps: readonly LadderStep[]
  readonly alarms: readonly GateAlarm[]
  /** of all functions that were asked for */
  readonly names: readonly string[]
  /** epoch ms */
  readonly now: number
}

/**
 * Puts a plan together: its stages, how long it takes, and what is to be known of it.
 * @throws UserError where credentials expire before its end; exit 2 for waves and times that cannot be meant
 */
export function assemblePlan({planned, wish, steps, names, now, ...around}: Parts): ShiftPlan {
  const {to: _to, waves: _waves, ...kept} = wish
  const {ladder} = kept
  const moving = planned.members
    .map((member, i) => ({member, http: planned.http[i] ?? []}))
    .filter(each => needsMove(each.member, wish))
  const members = moving.map(({member}) => member)
  const moved = members.map(({functionName}) => functionName)
  const weightAt = new Map(members.map(({functionName, at}) => [functionName, at]))
  // CodeDeploy begins at 0, and goes up its whole ladder
  const atOf = (name: string): number => (wish.handOver === null ? (weightAt.get(name) ?? 0) : 0)
  const stages = withEvidence(stagesOf(wavesOf(wish.waves, moved, names), steps, atOf), members, wish)
  const about = {
    ...around,
    members,
    ladder: ladder.kind,
    stages,
    ...timesOf(members, stages, wish),
    sameRelease: sameRelease(stages, name => wish.muted.includes(name) || (wish.solo !== null && wish.solo !== name)),
  }
  checkMaxTime(about, wish)
  const expiring = members.length === 0 ? null : checkCredentials({...about, wish}, now)
  const warnings = planWarnings({...about, wish, http: moving.map(({http}) => http)})
  return {
    ...about,
    commits: ladder.kind !== 'weight',
    wish: kept,
    resumes: null,
    warnings: expiring === null ? warnings : [expiring, ...warnings],
  }
}

/** What has the weight already that is set and left there, need not be written. */
const needsMove = ({at}: Member, {ladder}: ShiftWish): boolean => ladder.kind !== 'weight' || ladder.basisPoints !== at
