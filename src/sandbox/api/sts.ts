import type * as stsSdk from '@aws-sdk/client-sts'
import {defineService} from '../wire/define-service.ts'
import {queryXml} from '../wire/query-xml.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {callerArn, callerName} from './caller.ts'
import type {Context} from './context.ts'

const sts = sdkPackage<typeof stsSdk>('@aws-sdk/client-sts')

export const service = defineService<typeof sts, Context>(
  sts,
  {
    signingName: 'sts',
    iamPrefix: 'sts',
    validationError: 'ValidationError',
    throttleError: 'Throttling',
    protocols: [queryXml('https://sts.amazonaws.com/doc/2011-06-15/')],
  },
  {
    GetCallerIdentity: (_input, {world}) => ({
      UserId: `AROASANDBOX0000000000:${callerName.split('/')[1]}`,
      Account: world.account,
      Arn: callerArn(world.account),
    }),
  },
)
