import type {AliasState} from '../alias/alias-state.ts'
import {isLeaseOver, type Lease} from '../alias/lease.ts'
import type {Deployment} from '../codedeploy/deployments.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'
import type {Move} from '../journal/open-runs.ts'
import {isTakingBack} from '../rollback/deployed-past.ts'
import type {Mover} from './releases.ts'

export type Traces = {
  readonly lease: Lease | null
  /** newest first */
  readonly moves: readonly Move[]
  /** newest first; none where nobody asked */
  readonly deployments: readonly Deployment[]
  /** of the version that it serves mainly */
  readonly served: ServedVersion | null
  readonly now: number
}

/**
 * Who moved an alias last, and when. A run of the journal is believed where the alias has the revision that it wrote; else somebody else
 * has written it since.
 */
export function whoMoved(
  {revisionId, version, additional}: AliasState,
  {lease, moves, deployments, served, now}: Traces,
): {readonly mover: Mover | null; readonly since: number | null} {
  const [move] = moves
  if (move !== undefined && move.revisionId === revisionId) {
    const {by, at, note, runId, operation, from, to, why} = move
    const said = {source: 'journal', by, at, note, runId} as const
    // it came back to where it began: by its gate, by Ctrl-C, or as it was asked to
    const isBack = operation === 'shift' && additional === null && version === from
    return {
      mover: isBack
        ? {...said, operation: 'rollback', from: to, to: from, why: why ?? ''}
        : {...said, operation, from, to, why: null},
      since: at,
    }
  }
  // he writes with a revision that no journal of this machine knows
  if (move !== undefined && additional === null && version === move.from && isByDeadMan(move, now)) {
    const {note, runId, from, to, why, deadManAt: at} = move
    const told = why ?? 'its dead man fired, as it seems'
    const mover: Mover = {
      source: 'journal',
      operation: 'rollback',
      from: to,
      to: from,
      by: null,
      at,
      note,
      why: told,
      runId,
    }
    return {mover, since: at}
  }
  if (lease !== null && !isLeaseOver(lease, now)) return {mover: byLease(lease), since: null}
  const deployed = deployments.find(({status, to}) => status === 'Succeeded' && to === version)
  if (deployed !== undefined && additional === null) {
    const {description, deploymentId: runId, endedAt: at, from, to} = deployed
    const note = description || null
    const operation = isTakingBack(deployed, deployments) ? 'rollback' : 'shift'
    return {mover: {source: 'codedeploy', operation, from, to, by: null, at, note, why: null, runId}, since: at}
  }
  // with two versions, the main one's first call is from before the other came
  return {mover: null, since: additional === null ? (served?.firstAt ?? null) : null}
}

const isByDeadMan = ({operation, from, left, outcome, why, deadManAt}: Move, now: number): boolean =>
  operation === 'shift' &&
  left === from &&
  (outcome === null ? deadManAt !== null && deadManAt <= now : (why ?? '').startsWith('the dead man rolled'))

const byLease = ({from, to, by, runId}: Lease): Mover => ({
  source: 'lease',
  operation: 'shift',
  from,
  to,
  by,
  at: null,
  note: null,
  why: null,
  runId,
})
