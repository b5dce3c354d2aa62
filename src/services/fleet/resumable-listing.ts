import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {type ListedPage, listedPages} from '../targets/read-functions.ts'
import type {FleetCache} from './fleet-cache.ts'
import {leanConfiguration} from './fleet-function.ts'

/** Where the pages of a listing are kept while it goes on. */
export type ListingPlace = {
  readonly cache: FleetCache
  /** as cachePlace says it */
  readonly place: string
  /** is told, in a sentence, that this listing goes on with another */
  readonly onResume: (notice: string) => void
}

/** What a listing that was interrupted had read may have changed since: older than this, it is not gone on with. */
const resumedWithinMs = 15 * 60_000
/** what was young enough when it was gone on with is read a while later */
const keptMs = 2 * resumedWithinMs

/** A listing that has begun and not ended. */
type Begun = {readonly id: string}

/** What an interrupted listing left: its pages, and where it goes on. */
type Unfinished = Begun & {
  readonly pages: number
  readonly functions: number
  /** the Marker of the page after */
  readonly next: string
  /** epoch ms: when the last of them came */
  readonly at: number
}

/**
 * Every function of the region, page by page, each kept as it comes: a listing that was killed or interrupted in the last
 * quarter of an hour is gone on with where it was, if AWS still knows its Marker. One that came to its end is never used again:
 * what it says may have changed. A function may come twice, where what was kept is gone before it is read.
 * @throws UserError as functionPages does
 */
export async function* resumableListing(
  aws: Aws,
  {cache, place, onResume}: ListingPlace,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly FunctionConfiguration[]> {
  const head = `${place} listing`
  const pageKey = ({id}: Begun, page: number): string => `${head} ${id} ${page}`
  const left = unfinished()
  const resumed = left && (await resume(aws, left.next, signal))
  let listing: Begun = {id: String(aws.clock.now())}
  let page = 0
  let isWhole = resumed !== null
  if (left && resumed) {
    for (; isWhole && page < left.pages; page++) {
      const kept = keptPage(left, page, keptMs)
      if (kept) yield kept.value.functions
      // it is no longer on the disk: without it there would be a hole, and nobody would see it
      else isWhole = false
    }
    if (isWhole) onResume(resumedText(aws, left))
  }
  if (left && isWhole) listing = left
  else page = 0
  cache.put(head, {id: listing.id} satisfies Begun, resumedWithinMs)
  for await (const {functions, next} of resumed && isWhole ? resumed : listedPages(aws, null, signal)) {
    const kept: ListedPage = {functions: functions.map(leanConfiguration), next}
    cache.put(pageKey(listing, page++), kept, keptMs)
    yield functions
  }
  cache.put(head, null, 0)

  function keptPage(
    begun: Begun,
    page: number,
    maxAgeMs: number,
  ): {readonly value: ListedPage; readonly at: number} | undefined {
    return cache.get<ListedPage>(pageKey(begun, page), maxAgeMs)
  }

  function unfinished(): Unfinished | null {
    const begun = cache.get<Begun | null>(head, resumedWithinMs)?.value
    if (!begun) return null
    let functions = 0
    let last: {readonly value: ListedPage; readonly at: number} | undefined
    for (let pages = 0; ; pages++) {
      const kept = keptPage(begun, pages, resumedWithinMs)
      if (!kept) return last?.value.next ? {id: begun.id, pages, functions, next: last.value.next, at: last.at} : null
      functions += kept.value.functions.length
      last = kept
    }
  }
}

/** The pages from a Marker on; null where AWS does not know it any more. */
async function resume(
  aws: Aws,
  next: string,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<ListedPage> | null> {
  const pages = listedPages(aws, next, signal)
  try {
    const first = await pages.next()
    return (async function* () {
      if (!first.done) yield first.value
      yield* pages
    })()
  } catch (error) {
    if (error instanceof UserError && error.code === 'InvalidParameterValueException') return null
    throw error
  }
}

function resumedText({scope: {region}}: Aws, {functions, at}: Unfinished): string {
  const time = `${new Date(at).toISOString().slice(11, 19)}Z`
  return `goes on with a listing of ${region} that was interrupted at ${time}: ${functions.toLocaleString('en')} functions were read then; --fresh begins anew`
}
