import type * as codedeploySdk from '@aws-sdk/client-codedeploy'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import {type SandboxDeployment, shareNow} from '../world/code-deploy/deployment.ts'
import {createDeployment} from './codedeploy/create-deployment.ts'
import {
  describeConfig,
  describeDeployment,
  describeGroup,
  describeTarget,
  idOf,
  statusOf,
  targetIdOf,
} from './codedeploy/describe-deployment.ts'
import {refuseMany, requireApplication, requireConfig, requireDeployment, requireGroup} from './codedeploy/refusals.ts'
import type {Context} from './context.ts'
import {pageAfter} from './paging.ts'

const codedeploy = sdkPackage<typeof codedeploySdk>('@aws-sdk/client-codedeploy')

const name: Constraint = {minLength: 1, maxLength: 100}
const ofGroup = {applicationName: name, deploymentGroupName: name}
/** how many ids and names a list has in a page */
const pageSize = 100
/** how many BatchGet… takes at a time */
const [manyDeployments, manyGroups, manyTargets] = [25, 100, 25]

const statuses = ['Created', 'Queued', 'InProgress', 'Baking', 'Succeeded', 'Failed', 'Stopped', 'Ready']

export const service = defineService<typeof codedeploy, Context>(
  codedeploy,
  {
    signingName: 'codedeploy',
    iamPrefix: 'codedeploy',
    validationError: 'ValidationException',
    throttleError: 'ThrottlingException',
    protocols: [jsonRpc('1.1', 'CodeDeploy_20141006')],
    constraints: {
      CreateDeployment: {...ofGroup, deploymentConfigName: name},
      GetDeploymentConfig: {deploymentConfigName: name},
      GetDeploymentGroup: ofGroup,
      ListDeploymentGroups: {applicationName: name},
      ListDeployments: ofGroup,
    },
  },
  {
    ListApplications: (input, context) => {
      const page = pageOf(applications(context), input.nextToken)
      return {applications: page.items, nextToken: page.next}
    },

    GetApplication: ({applicationName}, context) => ({
      application: describeApplication(requireApplication(context, applicationName), context),
    }),

    ListDeploymentGroups: (input, context) => {
      const applicationName = requireApplication(context, input.applicationName)
      const found = context.world.codeDeploy.groups().filter(each => each.application === applicationName)
      const page = pageOf(found.map(each => each.name).sort(), input.nextToken)
      return {applicationName, deploymentGroups: page.items, nextToken: page.next}
    },

    GetDeploymentGroup: ({applicationName, deploymentGroupName}, context) => ({
      deploymentGroupInfo: describeGroup(requireGroup(context, applicationName, deploymentGroupName), context),
    }),

    BatchGetDeploymentGroups: ({applicationName, deploymentGroupNames}, context) => {
      refuseMany(deploymentGroupNames, manyGroups)
      requireApplication(context, applicationName)
      const groups = context.world.codeDeploy.groups().filter(each => each.application === applicationName)
      const missing = (deploymentGroupNames ?? []).filter(wanted => !groups.some(each => each.name === wanted))
      return {
        deploymentGroupsInfo: groups
          .filter(each => deploymentGroupNames?.includes(each.name))
          .map(each => describeGroup(each, context)),
        ...(missing.length > 0 && {errorMessage: `No Deployment Group found for name: ${missing.join(', ')}`}),
      }
    },

    ListDeploymentConfigs: (input, context) => {
      const page = pageOf(
        context.world.codeDeploy
          .configs()
          .map(each => each.name)
          .sort(),
        input.nextToken,
      )
      return {deploymentConfigsList: page.items, nextToken: page.next}
    },

    GetDeploymentConfig: ({deploymentConfigName}, context) => ({
      deploymentConfigInfo: describeConfig(requireConfig(context, deploymentConfigName)),
    }),

    ListDeployments: (input, context) => {
      const page = pageOf(
        listed(input, context).map(({id}) => id),
        input.nextToken,
      )
      return {deployments: page.items, nextToken: page.next}
    },

    GetDeployment: ({deploymentId}, context) => ({
      deploymentInfo: describeDeployment(requireDeployment(context, deploymentId), context),
    }),

    BatchGetDeployments: ({deploymentIds}, context) => {
      refuseMany(deploymentIds, manyDeployments)
      const all = context.world.codeDeploy.deployments().filter(({id}) => deploymentIds?.includes(id))
      return {deploymentsInfo: all.map(each => describeDeployment(each, context))}
    },

    ListDeploymentTargets: ({deploymentId, targetFilters}, context) => {
      const deployment = requireDeployment(context, deploymentId)
      const status = describeTarget(deployment, context).lambdaTarget?.status
      const wanted = targetFilters?.TargetStatus
      return {targetIds: !wanted || wanted.includes(status ?? '') ? [targetIdOf(deployment)] : []}
    },

    GetDeploymentTarget: ({deploymentId, targetId}, context) => ({
      deploymentTarget: target(requireDeployment(context, deploymentId), targetId, context),
    }),

    BatchGetDeploymentTargets: ({deploymentId, targetIds}, context) => {
      const deployment = requireDeployment(context, deploymentId)
      if ((targetIds?.length ?? 0) > manyTargets)
        throw new ServiceError(
          'DeploymentTargetListSizeExceededException',
          `The maximum number of targets allowed is ${manyTargets}`,
        )
      return {deploymentTargets: (targetIds ?? []).map(id => target(deployment, id, context))}
    },

    CreateDeployment: createDeployment,

    StopDeployment: ({deploymentId, autoRollbackEnabled}, context) => {
      const deployment = requireDeployment(context, deploymentId)
      if (deployment.end)
        throw new ServiceError(
          'DeploymentAlreadyCompletedException',
          `The deployment ${deployment.id} has already completed with the status ${deployment.end.status}`,
        )
      const rollsBack = autoRollbackEnabled ?? deployment.rollsBackOn.includes('DEPLOYMENT_STOP_ON_REQUEST')
      context.world.codeDeploy.stop(deployment.id, rollsBack)
      return shareNow(deployment) > 0
        ? {status: 'Pending', statusMessage: 'The deployment is being stopped'}
        : {status: 'Succeeded', statusMessage: 'No more instances are being deployed to'}
    },
  },
)

