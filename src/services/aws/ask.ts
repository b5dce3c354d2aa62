import {UserError} from '../../errors.ts'
import type {Aws} from './connect.ts'
import type {Priority} from './rate-bucket.ts'

/**
 * One read call, through the rate budget.
 * @param send is handed the options for the SDK client's `send`
 * @throws what AWS said, untranslated
 */
export function ask<T>(
  aws: Aws,
  api: string,
  send: (options: {abortSignal?: AbortSignal}) => Promise<T>,
  signal: AbortSignal | undefined,
  priority: Priority = 'bulk',
): Promise<T> {
  return aws.budget.read(api, abortSignal => send(abortSignal ? {abortSignal} : {}), {signal, priority})
}

type Page<T> = {readonly items: readonly T[] | undefined; readonly next: string | undefined}

/**
 * An answer in pages, one asked for after the other: each brings the token for the next.
 * @param from the token of the page to begin with, where that is not the first
 * @throws UserError for a page that brings the token it was asked for with, which would never end
 */
export async function* paged<T>(
  page: (token: string | undefined) => Promise<Page<T>>,
  from?: string,
): AsyncGenerator<readonly T[]> {
  let token = from
  do {
    const {items, next} = await page(token)
    yield items ?? []
    if (next && next === token) throw repeatedToken()
    token = next
  } while (token)
}

/** What is thrown where the same page token would be sent again and again. */
export function repeatedToken(): UserError {
  return new UserError('AWS kept repeating the same page token', {
    code: 'NoProgress',
    hint: 'an AWS-compatible server may not know the end of its pages',
  })
}
