// Stack larder-platform: what the other teams stand on.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'

const paymentsWebhook: CompanyFunction = {
  name: 'payments-webhook',
  description: 'Takes settlements from the payment provider (function URL)',
  created: '2022-09-12',
  runtime: 'nodejs20.x',
  handler: 'webhook.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [71, 88],
  timeoutSeconds: 5,
  codeSizeMB: 0.5,
  initMs: [244, 470],
  logger: 'console',
  logFormat: 'JSON',
  retentionInDays: 14,
  url: 'NONE',
  olderVersions: 6,
  releases: [
    {version: 11, daysAgo: 50},
    {version: 12, daysAgo: 13},
  ],
  waiting: [{version: 13, daysAgo: 1.2}],
  managedBy: 'terraform',
  // waits for others, whatever memory it has
  work: {waitMs: 18, cpuMs: 0, noise: 0.06},
  stories: {
    settled: {
      lines: [
        [
          0.9,
          'INFO',
          'settlement stored',
          {payment: '{payment}', amount: '{amount}', currency: 'EUR', userAgent: '{userAgent}'},
        ],
      ],
    },
    badSignature: {lines: [[0.5, 'WARN', 'signature does not match', {ip: '{ip}', userAgent: '{userAgent}'}]]},
  },
}

const slackAlerts: CompanyFunction = {
  name: 'slack-alerts',
  description: 'Posts alarms to the on-call channel',
  created: '2020-02-20',
  runtime: 'python3.12',
  handler: 'alerts.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [52, 61],
  timeoutSeconds: 10,
  codeSizeMB: 0.1,
  initMs: [260, 460],
  logger: 'logging',
  retentionInDays: 30,
  invokedBy: [['sns.amazonaws.com', 'arn:aws:sns:eu-west-1:123456789012:alerts']],
  stories: {
    posted: {
      lines: [
        [0.1, 'PRINT', '{"Records": [{"EventSource": "aws:sns", "Subject": "OK: image-resize-errors"}]}'],
        [0.9, 'INFO', 'posted to #oncall 🔔'],
      ],
    },
  },
}

const logArchiver: CompanyFunction = {
  name: 'log-archiver',
  description: 'Moves old access logs to cold storage',
  created: '2023-09-04',
  runtime: 'nodejs22.x',
  handler: 'archive.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [80, 140],
  timeoutSeconds: 30,
  codeSizeMB: 0.7,
  initMs: [230, 440],
  logger: 'console',
  logGroupClass: 'INFREQUENT_ACCESS',
  retentionInDays: 90,
  stories: {
    moved: {
      lines: [
        [0.1, 'INFO', 'archiving hour'],
        [0.9, 'INFO', 'moved {n:20-90} objects', {bytes: '{n:9000000-88000000}'}],
      ],
    },
  },
}

const featureFlags: CompanyFunction = {
  name: 'feature-flags',
  description: 'Publishes feature flags to the edge',
  created: '2020-10-05',
  runtime: 'nodejs20.x',
  handler: 'flags.handler',
  architecture: 'x86_64',
  memorySizeMB: 128,
  memoryUsedMB: [66, 80],
  timeoutSeconds: 10,
  codeSizeMB: 0.3,
  initMs: [182, 330],
  logger: 'console',
  retentionInDays: 7,
  stories: {
    published: {lines: [[0.9, 'INFO', 'published {n:61-64} flags', {etag: '{hex:12}'}]]},
    unreadable: {
      lines: [],
      failure: {
        type: 'Runtime.UserCodeSyntaxError',
        message: 'SyntaxError: Unexpected end of JSON input',
        stack: [
          'parse (<anonymous>)',
          'loadFlags (/var/task/flags.js:9:21)',
          'Object.<anonymous> (/var/task/flags.js:31:15)',
          '_loadUserApp (file:///var/runtime/index.mjs:1084:17)',
        ],
      },
    },
  },
}

const heartbeat: CompanyFunction = {
  name: 'canary-heartbeat',
  description: 'Buys a kiwi every five minutes to see that the shop works',
  created: '2022-11-21',
  runtime: 'python3.13',
  handler: 'canary.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [49, 58],
  timeoutSeconds: 20,
  codeSizeMB: 0.2,
  initMs: [198, 370],
  logger: 'logging',
  retentionInDays: 7,
  stories: {
    fine: {lines: [[0.9, 'INFO', 'shop answers', {status: '200', ms: '{ms}'}]]},
    slow: {lines: [[0.9, 'WARN', 'shop is slow', {status: '200', ms: '{ms}'}]]},
  },
}

