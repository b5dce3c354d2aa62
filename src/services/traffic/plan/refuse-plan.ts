import {UserError, usageError} from '../../../errors.ts'
import {durationText} from '../../time/duration.ts'
import type {GateAlarm} from '../evidence/evidence.ts'
import {alarmNameOf} from '../evidence/read-alarms.ts'
import type {ShiftPlan, ShiftWish} from './shift-plan.ts'

/** how long going back may take after the last moment that a shift may wait */
const goingBackMs = 15 * 60_000

/** @throws UserError (exit 2) for an alarm that may be red and is not watched */
export function checkAllowedAlarms({alarms, allowAlarms}: Pick<ShiftWish, 'alarms' | 'allowAlarms'>): void {
  const watched = alarms.map(alarmNameOf)
  const stranger = allowAlarms.find(name => !watched.includes(alarmNameOf(name)))
  if (stranger !== undefined)
    throw usageError(
      `--allow-alarm ${stranger} is none of the alarms that are watched`,
      watched.length > 0 ? `they are ${watched.join(', ')}` : `watch it: --alarm ${stranger}`,
    )
}

/** @throws UserError (exit 2) for a time that is over before the ladder is */
export function checkMaxTime({leastMs}: Pick<ShiftPlan, 'leastMs'>, {maxTimeMs}: Pick<ShiftWish, 'maxTimeMs'>): void {
  if (maxTimeMs === null || maxTimeMs >= leastMs) return
  throw usageError(
    `--max-time is over after ${durationText(maxTimeMs)}, and the ladder takes ${durationText(leastMs)} at least`,
    'give it more, or make the ladder shorter',
  )
}

/** @throws UserError for an alarm that is red already: it could not tell what the new version does */
export function refuseRed(alarms: readonly GateAlarm[], allowed: readonly string[]): void {
  const red = alarms.filter(({name, state}) => state === 'ALARM' && !allowed.includes(name))
  const [first] = red
  if (first === undefined) return
  const since = first.since === null ? '' : ` since ${new Date(first.since).toISOString()}`
  throw new UserError(
    `alarm ${first.name} is red already${since}${red.length > 1 ? `, as ${red.length - 1} more` : ''}`,
    {
      code: 'AlarmIsRed',
      hint: `where the shift is what ends it: ${red.map(({name}) => `--allow-alarm ${name}`).join(' ')}`,
    },
  )
}

/**
 * Credentials that expire before the end leave nobody who could go back.
 * @returns a warning, where AWS itself goes back or goes on then
 * @throws UserError where nobody would
 */
export function checkCredentials(
  {
    credentialsExpireAt,
    maxTimeMs,
    wish,
  }: Pick<ShiftPlan, 'credentialsExpireAt' | 'maxTimeMs'> & {
    readonly wish: Pick<ShiftWish, 'deadMan' | 'handOver' | 'ladder'>
  },
  now: number,
): string | null {
  if (credentialsExpireAt === null) return null
  // a weight is set within seconds, and is then what it is to be
  const needsMs = maxTimeMs + (wish.ladder.kind === 'weight' ? 0 : goingBackMs)
  const leftMs = credentialsExpireAt - now
  if (leftMs >= needsMs) return null
  const told = `the credentials expire in ${durationText(Math.max(0, leftMs))}, and the shift may take ${durationText(needsMs)} with going back`
  if (wish.handOver !== null) return `${told}: CodeDeploy goes on without them`
  if (wish.deadMan !== null)
    return `${told}: the dead man rolls back ${durationText(wish.deadMan.afterMs)} after the last sign of life`
  throw new UserError(told, {
    code: 'CredentialsExpire',
    hint: 'sign in again first; or give it less time with --max-time, have AWS roll back with --dead-man 15m, or leave it to CodeDeploy with --hand-over codedeploy',
  })
}
