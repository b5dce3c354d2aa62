import {compareDecimals, isDecimal} from './decimal.ts'
import {readRegex} from './regex.ts'
import {peek, read, readQuoted, type Scanner, skipSpace, unexpected} from './scanner.ts'
import {type Comparison, FilterPatternError, type Operand, type Operator} from './syntax.ts'

/**
 * An operator and what it compares with.
 * @throws FilterPatternError where there is none, and where `<` or `>` stands before something that is not a number
 */
export function parseComparison(scanner: Scanner): Comparison {
  skipSpace(scanner)
  const operator = read(scanner, /[<>]=?|!?=/y) as Operator | ''
  if (operator === '') throw unexpected(scanner, 'a comparison (=, !=, <, <=, >, >=)')
  skipSpace(scanner)
  const start = scanner.position
  const operand = parseOperand(scanner)
  if (operand.kind !== 'number' && operator !== '=' && operator !== '!=')
    throw new FilterPatternError(`Invalid filter pattern: ${operator} compares numbers only`, start)
  return {operator, operand}
}

function parseOperand(scanner: Scanner): Operand {
  if (peek(scanner) === '%') return {kind: 'regex', regex: readRegex(scanner)}
  if (peek(scanner) === '"') return wildcardText(readQuoted(scanner))
  // the documentation asks for quotes beyond letters, digits and _, but its own examples have 123.123.* and 1e-3
  const word = read(scanner, /[\w.*+-]+/y)
  if (word === '') throw unexpected(scanner, 'a value')
  return isDecimal(word) ? {kind: 'number', literal: word} : wildcardText(word)
}

// a * counts at either end only: `Ev*ent` means just that text
function wildcardText(text: string): Operand {
  const anyBefore = text.startsWith('*')
  const anyAfter = text.endsWith('*') && text.length > 1
  return {kind: 'text', text: text.slice(anyBefore ? 1 : 0, anyAfter ? -1 : undefined), anyBefore, anyAfter}
}

export type ComparisonTest = {
  text(value: string): boolean
  /** `source` gives the number as it was written, for when the double cannot tell */
  number(value: number, source: () => string): boolean
}

/** The comparison as a test of one value. */
export function comparisonTest({operator, operand}: Comparison): ComparisonTest {
  if (operand.kind === 'number') return numberTest(operator, operand.literal)
  const equal = operand.kind === 'regex' ? (value: string) => operand.regex.test(value) : textTest(operand)
  const text = operator === '=' ? equal : (value: string) => !equal(value)
  // `$.latency = *` asks only whether there is a value
  const isAnything = operand.kind === 'text' && operand.anyBefore && operand.text === ''
  return {text, number: (_, source) => text(isAnything ? '' : source())}
}

function textTest({text, anyBefore, anyAfter}: Operand & {kind: 'text'}): (value: string) => boolean {
  if (anyBefore && anyAfter) return value => value.includes(text)
  if (anyBefore) return value => value.endsWith(text)
  if (anyAfter) return value => value.startsWith(text)
  return value => value === text
}

function numberTest(operator: Operator, literal: string): ComparisonTest {
  const holds = orderTest(operator)
  const double = Number(literal)
  const literalIsExact = Number.isSafeInteger(double)
  return {
    // account ids and many access logs put their numbers in strings, so those count as numbers too
    text(value) {
      if (isDecimal(value)) return holds(compareDecimals(value, literal))
      return operator === '!='
    },
    // rounding to doubles keeps the order, so that only two equal doubles may stand for different numbers
    number(value, source) {
      if (value !== double) return holds(value < double ? -1 : 1)
      if (literalIsExact && Number.isSafeInteger(value)) return holds(0)
      return holds(compareDecimals(source(), literal))
    },
  }
}

function orderTest(operator: Operator): (order: number) => boolean {
  switch (operator) {
    case '=':
      return order => order === 0
    case '!=':
      return order => order !== 0
    case '<':
      return order => order < 0
    case '<=':
      return order => order <= 0
    case '>':
      return order => order > 0
    case '>=':
      return order => order >= 0
  }
}
