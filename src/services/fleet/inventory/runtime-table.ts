import {readFile} from 'node:fs/promises'
import builtIn from '../../../data/runtimes.json' with {type: 'json'}
import {type UserError, usageError} from '../../../errors.ts'
import {fileFailure} from '../../file-failure.ts'

/** What AWS has announced of a runtime; days are `2027-04-30`. */
type RuntimeDates = {
  readonly deprecated: string | null
  readonly createBlocked: string | null
  readonly updateBlocked: string | null
  readonly preview: boolean
  readonly note: string | null
}

/** When Lambda's runtimes end, as it was read on a day. */
export type RuntimeTable = {
  readonly asOf: string
  /** by AWS's name: `nodejs22.x` */
  readonly runtimes: ReadonlyMap<string, RuntimeDates>
  /** the file that it was read from; null for the one that slsops brings along */
  readonly origin: string | null
}

const example = `it is JSON as {"asOf": "2026-10-03", "runtimes": {"nodejs22.x": {"deprecated": "2027-04-30", "createBlocked": "2027-06-01", "updateBlocked": "2027-07-01"}}}`
const days = ['deprecated', 'createBlocked', 'updateBlocked'] as const
const known: ReadonlySet<string> = new Set([...days, 'preview', 'note'])

/** The table that slsops brings along (src/data/runtimes.json). */
export const builtInRuntimes = (): RuntimeTable => runtimeTableFrom(builtIn, null)

/**
 * Reads a table from a file: all of it, nothing is added from the built-in one.
 * @throws UserError (exit 2) for a file that cannot be read or is no such table, with where
 */
export async function readRuntimeTable(path: string): Promise<RuntimeTable> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw usageError(`--runtime-table ${path} cannot be read: ${fileFailure('read', error)}`, example)
  })
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw usageError(`--runtime-table ${path} is no JSON: ${(error as Error).message}`, example)
  }
  return runtimeTableFrom(value, path)
}

/**
 * Checks what is to be a table.
 * @throws UserError (exit 2) with where it is none
 */
export function runtimeTableFrom(value: unknown, origin: string | null): RuntimeTable {
  const fault = (where: string, wanted: string): UserError =>
    usageError(`--runtime-table ${origin ?? 'runtimes.json'}: ${where} must be ${wanted}`, example)
  if (!isObject(value)) throw fault('it', 'an object')
  const {asOf, runtimes} = value
  if (!isDay(asOf)) throw fault('asOf', 'the day it was read, as "2026-10-03"')
  if (!isObject(runtimes)) throw fault('runtimes', 'an object, by runtime')
  const rows = Object.entries(runtimes).map(([name, row]) => {
    if (!isObject(row)) throw fault(`runtimes["${name}"]`, 'an object')
    const stray = Object.keys(row).find(key => !known.has(key))
    if (stray !== undefined)
      throw fault(`"${stray}" of runtimes["${name}"]`, `left out: it has ${[...known].join(', ')}`)
    const dayOf = (key: (typeof days)[number]): string | null => {
      const day = row[key] ?? null
      if (day !== null && !isDay(day)) throw fault(`${key} of runtimes["${name}"]`, 'a day, as "2027-04-30", or null')
      return day
    }
    const {preview = false, note = null} = row
    if (typeof preview !== 'boolean') throw fault(`preview of runtimes["${name}"]`, 'true or false')
    if (note !== null && typeof note !== 'string') throw fault(`note of runtimes["${name}"]`, 'text')
    const [deprecated, createBlocked, updateBlocked] = [
      dayOf('deprecated'),
      dayOf('createBlocked'),
      dayOf('updateBlocked'),
    ]
    return [name, {deprecated, createBlocked, updateBlocked, preview, note}] as const
  })
  if (rows.length === 0) throw fault('runtimes', 'of one runtime at least')
  return {asOf, runtimes: new Map(rows), origin}
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A day that there is: Date.parse takes 2027-02-30 for a day in March. */
function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const ms = Date.parse(value)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value)
}
