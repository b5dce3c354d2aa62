import type * as cloudformationSdk from '@aws-sdk/client-cloudformation'
import {defineService} from '../wire/define-service.ts'
import {queryXml} from '../wire/query-xml.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {SandboxStack} from '../world/sandbox-resources.ts'
import type {Context} from './context.ts'
import {pageAfter} from './paging.ts'

const cloudformation = sdkPackage<typeof cloudformationSdk>('@aws-sdk/client-cloudformation')

const stackName = {pattern: /[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*/}
const pageSize = 100

export const service = defineService<typeof cloudformation, Context>(
  cloudformation,
  {
    signingName: 'cloudformation',
    iamPrefix: 'cloudformation',
    validationError: 'ValidationError',
    throttleError: 'Throttling',
    protocols: [queryXml('http://cloudformation.amazonaws.com/doc/2010-05-15/')],
    constraints: {DescribeStacks: {StackName: stackName}, ListStackResources: {StackName: stackName}},
  },
  {
    DescribeStacks: (input, {world}) => {
      const stacks = input.StackName === undefined ? world.stacks() : [findStack(world.stacks(), input.StackName)]
      const page = pageAfter(stacks, stack => stack.id, {size: pageSize, token: input.NextToken, invalid: invalidToken})
      return {Stacks: page.items.map(describeStack), NextToken: page.next}
    },
    ListStackResources: (input, {world}) => {
      const {resources} = findStack(world.stacks(), input.StackName)
      const page = pageAfter(resources, resource => resource.logicalId, {
        size: pageSize,
        token: input.NextToken,
        invalid: invalidToken,
      })
      return {
        StackResourceSummaries: page.items.map(resource => ({
          LogicalResourceId: resource.logicalId,
          PhysicalResourceId: resource.physicalId,
          ResourceType: resource.type,
          LastUpdatedTimestamp: new Date(resource.updatedAt),
          ResourceStatus: resource.status as cloudformationSdk.ResourceStatus,
          DriftInformation: {StackResourceDriftStatus: 'NOT_CHECKED'},
        })),
        NextToken: page.next,
      }
    },
  },
)

function findStack(stacks: readonly SandboxStack[], nameOrId: string): SandboxStack {
  const stack = stacks.find(each => each.name === nameOrId || each.id === nameOrId)
  if (!stack) throw new ServiceError('ValidationError', `Stack with id ${nameOrId} does not exist`)
  return stack
}

function describeStack(stack: SandboxStack): cloudformationSdk.Stack {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    CreationTime: new Date(stack.createdAt),
    LastUpdatedTime: new Date(stack.updatedAt),
    StackStatus: stack.status as cloudformationSdk.StackStatus,
    DisableRollback: false,
    DriftInformation: {StackDriftStatus: 'NOT_CHECKED'},
    EnableTerminationProtection: false,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({Key, Value})),
    ...(stack.parent !== null && {ParentId: stack.parent, RootId: stack.parent}),
  }
}

const invalidToken = () => new ServiceError('ValidationError', 'The specified NextToken is invalid.')
