import {describe, expect, it, onTestFinished} from 'vitest'
import {bootSandbox} from '../../../../src/sandbox/boot.ts'
import {pricesOf} from '../../../../src/services/pricing.ts'
import {bundledPrices, readRunPrices} from '../../../../src/services/tuning/money/run-prices.ts'
import {connectedTo} from '../../connected.ts'
import {deniedTo, type FakeAccountOptions, fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {prices as bundled} from '../profiles.ts'

const product = (usagetype: string, usd: string, more: object = {}) =>
  JSON.stringify({
    product: {attributes: {servicecode: 'AWSLambda', usagetype}},
    terms: {
      OnDemand: {
        term: {
          priceDimensions: {
            second: {beginRange: '6000000000', pricePerUnit: {USD: '0.0000000001'}},
            first: {beginRange: '0', pricePerUnit: {USD: usd}},
          },
        },
      },
    },
    publicationDate: '2026-11-02T12:00:00Z',
    ...more,
  })
const needed = [
  product('EU-Lambda-GB-Second', '0.0000200000'),
  product('EU-Lambda-GB-Second-ARM', '0.0000150000'),
  product('EU-Request', '0.0000003000'),
]
type Answer = FakeAccountOptions['answers'][string]
const account = (answer: Answer, region = 'eu-west-1') => fakeAccount({region, answers: {GetProducts: answer}})

describe('the Price List API', () => {
  it('is asked for the region, and its first tiers are taken; what it leaves out is as bundled', async () => {
    const aws = account(() => ({PriceList: needed}))
    const prices = await readRunPrices(aws, ongoing())
    expect(prices).toEqual({
      ...bundled,
      perGBSecond: {x86_64: 0.00002, arm64: 0.000015},
      perRequest: 3e-7,
      ephemeralPerGBSecond: 3.4e-8,
      source: 'price-list',
      asOf: '2026-11-02',
      isListed: true,
    })
    for (const {input} of aws.calls)
      expect(input).toMatchObject({
        ServiceCode: 'AWSLambda',
        Filters: [{Field: 'regionCode', Value: 'eu-west-1'}, expect.anything()],
      })
  })

  it('is read on where the prices are on later pages, but not without end', async () => {
    const pages = await readRunPrices(
      account(({input}) => (input['NextToken'] ? {PriceList: needed} : {PriceList: [], NextToken: 'next'})),
      ongoing(),
    )
    expect(pages.source).toBe('price-list')

    const aws = account(({nth}) => ({PriceList: [], NextToken: `page ${nth}`}))
    expect((await readRunPrices(aws, ongoing())).source).toBe('bundled')
    expect(aws.calls.length).toBe(15)
  })

  it.each([
    ['is denied', () => Promise.reject(deniedTo('pricing:GetProducts'))],
    ['is not reached', () => Promise.reject(Object.assign(new Error('no'), {code: 'ENOTFOUND'}))],
    ['has no such operation', () => Promise.reject(awsError('UnknownOperationException', 'GetProducts', 404))],
    ['says nothing', () => ({})],
    ['says what is no JSON', () => ({PriceList: ['<html>', 'null', '[]', '{"terms": 7}']})],
    ['leaves requests out', () => ({PriceList: needed.slice(0, 2)})],
    ['has them for nothing', () => ({PriceList: needed.map(text => text.replace(/0\.0+\d+/g, '0.0000000000'))})],
    ['has another currency', () => ({PriceList: needed.map(text => text.replaceAll('USD', 'CNY'))})],
    ['has no date', () => ({PriceList: needed.map(text => text.replace('publicationDate', 'date'))})],
  ])('where it %s, prices are as bundled', async (_, answer) => {
    const prices = await readRunPrices(account(answer), ongoing())
    expect(prices).toMatchObject({source: 'bundled', asOf: bundled.asOf, perGBSecond: bundled.perGBSecond})
  })

  it('prices are taken although one of the filters is refused', async () => {
    const aws = account(({input}) => {
      if (JSON.stringify(input).includes('CONTAINS')) throw awsError('InvalidParameterException', 'no such filter')
      return {PriceList: needed}
    })
    expect((await readRunPrices(aws, ongoing())).source).toBe('price-list')
  })

  it('is not waited for longer than four seconds', async () => {
    const aws = fakeAccount({answers: {GetProducts: () => ({PriceList: needed})}, latencyMs: 60_000})
    const before = aws.clock.now()
    expect((await readRunPrices(aws, ongoing())).source).toBe('bundled')
    expect(aws.clock.now() - before).toBe(4_000)
  })

  it('is left when the run is stopped', async () => {
    const stop = new AbortController()
    const aws = account(() => {
      stop.abort()
      return {PriceList: []}
    })
    await expect(readRunPrices(aws, stop.signal)).rejects.toMatchObject({name: 'AbortError'})
  })

  it('is not asked by a server that is not AWS, nor where the partition has none', async () => {
    const nobody: Answer = () => Promise.reject(new Error('asked'))
    const custom = account(nobody)
    const elsewhere = {...custom, scope: {...custom.scope, endpoint: 'custom'} as const}
    expect((await readRunPrices(elsewhere, ongoing())).source).toBe('bundled')

    const gov = await readRunPrices(account(nobody, 'us-gov-west-1'), ongoing())
    expect(gov).toMatchObject({source: 'bundled', isListed: false, perGBSecond: bundled.perGBSecond})
  })

  it.each(['cn-north-1', 'eusc-de-east-1'])('is of no use in %s, which is not priced in USD', async region => {
    await expect(
      readRunPrices(
        account(() => ({PriceList: needed}), region),
        ongoing(),
      ),
    ).rejects.toMatchObject({
      code: 'NotPricedInUSD',
      exitCode: 4,
      message: `what an invocation costs in ${region} is not known in USD`,
    })
  })

  it('of the embedded AWS says what is bundled, through HTTP', async () => {
    const sandbox = await bootSandbox({directory: null, now: () => Date.UTC(2026, 10, 20, 12)})
    onTestFinished(() => sandbox.close())
    const aws = await connectedTo(sandbox)
    onTestFinished(() => aws.close())
    const {source, ...listed} = await readRunPrices(aws, ongoing())
    expect(source).toBe('price-list')
    expect({...listed, source: 'bundled'}).toEqual(bundledPrices(pricesOf(aws.scope.region)))
  })
})
