// Checkout: orders are placed and read here. Version 42 is the incident.
import type {CompanyFunction, Use} from '../company.ts'
import {conditionFailed, dynamo, http} from './uses.ts'

const begun = dynamo('PutItem', 'orders', 0.015)
const settled: readonly Use[] = [
  begun,
  dynamo('UpdateItem', 'orders', 'last'),
  {service: 'Events', operation: 'PutEvents', resource: 'larder', at: 'last', ms: [6, 21]},
]

/** What the tracer notes of every order. */
const noted = {
  annotations: {order: '{order}', customer_tier: '{tier}', items: '{items}'},
  metadata: {customer: '{customer}', store: '{store}', amount: '{amount}', currency: 'EUR'},
}

export const checkoutApi: CompanyFunction = {
  name: 'checkout-api',
  description: 'Takes orders: reserves stock, charges the card, writes the order',
  created: '2021-03-09',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  architecture: 'arm64',
  memorySizeMB: 512,
  memoryUsedMB: [112, 168],
  timeoutSeconds: 10,
  codeSizeMB: 1.9,
  initMs: [412, 1080],
  logger: 'console',
  retentionInDays: 30,
  tracing: 'Active',
  environment: {ORDERS_TABLE: 'orders', PAYMENTS_URL: 'https://payments.internal.example', LOG_LEVEL: 'info'},
  olderVersions: 14,
  releases: [
    {version: 38, daysAgo: 33},
    {version: 39, daysAgo: 21},
    {version: 40, daysAgo: 11},
    {version: 41, daysAgo: 4},
  ],
  incidentVersion: 42,
  // computing on one thread: 1,769 MB are as fast as it gets
  work: {story: 'placed', waitMs: 0, cpuMs: 39.6, exponent: 1.05, noise: 0.05},
  stories: {
    placed: {
      uses: settled,
      ...noted,
      lines: [
        [0.01, 'INFO', 'POST /orders', {orderId: '{order}', customer: '{customer}', items: '{items}'}],
        [0.3, 'INFO', 'reserved {items} items', {orderId: '{order}', sku: '{sku}'}],
        [0.97, 'INFO', 'payment accepted', {payment: '{payment}', amount: '{amount}', currency: 'EUR'}],
        [0.99, 'INFO', 'POST /orders 201 in {ms} ms', {orderId: '{order}', items: '{items}'}],
      ],
    },
    slow: {
      uses: settled,
      ...noted,
      lines: [
        [0.01, 'INFO', 'POST /orders', {orderId: '{order}', customer: '{customer}', items: '{items}'}],
        [0.1, 'INFO', 'reserved {items} items', {orderId: '{order}', sku: '{sku}'}],
        [
          0.7,
          'WARN',
          'payments: slow answer after {n:820-1390} ms',
          {orderId: '{order}', pool: 'payments-v2', waiting: '{n:3-17}'},
        ],
        [0.99, 'INFO', 'POST /orders 201 in {ms} ms', {orderId: '{order}', items: '{items}'}],
      ],
    },
    paymentTimeout: {
      uses: [begun],
      ...noted,
      lines: [
        [0.01, 'INFO', 'POST /orders', {orderId: '{order}', customer: '{customer}', items: '{items}'}],
        [0.08, 'INFO', 'reserved {items} items', {orderId: '{order}', sku: '{sku}'}],
        [
          0.22,
          'WARN',
          'payments: retry 1',
          {orderId: '{order}', cause: 'ECONNRESET', upstream: 'payments.internal.example'},
        ],
        [0.995, 'INFO', 'released {items} items after failure', {orderId: '{order}', sku: '{sku}'}],
      ],
      failure: {
        type: 'PaymentTimeout',
        message: 'upstream did not answer in 1500 ms',
        stack: [
          'charge (/var/task/payments.ts:88:11)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'placeOrder (/var/task/orders.ts:52:21)',
          'handler (/var/task/index.ts:31:18)',
        ],
      },
    },
    paymentsBusy: {
      uses: [begun, http('POST', 'https://payments.internal.example/charges', 0.4, [18, 60], 503)],
      ...noted,
      lines: [
        [0.01, 'INFO', 'POST /orders', {orderId: '{order}', customer: '{customer}', items: '{items}'}],
        [0.3, 'INFO', 'reserved {items} items', {orderId: '{order}', sku: '{sku}'}],
        [0.995, 'INFO', 'released {items} items after failure', {orderId: '{order}', sku: '{sku}'}],
      ],
      failure: {
        type: 'PaymentsBusy',
        message: '503 from payments.internal.example, retry after {n:2-9} s',
        stack: [
          'charge (/var/task/payments.ts:71:13)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'placeOrder (/var/task/orders.ts:52:21)',
          'handler (/var/task/index.ts:31:18)',
        ],
      },
    },
    outOfStock: {
      annotations: noted.annotations,
      lines: [
        [0.02, 'INFO', 'POST /orders', {orderId: '{order}', customer: '{customer}', items: '{items}'}],
        [0.6, 'WARN', 'out of stock: {product}', {orderId: '{order}', sku: '{sku}', wanted: '{qty}', left: '0'}],
        [0.98, 'INFO', 'POST /orders 409 in {ms} ms', {orderId: '{order}'}],
      ],
    },
    read: {
      uses: [dynamo('GetItem', 'orders', 0.3)],
      annotations: {order: '{order}'},
      lines: [[0.95, 'INFO', 'GET /orders/{order} 200 in {ms} ms', {customer: '{customer}'}]],
    },
    listed: {
      // an index gives the orders of a customer, and each is read by itself
      uses: [dynamo('Query', 'orders', 0.04), dynamo('GetItem', 'orders', 0.22, {times: '{n:0-40}', until: 0.86})],
      annotations: {customer_tier: '{tier}'},
      lines: [[0.95, 'INFO', 'GET /orders 200 in {ms} ms', {customer: '{customer}', orders: '{n:0-40}'}]],
    },
    brokenRead: {
      uses: [dynamo('GetItem', 'orders', 0.1)],
      annotations: {order: '{order}'},
      lines: [[0.2, 'WARN', 'order has no delivery slot', {orderId: '{order}', city: '{city}'}]],
      failure: {
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'slot')",
        stack: [
          'toView (/var/task/views.ts:23:41)',
          'Array.map (<anonymous>)',
          'readOrder (/var/task/orders.ts:97:30)',
          'handler (/var/task/index.ts:27:14)',
        ],
      },
    },
  },
}

