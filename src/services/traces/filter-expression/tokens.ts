import {FilterExpressionError} from './syntax.ts'

/** A piece of an expression; `text` is as it was written. */
export type Token = {
  readonly kind: 'word' | 'string' | 'json' | 'mark' | 'end'
  readonly text: string
  /** of a string and of JSON: what it says */
  readonly value: unknown
  /** index of its first character */
  readonly at: number
}

const space = /\s*/y
const mark = /!=|<=|>=|[(){}[\],:!<>=]/y
const word = /[^\s(){}[\],:!<>="#]+/y
// keys of annotations hold colons, as aws:api_id does
const annotationWord = /annotation\.[^\s(){}[\],!<>="#]+/iy
const string = /"(?:[^"\\]|\\[\s\S])*"/y

/**
 * The pieces of an expression, an `end` behind them, in time that grows with its length.
 * @throws FilterExpressionError for a quotation mark that is never closed, and JSON that is none
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const read = (expression: RegExp): string => {
    expression.lastIndex = at
    return expression.exec(text)?.[0] ?? ''
  }
  for (;;) {
    at += read(space).length
    if (at >= text.length) break
    const token = tokenAt(text, at, read)
    tokens.push(token)
    at += token.text.length
  }
  return [...tokens, {kind: 'end', text: '', value: null, at: text.trimEnd().length}]
}

function tokenAt(text: string, at: number, read: (expression: RegExp) => string): Token {
  const first = text.charAt(at)
  if (first === '"') {
    const found = read(string)
    if (found === '')
      throw new FilterExpressionError(
        'this quotation mark is never closed',
        at,
        `close it, as in ${first}checkout${first}`,
      )
    return {kind: 'string', text: found, value: found.slice(1, -1).replace(/\\([\s\S])/g, '$1'), at}
  }
  if (first === '#') return jsonAt(text, at)
  const sign = read(mark)
  if (sign !== '') return {kind: 'mark', text: sign, value: null, at}
  return {kind: 'word', text: read(annotationWord) || read(word), value: null, at}
}

export const jsonExample = 'as in rootcause.json = #[{"Services": [{"Name": "checkout-api"}]}]'

/** `#[…]`: up to the bracket that closes it, strings stepped over. */
function jsonAt(text: string, at: number): Token {
  let depth = 0
  const step = /"(?:[^"\\]|\\[\s\S])*"|[[\]{}]/g
  step.lastIndex = at + 1
  if (text.charAt(at + 1) !== '[') throw new FilterExpressionError('# stands before a JSON list only', at, jsonExample)
  for (let found = step.exec(text); found; found = step.exec(text)) {
    if (found[0].startsWith('"')) continue
    depth += found[0] === '[' || found[0] === '{' ? 1 : -1
    if (depth > 0) continue
    const json = text.slice(at, step.lastIndex)
    try {
      return {kind: 'json', text: json, value: JSON.parse(json.slice(1)), at}
    } catch {
      throw new FilterExpressionError('this is not JSON', at, jsonExample)
    }
  }
  throw new FilterExpressionError('this list is never closed', at, jsonExample)
}
