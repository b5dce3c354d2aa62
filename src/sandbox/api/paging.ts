import type {ServiceError} from '../wire/service-error.ts'

export type ListPage<T> = {readonly items: readonly T[]; readonly next: string | undefined}

/**
 * One page of a list that is ordered by key. The token names the last key given out, so that what is added
 * or removed between two pages neither repeats nor hides an item.
 * @param token as handed out before; undefined for the first page
 * @param invalid makes the error for a token that was never handed out
 */
export function pageAfter<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  options: {readonly size: number; readonly token: string | undefined; readonly invalid: () => ServiceError},
): ListPage<T> {
  const start = options.token
    ? items.findIndex(item => keyOf(item) === readToken(options.token ?? '', options.invalid)) + 1
    : 0
  if (options.token && start === 0) throw options.invalid()
  const page = items.slice(start, start + options.size)
  const last = page.at(-1)
  return {
    items: page,
    next: last !== undefined && start + page.length < items.length ? writeToken(keyOf(last)) : undefined,
  }
}

// A leading letter keeps a token from looking like the key it holds, so that nobody comes to rely on it.
const mark = 'k'

const writeToken = (key: string) => Buffer.from(mark + key).toString('base64url')

function readToken(token: string, invalid: () => ServiceError): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith(mark)) throw invalid()
  return text.slice(mark.length)
}
