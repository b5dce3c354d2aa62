import type {ServiceError} from '../wire/service-error.ts'

export type ListPage<T> = {readonly items: readonly T[]; readonly next: string | undefined}

export type PageOptions<T> = {
  readonly size: number
  /** as handed out before; undefined for the first page */
  readonly token: string | undefined
  /** makes the error for a token that was never handed out */
  readonly invalid: () => ServiceError
  /** what the list is of, where that is not all of the items */
  readonly isWanted?: (item: T) => boolean
}

/**
 * One page of a list that is ordered by key. The token names the last key given out, so that what is added
 * or removed between two pages neither repeats nor hides an item; and where it stood, so that a page of a list of
 * 100,000 costs what is on it.
 */
export function pageAfter<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  {size, token, invalid, isWanted = () => true}: PageOptions<T>,
): ListPage<T> {
  const page: T[] = []
  let last = -1
  for (let at = token ? positionOf(items, keyOf, token, invalid) + 1 : 0; at < items.length; at++) {
    const item = items[at] as T
    if (!isWanted(item)) continue
    if (page.length === size) return {items: page, next: writeToken(last, keyOf(items[last] as T))}
    page.push(item)
    last = at
  }
  return {items: page, next: undefined}
}

function positionOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  token: string,
  invalid: () => ServiceError,
): number {
  const {at, key} = readToken(token, invalid)
  const there = items[at]
  if (there !== undefined && keyOf(there) === key) return at
  const found = items.findIndex(item => keyOf(item) === key)
  if (found < 0) throw invalid()
  return found
}

// A leading letter keeps a token from looking like the key it holds, so that nobody comes to rely on it.
const tokenText = /^k(\d+):(.*)$/s

const writeToken = (at: number, key: string) => Buffer.from(`k${at}:${key}`).toString('base64url')

function readToken(token: string, invalid: () => ServiceError): {readonly at: number; readonly key: string} {
  const [, at, key] = tokenText.exec(Buffer.from(token, 'base64url').toString()) ?? []
  if (key === undefined) throw invalid()
  return {at: Number(at), key}
}
