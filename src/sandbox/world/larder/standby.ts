// Stack larder-standby in eu-central-1: what would take over if the home region failed, kept warm.
import type {CompanyFunction, CompanyStack, Entry} from '../company.ts'
import {inventory} from './checkout.ts'

/** The function of the home region under its own name, some releases behind. */
const inventoryReplica: CompanyFunction = {
  ...inventory,
  description: 'Stock per store: standby of the home region',
  created: '2023-11-07',
  provisionedConcurrency: 1,
  environment: {STOCK_TABLE: 'stock', ROLE: 'standby'},
  releases: [{version: 9, daysAgo: 40}],
  waiting: [],
}

const ordersReplica: CompanyFunction = {
  name: 'orders-replica',
  description: 'Follows the global orders table and checks it against the home region',
  created: '2023-11-07',
  runtime: 'python3.13',
  handler: 'replica.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [70, 92],
  timeoutSeconds: 30,
  codeSizeMB: 0.5,
  initMs: [280, 500],
  logger: 'powertools',
  logFormat: 'JSON',
  retentionInDays: 14,
  environment: {POWERTOOLS_SERVICE_NAME: 'standby'},
  stories: {
    followed: {lines: [[0.9, 'INFO', 'in step', {order: '{order}', lag_ms: '{n:420-1900}'}]]},
    behind: {lines: [[0.8, 'WARN', 'behind the home region', {order: '{order}', lag_ms: '{n:15000-48000}'}]]},
  },
}

const standbyProbe: CompanyFunction = {
  name: 'standby-probe',
  description: 'Reserves and releases one article a minute',
  created: '2023-11-07',
  runtime: 'nodejs22.x',
  handler: 'probe.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [68, 80],
  timeoutSeconds: 10,
  codeSizeMB: 0.1,
  initMs: [180, 330],
  logger: 'console',
  retentionInDays: 7,
  stories: {probed: {lines: [[0.95, 'INFO', 'standby answers', {order: '{order}', took: '{ms}'}]]}},
}

const replication: Entry = {
  name: 'orders replication',
  perDay: 2400,
  shape: 'shop',
  scenarios: [
    {name: 'followed', share: 0.98, start: {in: 'orders-replica', story: 'followed', ms: [22, 96]}},
    {name: 'behind', share: 0.02, start: {in: 'orders-replica', story: 'behind', ms: [30, 140]}},
  ],
}

const probes: Entry = {
  name: 'standby probe',
  schedule: {everyMinutes: 1, atMinute: 0},
  scenarios: [
    {
      name: 'probed',
      share: 1,
      start: {
        in: 'standby-probe',
        story: 'probed',
        ms: [40, 110],
        calls: [
          {via: 'sync', afterMs: 8, in: 'inventory', story: 'reserved', ms: [6, 31]},
          {via: 'sync', afterMs: 60, in: 'inventory', story: 'released', ms: [6, 18]},
        ],
      },
    },
  ],
}

export const standby: CompanyStack = {
  name: 'larder-standby',
  description: 'Standby of the shop for when the home region fails',
  created: '2023-11-07',
  tags: {team: 'platform', env: 'standby', 'cost-centre': '4000'},
  functions: [inventoryReplica, ordersReplica, standbyProbe],
  entries: [replication, probes],
  mappings: [
    {
      functionName: 'orders-replica',
      source: 'dynamodb:table/orders/stream/2023-11-07T09:31:02.377',
      batchSize: 1,
    },
  ],
  resources: [
    ['StockTable', 'AWS::DynamoDB::Table', 'stock'],
    ['ProbeSchedule', 'AWS::Events::Rule', 'standby-probe'],
  ],
}
