import {isRunId} from '../../run-id.ts'
import {callerName} from '../../targets/caller-account.ts'
import {wholeBasisPoints} from './alias-state.ts'

/** A shift that is under way, as the alias's description says it to everybody. */
export type Lease = {
  readonly runId: string
  /** the user or role, shortened to its last part */
  readonly by: string
  /** of so many stages, from 1 */
  readonly stage: number
  readonly stages: number
  /** of the new version */
  readonly basisPoints: number
  readonly from: string
  readonly to: string
  /** epoch ms: nobody holds it any more after this */
  readonly until: number
}

/** AWS's own limit of users' and sessions' names; with it, nothing is longer than the 256 characters of a Description */
const mostOfName = 64
/** what going back and tidying up may take after the last moment that a shift may wait for evidence */
const marginMs = 15 * 60_000

/**
 * Until when a shift holds its aliases: a quarter of an hour past the last moment that it may wait for evidence. Each stage's write
 * says it anew, but between two of them an hour may pass, so that it cannot be shorter; who knows that the shift is dead need not
 * wait for it, since a rollback with --force goes on past a lease.
 * @param endsBy epoch ms at which `--max-time` is over
 */
export const leaseUntil = (endsBy: number): number => endsBy + marginMs

/** `slsops:1 id=… by=… step=3/6 w=0.25 41>42 until=2026-11-20T15:07:11Z`: at most 256 characters, as a Description may have. */
export function leaseText({runId, by, stage, stages, basisPoints, from, to, until}: Lease): string {
  const seconds = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z')
  return `slsops:1 id=${runId} by=${safeName(by)} step=${stage}/${stages} w=${basisPoints / wholeBasisPoints} ${from}>${to} until=${seconds}`
}

/** A caller's name, of characters that need no quoting anywhere. */
function safeName(by: string): string {
  const safe = callerName(by)
    .replaceAll(/[^A-Za-z0-9_.@+-]/g, '_')
    .slice(0, mostOfName)
  return safe === '' ? 'somebody' : safe
}

const form =
  /^slsops:1 id=(\S{1,40}) by=([A-Za-z0-9_.@+-]{1,64}) step=(\d{1,6})\/(\d{1,6}) w=(\d(?:\.\d{1,4})?) (\d{1,19})>(\d{1,19}) until=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/

/** null for a description that is no lease. */
export function parseLease(description: string): Lease | null {
  const [, runId = '', by = '', stage, stages, weight, from = '', to = '', until = ''] = form.exec(description) ?? []
  const at = Date.parse(until)
  const basisPoints = Math.round(Number(weight) * wholeBasisPoints)
  if (!isRunId(runId) || Number.isNaN(at) || !(basisPoints <= wholeBasisPoints)) return null
  return {runId, by, stage: Number(stage), stages: Number(stages), basisPoints, from, to, until: at}
}

/** Whether nobody holds an alias by this any more. */
export const isLeaseOver = ({until}: Lease, now: number): boolean => now >= until
