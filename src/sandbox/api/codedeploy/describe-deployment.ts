import {createHash} from 'node:crypto'
import type * as codedeploySdk from '@aws-sdk/client-codedeploy'
import {type DeploymentGroup, type SandboxDeployment, shareNow} from '../../world/code-deploy/deployment.ts'
import type {DeploymentConfig} from '../../world/code-deploy/deployment-configs.ts'
import {textKey, uuid} from '../../world/random.ts'
import {arnOf, type Context} from '../context.ts'

/** A deployment is accepted, and begins a moment later. */
const acceptedMs = 1_000

/** Where a deployment stands at a moment. */
export function statusOf({end, createdAt}: SandboxDeployment, now: number): codedeploySdk.DeploymentStatus {
  if (end && end.at <= now) return end.status
  return now < createdAt + acceptedMs ? 'Created' : 'InProgress'
}

export function describeDeployment(deployment: SandboxDeployment, {now}: Context): codedeploySdk.DeploymentInfo {
  const {id, application, group, config, appSpec, description, createdAt, end, rollbackOf, hasOwnAlarms} = deployment
  const status = statusOf(deployment, now)
  const count = (...of: readonly codedeploySdk.DeploymentStatus[]) => (of.includes(status) ? 1 : 0)
  return {
    applicationName: application,
    deploymentGroupName: group,
    deploymentConfigName: config,
    deploymentId: id,
    revision: revisionOf(appSpec),
    status,
    createTime: new Date(createdAt),
    ...(status !== 'Created' && {startTime: new Date(createdAt + acceptedMs)}),
    ...(end && {completeTime: new Date(end.at)}),
    ...(end?.code && {errorInformation: {code: end.code as codedeploySdk.ErrorCode, message: end.message}}),
    deploymentOverview: {
      Pending: count('Created'),
      InProgress: count('InProgress'),
      Succeeded: count('Succeeded'),
      Failed: count('Failed'),
      Skipped: count('Stopped'),
      Ready: 0,
    },
    ...(description !== '' && {description}),
    creator: rollbackOf === null ? 'user' : 'codeDeployRollback',
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: rollbackConfiguration(deployment),
    updateOutdatedInstancesOnly: false,
    rollbackInfo: {
      ...(end?.rollbackId && {rollbackDeploymentId: end.rollbackId}),
      ...(rollbackOf !== null && {rollbackTriggeringDeploymentId: rollbackOf}),
    },
    deploymentStyle: style,
    instanceTerminationWaitTimeStarted: false,
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: 'Lambda',
    ...(hasOwnAlarms && {overrideAlarmConfiguration: alarmConfiguration(deployment)}),
  }
}

export const targetIdOf = ({functionName, alias}: SandboxDeployment): string => `${functionName}:${alias}`

export function describeTarget(deployment: SandboxDeployment, context: Context): codedeploySdk.DeploymentTarget {
  const {id, functionName, alias, from, to, createdAt, end, steps, stepsDone} = deployment
  const targetId = targetIdOf(deployment)
  return {
    deploymentTargetType: 'LambdaTarget',
    lambdaTarget: {
      deploymentId: id,
      targetId,
      targetArn: arnOf('lambda', context, `function:${targetId}`),
      status: targetStatus[statusOf(deployment, context.now)],
      lastUpdatedAt: new Date(end?.at ?? steps[stepsDone - 1]?.at ?? createdAt),
      lifecycleEvents: lifecycleOf(deployment, context.now),
      lambdaFunctionInfo: {
        functionName,
        functionAlias: alias,
        currentVersion: from,
        targetVersion: to,
        // in percent, as the model says
        targetVersionWeight: Math.round(100 * shareNow(deployment)),
      },
    },
  }
}

const targetStatus: Readonly<Record<string, codedeploySdk.TargetStatus>> = {
  Created: 'Pending',
  InProgress: 'InProgress',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  Stopped: 'Skipped',
}

