import type {AliasConfiguration} from '@aws-sdk/client-lambda'
import {ExitCode, UserError} from '../../../errors.ts'
import {firstLine, isThrottle} from '../../aws/failures.ts'
import {isRefusal} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import type {AliasIntent} from '../journal/shift-record.ts'
import {type AliasRef, isSameRouting, type Routing} from './alias-state.ts'
import {stateOf} from './read-alias-state.ts'
import type {WriteSite} from './write-alias.ts'

/** What an alias is to be. */
export type Wanted = Routing & {readonly description: string}

/**
 * Sends one UpdateAlias when its turn has come, written down right before and after. Version, weights (`{}` where there are none),
 * description and revision are always sent together: weights that are left out stay, and a version may not be named twice.
 * @throws what AWS said, untranslated; UserError where it cannot be written down; the signal's reason, and then nothing was sent
 */
export async function sendUpdate(
  site: WriteSite,
  ref: AliasRef,
  revisionId: string,
  to: Wanted,
): Promise<AliasConfiguration> {
  const {aws, journal, signal, isUrgent = false} = site
  const {functionName, functionArn, alias} = ref
  const client = await aws.lambda()
  const {UpdateAliasCommand} = sdk.lambda()
  const {version, additional, description} = to
  const command = new UpdateAliasCommand({
    FunctionName: functionArn,
    Name: alias,
    FunctionVersion: version,
    RoutingConfig: {AdditionalVersionWeights: additional ? {[additional.version]: additional.weight} : {}},
    Description: description,
    RevisionId: revisionId,
  })
  const intent: AliasIntent = {functionName, alias, revisionId, to: {version, additional, description}}
  return aws.budget.write(
    'UpdateAlias',
    () =>
      journal.aliasWrite(
        intent,
        () => client.send(command),
        answer => ({revisionId: stateOf(answer)?.revisionId ?? null}),
        !isUrgent,
      ),
    {signal, priority: isUrgent ? 'urgent' : 'small'},
  )
}

/** Whether an alias is as it was to be. */
export const isAs = (state: Wanted, wanted: Wanted): boolean =>
  isSameRouting(state, wanted) && state.description === wanted.description

/**
 * Whether an alias that was to serve one version alone is on its way there: with provisioned concurrency, Lambda itself gives the
 * version before all traffic until that is allocated for the new one.
 * @param before the main version before it was written; undefined: whichever
 */
export function isOnItsWay(state: Routing, wanted: Routing, before?: string): boolean {
  return (
    wanted.additional === null &&
    state.version === wanted.version &&
    state.additional !== null &&
    state.additional.version !== wanted.version &&
    (before === undefined || state.additional.version === before) &&
    isSameRouting(state, {version: wanted.version, additional: {version: state.additional.version, weight: 1}})
  )
}

/** What is wanted of an alias, in a few words: `90 % of 41 and 10 % of 42`, `version 41`. */
export function routingText({version, additional}: Routing): string {
  if (additional === null) return `version ${version}`
  const percent = (share: number): string => `${(Math.round(share * 1e6) / 1e4).toLocaleString('en')} %`
  return `${percent(1 - additional.weight)} of ${version} and ${percent(additional.weight)} of ${additional.version}`
}

/** A write that AWS refused, or of which nobody knows what became, as what a person can act on. */
export function whyNotWritten(error: unknown, {functionName, alias}: AliasRef, to: Routing): unknown {
  const doing = `give ${functionName}:${alias} ${routingText(to)}`
  const told = explained(error, {doing, permission: 'lambda:UpdateAlias'})
  if (!(told instanceof UserError) || told.exitCode !== ExitCode.failed || !(error instanceof Error)) return told
  if (!isRefusal(error) || isThrottle(error)) return told
  const {message} = error
  const hint = /execution role/i.test(message)
    ? 'an alias shifts by weights only between versions of one execution role; between others, all at once and without a bake'
    : /dead.?letter/i.test(message)
      ? 'an alias shifts by weights only between versions of one dead-letter queue; between others, all at once and without a bake'
      : told.hint
  const {code, exitCode, requestId} = told
  return new UserError(`AWS refused to ${doing}: ${firstLine(message)}`, {
    code,
    exitCode,
    cause: error,
    ...(hint && {hint}),
    ...(requestId && {requestId}),
  })
}

/** A version that is not there any more: somebody deleted it, and what serves it cannot be gone on with. */
export function versionGone(error: unknown, {functionName, alias}: AliasRef, to: Routing): UserError {
  const wanted = [to.version, ...(to.additional ? [to.additional.version] : [])]
  const [, told] = /:(\d+)\s*$/.exec(error instanceof Error ? firstLine(error.message) : '') ?? []
  const gone = wanted.filter(version => version === told)
  const which = (gone.length > 0 ? gone : wanted).join(' or ')
  return new UserError(`version ${which} of ${functionName} does not exist any more: ${alias} was left as it is`, {
    code: 'VersionGone',
    hint: `somebody deleted it, maybe what removes old versions by itself; aws lambda list-versions-by-function --function-name ${functionName} lists those that are left`,
    cause: error,
  })
}
