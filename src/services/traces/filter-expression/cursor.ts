import {FilterExpressionError} from './syntax.ts'
import {type Token, tokensOf} from './tokens.ts'

/** A place among the pieces of an expression. */
export type Cursor = {
  readonly tokens: readonly Token[]
  position: number
  /** the piece that is next; at the end, the `end` */
  readonly next: Token
  /** the one before it; null at the start */
  readonly last: Token | null
}

/** @throws FilterExpressionError as tokensOf does */
export function cursorOf(text: string): Cursor {
  const tokens = tokensOf(text)
  const end: Token = {kind: 'end', text: '', value: null, at: text.length}
  return {
    tokens,
    position: 0,
    get next() {
      return this.tokens[this.position] ?? end
    },
    get last() {
      return this.tokens[this.position - 1] ?? null
    },
  }
}

export function take(cursor: Cursor): Token {
  const token = cursor.next
  cursor.position++
  return token
}

export const isMark = ({kind, text}: Token, sign: string): boolean => kind === 'mark' && text === sign

export const isWord = ({kind, text}: Token, word: string): boolean => kind === 'word' && text.toLowerCase() === word

/**
 * Steps over what closes `open`.
 * @throws FilterExpressionError where something else stands, of an expression that ends at what was opened
 */
export function takeMark(cursor: Cursor, sign: ')' | '}' | ']', open: Token): void {
  const {next} = cursor
  if (isMark(next, sign)) {
    take(cursor)
    return
  }
  if (next.kind === 'end')
    throw new FilterExpressionError(`this ${open.text} is never closed`, open.at, `write ${sign} where it ends`)
  throw wrong(
    cursor,
    `${described(next)} stands where ${sign} is expected`,
    `close ${open.text} first, or join conditions by AND or OR`,
  )
}

/** The error for what is next. */
export function wrong(cursor: Cursor, message: string, hint: string): FilterExpressionError {
  return new FilterExpressionError(message, cursor.next.at, hint)
}

const mostCharacters = 40

/** A piece in words, as it was written. */
export function described({kind, text}: Token): string {
  return kind === 'end' ? 'the end' : text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}
