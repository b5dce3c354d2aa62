import {ExitCode, UserError, usageError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {aliasName, isSameRouting} from '../alias/alias-state.ts'
import {parseLease} from '../alias/lease.ts'
import type {Deployment} from '../codedeploy/deployments.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'
import {descriptionBefore} from '../journal/description-before.ts'
import type {FoundAlias} from '../plan/find-aliases.ts'
import {candidatesText} from './candidates.ts'
import {abortedBy, claimOf, leaseClaim, openShifts, type Surroundings} from './claims.ts'
import {choosePrevious} from './previous-version.ts'
import type {AliasPast} from './read-past.ts'
import type {RollbackEvidence, RollbackMember} from './rollback.ts'
import {checkVersion, isAllocating} from './version-facts.ts'
import {wayBack} from './way-back.ts'

const unservable = '$LATEST.PUBLISHED'

/**
 * What it takes to go back with an alias to a version that was named.
 * @throws UserError where there is no such version, or it could not serve
 */
export async function planTo(
  aws: Aws,
  found: FoundAlias,
  to: string,
  around: Surroundings,
  signal: AbortSignal,
): Promise<RollbackMember> {
  const {state, functionName, alias} = found
  const deployment = deploymentOf(found, around)
  if (deployment !== null && deployment.from !== to)
    throw new UserError(
      `CodeDeploy moves ${functionName}:${alias} (deployment ${deployment.deploymentId}): slsops leaves the alias to it`,
      {code: 'Deploying', hint: `without --to that is stopped, with its own rollback to ${deployment.from}`},
    )
  const notes = await checkVersion(aws, functionName, to, signal)
  const from = state.version === to ? (state.additional?.version ?? to) : state.version
  const evidence = [{source: 'asked', version: to, detail: `--to ${to}`}] as const
  const member = memberOf(found, around, {from, to, evidence, deployment, notes})
  const isOnItsWay = member.aborts === null && state.version === to && state.additional?.weight === 1
  if (!isOnItsWay || !(await isAllocating(aws, functionName, alias, signal))) return member
  const moving = `Lambda moves it to ${to} already, and allocates provisioned concurrency for it: that is waited for`
  return {...member, isThere: true, notes: [...member.notes, moving]}
}

/**
 * The same for an alias that is being moved; null where it is not.
 * @throws UserError where nobody can tell which way it moves
 */
export async function planWayBack(
  aws: Aws,
  found: FoundAlias,
  around: Surroundings,
  signal: AbortSignal,
): Promise<RollbackMember | null> {
  const {state, functionName, alias} = found
  const deployment = deploymentOf(found, around)
  if (deployment !== null) {
    const {deploymentId, from, to} = deployment
    const detail = `deployment ${deploymentId} moves it to ${to}, and is stopped with its own rollback`
    const evidence = [{source: 'codedeploy', version: from, detail}] as const
    return memberOf(found, around, {from: to, to: from, evidence, deployment, notes: []})
  }
  const lease = parseLease(state.description)
  const claims = around.records.flatMap(record => claimOf(record, found) ?? [])
  const way = await wayBack(state, lease && leaseClaim(lease, around), claims, () =>
    isAllocating(aws, functionName, alias, signal),
  )
  if (way === null) return notMoved(found, around)
  if ('ambiguous' in way)
    throw new UserError(`${functionName}:${alias}: ${way.ambiguous}`, {
      code: 'NoEvidence',
      hint: `name the version with --to: ${state.version} or ${state.additional?.version ?? ''}`,
    })
  const {from, to, source, detail} = way
  return memberOf(found, around, {from, to, evidence: [{source, version: to, detail}], deployment: null, notes: []})
}

/**
 * An alias that serves what it did before a shift that is not over: that was stopped before it moved it, or it was brought back
 * already: going further back is not what is asked for. It is written all the same where the shift may move it yet, whose write
 * comes to nothing with another revision.
 */
function notMoved(found: FoundAlias, around: Surroundings): RollbackMember | null {
  const {state, functionName} = found
  for (const record of openShifts(found, around)) {
    const claim = claimOf(record, found)
    if (claim === null || !isSameRouting(state, {version: claim.from, additional: null})) continue
    const {from, to} = claim
    const {runId} = record.header
    const isAlive = around.isAlive(runId)
    const detail = `run ${runId} was to move it from ${from} to ${to}, and it serves ${from}`
    const evidence = [{source: 'shift-under-way', version: from, detail}] as const
    const member = memberOf(found, around, {from: to, to: from, evidence, deployment: null, notes: []})
    const mayCome = record.members.get(functionName)?.pending?.revisionId === state.revisionId
    return {...member, isThere: !isAlive && !mayCome}
  }
  return null
}

/**
 * The same by what is known of the past.
 * @throws UserError where nothing tells, with the candidates
 */
export async function planByEvidence(
  aws: Aws,
  found: FoundAlias,
  {pasts, served, versions, notes}: AliasPast,
  around: Surroundings,
  signal: AbortSignal,
): Promise<RollbackMember> {
  const {functionName, alias, state} = found
  const chosen = choosePrevious(pasts, aws.clock.now())
  const hint = `name the version with --to${candidatesText(found, served, versions)}`
  if (chosen.kind === 'gone-back')
    throw new UserError(
      `${functionName}:${alias} serves ${state.version}, and may have gone back already: ${chosen.goneBack.detail}`,
      {
        code: 'GoneBack',
        hint,
      },
    )
  if (chosen.kind === 'none')
    throw new UserError(
      [`nothing tells what ${functionName}:${alias} served before ${state.version}`, ...notes].join('; '),
      {code: 'NoEvidence', hint},
    )
  const {version: to, evidence} = chosen
  const target = await checkVersion(aws, functionName, to, signal).catch(error => {
    if (!(error instanceof UserError)) throw error
    throw new UserError(`${error.message}; it is what served before ${state.version}`, {code: error.code, hint})
  })
  const numbersOf = (wanted: string) => served.find(({version}) => version === wanted) ?? null
  const serving = numbersOf(state.version)
  const isMeasured = evidence.every(({source}) => source === 'metrics')
  const doubts = isMeasured && serving !== null && isOfOld(serving, aws.clock.now()) ? [lateText(state.version)] : []
  return {
    ...memberOf(found, around, {
      from: state.version,
      to,
      evidence,
      deployment: null,
      notes: [...doubts, ...notes, ...target],
    }),
    serving,
    previous: numbersOf(to),
  }
}

const longMs = 86_400_000

/** Whether a version has served for so long that who goes back now may mean another one. */
const isOfOld = ({firstAt}: ServedVersion, now: number): boolean => firstAt === null || now - firstAt > longMs

/** A release that came and went within these minutes shows nowhere. */
const lateText = (version: string): string =>
  `${version} has served for more than a day, and the newest minutes are not in the metrics: where somebody has just taken out a newer one, this goes a version too far`

type Way = {
  readonly from: string
  readonly to: string
  readonly evidence: readonly RollbackEvidence[]
  readonly deployment: Deployment | null
  readonly notes: readonly string[]
}

function memberOf(found: FoundAlias, around: Surroundings, way: Way): RollbackMember {
  const {functionName, functionArn, alias, state, configuration} = found
  const {from, to, evidence, deployment, notes} = way
  if (state.version === unservable)
    throw usageError(
      `${functionName}:${alias} serves ${unservable}, which is published in place: no version is there to go back to`,
    )
  const lease = parseLease(state.description)
  const aborts = abortedBy(lease, found, around)
  const description = lease === null ? state.description : descriptionBefore(around.records, lease.runId, found)
  return {
    functionName,
    functionArn,
    alias,
    before: state,
    description: description ?? '',
    from,
    to,
    evidence,
    serving: null,
    previous: null,
    deploymentId: deployment?.deploymentId ?? null,
    aborts,
    isThere: deployment === null && lease === null && isSameRouting(state, {version: to, additional: null}),
    isDurable: configuration.DurableConfig !== undefined,
    notes: [
      ...(aborts?.isAlive
        ? [`run ${aborts.runId} is at work in another process: it will see the change, and stop`]
        : aborts?.isAlive === null
          ? [`run ${aborts.runId} of ${aborts.by} may be at work elsewhere: it will see the change, and stop`]
          : []),
      ...(description === null && lease !== null
        ? [`what its description was before run ${lease.runId} is not known here: it will be empty`]
        : []),
      ...notes,
    ],
  }
}

const deploymentOf = (found: FoundAlias, {deployments}: Surroundings): Deployment | null =>
  isKnown(deployments) ? (deployments.value.get(aliasName(found)) ?? null) : null

/** What a refusal of one of several members comes to. */
export const isRefused = (error: unknown): error is UserError =>
  error instanceof UserError && error.exitCode !== ExitCode.usage
