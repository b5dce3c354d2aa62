import {finite, functionNamed} from './functions.ts'
import {ceilTime, floorTime} from './periods.ts'
import {fieldOf, type Row} from './rows.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {BinaryOperator, Call, Expression} from './syntax-tree.ts'
import {compareValues, isTrue, numberOf, textOf, type Value} from './values.ts'

export type Evaluate = (row: Row) => Value

/**
 * What an expression is for a row, made ready once.
 * @throws QuerySyntaxError for a call that has no sense for one event, as an aggregation
 */
export function compile(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'literal':
      return () => expression.value
    case 'field':
      return row => fieldOf(row, expression.name)
    case 'period':
      return () => undefined
    case 'call':
      return compileCall(expression)
    case 'not': {
      const operand = compile(expression.operand)
      return row => !isTrue(operand(row))
    }
    case 'negate': {
      const operand = compile(expression.operand)
      return row => {
        const number = numberOf(operand(row))
        return number === undefined ? undefined : -number
      }
    }
    case 'like': {
      const operand = compile(expression.operand)
      const {pattern, negated} = expression
      const matches = typeof pattern === 'string' ? (text: string) => text.includes(pattern) : matcherOf(pattern)
      return row => {
        const value = operand(row)
        return (value !== undefined && matches(textOf(value))) !== negated
      }
    }
    case 'in': {
      const operand = compile(expression.operand)
      const options = expression.options.map(compile)
      return row => {
        const value = operand(row)
        return options.some(option => compareValues(value, option(row)) === 0) !== expression.negated
      }
    }
    case 'binary':
      return compileBinary(expression.operator, compile(expression.left), compile(expression.right))
  }
}

const matcherOf = (pattern: RegExp) => (text: string) => pattern.test(text)

const arithmetic: Readonly<Partial<Record<BinaryOperator, (a: number, b: number) => number>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
}

const comparisons: Readonly<Partial<Record<BinaryOperator, (order: number) => boolean>>> = {
  '=': order => order === 0,
  // What is missing equals nothing.
  '!=': order => order !== 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
}

function compileBinary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === 'and') return row => isTrue(left(row)) && isTrue(right(row))
  if (operator === 'or') return row => isTrue(left(row)) || isTrue(right(row))
  const holds = comparisons[operator]
  if (holds) return row => holds(compareValues(left(row), right(row)))
  const calculate = arithmetic[operator]
  return row => {
    const [a, b] = [numberOf(left(row)), numberOf(right(row))]
    return a === undefined || b === undefined ? undefined : finite(calculate?.(a, b) ?? Number.NaN)
  }
}

function compileCall({name, arguments: given, place}: Call): Evaluate {
  if (name === 'bin' || name === 'datefloor' || name === 'dateceil') {
    const period = given.at(-1)
    if (period?.kind !== 'period') throw new QuerySyntaxError(`Invalid period for function ${name}`, place)
    const time = compile((name === 'bin' ? undefined : given[0]) ?? {kind: 'field', name: '@timestamp'})
    const round = name === 'dateceil' ? ceilTime : floorTime
    return row => {
      const moment = numberOf(time(row))
      return moment === undefined ? undefined : {time: round(moment, period)}
    }
  }
  const scalar = functionNamed(name)
  if (!scalar) throw new QuerySyntaxError(`Function ${name} can be used only with stats`, place)
  const parts = given.map(compile)
  return row => scalar.apply(...parts.map(part => part(row)))
}
