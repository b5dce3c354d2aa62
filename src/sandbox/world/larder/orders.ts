// Stack larder-orders: what happens after an order was placed.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'
import {payments} from './payments.ts'
import {receipts, receiptsMailer} from './receipts.ts'
import {conditionFailed, dynamo, http, published} from './uses.ts'

const charge = 'https://payments.internal.example/charges/{payment}'

const billingWorker: CompanyFunction = {
  name: 'billing-worker',
  description: 'Books the charge of an order and writes its invoice line',
  created: '2021-03-16',
  runtime: 'nodejs22.x',
  handler: 'worker.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [138, 207],
  timeoutSeconds: 20,
  codeSizeMB: 2.3,
  initMs: [398, 760],
  logger: 'console',
  retentionInDays: 30,
  tracing: 'Active',
  deadLetterQueue: 'orders-billing-dlq',
  environment: {LEDGER_TABLE: 'ledger'},
  olderVersions: 8,
  releases: [
    {version: 24, daysAgo: 29},
    {version: 25, daysAgo: 9},
  ],
  // Lambda lets no alias serve two versions with different dead letter queues
  waiting: [{version: 26, daysAgo: 0.4, deadLetterQueue: 'orders-billing-failed'}],
  work: {story: 'billed', waitMs: 90, cpuMs: 15.4, noise: 0.25, outliers: {share: 0.03, times: 4}},
  stories: {
    billed: {
      uses: [http('GET', charge, 0.08, [21, 60]), dynamo('PutItem', 'ledger', 0.5), published('invoices')],
      annotations: {order: '{order}'},
      metadata: {invoice: 'L-{orderNumber}', amount: '{amount}'},
      lines: [
        [0.05, 'INFO', 'received 1 message from orders-billing', {orderId: '{order}'}],
        [
          0.95,
          'INFO',
          'booked',
          {orderId: '{order}', payment: '{payment}', amount: '{amount}', invoice: 'L-{orderNumber}'},
        ],
      ],
    },
    billedSlowly: {
      uses: [
        http('GET', charge, 0.04, [90, 260], 202),
        http('GET', charge, 0.61, [40, 120]),
        dynamo('PutItem', 'ledger', 0.85),
        published('invoices'),
      ],
      annotations: {order: '{order}'},
      lines: [
        [0.03, 'INFO', 'received 1 message from orders-billing', {orderId: '{order}'}],
        [
          0.6,
          'WARN',
          'payments: status pending, asking again',
          {orderId: '{order}', attempt: '2', waitedMs: '{n:300-700}'},
        ],
        [
          0.97,
          'INFO',
          'booked',
          {orderId: '{order}', payment: '{payment}', amount: '{amount}', invoice: 'L-{orderNumber}'},
        ],
      ],
    },
    unknownCharge: {
      uses: [
        http('GET', charge, 0.04, [210, 440], 504),
        http('GET', charge, 0.51, [160, 340], 504),
        http('GET', charge, 0.91, [40, 90], 504),
      ],
      annotations: {order: '{order}'},
      lines: [
        [0.03, 'INFO', 'received 1 message from orders-billing', {orderId: '{order}'}],
        [0.5, 'WARN', 'payments: status unknown, asking again', {orderId: '{order}', attempt: '2'}],
        [0.9, 'WARN', 'payments: status unknown, asking again', {orderId: '{order}', attempt: '3'}],
      ],
      failure: {
        type: 'ChargeStateUnknown',
        message: 'charge of {order} is neither accepted nor refused',
        stack: [
          'settle (/var/task/ledger.ts:71:13)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'bill (/var/task/worker.ts:44:9)',
          'Runtime.handler (/var/task/worker.ts:19:5)',
        ],
      },
    },
    reconciled: {
      uses: [http('GET', charge, 0.06, [60, 300], 404), dynamo('UpdateItem', 'ledger', 0.7)],
      annotations: {order: '{order}'},
      lines: [
        [0.04, 'INFO', 'received 1 message from orders-billing', {orderId: '{order}', receiveCount: '2'}],
        [0.95, 'WARN', 'order was not charged, closing it', {orderId: '{order}', amount: '{amount}'}],
      ],
    },
  },
}

const ordersStream: CompanyFunction = {
  name: 'orders-stream',
  description: 'Projects order changes into the read model',
  created: '2021-06-01',
  runtime: 'nodejs20.x',
  handler: 'stream.handler',
  architecture: 'x86_64',
  memorySizeMB: 128,
  memoryUsedMB: [79, 101],
  timeoutSeconds: 3,
  codeSizeMB: 0.8,
  initMs: [301, 540],
  logger: 'console',
  retentionInDays: 14,
  tracing: 'Active',
  stories: {
    projected: {
      uses: [dynamo('PutItem', 'orders-by-customer', 0.3)],
      lines: [[0.9, 'INFO', 'projected 1 record', {orderId: '{order}', sequence: '{shipment}'}]],
    },
    conflict: {
      uses: [dynamo('PutItem', 'orders-by-customer', 0.45, conditionFailed)],
      lines: [[0.4, 'INFO', 'order is newer than the read model', {orderId: '{order}'}]],
      failure: {
        type: 'ConditionalCheckFailedException',
        message: 'The conditional request failed',
        stack: [
          'throwDefaultError (/var/task/node_modules/@smithy/smithy-client/dist-cjs/index.js:867:20)',
          'de_CommandError (/var/task/node_modules/@aws-sdk/client-dynamodb/dist-cjs/index.js:2204:14)',
          'project (/var/task/stream.js:58:5)',
          'Runtime.handler (/var/task/stream.js:21:7)',
        ],
      },
    },
    stuck: {
      uses: [dynamo('PutItem', 'orders-by-customer', 0.03, {ms: [5000, 5200]})],
      lines: [
        [0.02, 'INFO', 'projecting', {orderId: '{order}'}],
        [0.4, 'WARN', 'read model: connection is slow', {waitedMs: '1000'}],
      ],
    },
  },
}

