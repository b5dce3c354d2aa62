import * as xray from '@aws-sdk/client-xray'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import type {Context} from './context.ts'

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
