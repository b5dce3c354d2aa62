// More functions than a company has by itself: many small ones of the same make, for load.
import type {CompanyFunction, CompanyStack, Entry} from './company.ts'
import {draw, mix} from './random.ts'

const areas = [
  'ads',
  'billing',
  'catalog',
  'delivery',
  'events',
  'fraud',
  'loyalty',
  'pricing',
  'returns',
  'stores',
] as const
const jobs = ['api', 'audit', 'export', 'import', 'indexer', 'notifier', 'sync', 'worker'] as const

/** `zz-0000012-pricing-sync`: sorts behind the company's own, and its number can be read from the name. */
export function scaledName(index: number): string {
  return `zz-${String(index).padStart(7, '0')}-${areas[index % areas.length]}-${jobs[Math.floor(index / areas.length) % jobs.length]}`
}

/** The number in a name, or null where there is no such function among `count`. */
export function scaledIndex(name: string, count: number): number | null {
  const digits = /^zz-(\d{7})-/.exec(name)?.[1]
  const index = Number(digits)
  return digits !== undefined && index < count && scaledName(index) === name ? index : null
}

const make: Omit<CompanyFunction, 'name'> = {
  description: 'One of many',
  created: '2022-06-01',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [62, 88],
  timeoutSeconds: 10,
  codeSizeMB: 0.4,
  initMs: [180, 420],
  logger: 'console',
  retentionInDays: 14,
  stories: {
    done: {
      lines: [
        [0.1, 'INFO', 'received', {id: '{order}'}],
        [0.95, 'INFO', 'done', {id: '{order}', took: '{ms}'}],
      ],
    },
    broken: {
      lines: [[0.1, 'INFO', 'received', {id: '{order}'}]],
      failure: {
        type: 'Error',
        message: 'Request failed with status code 502',
        stack: ['settle (/var/task/index.js:12:9)', 'Runtime.handler (/var/task/index.js:4:3)'],
      },
    },
  },
}

export function scaledFunction(index: number): CompanyFunction {
  return {...make, name: scaledName(index)}
}

/** A few busy ones, many quiet ones: between 4 and about 1,500 requests a day. */
export function scaledEntry(index: number, seed: number): Entry {
  const name = scaledName(index)
  return {
    name,
    perDay: 4 + 1500 * draw(mix(mix(seed, 81), index)) ** 9,
    shape: 'shop',
    scenarios: [
      {name: 'done', share: 0.99, start: {in: name, story: 'done', ms: [22, 180]}},
      {name: 'broken', share: 0.01, start: {in: name, story: 'broken', ms: [40, 400], outcome: 'error'}},
    ],
  }
}

/** The stack that all of them are in. */
export const scaledStack: CompanyStack = {
  name: 'larder-scale',
  description: 'Generated functions',
  created: '2022-06-01',
  tags: {team: 'load', env: 'prod', 'cost-centre': '4900'},
  functions: [],
}
