import {ServiceError} from '../../wire/service-error.ts'
import type {DeploymentGroup, SandboxDeployment} from '../../world/code-deploy/deployment.ts'
import type {DeploymentConfig} from '../../world/code-deploy/deployment-configs.ts'
import type {Context} from '../context.ts'

// What clients name, or CodeDeploy's refusal of it.

/** @throws ServiceError */
export function requireApplication({world}: Context, name: string | undefined): string {
  if (name === undefined) throw new ServiceError('ApplicationNameRequiredException', 'Application name is missing')
  if (!world.codeDeploy.groups().some(each => each.application === name))
    throw new ServiceError('ApplicationDoesNotExistException', `No application found for name: ${name}`)
  return name
}

/** @throws ServiceError */
export function requireGroup(
  context: Context,
  application: string | undefined,
  name: string | undefined,
): DeploymentGroup {
  requireApplication(context, application)
  if (name === undefined)
    throw new ServiceError('DeploymentGroupNameRequiredException', 'Deployment Group name is missing')
  const found = context.world.codeDeploy.groups().find(each => each.application === application && each.name === name)
  if (!found)
    throw new ServiceError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`)
  return found
}

/** @throws ServiceError */
export function requireConfig({world}: Context, name: string): DeploymentConfig {
  const found = world.codeDeploy.configs().find(each => each.name === name)
  if (!found)
    throw new ServiceError(
      'DeploymentConfigDoesNotExistException',
      `No Deployment Configuration found for name: ${name}`,
    )
  return found
}

/** @throws ServiceError */
export function requireDeployment({world}: Context, id: string | undefined): SandboxDeployment {
  if (id === undefined) throw new ServiceError('DeploymentIdRequiredException', 'Deployment ID is missing')
  if (!/^d-[A-Z0-9]{9}$/.test(id))
    throw new ServiceError('InvalidDeploymentIdException', `Specified DeploymentId is not in the valid format: ${id}`)
  const found = world.codeDeploy.deployments().find(each => each.id === id)
  if (!found) throw new ServiceError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`)
  return found
}

/** What BatchGet… takes at a time. @throws ServiceError */
export function refuseMany(names: readonly unknown[] | undefined, most: number): void {
  if ((names?.length ?? 0) > most)
    throw new ServiceError('BatchLimitExceededException', `The maximum number of names or IDs allowed is ${most}`)
}
