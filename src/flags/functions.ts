import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {FieldName, Sorting} from '../services/fleet/inventory/fields.ts'
import type {FunctionGrouping} from '../services/fleet/inventory/group-functions.ts'
import type {RuntimeTable} from '../services/fleet/inventory/runtime-table.ts'
import type {FunctionsFormat} from '../ui/functions-screen.ts'
import {costFlags} from './cost.ts'
import {fleetFlags} from './fleet.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const select = 'SELECT'
const show = 'SHOW'

export const functionsSinceByDefault = '7d'
const formats: readonly FunctionsFormat[] = ['json', 'ndjson', 'csv', 'md']

export const functionsFlags = {
  ...windowFlags(functionsSinceByDefault),
  ...targetFlags,
  runtime: Flags.string({
    helpGroup: select,
    helpValue: 'GLOB',
    description: "only functions of these runtimes: 'python3.*'; container for images",
  }),
  deprecated: Flags.boolean({helpGroup: select, description: 'only those whose runtime is past its end'}),
  'near-limit': Flags.boolean({
    helpGroup: select,
    description: 'only those near their timeout (80 %), memory (90 %) or reserved concurrency (80 %), or throttled',
  }),
  failing: Flags.boolean({
    helpGroup: select,
    description: 'only those that lost something: errors, throttles, dropped events, dead letters',
  }),
  sort: Flags.string({
    helpGroup: show,
    helpValue: 'COLUMN',
    description: 'sort by a column, COLUMN:asc or COLUMN:desc; without it, trouble first',
  }),
  columns: Flags.string({
    helpGroup: show,
    helpValue: 'A,B,…',
    description: 'show these columns, in this order; without it, as many as there is room for',
  }),
  by: Flags.string({
    helpGroup: show,
    helpValue: 'stack|tag:KEY|runtime',
    description: 'groups with their totals in place of functions',
  }),
  memory: Flags.boolean({
    allowNo: true,
    helpGroup: show,
    description: 'read memory used from logs by Logs Insights; by default of up to 1,000 functions',
  }),
  'runtime-table': Flags.string({
    helpGroup: show,
    helpValue: 'FILE',
    description: 'a .json that says when runtimes end, in place of what slsops knows',
  }),
  out: outFlag(formats),
  ...fleetFlags,
  ...costFlags,
}

export type FunctionsFlags = {
  readonly runtime?: string | undefined
  readonly deprecated: boolean
  readonly 'near-limit': boolean
  readonly failing: boolean
  readonly sort?: string | undefined
  readonly columns?: string | undefined
  readonly by?: string | undefined
  readonly memory?: boolean | undefined
  readonly 'runtime-table'?: string | undefined
  readonly out?: string | undefined
}

/** What the flags of `functions` mean, typed and checked. */
export type FunctionsOptions = {
  readonly runtime: string | null
  readonly deprecated: boolean
  readonly nearLimit: boolean
  readonly failing: boolean
  /** null: what asks to be looked at, first */
  readonly sorting: Sorting | null
  /** null: as many as there is room for */
  readonly columns: readonly FieldName[] | null
  readonly by: FunctionGrouping | null
  readonly memory: boolean | null
  readonly runtimes: RuntimeTable
  readonly out: {readonly file: string; readonly format: FunctionsFormat} | null
}

/**
 * Reads the flags of `functions`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function functionsOptionsFrom(flags: FunctionsFlags): Promise<FunctionsOptions> {
  const [{fieldNames}, {builtInRuntimes, readRuntimeTable}] = await Promise.all([
    import('../services/fleet/inventory/fields.ts'),
    import('../services/fleet/inventory/runtime-table.ts'),
  ])
  const {sort, columns, by, out, memory, runtime, deprecated, failing} = flags
  const table = flags['runtime-table']
  if (runtime?.trim() === '')
    throw usageError('--runtime is empty', "give a glob of runtimes, as in --runtime 'python3.*'")
  if (runtime !== undefined) (await import('../services/targets/name-pattern.ts')).namePattern(runtime)
  return {
    runtime: runtime ?? null,
    deprecated,
    nearLimit: flags['near-limit'],
    failing,
    sorting: sort === undefined ? sortingFor(flags) : sortingFrom(sort, fieldNames),
    columns: columns === undefined ? null : columnsFrom(columns, fieldNames),
    by: by === undefined ? null : groupingFrom(by),
    memory: memory ?? null,
    runtimes: table === undefined ? builtInRuntimes() : await readRuntimeTable(table),
    out: out === undefined ? null : outFrom(out, formats),
  }
}

/** what one reads from the top: names rise, numbers fall */
const rising: ReadonlySet<FieldName> = new Set([
  'function',
  'region',
  'account',
  'runtime',
  'ends',
  'arch',
  'stack',
  'tags',
])

/** Of what has ended alone, what ended first. */
const sortingFor = ({deprecated, failing, 'near-limit': nearLimit}: FunctionsFlags): Sorting | null =>
  deprecated && !failing && !nearLimit ? {field: 'ends', order: 'asc'} : null

function sortingFrom(text: string, names: readonly FieldName[]): Sorting {
  const [name = '', order, ...more] = text.split(':')
  const field = fieldNamed(name, '--sort', names)
  if (more.length > 0 || (order !== undefined && order !== 'asc' && order !== 'desc'))
    throw usageError(`--sort ${text} is no order`, `write --sort ${field}, ${field}:asc or ${field}:desc`)
  return {field, order: order ?? (rising.has(field) ? 'asc' : 'desc')}
}

function columnsFrom(text: string, names: readonly FieldName[]): readonly FieldName[] {
  return [...new Set(text.split(',').map(name => fieldNamed(name, '--columns', names)))]
}

function fieldNamed(word: string, flag: string, names: readonly FieldName[]): FieldName {
  const name = word.trim().toLowerCase()
  const field = names.find(known => known === name)
  if (field === undefined)
    throw usageError(
      name === '' ? `${flag}: a column is empty` : `${flag}: there is no column ${word.trim()}`,
      `there are ${names.join(', ')}`,
    )
  return field
}

function groupingFrom(text: string): FunctionGrouping {
  if (text === 'stack' || text === 'runtime') return {by: text}
  const [, key] = /^tag:(.+)$/s.exec(text) ?? []
  if (key !== undefined) return {by: 'tag', key}
  throw usageError(`--by ${text} is no grouping`, 'give --by stack, runtime, or a tag as in --by tag:team')
}
