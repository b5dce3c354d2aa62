import type * as pricingSdk from '@aws-sdk/client-pricing'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {Context} from './context.ts'
import {pageAfter} from './paging.ts'
import {lambdaProducts, type Product, priceListText} from './pricing/lambda-products.ts'

const pricing = sdkPackage<typeof pricingSdk>('@aws-sdk/client-pricing')

export const service = defineService<typeof pricing, Context>(
  pricing,
  {
    signingName: 'pricing',
    iamPrefix: 'pricing',
    validationError: 'InvalidParameterException',
    throttleError: 'ThrottlingException',
    protocols: [jsonRpc('1.1', 'AWSPriceListService')],
    constraints: {GetProducts: {MaxResults: {min: 1, max: 100}}},
  },
  {
    /** The same in every region that it is asked in, as with AWS; of Lambda only. */
    GetProducts: ({ServiceCode, Filters = [], FormatVersion = 'aws_v1', MaxResults = 100, NextToken}) => {
      if (FormatVersion !== 'aws_v1')
        throw new ServiceError('InvalidParameterException', `FormatVersion ${FormatVersion} is not supported.`)
      if (ServiceCode !== 'AWSLambda')
        throw new ServiceError('NotFoundException', `The embedded AWS has no price list of ${ServiceCode}.`)
      const page = pageAfter(lambdaProducts, ({sku}) => sku, {
        size: MaxResults,
        token: NextToken,
        invalid: () => new ServiceError('InvalidNextTokenException', 'The pagination token is invalid.'),
        isWanted: product => Filters.every(filter => passes(product, filter)),
      })
      return {FormatVersion, PriceList: page.items.map(priceListText), NextToken: page.next}
    },
  },
)

function passes({attributes}: Product, {Type, Field, Value = ''}: pricingSdk.Filter): boolean {
  const value = attributes[Field ?? ''] ?? ''
  const values = Value.split(',')
  if (Type === 'CONTAINS') return value.includes(Value)
  if (Type === 'ANY_OF') return values.includes(value)
  if (Type === 'NONE_OF') return !values.includes(value)
  return value === Value
}
