import type {Aws} from '../../aws/connect.ts'
import {isJournalHeld} from '../../journal.ts'
import {isOfPlace} from '../../run-place.ts'
import type {AliasRef} from '../alias/alias-state.ts'
import {firesFor} from '../dead-man/dead-man.ts'
import type {TrafficRecord} from './shift-record.ts'
import {readTrafficRecords} from './traffic-journal.ts'

/** A shift or a rollback that is not over. */
export type OpenTraffic = {
  readonly record: TrafficRecord
  /** a process is at it now, or was until some seconds ago */
  readonly isRunning: boolean
}

/**
 * The runs of this account, region and endpoint that are under way or were killed, newest first.
 * @returns with the journals that cannot be read, a sentence each
 */
export async function openRuns(
  aws: Pick<Aws, 'scope' | 'foreignOrigins'>,
  directory: string,
): Promise<{readonly runs: readonly OpenTraffic[]; readonly unreadable: readonly string[]}> {
  const {records, unreadable} = await readTrafficRecords(directory)
  const open = records.filter(({ended, header}) => ended === null && isOfPlace(aws, header))
  const runs = await Promise.all(
    open.map(async record => ({record, isRunning: await isJournalHeld(directory, record.header.runId)})),
  )
  return {runs, unreadable}
}

/** One run that moved an alias, as its journal tells it. */
export type Move = {
  readonly runId: string
  readonly operation: 'shift' | 'rollback'
  /** epoch ms of the last write that AWS acknowledged */
  readonly at: number
  /** the version that served, and the one that was to */
  readonly from: string
  readonly to: string
  /** the main version as the run left it */
  readonly left: string
  /** as an ARN */
  readonly by: string | null
  readonly note: string | null
  /** as the run ended; null: it is under way, or was killed */
  readonly outcome: string | null
  /** why it ended so */
  readonly why: string | null
  /** the alias's last revision by this run: whoever finds another one there knows that somebody wrote it since */
  readonly revisionId: string
  /** epoch ms at which the dead man of a run that was killed fires, or fired; null where he was taken away, or there was none */
  readonly deadManAt: number | null
}

/** What a run did to an alias; null where AWS acknowledged no write of it. */
export function moveOf(
  record: TrafficRecord,
  {functionArn, alias}: Pick<AliasRef, 'functionArn' | 'alias'>,
): Move | null {
  const {header, ended, members, writes} = record
  const {runId, operation, by, note} = header
  const member = header.members.find(each => each.functionArn === functionArn && each.alias === alias)
  const last = writes.findLast(
    ({intent, revisionId}) => intent.functionName === member?.functionName && revisionId !== null,
  )
  if (!member || !last) return null
  const {from, to, before, functionName} = member
  const left = (members.get(functionName)?.state ?? before).version
  const {outcome = null, why = null} = ended ?? {}
  const deadManAt = firesFor(record, member)
  const {at, revisionId} = last
  return {runId, operation, at, from, to, left, by, note, outcome, why, revisionId: revisionId ?? '', deadManAt}
}

/** Who moved an alias of this account, region and endpoint, by the journals of this machine, newest first. */
export const movesOf = (
  aws: Pick<Aws, 'scope' | 'foreignOrigins'>,
  records: readonly TrafficRecord[],
  ref: Pick<AliasRef, 'functionArn' | 'alias'>,
): readonly Move[] =>
  records
    .filter(({header}) => isOfPlace(aws, header))
    .flatMap(record => moveOf(record, ref) ?? [])
    .sort((one, other) => other.at - one.at)
