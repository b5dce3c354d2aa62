import {ExitCode, UserError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Gap} from '../../receipt.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {FoundAlias} from '../plan/find-aliases.ts'
import type {Surroundings} from './claims.ts'
import {inTime, type Patience} from './in-time.ts'
import {isRefused, planByEvidence, planTo, planWayBack} from './plan-member.ts'
import {readPast} from './read-past.ts'
import type {RollbackMember} from './rollback.ts'
import {provisionedStatus} from './version-facts.ts'

/** An alias that cannot be gone back with. */
export type Refusal = {readonly found: FoundAlias; readonly error: UserError}

/** Where each alias goes back to. Evidence is read of those only that are not being moved, and of all of them at a time. */
export async function planMembers(
  aws: Aws,
  aliases: readonly FoundAlias[],
  {to, around, patience}: {readonly to: string | null; readonly around: Surroundings; readonly patience: Patience},
  signal: AbortSignal,
): Promise<{readonly members: readonly RollbackMember[]; readonly refusals: readonly Refusal[]}> {
  const planned = new Map<FoundAlias, RollbackMember>()
  const refusals: Refusal[] = []
  const unmoved: FoundAlias[] = []
  const plan = async (found: FoundAlias, make: () => Promise<RollbackMember | null>): Promise<void> => {
    try {
      const member = await make()
      if (member === null) unmoved.push(found)
      else planned.set(found, member)
    } catch (error) {
      if (!isRefused(error)) throw error
      refusals.push({found, error})
    }
  }
  await Promise.all(
    aliases.map(found =>
      plan(found, () =>
        to === null ? planWayBack(aws, found, around, signal) : planTo(aws, found, to, around, signal),
      ),
    ),
  )
  const pasts = unmoved.length === 0 ? [] : await readPast(aws, unmoved, {records: around.records, patience}, signal)
  await Promise.all(
    unmoved.map((found, at) => {
      const past = pasts[at]
      return past && plan(found, () => planByEvidence(aws, found, past, around, signal))
    }),
  )
  const members = withDoubts(aliases.flatMap(found => planned.get(found) ?? []))
  return {members: await withWaits(aws, members, patience, signal), refusals}
}

/** With what is to be known before an alias is moved for good that has provisioned concurrency: nobody goes back at once with it. */
function withWaits(
  aws: Aws,
  members: readonly RollbackMember[],
  patience: Patience,
  signal: AbortSignal,
): Promise<readonly RollbackMember[]> {
  return Promise.all(
    members.map(async member => {
      const {functionName, alias, before, to, isThere, deploymentId, notes} = member
      if (isThere || deploymentId !== null || before.version === to) return member
      const status = await inTime(patience, signal, 'read provisioned concurrency', async stopped => ({
        value: await provisionedStatus(aws, functionName, alias, stopped),
      }))
      if (!isKnown(status) || status.value === false || status.value === null) return member
      const wait = `it has provisioned concurrency: ${before.version} goes on serving all calls until that is allocated for ${to}, which usually takes some minutes`
      return {...member, notes: [wait, ...notes]}
    }),
  )
}

/**
 * A member of a shift that it has not come to yet has no lease, and without the journal nobody knows that it is one: by what it served
 * before it would go back a version too far.
 */
function withDoubts(members: readonly RollbackMember[]): readonly RollbackMember[] {
  const elsewhere = members.flatMap(({aborts}) => (aborts?.isAlive === null ? aborts.runId : []))
  const [runId] = elsewhere
  if (runId === undefined) return members
  return members.map(member =>
    member.aborts === null && !member.isThere && member.evidence.some(({source}) => isOfPast.has(source))
      ? {...member, notes: [doubt(runId, member), ...member.notes]}
      : member,
  )
}

const isOfPast: ReadonlySet<string> = new Set(['journal', 'codedeploy', 'metrics'])

const doubt = (runId: string, {from}: RollbackMember): string =>
  `run ${runId} moves others of these: where this is to follow and was not moved yet, ${from} is what it came from, and this goes a version too far`

/** What there is to say where none of several can be gone back with. */
export function severalRefused(refusals: readonly Refusal[]): UserError {
  const codes = new Set(refusals.map(({error}) => error.exitCode))
  return new UserError(`none of ${refusals.length} functions can be rolled back`, {
    code: refusals[0]?.error.code ?? 'NoEvidence',
    hint: refusals.map(({error}) => [error.message, error.hint].filter(Boolean).join('; ')).join('\n'),
    exitCode: codes.size === 1 ? (refusals[0]?.error.exitCode ?? ExitCode.failed) : ExitCode.failed,
  })
}

export const leftOutGap = (found: FoundAlias, {message, hint, exitCode}: UserError, {account, region}: Scope): Gap => ({
  what: aliasName(found),
  account,
  region,
  reason: exitCode === ExitCode.refused ? 'denied' : 'failed',
  detail: [message, hint].filter(Boolean).join('; '),
  function: found.functionName,
})
