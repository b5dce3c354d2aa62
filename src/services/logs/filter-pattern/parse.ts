import {parseDelimitedPattern} from './parse-delimited.ts'
import {parseJsonPattern} from './parse-json.ts'
import {readRegex} from './regex.ts'
import {accept, atEnd, peek, read, readQuoted, type Scanner, scannerOf, skipSpace, unexpected} from './scanner.ts'
import {type FilterPattern, FilterPatternError, type Term} from './syntax.ts'

const maxLength = 1024

/**
 * The syntax tree of a CloudWatch Logs filter pattern: terms, `{ a JSON expression }` or `[space, delimited, fields]`.
 * The grammar is that of the user guide, "Filter pattern syntax for metric filters, subscription filters, filter log events".
 * @throws FilterPatternError where CloudWatch Logs would refuse the pattern
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  if (pattern.length > maxLength) {
    const message = `Invalid filter pattern: at most ${maxLength} characters are allowed, this one has ${pattern.length}`
    throw new FilterPatternError(message, maxLength)
  }
  const scanner = scannerOf(pattern)
  skipSpace(scanner)
  if (peek(scanner) === '{') return parseJsonPattern(scanner)
  if (peek(scanner) === '[') return parseDelimitedPattern(scanner)

  const terms: Term[] = []
  while (!atEnd(scanner)) terms.push(parseTerm(scanner))
  return {kind: 'terms', terms}
}

function parseTerm(scanner: Scanner): Term {
  const role = accept(scanner, '-') ? 'excluded' : accept(scanner, '?') ? 'optional' : 'required'
  // the user guide once had `"ERROR" - "Exiting"`
  if (role === 'excluded') skipSpace(scanner)
  const look = parseLook(scanner)
  if (!/^(?:\s|$)/.test(peek(scanner))) throw unexpected(scanner, 'a space')
  return {role, look}
}

function parseLook(scanner: Scanner): Term['look'] {
  if (peek(scanner) === '%') return {kind: 'regex', regex: readRegex(scanner)}
  if (peek(scanner) === '"') {
    const phrase = readQuoted(scanner)
    // `" "` is the documented way to match everything
    return {kind: 'text', text: phrase.trim() === '' ? '' : phrase}
  }
  const word = read(scanner, /[A-Za-z0-9_]+/y)
  if (word === '') throw unexpected(scanner, 'a term')
  return {kind: 'text', text: word}
}
