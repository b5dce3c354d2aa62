import fc from 'fast-check'
import type {Expression, Operand} from '../../../../src/services/logs/filter-pattern/syntax.ts'

export const plainText = fc
  .string({unit: fc.constantFrom('a', 'b', 'x', '1', '_'), minLength: 1, maxLength: 3})
  .filter(text => !/^\d+$/.test(text))
export const numberText = fc.constantFrom(
  '0',
  '1',
  '-1',
  '1.5',
  '15e-1',
  '0.05',
  '5e-2',
  '2',
  '1e3',
  '1000',
  '12345678901234567890',
  '12345678901234567891',
  '1.0',
)
const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.record({kind: fc.constant('text' as const), text: plainText, anyBefore: fc.boolean(), anyAfter: fc.boolean()}),
  numberText.map(literal => ({kind: 'number' as const, literal})),
)
export const comparison = fc
  .record({operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), operand})
  .filter(({operator, operand}) => operand.kind === 'number' || operator === '=' || operator === '!=')
export const writtenOperand = (operand: Operand): string => {
  if (operand.kind === 'regex') return ''
  return operand.kind === 'number'
    ? operand.literal
    : `"${operand.anyBefore ? '*' : ''}${operand.text}${operand.anyAfter ? '*' : ''}"`
}

/** Exact decimals as integers of 20 digits behind the point. */
const scaled = (literal: string): bigint => {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(literal) ?? []
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
  return digits * 10n ** BigInt(20 - fraction.length + Number(exponent))
}

const isNumeric = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)

/** What a comparison says of a leaf as it is written in the message. */
export function compares(operator: string, operand: Operand, leaf: string): boolean {
  if (operand.kind === 'text') {
    const {text, anyBefore, anyAfter} = operand
    const escaped = text.replaceAll(/\W/g, '\\$&')
    const equal = new RegExp(`^${anyBefore ? '[^]*' : ''}${escaped}${anyAfter ? '[^]*' : ''}$`).test(leaf)
    return operator === '=' ? equal : !equal
  }
  if (operand.kind === 'regex') throw new Error('none is made')
  if (!isNumeric(leaf)) return operator === '!='
  const [left, right] = [scaled(leaf), scaled(operand.literal)]
  if (operator === '=') return left === right
  if (operator === '!=') return left !== right
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

export const written = <Condition>(expression: Expression<Condition>, condition: (one: Condition) => string): string =>
  expression.kind === 'condition'
    ? condition(expression.condition)
    : expression.of
        .map(part => (part.kind === 'condition' ? condition(part.condition) : `( ${written(part, condition)} )`))
        .join(expression.kind === 'all' ? ' && ' : ' || ')

export const holds = <Condition>(
  expression: Expression<Condition>,
  condition: (one: Condition) => boolean,
): boolean => {
  if (expression.kind === 'condition') return condition(expression.condition)
  return expression.kind === 'all'
    ? expression.of.every(part => holds(part, condition))
    : expression.of.some(part => holds(part, condition))
}

export const expressionOf = <Condition>(condition: fc.Arbitrary<Condition>): fc.Arbitrary<Expression<Condition>> =>
  fc.letrec<{tree: Expression<Condition>}>(tie => ({
    tree: fc.oneof(
      {maxDepth: 3, depthSize: 'small'},
      fc.record({kind: fc.constant('condition' as const), condition}),
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('tree'), {minLength: 2, maxLength: 3}),
      }),
    ),
  })).tree
