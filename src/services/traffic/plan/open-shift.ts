import {ExitCode, UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Gap} from '../../receipt.ts'
import {newRunId} from '../../run-id.ts'
import {callerIdentity} from '../../targets/caller-account.ts'
import type {SelectionWords} from '../../targets/parse-target.ts'
import {aliasName, percentText} from '../alias/alias-state.ts'
import {credentialsExpireAt} from '../alias/credentials.ts'
import {checkHandOver, handOver} from '../codedeploy/hand-over.ts'
import {planDeployment} from '../codedeploy/plan-deployment.ts'
import {alarmNameOf, readAlarms} from '../evidence/read-alarms.ts'
import {readTrafficRecords} from '../journal/traffic-journal.ts'
import {type ShiftOptions, shiftFunctions} from '../shift/shift-functions.ts'
import type {ShiftReport, ShiftStep} from '../shift/shift-steps.ts'
import {shiftVerdicts} from '../shift/verdicts.ts'
import {assemblePlan} from './assemble-plan.ts'
import {refuseStrangers} from './choose-version.ts'
import {type FoundAliases, findAliases} from './find-aliases.ts'
import {ladderSteps} from './ladder.ts'
import {planMembers} from './members.ts'
import {unwatchedDeployment} from './plan-warnings.ts'
import {checkAllowedAlarms, refuseRed} from './refuse-plan.ts'
import {checkSelection} from './same-selection.ts'
import type {Member, PlannedDeployment, ShiftPlan, ShiftWish} from './shift-plan.ts'
import {checkFaders} from './waves.ts'

export type OpenedShift = {
  /** without members where all serve the version already: there is nothing to do */
  readonly plan: ShiftPlan
  readonly leftOut: readonly Gap[]
  /** what is worth saying, one sentence each; that some serve the version already as well */
  readonly notices: readonly string[]
  /** Shifts by slsops itself, or by CodeDeploy where it is handed over; the last step is `ended`. */
  run(options: Omit<ShiftOptions, 'journals'>): AsyncGenerator<ShiftStep, void>
  /** what the command ends with */
  verdicts(report: ShiftReport): readonly ExitCode[]
}

type OpenOptions = ShiftWish & {readonly journals: string}

/**
 * Makes ready to shift: which aliases, from and to which versions, whether that can be done, how long it takes. Nothing is changed.
 * @throws UserError where it cannot be done, with why and what to do
 */
export async function openShift(
  aws: Aws,
  words: SelectionWords,
  {journals, ...wished}: OpenOptions,
  signal: AbortSignal,
): Promise<OpenedShift> {
  checkAllowedAlarms(wished)
  const found = await findAliases(aws, words, {which: 'one', alias: wished.alias}, signal)
  refuseGaps(found)
  const names = found.aliases.map(({functionName}) => functionName)
  refuseStrangers(wished.to, names)
  checkFaders(wished, names)
  // CodeDeploy is over once all of the traffic is there
  const isWatched = wished.handOver === null && (wished.gate === 'auto' || wished.alarms.length > 0)
  const steps = ladderSteps(wished.ladder, {bakeMs: wished.bakeMs, isWatched})
  const [{records}, alarms, caller, expireAt] = await Promise.all([
    readTrafficRecords(journals),
    readAlarms(aws, wished.alarms, signal),
    callerIdentity(aws, signal),
    credentialsExpireAt(aws, signal),
  ])
  const wish = {...wished, alarms: alarms.map(({name}) => name), allowAlarms: wished.allowAlarms.map(alarmNameOf)}
  refuseRed(alarms, wish.allowAlarms)
  const firstWeight = steps[0]?.basisPoints ?? null
  const planned = await planMembers(aws, found.aliases, {...wish, records, firstWeight}, signal)
  const assembled = assemblePlan({
    runId: newRunId(aws.clock.now()),
    scope: {...aws.scope, account: caller.account ?? aws.scope.account},
    caller: caller.arn,
    credentialsExpireAt: expireAt,
    planned,
    wish,
    steps,
    alarms,
    names,
    now: aws.clock.now(),
  })
  if (wish.handOver !== null) checkHandOver(assembled.members)
  const deployment = await planDeployment(aws, assembled, signal)
  const plan = deployment === null ? assembled : handedOver(assembled, deployment)
  return {
    plan,
    leftOut: [],
    notices: [...found.notices, ...planned.there, ...weightThere(planned.members, plan), ...planned.notices],
    async *run(options) {
      if (plan.members.length === 0) return
      await checkSelection(aws, words, names, signal)
      const whole = {...options, journals}
      yield* wish.handOver === null ? shiftFunctions(aws, plan, whole, signal) : handOver(aws, plan, whole, signal)
    },
    verdicts: shiftVerdicts,
  }
}

/** Of its alarms it is known now whether they watch. */
function handedOver(plan: ShiftPlan, deployment: PlannedDeployment): ShiftPlan {
  const isWatched = plan.wish.alarms.length > 0 || (deployment.alarms?.length ?? 0) > 0
  return {
    ...plan,
    deployment,
    warnings: plan.warnings.filter(warning => !(isWatched && warning === unwatchedDeployment)),
  }
}

/** Of those that have the weight already that was asked for. */
const weightThere = (members: readonly Member[], plan: ShiftPlan): readonly string[] =>
  members
    .filter(member => !plan.members.includes(member))
    .map(member => `${aliasName(member)} gives ${member.to} ${percentText(member.at)} already`)

/** All move together: one that nobody could look at is none that may stay behind. */
function refuseGaps({gaps}: FoundAliases): void {
  const [first, ...others] = gaps
  if (first === undefined) return
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  throw new UserError(`${first.what}${more} cannot be looked at: ${first.detail ?? first.reason}`, {
    code: 'Incomplete',
    ...(first.reason === 'denied' && {exitCode: ExitCode.refused}),
    hint: 'all functions move together; take those out with !NAME, or ask for the permission',
  })
}
