import {compareValues} from './natural-order.ts'
import type {Row} from './row-operations.ts'
import {type Item, textOf} from './stages.ts'
import type {Token} from './tokens.ts'

/** What a group's value is made of, out of what each of several queries says of the group. */
export type Combined = (parts: readonly Row[], computed: ReadonlyMap<string, number>) => string | undefined

/** Why queries cannot be made one, said to the user. */
export class NotMergeable extends Error {
  override readonly name = 'NotMergeable'
}

/** Gives the column that holds an expression in the queries that are run. */
export type Ask = (expression: string) => string

const numberIn = (row: Row, column: string): number | undefined => {
  const value = row.get(column)
  return value === undefined || value === '' || Number.isNaN(Number(value)) ? undefined : Number(value)
}

const total = (parts: readonly Row[], column: string): number | undefined => {
  const values = parts.flatMap(row => numberIn(row, column) ?? [])
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

const text = (value: number | undefined): string | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : String(value)

type Aggregate = (argument: string, ask: Ask) => (parts: readonly Row[]) => string | undefined

const extreme =
  (name: 'min' | 'max', sign: 1 | -1): Aggregate =>
  (argument, ask) => {
    const column = ask(`${name}(${argument})`)
    return parts => parts.flatMap(row => row.get(column) ?? []).sort((a, b) => sign * compareValues(a, b))[0]
  }

/** The value of the event that is first or last: told by that event's time. */
const byTime =
  (name: 'earliest' | 'latest', sign: 1 | -1): Aggregate =>
  (argument, ask) => {
    const column = ask(`${name}(${argument})`)
    const time = ask(`${name}(@timestamp)`)
    return parts => parts.toSorted((a, b) => sign * compareValues(a.get(time), b.get(time)))[0]?.get(column)
  }

/** Those that can be told for all from what they are for parts. */
const mergeable: Readonly<Record<string, Aggregate>> = {
  count: (argument, ask) => {
    const column = ask(`count(${argument})`)
    return parts => text(total(parts, column))
  },
  sum: (argument, ask) => {
    const column = ask(`sum(${argument})`)
    return parts => text(total(parts, column))
  },
  min: extreme('min', 1),
  max: extreme('max', -1),
  earliest: byTime('earliest', 1),
  latest: byTime('latest', -1),
  avg: (argument, ask) => {
    const sum = ask(`sum(${argument})`)
    const count = ask(`count(${argument})`)
    return parts => text((total(parts, sum) ?? Number.NaN) / (total(parts, count) || Number.NaN))
  },
  stddev: (argument, ask) => {
    const sum = ask(`sum(${argument})`)
    const squares = ask(`sum((${argument}) * (${argument}))`)
    const count = ask(`count(${argument})`)
    return parts => {
      const n = total(parts, count) || Number.NaN
      const mean = (total(parts, sum) ?? Number.NaN) / n
      return text(Math.sqrt(Math.max(0, (total(parts, squares) ?? Number.NaN) / n - mean * mean)))
    }
  },
}

const notMergeable: Readonly<Record<string, string>> = {
  count_distinct: 'count_distinct: what is distinct in each part may be the same in several',
  pct: 'pct: a percentile of all cannot be told from percentiles of parts',
  percentile: 'percentile: a percentile of all cannot be told from percentiles of parts',
  median: 'median: the median of all cannot be told from medians of parts',
}

/**
 * How a `stats` item of several queries becomes one: an aggregate, or arithmetic over aggregates and the names of items
 * before it.
 * @throws NotMergeable
 */
export function combining(query: string, {tokens, text: written}: Item, ask: Ask): Combined {
  let at = 0
  const peek = (): string => tokens[at]?.text ?? ''
  const fail = (): never => {
    throw new NotMergeable(`${written}: only aggregates and arithmetic over them can be put together`)
  }

  const primary = (): Combined => {
    const token = tokens[at++]
    if (!token) return fail()
    if (token.text === '(') {
      const inner = sum()
      if (tokens[at++]?.text !== ')') fail()
      return inner
    }
    if (token.text === '-') {
      const operand = primary()
      return (parts, computed) => text(-Number(operand(parts, computed) ?? Number.NaN))
    }
    if (token.kind !== 'word') return fail()
    if (/^\d+(\.\d+)?$/.test(token.text)) return () => token.text
    if (peek() === '(') return call(token)
    return (_, computed) => text(computed.get(token.text))
  }

  const call = ({text: name}: Token): Combined => {
    const from = ++at
    for (let depth = 1; at < tokens.length && depth > 0; at++)
      depth += tokens[at]?.kind !== 'symbol' ? 0 : peek() === '(' ? 1 : peek() === ')' ? -1 : 0
    const argument = textOf(query, tokens.slice(from, at - 1))
    const lower = name.toLowerCase()
    const aggregate = mergeable[lower]
    if (!aggregate || !Object.hasOwn(mergeable, lower))
      throw new NotMergeable(notMergeable[lower] ?? `${name}: slsops does not know how to put it together`)
    return aggregate(argument === '' ? '*' : argument, ask)
  }

  const chain = (operand: () => Combined, operators: string): Combined => {
    let left = operand()
    while (peek() !== '' && operators.includes(peek())) {
      const operator = tokens[at++]?.text ?? ''
      const [a, b] = [left, operand()]
      left = (parts, computed) =>
        text(calculate(operator, Number(a(parts, computed) ?? Number.NaN), Number(b(parts, computed) ?? Number.NaN)))
    }
    return left
  }
  const sum = (): Combined => chain(() => chain(primary, '*/%'), '+-')

  const combined = sum()
  if (at < tokens.length) fail()
  return combined
}

function calculate(operator: string, a: number, b: number): number | undefined {
  const value =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b
  return Number.isFinite(value) ? value : undefined
}
