import {parseComparison} from './comparison.ts'
import {type Cursor, cursorOf, described, isMark, isWord, take, takeMark, wrong} from './cursor.ts'
import {parseEdge, parseService} from './selectors.ts'
import {type FilterExpression, FilterExpressionError, type Scope} from './syntax.ts'

/** deeper than any person writes, and far from where the stack ends */
const deepest = 64

/**
 * Reads a filter expression of X-Ray, whose keywords may be in any case. Terms that merely follow each other are joined by AND.
 * Pure; takes time that grows with the length.
 * @throws FilterExpressionError for what X-Ray refuses, with the character and what to write instead
 */
export function parseFilterExpression(text: string): FilterExpression {
  if (text.trim() === '')
    throw new FilterExpressionError('the expression is empty', 0, 'write one, as in service("checkout-api"){fault}')
  const cursor = cursorOf(text)
  const expression = parseAny(cursor, 'trace', 0)
  const {next} = cursor
  if (next.kind !== 'end') throw unexpectedEnd(cursor)
  return expression
}

function parseAny(cursor: Cursor, scope: Scope, depth: number): FilterExpression {
  const {at} = cursor.next
  const of = [parseAll(cursor, scope, depth)]
  while (isWord(cursor.next, 'or')) {
    take(cursor)
    of.push(parseAll(cursor, scope, depth))
  }
  return of.length === 1 && of[0] ? of[0] : {kind: 'any', of, at}
}

function parseAll(cursor: Cursor, scope: Scope, depth: number): FilterExpression {
  const {at} = cursor.next
  const of = [parseTerm(cursor, scope, depth)]
  for (;;) {
    if (isWord(cursor.next, 'and')) take(cursor)
    else if (!beginsTerm(cursor)) break
    of.push(parseTerm(cursor, scope, depth))
  }
  return of.length === 1 && of[0] ? of[0] : {kind: 'all', of, at}
}

function beginsTerm({next}: Cursor): boolean {
  if (next.kind === 'word') return !isWord(next, 'or')
  return isMark(next, '(') || isMark(next, '!')
}

function parseTerm(cursor: Cursor, scope: Scope, depth: number): FilterExpression {
  const {next} = cursor
  if (depth > deepest)
    throw new FilterExpressionError(`parentheses are nested deeper than ${deepest}`, next.at, 'write it with fewer')
  if (isMark(next, '!')) {
    take(cursor)
    return {kind: 'not', of: parseTerm(cursor, scope, depth + 1), at: next.at}
  }
  if (isMark(next, '(')) {
    take(cursor)
    if (isMark(cursor.next, ')'))
      throw wrong(cursor, 'these parentheses are empty', 'put a condition between them, or leave them out')
    const inner = parseAny(cursor, scope, depth + 1)
    takeMark(cursor, ')', next)
    return inner
  }
  const filter = (inner: Scope): FilterExpression | null => parseFilter(cursor, inner, depth)
  if (next.kind !== 'word' || isWord(next, 'and') || isWord(next, 'or')) throw noTerm(cursor)
  const name = next.text.toLowerCase()
  if (name === 'service' || name === 'edge') {
    onlyAtTrace(cursor, scope)
    return name === 'service' ? parseService(cursor, () => filter('service')) : parseEdge(cursor, () => filter('edge'))
  }
  const cause = /^rootcause\.(fault|error|responsetime)\.(service|entity|exception)$/.exec(name)
  if (!cause) return parseComparison(cursor, scope)
  onlyAtTrace(cursor, scope)
  take(cursor)
  const [, of, part] = cause as unknown as [
    string,
    'fault' | 'error' | 'responsetime',
    'service' | 'entity' | 'exception',
  ]
  return {kind: 'root-cause', of, part, filter: filter('root-cause'), at: next.at}
}

/** What stands in braces, where there are any. */
function parseFilter(cursor: Cursor, scope: Scope, depth: number): FilterExpression | null {
  const open = cursor.next
  if (!isMark(open, '{')) return null
  take(cursor)
  if (isMark(cursor.next, '}')) {
    take(cursor)
    return null
  }
  const filter = parseAny(cursor, scope, depth + 1)
  takeMark(cursor, '}', open)
  return filter
}

function onlyAtTrace(cursor: Cursor, scope: Scope): void {
  if (scope === 'trace') return
  throw wrong(
    cursor,
    `${cursor.next.text} cannot stand inside the braces of another`,
    'close the brace before it: service("a"){fault} AND service("b"){error}',
  )
}

function noTerm(cursor: Cursor): FilterExpressionError {
  const {next, last} = cursor
  const before = last === null ? '' : ` after ${described(last)}`
  if (next.kind === 'end')
    return wrong(
      cursor,
      `the expression ends${before}, where a condition is missing`,
      'write one, or leave the rest out',
    )
  if (next.kind === 'string')
    return wrong(
      cursor,
      'a text stands where a keyword is expected',
      `say what it is of: http.url CONTAINS ${next.text}, or service(${next.text})`,
    )
  return wrong(
    cursor,
    `${described(next)} stands where a condition is expected${before}`,
    'a condition is a keyword, as in fault or duration > 2',
  )
}

function unexpectedEnd(cursor: Cursor): FilterExpressionError {
  const {next, last} = cursor
  if (isMark(next, ')') || isMark(next, '}')) {
    const opening = next.text === ')' ? '(' : '{'
    return wrong(
      cursor,
      `nothing was opened that this ${next.text} could close`,
      `leave it out, or open it with ${opening}`,
    )
  }
  if (isMark(next, '{'))
    return wrong(
      cursor,
      'braces stand behind service(), edge() and root causes only',
      'as in service("checkout-api"){fault}',
    )
  if (isMark(next, '['))
    return wrong(cursor, 'square brackets stand behind annotation only', 'as in annotation[aws.local.operation]')
  return wrong(
    cursor,
    `${described(next)} does not belong here${last === null ? '' : `, behind ${described(last)}`}`,
    'join conditions by AND or OR',
  )
}
