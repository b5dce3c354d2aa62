import quotas from '../../../../data/quotas.json' with {type: 'json'}
import {unimplemented} from '../../unimplemented.ts'
import {type Cursor, createCursor} from './cursor.ts'
import {compileRegex, parseExpression, parseOperand} from './parse-expression.ts'
import {parseSource} from './parse-source.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {Column, Command, Expression, Query, SortKey, Source} from './syntax-tree.ts'

// Commands of AWS's that are not built here.
const unbuilt = /^(pattern|diff|unmask|filterIndex|anomaly|join|lookup|unnest|estimate|addtotals)$/i

/**
 * A query of the Logs Insights query language, read.
 * @throws QuerySyntaxError where AWS would answer MalformedQueryException, ServiceError for what is not built here
 */
export function parseQuery(query: string): Query {
  const cursor = createCursor(query)
  let source: Source | undefined
  const commands: Command[] = []
  if (cursor.acceptWord('source')) {
    source = parseSource(cursor)
    if (cursor.peek().kind === 'end') return {source, commands}
    cursor.expect('|')
  }
  do commands.push(parseCommand(cursor))
  while (cursor.accept('|'))
  if (cursor.peek().kind !== 'end') throw cursor.refuse()
  return {source, commands}
}

function parseCommand(cursor: Cursor): Command {
  const token = cursor.peek()
  if (token.kind !== 'word') throw cursor.refuse()
  const parse = Object.hasOwn(parsers, token.text.toLowerCase()) ? parsers[token.text.toLowerCase()] : undefined
  if (!parse && unbuilt.test(token.text)) throw unimplemented(`the Logs Insights command ${token.text}`)
  if (!parse) throw cursor.refuse()
  cursor.take()
  return parse(cursor)
}

const parsers: Readonly<Record<string, (cursor: Cursor) => Command>> = {
  fields: cursor => ({kind: 'fields', columns: parseColumns(cursor)}),
  display: cursor => ({kind: 'display', columns: parseColumns(cursor)}),
  filter: cursor => ({kind: 'filter', condition: parseExpression(cursor)}),
  parse: parseParse,
  stats: cursor => {
    const columns = parseColumns(cursor)
    return {kind: 'stats', columns, by: cursor.acceptWord('by') ? parseColumns(cursor) : []}
  },
  sort: cursor => {
    // AWS's own samples say `sort by` here and there.
    cursor.acceptWord('by')
    return {kind: 'sort', keys: listOf(cursor, parseSortKey)}
  },
  limit: parseLimit,
  dedup: cursor => ({kind: 'dedup', names: listOf(cursor, parseName)}),
}

function listOf<T>(cursor: Cursor, parse: (cursor: Cursor) => T): readonly T[] {
  const items = [parse(cursor)]
  while (cursor.accept(',')) items.push(parse(cursor))
  return items
}

const parseColumns = (cursor: Cursor): readonly Column[] => listOf(cursor, parseColumn)

function parseColumn(cursor: Cursor): Column {
  const {start} = cursor.place()
  const value = parseExpression(cursor)
  const written = cursor.textFrom(start)
  const place = {start, end: start + written.length}
  if (cursor.acceptWord('as')) return {name: parseName(cursor), value, place}
  return {name: value.kind === 'field' ? value.name : written, value, place}
}

const parseName = (cursor: Cursor): string => cursor.expectKind('word', 'name').value

// Only by name: AWS refuses `sort bin(5m)` at its parenthesis.
function parseSortKey(cursor: Cursor): SortKey {
  const name = parseName(cursor)
  if (cursor.acceptWord('desc')) return {name, descending: true}
  cursor.acceptWord('asc')
  return {name, descending: false}
}

function parseLimit(cursor: Cursor): Command {
  const token = cursor.expectKind('number')
  const count = Number(token.value)
  if (!Number.isInteger(count) || count < 1 || count > quotas.logs.queryResultRows)
    throw new QuerySyntaxError(`limit must be between 1 and ${quotas.logs.queryResultRows}`, token)
  return {kind: 'limit', count}
}

function parseParse(cursor: Cursor): Command {
  // Without a field it is the message. No whole expression: a slash would divide.
  const {kind, text} = cursor.peek()
  const isBare = kind === 'string' || text === '/'
  const from: Expression = isBare ? {kind: 'field', name: '@message'} : parseOperand(cursor, 0)
  const regex = cursor.acceptRegex()
  if (regex) {
    const pattern = compileRegex(regex)
    const names = [...pattern.source.matchAll(/\(\?<([A-Za-z]\w*)>/g)].map(group => group[1] ?? '')
    if (names.length === 0) throw new QuerySyntaxError('parse needs a named group in its regular expression', regex)
    return {kind: 'parse', from, pattern, names}
  }
  const glob = cursor.expectKind('string')
  if (!cursor.acceptWord('as')) throw cursor.refuse()
  const names = listOf(cursor, parseName)
  const parts = glob.value.split('*')
  if (parts.length - 1 !== names.length)
    throw new QuerySyntaxError(`parse has ${parts.length - 1} wildcards and ${names.length} names`, glob)
  return {kind: 'parse', from, pattern: globPattern(parts), names}
}

/** What stands between the parts of a glob, as little as there can be, but to the end where the glob ends in a wildcard. */
function globPattern(parts: readonly string[]): RegExp {
  const escaped = parts.map(part => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`${escaped.join('([\\s\\S]*?)')}${parts.at(-1) === '' ? '$' : ''}`)
}