const auditTrail: CompanyFunction = {
  name: 'audit-trail',
  description: 'Keeps who changed what in the back office',
  created: '2021-07-07',
  runtime: 'nodejs22.x',
  handler: 'audit.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [72, 85],
  timeoutSeconds: 10,
  codeSizeMB: 0.4,
  initMs: [215, 390],
  logger: 'powertools',
  retentionInDays: 365,
  environment: {POWERTOOLS_SERVICE_NAME: 'audit'},
  stories: {
    kept: {
      lines: [
        [
          0.9,
          'INFO',
          'change kept',
          {who: '{email}', what: 'article/{sku}', field: 'price', from: '{amount}', to: '{f:4-90}'},
        ],
      ],
    },
  },
}

const legacyExport: CompanyFunction = {
  name: 'legacy-export',
  description: 'Exports orders to the old ERP',
  created: '2018-04-17',
  runtime: 'python3.8',
  handler: 'export.main',
  architecture: 'x86_64',
  memorySizeMB: 256,
  memoryUsedMB: [80, 90],
  timeoutSeconds: 30,
  codeSizeMB: 1.2,
  initMs: [300, 500],
  logger: 'logging',
  retentionInDays: null,
  state: 'Inactive',
  formerlyInvoked: true,
  lastEvent: '2025-03-14T02:00:09.377Z',
  stories: {},
}

const partnerStock: CompanyFunction = {
  name: 'partner-stock',
  description: 'Stock for delivery partners (stopped until they have new keys)',
  created: '2022-02-15',
  runtime: 'nodejs16.x',
  handler: 'stock.handler',
  architecture: 'x86_64',
  memorySizeMB: 256,
  memoryUsedMB: [81, 96],
  timeoutSeconds: 5,
  codeSizeMB: 1.1,
  initMs: [260, 440],
  logger: 'console',
  retentionInDays: 30,
  reservedConcurrency: 0,
  invokedBy: [['210987654321']],
  formerlyInvoked: true,
  stories: {},
}

const entries: readonly Entry[] = [
  {
    name: 'settlements',
    perDay: 2600,
    shape: 'shop',
    scenarios: [
      {
        name: 'settled',
        share: 0.99,
        start: {
          in: '/ecs/payments',
          story: 'webhook',
          ms: [60, 180],
          calls: [{via: 'sync', afterMs: 31, in: 'payments-webhook', story: 'settled', ms: [18, 70]}],
        },
      },
      {name: 'bad signature', share: 0.01, start: {in: 'payments-webhook', story: 'badSignature', ms: [3, 9]}},
    ],
  },
  {
    name: 'alarm notices',
    perDay: 9,
    shape: 'flat',
    scenarios: [{name: 'posted', share: 1, start: {in: 'slack-alerts', story: 'posted', ms: [190, 700]}}],
  },
  {
    name: 'archiving',
    schedule: {everyMinutes: 60, atMinute: 12},
    scenarios: [{name: 'moved', share: 1, start: {in: 'log-archiver', story: 'moved', ms: [3100, 9800]}}],
  },
  {
    name: 'flag publishing',
    schedule: {everyMinutes: 15, atMinute: 4},
    scenarios: [
      {name: 'published', share: 0.985, start: {in: 'feature-flags', story: 'published', ms: [88, 310]}},
      {
        name: 'unreadable',
        share: 0.015,
        start: {
          in: 'feature-flags',
          story: 'unreadable',
          ms: [7, 20],
          outcome: 'init-error',
          calls: [{via: 'retry', afterMs: 61_500, in: 'feature-flags', story: 'published', ms: [88, 310]}],
        },
      },
    ],
  },
  {
    name: 'heartbeat',
    schedule: {everyMinutes: 5, atMinute: 0},
    scenarios: [
      {name: 'fine', share: 0.97, start: {in: 'canary-heartbeat', story: 'fine', ms: [240, 800]}},
      {name: 'slow', share: 0.03, start: {in: 'canary-heartbeat', story: 'slow', ms: [2100, 5200]}},
    ],
  },
  {
    name: 'back office changes',
    perDay: 1400,
    shape: 'office',
    scenarios: [{name: 'kept', share: 1, start: {in: 'audit-trail', story: 'kept', ms: [11, 46]}}],
  },
]

export const platform: CompanyStack = {
  name: 'larder-platform',
  description: 'Alerts, flags, audit, archives',
  created: '2020-02-20',
  tags: {team: 'platform', env: 'prod', 'cost-centre': '4000'},
  functions: [
    paymentsWebhook,
    slackAlerts,
    logArchiver,
    featureFlags,
    heartbeat,
    auditTrail,
    legacyExport,
    partnerStock,
  ],
  entries,
  rules: [
    {
      name: 'back-office-changes',
      pattern: {source: ['larder.back-office'], 'detail-type': ['ArticleChanged']},
      functionName: 'audit-trail',
    },
  ],
  refused: [{functionName: 'partner-stock', perDay: 940, shape: 'shop'}],
  resources: [
    ['AlertsTopic', 'AWS::SNS::Topic', 'arn:aws:sns:eu-west-1:123456789012:alerts'],
    ['HeartbeatSchedule', 'AWS::Events::Rule', 'canary-heartbeat'],
  ],
}
