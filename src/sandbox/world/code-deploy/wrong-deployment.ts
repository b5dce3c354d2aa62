import type {SandboxFunction} from '../sandbox-function.ts'
import type {SandboxDeployment} from './deployment.ts'

/** Why the next step of a deployment cannot be made, as CodeDeploy says it; null where it can. */
export function problemWith(deployment: SandboxDeployment, fn: SandboxFunction | undefined): string | null {
  const {functionName, alias: name, from, to, stepsDone, rollbackOf} = deployment
  const alias = fn?.aliases.find(each => each.name === name)
  const isThere = (version: string) => fn?.versions.some(each => each.version === version)
  if (!fn) return invalid(`The Lambda function ${functionName} does not exist.`)
  if (!alias) return invalid(`The Lambda function alias ${name} does not exist.`)
  if (!isThere(to)) return invalid(`The Lambda function version ${to} does not exist.`)
  // what is taken back is somewhere between the two
  if (rollbackOf !== null) return null
  // AWS says no more of this: https://github.com/terraform-aws-modules/terraform-aws-lambda/issues/82
  if (from === to) return invalid('')
  if (alias.version !== from)
    return invalid('The Lambda function alias version does not match the current version in AppSpec file.')
  if (stepsDone === 0 && Object.keys(alias.weights).length > 0)
    return invalid('The Lambda function alias has a routing configuration with two versions.')
  return null
}

const invalid = (why: string) =>
  `The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an invalid configuration. ${why}`.trimEnd()
