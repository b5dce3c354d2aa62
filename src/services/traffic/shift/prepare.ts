import {UserError} from '../../../errors.ts'
import {aliasName} from '../alias/alias-state.ts'
import {routingText} from '../alias/send-update.ts'
import {alarmNameOf} from '../evidence/read-alarms.ts'
import {trafficHeader} from '../journal/traffic-header.ts'
import {tenAtATime} from './at-a-time.ts'
import type {ShiftRun} from './shift-run.ts'

/**
 * What is done before the first write: nothing may have changed since the plan, and what has to be there is.
 * @throws UserError: nothing was changed then
 */
export async function prepare(run: ShiftRun): Promise<void> {
  const {aws, plan, options, parts, signal} = run
  run.tell({kind: 'doing', what: 'looks whether all is as it was planned'})
  await checkUnmoved(run)
  await checkAlarms(run)
  run.journal = await parts.beginTrafficJournal(
    options.journals,
    trafficHeader({...plan, operation: 'shift', note: plan.wish.note, plan}, aws),
    aws,
  )
  if (plan.wish.deadMan === null) return
  run.tell({kind: 'doing', what: 'tries whether the dead man could roll back'})
  run.deadMan = parts.createDeadMan(aws, run.journal, plan.wish.deadMan)
  await run.deadMan.prepare(plan.members, signal)
}

async function checkUnmoved({aws, parts, members, signal}: ShiftRun): Promise<void> {
  const moved: string[] = []
  await tenAtATime(members, async ({member}) => {
    const {before} = member
    const state = await parts.readAliasState(aws, member, signal)
    if (state?.revisionId === before.revisionId) return
    const now = state === null ? 'is gone' : `${routingText(before)}, now ${routingText(state)}`
    moved.push(`${aliasName(member)} (${now})`)
  })
  if (moved.length > 0)
    throw new UserError(`somebody else has changed what was planned with: ${moved.sort().join(', ')}`, {
      code: 'PlanIsOld',
      hint: 'nothing was changed; look at what it is now, and plan again',
    })
}

/** One that went off after the plan was made would send back the first step. */
async function checkAlarms(run: ShiftRun): Promise<void> {
  const {aws, plan, parts, signal} = run
  const {alarms, allowAlarms} = plan.wish
  if (alarms.length === 0) return
  run.alarms = await parts.readAlarms(aws, alarms, signal)
  run.alarmsBefore = run.alarms
  const mayBeRed = new Set(allowAlarms.map(alarmNameOf))
  const red = run.alarms.filter(({name, state}) => state === 'ALARM' && !mayBeRed.has(name))
  if (red.length > 0)
    throw new UserError(`${red.map(({name}) => name).join(', ')} went off since it was planned`, {
      code: 'AlarmIsRed',
      hint: 'nothing was changed; --allow-alarm NAME shifts although it is red',
    })
}
