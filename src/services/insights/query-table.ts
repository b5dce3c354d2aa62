import {columnName, indexOfWord, itemsOf, stagesOf} from './pipeline/stages.ts'
import {type Column, kindOf, typedValue} from './rows.ts'

/** Numbers and times (epoch ms) as such; null where a row has no value. */
export type Cell = string | number | null

/** Rows under the columns that they have in common. */
export type QueryTable = {readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[]}

type Row = ReadonlyMap<string, string>

/** Rows as a table: columns in the order in which AWS names them, each of one type. */
export function tableOf(query: string, rows: readonly Row[]): QueryTable {
  const isTime = timesIn(query)
  const columns = fieldsIn(rows).map(field => ({
    field,
    kind: kindOf(
      field,
      rows.map(row => row.get(field) ?? null),
      isTime,
    ),
  }))
  return {columns, rows: rows.map(row => columns.map(({field, kind}) => typedValue(row.get(field) ?? null, kind)))}
}

/** A row has only the fields that it has values for: one that is met late stands behind the one before it. */
function fieldsIn(rows: readonly Row[]): readonly string[] {
  const fields: string[] = []
  const known = new Set<string>()
  for (const row of rows) {
    if (row.size <= known.size && [...row.keys()].every(field => known.has(field))) continue
    let at = 0
    for (const field of row.keys()) {
      if (!known.has(field)) {
        fields.splice(at, 0, field)
        known.add(field)
      }
      at = fields.indexOf(field) + 1
    }
  }
  return fields
}

const timeFunctions = /^\s*(?:bin|datefloor|dateceil|frommillis|earliest|latest|min|max)\s*\(/i

/** Tells columns of times: AWS's own fields, and what a query makes of them, by its name too. */
function timesIn(query: string): (field: string) => boolean {
  const named = new Set(
    stagesOf(query).flatMap(({name, tokens}) => {
      if (name !== 'stats' && name !== 'fields' && name !== 'display') return []
      const by = name === 'stats' ? indexOfWord(tokens, /^by$/i) : -1
      const items = [
        ...itemsOf(query, by < 0 ? tokens : tokens.slice(0, by)),
        ...(by < 0 ? [] : itemsOf(query, tokens.slice(by + 1))),
      ]
      return items.flatMap(({text, alias}) => (isTimeExpression(text) ? [alias ?? columnName(text)] : []))
    }),
  )
  return field => field === '@timestamp' || field === '@ingestionTime' || isTimeExpression(field) || named.has(field)
}

const isTimeExpression = (text: string): boolean =>
  /^@(timestamp|ingestionTime)$/.test(text) ||
  /^bin\s*\(/i.test(text) ||
  (timeFunctions.test(text) && /@timestamp|@ingestionTime/.test(text))
