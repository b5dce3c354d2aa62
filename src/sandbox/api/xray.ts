import type * as xraySdk from '@aws-sdk/client-xray'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'

const xray = sdkPackage<typeof xraySdk>('@aws-sdk/client-xray')

export const service = defineService<typeof xray, Context>(
  xray,
  {
    signingName: 'xray',
    iamPrefix: 'xray',
    validationError: 'InvalidRequestException',
    throttleError: 'ThrottledException',
    protocols: [restJson()],
  },
  {},
)
