import {QuerySyntaxError} from './syntax-error.ts'

type TokenKind = 'word' | 'name' | 'string' | 'number' | 'period' | 'symbol' | 'end'

/** One symbol of a query: `text` as written, `value` without quotes and escapes. */
export type Token = {
  readonly kind: TokenKind
  readonly text: string
  readonly value: string
  readonly start: number
  readonly end: number
}

// A field name may hold dots and `@` as it is; anything else wants backticks.
const word = /[@\p{L}_][\p{L}\p{N}_.@]*/uy
const period = /\d+[a-z]+/iy
const number = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\p{L}\p{N}_])/iuy
const symbol = /!=|<=|>=|=~|~=|[=<>|,()[\]+\-*/%^:]/y
const blank = /(?:\s+|#[^\n]*)*/y
const quoted = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y
const backticked = /`[^`]+`/y

/** The token at or after an offset; comments and white space are passed over. */
export function tokenAt(query: string, offset: number): Token {
  const start = offset + (matchAt(blank, query, offset) ?? '').length
  const made = (kind: TokenKind, text: string, value = text): Token => ({
    kind,
    text,
    value,
    start,
    end: start + text.length,
  })
  if (start >= query.length) return {...made('end', ''), text: '<EOF>'}
  const name = matchAt(backticked, query, start)
  if (name !== undefined) return made('name', name, name.slice(1, -1))
  const string = matchAt(quoted, query, start)
  if (string !== undefined) return made('string', string, unescaped(string))
  const digits = matchAt(number, query, start)
  if (digits !== undefined) return made('number', digits)
  for (const [kind, pattern] of [
    ['period', period],
    ['word', word],
    ['symbol', symbol],
  ] as const) {
    const text = matchAt(pattern, query, start)
    if (text !== undefined) return made(kind, text)
  }
  throw unexpected(query, made('symbol', String.fromCodePoint(query.codePointAt(start) ?? 0)))
}

const regexBody = /\/(?:[^/\\\n]|\\.)+\//y

/** The `/regular expression/` at or after an offset; undefined when something else stands there. */
export function regexAt(query: string, offset: number): Token | undefined {
  const start = offset + (matchAt(blank, query, offset) ?? '').length
  const text = matchAt(regexBody, query, start)
  if (text === undefined) return undefined
  // The slash needs its escape only because of where it stands.
  return {kind: 'string', text, value: text.slice(1, -1).replace(/\\\//g, '/'), start, end: start + text.length}
}

/** AWS's sentence about a token that cannot stand where it stands. */
export function unexpected(query: string, token: Pick<Token, 'text' | 'start' | 'end'>): QuerySyntaxError {
  const lines = query.slice(0, token.start).split('\n')
  return new QuerySyntaxError(
    `unexpected symbol found ${token.text} at line ${lines.length} and position ${lines.at(-1)?.length ?? 0}`,
    token,
  )
}

function matchAt(pattern: RegExp, query: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.exec(query)?.[0]
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r'}

const unescaped = (text: string) => text.slice(1, -1).replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char)
