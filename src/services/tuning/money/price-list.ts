import type {Filter} from '@aws-sdk/client-pricing'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {translateAwsError} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {stopSignal} from '../../stop-signal.ts'
import type {RunPrices} from './run-prices.ts'

/** What the Price List says; what it leaves out is as bundled. */
export type ListedPrices = Pick<RunPrices, 'perGBSecond' | 'perRequest' | 'asOf'> &
  Partial<Pick<RunPrices, 'ephemeralPerGBSecond' | 'snapStartCachePerGBSecond' | 'snapStartRestorePerGB'>>

/** Prices are wanted before a run, and are bundled: nobody waits longer for them. */
const patienceMs = 4_000

/**
 * Where each price is found: by its usage type, without the region's prefix (`EUC1-Request`), for several usages share a
 * group. The groups keep the answers small: of the service, there are hundreds.
 */
const groups: readonly Filter[] = [
  ...['AWS-Lambda-Duration', 'AWS-Lambda-Duration-ARM', 'AWS-Lambda-Requests', 'AWS-Lambda-Storage-Duration'].map(
    (group): Filter => ({Type: 'TERM_MATCH', Field: 'group', Value: group}),
  ),
  {Type: 'CONTAINS', Field: 'usagetype', Value: 'Lambda-SnapStart'},
]
const mostPages = 3

/** A price of a region, as far as it is one of Lambda's that is asked for. */
type Listed = {readonly usage: string; readonly usd: number; readonly publishedOn: string}

/**
 * Lambda's prices in the region of `aws` by the Price List API (`pricing:GetProducts` in us-east-1), first tiers.
 * @returns null where it is not permitted, not reached or not done within four seconds, or says nothing of use
 */
export async function readPriceList(aws: Aws, signal: AbortSignal): Promise<ListedPrices | null> {
  const {stopped, stop} = stopSignal(signal)
  const found: Listed[] = []
  const reading = Promise.all(
    groups.map(async filter => {
      try {
        for await (const listed of pricesBy(aws, filter, stopped)) found.push(listed)
      } catch (error) {
        // what one filter brings is worth having without the others
        if (!stopped.aborted && !(translateAwsError(error, 'read prices') instanceof UserError)) throw error
      }
    }),
  )
  const tooLate = aws.clock.sleep(patienceMs, stopped).catch(() => {})
  try {
    await Promise.race([reading, tooLate])
  } finally {
    stop()
  }
  signal.throwIfAborted()
  return pricesOf(found)
}

async function* pricesBy(aws: Aws, filter: Filter, signal: AbortSignal): AsyncGenerator<Listed> {
  const {GetProductsCommand} = sdk.pricing()
  const client = await aws.pricing()
  const input = {
    ServiceCode: 'AWSLambda',
    FormatVersion: 'aws_v1',
    Filters: [{Type: 'TERM_MATCH', Field: 'regionCode', Value: aws.scope.region} satisfies Filter, filter],
    MaxResults: 100,
  }
  let NextToken: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await ask(
      aws,
      'GetProducts',
      options => client.send(new GetProductsCommand({...input, ...(NextToken && {NextToken})}), options),
      signal,
    )
    for (const text of answer.PriceList ?? []) {
      const listed = parseProduct(String(text))
      if (listed) yield listed
    }
    NextToken = answer.NextToken
    if (!NextToken) return
  }
}

/** What compute and requests cost has to be listed, or nothing is taken from the list. */
function pricesOf(found: readonly Listed[]): ListedPrices | null {
  const usd = new Map(found.map(({usage, usd}) => [usage, usd]))
  const x86 = usd.get('Lambda-GB-Second')
  const arm = usd.get('Lambda-GB-Second-ARM')
  const request = usd.get('Request')
  if (x86 === undefined || arm === undefined || request === undefined) return null
  const storage = usd.get('Lambda-Storage-GB-Second')
  const cache = usd.get('Lambda-SnapStart-Cached-GB-S')
  const restore = usd.get('Lambda-SnapStart-Restored-GB')
  return {
    perGBSecond: {x86_64: x86, arm64: arm},
    perRequest: request,
    ...(storage !== undefined && {ephemeralPerGBSecond: storage}),
    ...(cache !== undefined && {snapStartCachePerGBSecond: cache}),
    ...(restore !== undefined && {snapStartRestorePerGB: restore}),
    asOf: found.reduce((latest, {publishedOn}) => (publishedOn > latest ? publishedOn : latest), ''),
  }
}

type Product = {
  readonly product?: {readonly attributes?: {readonly usagetype?: unknown}}
  readonly terms?: {readonly OnDemand?: Readonly<Record<string, {readonly priceDimensions?: Dimensions}>>}
  readonly publicationDate?: unknown
}

type Dimensions = Readonly<Record<string, {readonly beginRange?: unknown; readonly pricePerUnit?: {USD?: unknown}}>>

/** The first tier of a product; null for what is no price in USD, or free. */
function parseProduct(text: string): Listed | null {
  const {product, terms, publicationDate} = documentIn(text)
  const published = /^\d{4}-\d\d-\d\d/.exec(String(publicationDate ?? ''))?.[0]
  const dimensions = Object.values(terms?.OnDemand ?? {}).flatMap(term => Object.values(term.priceDimensions ?? {}))
  const first = dimensions.find(({beginRange}) => Number(beginRange) === 0)
  const usd = Number(first?.pricePerUnit?.USD)
  if (published === undefined || !(usd > 0) || !Number.isFinite(usd)) return null
  return {usage: String(product?.attributes?.usagetype).replace(/^[A-Z0-9]+-/, ''), usd, publishedOn: published}
}

/** Nothing where the text is no document. */
function documentIn(text: string): Product {
  try {
    return (JSON.parse(text) ?? {}) as Product
  } catch {
    return {}
  }
}
