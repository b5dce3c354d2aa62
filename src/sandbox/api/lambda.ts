import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'
import {aliases} from './lambda/aliases.ts'
import {concurrency} from './lambda/concurrency.ts'
import {durableExecutions} from './lambda/durable-executions.ts'
import {functionNamePattern, qualifierPattern} from './lambda/function-name.ts'
import {functionWrites} from './lambda/function-writes.ts'
import {functions} from './lambda/functions.ts'
import {invoke} from './lambda/invoke.ts'
import {invokers} from './lambda/invokers.ts'
import {provisionedConcurrency} from './lambda/provisioned-concurrency.ts'
import {tags} from './lambda/tags.ts'

const lambda = sdkPackage<typeof lambdaSdk>('@aws-sdk/client-lambda')

const functionName: Constraint = {pattern: functionNamePattern}
const qualifier: Constraint = {maxLength: 128, pattern: qualifierPattern}
const maxItems: Constraint = {min: 1, max: 10_000}
const fewItems: Constraint = {min: 1, max: 50}
const ofFunction = {Qualifier: qualifier, FunctionName: functionName}

const description: Constraint = {maxLength: 256}
const alias = {
  FunctionName: functionName,
  Name: {minLength: 1, maxLength: 128, pattern: /(?!^[0-9]+$)([a-zA-Z0-9-_]+)/},
}
const aliasedVersion: Constraint = {minLength: 1, maxLength: 1024, pattern: /(\$LATEST(\.PUBLISHED)?|[0-9]+)/}

const configuration = {
  Role: {pattern: /arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+/},
  Handler: {maxLength: 128, pattern: /[^\s]+/},
  Description: description,
  // above the account's quota there is another sentence
  MemorySize: {min: 128, max: 32_768},
  Timeout: {min: 1, max: 5400},
} as const satisfies Readonly<Record<string, Constraint>>

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
      ListFunctions: {
        MasterRegion: {
          minLength: 1,
          maxLength: 50,
          pattern: /ALL|(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}/,
        },
        FunctionVersion: {oneOf: ['ALL']},
        MaxItems: maxItems,
      },
      GetFunction: ofFunction,
      GetFunctionConfiguration: ofFunction,
      Invoke: {
        ...ofFunction,
        InvocationType: {oneOf: ['Event', 'RequestResponse', 'DryRun']},
        LogType: {oneOf: ['None', 'Tail']},
      },
      CreateAlias: {...alias, FunctionVersion: aliasedVersion, Description: description},
      UpdateAlias: {...alias, FunctionVersion: aliasedVersion, Description: description},
      DeleteAlias: alias,
      GetAlias: alias,
      ListAliases: {FunctionName: functionName, FunctionVersion: aliasedVersion, MaxItems: maxItems},
      ListDurableExecutionsByFunction: {
        ...ofFunction,
        DurableExecutionName: {minLength: 1, maxLength: 64, pattern: /[a-zA-Z0-9-_]+/},
        MaxItems: {min: 0, max: 1000},
      },
      ListVersionsByFunction: {FunctionName: functionName, MaxItems: maxItems},
      ListEventSourceMappings: {FunctionName: functionName, MaxItems: maxItems},
      ListTags: {Resource: {pattern: taggableArn}},
      TagResource: {Resource: {pattern: taggableArn}},
      UntagResource: {Resource: {pattern: taggableArn}},
      CreateFunction: {
        ...configuration,
        FunctionName: functionName,
        PackageType: {oneOf: ['Zip', 'Image']},
        Architectures: {maxLength: 1, minLength: 1},
      },
      UpdateFunctionConfiguration: {...configuration, FunctionName: functionName},
      UpdateFunctionCode: {FunctionName: functionName},
      PublishVersion: {FunctionName: functionName, Description: description},
      DeleteFunction: ofFunction,
      PutFunctionConcurrency: {FunctionName: functionName, ReservedConcurrentExecutions: {min: 0}},
      DeleteFunctionConcurrency: {FunctionName: functionName},
      GetPolicy: ofFunction,
      GetFunctionConcurrency: {FunctionName: functionName},
      GetProvisionedConcurrencyConfig: ofFunction,
      PutProvisionedConcurrencyConfig: {...ofFunction, ProvisionedConcurrentExecutions: {min: 1}},
      DeleteProvisionedConcurrencyConfig: ofFunction,
      ListProvisionedConcurrencyConfigs: {FunctionName: functionName, MaxItems: fewItems},
      GetFunctionEventInvokeConfig: ofFunction,
      ListFunctionEventInvokeConfigs: {FunctionName: functionName, MaxItems: fewItems},
      // a URL belongs to a function or an alias, never to a version
      GetFunctionUrlConfig: {
        FunctionName: functionName,
        Qualifier: {minLength: 1, maxLength: 128, pattern: /((?!^\d+$)^[0-9a-zA-Z-_]+$)/},
      },
      ListFunctionUrlConfigs: {FunctionName: functionName, MaxItems: fewItems},
    },
  },
  {
    ...functions,
    ...functionWrites,
    ...aliases,
    ...tags,
    ...concurrency,
    ...durableExecutions,
    ...provisionedConcurrency,
    ...invokers,
    ...invoke,
  },
)
