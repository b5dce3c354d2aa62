import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'
import {
  aliasConfiguration,
  fullConfiguration,
  listedConfiguration,
  mappingConfiguration,
} from './lambda/function-configuration.ts'
import {
  findAlias,
  functionArn,
  functionNamePattern,
  lambdaError,
  qualifierPattern,
  resolveFunction,
} from './lambda/function-name.ts'
import {pageAfter} from './paging.ts'

const lambda = sdkPackage<typeof lambdaSdk>('@aws-sdk/client-lambda')

const functionName: Constraint = {pattern: functionNamePattern}
const qualifier: Constraint = {maxLength: 128, pattern: qualifierPattern}
const maxItems: Constraint = {min: 1, max: 10_000}

// Lists give at most 50 functions, versions or aliases a page, whatever larger MaxItems asks for.
const pageSize = (asked: number | undefined) => Math.min(asked ?? 50, 50)
const mappingPageSize = (asked: number | undefined) => Math.min(asked ?? 100, 100)

const invalidMarker = () => lambdaError('InvalidParameterValueException', 'Invalid Marker')

const taggableArn =
  /arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)/

export const service = defineService<typeof lambda, Context>(
  lambda,
  {
    signingName: 'lambda',
    iamPrefix: 'lambda',
    validationError: 'ValidationException',
    throttleError: 'TooManyRequestsException',
    protocols: [restJson()],
    constraints: {
      ListFunctions: {FunctionVersion: {oneOf: ['ALL']}, MaxItems: maxItems},
      GetFunction: {Qualifier: qualifier, FunctionName: functionName},
      GetFunctionConfiguration: {Qualifier: qualifier, FunctionName: functionName},
      GetAlias: {FunctionName: functionName, Name: {maxLength: 128, minLength: 1}},
      ListAliases: {FunctionName: functionName, MaxItems: maxItems},
      ListVersionsByFunction: {FunctionName: functionName, MaxItems: maxItems},
      ListEventSourceMappings: {FunctionName: functionName, MaxItems: maxItems},
      ListTags: {Resource: {pattern: taggableArn}},
    },
  },
  {
    ListFunctions: (input, context) => {
      const entries = context.world
        .functions()
        .flatMap(fn =>
          (input.FunctionVersion === 'ALL' ? fn.versions : fn.versions.slice(0, 1)).map(version => ({fn, version})),
        )
      const page = pageAfter(entries, ({fn, version}) => `${fn.name}:${version.version}`, {
        size: pageSize(input.MaxItems),
        token: input.Marker,
        invalid: invalidMarker,
      })
      const qualifierOf = (version: string) => (input.FunctionVersion === 'ALL' ? version : undefined)
      return {
        Functions: page.items.map(({fn, version}) =>
          listedConfiguration(context, fn, version, qualifierOf(version.version)),
        ),
        NextMarker: page.next,
      }
    },

    GetFunction: (input, context) => {
      const {fn, version, qualifier} = resolveFunction(context, input.FunctionName, input.Qualifier)
      return {
        Configuration: fullConfiguration(context, fn, version, qualifier),
        Code: codeLocation(context, fn.packageType, fn.name),
        ...(Object.keys(fn.tags).length > 0 && {Tags: {...fn.tags}}),
        ...(fn.reservedConcurrency !== null && {Concurrency: {ReservedConcurrentExecutions: fn.reservedConcurrency}}),
      }
    },

    GetFunctionConfiguration: (input, context) => {
      const {fn, version, qualifier} = resolveFunction(context, input.FunctionName, input.Qualifier)
      return fullConfiguration(context, fn, version, qualifier)
    },

    GetAlias: (input, context) => {
      const {fn} = resolveFunction(context, input.FunctionName)
      const alias = findAlias(fn, input.Name)
      if (!alias)
        throw lambdaError(
          'ResourceNotFoundException',
          `Cannot find alias arn: ${functionArn(context, fn.name, input.Name)}`,
        )
      return aliasConfiguration(context, fn, alias)
    },

    ListAliases: (input, context) => {
      const {fn} = resolveFunction(context, input.FunctionName)
      const aliases = fn.aliases.filter(
        ({version}) => input.FunctionVersion === undefined || input.FunctionVersion === version,
      )
      const page = pageAfter(aliases, alias => alias.name, {
        size: pageSize(input.MaxItems),
        token: input.Marker,
        invalid: invalidMarker,
      })
      return {Aliases: page.items.map(alias => aliasConfiguration(context, fn, alias)), NextMarker: page.next}
    },

    ListVersionsByFunction: (input, context) => {
      const {fn} = resolveFunction(context, input.FunctionName)
      const page = pageAfter(fn.versions, each => each.version, {
        size: pageSize(input.MaxItems),
        token: input.Marker,
        invalid: invalidMarker,
      })
      return {
        Versions: page.items.map(version => listedConfiguration(context, fn, version, version.version)),
        NextMarker: page.next,
      }
    },

    ListTags: (input, context) => {
      const [type = '', name = '', aliasOrVersion] = input.Resource.split(':').slice(5)
      if (type === 'event-source-mapping' && context.world.eventSourceMappings().some(({uuid}) => uuid === name))
        return {Tags: {}}
      if (type !== 'function')
        throw lambdaError(
          'ResourceNotFoundException',
          `${resourceWords[type] ?? 'Resource'} not found: ${input.Resource}`,
        )
      if (aliasOrVersion !== undefined)
        throw lambdaError(
          'InvalidParameterValueException',
          'Tags on function aliases and versions are not supported. Please specify a function ARN.',
        )
      return {Tags: {...resolveFunction(context, input.Resource).fn.tags}}
    },

    ListEventSourceMappings: (input, context) => {
      const named = input.FunctionName === undefined ? undefined : resolveFunction(context, input.FunctionName)
      const mappings = context.world.eventSourceMappings().filter(
        mapping =>
          // An unqualified name does not list the mappings of the function's aliases.
          (!named || (mapping.functionName === named.fn.name && mapping.qualifier === (named.qualifier ?? null))) &&
          (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn),
      )
      const page = pageAfter(mappings, ({uuid}) => uuid, {
        size: mappingPageSize(input.MaxItems),
        token: input.Marker,
        invalid: invalidMarker,
      })
      return {
        EventSourceMappings: page.items.map(mapping => mappingConfiguration(context, mapping)),
        NextMarker: page.next,
      }
    },
  },
)

const resourceWords: Readonly<Record<string, string>> = {
  'event-source-mapping': 'Event source mapping',
  'capacity-provider': 'Capacity provider',
}

function codeLocation(context: Context, packageType: 'Zip' | 'Image', name: string): lambdaSdk.FunctionCodeLocation {
  if (packageType === 'Zip')
    return {
      RepositoryType: 'S3',
      Location: `https://awslambda-${context.region}-tasks.s3.${context.region}.amazonaws.com/snapshots/${context.world.account}/${name}`,
    }
  const imageUri = `${context.world.account}.dkr.ecr.${context.region}.amazonaws.com/${name}:latest`
  return {RepositoryType: 'ECR', ImageUri: imageUri, ResolvedImageUri: imageUri}
}