export const inventory: CompanyFunction = {
  name: 'inventory',
  description: 'Stock per store: reserve and release',
  created: '2021-03-09',
  runtime: 'python3.13',
  handler: 'inventory.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [71, 96],
  timeoutSeconds: 5,
  codeSizeMB: 0.4,
  initMs: [236, 410],
  logger: 'logging',
  retentionInDays: 14,
  tracing: 'Active',
  provisionedConcurrency: 4,
  environment: {STOCK_TABLE: 'stock'},
  olderVersions: 6,
  releases: [
    {version: 16, daysAgo: 40},
    {version: 17, daysAgo: 18},
  ],
  waiting: [{version: 18, daysAgo: 0.6}],
  stories: {
    reserved: {
      uses: [dynamo('UpdateItem', 'stock', 0.2)],
      annotations: {order: '{order}'},
      lines: [[0.8, 'INFO', 'reserved', {sku: '{sku}', qty: '{qty}', store: '{store}', order: '{order}'}]],
    },
    released: {
      uses: [dynamo('UpdateItem', 'stock', 0.2)],
      annotations: {order: '{order}'},
      lines: [[0.8, 'INFO', 'released', {sku: '{sku}', qty: '{qty}', order: '{order}'}]],
    },
    soldOut: {
      uses: [dynamo('UpdateItem', 'stock', 0.2, conditionFailed)],
      annotations: {order: '{order}'},
      lines: [[0.7, 'WARN', 'stock 0', {sku: '{sku}', store: '{store}', order: '{order}'}]],
    },
  },
}
