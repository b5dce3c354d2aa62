import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {targetWord} from './alias-words.ts'
import {lastWords, updateAliasCommand} from './by-hand.ts'
import {placeFlags, shellWord} from './next-command.ts'
import type {Terminal} from './terminal.ts'

/** functions that have a line of their own each for who has no slsops at hand */
const mostByHand = 5

/** The flags that lead a command to where it is shifted. */
export const shiftPlace = ({scope}: Pick<ShiftPlan, 'scope'>): string =>
  placeFlags({region: scope.region, account: scope.account}, [scope]).join(' ')

/** Those that a shift did not leave on the old version as asked. */
export const movedMembers = ({members}: ShiftReport): ShiftPlan['members'] =>
  members.filter(({state}) => state !== 'muted').map(({member}) => member)

/** What brings all back that a shift moves, by slsops. Members may come from different versions: each version has its line then. */
export function undoCommands({members, scope}: Pick<ShiftPlan, 'members' | 'scope'>): readonly string[] {
  return Array.from(
    Map.groupBy(members, ({from}) => from),
    ([from, each]) =>
      `slsops rollback ${each.map(targetWord).join(' ')} --to ${shellWord(from)} ${shiftPlace({scope})}`,
  )
}

/**
 * The last words of who leaves before all is known to be back: what brings it back, by slsops, and, of few, by AWS's own client. The
 * embedded AWS has no other clients, and is gone with the process.
 * @param endpoint where Lambda answers that is not AWS's; null else
 */
export function leftBehindText(plan: ShiftPlan, endpoint: string | null, json: boolean, terminal: Terminal): string {
  const {members, scope} = plan
  const byHand = members.length > mostByHand || scope.endpoint === 'sandbox' ? [] : members
  return lastWords(
    'left before it was done: whether all is back is not known, and this brings it back',
    [
      ...undoCommands(plan),
      ...byHand.map(member => updateAliasCommand({...member, version: member.from}, scope, endpoint)),
    ],
    json,
    terminal,
  )
}
