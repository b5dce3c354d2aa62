// Stack larder-us in us-east-1: a small storefront for customers in America, and what the CDN asks everywhere.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'
import {dynamo, http} from './uses.ts'

const home = 'https://orders.larder.example/v1/foreign-orders'

const usStorefront: CompanyFunction = {
  name: 'us-storefront',
  description: 'The shop for America: pages, baskets, orders',
  created: '2024-09-03',
  runtime: 'nodejs22.x',
  handler: 'storefront.handler',
  architecture: 'arm64',
  memorySizeMB: 512,
  memoryUsedMB: [118, 164],
  timeoutSeconds: 10,
  codeSizeMB: 2.6,
  initMs: [340, 610],
  logger: 'console',
  retentionInDays: 14,
  tracing: 'Active',
  environment: {HOME_REGION: 'eu-west-1', TAX_FUNCTION: 'us-tax'},
  url: 'AWS_IAM',
  releases: [
    {version: 11, daysAgo: 33},
    {version: 12, daysAgo: 5},
  ],
  stories: {
    page: {
      uses: [dynamo('GetItem', 'articles', 0.2)],
      lines: [[0.95, 'INFO', 'GET /p/{sku} 200 in {ms} ms', {agent: '{userAgent}'}]],
    },
    ordered: {
      uses: [dynamo('PutItem', 'us-orders', 'last')],
      annotations: {order: '{order}', customer_tier: '{tier}'},
      lines: [
        [0.1, 'INFO', 'order {order} of {customer}', {items: '{items}', zip: '{zip}'}],
        [0.95, 'INFO', 'POST /orders 201 in {ms} ms', {order: '{order}', total: '{amount}', currency: 'USD'}],
      ],
    },
    estimated: {
      uses: [dynamo('PutItem', 'us-orders', 'last')],
      annotations: {order: '{order}', customer_tier: '{tier}'},
      lines: [
        [0.1, 'INFO', 'order {order} of {customer}', {items: '{items}', zip: '{zip}'}],
        [0.8, 'WARN', 'no tax rate for {zip}, estimating', {order: '{order}'}],
        [0.95, 'INFO', 'POST /orders 201 in {ms} ms', {order: '{order}', total: '{amount}', currency: 'USD'}],
      ],
    },
  },
}

const usTax: CompanyFunction = {
  name: 'us-tax',
  description: 'Sales tax by ZIP code',
  created: '2024-09-03',
  runtime: 'python3.13',
  handler: 'tax.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [74, 98],
  timeoutSeconds: 5,
  codeSizeMB: 1.1,
  initMs: [310, 560],
  logger: 'powertools',
  logFormat: 'JSON',
  retentionInDays: 14,
  tracing: 'Active',
  environment: {POWERTOOLS_SERVICE_NAME: 'tax'},
  expects: {member: 'zip', otherwise: 'throws'},
  stories: {
    quoted: {
      uses: [dynamo('GetItem', 'zip-codes', 0.2)],
      lines: [[0.9, 'INFO', 'quoted', {order: '{order}', zip: '{zip}', rate: '0.0{n:10-95}'}]],
    },
    unknown: {
      uses: [dynamo('GetItem', 'zip-codes', 0.3)],
      lines: [[0.3, 'INFO', 'asking the rate table', {order: '{order}', zip: '{zip}'}]],
      failure: {
        type: 'RateNotFound',
        message: 'no rate for ZIP {zip}',
        stack: [
          'File "/var/task/tax.py", line 41, in handler\n    rate = rates.of(event["zip"])',
          'File "/var/task/rates.py", line 19, in of\n    raise RateNotFound(zip_code)',
        ],
      },
    },
  },
}

const usOrderRouter: CompanyFunction = {
  name: 'us-order-router',
  description: 'Hands American orders to the home region',
  created: '2024-09-03',
  runtime: 'provided.al2023',
  handler: 'bootstrap',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [28, 41],
  timeoutSeconds: 15,
  codeSizeMB: 5.4,
  initMs: [61, 120],
  logger: 'slog',
  retentionInDays: 30,
  tracing: 'Active',
  stories: {
    routed: {
      uses: [http('POST', home, 0.1, [140, 330], 201)],
      annotations: {order: '{order}'},
      lines: [[0.9, 'INFO', 'order routed', {order: '{order}', to: 'eu-west-1', took: '{ms}'}]],
    },
    slow: {
      uses: [http('POST', home, 0.04, [1300, 2600], 504), http('POST', home, 0.62, [240, 900], 201)],
      annotations: {order: '{order}'},
      lines: [
        [0.6, 'WARN', 'home region is slow', {order: '{order}', attempt: '2'}],
        [0.9, 'INFO', 'order routed', {order: '{order}', to: 'eu-west-1', took: '{ms}'}],
      ],
    },
  },
}

