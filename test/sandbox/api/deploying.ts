import {
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  type ListDeploymentsCommandInput,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy'
import {GetAliasCommand, LambdaClient} from '@aws-sdk/client-lambda'
import {appSpecOf} from '../../../src/sandbox/world/code-deploy/larder-deployments.ts'
import {firstUsed, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

export const ofSearch = {applicationName: 'larder-shop-releases', deploymentGroupName: 'search-live'}
export const ofStock = {applicationName: 'larder-insights-releases', deploymentGroupName: 'stock-sync-live'}
export const underWay: ListDeploymentsCommandInput = {
  includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'],
}

/** The company behind HTTP, with what is asked of CodeDeploy and of alias live. */
export async function deploying() {
  const {connect, clock, world} = await larderServer()
  clock.at = Math.ceil(firstUsed / minute) * minute
  const [client, lambda] = [connect(CodeDeployClient), connect(LambdaClient)]
  const alias = async (FunctionName = 'search') => {
    const {FunctionVersion, RoutingConfig} = await lambda.send(new GetAliasCommand({FunctionName, Name: 'live'}))
    return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights]
  }
  const list = async (input: ListDeploymentsCommandInput = {}) =>
    (await client.send(new ListDeploymentsCommand(input))).deployments ?? []
  const get = async (deploymentId: string | undefined) =>
    (await client.send(new GetDeploymentCommand({deploymentId}))).deploymentInfo
  const target = async (deploymentId: string | undefined) => {
    const {targetIds} = await client.send(new ListDeploymentTargetsCommand({deploymentId}))
    const {deploymentTargets} = await client.send(new BatchGetDeploymentTargetsCommand({deploymentId, targetIds}))
    return deploymentTargets?.[0]?.lambdaTarget
  }
  const create = (content: string, more: Partial<CreateDeploymentCommandInput> = {}) =>
    client.send(
      new CreateDeploymentCommand({
        ...ofSearch,
        revision: {revisionType: 'AppSpecContent', appSpecContent: {content}},
        ...more,
      }),
    )
  const back = appSpecOf('search', 'live', '9', '8')
  return {client, lambda, clock, world, alias, list, get, target, create, back}
}