type ListRequest = {
  readonly applicationName?: string | undefined
  readonly deploymentGroupName?: string | undefined
  readonly externalId?: string | undefined
  readonly includeOnlyStatuses?: readonly string[] | undefined
  readonly createTimeRange?: {readonly start?: Date | undefined; readonly end?: Date | undefined} | undefined
}

/** Newest first: of the whole account, or of one group. */
function listed(input: ListRequest, context: Context): readonly SandboxDeployment[] {
  const {applicationName, deploymentGroupName, includeOnlyStatuses: wanted, createTimeRange: {start, end} = {}} = input
  if (applicationName !== undefined || deploymentGroupName !== undefined)
    requireGroup(context, applicationName, deploymentGroupName)
  const odd = wanted?.find(status => !statuses.includes(status))
  if (odd !== undefined)
    throw new ServiceError('InvalidDeploymentStatusException', `The deployment status ${odd} is not valid`)
  if (start && end && start > end)
    throw new ServiceError('InvalidTimeRangeException', 'The start of the time range is after its end')
  return context.world.codeDeploy
    .deployments()
    .filter(
      each =>
        (applicationName === undefined || each.application === applicationName) &&
        (deploymentGroupName === undefined || each.group === deploymentGroupName) &&
        (!wanted || wanted.length === 0 || wanted.includes(statusOf(each, context.now))) &&
        (!start || each.createdAt >= start.getTime()) &&
        (!end || each.createdAt <= end.getTime()),
    )
}

function target(deployment: SandboxDeployment, id: string | undefined, context: Context) {
  if (id === undefined) throw new ServiceError('DeploymentTargetIdRequiredException', 'Deployment target ID is missing')
  if (id !== targetIdOf(deployment))
    throw new ServiceError(
      'DeploymentTargetDoesNotExistException',
      `The deployment target ${id} does not belong to the deployment ${deployment.id}`,
    )
  return describeTarget(deployment, context)
}

const applications = ({world}: Context): readonly string[] =>
  [...new Set(world.codeDeploy.groups().map(({application}) => application))].sort()

function describeApplication(applicationName: string, {world}: Context): codedeploySdk.ApplicationInfo {
  const createdAt = Math.min(
    ...world.codeDeploy.groups().flatMap(each => (each.application === applicationName ? each.createdAt : [])),
  )
  return {
    applicationId: idOf(applicationName),
    applicationName,
    createTime: new Date(createdAt),
    linkedToGitHub: false,
    computePlatform: 'Lambda',
  }
}

function pageOf(names: readonly string[], token: string | undefined) {
  const page = pageAfter(names, each => each, {size: pageSize, token, invalid: invalidToken})
  return {...page, items: [...page.items]}
}

const invalidToken = () =>
  new ServiceError('InvalidNextTokenException', 'The next token was specified in an invalid format')
