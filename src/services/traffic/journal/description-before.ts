import {type AliasRef, aliasName} from '../alias/alias-state.ts'
import type {Lease} from '../alias/lease.ts'
import type {TrafficRecord} from './shift-record.ts'

/** What an alias's description was before a run, in whose place a lease stands; null where its journal is not on this machine. */
export function descriptionBefore(
  records: readonly TrafficRecord[],
  runId: string,
  ref: Pick<AliasRef, 'functionName' | 'alias'>,
): string | null {
  const header = records.find(record => record.header.runId === runId)?.header
  return header?.members.find(member => aliasName(member) === aliasName(ref))?.description ?? null
}

/** Whether the run that a lease names is over by its journal: somebody else moved the alias, and the lease was left with it. */
export const hasEnded = (records: readonly TrafficRecord[], {runId}: Pick<Lease, 'runId'>): boolean =>
  records.some(({header, ended}) => header.runId === runId && ended !== null)
