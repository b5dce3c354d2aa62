import {type Aggregate, createAggregate, isAggregate} from './aggregates.ts'
import {compile, type Evaluate} from './evaluate.ts'
import {fieldOf, type Row} from './rows.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {Call, Column, Expression} from './syntax-tree.ts'
import {compareNaturally, textOf, type Value} from './values.ts'

/** More groups than a query can show: what comes after them is left out, to bound the memory a query takes. */
export const maxGroups = 250_000

export type Collector = {add(row: Row): void; rows(): readonly Row[]}

type Group = {readonly by: readonly Value[]; readonly aggregates: readonly Aggregate[]}

/**
 * `stats`: one row for each combination of the `by` values, in their order, where AWS promises none; no row where no event was.
 * @throws QuerySyntaxError for a column without an aggregation
 */
export function collectStats(columns: readonly Column[], by: readonly Column[]): Collector {
  const calls: Call[] = []
  const known = new Set(by.map(({name}) => name))
  const results = columns.map(({name, value, place}) => {
    const found = {calls, free: [] as string[]}
    const before = calls.length
    const result = compile(withoutAggregates(value, found))
    // `max(a) as x, min(a) as y, x - y`: a column may speak of those before it, but of no event.
    const isAggregated = calls.length > before || found.free.length > 0
    if (!isAggregated || found.free.some(field => !known.has(field)))
      throw new QuerySyntaxError(`stats needs an aggregation function: ${name}`, place)
    known.add(name)
    return {name, result}
  })
  const given: readonly (readonly Evaluate[])[] = calls.map(call => call.arguments.map(compile))
  const keys = by.map(({name, value}) => ({name, value: compile(value)}))
  const groups = new Map<string, Group>()
  return {
    add: row => {
      const values = keys.map(key => key.value(row))
      const key = JSON.stringify(values.map(value => (value === undefined ? null : textOf(value))))
      let group = groups.get(key)
      if (!group) {
        if (groups.size >= maxGroups) return
        group = {by: values, aggregates: calls.map(({name}) => createAggregate(name))}
        groups.set(key, group)
      }
      const time = timeOf(row)
      for (const [index, aggregate] of group.aggregates.entries())
        aggregate.add(given[index]?.map(evaluate => evaluate(row)) ?? [], time)
    },
    rows: () =>
      [...groups.values()].sort(byValues).map(group => {
        const values = new Map<string, Value>(keys.map(({name}, index) => [name, group.by[index]]))
        const known = new Map(values)
        for (const [index, aggregate] of group.aggregates.entries()) known.set(placeholder(index), aggregate.result())
        for (const {name, result} of results) {
          const value = result({source: undefined, values: known})
          values.set(name, value)
          known.set(name, value)
        }
        return {source: undefined, values}
      }),
  }
}

function byValues(a: Group, b: Group): number {
  for (const [index, value] of a.by.entries()) {
    const order = compareNaturally(value, b.by[index])
    if (order !== 0) return order
  }
  return 0
}

function timeOf(row: Row): number | undefined {
  if (row.source) return row.source.event.timestamp
  const time = fieldOf(row, '@timestamp')
  return typeof time === 'object' ? time.time : undefined
}

// No query can name a field so.
const placeholder = (index: number) => `\u0000${index}`

/** What `stats` columns are made of: aggregations, and fields that stand outside of any. */
type Found = {readonly calls: Call[]; readonly free: string[]}

/** The expression with each aggregation replaced by a field that holds its result; what it is made of is added to `found`. */
function withoutAggregates(expression: Expression, found: Found): Expression {
  switch (expression.kind) {
    case 'call':
      if (isAggregate(expression.name)) return {kind: 'field', name: placeholder(found.calls.push(expression) - 1)}
      return {...expression, arguments: expression.arguments.map(part => withoutAggregates(part, found))}
    case 'not':
    case 'negate':
      return {...expression, operand: withoutAggregates(expression.operand, found)}
    case 'binary':
      return {
        ...expression,
        left: withoutAggregates(expression.left, found),
        right: withoutAggregates(expression.right, found),
      }
    case 'field':
      found.free.push(expression.name)
      return expression
    default:
      return expression
  }
}
