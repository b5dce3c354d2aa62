import type {Span} from './span.ts'

/** A tracer tells the start of a segment again when it ends, with the same clock. */
const sameStartMs = 1

/**
 * The spans without those that were sent again: first in progress, say, then complete. Of each the last complete one stays, or
 * the last. Different spans that claim one id all stay.
 * @param repeated how many were left out
 */
export function distinctSpans(spans: readonly Span[]): {readonly distinct: readonly Span[]; readonly repeated: number} {
  const kept: (Span | null)[] = []
  const places = new Map<string, number[]>()
  for (const span of spans) {
    const key = `${span.id}\u0000${span.name}`
    const same = places.get(key)
    // the newest are the likeliest, and where a hundred claim one id, no more is worth finding out
    const place = same?.slice(-8).findLast(at => isSentAgain(kept[at] ?? null, span))
    if (place === undefined) {
      if (same) same.push(kept.length)
      else places.set(key, [kept.length])
      kept.push(span)
    } else if (span.end !== null || kept[place]?.end === null) kept[place] = span
  }
  const distinct = kept.filter(span => span !== null)
  return {distinct, repeated: spans.length - distinct.length}
}

function isSentAgain(earlier: Span | null, later: Span): boolean {
  if (!earlier || earlier.isInferred !== later.isInferred) return false
  const oneRuns = (earlier.end === null) !== (later.end === null)
  return oneRuns || Math.abs(earlier.start - later.start) <= sameStartMs
}
