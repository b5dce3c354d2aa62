import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {CostGrouping, CostSort} from '../services/fleet/cost/cost-report.ts'
import type {CostFormat} from '../ui/cost-screen.ts'
import {costFlags} from './cost.ts'
import {fleetFlags} from './fleet.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const show = 'SHOW'
const read = 'READ'

export const costSinceByDefault = '30d'
const comparisons = ['previous', 'none'] as const
const sorts = ['cost', 'change', 'calls', 'name'] as const
const formats: readonly CostFormat[] = ['json', 'ndjson', 'csv', 'md']

/** Flags of the command `cost`. */
export const costReportFlags = {
  ...windowFlags(costSinceByDefault),
  ...targetFlags,
  compare: Flags.option({options: comparisons})({
    helpGroup: show,
    default: 'previous' as const,
    description: 'compare with the window of equal length before, or with none',
  }),
  by: Flags.string({
    helpGroup: show,
    helpValue: 'function|stack|tag:KEY|region|account',
    default: 'function',
    description: 'add up what functions have in common',
  }),
  sort: Flags.option({options: sorts})({
    helpGroup: show,
    default: 'cost' as const,
    description: 'what is largest first: cost, change of cost or calls; or by name',
  }),
  limit: Flags.integer({
    helpGroup: show,
    min: 1,
    helpValue: 'N',
    description: 'show the first N; by default 30 on a terminal, all in files and --json',
  }),
  init: Flags.boolean({
    helpGroup: read,
    allowNo: true,
    description: 'estimate init from the reports of the last day; by default where reading them costs under $0.05',
  }),
  provisioned: Flags.boolean({
    helpGroup: read,
    allowNo: true,
    description: 'ask each function for its provisioned concurrency; by default where no more than 450 can have any',
  }),
  out: outFlag(formats),
  ...fleetFlags,
  ...costFlags,
}

type CostReportFlags = {
  readonly compare: (typeof comparisons)[number]
  readonly by: string
  readonly sort: CostSort
  readonly limit?: number | undefined
  readonly init?: boolean | undefined
  readonly provisioned?: boolean | undefined
  readonly out?: string | undefined
}

/** What the flags of `cost` mean, typed and checked. */
export type CostReportOptions = {
  readonly compare: boolean
  readonly by: CostGrouping
  readonly sort: CostSort
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
  readonly init: boolean | null
  readonly provisioned: boolean | null
  readonly out: {readonly file: string; readonly format: CostFormat} | null
}

/**
 * Reads the flags of `cost`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export function costReportOptionsFrom(flags: CostReportFlags): CostReportOptions {
  const {compare, by, sort, limit, init, provisioned, out} = flags
  return {
    compare: compare === 'previous',
    by: groupingFrom(by),
    sort,
    limit: limit ?? null,
    init: init ?? null,
    provisioned: provisioned ?? null,
    out: out === undefined ? null : outFrom(out, formats),
  }
}

function groupingFrom(text: string): CostGrouping {
  if (text === 'function' || text === 'stack' || text === 'region' || text === 'account') return {kind: text}
  const key = /^tag:(.+)$/s.exec(text)?.[1]
  if (key !== undefined) return {kind: 'tag', key}
  throw usageError(
    `--by ${text} is no grouping`,
    'give --by function, stack, region, account, or a tag as in --by tag:team',
  )
}
