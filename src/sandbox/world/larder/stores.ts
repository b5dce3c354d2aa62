// Stack larder-stores: what the stores themselves need: shelf labels, tills, returns.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'

const priceLabels: CompanyFunction = {
  name: 'price-labels',
  description: 'Sends new prices to the labels on the shelves',
  created: '2023-06-12',
  runtime: 'nodejs22.x',
  handler: 'labels.handler',
  architecture: 'arm64',
  memorySizeMB: 512,
  memoryUsedMB: [79, 104],
  timeoutSeconds: 15,
  codeSizeMB: 0.8,
  initMs: [236, 430],
  logger: 'console',
  logFormat: 'JSON',
  systemLogLevel: 'WARN',
  retentionInDays: 14,
  // somebody hoped that the gateway would answer sooner
  releases: [
    {version: 11, daysAgo: 96, memorySizeMB: 256},
    {version: 12, daysAgo: 10},
  ],
  // nor with different roles
  waiting: [{version: 13, daysAgo: 2.1, role: 'store-gateway-writer'}],
  stories: {
    shown: {lines: [[0.9, 'INFO', 'labels show the new price', {sku: '{sku}', store: '{store}', labels: '{n:1-6}'}]]},
    offline: {
      lines: [[0.2, 'WARN', 'gateway is slow', {store: '{store}', waitedMs: '{n:4000-7900}'}]],
      failure: {
        type: 'GatewayOffline',
        message: 'label gateway of {store} does not answer',
        stack: [
          'send (/var/task/gateway.js:44:11)',
          'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
          'Runtime.handler (/var/task/labels.js:23:5)',
        ],
      },
    },
  },
}

const tillClosing: CompanyFunction = {
  name: 'till-closing',
  description: 'Closes the books of all tills every night',
  created: '2021-05-31',
  runtime: 'python3.12',
  handler: 'closing.handler',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [486, 507],
  timeoutSeconds: 30,
  codeSizeMB: 9.4,
  initMs: [880, 1500],
  logger: 'logging',
  retentionInDays: 90,
  // with less it is killed, and with little more it is nearly out of time
  work: {waitMs: 12_000, cpuMs: 8250, noise: 0.01, leastMB: 480},
  stories: {
    closed: {
      lines: [
        [0.03, 'INFO', 'closing {n:212-219} tills'],
        [0.98, 'INFO', 'books closed', {receipts: '{n:48000-61000}', took_ms: '{ms}'}],
      ],
    },
  },
}

const returnsLabels: CompanyFunction = {
  name: 'returns-labels',
  description: 'Prints labels for returns (the carrier is another one now)',
  created: '2020-11-09',
  runtime: 'python3.9',
  handler: 'returns.handler',
  architecture: 'x86_64',
  memorySizeMB: 256,
  memoryUsedMB: [70, 90],
  timeoutSeconds: 20,
  codeSizeMB: 4.2,
  initMs: [420, 760],
  logger: 'logging',
  retentionInDays: 30,
  formerlyInvoked: true,
  stories: {},
}

const loyaltyPoints: CompanyFunction = {
  name: 'loyalty-points',
  description: 'Points for every purchase',
  created: {daysAgo: 1},
  runtime: 'nodejs24.x',
  handler: 'points.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [60, 70],
  timeoutSeconds: 5,
  codeSizeMB: 0.2,
  initMs: [160, 300],
  logger: 'console',
  logFormat: 'JSON',
  stories: {},
}

const entries: readonly Entry[] = [
  {
    name: 'new prices for labels',
    perDay: 3600,
    asynchronous: true,
    shape: 'office',
    scenarios: [
      {name: 'shown', share: 0.97, start: {in: 'price-labels', story: 'shown', ms: [180, 900]}},
      {
        name: 'offline',
        share: 0.03,
        start: {
          in: 'price-labels',
          story: 'offline',
          ms: [8020, 8300],
          outcome: 'error',
          calls: [{via: 'retry', afterMs: 69_000, in: 'price-labels', story: 'shown', ms: [180, 900]}],
        },
      },
    ],
  },
  {
    name: 'till closing',
    schedule: {everyMinutes: 1440, atMinute: 150},
    scheduledBy: 'scheduler',
    triggerName: 'close-tills-nightly',
    scenarios: [{name: 'closed', share: 1, start: {in: 'till-closing', story: 'closed', ms: [28_100, 29_300]}}],
  },
]

export const stores: CompanyStack = {
  name: 'larder-stores',
  description: 'Shelf labels, tills, returns',
  created: '2020-11-09',
  tags: {team: 'stores', env: 'prod', 'cost-centre': '4300'},
  functions: [priceLabels, tillClosing, returnsLabels, loyaltyPoints],
  entries,
  mappings: [{functionName: 'returns-labels', source: 'sqs:returns', batchSize: 10, state: 'Disabled'}],
  rules: [
    {
      name: 'new-prices',
      pattern: {source: ['larder.prices'], 'detail-type': ['PriceChanged']},
      functionName: 'price-labels',
    },
  ],
}
