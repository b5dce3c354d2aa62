import type * as accountSdk from '@aws-sdk/client-account'
import regions from '../../data/regions.json' with {type: 'json'}
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import {callerArn} from './caller.ts'
import type {Context} from './context.ts'
import {pageAfter} from './paging.ts'

const account = sdkPackage<typeof accountSdk>('@aws-sdk/client-account')

const mostRegions = 50

export const service = defineService<typeof account, Context>(
  account,
  {
    signingName: 'account',
    iamPrefix: 'account',
    validationError: 'ValidationException',
    throttleError: 'TooManyRequestsException',
    protocols: [restJson()],
    constraints: {
      ListRegions: {
        AccountId: {pattern: /\d{12}/},
        MaxResults: {min: 1, max: mostRegions},
        NextToken: {maxLength: 1000},
      },
    },
  },
  {
    ListRegions: (input, {world}) => {
      if (input.AccountId !== undefined) throw notOfAnOrganization(world.account)
      const {RegionOptStatusContains: wanted = []} = input
      const found = accountRegions.filter(
        ({RegionOptStatus}) => wanted.length === 0 || wanted.includes(RegionOptStatus),
      )
      const page = pageAfter(found, ({RegionName}) => RegionName, {
        size: input.MaxResults ?? mostRegions,
        token: input.NextToken,
        invalid: () => new ServiceError('ValidationException', 'The NextToken is invalid.'),
      })
      return {Regions: [...page.items], NextToken: page.next}
    },
  },
)

/** Those launched before 20 March 2019: an account has them without opting in, and cannot opt out. */
const enabledByDefault: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
])

/** Regions of China, of governments and of the European Sovereign Cloud, which no account of the aws partition has. */
const otherPartitions = /^(cn|eusc|us-gov|[a-z]+-iso[a-z]?)-/

const accountRegions = regions.names
  .filter(name => !otherPartitions.test(name))
  .map(
    name =>
      ({RegionName: name, RegionOptStatus: enabledByDefault.has(name) ? 'ENABLED_BY_DEFAULT' : 'DISABLED'}) as const,
  )

/** Only an organization's management account may ask about another one, and not about itself. */
const notOfAnOrganization = (id: string) =>
  new ServiceError(
    'AccessDeniedException',
    `User: ${callerArn(id)} is not authorized to perform: account:ListRegions (Your organization must first enable trusted access with AWS Account Management.)`,
  )