const ordersRetry: CompanyFunction = {
  name: 'orders-retry',
  description: 'Tries failed orders again',
  created: '2024-07-30',
  runtime: 'nodejs20.x',
  handler: 'retry.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [70, 80],
  timeoutSeconds: 30,
  codeSizeMB: 0.6,
  initMs: [200, 400],
  logger: 'console',
  environment: {ORDERS_TABLE: 'orders'},
  stories: {},
}

const invoicePdf: CompanyFunction = {
  name: 'invoice-pdf',
  description: 'Draws invoices for business customers',
  created: '2022-01-24',
  runtime: 'dotnet8',
  handler: '',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [301, 470],
  timeoutSeconds: 30,
  codeSizeMB: 148,
  initMs: [610, 1400],
  logger: 'dotnet',
  packageType: 'Image',
  retentionInDays: 30,
  // it lives on the garbage collector below 600 MB
  work: {waitMs: 200, cpuMs: 490, noise: 0.06, comfortableMB: 600, leastMB: 384},
  expects: {member: 'orderId', otherwise: 'throws'},
  stories: {
    drawn: {
      lines: [
        [0.05, 'INFO', 'Invoice L-{orderNumber}: {n:1-6} pages for {city}'],
        [0.97, 'INFO', 'Stored s3://larder-invoices/L-{orderNumber}.pdf, {n:41-390} KB'],
      ],
    },
    tooLarge: {
      lines: [
        [0.02, 'INFO', 'Invoice L-{orderNumber}: {n:180-420} pages for {city}'],
        [0.7, 'WARN', 'Working set {n:440-505} MB'],
      ],
    },
  },
}

const giftCards: CompanyFunction = {
  name: 'gift-cards-preview',
  description: 'Gift cards, not announced yet',
  created: '2025-01-15',
  runtime: 'nodejs22.x',
  handler: 'preview.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [60, 70],
  timeoutSeconds: 3,
  codeSizeMB: 0.3,
  initMs: [160, 300],
  logger: 'console',
  stories: {},
}

const invoices: Entry = {
  name: 'business invoices',
  perDay: 820,
  shape: 'office',
  scenarios: [
    {name: 'drawn', share: 0.985, start: {in: 'invoice-pdf', story: 'drawn', ms: [1650, 6200]}},
    {
      name: 'too large',
      share: 0.012,
      start: {
        in: 'invoice-pdf',
        story: 'tooLarge',
        ms: [6900, 12_000],
        outcome: 'oom',
        calls: [
          {
            via: 'redelivery',
            afterMs: 90_000,
            in: 'invoice-pdf',
            story: 'tooLarge',
            ms: [6900, 12_000],
            outcome: 'oom',
          },
        ],
      },
    },
    {
      name: 'too slow',
      share: 0.003,
      start: {in: 'invoice-pdf', story: 'tooLarge', ms: [30_000, 30_000], outcome: 'timeout'},
    },
  ],
}

export const orders: CompanyStack = {
  name: 'larder-orders',
  description: 'Billing, receipts, invoices, read model',
  created: '2021-03-16',
  tags: {team: 'orders', env: 'prod', 'cost-centre': '4200'},
  functions: [billingWorker, ordersStream, ordersRetry, receiptsMailer, invoicePdf, giftCards],
  logGroups: [payments],
  entries: [receipts, invoices],
  mappings: [
    {
      functionName: 'billing-worker',
      source: 'sqs:orders-billing',
      batchSize: 1,
      visibilitySeconds: 30,
      redrive: {to: 'orders-billing-dlq', maxReceiveCount: 3},
    },
    {functionName: 'orders-stream', source: 'dynamodb:table/orders/stream/2021-06-01T08:12:40.118', batchSize: 1},
    {
      functionName: 'orders-retry',
      source: 'sqs:orders-retry',
      batchSize: 10,
      // its role was tidied up three days ago; Lambda says no more than this
      lastProcessingResult: 'PROBLEM: Function call failed',
      backlog: {messages: 1204, days: 3.04},
    },
    {
      functionName: 'invoice-pdf',
      source: 'sqs:invoices',
      batchSize: 1,
      visibilitySeconds: 90,
      redrive: {to: 'invoices-dlq', maxReceiveCount: 2},
    },
  ],
  resources: [
    ['BillingQueue', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-billing'],
    ['BillingDeadLetters', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-billing-dlq'],
    ['RetryQueue', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-retry'],
    ['InvoicesQueue', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/invoices'],
    ['LedgerTable', 'AWS::DynamoDB::Table', 'ledger'],
  ],
}
