import {ask} from '../../aws/ask.ts'
import {isDenied} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {type Site, whyNot} from './change-aws.ts'

/**
 * Finds out whether the tags may be read of what is going to be made: without them nothing shows that it is ours, and it could
 * not be deleted. AWS says so of a function and a log group that are not there yet as well.
 * @param functionArn of the function that is copied
 * @throws UserError (exit 4) where they may not
 */
export async function checkTags(
  {aws, signal}: Pick<Site, 'aws' | 'signal'>,
  functionArn: string,
  clone: string,
  logGroup: string,
  instead: string,
): Promise<void> {
  const [, partition, , region, account] = functionArn.split(':')
  const {ListTagsCommand} = sdk.lambda()
  const {ListTagsForResourceCommand} = sdk.logs()
  const ofFunction = new ListTagsCommand({Resource: `arn:${partition}:lambda:${region}:${account}:function:${clone}`})
  const ofGroup = new ListTagsForResourceCommand({
    resourceArn: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`,
  })
  const [lambda, logs] = await Promise.all([aws.lambda(), aws.logs()])
  const unlessDenied = (permission: string) => (error: unknown) => {
    signal.throwIfAborted()
    if (isDenied(error)) throw whyNot(error, `read the tags of what it will make`, permission, instead)
  }
  await ask(aws, 'ListTags', options => lambda.send(ofFunction, options), signal).catch(unlessDenied('lambda:ListTags'))
  await ask(aws, 'ListTagsForResource', options => logs.send(ofGroup, options), signal).catch(
    unlessDenied('logs:ListTagsForResource'),
  )
}
