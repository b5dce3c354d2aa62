import {createRequire} from 'node:module'

const require = createRequire(import.meta.url)

/**
 * The SDK's packages, each loaded when it is first asked for. By `require`: they are CommonJS, and on `import` Node
 * would first search each of them for the names it exports, which is a third of the time they take to load.
 */
export const sdk = {
  account: () => require('@aws-sdk/client-account') as typeof import('@aws-sdk/client-account'),
  cloudFormation: () => require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation'),
  cloudWatch: () => require('@aws-sdk/client-cloudwatch') as typeof import('@aws-sdk/client-cloudwatch'),
  codeDeploy: () => require('@aws-sdk/client-codedeploy') as typeof import('@aws-sdk/client-codedeploy'),
  config: () => require('@smithy/core/config') as typeof import('@smithy/core/config'),
  eventBridge: () => require('@aws-sdk/client-eventbridge') as typeof import('@aws-sdk/client-eventbridge'),
  lambda: () => require('@aws-sdk/client-lambda') as typeof import('@aws-sdk/client-lambda'),
  logs: () => require('@aws-sdk/client-cloudwatch-logs') as typeof import('@aws-sdk/client-cloudwatch-logs'),
  protocols: () => require('@aws-sdk/core/protocols') as typeof import('@aws-sdk/core/protocols'),
  pricing: () => require('@aws-sdk/client-pricing') as typeof import('@aws-sdk/client-pricing'),
  scheduler: () => require('@aws-sdk/client-scheduler') as typeof import('@aws-sdk/client-scheduler'),
  sqs: () => require('@aws-sdk/client-sqs') as typeof import('@aws-sdk/client-sqs'),
  sts: () => require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts'),
  tagging: () =>
    require('@aws-sdk/client-resource-groups-tagging-api') as typeof import('@aws-sdk/client-resource-groups-tagging-api'),
  xray: () => require('@aws-sdk/client-xray') as typeof import('@aws-sdk/client-xray'),
}
