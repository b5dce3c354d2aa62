import type {DeploymentSettings, RollbackEvent} from '../../deployment-changes.ts'
import {ServiceError} from '../../wire/service-error.ts'
import type {Context} from '../context.ts'
import {unimplemented} from '../unimplemented.ts'
import {readAppSpec} from './app-spec.ts'
import {sha256Of} from './describe-deployment.ts'
import {requireConfig, requireGroup} from './refusals.ts'

type CreateRequest = {
  readonly applicationName?: string | undefined
  readonly deploymentGroupName?: string | undefined
  readonly deploymentConfigName?: string | undefined
  readonly description?: string | undefined
  readonly revision?:
    | {
        readonly revisionType?: string | undefined
        readonly appSpecContent?: Content | undefined
        readonly string?: Content | undefined
      }
    | undefined
  readonly autoRollbackConfiguration?:
    | {readonly enabled?: boolean | undefined; readonly events?: readonly RollbackEvent[] | undefined}
    | undefined
  readonly overrideAlarmConfiguration?:
    | {
        readonly enabled?: boolean | undefined
        readonly alarms?: readonly {readonly name?: string | undefined}[] | undefined
      }
    | undefined
}

type Content = {readonly content?: string | undefined; readonly sha256?: string | undefined}

/** alarms of a group, or of a deployment */
const mostAlarms = 10

/** CreateDeployment: one at a time in a group. What is wrong with its function or alias shows when it begins. */
export function createDeployment(input: CreateRequest, context: Context): {readonly deploymentId: string} {
  const group = requireGroup(context, input.applicationName, input.deploymentGroupName)
  const {application, name} = group
  const config = input.deploymentConfigName ?? group.config
  requireConfig(context, config)
  const appSpec = contentOf(input.revision)
  const moved = readAppSpec(appSpec)
  if (!moved)
    throw invalidRevision(
      'The AppSpec content must have one resource of type AWS::Lambda::Function with Name, Alias, CurrentVersion and TargetVersion',
    )
  const {codeDeploy} = context.world
  const active = codeDeploy
    .deployments()
    .find(each => each.application === application && each.group === name && !each.end)
  if (active)
    throw new ServiceError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${name}' already has an active Deployment '${active.id}'`,
    )
  const {overrideAlarmConfiguration: own, autoRollbackConfiguration: rollback} = input
  const settings: Omit<DeploymentSettings, 'id'> = {
    application,
    group: name,
    config,
    description: input.description ?? '',
    ...moved,
    functionName: moved.functionName.split(':function:').at(-1) ?? moved.functionName,
    appSpec,
    alarms: own ? alarmsIn(own) : group.alarms,
    hasOwnAlarms: own !== undefined,
    rollsBackOn: rollback ? (rollback.enabled ? (rollback.events ?? []) : []) : group.rollsBackOn,
  }
  return {deploymentId: codeDeploy.create(settings).id}
}

function contentOf(revision: CreateRequest['revision']): string {
  if (!revision) throw new ServiceError('RevisionRequiredException', 'Revision is missing')
  const {revisionType, appSpecContent, string} = revision
  if (revisionType === 'S3' || revisionType === 'GitHub')
    throw unimplemented(`revisions of type ${revisionType} in codedeploy:CreateDeployment`)
  const {content, sha256} = (revisionType === 'String' ? string : appSpecContent) ?? {}
  if (content === undefined) throw invalidRevision('The AppSpec content is missing')
  if (sha256 !== undefined && sha256 !== sha256Of(content))
    throw invalidRevision('The SHA256 hash of the AppSpec content does not match the one that was given')
  return content
}

function alarmsIn({enabled, alarms = []}: NonNullable<CreateRequest['overrideAlarmConfiguration']>): readonly string[] {
  if (alarms.length > mostAlarms)
    throw new ServiceError('AlarmsLimitExceededException', `The maximum number of alarms is ${mostAlarms}`)
  if (enabled && alarms.length === 0)
    throw new ServiceError('InvalidAlarmConfigException', 'An alarm configuration that is enabled must have alarms')
  return enabled ? alarms.flatMap(({name}) => name ?? []) : []
}

const invalidRevision = (message: string) => new ServiceError('InvalidRevisionException', message)
