import {type Token, tokensOf} from './tokens.ts'

/** One command of a query. */
export type Stage = {
  /** in lower case */
  readonly name: string
  /** the whole command as written, without comments at its ends */
  readonly text: string
  /** what stands behind the command's name */
  readonly tokens: readonly Token[]
}

/** The commands of a query, in order. */
export function stagesOf(query: string): readonly Stage[] {
  return split(tokensOf(query), '|').flatMap(tokens => {
    const [first, ...rest] = tokens
    return first ? [{name: first.text.toLowerCase(), text: textOf(query, tokens), tokens: rest}] : []
  })
}

/** One of several that commas part: `sum(x) as total`. */
export type Item = {
  readonly tokens: readonly Token[]
  /** as written, without its alias */
  readonly text: string
  readonly alias: string | null
}

/** What commas part in a command, outside of parentheses. */
export function itemsOf(query: string, tokens: readonly Token[]): readonly Item[] {
  return split(tokens, ',').map(part => {
    const as = part.findLastIndex(({kind, text}) => kind === 'word' && /^as$/i.test(text))
    const hasAlias = as > 0 && as === part.length - 2
    const own = hasAlias ? part.slice(0, as) : part
    return {tokens: own, text: textOf(query, own), alias: hasAlias ? (part[as + 1]?.text ?? null) : null}
  })
}

/** Where a word stands among tokens, outside of parentheses; -1 where it does not. */
export function indexOfWord(tokens: readonly Token[], wanted: RegExp): number {
  let depth = 0
  return tokens.findIndex(({kind, text}) => {
    depth += depthOf(text, kind)
    return depth === 0 && kind === 'word' && wanted.test(text)
  })
}

/** What a query calls the column of an expression: its text, however it is spaced. */
export const columnName = (text: string): string => text.replace(/\s+/g, ' ').trim()

export function textOf(query: string, tokens: readonly Token[]): string {
  const [first] = tokens
  const last = tokens.at(-1)
  return first && last ? query.slice(first.start, last.end) : ''
}

function split(tokens: readonly Token[], separator: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    depth += depthOf(token.text, token.kind)
    if (depth <= 0 && token.kind === 'symbol' && token.text === separator) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

const depthOf = (text: string, kind: Token['kind']): number =>
  kind !== 'symbol' ? 0 : '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0
