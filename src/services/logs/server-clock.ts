import {readPage} from './page.ts'
import type {LogSource} from './source.ts'

/** the Date header has whole seconds, and an answer takes its time */
const noticeableMs = 1_500

/**
 * How far AWS's clock is ahead of this machine's, by an answer's Date header.
 * @param differenceMs the header less this machine's clock, in ms
 * @param known what was known so far; kept while the header does not contradict it
 */
export function newSkew(differenceMs: number, known: number): number {
  // a header of whole seconds is half a second behind on average
  const skew = differenceMs + 500
  if (Math.abs(skew - known) < noticeableMs) return known
  return Math.abs(skew) < noticeableMs ? 0 : skew
}

const sourcesTried = 3

/** Asks AWS what time it is: 0 where its clock and this machine's agree, or where it would not say. */
export async function askSkew(sources: readonly LogSource[], signal: AbortSignal): Promise<number> {
  for (const source of sources.slice(0, sourcesTried)) {
    const {clock} = source.aws
    try {
      const {serverTime} = await readPage(source, {startTime: clock.now(), limit: 1}, {priority: 'small', signal})
      if (serverTime !== null) return newSkew(serverTime - clock.now(), 0)
    } catch {
      // the read that follows meets the same and tells
      signal.throwIfAborted()
    }
  }
  return 0
}
