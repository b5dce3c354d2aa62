import {accept, type Scanner, skipSpace, unexpected} from './scanner.ts'
import type {Expression} from './syntax.ts'

/**
 * Conditions joined by `||` and `&&`, which binds tighter, and by parentheses.
 * @throws FilterPatternError as `parseCondition` does, and for a parenthesis that is not closed
 */
export function parseExpression<Condition>(
  scanner: Scanner,
  parseCondition: (scanner: Scanner) => Condition,
): Expression<Condition> {
  const operand = (): Expression<Condition> => {
    skipSpace(scanner)
    if (!accept(scanner, '(')) return {kind: 'condition', condition: parseCondition(scanner)}
    const inner = joined('any', '||', conjunction)
    skipSpace(scanner)
    if (!accept(scanner, ')')) throw unexpected(scanner, 'a closing parenthesis')
    return inner
  }
  const joined = (kind: 'all' | 'any', operator: string, part: () => Expression<Condition>): Expression<Condition> => {
    const first = part()
    const rest: Expression<Condition>[] = []
    skipSpace(scanner)
    while (accept(scanner, operator)) {
      rest.push(part())
      skipSpace(scanner)
    }
    return rest.length === 0 ? first : {kind, of: [first, ...rest]}
  }
  const conjunction = () => joined('all', '&&', operand)
  return joined('any', '||', conjunction)
}

/** The expression as one test, made of a test for each condition. */
export function expressionTest<Condition, Value>(
  expression: Expression<Condition>,
  conditionTest: (condition: Condition) => (value: Value) => boolean,
): (value: Value) => boolean {
  if (expression.kind === 'condition') return conditionTest(expression.condition)
  const tests = expression.of.map(part => expressionTest(part, conditionTest))
  return expression.kind === 'all'
    ? value => tests.every(test => test(value))
    : value => tests.some(test => test(value))
}
