import type {Aws} from './connect.ts'

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
): Promise<T> {
  return aws.budget.read(api, abortSignal => send(abortSignal ? {abortSignal} : {}), {signal})
}

type Page<T> = {readonly items: readonly T[] | undefined; readonly next: string | undefined}

/** An answer in pages, one asked for after the other: each brings the token for the next. */
export async function* paged<T>(page: (token: string | undefined) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  let token: string | undefined
  do {
    const {items, next} = await page(token)
    yield items ?? []
    token = next
  } while (token)
}
