import {type Cursor, described, isMark, isWord, take, takeMark, wrong} from './cursor.ts'
import {type FilterExpression, FilterExpressionError, type NodeSelector} from './syntax.ts'

const any: NodeSelector = {name: null, type: null, account: null}

/**
 * `service()`, `service("name")`, `service(id(…))`, and a filter in braces.
 * @throws FilterExpressionError
 */
export function parseService(cursor: Cursor, filter: () => FilterExpression | null): FilterExpression {
  const {at} = take(cursor)
  const open = cursor.next
  takeOpening(cursor, 'service', 'service("checkout-api"){fault}, or service(){fault} for any')
  const node = isMark(cursor.next, ')') ? any : parseNode(cursor)
  if (isMark(cursor.next, ','))
    throw wrong(cursor, 'service() takes one name', 'ask for several as service("…") OR service("…")')
  takeMark(cursor, ')', open)
  return {kind: 'service', node, filter: filter(), at}
}

/**
 * `edge("from", "to")`, and a filter in braces.
 * @throws FilterExpressionError
 */
export function parseEdge(cursor: Cursor, filter: () => FilterExpression | null): FilterExpression {
  const {at} = take(cursor)
  const example = 'name both ends: edge("checkout-api", "orders-table"){fault}'
  const open = cursor.next
  takeOpening(cursor, 'edge', example)
  if (isMark(cursor.next, ')')) throw wrong(cursor, 'edge() names no services', example)
  const from = parseNode(cursor)
  if (!isMark(cursor.next, ',')) throw wrong(cursor, 'edge() needs two services with a comma between them', example)
  take(cursor)
  const to = parseNode(cursor)
  takeMark(cursor, ')', open)
  return {kind: 'edge', from, to, filter: filter(), at}
}

function takeOpening(cursor: Cursor, name: string, example: string): void {
  if (!isMark(cursor.next, '(')) throw wrong(cursor, `${name} is followed by parentheses`, `as in ${example}`)
  take(cursor)
}

function parseNode(cursor: Cursor): NodeSelector {
  const {next} = cursor
  if (next.kind === 'string') {
    take(cursor)
    return {...any, name: String(next.value)}
  }
  if (isWord(next, 'id')) return parseId(cursor)
  if (next.kind === 'word')
    throw wrong(cursor, 'a service’s name stands in double quotes', `write ${quoted(next.text)}`)
  throw wrong(
    cursor,
    `${described(next)} stands where a service is expected`,
    'write its name in double quotes, or id(name: "…", type: "…")',
  )
}

const example = 'as in id(name: "checkout-api", type: "AWS::Lambda::Function")'
const parts = new Map([
  ['name', 'name'],
  ['type', 'type'],
  ['account.id', 'account'],
] as const)

function parseId(cursor: Cursor): NodeSelector {
  const {at} = take(cursor)
  const open = cursor.next
  takeOpening(cursor, 'id', example.replace('as in ', ''))
  const selector: {name: string | null; type: string | null; account: string | null} = {...any}
  while (!isMark(cursor.next, ')')) {
    const key = [...parts].find(([word]) => isWord(cursor.next, word))
    if (cursor.next.kind === 'end') break
    if (!key)
      throw wrong(cursor, `id() knows no ${described(cursor.next)}`, `it takes name, type and account.id, ${example}`)
    take(cursor)
    if (!isMark(cursor.next, ':')) throw wrong(cursor, `a colon stands between ${key[0]} and its value`, example)
    take(cursor)
    const {next} = cursor
    if (next.kind !== 'string')
      throw wrong(
        cursor,
        `the ${key[0]} stands in double quotes`,
        next.kind === 'word' ? `write ${quoted(next.text)}` : example,
      )
    selector[key[1]] = String(next.value)
    take(cursor)
    if (isMark(cursor.next, ',')) take(cursor)
    else break
  }
  if ([...parts.keys()].some(word => isWord(cursor.next, word)))
    throw wrong(cursor, `${described(cursor.next)} stands where ) is expected`, `put a comma before it, ${example}`)
  takeMark(cursor, ')', open)
  if (selector.name === null && selector.type === null && selector.account === null)
    throw new FilterExpressionError('id() says nothing of the service', at, example)
  return selector
}

/** What was meant as text, in double quotes. */
export function quoted(word: string): string {
  const bare = word.replace(/^['“”‘’`]+|['“”‘’`]+$/g, '')
  return `"${bare.replaceAll(/(["\\])/g, '\\$1')}"`
}
