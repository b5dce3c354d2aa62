import type {Aws} from '../../aws/connect.ts'
import type {Priority} from '../../aws/rate-bucket.ts'
import type {AliasState} from '../alias/alias-state.ts'
import {readAliasState} from '../alias/read-alias-state.ts'
import {isAs, isOnItsWay, type Wanted} from '../alias/send-update.ts'
import type {MemberRecord, TrafficHeader} from './shift-record.ts'
import type {TrafficJournal} from './traffic-journal.ts'

/** A member of a run as its journal tells it, beside what AWS says now. */
export type Reconciled = {
  readonly member: TrafficHeader['members'][number]
  /**
   * `pending-applied`, `pending-not-applied`: the process ended, or was not answered, while this was written; `foreign`: it is
   * neither what was acknowledged nor what was meant; `gone`: there is no such alias any more
   */
  readonly kind: 'as-acknowledged' | 'pending-applied' | 'pending-not-applied' | 'foreign' | 'gone'
  /** as AWS describes it now: with this revision it can be gone on; null where it is gone */
  readonly state: AliasState | null
  readonly record: MemberRecord
}

/**
 * Looks up what became of each alias of a run, and writes down what became of writes of which that was not known.
 * @returns in the order of the header's members
 * @throws UserError where an alias cannot be read
 */
export function reconcile(
  aws: Aws,
  journal: Pick<TrafficJournal, 'record' | 'settled'>,
  signal: AbortSignal,
  priority: Priority = 'small',
): Promise<readonly Reconciled[]> {
  const {header, members} = journal.record()
  return Promise.all(
    header.members.map(async member => {
      const record = members.get(member.functionName) ?? {state: member.before, pending: null}
      const state = await readAliasState(aws, member, signal, priority)
      const kind = kindOf(state, record, member)
      const {pending} = record
      if (pending && kind === 'pending-applied' && state) await journal.settled(pending, {revisionId: state.revisionId})
      else if (pending && kind !== 'pending-applied') await journal.settled(pending, null)
      return {member, kind, state, record}
    }),
  )
}

function kindOf(
  state: AliasState | null,
  {state: acknowledged, pending}: MemberRecord,
  {from, to}: Reconciled['member'],
): Reconciled['kind'] {
  if (state === null) return 'gone'
  const isAt = (wanted: Wanted): boolean =>
    isAs(state, wanted) ||
    (state.description === wanted.description && [from, to].some(before => isOnItsWay(state, wanted, before)))
  if (pending && isAt(pending.to) && state.revisionId !== pending.revisionId) return 'pending-applied'
  if (isAt(acknowledged)) return pending ? 'pending-not-applied' : 'as-acknowledged'
  return 'foreign'
}
