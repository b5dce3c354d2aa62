import type {Priority} from '../aws/rate-bucket.ts'
import {type Page, type PageRequest, readPage} from './page.ts'
import type {LogSource} from './source.ts'

const mostTokenRepeats = 5

/**
 * Reads a window of one log group page by page, the first with its own priority, the others as bulk; ask for no more
 * and nothing more is read. Throws what AWS said, and when a token comes back for the sixth time to the request made
 * with it, which would never end.
 */
export async function* readPages(
  source: LogSource,
  request: Omit<PageRequest, 'nextToken'>,
  {signal, firstPriority}: {readonly signal: AbortSignal; readonly firstPriority: Priority},
): AsyncGenerator<Page> {
  let nextToken: string | undefined
  for (let repeats = 0; repeats <= mostTokenRepeats; ) {
    const page: Page = await readPage(
      source,
      {...request, nextToken},
      {priority: nextToken === undefined ? firstPriority : 'bulk', signal},
    )
    yield page
    if (page.nextToken === null) return
    repeats = page.nextToken === nextToken ? repeats + 1 : 0
    nextToken = page.nextToken
  }
  throw new Error('AWS kept repeating the same page token')
}
