import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {type ChosenVersion, chooseVersion} from './choose-version.ts'
import {whyNotTogether, whyUnshiftable} from './compare-versions.ts'
import type {FoundAlias} from './find-aliases.ts'
import {readVersion} from './read-version.ts'
import type {ShiftWish} from './shift-plan.ts'
import {whereItStands} from './where-it-stands.ts'

/** One that moves, as far as it can be told without what many are asked for at once. */
export type Movable = {
  readonly found: FoundAlias
  readonly chosen: ChosenVersion
  readonly from: FunctionConfiguration
  readonly standing: {readonly from: string; readonly at: number; readonly description: string}
  readonly notes: readonly string[]
}

/** `there`: it serves the version alone already, in words. */
export type Looked = (Movable & {readonly kind: 'movable'}) | {readonly kind: 'there'; readonly text: string}

export type LookOptions = Pick<ShiftWish, 'to' | 'force' | 'takeOver'> & {
  /** the journals of this machine */
  readonly records: readonly TrafficRecord[]
  /** basis points of the first stage; null where all is moved in one write */
  readonly firstWeight: number | null
}

/**
 * Looks whether an alias can be shifted to the version that is wanted, by what it serves and by both versions.
 * @throws UserError where it cannot
 */
export async function lookAtAlias(
  aws: Aws,
  found: FoundAlias,
  {to, force, takeOver, records, firstWeight}: LookOptions,
  signal: AbortSignal,
): Promise<Looked> {
  const {functionName, alias, state} = found
  const chosen = await chooseVersion(aws, functionName, {wanted: to, serving: state.version}, signal)
  const standing = whereItStands(found, chosen.version, {takeOver, force, now: aws.clock.now(), records})
  if (standing.kind === 'refused') throw standing.error
  if (standing.kind === 'there')
    return {
      kind: 'there',
      text: [`${aliasName(found)} serves ${chosen.version} already`, ...chosen.notes].join('; '),
    }
  const from = await readVersion(aws, functionName, standing.from, signal)
  if (from === null)
    throw new UserError(`version ${standing.from} of ${functionName}, which ${alias} serves, does not exist any more`, {
      code: 'NoWayBack',
      hint: 'there would be no way back: point the alias at a version that is there first',
    })
  // moved in one write, both never serve beside each other
  const isTogether = firstWeight !== null || state.additional !== null
  const refusal =
    whyUnshiftable(functionName, chosen.configuration) ??
    whyUnshiftable(functionName, from) ??
    (isTogether ? whyNotTogether(functionName, from, chosen.configuration) : null)
  if (refusal !== null) throw refusal
  return {kind: 'movable', found, chosen, from, standing, notes: [...chosen.notes, ...standing.notes]}
}
