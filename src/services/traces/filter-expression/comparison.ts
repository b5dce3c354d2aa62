import {nearestNames} from '../../targets/nearest-names.ts'
import {type Cursor, described, isMark, take, takeMark, wrong} from './cursor.ts'
import {quoted} from './selectors.ts'
import {
  type FilterExpression,
  type FilterExpressionError,
  type FilterValue,
  type KeywordType,
  keywordTypes,
  type Operator,
  type Scope,
  type Subject,
} from './syntax.ts'
import {jsonExample} from './tokens.ts'
import {mostLetters, numberPattern, unknownKeyword} from './unknown-keyword.ts'

const words: ReadonlySet<string> = new Set(['CONTAINS', 'BEGINSWITH', 'ENDSWITH'])
const orders: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

/**
 * A keyword or annotation by itself, or compared with a value.
 * @throws FilterExpressionError for an unknown keyword, an operator that is not of its type, and a value that is not
 */
export function parseComparison(cursor: Cursor, scope: Scope): FilterExpression {
  const {at} = cursor.next
  const {subject, type} = parseSubject(cursor, scope)
  const operator = parseOperator(cursor, type)
  if (operator === null) {
    if (type === 'group' || type === 'json')
      throw wrong(cursor, `${nameOf(subject)} is to be compared`, type === 'json' ? jsonExample : groupExample)
    return {kind: 'is', subject, at}
  }
  const value = parseValue(cursor, type, nameOf(subject), operator)
  return {kind: 'compare', subject, operator, value, at}
}

const groupExample = 'as in group.name = "checkout"'

const nameOf = (subject: Subject): string =>
  subject.kind === 'annotation' ? `annotation.${subject.key}` : subject.name

type Typed = {readonly subject: Subject; readonly type: KeywordType | 'any'}

function parseSubject(cursor: Cursor, scope: Scope): Typed {
  const {next} = cursor
  const name = next.text.toLowerCase()
  if (name === 'annotation' || name.startsWith('annotation.')) {
    if (scope !== 'trace')
      throw wrong(
        cursor,
        'annotations cannot be asked for inside service() or edge()',
        `put it outside the braces: service("…"){fault} AND ${next.text === name && name === 'annotation' ? 'annotation[key]' : next.text}`,
      )
    return {subject: {kind: 'annotation', key: parseKey(cursor)}, type: 'any'}
  }
  const type = keywordTypes.get(name)
  if (type === undefined) throw unknownKeyword(cursor)
  if (scope !== 'trace' && (type === 'group' || type === 'json'))
    throw wrong(cursor, `${next.text} cannot stand inside braces`, 'put it outside of them, joined by AND')
  take(cursor)
  return {subject: {kind: 'keyword', name}, type}
}

/** Behind `annotation`: what is left of the word, or what stands in brackets. */
function parseKey(cursor: Cursor): string {
  const {text} = take(cursor)
  if (text.length > 'annotation.'.length) return text.slice('annotation.'.length)
  const open = cursor.next
  if (!isMark(open, '['))
    throw wrong(
      cursor,
      'annotation is followed by a key',
      'as in annotation.tenant, or annotation[aws.local.operation]',
    )
  take(cursor)
  let key = ''
  let upTo = cursor.next.at
  // what a key holds may be several pieces, as of aws:api_id
  while (!isMark(cursor.next, ']') && cursor.next.kind !== 'end') {
    const {kind, value, text, at} = cursor.next
    if (key !== '' && at > upTo) break
    key += kind === 'string' ? String(value) : text
    upTo = at + text.length
    take(cursor)
  }
  if (key === '' && isMark(cursor.next, ']'))
    throw wrong(cursor, 'the annotation’s key is missing', 'as in annotation[aws.local.operation]')
  takeMark(cursor, ']', open)
  return key
}

function parseOperator(cursor: Cursor, type: Typed['type']): Operator | null {
  const {next} = cursor
  const text = next.text.toUpperCase()
  const isOrder = next.kind === 'mark' && orders.has(text)
  const isEquality = isMark(next, '=') || isMark(next, '!=')
  const isWord = next.kind === 'word' && words.has(text)
  if (!isOrder && !isEquality && !isWord) {
    if (next.kind === 'word') refuseForeign(cursor)
    return null
  }
  if (isOrder && type !== 'number' && type !== 'any')
    throw wrong(cursor, `${next.text} compares numbers, and this is ${article(type)}`, `it takes ${operatorsOf(type)}`)
  if (isWord && type !== 'string' && type !== 'any')
    throw wrong(cursor, `${next.text} looks into texts, and this is ${article(type)}`, `it takes ${operatorsOf(type)}`)
  take(cursor)
  return text as Operator
}

const article = (type: KeywordType): string =>
  ({boolean: 'true or false', number: 'a number', string: 'a text', group: 'a group', json: 'JSON'})[type]

const operatorsOf = (type: KeywordType): string =>
  type === 'number' ? '= != < <= > >=' : type === 'string' ? '= != CONTAINS BEGINSWITH ENDSWITH' : '= and !='