/** No hooks: what goes before and after is over at once. */
function lifecycleOf({steps, end}: SandboxDeployment, now: number): codedeploySdk.LifecycleEvent[] {
  const [first, last] = [steps[0]?.at ?? now, steps.at(-1)?.at ?? now]
  const event = (lifecycleEventName: string, startsAt: number, endsAt: number): codedeploySdk.LifecycleEvent => {
    if (end && end.status !== 'Succeeded' && end.at <= startsAt) return {lifecycleEventName, status: 'Skipped'}
    if (startsAt > now) return {lifecycleEventName, status: 'Pending'}
    const isCut = end !== null && end.status !== 'Succeeded' && end.at < endsAt
    const endedAt = isCut ? end.at : endsAt
    return {
      lifecycleEventName,
      startTime: new Date(startsAt),
      ...(endedAt <= now && {endTime: new Date(endedAt)}),
      status: isCut ? 'Failed' : endsAt <= now ? 'Succeeded' : 'InProgress',
    }
  }
  return [
    event('BeforeAllowTraffic', first - 1000, first),
    event('AllowTraffic', first, last),
    event('AfterAllowTraffic', last, last + 1000),
  ]
}

export function describeGroup(group: DeploymentGroup, context: Context): codedeploySdk.DeploymentGroupInfo {
  const deployments = context.world.codeDeploy
    .deployments()
    .filter(each => each.application === group.application && each.group === group.name)
  const last = (found: SandboxDeployment | undefined): codedeploySdk.LastDeploymentInfo | undefined =>
    found && {
      deploymentId: found.id,
      status: statusOf(found, context.now),
      createTime: new Date(found.createdAt),
      ...(found.end && {endTime: new Date(found.end.at)}),
    }
  return {
    applicationName: group.application,
    deploymentGroupId: idOf(`${group.application} ${group.name}`),
    deploymentGroupName: group.name,
    deploymentConfigName: group.config,
    serviceRoleArn: `arn:aws:iam::${context.world.account}:role/codedeploy-lambda`,
    ...(deployments[0] && {targetRevision: revisionOf(deployments[0].appSpec)}),
    triggerConfigurations: [],
    alarmConfiguration: alarmConfiguration(group),
    autoRollbackConfiguration: rollbackConfiguration(group),
    deploymentStyle: style,
    lastSuccessfulDeployment: last(deployments.find(({end}) => end?.status === 'Succeeded')),
    lastAttemptedDeployment: last(deployments[0]),
    computePlatform: 'Lambda',
    terminationHookEnabled: false,
  }
}

export function describeConfig({name, shifts}: DeploymentConfig): codedeploySdk.DeploymentConfigInfo {
  const timed =
    shifts.as === 'AllAtOnce'
      ? {}
      : shifts.as === 'TimeBasedCanary'
        ? {timeBasedCanary: {canaryPercentage: shifts.percent, canaryInterval: shifts.minutes}}
        : {timeBasedLinear: {linearPercentage: shifts.percent, linearInterval: shifts.minutes}}
  return {
    deploymentConfigId: idOf(name),
    deploymentConfigName: name,
    computePlatform: 'Lambda',
    trafficRoutingConfig: {type: shifts.as, ...timed},
  }
}

export const idOf = (text: string): string => uuid(textKey(text), textKey(text, 1))

const style = {deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL'} as const

/** An AppSpec is never told with a deployment, only its hash: the content is GetApplicationRevision's (API reference of GetDeployment). */
const revisionOf = (content: string): codedeploySdk.RevisionLocation => ({
  revisionType: 'AppSpecContent',
  appSpecContent: {sha256: sha256Of(content)},
})

export const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex')

const alarmConfiguration = ({alarms}: Pick<DeploymentGroup, 'alarms'>): codedeploySdk.AlarmConfiguration => ({
  enabled: alarms.length > 0,
  ignorePollAlarmFailure: false,
  alarms: alarms.map(name => ({name})),
})

const rollbackConfiguration = ({
  rollsBackOn,
}: Pick<DeploymentGroup, 'rollsBackOn'>): codedeploySdk.AutoRollbackConfiguration => ({
  enabled: rollsBackOn.length > 0,
  events: [...rollsBackOn],
})
