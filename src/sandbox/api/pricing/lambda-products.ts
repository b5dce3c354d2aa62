import {createHash} from 'node:crypto'
import prices from '../../../data/lambda-prices.json' with {type: 'json'}

/** Something that AWS sells in a region. */
export type Product = {
  readonly sku: string
  readonly attributes: Readonly<Record<string, string>>
  readonly unit: string
  readonly tiers: readonly Tier[]
}

type Tier = {readonly upTo: number | null; readonly usd: number}

/** What a region's bills call it; what is not here is told by its code. */
const billedAs: Readonly<Record<string, string>> = {
  'us-east-1': '',
  'us-east-2': 'USE2-',
  'us-west-1': 'USW1-',
  'us-west-2': 'USW2-',
  'af-south-1': 'AFS1-',
  'ap-east-1': 'APE1-',
  'ap-northeast-1': 'APN1-',
  'ap-northeast-2': 'APN2-',
  'ap-northeast-3': 'APN3-',
  'ap-south-1': 'APS3-',
  'ap-southeast-1': 'APS1-',
  'ap-southeast-2': 'APS2-',
  'ca-central-1': 'CAN1-',
  'eu-central-1': 'EUC1-',
  'eu-central-2': 'EUC2-',
  'eu-north-1': 'EUN1-',
  'eu-south-1': 'EUS1-',
  'eu-west-1': 'EU-',
  'eu-west-2': 'EUW2-',
  'eu-west-3': 'EUW3-',
  'me-central-1': 'MEC1-',
  'me-south-1': 'MES1-',
  'sa-east-1': 'SAE1-',
}

type RegionRow = {
  readonly requestsPerMillion?: number
  readonly x86_64?: number
  readonly arm64?: number
  readonly ephemeralStorage?: number
}

const base = prices.lambda.default

const tiered = (listed: typeof base.x86_64 | typeof base.arm64, first: number | undefined): readonly Tier[] =>
  listed.tiers.map(({upToGBSeconds, perGBSecond}, index) => ({
    upTo: upToGBSeconds,
    usd: first === undefined ? perGBSecond : first * (1 - index / 10),
  }))
const flat = (usd: number): readonly Tier[] => [{upTo: null, usd}]

function productsOf(region: string, row: RegionRow): readonly Product[] {
  const prefix = billedAs[region] ?? `${region.replaceAll('-', '').toUpperCase()}-`
  const sold = (group: string, usage: string, unit: string, tiers: readonly Tier[]): Product => ({
    sku: createHash('sha256')
      .update(prefix + usage)
      .digest('hex')
      .slice(0, 16)
      .toUpperCase(),
    attributes: {
      servicecode: 'AWSLambda',
      servicename: 'AWS Lambda',
      locationType: 'AWS Region',
      regionCode: region,
      group,
      usagetype: prefix + usage,
      operation: '',
    },
    unit,
    tiers,
  })
  const request = flat((row.requestsPerMillion ?? base.requestsPerMillion) / 1e6)
  const storage = flat(row.ephemeralStorage ?? base.ephemeralStoragePerGBSecond)
  return [
    sold('AWS-Lambda-Duration', 'Lambda-GB-Second', 'Lambda-GB-Second', tiered(base.x86_64, row.x86_64)),
    sold('AWS-Lambda-Duration-ARM', 'Lambda-GB-Second-ARM', 'Lambda-GB-Second', tiered(base.arm64, row.arm64)),
    sold('AWS-Lambda-Requests', 'Request', 'Requests', request),
    sold('AWS-Lambda-Requests-ARM', 'Request-ARM', 'Requests', request),
    sold('AWS-Lambda-Edge-Requests', 'Lambda-Edge-Request', 'Request', flat(0.0000006)),
    sold('AWS-Lambda-Edge-Duration', 'Lambda-Edge-GB-Second', 'Lambda-GB-Second', flat(0.00005001)),
    sold('AWS-Lambda-Storage-Duration', 'Lambda-Storage-GB-Second', 'GB-Seconds', storage),
    sold('AWS-Lambda-Storage-Duration-ARM', 'Lambda-Storage-GB-Second-ARM', 'GB-Seconds', storage),
    sold(
      'AWS-Lambda-SnapStart-Cache',
      'Lambda-SnapStart-Cached-GB-S',
      'Lambda-GB-Second',
      flat(base.snapStartCachePerGBSecond),
    ),
    sold('AWS-Lambda-SnapStart-Restore', 'Lambda-SnapStart-Restored-GB', 'GB', flat(base.snapStartRestorePerGB)),
  ]
}

/** Lambda's, of every region that is priced in USD (src/data/lambda-prices.json). */
export const lambdaProducts: readonly Product[] = Object.entries(prices.lambda.regions).flatMap(([region, row]) =>
  productsOf(region, row),
)

const onDemandTerm = 'JRTCKXETXF'

/** A product as the Price List has it: a JSON document, of which an answer holds the text. */
export function priceListText({sku, attributes, unit, tiers}: Product): string {
  const term = `${sku}.${onDemandTerm}`
  const dimensions = tiers.map(({upTo, usd}, index) => {
    const rateCode = `${term}.TIER${index + 1}`
    const dimension = {
      unit,
      beginRange: String(tiers[index - 1]?.upTo ?? 0),
      endRange: upTo === null ? 'Inf' : String(upTo),
      description: `AWS Lambda - ${attributes['group']} - ${attributes['regionCode']} Tier-${index + 1}`,
      appliesTo: [],
      rateCode,
      pricePerUnit: {USD: usd.toFixed(10)},
    }
    return [rateCode, dimension] as const
  })
  const publicationDate = `${prices.asOf}T00:00:00Z`
  return JSON.stringify({
    product: {productFamily: 'Serverless', attributes, sku},
    serviceCode: 'AWSLambda',
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: Object.fromEntries(dimensions),
          sku,
          effectiveDate: publicationDate,
          offerTermCode: onDemandTerm,
          termAttributes: {},
        },
      },
    },
    version: prices.asOf.replaceAll('-', ''),
    publicationDate,
  })
}
