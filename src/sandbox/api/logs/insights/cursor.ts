import type {QuerySyntaxError} from './syntax-error.ts'
import {regexAt, type Token, tokenAt, unexpected} from './tokens.ts'

/** A place in a query from which a parser takes one token after the other. */
export type Cursor = ReturnType<typeof createCursor>

export function createCursor(query: string) {
  let previousEnd = 0
  let ahead = tokenAt(query, 0)
  const moveTo = (offset: number) => {
    previousEnd = offset
    ahead = tokenAt(query, offset)
  }
  const take = (): Token => {
    const token = ahead
    moveTo(token.end)
    return token
  }
  const refuse = (token: Token = ahead): QuerySyntaxError => unexpected(query, token)
  return {
    peek: () => ahead,
    /** the token after the one ahead */
    peekFurther: () => tokenAt(query, ahead.end),
    take,
    refuse,
    /** Takes a symbol if it is ahead. */
    accept: (symbol: string): boolean => {
      const isAhead = ahead.kind === 'symbol' && ahead.text === symbol
      if (isAhead) take()
      return isAhead
    },
    /** Takes a keyword if it is ahead, however it is spelled. */
    acceptWord: (keyword: string): boolean => {
      const isAhead = isWord(ahead, keyword)
      if (isAhead) take()
      return isAhead
    },
    isWordAhead: (keyword: string): boolean => isWord(ahead, keyword),
    /** @throws QuerySyntaxError unless the symbol is ahead */
    expect: (symbol: string): void => {
      if (ahead.kind !== 'symbol' || ahead.text !== symbol) throw refuse()
      take()
    },
    /** @throws QuerySyntaxError unless a token of that kind is ahead */
    expectKind: (...kinds: readonly Token['kind'][]): Token => {
      if (!kinds.includes(ahead.kind)) throw refuse()
      return take()
    },
    /** A `/regular expression/`, which only its place tells from a division. */
    acceptRegex: (): Token | undefined => {
      const token = regexAt(query, previousEnd)
      if (token) moveTo(token.end)
      return token
    },
    /** what was written from an offset up to here */
    textFrom: (start: number): string => query.slice(start, previousEnd),
    place: () => ({start: ahead.start, end: ahead.end}),
  }
}

const isWord = (token: Token, keyword: string) => token.kind === 'word' && token.text.toLowerCase() === keyword
