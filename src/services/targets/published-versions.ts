import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {explained} from './refusal.ts'

/**
 * All published versions of a function, oldest first, without `$LATEST`.
 * @throws UserError; exit 4 where lambda:ListVersionsByFunction is not allowed. What AWS said where the function is missing
 */
export async function publishedVersions(
  aws: Aws,
  name: string,
  signal: AbortSignal,
): Promise<readonly (FunctionConfiguration & {readonly Version: string})[]> {
  const versions = await allVersions(aws, name, signal)
  return versions.flatMap(version => {
    const {Version = ''} = version
    return /^\d+$/.test(Version) ? [{...version, Version}] : []
  })
}

/**
 * `$LATEST` and all published versions.
 * @throws as {@link publishedVersions}
 */
export async function allVersions(
  aws: Aws,
  name: string,
  signal: AbortSignal,
): Promise<readonly FunctionConfiguration[]> {
  const client = await aws.lambda()
  const {ListVersionsByFunctionCommand} = sdk.lambda()
  const pages = paged(async Marker => {
    const command = new ListVersionsByFunctionCommand({FunctionName: name, Marker})
    const answer = await ask(aws, 'ListVersionsByFunction', options => client.send(command, options), signal)
    return {items: answer.Versions, next: answer.NextMarker}
  })
  try {
    return (await Array.fromAsync(pages)).flat()
  } catch (error) {
    throw explained(error, {doing: `list the versions of ${name}`, permission: 'lambda:ListVersionsByFunction'})
  }
}
