import {GetProductsCommand, type GetProductsCommandInput, PricingClient} from '@aws-sdk/client-pricing'
import {expect, test} from 'vitest'
import {refusal, serve} from '../running.ts'

const regionIs = (Value: string) => ({Type: 'TERM_MATCH', Field: 'regionCode', Value}) as const
const groupIs = (Value: string) => ({Type: 'TERM_MATCH', Field: 'group', Value}) as const

type Document = {
  readonly product: {readonly sku: string; readonly attributes: Readonly<Record<string, string>>}
  readonly terms: {readonly OnDemand: Readonly<Record<string, {readonly priceDimensions: object}>>}
  readonly publicationDate: string
}
const documentsIn = (texts: readonly unknown[] = []): readonly Document[] => texts.map(text => JSON.parse(String(text)))

async function asking() {
  const {connect} = await serve({})
  const client = connect(PricingClient, {region: 'us-east-1'})
  const get = (input: Partial<GetProductsCommandInput> = {}) =>
    client.send(new GetProductsCommand({ServiceCode: 'AWSLambda', ...input}))
  const products = async (...Filters: NonNullable<GetProductsCommandInput['Filters']>) =>
    documentsIn((await get({Filters})).PriceList)
  return {get, products}
}

test('a product is a JSON document with the tiers that it is sold in', async () => {
  const {products} = await asking()
  const [x86, ...others] = await products(regionIs('eu-south-1'), groupIs('AWS-Lambda-Duration'))
  expect(others).toEqual([])
  expect(x86?.product).toMatchObject({
    productFamily: 'Serverless',
    attributes: {servicecode: 'AWSLambda', regionCode: 'eu-south-1', usagetype: 'EUS1-Lambda-GB-Second'},
  })
  expect(x86?.publicationDate).toMatch(/^\d{4}-\d\d-\d\dT/)
  const [term] = Object.values(x86?.terms.OnDemand ?? {})
  expect(Object.values(term?.priceDimensions ?? {})).toMatchObject([
    {beginRange: '0', endRange: '6000000000', unit: 'Lambda-GB-Second', pricePerUnit: {USD: '0.0000195172'}},
    {beginRange: '6000000000', endRange: '15000000000'},
    {beginRange: '15000000000', endRange: 'Inf'},
  ])
})

test('products are filtered by attributes, in each of the ways there are', async () => {
  const {products} = await asking()
  const usages = async (...filters: Parameters<typeof products>) =>
    (await products(regionIs('us-east-1'), ...filters)).map(({product}) => product.attributes['usagetype'])
  expect(await usages({Type: 'CONTAINS', Field: 'usagetype', Value: 'SnapStart'})).toEqual([
    'Lambda-SnapStart-Cached-GB-S',
    'Lambda-SnapStart-Restored-GB',
  ])
  expect(await usages({Type: 'ANY_OF', Field: 'usagetype', Value: 'Request,Request-ARM'})).toHaveLength(2)
  expect(await usages({Type: 'NONE_OF', Field: 'usagetype', Value: 'Request,Request-ARM'})).toHaveLength(8)
  expect(await usages({Type: 'EQUALS', Field: 'usagetype', Value: 'Request'})).toEqual(['Request'])
  expect(await usages({Type: 'TERM_MATCH', Field: 'nothing', Value: 'x'})).toEqual([])
})

test('products come page by page', async () => {
  const {get} = await asking()
  const all: unknown[] = []
  let NextToken: string | undefined
  do {
    const page = await get({NextToken, MaxResults: 90})
    all.push(...documentsIn(page.PriceList).map(({product}) => product.sku))
    NextToken = page.NextToken
  } while (NextToken)
  expect(all.length).toBeGreaterThan(200)
  expect(new Set(all).size).toBe(all.length)
})

test('another service, page token or number of results is refused', async () => {
  const {get} = await asking()
  expect(await refusal(get({ServiceCode: 'AmazonEC2'}))).toMatchObject({name: 'NotFoundException'})
  expect(await refusal(get({NextToken: 'made-up'}))).toMatchObject({name: 'InvalidNextTokenException', status: 400})
  expect(await refusal(get({MaxResults: 101}))).toMatchObject({name: 'InvalidParameterException'})
  expect(await refusal(get({FormatVersion: 'aws_v9'}))).toMatchObject({name: 'InvalidParameterException'})
})
