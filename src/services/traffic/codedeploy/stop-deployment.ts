import type {DeploymentInfo} from '@aws-sdk/client-codedeploy'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'

type Waiting = {readonly signal: AbortSignal; readonly doing: (what: string) => void}

export type StoppedDeployment = {
  /** as CodeDeploy calls it: that of the rollback, where there is one */
  readonly status: string
  readonly rollbackDeploymentId: string | null
}

const pauseMs = 2_000
/** Lambda's rollback is one move of an alias; hooks of its own may each take an hour, which nobody waits for here. */
const patienceMs = 10 * 60_000
/** The rollback is a deployment of its own, which CodeDeploy creates a little after it has stopped the other. */
const rollbackAppearsMs = 20_000

/**
 * Stops a deployment with its own rollback, and waits until that is over; one that is over already is left alone.
 * @throws UserError; exit 4 where codedeploy:StopDeployment is not allowed, of code NotStopped where it takes longer than ten minutes
 */
export async function stopDeployment(aws: Aws, deploymentId: string, waiting: Waiting): Promise<StoppedDeployment> {
  const client = await aws.codeDeploy()
  const {StopDeploymentCommand} = sdk.codeDeploy()
  const command = new StopDeploymentCommand({deploymentId, autoRollbackEnabled: true})
  waiting.doing(`stops deployment ${deploymentId} with its own rollback`)
  try {
    await aws.budget.write('StopDeployment', () => client.send(command), {signal: waiting.signal})
  } catch (error) {
    if (!wasOver(error))
      throw explained(error, {doing: `stop deployment ${deploymentId}`, permission: 'codedeploy:StopDeployment'})
  }
  const stopped = await ended(aws, deploymentId, waiting)
  const rollbackDeploymentId = await rollbackOf(aws, stopped, waiting)
  if (rollbackDeploymentId === null) return {status: stopped.status ?? '', rollbackDeploymentId}
  waiting.doing(`waits for rollback ${rollbackDeploymentId} of deployment ${deploymentId}`)
  const rolledBack = await ended(aws, rollbackDeploymentId, waiting)
  return {status: rolledBack.status ?? '', rollbackDeploymentId}
}

/** Whether a deployment goes on no more, however it ended. */
export const isOver = ({status}: DeploymentInfo): boolean =>
  status === 'Succeeded' || status === 'Failed' || status === 'Stopped'

const wasOver = (error: unknown): boolean =>
  error instanceof Error && error.name === 'DeploymentAlreadyCompletedException'

/** What CodeDeploy says of a deployment. @throws UserError; exit 4 where codedeploy:GetDeployment is not allowed */
export async function readDeployment(aws: Aws, deploymentId: string, signal: AbortSignal): Promise<DeploymentInfo> {
  const client = await aws.codeDeploy()
  const {GetDeploymentCommand} = sdk.codeDeploy()
  const command = new GetDeploymentCommand({deploymentId})
  try {
    const answer = await ask(aws, 'GetDeployment', options => client.send(command, options), signal)
    return answer.deploymentInfo ?? {}
  } catch (error) {
    throw explained(error, {doing: `look at deployment ${deploymentId}`, permission: 'codedeploy:GetDeployment'})
  }
}

async function ended(aws: Aws, deploymentId: string, {signal}: Waiting): Promise<DeploymentInfo> {
  const begun = aws.clock.now()
  while (true) {
    const info = await readDeployment(aws, deploymentId, signal)
    if (isOver(info)) return info
    if (aws.clock.now() - begun >= patienceMs)
      throw new UserError(`deployment ${deploymentId} is still ${info.status ?? 'under way'} after ten minutes`, {
        code: 'NotStopped',
        hint: `a hook of it may be running: aws deploy get-deployment --deployment-id ${deploymentId}`,
      })
    await aws.clock.sleep(pauseMs, signal)
  }
}

/** null where there is none: it had not moved anything yet, or was over. */
async function rollbackOf(aws: Aws, stopped: DeploymentInfo, {signal}: Waiting): Promise<string | null> {
  const begun = aws.clock.now()
  let info = stopped
  while (true) {
    const id = info.rollbackInfo?.rollbackDeploymentId
    if (id) return id
    if (info.status === 'Succeeded' || aws.clock.now() - begun >= rollbackAppearsMs) return null
    await aws.clock.sleep(pauseMs, signal)
    info = await readDeployment(aws, stopped.deploymentId ?? '', signal)
  }
}
