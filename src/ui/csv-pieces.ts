import {stringify} from 'csv-stringify/sync'

export type CsvCell = string | number | null

const rowsAtATime = 500

/** Rows as RFC 4180 has them, piece by piece: there may be 100,000. Text that a spreadsheet would run as a formula has `'` before it. */
export function* csvPieces(rows: Iterable<readonly CsvCell[]>): Generator<string> {
  let gathered: (readonly CsvCell[])[] = []
  for (const row of rows) {
    gathered.push(row)
    if (gathered.length < rowsAtATime) continue
    yield drawn(gathered)
    gathered = []
  }
  if (gathered.length > 0) yield drawn(gathered)
}

// names and tags are anybody's text
const drawn = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(rows as CsvCell[][], {record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true})