const foreign: Readonly<Record<string, string>> = {
  '&&': 'AND',
  '||': 'OR',
  '&': 'AND',
  '|': 'OR',
  like: 'CONTAINS',
  matches: 'CONTAINS',
  '~': 'CONTAINS',
  includes: 'CONTAINS',
  startswith: 'BEGINSWITH',
  is: '=',
  eq: '=',
  ne: '!=',
  gt: '>',
  lt: '<',
  gte: '>=',
  lte: '<=',
  in: '= for each, joined by OR',
}

/** Operators of other languages, which would else be taken for keywords. */
function refuseForeign(cursor: Cursor): void {
  const {text} = cursor.next
  const instead = foreign[text.toLowerCase()]
  if (instead !== undefined && Object.hasOwn(foreign, text.toLowerCase()))
    throw wrong(cursor, `X-Ray knows no ${text}`, `write ${instead}`)
  const isKeyword = keywordTypes.has(text.toLowerCase()) || !/^[a-z_]{4,}$/i.test(text)
  const near = isKeyword ? [] : nearestNames(text.slice(0, mostLetters), words)
  if (near.length > 0) throw wrong(cursor, `X-Ray knows no ${described(cursor.next)}`, `write ${near.join(' or ')}`)
}

function parseValue(cursor: Cursor, type: Typed['type'], name: string, operator: Operator): FilterValue {
  const {next} = cursor
  const value = valueFrom(cursor, type)
  if (value === null) throw noValue(cursor, type, name, operator)
  const fault = misfit(value, type, operator)
  if (fault !== null) throw wrong(cursor, fault.message(name), fault.hint(next.text))
  take(cursor)
  return value
}

function valueFrom({next}: Cursor, type: Typed['type']): FilterValue | null {
  if (next.kind === 'string') return {kind: 'string', text: String(next.value)}
  if (next.kind === 'json') return {kind: 'json', value: next.value}
  if (next.kind !== 'word') return null
  if (numberPattern.test(next.text)) return {kind: 'number', value: Number(next.text)}
  if (/^(?:true|false)$/i.test(next.text) && type !== 'string')
    return {kind: 'boolean', value: next.text.toLowerCase() === 'true'}
  return null
}

type Misfit = {readonly message: (name: string) => string; readonly hint: (text: string) => string}

/** A value of another type than the keyword's. Numbers in quotes pass: X-Ray may take them, and advice tells of it. */
function misfit(value: FilterValue, type: Typed['type'], operator: Operator): Misfit | null {
  if (type === 'json' || value.kind === 'json')
    return type === value.kind
      ? null
      : {
          message: name => `${name} ${type === 'json' ? 'is compared with JSON' : 'is not JSON'}`,
          hint: () => jsonExample,
        }
  if (orders.has(operator) && type === 'any' && value.kind !== 'number')
    return {message: () => `${operator} compares numbers`, hint: text => numberHint(text)}
  if ((type === 'string' || type === 'group' || words.has(operator)) && value.kind !== 'string')
    return {message: name => `${name} is a text, which stands in double quotes`, hint: text => `write ${quoted(text)}`}
  if (
    type === 'boolean' &&
    !(value.kind === 'boolean' || (value.kind === 'string' && /^(true|false)$/.test(value.text)))
  )
    return {message: name => `${name} is true or false`, hint: () => 'write it by itself, or = true or = false'}
  if (type === 'number' && (value.kind === 'boolean' || (value.kind === 'string' && !numberPattern.test(value.text))))
    return {message: name => `${name} is a number`, hint: () => 'write one without quotes, as in 500'}
  return null
}

/** What was written in quotes may be a number. */
const numberHint = (text: string): string => {
  const bare = text.replaceAll('"', '')
  return numberPattern.test(bare) ? `write ${bare}, without quotes` : 'texts and truths are compared by = and !='
}

function noValue(cursor: Cursor, type: Typed['type'], name: string, operator: Operator): FilterExpressionError {
  const {next} = cursor
  const [, amount = '', unit = ''] = /^([+-]?\d+(?:\.\d+)?)(ms|s|sec|m|min|h)$/i.exec(next.text) ?? []
  if (type === 'number' && amount !== '')
    return wrong(cursor, `${name} is a number of seconds, without a unit`, `write ${inSeconds(Number(amount), unit)}`)
  if (isMark(next, '=')) return wrong(cursor, 'one = is enough', `write ${name} = …`)
  if (next.kind === 'word' && type !== 'number' && type !== 'boolean')
    return wrong(cursor, 'a text stands in double quotes', `write ${quoted(next.text)}`)
  const example =
    type === 'number' ? (name === 'http.status' ? '500' : '2') : type === 'boolean' ? 'true or false' : '"…"'
  const what = next.kind === 'end' ? 'the expression ends' : `${described(next)} stands`
  return wrong(cursor, `${what} where the value of ${name} ${operator} is expected`, `write ${example}`)
}

function inSeconds(amount: number, unit: string): string {
  const seconds = {ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3_600}[unit.toLowerCase()] ?? 1
  return String(Number((amount * seconds).toPrecision(12)))
}
