import {unimplemented} from '../../unimplemented.ts'
import {isAggregate} from './aggregates.ts'
import type {Cursor} from './cursor.ts'
import {arityOf, isKnownElsewhere} from './functions.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {BinaryOperator, Call, Expression, PeriodUnit} from './syntax-tree.ts'
import type {Token} from './tokens.ts'

// Loosest first; within a level the left operand comes first, but for powers.
const levels: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['*', '/', '%'], ['^']]
const comparisons: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']

/** Deeper than this nobody writes, and a stack has its end. */
const maxDepth = 200

/** @throws QuerySyntaxError where no expression stands */
export function parseExpression(cursor: Cursor, depth = 0): Expression {
  if (depth > maxDepth) throw cursor.refuse()
  let left = parseConjunction(cursor, depth)
  while (cursor.acceptWord('or')) left = {kind: 'binary', operator: 'or', left, right: parseConjunction(cursor, depth)}
  return left
}

function parseConjunction(cursor: Cursor, depth: number): Expression {
  let left = parseNegation(cursor, depth)
  while (cursor.acceptWord('and')) left = {kind: 'binary', operator: 'and', left, right: parseNegation(cursor, depth)}
  return left
}

function parseNegation(cursor: Cursor, depth: number): Expression {
  if (depth > maxDepth) throw cursor.refuse()
  if (cursor.acceptWord('not')) return {kind: 'not', operand: parseNegation(cursor, depth + 1)}
  return parseComparison(cursor, depth)
}

function parseComparison(cursor: Cursor, depth: number): Expression {
  const operand = parseArithmetic(cursor, depth, 0)
  const {kind, text} = cursor.peek()
  if (kind === 'symbol' && comparisons.includes(text)) {
    cursor.take()
    return {kind: 'binary', operator: text as BinaryOperator, left: operand, right: parseArithmetic(cursor, depth, 0)}
  }
  // The user guide has =~, many queries in use have ~=.
  if (cursor.accept('=~') || cursor.accept('~='))
    return {kind: 'like', operand, pattern: parsePattern(cursor), negated: false}
  const negated = cursor.isWordAhead('not') && /^(like|in)$/i.test(cursor.peekFurther().text)
  if (negated) cursor.take()
  if (cursor.acceptWord('like')) return {kind: 'like', operand, pattern: parsePattern(cursor), negated}
  if (cursor.acceptWord('in')) return {kind: 'in', operand, options: parseList(cursor, depth), negated}
  return operand
}

function parsePattern(cursor: Cursor): string | RegExp {
  const regex = cursor.acceptRegex()
  return regex ? compileRegex(regex) : cursor.expectKind('string').value
}

function parseList(cursor: Cursor, depth: number): readonly Expression[] {
  cursor.expect('[')
  const options = [parseArithmetic(cursor, depth + 1, 0)]
  while (cursor.accept(',')) options.push(parseArithmetic(cursor, depth + 1, 0))
  cursor.expect(']')
  return options
}

function parseArithmetic(cursor: Cursor, depth: number, level: number): Expression {
  const operators = levels[level]
  if (!operators) return parseOperand(cursor, depth)
  let left = parseArithmetic(cursor, depth, level + 1)
  for (;;) {
    const {kind, text} = cursor.peek()
    const operator = kind === 'symbol' ? operators.find(known => known === text) : undefined
    if (operator === undefined) return left
    cursor.take()
    // 2 ^ 3 ^ 2 is 2 ^ 9.
    const right =
      operator === '^'
        ? parseArithmetic(cursor, nextDepth(cursor, depth), level)
        : parseArithmetic(cursor, depth, level + 1)
    left = {kind: 'binary', operator, left, right}
  }
}

/** One operand: a field, a literal, a call, or anything in parentheses. */
export function parseOperand(cursor: Cursor, depth: number): Expression {
  if (cursor.accept('-')) return {kind: 'negate', operand: parseOperand(cursor, nextDepth(cursor, depth))}
  if (cursor.accept('(')) {
    const inner = parseExpression(cursor, depth + 1)
    cursor.expect(')')
    return inner
  }
  const token = cursor.peek()
  if (token.kind === 'number') return {kind: 'literal', value: Number(cursor.take().value)}
  if (token.kind === 'string') return {kind: 'literal', value: cursor.take().value}
  if (token.kind === 'name') return {kind: 'field', name: cursor.take().value}
  if (token.kind === 'period') return parsePeriod(cursor)
  if (token.kind !== 'word' || keywords.test(token.text)) throw cursor.refuse()
  if (cursor.peekFurther().text === '(') return parseCall(cursor, depth)
  cursor.take()
  if (/^(true|false)$/i.test(token.text)) return {kind: 'literal', value: token.text.toLowerCase() === 'true'}
  return {kind: 'field', name: token.text}
}

const keywords = /^(and|or|not|like|in|as|by|asc|desc)$/i

function parseCall(cursor: Cursor, depth: number): Call {
  const function_ = cursor.take()
  const name = function_.text.toLowerCase()
  if (isKnownElsewhere(name)) throw unimplemented(`the Logs Insights function ${function_.text}`)
  const arity = isAggregate(name) ? {least: 0, most: 2} : arityOf(name)
  // AWS takes an unknown name for a field, and stumbles over the parenthesis.
  if (!arity) throw cursor.refuse()
  cursor.expect('(')
  const given: Expression[] = []
  if (cursor.accept('*')) cursor.expect(')')
  else if (!cursor.accept(')')) {
    do given.push(parseExpression(cursor, depth + 1))
    while (cursor.accept(','))
    cursor.expect(')')
  }
  if (given.length < arity.least || given.length > arity.most)
    throw new QuerySyntaxError(`Invalid number of arguments for function ${function_.text}`, function_)
  return {kind: 'call', name, arguments: given, place: {start: function_.start, end: function_.end}}
}

const units: Readonly<Record<string, PeriodUnit>> = {
  ...{ms: 'ms', msec: 'ms', millisecond: 'ms', s: 's', sec: 's', second: 's', m: 'm', min: 'm', minute: 'm'},
  ...{h: 'h', hr: 'h', hour: 'h', d: 'd', day: 'd', w: 'w', week: 'w', mo: 'mo', mon: 'mo', month: 'mo'},
  ...{q: 'q', qtr: 'q', quarter: 'q', y: 'y', yr: 'y', year: 'y'},
}

function parsePeriod(cursor: Cursor): Expression {
  const token = cursor.peek()
  const [, digits = '', name = ''] = /^(\d+)([a-z]+)$/i.exec(token.text) ?? []
  const unit = units[name.toLowerCase()] ?? units[name.toLowerCase().replace(/s$/, '')]
  if (unit === undefined || !(Number(digits) > 0)) throw cursor.refuse()
  cursor.take()
  return {kind: 'period', amount: Number(digits), unit}
}

function nextDepth(cursor: Cursor, depth: number): number {
  if (depth >= maxDepth) throw cursor.refuse()
  return depth + 1
}

/**
 * A regular expression of a query, which is written as Java's are: flags stand in front, as `(?i)`.
 * @throws QuerySyntaxError for one that JavaScript does not know
 */
export function compileRegex({value, start, end}: Token): RegExp {
  const [, flags = ''] = /^\(\?([ims]+)\)/.exec(value) ?? []
  try {
    return new RegExp(flags === '' ? value : value.slice(flags.length + 3), flags)
  } catch {
    throw new QuerySyntaxError(`Invalid regular expression: ${value}`, {start, end})
  }
}
