import type {DeploymentInfo, DeploymentStatus, ListDeploymentsCommandInput} from '@aws-sdk/client-codedeploy'
import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {inBatches} from '../../batches.ts'
import {known} from '../../fleet/why-unknown.ts'
import {type AliasRef, aliasName} from '../alias/alias-state.ts'

/** A deployment of CodeDeploy that moves, or moved, an alias. */
export type Deployment = {
  readonly deploymentId: string
  readonly application: string
  readonly group: string
  readonly status: string
  readonly functionName: string
  readonly alias: string
  readonly from: string
  readonly to: string
  /** of `to`, 0–1; null where nobody says */
  readonly weight: number | null
  /** epoch ms */
  readonly createdAt: number | null
  readonly endedAt: number | null
  readonly description: string
}

const underWay: readonly DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready']
const over: readonly DeploymentStatus[] = ['Succeeded', 'Failed', 'Stopped']
/** BatchGetDeployments and BatchGetDeploymentTargets take so many at a time */
const batch = 25
/** an account deploys to its machines and containers too, which nobody can leave out of the listing */
const mostListed = 1_000
/** of the past of one alias, and of those looked at for it: each takes two calls */
const mostKept = 10
const mostLookedAt = 60
const atATime = 6

const asked = {
  doing: 'read deployments of CodeDeploy',
  permission:
    'codedeploy:ListDeployments, codedeploy:BatchGetDeployments, codedeploy:ListDeploymentTargets and codedeploy:BatchGetDeploymentTargets',
}

/** Deployments that are under way, account-wide, by `functionName:alias`. */
export function activeDeployments(aws: Aws, signal: AbortSignal): Promise<Known<ReadonlyMap<string, Deployment>>> {
  return known(asked, signal, async () => {
    const {infos} = await lambdaDeployments(aws, {includeOnlyStatuses: [...underWay]}, signal)
    const deployments = await Promise.all(infos.map(info => aliasesOf(aws, info, signal)))
    return new Map(deployments.flat().map(deployment => [aliasName(deployment), deployment] as const))
  })
}

/** Those that ended, newest first, of an alias: what served before. The newest ten of the window, by when they began. */
export async function pastDeployments(
  aws: Aws,
  ref: AliasRef,
  window: {readonly start: number; readonly end: number},
  signal: AbortSignal,
): Promise<Known<readonly Deployment[]>> {
  const past = await known(asked, signal, async () => {
    const range = {start: new Date(window.start), end: new Date(window.end)}
    const {infos, isPartial} = await lambdaDeployments(
      aws,
      {includeOnlyStatuses: [...over], createTimeRange: range},
      signal,
    )
    const newestFirst = infos
      .filter(info => mayMove(info, ref.functionName))
      .sort((one, other) => timeOf(other.createTime) - timeOf(one.createTime))
    const found: Deployment[] = []
    for (let from = 0; from < Math.min(newestFirst.length, mostLookedAt) && found.length < mostKept; from += atATime) {
      const some = newestFirst.slice(from, from + atATime)
      const moved = await Promise.all(some.map(info => aliasesOf(aws, info, signal)))
      found.push(...moved.flat().filter(each => aliasName(each) === aliasName(ref)))
    }
    return {found: found.slice(0, mostKept), isPartial: isPartial || newestFirst.length > mostLookedAt}
  })
  if ('unknown' in past) return past
  const {found, isPartial} = past.value
  if (found.length === 0 && isPartial)
    return {unknown: 'partial-data', detail: 'there are too many deployments to look through'}
  return {value: found}
}

/** Whether its AppSpec, where it is told, names the function; the targets tell it for certain, and cost two calls. */
function mayMove({revision}: DeploymentInfo, functionName: string): boolean {
  const content = revision?.string?.content ?? revision?.appSpecContent?.content
  return !content || content.includes(functionName)
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0

/**
 * Deployments to Lambda, as they are listed; each alias of one is among its targets. Of many the first thousand.
 * @throws what AWS refuses, untranslated; the signal's reason
 */
export async function lambdaDeployments(
  aws: Aws,
  filter: ListDeploymentsCommandInput,
  signal: AbortSignal,
): Promise<{readonly infos: readonly DeploymentInfo[]; readonly isPartial: boolean}> {
  const client = await aws.codeDeploy()
  const {BatchGetDeploymentsCommand, ListDeploymentsCommand} = sdk.codeDeploy()
  const pages = paged(async nextToken => {
    const command = new ListDeploymentsCommand({...filter, nextToken})
    const answer = await ask(aws, 'ListDeployments', options => client.send(command, options), signal)
    return {items: answer.deployments, next: answer.nextToken}
  })
  const ids: string[] = []
  for await (const page of pages) {
    ids.push(...page)
    if (ids.length >= mostListed) break
  }
  const infos = await Promise.all(
    inBatches(ids, batch).map(async deploymentIds => {
      const command = new BatchGetDeploymentsCommand({deploymentIds: [...deploymentIds]})
      const answer = await ask(aws, 'BatchGetDeployments', options => client.send(command, options), signal)
      return answer.deploymentsInfo ?? []
    }),
  )
  return {
    infos: infos.flat().filter(({computePlatform}) => computePlatform === 'Lambda'),
    isPartial: ids.length >= mostListed,
  }
}

async function aliasesOf(aws: Aws, info: DeploymentInfo, signal: AbortSignal): Promise<readonly Deployment[]> {
  const {deploymentId = ''} = info
  const client = await aws.codeDeploy()
  const {BatchGetDeploymentTargetsCommand, ListDeploymentTargetsCommand} = sdk.codeDeploy()
  const pages = paged(async nextToken => {
    const command = new ListDeploymentTargetsCommand({deploymentId, nextToken})
    const answer = await ask(aws, 'ListDeploymentTargets', options => client.send(command, options), signal)
    return {items: answer.targetIds, next: answer.nextToken}
  })
  const ids = (await Array.fromAsync(pages)).flat()
  const targets = await Promise.all(
    inBatches(ids, batch).map(async targetIds => {
      const command = new BatchGetDeploymentTargetsCommand({deploymentId, targetIds: [...targetIds]})
      const answer = await ask(aws, 'BatchGetDeploymentTargets', options => client.send(command, options), signal)
      return answer.deploymentTargets ?? []
    }),
  )
  return targets.flat().flatMap(({lambdaTarget}) => {
    const moved = lambdaTarget?.lambdaFunctionInfo
    if (!moved?.functionName || !moved.functionAlias) return []
    return [
      {
        deploymentId,
        application: info.applicationName ?? '',
        group: info.deploymentGroupName ?? '',
        status: info.status ?? '',
        functionName: moved.functionName,
        alias: moved.functionAlias,
        from: moved.currentVersion ?? '',
        to: moved.targetVersion ?? '',
        weight: moved.targetVersionWeight === undefined ? null : shareOf(moved.targetVersionWeight),
        createdAt: info.createTime?.getTime() ?? null,
        endedAt: info.completeTime?.getTime() ?? null,
        description: info.description ?? '',
      },
    ]
  })
}

/** A percentage by its documentation; deployments move whole percents, so that what is below one can only be a share. */
const shareOf = (weight: number): number => (weight > 0 && weight < 1 ? weight : weight / 100)
