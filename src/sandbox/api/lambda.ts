import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'
import {concurrency} from './lambda/concurrency.ts'
import {functionNamePattern, qualifierPattern} from './lambda/function-name.ts'
import {functions} from './lambda/functions.ts'
import {invokers} from './lambda/invokers.ts'

const lambda = sdkPackage<typeof lambdaSdk>('@aws-sdk/client-lambda')

const functionName: Constraint = {pattern: functionNamePattern}
const qualifier: Constraint = {maxLength: 128, pattern: qualifierPattern}
const maxItems: Constraint = {min: 1, max: 10_000}
const fewItems: Constraint = {min: 1, max: 50}
const ofFunction = {Qualifier: qualifier, FunctionName: functionName}

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
      GetAlias: {FunctionName: functionName, Name: {maxLength: 128, minLength: 1}},
      ListAliases: {FunctionName: functionName, MaxItems: maxItems},
      ListVersionsByFunction: {FunctionName: functionName, MaxItems: maxItems},
      ListEventSourceMappings: {FunctionName: functionName, MaxItems: maxItems},
      ListTags: {Resource: {pattern: taggableArn}},
      GetPolicy: ofFunction,
      GetFunctionConcurrency: {FunctionName: functionName},
      GetProvisionedConcurrencyConfig: ofFunction,
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
  {...functions, ...concurrency, ...invokers},
)
