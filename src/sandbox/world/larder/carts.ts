// Carts and their prices.
import type {CompanyFunction, Entry} from '../company.ts'
import {http} from './http-api.ts'
import {conditionFailed, dynamo} from './uses.ts'

const loaded = dynamo('GetItem', 'carts', 0.03)
const saved = dynamo('UpdateItem', 'carts', 'last')

export const cartApi: CompanyFunction = {
  name: 'cart-api',
  description: 'Shopping carts',
  created: '2021-05-20',
  runtime: 'nodejs22.x',
  handler: 'cart.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [88, 121],
  timeoutSeconds: 6,
  codeSizeMB: 1.1,
  initMs: [318, 640],
  logger: 'powertools',
  retentionInDays: 14,
  tracing: 'Active',
  environment: {POWERTOOLS_SERVICE_NAME: 'cart', POWERTOOLS_METRICS_NAMESPACE: 'Larder'},
  olderVersions: 9,
  releases: [
    {version: 61, daysAgo: 26},
    {version: 62, daysAgo: 6},
  ],
  // 63 is as good as 62; 64 reads what carts made before coupons do not have
  waiting: [
    {version: 63, daysAgo: 0.9},
    {version: 64, daysAgo: 0.1},
  ],
  // what is in a cart is kept from others for some minutes
  durable: {story: 'changed', share: 0.12, minutes: [14, 45]},
  // the table it reads has its tides
  work: {waitMs: 8, cpuMs: 1.02, noise: 0.05, drift: {share: 0.25, minutes: 7}},
  stories: {
    changed: {
      uses: [loaded, saved],
      annotations: {cart: '{cart}', customer_tier: '{tier}'},
      lines: [
        [0.05, 'DEBUG', 'cart loaded, INFO follows', {cartId: '{cart}', lines: '{items}'}],
        [
          0.7,
          'INFO',
          'item added',
          {cartId: '{cart}', sku: '{sku}', product: '{product}', quantity: '{qty}', total: '{amount}'},
        ],
        [0.95, 'METRIC', 'Larder', {ItemsAdded: '{qty}', CartLatencyMs: '{ms}'}],
      ],
    },
    shown: {
      uses: [dynamo('GetItem', 'carts', 0.2)],
      lines: [
        [
          0.8,
          'INFO',
          'cart shown',
          {cartId: '{cart}', customerId: '{customer}', lines: '{items}', userAgent: '{userAgent}'},
        ],
      ],
    },
    conflict: {
      uses: [loaded, dynamo('UpdateItem', 'carts', 0.18, conditionFailed), dynamo('GetItem', 'carts', 0.32), saved],
      lines: [
        [
          0.3,
          'WARN',
          'cart changed meanwhile, trying again',
          {cartId: '{cart}', attempt: '2', expectedVersion: '{n:3-40}'},
        ],
        [
          0.9,
          'INFO',
          'item added',
          {cartId: '{cart}', sku: '{sku}', product: '{product}', quantity: '{qty}', total: '{amount}'},
        ],
      ],
    },
    couponless: {
      uses: [loaded],
      annotations: {cart: '{cart}', customer_tier: '{tier}'},
      lines: [
        [0.05, 'DEBUG', 'cart loaded, INFO follows', {cartId: '{cart}', lines: '{items}'}],
        [0.6, 'WARN', 'cart without coupons, made before them', {cartId: '{cart}', schema: '{n:3-6}'}],
      ],
      failure: {
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'coupons')",
        stack: [
          'discounts (/var/task/cart.js:15:8714)',
          'total (/var/task/cart.js:15:9030)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'Runtime.handler (/var/task/cart.js:15:23644)',
        ],
      },
    },
    broken: {
      uses: [loaded],
      lines: [[0.4, 'ERROR', 'pricing answered 500', {cartId: '{cart}', upstream: 'pricing', sku: '{sku}'}]],
      failure: {
        type: 'UpstreamError',
        message: 'pricing: FunctionError Unhandled',
        stack: [
          'priced (/var/task/cart.js:14:20411)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'addItem (/var/task/cart.js:14:22190)',
          'Runtime.handler (/var/task/cart.js:14:23002)',
        ],
      },
    },
  },
}

export const pricing: CompanyFunction = {
  name: 'pricing',
  description: 'Prices and promotions for a cart',
  created: '2021-11-02',
  runtime: 'dotnet8',
  handler: 'Larder.Pricing::Larder.Pricing.Function::HandleAsync',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [104, 139],
  timeoutSeconds: 5,
  codeSizeMB: 4.6,
  initMs: [460, 820],
  logger: 'dotnet',
  retentionInDays: 14,
  tracing: 'Active',
  proactive: 4,
  expects: {member: 'articles', otherwise: 'statusCode400'},
  stories: {
    priced: {
      uses: [dynamo('BatchGetItem', 'prices', 0.12)],
      lines: [[0.6, 'INFO', 'Priced {items} lines for {cart}: {amount} EUR, promotion {hex:4}']],
    },
    broken: {
      lines: [[0.3, 'WARN', 'Promotion {hex:4} has no end date']],
      failure: {
        type: 'System.InvalidOperationException',
        message: 'Sequence contains no matching element',
        stack: [
          'System.Linq.ThrowHelper.ThrowNoMatchException()',
          'Larder.Pricing.Promotions.Best(Cart cart) in /src/Pricing/Promotions.cs:line 57',
          'Larder.Pricing.Function.HandleAsync(PriceRequest request, ILambdaContext context) in /src/Pricing/Function.cs:line 34',
        ],
      },
    },
  },
}

export const cartRequests: Entry = {
  name: 'PUT /cart',
  perDay: 12_000,
  shape: 'shop',
  scenarios: [
    {name: 'shown', share: 0.64, start: http('cart', {in: 'cart-api', story: 'shown', ms: [12, 61]})},
    {
      name: 'changed',
      share: 0.33,
      start: http('cart', {
        in: 'cart-api',
        story: 'changed',
        ms: [38, 140],
        calls: [{via: 'sync', afterMs: 11, in: 'pricing', story: 'priced', ms: [14, 70]}],
      }),
    },
    {
      name: 'conflict',
      share: 0.028,
      start: http('cart', {
        in: 'cart-api',
        story: 'conflict',
        ms: [90, 260],
        calls: [{via: 'sync', afterMs: 48, in: 'pricing', story: 'priced', ms: [14, 70]}],
      }),
    },
    {
      name: 'no price',
      share: 0.0015,
      start: http('cartFailed', {
        in: 'cart-api',
        story: 'broken',
        ms: [30, 90],
        outcome: 'error',
        calls: [{via: 'sync', afterMs: 11, in: 'pricing', story: 'broken', ms: [9, 40], outcome: 'error'}],
      }),
    },
    {
      name: 'no coupons',
      share: 0,
      shareOn: {'64': 0.07},
      start: http('cartFailed', {in: 'cart-api', story: 'couponless', ms: [17, 62], outcome: 'error'}),
    },
  ],
}
