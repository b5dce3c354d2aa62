import type {Shard} from './shard.ts'

const smallestWidthMs = 1000
const mostPieces = 64
/** the most that FilterLogEvents puts in a page */
export const pageBytes = 2 ** 20

type Reading = Pick<Shard, 'start' | 'end' | 'askFrom' | 'answers' | 'lastTimestamp'>

/**
 * Where to cut the rest of a shard, so that requests which could be made now and have nothing to do get work.
 * The pages read so far tell the density, so the rest is cut into about equal numbers of pages, none so long that those
 * read ahead of the merge would fill the memory. Pages of a single millisecond, or empty ones, tell no density: then the
 * rest is halved by time, down to a second. Every cut costs about half a page, so there are no more than there is work for.
 * @param idle requests that could start now beside this shard's own next one
 * @returns ascending times, each the start of a shard of its own; none when it is best to follow the token
 */
export function cutsFor(
  shard: Reading,
  {idle, keepBytes}: {readonly idle: number; readonly keepBytes: number},
): number[] {
  if (idle <= 0) return []
  const from = shard.lastTimestamp ?? shard.askFrom
  const width = shard.end - from
  if (width < 2 * smallestWidthMs) return []
  const covered = from - shard.start
  if (covered <= 0) return [from + Math.ceil(width / 2)]

  const pagesLeft = (width / covered) * shard.answers
  const wanted = Math.min(idle + 1, Math.floor(pagesLeft), Math.floor(width / smallestWidthMs))
  if (wanted < 2) return []
  const longest = Math.max(2, Math.floor(keepBytes / pageBytes / wanted))
  const pieces = pagesLeft / wanted > longest ? Math.min(mostPieces, Math.ceil(pagesLeft / longest)) : wanted
  return Array.from({length: pieces - 1}, (_, i) => from + Math.ceil((width * (i + 1)) / pieces))
}
