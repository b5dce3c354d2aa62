import {usageError} from '../../errors.ts'
import {type Config, isName, type SavedQuery} from '../config.ts'
import {nearestHint} from '../targets/nearest-names.ts'
import {builtInQueries} from './built-in-queries.ts'

/** All queries that have a name, the user's own before those that come with slsops. */
export function namedQueries({queries}: Config): ReadonlyMap<string, SavedQuery & {readonly isBuiltIn: boolean}> {
  const named = (all: ReadonlyMap<string, SavedQuery>, isBuiltIn: boolean) =>
    [...all].map(([name, query]) => [name, {...query, isBuiltIn}] as const)
  return new Map([...named(builtInQueries, true), ...named(queries, false)].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The query that a word of the command line is: one by that name, or the word itself.
 * @throws UserError (exit 2) for a single word, which can only be a name, that none has
 */
export function queryNamed(word: string, config: Config): SavedQuery {
  const text = word.trim()
  if (text === '') throw usageError('the query is empty', 'give a query or the name of one: slsops query --list')
  const named = namedQueries(config)
  const known = named.get(text)
  if (known) return known
  if (isName(text))
    throw usageError(
      `there is no query named ${text}`,
      nearestHint(text, [...named.keys()]) ?? 'slsops query --list shows all; a query is more than one word',
    )
  return {query: text, description: null, targets: [], since: null}
}
