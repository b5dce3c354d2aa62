import type {Scope} from '../services/aws/scope.ts'
import type {RollbackEvidence, RollbackMember, RollbackPlan} from '../services/traffic/rollback/rollback.ts'
import {targetWord} from './alias-words.ts'
import {stopDeploymentCommand, updateAliasCommand} from './by-hand.ts'
import {placeFlags, shellWord} from './next-command.ts'

export const evidenceNames: Readonly<Record<RollbackEvidence['source'], string>> = {
  'shift-under-way': 'under way',
  asked: 'asked for',
  journal: 'journal',
  codedeploy: 'CodeDeploy',
  metrics: 'metrics',
  alias: 'the alias',
}

/** What brings back what was: a command for each version that is left, since one has one `--to`; none where nothing is changed. */
export function undoCommands({members, scope}: Pick<RollbackPlan, 'members' | 'scope'>): readonly string[] {
  const place = placeFlags(scope, [scope]).join(' ')
  const moved = members.filter(({isThere, before}) => !isThere && /^\d+$/.test(before.version))
  return Array.from(
    Map.groupBy(moved, undoOf),
    ([undo, those]) =>
      `slsops ${undo.split(' ')[0]} ${those.map(targetWord).join(' ')} ${undo.split(' ').slice(1).join(' ')} ${place}`,
  )
}

/** The command and its flags; of two versions the additional one's weight, where the main one is that which is gone back to. */
function undoOf({before: {version, additional}, to}: RollbackMember): string {
  if (additional === null || additional.weight === 0 || version !== to) return `rollback --to ${version}`
  return `shift --to ${additional.version} --weight ${Number((additional.weight * 100).toFixed(2))}%`
}

/** What does the same by hand, for who leaves before it is done: exact, to be pasted as it is. */
export function byHand(member: RollbackMember, scope: Scope, endpoint: string | null): string {
  const {to, description, deploymentId} = member
  // the embedded AWS has no other clients, and is gone with the process
  if (scope.endpoint === 'sandbox')
    return `slsops rollback ${targetWord(member)} --to ${shellWord(to)} --yes --sandbox --region ${shellWord(scope.region)}`
  if (deploymentId !== null) return stopDeploymentCommand(deploymentId, scope, endpoint)
  return updateAliasCommand({...member, version: to, description}, scope, endpoint)
}
