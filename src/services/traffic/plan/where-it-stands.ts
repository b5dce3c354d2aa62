import {UserError} from '../../../errors.ts'
import {type AliasState, aliasName, percentText, wholeBasisPoints} from '../alias/alias-state.ts'
import {isLeaseOver, type Lease, parseLease} from '../alias/lease.ts'
import {descriptionBefore, hasEnded} from '../journal/description-before.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import type {FoundAlias} from './find-aliases.ts'

/** Where an alias stands before a shift to a version. */
export type Standing =
  /** it serves that version alone */
  | {readonly kind: 'there'}
  | {
      readonly kind: 'movable'
      readonly from: string
      /** basis points that the version has already */
      readonly at: number
      /** the alias's description without any shift */
      readonly description: string
      readonly notes: readonly string[]
    }
  | {readonly kind: 'refused'; readonly error: UserError}

type Circumstances = {
  readonly takeOver: boolean
  readonly force: boolean
  /** epoch ms */
  readonly now: number
  /** the journals of this machine */
  readonly records: readonly TrafficRecord[]
}

/** Whether, and from where, an alias can be shifted to a version, by what it serves and who says to be at it. */
export function whereItStands(found: FoundAlias, to: string, {takeOver, force, now, records}: Circumstances): Standing {
  const {functionName, state} = found
  const name = aliasName(found)
  const refused = (message: string, code: string, hint: string): Standing => ({
    kind: 'refused',
    error: new UserError(message, {code, hint}),
  })
  const lease = parseLease(state.description)
  const isEnded = lease !== null && hasEnded(records, lease)
  if (lease !== null && !isEnded && !(takeOver && (force || isLeaseOver(lease, now))))
    return {kind: 'refused', error: leaseHeld(name, lease, now, records)}
  const {version} = state
  if (!/^\d+$/.test(version))
    return refused(
      `${name} serves ${version}, which is ${version === '$LATEST' ? 'no published version' : 'published in place'}: there is nothing to shift from, and nothing to go back to`,
      'NotShiftable',
      version === '$LATEST'
        ? `publish what serves, and point the alias at it: aws lambda publish-version --function-name ${functionName}`
        : 'deploy Lambda Managed Instances as AWS documents it',
    )
  const additional = state.additional !== null && state.additional.weight > 0 ? state.additional : null
  const described = describedBefore(lease, found, records)
  if (additional === null)
    return version === to ? {kind: 'there'} : {kind: 'movable', from: version, at: 0, ...described}
  const at = Math.round(additional.weight * wholeBasisPoints)
  const split = `${name} gives ${percentText(at)} of its traffic to ${additional.version}, the rest to ${version}`
  if (additional.version === to) {
    const left =
      lease === null ? [`${to} has ${percentText(at)} already, ${whoLeft(state, records)}: it goes on from there`] : []
    return {kind: 'movable', from: version, at, ...described, notes: [...left, ...described.notes]}
  }
  if (version === to && additional.weight >= 1)
    return refused(
      `${name} is on its way to ${to}: Lambda sends all traffic to ${additional.version} until ${to} has its provisioned concurrency`,
      'StillMoving',
      'wait some minutes, and look again: slsops releases',
    )
  if (version === to)
    return refused(
      `${split}: ${to} is its main version already, and a shift makes it the additional one`,
      'WeightedAlready',
      `slsops rollback ${name} --to ${to} gives ${to} all of it`,
    )
  return refused(
    `${split}: an alias serves two versions at most, and ${to} would be the third`,
    'WeightedAlready',
    `finish that one with --to ${additional.version}, or end it: slsops rollback ${name} --to ${version}`,
  )
}

/** By the journals of this machine; an alias that somebody wrote since has another revision. */
function whoLeft({revisionId}: AliasState, records: readonly TrafficRecord[]): string {
  const record = records.find(({writes}) => writes.some(write => write.revisionId === revisionId))
  if (record === undefined) return 'and no run of this machine says why'
  const {runId, by} = record.header
  return `as run ${runId}${by === null ? '' : ` of ${by.split('/').at(-1)}`} left it`
}

function leaseHeld(name: string, lease: Lease, now: number, records: readonly TrafficRecord[]): UserError {
  const {runId, by, stage, stages, basisPoints, from, to, until} = lease
  const isOver = isLeaseOver(lease, now)
  const isOurs = records.some(({header}) => header.runId === runId)
  const step = `step ${stage} of ${stages}, ${percentText(basisPoints)} at ${to}`
  return new UserError(
    `${name} is being shifted from ${from} to ${to} by ${by} (run ${runId}, ${step}), ${isOver ? 'whose time was over' : 'who holds it until'} ${new Date(until).toISOString()}`,
    {
      code: 'LeaseHeld',
      hint: [
        ...(isOurs ? [`go on with it: slsops shift --resume ${runId}`] : []),
        `take it back: slsops rollback ${name}`,
        `take it over: ${isOver ? '--take-over' : '--take-over --force'}`,
      ].join('; '),
    },
  )
}

/** A lease stands in the place of what the description was. */
function describedBefore(
  lease: Lease | null,
  {state: {description}, ...ref}: FoundAlias,
  records: readonly TrafficRecord[],
): {readonly description: string; readonly notes: readonly string[]} {
  if (lease === null) return {description, notes: []}
  const taken = hasEnded(records, lease)
    ? `the note of run ${lease.runId} of ${lease.by} is still in its description: that run is over`
    : `it is taken over from run ${lease.runId} of ${lease.by}`
  const before = descriptionBefore(records, lease.runId, ref)
  if (before !== null) return {description: before, notes: [taken]}
  return {
    description: '',
    notes: [taken, `what its description was before run ${lease.runId} is not known here: it will be empty`],
  }
}
