import {FilterPatternError} from './syntax.ts'

/** A place in a pattern, and what has been counted on the way there. */
export type Scanner = {
  readonly text: string
  position: number
  regexes: number
  wildcardSelectors: number
}

export function scannerOf(text: string): Scanner {
  return {text, position: 0, regexes: 0, wildcardSelectors: 0}
}

export function peek(scanner: Scanner): string {
  return scanner.text.charAt(scanner.position)
}

export function skipSpace(scanner: Scanner): void {
  read(scanner, /\s*/y)
}

/** True at the end of the pattern, after any space. */
export function atEnd(scanner: Scanner): boolean {
  skipSpace(scanner)
  return scanner.position >= scanner.text.length
}

/** Steps over `token` if it comes next. */
export function accept(scanner: Scanner, token: string): boolean {
  if (!scanner.text.startsWith(token, scanner.position)) return false
  scanner.position += token.length
  return true
}

/** Steps over what the sticky `expression` matches here; '' where it does not. */
export function read(scanner: Scanner, expression: RegExp): string {
  expression.lastIndex = scanner.position
  const found = expression.exec(scanner.text)?.[0] ?? ''
  scanner.position += found.length
  return found
}

/**
 * The content of a double-quoted string; the scanner stands on its opening quote. A backslash makes a quote or a backslash literal.
 * @throws FilterPatternError where it is not closed, or empty: CloudWatch Logs refuses `""`
 */
export function readQuoted(scanner: Scanner): string {
  const start = scanner.position
  const raw = read(scanner, /"(?:[^"\\]|\\[\s\S])*"/y)
  if (raw === '') throw new FilterPatternError('Invalid filter pattern: this quotation mark is never closed', start)
  if (raw === '""') throw new FilterPatternError(`Invalid character(s) in term '""'`, start)
  return raw.slice(1, -1).replace(/\\(["\\])/g, '$1')
}

/** The error for whatever stands here and does not belong here. */
export function unexpected(scanner: Scanner, expected: string): FilterPatternError {
  const start = scanner.position
  const characters = /[^\w\s]+/y
  characters.lastIndex = start
  const found = characters.exec(scanner.text)?.[0]
  if (found) return new FilterPatternError(`Invalid character(s) in term '${found}'`, start)
  return new FilterPatternError(`Invalid filter pattern: ${expected} expected`, start)
}
