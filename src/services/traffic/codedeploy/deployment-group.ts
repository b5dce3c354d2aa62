import {UserError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import {type AliasRef, aliasName} from '../alias/alias-state.ts'
import type {ShiftWish} from '../plan/shift-plan.ts'
import {pastDeployments} from './deployments.ts'

export type DeploymentGroup = {readonly application: string; readonly group: string}

/** CodeDeploy keeps deployments longer; who has not deployed for so long may as well say where. */
const lookBackMs = 90 * 86_400_000
const mostListed = 20
const mostLookedAt = 50
/** BatchGetDeploymentGroups takes so many at a time */
const batch = 100

/**
 * Where CodeDeploy deploys an alias: as was asked for, else where it was deployed last. A deployment group says itself of no function
 * that it is its own.
 * @throws UserError (exit 2) where nothing tells, with the groups that there are
 */
export async function deploymentGroup(
  aws: Aws,
  ref: AliasRef,
  {application, group}: NonNullable<ShiftWish['handOver']>,
  signal: AbortSignal,
): Promise<DeploymentGroup> {
  if (application !== null && group !== null) return {application, group}
  const end = aws.clock.now()
  const past = await pastDeployments(aws, ref, {start: end - lookBackMs, end}, signal)
  const [last] = isKnown(past) ? past.value : []
  if (last) return {application: last.application, group: last.group}
  const groups = await lambdaGroups(aws, signal)
  const why = isKnown(past) ? '' : ` (${past.detail})`
  throw new UserError(`nothing tells which deployment group of CodeDeploy deploys ${aliasName(ref)}${why}`, {
    code: 'NoDeploymentGroup',
    exitCode: 2,
    hint:
      groups.length === 0
        ? 'there is none for Lambda here: make one, or leave --hand-over out'
        : `name it: --codedeploy-group ${groups.slice(0, mostListed).join(', or ')}`,
  })
}

/** `application/group` of all that deploy to Lambda; those of the first applications, where there are many. */
async function lambdaGroups(aws: Aws, signal: AbortSignal): Promise<readonly string[]> {
  const client = await aws.codeDeploy()
  const {ListApplicationsCommand} = sdk.codeDeploy()
  try {
    const pages = paged(async nextToken => {
      const command = new ListApplicationsCommand({nextToken})
      const answer = await ask(aws, 'ListApplications', options => client.send(command, options), signal)
      return {items: answer.applications, next: answer.nextToken}
    })
    const names = (await Array.fromAsync(pages)).flat()
    const groups = await Promise.all(names.slice(0, mostLookedAt).map(name => groupsOf(aws, name, signal)))
    return groups.flat()
  } catch (error) {
    signal.throwIfAborted()
    throw explained(error, {
      doing: 'list deployment groups',
      permission:
        'codedeploy:ListApplications, codedeploy:ListDeploymentGroups and codedeploy:BatchGetDeploymentGroups',
      instead: 'name the group: --codedeploy-group APPLICATION/GROUP',
    })
  }
}

async function groupsOf(aws: Aws, applicationName: string, signal: AbortSignal): Promise<readonly string[]> {
  const client = await aws.codeDeploy()
  const {BatchGetDeploymentGroupsCommand, ListDeploymentGroupsCommand} = sdk.codeDeploy()
  const list = new ListDeploymentGroupsCommand({applicationName})
  const listed = await ask(aws, 'ListDeploymentGroups', options => client.send(list, options), signal)
  const names = listed.deploymentGroups ?? []
  if (names.length === 0) return []
  const get = new BatchGetDeploymentGroupsCommand({applicationName, deploymentGroupNames: names.slice(0, batch)})
  const {deploymentGroupsInfo = []} = await ask(
    aws,
    'BatchGetDeploymentGroups',
    options => client.send(get, options),
    signal,
  )
  return deploymentGroupsInfo
    .filter(({computePlatform}) => computePlatform === 'Lambda')
    .map(({deploymentGroupName}) => `${applicationName}/${deploymentGroupName}`)
}
