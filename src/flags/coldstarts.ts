import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {ColdStartGrouping} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {LogEngine} from '../services/fleet/coldstarts/plan-coldstarts.ts'
import type {ColdStartOrder} from '../services/fleet/coldstarts/tell-coldstarts.ts'
import type {ColdStartsFormat} from '../ui/coldstarts-screen.ts'
import {type CostFlags, costFlags, costLimitsFrom} from './cost.ts'
import {fleetFlags} from './fleet.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const show = 'SHOW'
const read = 'READ'

export const coldStartsSinceByDefault = '24h'
const groupings = ['function', 'version', 'runtime', 'hour'] as const
const orders = ['felt', 'rate', 'calls', 'p50', 'p99', 'hello', 'cost', 'name'] as const
const engines = ['auto', 'insights', 'filter'] as const
/** what the tool may spend by itself, without being told to: beyond it FilterLogEvents reads, for nothing */
const spendableUSD = 0.25
const formats: readonly ColdStartsFormat[] = ['json', 'ndjson', 'csv', 'md', 'svg', 'html']

export const coldStartsFlags = {
  ...windowFlags(coldStartsSinceByDefault),
  ...targetFlags,
  by: Flags.option({options: groupings, default: 'function' as const})({
    helpGroup: show,
    description: 'what the figures are of',
  }),
  'since-deploy': Flags.boolean({
    helpGroup: show,
    description: 'the version that serves against the one before it, by all of their requests',
    exclusive: ['by'],
  }),
  sort: Flags.option({options: orders, default: 'felt' as const})({
    helpGroup: show,
    description: 'what comes first: the most of it, or the first by name',
  }),
  limit: Flags.integer({
    helpGroup: show,
    min: 1,
    helpValue: 'N',
    description:
      'show the first N; by default 30 on a terminal and in .svg, 500 in .html, all in other files and --json',
  }),
  out: outFlag(formats),
  engine: Flags.option({options: engines, default: 'auto' as const})({
    helpGroup: read,
    description: `what reads the logs; auto takes Logs Insights where it is quicker and costs up to $${spendableUSD}`,
  }),
  ...fleetFlags,
  ...costFlags,
}

export type ColdStartsFlags = CostFlags & {
  readonly by: ColdStartGrouping
  readonly 'since-deploy': boolean
  readonly sort: ColdStartOrder
  readonly limit?: number | undefined
  readonly out?: string | undefined
  readonly engine: LogEngine
}

/** What the flags of `coldstarts` mean, typed and checked. */
export type ColdStartsOptions = {
  readonly by: ColdStartGrouping
  readonly sort: ColdStartOrder
  readonly sinceDeploy: boolean
  readonly engine: LogEngine
  readonly spendableUSD: number
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
  readonly out: {readonly file: string; readonly format: ColdStartsFormat} | null
}

/**
 * Reads the flags of `coldstarts`.
 * @param targets that were named: a deploy is looked for of functions that somebody has in mind
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export function coldStartsOptionsFrom(flags: ColdStartsFlags, targets: readonly string[]): ColdStartsOptions {
  const {by, sort, engine, limit, out} = flags
  const sinceDeploy = flags['since-deploy']
  if (sinceDeploy && targets.length === 0)
    throw usageError('--since-deploy reads every request of a function', 'name functions, as checkout-api:live')
  const {maxCostUSD} = costLimitsFrom(flags)
  return {
    by,
    sort,
    sinceDeploy,
    engine,
    spendableUSD: maxCostUSD ?? spendableUSD,
    limit: limit ?? null,
    out: out === undefined ? null : outFrom(out, formats),
  }
}