const usZipImport: CompanyFunction = {
  name: 'us-zip-import',
  description: 'Imports ZIP codes and their rates',
  created: '2025-01-14',
  runtime: 'nodejs22.x',
  handler: 'import.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [92, 131],
  timeoutSeconds: 60,
  codeSizeMB: 0.6,
  initMs: [250, 440],
  logger: 'console',
  logFormat: 'JSON',
  stories: {
    imported: {lines: [[0.9, 'INFO', 'imported', {changed: '{n:0-40}', kept: '{n:41200-41690}', took_ms: '{ms}'}]]},
  },
}

const viewerAuth: CompanyFunction = {
  name: 'viewer-auth',
  replicatedTo: ['eu-west-1', 'eu-central-1'],
  olderVersions: 3,
  description: 'Signs the cookies the CDN asks for, for all regions',
  created: '2023-05-22',
  runtime: 'nodejs22.x',
  handler: 'auth.handler',
  architecture: 'x86_64',
  memorySizeMB: 128,
  memoryUsedMB: [66, 82],
  timeoutSeconds: 5,
  codeSizeMB: 0.1,
  initMs: [160, 320],
  logger: 'console',
  retentionInDays: 7,
  stories: {
    signed: {lines: [[0.9, 'INFO', 'signed', {viewer: '{ip}'}]]},
    expired: {lines: [[0.5, 'WARN', 'token has expired', {viewer: '{ip}', agent: '{userAgent}'}]]},
  },
}

const routed = {via: 'queue', afterMs: 1400, in: 'us-order-router', story: 'routed', ms: [180, 420]} as const

const requests: Entry = {
  name: 'us storefront',
  perDay: 5200,
  shape: 'shop',
  scenarios: [
    {name: 'page', share: 0.86, start: {in: 'us-storefront', story: 'page', ms: [38, 240]}},
    {
      name: 'ordered',
      share: 0.126,
      start: {
        in: 'us-storefront',
        story: 'ordered',
        ms: [90, 380],
        calls: [{via: 'sync', afterMs: 14, in: 'us-tax', story: 'quoted', ms: [18, 90]}, routed],
      },
    },
    {
      name: 'ordered, home region slow',
      share: 0.004,
      start: {
        in: 'us-storefront',
        story: 'ordered',
        ms: [90, 380],
        calls: [
          {via: 'sync', afterMs: 14, in: 'us-tax', story: 'quoted', ms: [18, 90]},
          {...routed, story: 'slow', ms: [2400, 6100]},
        ],
      },
    },
    {
      name: 'ordered, tax unknown',
      share: 0.01,
      start: {
        in: 'us-storefront',
        story: 'estimated',
        ms: [110, 420],
        calls: [{via: 'sync', afterMs: 14, in: 'us-tax', story: 'unknown', ms: [12, 60], outcome: 'error'}, routed],
      },
    },
  ],
}

const viewers: Entry = {
  name: 'cdn viewers',
  perDay: 3600,
  shape: 'flat',
  scenarios: [
    {name: 'signed', share: 0.97, start: {in: 'viewer-auth', story: 'signed', ms: [3, 14]}},
    {name: 'expired', share: 0.03, start: {in: 'viewer-auth', story: 'expired', ms: [2, 8]}},
  ],
}

const imports: Entry = {
  name: 'zip import',
  schedule: {everyMinutes: 30, atMinute: 12},
  scenarios: [{name: 'imported', share: 1, start: {in: 'us-zip-import', story: 'imported', ms: [3100, 8800]}}],
}

export const america: CompanyStack = {
  name: 'larder-us',
  description: 'The shop for America',
  created: '2024-09-03',
  tags: {team: 'shop', env: 'prod', 'cost-centre': '4110'},
  functions: [usStorefront, usTax, usOrderRouter, usZipImport],
  entries: [requests, imports],
  mappings: [{functionName: 'us-order-router', source: 'sqs:us-orders', batchSize: 1}],
  resources: [
    ['UsOrdersQueue', 'AWS::SQS::Queue', 'https://sqs.us-east-1.amazonaws.com/123456789012/us-orders'],
    ['ZipTable', 'AWS::DynamoDB::Table', 'zip-codes'],
  ],
}

export const edge: CompanyStack = {
  name: 'larder-edge',
  description: 'What the CDN asks, wherever its viewers are',
  created: '2023-05-22',
  tags: {team: 'platform', env: 'prod', 'cost-centre': '4000'},
  functions: [viewerAuth],
  entries: [viewers],
}
