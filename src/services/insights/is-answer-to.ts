import {columnName, indexOfWord, itemsOf, stagesOf} from './pipeline/stages.ts'

/**
 * Whether rows can be what a query asks for, as far as its last `stats` tells. Some servers that speak AWS's language pass
 * over commands that they do not know, and answer with the events themselves.
 */
export function isAnswerTo(query: string, rows: readonly ReadonlyMap<string, string>[]): boolean {
  const stages = stagesOf(query)
  const at = stages.findLastIndex(({name}) => name === 'stats')
  const stats = stages[at]
  if (!stats || rows.length === 0 || stages.slice(at).some(({name}) => name === 'fields' || name === 'display'))
    return true
  const by = indexOfWord(stats.tokens, /^by$/i)
  const columns = itemsOf(query, by < 0 ? stats.tokens : stats.tokens.slice(0, by)).map(
    ({text, alias}) => alias ?? columnName(text),
  )
  return rows.some(row => columns.some(column => row.has(column)))
}
