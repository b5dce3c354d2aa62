import {parseComparison} from './comparison.ts'
import {parseExpression} from './expression.ts'
import {accept, atEnd, peek, read, type Scanner, skipSpace, unexpected} from './scanner.ts'
import {type FilterPattern, FilterPatternError, type JsonCondition, type Selector, type Step} from './syntax.ts'

const maxWildcardSelectors = 3
const literals = {NULL: null, TRUE: true, FALSE: false} as const

/**
 * `{ $.a = "x*" && ($.n > 3 || $.list[0].y IS NULL) }`; the scanner stands on the opening brace.
 * @throws FilterPatternError where CloudWatch Logs would refuse the pattern
 */
export function parseJsonPattern(scanner: Scanner): FilterPattern {
  if (!scanner.text.trimEnd().endsWith('}'))
    throw new FilterPatternError("If a filter pattern starts with '{' it must end with '}'", scanner.position)
  accept(scanner, '{')
  const expression = parseExpression(scanner, parseCondition)
  skipSpace(scanner)
  if (!accept(scanner, '}')) throw unexpected(scanner, '&&, || or the closing brace')
  if (!atEnd(scanner)) throw unexpected(scanner, 'the end')
  return {kind: 'json', expression}
}

function parseCondition(scanner: Scanner): JsonCondition {
  const selector = parseSelector(scanner)
  skipSpace(scanner)
  if (!/\w/.test(peek(scanner))) return {kind: 'compare', selector, comparison: parseComparison(scanner)}

  const start = scanner.position
  const keyword = read(scanner, /(?:IS\s+(?:NULL|TRUE|FALSE)|NOT\s+EXISTS)\b/iy).toUpperCase()
  if (keyword === '')
    throw new FilterPatternError(
      'Invalid filter pattern: a comparison, IS NULL, IS TRUE, IS FALSE or NOT EXISTS expected',
      start,
    )
  if (keyword.startsWith('NOT')) return {kind: 'not-exists', selector}
  const value = literals[keyword.replace(/^IS\s+/, '') as keyof typeof literals]
  return {kind: 'is', selector, value}
}

function parseSelector(scanner: Scanner): Selector {
  const start = scanner.position
  if (!accept(scanner, '$')) throw unexpected(scanner, 'a selector such as $.level')
  const steps: Step[] = []
  for (let step = parseStep(scanner); step; step = parseStep(scanner)) steps.push(step)
  if (steps.length === 0) throw unexpected(scanner, 'a property such as $.level')

  const wildcards = steps.filter(step => step.kind === 'any').length
  if (wildcards > 1)
    throw new FilterPatternError('Invalid filter pattern: at most one wildcard is allowed in a selector', start)
  scanner.wildcardSelectors += wildcards
  if (scanner.wildcardSelectors > maxWildcardSelectors)
    throw new FilterPatternError(
      `Invalid filter pattern: at most ${maxWildcardSelectors} wildcard selectors are allowed`,
      start,
    )
  return steps
}

function parseStep(scanner: Scanner): Step | null {
  // `$.['cluster.name']` is how the user guide writes a property whose name has a dot
  if (accept(scanner, '[') || accept(scanner, '.[')) return parseBracket(scanner)
  if (!accept(scanner, '.')) return null
  if (accept(scanner, '*')) return {kind: 'any'}
  const name = read(scanner, /[A-Za-z0-9_-]+/y)
  if (name === '') throw unexpected(scanner, 'a property name')
  return {kind: 'property', name}
}

function parseBracket(scanner: Scanner): Step {
  const content = read(scanner, /\*|\d+|'[^']+'|"[^"]+"/y)
  if (content === '' || !accept(scanner, ']')) throw unexpected(scanner, "an index, * or a 'property' in brackets")
  if (content === '*') return {kind: 'any'}
  if (/^\d/.test(content)) return {kind: 'index', index: Number(content)}
  return {kind: 'property', name: content.slice(1, -1)}
}
