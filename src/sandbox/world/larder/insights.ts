// Stack larder-insights: events, reports, imports.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'
import {imports, priceImport} from './price-files.ts'

const clickstream: CompanyFunction = {
  name: 'clickstream-ingest',
  description: 'Cleans click events from Kinesis and writes them to the lake',
  created: '2022-03-30',
  runtime: 'provided.al2023',
  handler: 'bootstrap',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [38, 71],
  timeoutSeconds: 30,
  codeSizeMB: 7.4,
  initMs: [71, 150],
  logger: 'go-log',
  retentionInDays: 7,
  reservedConcurrency: 20,
  stories: {
    written: {
      lines: [
        [0.9, 'INFO', 'batch shard={n:0-3} records={n:12-500} dropped={n:0-3} took={ms}ms'],
        [0.95, 'METRIC', 'Larder/Clicks', {Records: '{n:12-500}', BatchMs: '{ms}'}],
      ],
    },
    skewed: {
      lines: [
        [0.3, 'WARN', 'clock of device is ahead by {n:61-7200}s ua="{userAgent}"'],
        [0.9, 'INFO', 'batch shard={n:0-3} records={n:12-500} dropped={n:1-9} took={ms}ms'],
      ],
    },
    panicked: {
      lines: [[0.2, 'INFO', 'batch shard={n:0-3} records={n:12-500}']],
      failure: {
        type: 'runtime.boundsError',
        message: 'runtime error: index out of range [3] with length 3',
        stack: [
          'github.com/larder/clicks/parse.Fields(...)\n\t/build/parse/fields.go:42',
          'main.handle({0x7c2f10, 0x40000b21e0}, {{0x4000170000, 0x1f4, 0x200}})\n\t/build/main.go:57 +0x1c4',
          'github.com/aws/aws-lambda-go/lambda.(*lambdaHandler).Invoke(...)\n\t/go/pkg/mod/github.com/aws/aws-lambda-go@v1.49.0/lambda/entry.go:98',
        ],
      },
    },
  },
}

const eventsToLake: CompanyFunction = {
  name: 'events-to-lake',
  description: 'Compacts events hourly',
  created: '2022-04-11',
  runtime: 'python3.13',
  handler: 'compact.handler',
  architecture: 'arm64',
  memorySizeMB: 1769,
  memoryUsedMB: [390, 880],
  timeoutSeconds: 30,
  codeSizeMB: 41,
  initMs: [1320, 2400],
  logger: 'powertools',
  retentionInDays: 14,
  layers: ['AWSSDKPandas-Python313-Arm64:8'],
  environment: {POWERTOOLS_SERVICE_NAME: 'lake'},
  stories: {
    compacted: {
      lines: [
        [0.03, 'INFO', 'compacting', {prefix: 'clicks/hour', files: '{n:40-220}'}],
        [
          0.9,
          'INFO',
          'compacted',
          {files_in: '{n:40-220}', files_out: '{n:1-6}', bytes: '{n:40000000-300000000}', took_ms: '{ms}'},
        ],
        [0.93, 'METRIC', 'Larder/Lake', {CompactedBytes: '{n:40000000-300000000}', CompactionMs: '{ms}'}],
      ],
    },
  },
}

const reportJava: CompanyFunction = {
  name: 'report-java',
  description: 'Builds reports for stores and suppliers',
  created: '2020-06-18',
  runtime: 'java17',
  handler: 'com.larder.report.ReportBuilder::handleRequest',
  architecture: 'x86_64',
  memorySizeMB: 2048,
  memoryUsedMB: [420, 910],
  timeoutSeconds: 30,
  codeSizeMB: 48,
  initMs: [4600, 6400],
  logger: 'log4j',
  retentionInDays: 30,
  vpc: true,
  stories: {
    built: {
      lines: [
        [0.02, 'INFO', 'report {hex:6} for store {store}'],
        [0.5, 'DEBUG', 'query took {n:200-1900} ms, {n:200-90000} rows'],
        [0.96, 'INFO', 'report {hex:6} done in {ms} ms'],
      ],
    },
    broken: {
      lines: [[0.05, 'INFO', 'report {hex:6} for store {store}']],
      failure: {
        type: 'java.sql.SQLTransientConnectionException',
        message: 'reports-pool - Connection is not available, request timed out after 8000ms',
        stack: [
          'com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:686)',
          'com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:179)',
          'com.larder.report.Warehouse.query(Warehouse.java:61)',
          'com.larder.report.ReportBuilder.handleRequest(ReportBuilder.java:33)',
          'java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
          '... 6 more',
        ],
      },
    },
  },
}

