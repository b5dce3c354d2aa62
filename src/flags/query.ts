import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {Config} from '../services/config.ts'
import type {SelectionWords} from '../services/targets/parse-target.ts'
import type {TimeWindow} from '../services/time/window.ts'
import type {QueryFormat} from '../ui/query-screen.ts'
import {type CostFlags, costFlags, costGroup, costLimitsFrom} from './cost.ts'
import {outFrom} from './out.ts'
import {selectionWords, type TargetFlags, type TimeFlags, targetFlags, windowFlags, windowFrom} from './shared.ts'

const answer = 'ANSWER'

const sinceByDefault = '1h'
const mostRows = 100_000
export const queryFlags = {
  ...windowFlags(sinceByDefault),
  ...targetFlags,
  limit: Flags.integer({
    helpGroup: answer,
    min: 1,
    max: mostRows,
    helpValue: 'N',
    description: 'at most N rows; AWS gives 10,000 where the query does not say',
  }),
  csv: Flags.boolean({helpGroup: answer, exclusive: ['json'], description: 'print CSV (RFC 4180), values as they are'}),
  out: Flags.string({
    helpGroup: answer,
    helpValue: 'FILE',
    description: 'write the answer to a file: .json, .ndjson, .csv or .md',
  }),
  list: Flags.boolean({helpGroup: answer, description: 'show the queries that have a name, and stop'}),
  explain: Flags.boolean({helpGroup: costGroup, description: 'show what would be run and what it costs, and stop'}),
  ...costFlags,
}

export type QueryFlags = TimeFlags &
  TargetFlags &
  CostFlags & {
    readonly limit?: number | undefined
    readonly out?: string | undefined
  }

/** The words of the command line behind its flags. */
export type QueryWords = {
  /** a query, or the name of one */
  readonly word: string | undefined
  /** targets as given, and as a scope completes them */
  readonly given: readonly string[]
  readonly targets: readonly string[]
}

/** What is asked: typed and checked, a saved query filled in. */
export type AskedQuery = {
  readonly query: string
  readonly words: SelectionWords & {readonly targetsElse: readonly string[]}
  readonly window: TimeWindow
  readonly limit: number | null
  readonly maxCostUSD: number | null
  readonly out: {readonly file: string; readonly format: QueryFormat} | null
}

/**
 * Reads the flags of `query`, and the query that is meant. What the command line says goes before a saved query, and
 * that before a scope.
 * @throws UserError (exit 2) for what cannot be meant
 */
export async function askedFrom(
  {word, given, targets}: QueryWords,
  flags: QueryFlags,
  config: Config,
  now: number,
): Promise<AskedQuery> {
  if (word === undefined)
    throw usageError('there is no query', "give one: slsops query 'stats count(*) by @log', or a name of --list")
  const {queryNamed} = await import('../services/insights/saved-query.ts')
  const saved = queryNamed(word, config)
  const isPointed = given.length > 0 || flags.stack || flags.tag || flags['log-group']
  const {maxCostUSD} = costLimitsFrom(flags)
  const out = flags.out === undefined ? null : outFrom(flags.out, formats)
  return {
    query: saved.query,
    words: {...selectionWords(isPointed ? given : saved.targets, flags), targetsElse: targets},
    window: await windowFrom({...flags, since: flags.since ?? saved.since ?? undefined}, sinceByDefault, now),
    limit: flags.limit ?? null,
    maxCostUSD,
    out,
  }
}

const formats: readonly QueryFormat[] = ['json', 'ndjson', 'csv', 'md']
