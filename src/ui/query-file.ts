import {stringify} from 'csv-stringify/sync'
import type {Cell, QueryTable} from '../services/insights/query-table.ts'
import {isoClock} from './iso-clock.ts'
import {markdownRow, markdownText} from './markdown.ts'
import {shownColumns} from './query-table.ts'

/** The value of a cell in a file or document: times are ISO 8601 UTC. */
function exported(cell: Cell, kind: string, iso: (ms: number) => string): Cell {
  return kind === 'time' && typeof cell === 'number' ? iso(cell) : cell
}

/** Rows as objects by field, numbers as numbers; a field without a value is left out. */
export function rowObjects({columns, rows}: QueryTable): readonly Readonly<Record<string, string | number>>[] {
  const iso = isoClock()
  return rows.map(row =>
    Object.fromEntries(
      columns.flatMap(({field, kind}, i) => {
        const value = exported(row[i] ?? null, kind, iso)
        return value === null ? [] : [[field, value] as const]
      }),
    ),
  )
}

/** RFC 4180, with a heading. Values are as they are in the logs: it is data, not a sheet to be opened unseen. */
export function queryCsv(table: QueryTable): string {
  const iso = isoClock()
  const columns = shownColumns(table)
  const rows = table.rows.map(row => columns.map(({at, kind}) => exported(row[at] ?? null, kind, iso)))
  return stringify([columns.map(({field}) => field), ...rows], {record_delimiter: 'windows', quoted_match: /[\r\n]/})
}

/** A Markdown table. */
export function queryMarkdown(table: QueryTable): string {
  const iso = isoClock()
  const columns = shownColumns(table)
  const cell = (value: Cell): string => (value === null ? '' : markdownText(String(value).trimEnd()))
  const rows = table.rows.map(row =>
    markdownRow(columns.map(({at, kind}) => cell(exported(row[at] ?? null, kind, iso)))),
  )
  return [
    markdownRow(columns.map(({field}) => cell(field))),
    markdownRow(columns.map(({kind}) => (kind === 'number' ? '--:' : '---'))),
    ...rows,
  ].join('')
}

/** A row a line. */
export const queryNdjson = (table: QueryTable): string =>
  rowObjects(table)
    .map(row => `${JSON.stringify(row)}\n`)
    .join('')
