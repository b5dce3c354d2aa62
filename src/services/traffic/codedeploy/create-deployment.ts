import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isLost} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import {callerName} from '../../targets/caller-account.ts'
import {explained} from '../../targets/refusal.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import type {Member, ShiftPlan} from '../plan/shift-plan.ts'
import type {DeploymentGroup} from './deployment-group.ts'
import {lambdaDeployments} from './deployments.ts'

export type DeploymentWish = DeploymentGroup & {
  readonly config: string
  readonly plan: ShiftPlan
  readonly member: Member
}

const mostCharacters = 256
/** how long ago, by this machine's clock, one may have been created whose answer was lost just now */
const lookBackMs = 3_600_000

/** Who and why, by which it is found again where the answer is lost. */
function deploymentText({runId, caller, wish}: ShiftPlan): string {
  const by = caller === null ? 'somebody' : callerName(caller)
  return `slsops ${runId} by ${by}${wish.note === null ? '' : `: ${wish.note}`}`.slice(0, mostCharacters)
}

/** What CodeDeploy is to move, in the form that it wants (AppSpec for Lambda). */
function appSpec({functionName, alias, from, to}: Member): string {
  const Properties = {Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to}
  const resources = [{[functionName]: {Type: 'AWS::Lambda::Function', Properties}}]
  // its only version is 0.0, which JSON.stringify writes as 0
  return `{"version":0.0,"Resources":${JSON.stringify(resources)}}`
}

/**
 * Creates a deployment with the alarms of the shift, that goes back by itself. A lost answer is settled by looking for it.
 * @param lookUp ends the looking, which Ctrl-C must not: who does not know of a deployment cannot stop it
 * @returns its id
 * @throws UserError; exit 4 where codedeploy:CreateDeployment is not allowed
 */
export async function createDeployment(
  aws: Aws,
  journal: Pick<TrafficJournal, 'otherWrite'>,
  wish: DeploymentWish,
  {signal, lookUp}: {readonly signal: AbortSignal; readonly lookUp: () => AbortSignal},
): Promise<string> {
  const {application, group, config, plan, member} = wish
  const client = await aws.codeDeploy()
  const {CreateDeploymentCommand} = sdk.codeDeploy()
  const {alarms} = plan.wish
  const command = new CreateDeploymentCommand({
    applicationName: application,
    deploymentGroupName: group,
    deploymentConfigName: config,
    description: deploymentText(plan),
    revision: {revisionType: 'AppSpecContent', appSpecContent: {content: appSpec(member)}},
    autoRollbackConfiguration: {
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
    ...(alarms.length > 0 && {
      overrideAlarmConfiguration: {
        enabled: true,
        ignorePollAlarmFailure: false,
        alarms: plan.alarms.map(({name}) => ({name})),
      },
    }),
  })
  const intent = {operation: 'CreateDeployment', name: `${application}/${group}`}
  try {
    const {deploymentId} = await aws.budget.write(
      'CreateDeployment',
      () =>
        journal.otherWrite(
          intent,
          () => client.send(command),
          answer => ({deploymentId: answer.deploymentId}),
        ),
      {signal},
    )
    if (deploymentId) return deploymentId
    throw new UserError('CodeDeploy created a deployment and did not say which', {code: 'NoDeployment'})
  } catch (error) {
    const found = isLost(error) ? await findDeployment(aws, wish, lookUp()) : null
    if (found !== null) return found
    throw notCreated(error, wish)
  }
}

async function findDeployment(
  aws: Aws,
  {application, group, plan}: DeploymentWish,
  signal: AbortSignal,
): Promise<string | null> {
  const start = new Date(aws.clock.now() - lookBackMs)
  const created = {applicationName: application, deploymentGroupName: group, createTimeRange: {start}}
  const {infos} = await lambdaDeployments(aws, created, signal)
  return infos.find(({description}) => description === deploymentText(plan))?.deploymentId ?? null
}

function notCreated(error: unknown, {application, group, member}: DeploymentWish): unknown {
  const doing = `deploy ${aliasName(member)} by ${application}/${group}`
  const told = explained(error, {doing, permission: 'codedeploy:CreateDeployment'})
  if (!(error instanceof Error) || error.name !== 'DeploymentLimitExceededException') return told
  return new UserError(`another deployment of ${application}/${group} is under way`, {
    code: error.name,
    hint: `aws deploy list-deployments --application-name ${application} --deployment-group-name ${group} --include-only-statuses InProgress shows it`,
    cause: error,
  })
}
