import type {Known} from '../../../known.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {Lease} from '../alias/lease.ts'
import type {Deployment} from '../codedeploy/deployments.ts'
import {hasEnded} from '../journal/description-before.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import type {FoundAlias} from '../plan/find-aliases.ts'
import type {AbortedRun} from './rollback.ts'
import type {MoveClaim} from './way-back.ts'

/** What is known beside the alias itself. */
export type Surroundings = {
  /** of this account and region, newest first */
  readonly records: readonly TrafficRecord[]
  /** under way, by `functionName:alias`; unknown where nobody would say */
  readonly deployments: Known<ReadonlyMap<string, Deployment>>
  /** whether a process of this machine is at a run that its journal has not ended */
  readonly isAlive: (runId: string) => boolean
}

/** The run that holds the alias, or one of this machine that was killed. */
export function abortedBy(
  lease: Lease | null,
  found: FoundAlias,
  {records, isAlive}: Pick<Surroundings, 'records' | 'isAlive'>,
): AbortedRun | null {
  if (lease !== null && hasEnded(records, lease)) return null
  const open = openShifts(found, {records})
  const record = open.find(({header}) => header.runId === lease?.runId) ?? (lease === null ? open[0] : undefined)
  if (record !== undefined) {
    const {runId, by} = record.header
    return {runId, by: by ?? 'nobody knows whom', isAlive: isAlive(runId)}
  }
  return lease && {runId: lease.runId, by: lease.by, isAlive: null}
}

/** Shifts of an alias that are not over, by their journals. */
export const openShifts = (found: FoundAlias, {records}: Pick<Surroundings, 'records'>): readonly TrafficRecord[] =>
  records.filter(record => record.ended === null && claimOf(record, found) !== null)

/** What a shift's journal says of an alias; null where it is of others. */
export function claimOf({header, ended}: TrafficRecord, found: FoundAlias): MoveClaim | null {
  const member = header.members.find(one => aliasName(one) === aliasName(found))
  if (member === undefined || header.operation !== 'shift') return null
  const {from, to} = member
  const isOver = ended !== null
  return {from, to, isOver, detail: `run ${header.runId} ${isOver ? 'moved' : 'moves'} it from ${from} to ${to}`}
}

/** What a lease says of it. */
export function leaseClaim(lease: Lease, {records}: Pick<Surroundings, 'records'>): MoveClaim {
  const {runId, by, stage, stages, from, to} = lease
  const isOver = hasEnded(records, lease)
  const step = `step ${stage} of ${stages}`
  const what = `run ${runId} of ${by} ${isOver ? 'moved' : 'moves'} it from ${from} to ${to}`
  return {from, to, isOver, detail: `${what}, ${isOver ? `and ended at ${step}` : step}`}
}
