import {readFile} from 'node:fs/promises'
import {usageError} from '../errors.ts'

export type SavedQuery = {
  /** in Logs Insights' query language */
  readonly query: string
  readonly description: string | null
  /** what it is about, where no target is given */
  readonly targets: readonly string[]
  /** a duration or time, where no --since is given */
  readonly since: string | null
}

/** A name for profiles × regions and what in them is meant. */
type SavedScope = {
  readonly profiles: readonly string[]
  readonly regions: readonly string[]
  readonly targets: readonly string[]
}

/** What the user keeps in the config file. */
export type Config = {
  readonly queries: ReadonlyMap<string, SavedQuery>
  readonly scopes: ReadonlyMap<string, SavedScope>
  /** by name, as written: who uses one checks it */
  readonly defaults: ReadonlyMap<string, unknown>
}

export type LoadedConfig = {
  readonly config: Config
  /** keys that nothing reads, a sentence each */
  readonly warnings: readonly string[]
}

const empty: LoadedConfig = {config: {queries: new Map(), scopes: new Map(), defaults: new Map()}, warnings: []}

/**
 * Reads the config file; one that is not there is empty.
 * @param path null where there is no home to look for it in
 * @throws UserError (exit 2) for what cannot be read or is not a config, with where
 */
export async function loadConfig(path: string | null): Promise<LoadedConfig> {
  if (path === null) return empty
  try {
    return parseConfig(await readFile(path, 'utf8'), path)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return empty
    if (code === undefined || !(error instanceof Error) || error.name === 'UserError') throw error
    throw usageError(`${path} cannot be read: ${error.message}`, 'check its permissions, or move it away')
  }
}

/**
 * Reads the text of a config file.
 * @throws UserError (exit 2) for what is no JSON or no config, with where
 */
export function parseConfig(text: string, path: string): LoadedConfig {
  const warnings: string[] = []
  const fault = (where: string, wanted: string) => usageError(`${path}: ${where} must be ${wanted}`, example)

  const object = (value: unknown, where: string): ReadonlyMap<string, unknown> => {
    if (value === undefined) return new Map()
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(where, 'an object')
    return new Map(Object.entries(value))
  }
  const onlyKnown = (fields: ReadonlyMap<string, unknown>, known: readonly string[], where: string): void => {
    for (const key of fields.keys())
      if (!known.includes(key))
        warnings.push(`${path}: ${where}${key} means nothing to slsops; it knows ${known.join(', ')}`)
  }
  const string = (value: unknown, where: string): string | null => {
    if (value === undefined) return null
    if (typeof value !== 'string' || value.trim() === '') throw fault(where, 'text')
    return value
  }
  const strings = (value: unknown, where: string): readonly string[] => {
    if (value === undefined) return []
    if (!Array.isArray(value) || value.some(item => typeof item !== 'string' || item.trim() === ''))
      throw fault(where, 'a list of texts')
    return value as string[]
  }

  const savedQuery = (value: unknown, name: string): SavedQuery => {
    const where = `queries.${name}`
    if (typeof value === 'string')
      return {query: string(value, where) ?? '', description: null, targets: [], since: null}
    const fields = object(value, where)
    onlyKnown(fields, ['query', 'description', 'targets', 'since'], `${where}.`)
    const query = string(fields.get('query'), `${where}.query`)
    if (query === null) throw fault(`${where}.query`, 'text')
    return {
      query,
      description: string(fields.get('description'), `${where}.description`),
      targets: strings(fields.get('targets'), `${where}.targets`),
      since: string(fields.get('since'), `${where}.since`),
    }
  }
  const savedScope = (value: unknown, name: string): SavedScope => {
    const where = `scopes.${name}`
    const fields = object(value, where)
    onlyKnown(fields, ['profiles', 'regions', 'targets'], `${where}.`)
    return {
      profiles: strings(fields.get('profiles'), `${where}.profiles`),
      regions: strings(fields.get('regions'), `${where}.regions`),
      targets: strings(fields.get('targets'), `${where}.targets`),
    }
  }
  const each = <T>(fields: ReadonlyMap<string, unknown>, read: (value: unknown, name: string) => T) =>
    new Map([...fields].map(([name, value]) => [name, read(value, name)] as const))

  const root = object(jsonIn(text, path), 'the whole of it')
  onlyKnown(root, ['queries', 'scopes', 'defaults'], '')
  const queries = each(object(root.get('queries'), 'queries'), savedQuery)
  const scopes = each(object(root.get('scopes'), 'scopes'), savedScope)
  for (const name of [...queries.keys(), ...scopes.keys()])
    if (!isName(name)) throw usageError(`${path}: '${name}' is no name`, 'names are letters, digits, - and _')
  return {config: {queries, scopes, defaults: object(root.get('defaults'), 'defaults')}, warnings}
}

/** What a saved query or a scope can be called. */
export const isName = (text: string): boolean => /^[A-Za-z0-9][\w-]*$/.test(text)

const example = 'for example {"queries": {"slow": "filter @type = \\"REPORT\\" | stats max(@duration) by @log"}}'

function jsonIn(text: string, path: string): unknown {
  const own = text.replace(/^\uFEFF/, '')
  if (own.trim() === '') return {}
  try {
    return JSON.parse(own)
  } catch (error) {
    const {message} = error as Error
    const position = /position (\d+)/.exec(message)?.[1]
    const at = position === undefined ? own.length : Number(position)
    const before = own.slice(0, at).split('\n')
    const line = own.split('\n')[before.length - 1] ?? ''
    const column = (before.at(-1) ?? '').length
    const from = Math.max(0, column - shownAround)
    const shown = `${from > 0 ? '…' : ''}${line.slice(from, column + shownAround)}`.replaceAll('\t', ' ')
    const caret = `${' '.repeat(column - from + (from > 0 ? 1 : 0))}^`
    const what = message.replace(/,? ?(\.\.\.|in JSON at position|\(line).*$/s, '')
    throw usageError(
      `${path} is not JSON: line ${before.length}, column ${column + 1}: ${what}\n  ${shown}\n  ${caret}`,
    )
  }
}

const shownAround = 36
