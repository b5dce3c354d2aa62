import type {DeploymentInfo} from '@aws-sdk/client-codedeploy'
import {type FakeAccount, type FakeCall, fakeAccount} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'

/** A deployment as CodeDeploy keeps it, and the alias that it moves. */
export type FakeDeployment = DeploymentInfo & {
  readonly deploymentId: string
  /** `function:alias from>to` */
  readonly moves?: string
}

type FakeCodeDeploy = {
  readonly deployments: FakeDeployment[]
  readonly denied?: readonly string[]
  readonly pageSize?: number
  /** what StopDeployment does; by default it is stopped at once, without a rollback */
  readonly stop?: (deployment: FakeDeployment) => void
}

/** An AWS of which only CodeDeploy answers, and of that what reads and stops deployments. */
export function fakeCodeDeploy({deployments, denied = [], pageSize = 100, stop}: FakeCodeDeploy): FakeAccount {
  const named = ({input}: FakeCall): FakeDeployment => {
    const found = deployments.find(({deploymentId}) => deploymentId === input['deploymentId'])
    if (!found) throw awsError('DeploymentDoesNotExistException', `${input['deploymentId']} could not be found`)
    return found
  }
  const infoOf = ({moves: _, ...info}: FakeDeployment): DeploymentInfo => ({
    applicationName: 'shop',
    deploymentGroupName: 'checkout',
    computePlatform: 'Lambda',
    ...info,
  })
  const answers: Record<string, (call: FakeCall) => unknown> = {
    ListDeployments({input}) {
      const statuses = input['includeOnlyStatuses'] as string[]
      const range = input['createTimeRange'] as {start: Date; end: Date} | undefined
      const all = deployments.filter(
        ({status = '', createTime = new Date(0)}) =>
          statuses.includes(status) && (!range || (createTime >= range.start && createTime <= range.end)),
      )
      const from = Number(input['nextToken'] ?? 0)
      const to = from + pageSize
      return {
        deployments: all.slice(from, to).map(({deploymentId}) => deploymentId),
        nextToken: to < all.length ? String(to) : undefined,
      }
    },
    BatchGetDeployments({input}) {
      const ids = input['deploymentIds'] as string[]
      if (ids.length > 25) throw awsError('BatchLimitExceededException', 'The maximum number of names or IDs is 25')
      return {deploymentsInfo: deployments.filter(({deploymentId}) => ids.includes(deploymentId)).map(infoOf)}
    },
    ListDeploymentTargets: call => ({targetIds: named(call).moves === undefined ? [] : ['target']}),
    BatchGetDeploymentTargets(call) {
      const [, functionName, functionAlias, currentVersion, targetVersion] =
        /^(.+):(.+) (\d+)>(\d+)$/.exec(named(call).moves ?? '') ?? []
      const lambdaFunctionInfo = {functionName, functionAlias, currentVersion, targetVersion, targetVersionWeight: 10}
      return {deploymentTargets: [{deploymentTargetType: 'LambdaFunction', lambdaTarget: {lambdaFunctionInfo}}]}
    },
    GetDeployment: call => ({deploymentInfo: infoOf(named(call))}),
    StopDeployment(call) {
      const deployment = named(call)
      if (['Succeeded', 'Failed', 'Stopped'].includes(deployment.status ?? ''))
        throw awsError('DeploymentAlreadyCompletedException', 'The deployment is already completed')
      if (stop) stop(deployment)
      else deployment.status = 'Stopped'
      return {status: 'Pending', statusMessage: 'No more events will be scheduled'}
    },
  }
  return fakeAccount({
    answers: Object.fromEntries(
      Object.entries(answers).map(([operation, answer]) => [
        operation,
        (call: FakeCall) => {
          if (denied.includes(operation)) throw awsError('AccessDeniedException', 'not authorized', 403)
          return answer(call)
        },
      ]),
    ),
  })
}
