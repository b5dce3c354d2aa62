import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {QueryFormat} from '../ui/query-screen.ts'
import {costFlags, costGroup} from './cost.ts'
import {targetFlags, windowFlags} from './shared.ts'

const answer = 'ANSWER'

export const querySinceByDefault = '1h'
const mostRows = 100_000
export const queryFlags = {
  ...windowFlags(querySinceByDefault),
  ...targetFlags,
  'log-group': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'TARGET',
    helpValue: 'GLOB',
    description: 'log groups by name; * crosses /',
  }),
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

const formats = {'.json': 'json', '.ndjson': 'ndjson', '.csv': 'csv', '.md': 'md'} as const

/**
 * What a file is to hold, by its extension; null where none is given.
 * @throws UserError (exit 2) for one that slsops does not write
 */
export function outFormat(path: string | undefined): QueryFormat | null {
  if (path === undefined) return null
  const extension = /\.[a-z]+$/i.exec(path)?.[0].toLowerCase()
  const known = Object.entries(formats).find(([known]) => known === extension)
  if (!known)
    throw usageError(
      `--out ${path}: slsops does not know this kind of file`,
      `give it ${Object.keys(formats).join(', ')}`,
    )
  return known[1]
}
