import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied, isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'

/**
 * Which of a function's versions somebody has deleted. GetFunction tells, of which AWS allows 100 calls a second and not 15.
 * None where reading them is not allowed: the plan has looked at them, and AWS refuses to route to a version that is gone.
 * @throws UserError
 */
export async function missingVersions(
  aws: Aws,
  functionName: string,
  versions: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = await aws.lambda()
  const {GetFunctionCommand} = sdk.lambda()
  const isGone = async (version: string): Promise<boolean> => {
    const command = new GetFunctionCommand({FunctionName: functionName, Qualifier: version})
    try {
      await ask(aws, 'GetFunction', options => client.send(command, options), signal)
      return false
    } catch (error) {
      if (isMissing(error)) return true
      if (isDenied(error)) return false
      throw explained(error, {doing: `read version ${version} of ${functionName}`, permission: 'lambda:GetFunction'})
    }
  }
  const gone = await Promise.all(versions.map(isGone))
  return versions.filter((_, at) => gone[at])
}
