import type {StackResourceSummary} from '@aws-sdk/client-cloudformation'
import {UserError} from '../../errors.ts'
import {addToList} from '../add-to-list.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isMissing} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {firstNames, listedHint, nearestHint} from './nearest-names.ts'
import {explained} from './refusal.ts'

/** What of a stack matters here, nested stacks included: physical names, each with the logical ids it goes by. */
export type StackMembers = {
  readonly stack: string
  readonly functions: ReadonlyMap<string, readonly string[]>
  readonly logGroups: ReadonlyMap<string, readonly string[]>
}

/**
 * The functions and log groups of a stack and of the stacks nested in it.
 * @throws UserError: no such stack (with the nearest names), a stack that holds neither, or a refusal
 */
export async function stackMembers(aws: Aws, stack: string, signal: AbortSignal | undefined): Promise<StackMembers> {
  const functions = new Map<string, string[]>()
  const logGroups = new Map<string, string[]>()
  const visited = new Set<string>()

  const visit = async (name: string): Promise<void> => {
    const key = stackName(name)
    if (visited.has(key)) return
    visited.add(key)
    const nested: string[] = []
    for await (const resources of stackResources(aws, name, signal)) {
      for (const {ResourceType, ResourceStatus, LogicalResourceId, PhysicalResourceId} of resources) {
        // a resource that was deleted, or whose creation failed, stays in the list for a while
        if (!PhysicalResourceId || !LogicalResourceId || ResourceStatus?.startsWith('DELETE_')) continue
        if (ResourceType === 'AWS::CloudFormation::Stack') nested.push(PhysicalResourceId)
        if (ResourceType === 'AWS::Lambda::Function') addToList(functions, PhysicalResourceId, LogicalResourceId)
        if (ResourceType === 'AWS::Logs::LogGroup') addToList(logGroups, PhysicalResourceId, LogicalResourceId)
      }
    }
    await Promise.all(nested.map(visit))
  }

  try {
    await visit(stack)
  } catch (error) {
    if (isMissing(error)) throw await noSuchStack(aws, stack, signal)
    throw explained(error, {
      doing: `list the resources of stack ${stackName(stack)}`,
      permission: 'cloudformation:ListStackResources',
      instead: 'name the functions',
    })
  }
  if (functions.size + logGroups.size === 0)
    throw new UserError(`stack ${stackName(stack)} holds no functions and no log groups`, {
      code: 'NoMatch',
      hint: 'name another stack, or functions',
    })
  return {stack: stackName(stack), functions, logGroups}
}

async function* stackResources(
  aws: Aws,
  stack: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly StackResourceSummary[]> {
  const client = await aws.cloudFormation()
  const {ListStackResourcesCommand} = sdk.cloudFormation()
  yield* paged(async token => {
    const command = new ListStackResourcesCommand({StackName: stack, NextToken: token})
    const page = await ask(aws, 'ListStackResources', options => client.send(command, options), signal)
    return {items: page.StackResourceSummaries, next: page.NextToken}
  })
}

async function noSuchStack(aws: Aws, stack: string, signal: AbortSignal | undefined): Promise<UserError> {
  const stacks = await firstNames(stackNames(aws, signal), 500, signal)
  return new UserError(`there is no stack ${stackName(stack)} in ${aws.scope.region}`, {
    code: 'NoMatch',
    hint:
      nearestHint(stackName(stack), stacks) ??
      listedHint(stacks, `stacks in ${aws.scope.region}`) ??
      'check --region and --profile',
  })
}

/** The names of all stacks of the region, as AWS pages them. */
export async function* stackNames(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  const client = await aws.cloudFormation()
  const {DescribeStacksCommand} = sdk.cloudFormation()
  yield* paged(async token => {
    const command = new DescribeStacksCommand({NextToken: token})
    const page = await ask(aws, 'DescribeStacks', options => client.send(command, options), signal)
    return {items: page.Stacks?.flatMap(({StackName}) => StackName ?? []), next: page.NextToken}
  })
}

/** `arn:aws:cloudformation:r:a:stack/NAME/uuid` → NAME */
const stackName = (stack: string): string => /:stack\/([^/]+)/.exec(stack)?.[1] ?? stack
