import {createHash} from 'node:crypto'
import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {SandboxEventInvokeConfig, SandboxFunctionUrl, SandboxGrant} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {mappingConfiguration} from './function-configuration.ts'
import {functionArn, lambdaError, readFunctionName, resolveFunction} from './function-name.ts'
import {lambdaPage} from './pages.ts'

/** Who invokes a function, by which way, and what becomes of events that wait for it. */
export const invokers: Handlers<typeof lambdaSdk, Context> = {
  ListEventSourceMappings: (input, context) => {
    const named = input.FunctionName === undefined ? undefined : resolveFunction(context, input.FunctionName)
    const mappings = context.world.eventSourceMappings().filter(
      mapping =>
        // An unqualified name does not list the mappings of the function's aliases.
        (!named || (mapping.functionName === named.fn.name && mapping.qualifier === (named.qualifier ?? null))) &&
        (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn),
    )
    const page = lambdaPage(mappings, ({uuid}) => uuid, input, 100)
    return {
      EventSourceMappings: page.items.map(mapping => mappingConfiguration(context, mapping)),
      NextMarker: page.next,
    }
  },

  GetPolicy: (input, context) => {
    const {name, qualifier} = readFunctionName(context, input.FunctionName, input.Qualifier)
    const grants = (context.world.function(name)?.grants ?? []).filter(grant => grant.qualifier === (qualifier ?? null))
    if (grants.length === 0) throw noSuchResource()
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Id: 'default',
      Statement: grants.map(grant => statement(grant, functionArn(context, name, qualifier))),
    })
    return {Policy: policy, RevisionId: revisionOf(policy)}
  },

  GetFunctionUrlConfig: (input, context) => {
    const {name, qualifier} = readFunctionName(context, input.FunctionName, input.Qualifier)
    const found = context.world.function(name)?.urls.find(url => url.qualifier === (qualifier ?? null))
    if (!found) throw noSuchResource()
    return urlConfiguration(context, name, found)
  },

  ListFunctionUrlConfigs: (input, context) => {
    const {name} = readFunctionName(context, input.FunctionName)
    const fn = context.world.function(name)
    if (!fn) throw lambdaError('ResourceNotFoundException', 'Function does not exist')
    const page = lambdaPage(fn.urls, ({url}) => url, input)
    return {FunctionUrlConfigs: page.items.map(url => urlConfiguration(context, name, url)), NextMarker: page.next}
  },

  GetFunctionEventInvokeConfig: (input, context) => {
    const {name, qualifier = '$LATEST'} = readFunctionName(context, input.FunctionName, input.Qualifier)
    const found = context.world.function(name)?.eventInvokeConfigs.find(config => place(config) === qualifier)
    if (!found)
      throw lambdaError(
        'ResourceNotFoundException',
        `The function ${functionArn(context, name, qualifier)} doesn't have an EventInvokeConfig`,
      )
    return eventInvokeConfiguration(context, name, found)
  },

  ListFunctionEventInvokeConfigs: (input, context) => {
    const {name} = readFunctionName(context, input.FunctionName)
    const fn = context.world.function(name)
    if (!fn) throw lambdaError('ResourceNotFoundException', "The function doesn't exist.")
    const page = lambdaPage(fn.eventInvokeConfigs, place, input)
    return {
      FunctionEventInvokeConfigs: page.items.map(config => eventInvokeConfiguration(context, name, config)),
      NextMarker: page.next,
    }
  },
}

/** What GetPolicy and GetFunctionUrlConfig say, be it the function, its version or what is asked for that is missing. */
const noSuchResource = () => lambdaError('ResourceNotFoundException', 'The resource you requested does not exist.')

function statement({sid, principal, sourceArn}: SandboxGrant, resource: string): object {
  const common = {Sid: sid, Effect: 'Allow'}
  // everybody may call a URL without authentication, and only that
  if (principal === '*')
    return {
      ...common,
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: resource,
      Condition: {StringEquals: {'lambda:FunctionUrlAuthType': 'NONE'}},
    }
  return {
    ...common,
    Principal: /^\d{12}$/.test(principal) ? {AWS: `arn:aws:iam::${principal}:root`} : {Service: principal},
    Action: 'lambda:InvokeFunction',
    Resource: resource,
    ...(sourceArn !== null && {Condition: {ArnLike: {'AWS:SourceArn': sourceArn}}}),
  }
}

/** Changes with the policy, and only with it. */
function revisionOf(policy: string): string {
  const hex = createHash('sha256').update(policy).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function urlConfiguration(
  context: Context,
  name: string,
  {url, qualifier, authType, createdAt}: SandboxFunctionUrl,
): lambdaSdk.FunctionUrlConfig {
  const created = new Date(createdAt).toISOString()
  return {
    FunctionUrl: url,
    FunctionArn: functionArn(context, name, qualifier ?? undefined),
    CreationTime: created,
    LastModifiedTime: created,
    AuthType: authType,
    InvokeMode: 'BUFFERED',
  }
}

const place = ({qualifier}: SandboxEventInvokeConfig) => qualifier ?? '$LATEST'

function eventInvokeConfiguration(
  context: Context,
  name: string,
  config: SandboxEventInvokeConfig,
): lambdaSdk.FunctionEventInvokeConfig {
  const {onSuccess, onFailure} = config
  return {
    LastModified: new Date(config.lastModified),
    FunctionArn: functionArn(context, name, place(config)),
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: onSuccess === null ? {} : {Destination: onSuccess},
      OnFailure: onFailure === null ? {} : {Destination: onFailure},
    },
  }
}