const stockSync: CompanyFunction = {
  name: 'stock-sync',
  description: 'Compares stock with the tills of the stores',
  created: '2021-10-13',
  runtime: 'dotnet8',
  handler: 'Larder.Stock::Larder.Stock.Sync::Run',
  architecture: 'arm64',
  memorySizeMB: 512,
  memoryUsedMB: [110, 150],
  timeoutSeconds: 30,
  codeSizeMB: 5.2,
  initMs: [520, 900],
  logger: 'dotnet',
  retentionInDays: 14,
  vpc: true,
  // 26 is on its way, by CodeDeploy
  releases: [
    {version: 24, daysAgo: 47},
    {version: 25, daysAgo: 9},
  ],
  stories: {
    compared: {
      lines: [
        [0.1, 'INFO', 'Comparing {n:9000-9900} articles of {store}'],
        [0.9, 'INFO', '{n:0-40} differences, {n:0-6} corrected'],
      ],
    },
    unreachable: {
      lines: [
        [0.1, 'INFO', 'Comparing {n:9000-9900} articles of {store}'],
        [0.5, 'WARN', 'Till {store}-{n:1-9} does not answer'],
      ],
      failure: {
        type: 'System.TimeoutException',
        message: 'The operation has timed out.',
        stack: [
          'Larder.Stock.Till.ReadAsync(Uri till) in /src/Stock/Till.cs:line 88',
          'Larder.Stock.Sync.Run(ScheduledEvent tick, ILambdaContext context) in /src/Stock/Sync.cs:line 29',
        ],
      },
    },
  },
}

const yearlyInvoice: CompanyFunction = {
  name: 'yearly-invoice',
  description: 'Invoices of the year for business customers',
  created: '2021-12-10',
  runtime: 'python3.11',
  handler: 'yearly.handler',
  architecture: 'x86_64',
  memorySizeMB: 1024,
  memoryUsedMB: [200, 300],
  timeoutSeconds: 30,
  codeSizeMB: 2,
  initMs: [400, 700],
  logger: 'logging',
  retentionInDays: null,
  storedBytes: 41_872,
  stories: {
    done: {
      lines: [
        [0.05, 'INFO', 'yearly run'],
        [0.98, 'INFO', '{n:400-700} invoices queued', {ms: '{ms}'}],
      ],
    },
  },
}

const clicks: Entry = {
  name: 'click stream',
  perDay: 7600,
  shape: 'shop',
  scenarios: [
    {name: 'written', share: 0.984, start: {in: 'clickstream-ingest', story: 'written', ms: [38, 260]}},
    {name: 'skewed', share: 0.015, start: {in: 'clickstream-ingest', story: 'skewed', ms: [42, 260]}},
    {
      name: 'panicked',
      share: 0.001,
      start: {
        in: 'clickstream-ingest',
        story: 'panicked',
        ms: [12, 30],
        outcome: 'error',
        calls: [{via: 'redelivery', afterMs: 2000, in: 'clickstream-ingest', story: 'written', ms: [38, 260]}],
      },
    },
  ],
}

const reports: Entry = {
  name: 'reports',
  perDay: 620,
  shape: 'office',
  scenarios: [
    {name: 'built', share: 0.985, start: {in: 'report-java', story: 'built', ms: [2400, 7900]}},
    {
      name: 'no connection',
      share: 0.015,
      start: {in: 'report-java', story: 'broken', ms: [8040, 8300], outcome: 'error'},
    },
  ],
}

const scheduled: readonly Entry[] = [
  {
    name: 'lake compaction',
    schedule: {everyMinutes: 60, atMinute: 7},
    triggerName: 'events-to-lake-hourly',
    scenarios: [{name: 'compacted', share: 1, start: {in: 'events-to-lake', story: 'compacted', ms: [8200, 17_000]}}],
  },
  {
    name: 'stock comparison',
    schedule: {everyMinutes: 5, atMinute: 1},
    scenarios: [
      {name: 'compared', share: 0.98, start: {in: 'stock-sync', story: 'compared', ms: [1300, 4100]}},
      {
        name: 'unreachable',
        share: 0.02,
        start: {
          in: 'stock-sync',
          story: 'unreachable',
          ms: [9000, 9900],
          outcome: 'error',
          calls: [{via: 'retry', afterMs: 62_000, in: 'stock-sync', story: 'compared', ms: [1300, 4100]}],
        },
      },
    ],
  },
  {
    name: 'yearly invoices',
    schedule: {yearlyOn: [1, 1, 3]},
    scenarios: [{name: 'done', share: 1, start: {in: 'yearly-invoice', story: 'done', ms: [12_000, 19_000]}}],
  },
]

export const insights: CompanyStack = {
  name: 'larder-insights',
  description: 'Events, reports, imports',
  created: '2020-06-18',
  tags: {team: 'insights', env: 'prod', 'cost-centre': '4400'},
  functions: [clickstream, eventsToLake, reportJava, priceImport, stockSync, yearlyInvoice],
  entries: [clicks, reports, imports, ...scheduled],
  mappings: [
    {functionName: 'clickstream-ingest', source: 'kinesis:stream/clicks', batchSize: 500},
    {
      functionName: 'report-java',
      source: 'sqs:reports',
      batchSize: 1,
      redrive: {to: 'reports-dlq', maxReceiveCount: 1},
    },
  ],
  leftLogGroups: [
    {
      name: '/aws/lambda/clickstream-v1',
      created: '2019-05-20',
      lastEvent: '2021-09-06T09:41:52.018Z',
      storedBytes: 469_302_411_907,
    },
  ],
  resources: [
    ['Clicks', 'AWS::Kinesis::Stream', 'clicks'],
    ['ReportsQueue', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/reports'],
    ['YearlyInvoiceSchedule', 'AWS::Events::Rule', 'yearly-invoice'],
    ['LakeSchedule', 'AWS::Events::Rule', 'events-to-lake-hourly'],
  ],
}
