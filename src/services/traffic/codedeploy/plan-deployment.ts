import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import type {PlannedDeployment, ShiftPlan} from '../plan/shift-plan.ts'
import {deploymentConfig} from './deployment-config.ts'
import {type DeploymentGroup, deploymentGroup} from './deployment-group.ts'

/**
 * With what CodeDeploy is going to deploy, so that a plan fails where the shift would.
 * @throws UserError for a ladder that CodeDeploy cannot do, and where no group deploys the alias or the named one is not there
 */
export async function planDeployment(
  aws: Aws,
  plan: Pick<ShiftPlan, 'ladder' | 'stages' | 'members' | 'wish'>,
  signal: AbortSignal,
): Promise<PlannedDeployment | null> {
  const [member] = plan.members
  const {handOver} = plan.wish
  if (member === undefined || handOver === null) return null
  const [config, group] = await Promise.all([
    deploymentConfig(aws, plan, signal),
    deploymentGroup(aws, member, handOver, signal),
  ])
  return {...group, config, alarms: await alarmsOf(aws, group, signal)}
}

/** Names of the alarms that a group watches by itself; null where AWS would not say. @throws UserError where it is not there */
async function alarmsOf(
  aws: Aws,
  {application, group}: DeploymentGroup,
  signal: AbortSignal,
): Promise<PlannedDeployment['alarms']> {
  const client = await aws.codeDeploy()
  const {BatchGetDeploymentGroupsCommand} = sdk.codeDeploy()
  const command = new BatchGetDeploymentGroupsCommand({applicationName: application, deploymentGroupNames: [group]})
  try {
    const {deploymentGroupsInfo = []} = await ask(
      aws,
      'BatchGetDeploymentGroups',
      options => client.send(command, options),
      signal,
    )
    const [found] = deploymentGroupsInfo
    if (found?.computePlatform !== 'Lambda') throw noGroup({application, group})
    const {enabled, alarms = []} = found.alarmConfiguration ?? {}
    return enabled ? alarms.flatMap(({name}) => name ?? []) : []
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UserError) throw error
    if (isDenied(error)) return null
    if (error instanceof Error && error.name === 'ApplicationDoesNotExistException')
      throw noGroup({application, group}, error)
    throw explained(error, {
      doing: `look at the deployment group ${application}/${group}`,
      permission: 'codedeploy:BatchGetDeploymentGroups',
    })
  }
}

const noGroup = ({application, group}: DeploymentGroup, cause?: unknown): UserError =>
  new UserError(`CodeDeploy has no deployment group ${application}/${group} for Lambda`, {
    code: 'NoDeploymentGroup',
    exitCode: 2,
    hint: 'leave --codedeploy-group out, and slsops looks for the one that deployed the alias last',
    ...(cause !== undefined && {cause}),
  })
