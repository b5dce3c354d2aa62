/**
 * The names most like a word, best first: those that hold it or are held by it, then by edit distance.
 * @param word a name or glob; the glob's own characters do not count
 */
export function nearestNames(word: string, names: Iterable<string>, most = 5): string[] {
  const wanted = word.replace(/[*?{}[\],!^]+/g, '').toLowerCase()
  const best: {name: string; distance: number}[] = []
  for (const name of new Set(names)) {
    const distance = distanceBetween(wanted, name.toLowerCase())
    const at = best.findIndex(other => distance < other.distance || (distance === other.distance && name < other.name))
    if (at >= 0) best.splice(at, 0, {name, distance})
    else if (best.length < most) best.push({name, distance})
    if (best.length > most) best.pop()
  }
  return best.map(({name}) => name)
}

/** The first names of a listing, for a hint; fewer or none where AWS would not go on. */
export async function firstNames(
  pages: AsyncIterable<readonly string[]>,
  most: number,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const page of pages) {
      names.push(...page)
      if (names.length >= most) break
    }
  } catch {
    signal?.throwIfAborted()
  }
  return names
}

/** "nearest: a, b, c", or null where there is nothing to name. */
export function nearestHint(word: string, names: Iterable<string>): string | null {
  const nearest = nearestNames(word, names)
  return nearest.length > 0 ? `nearest: ${nearest.join(', ')}` : null
}

function distanceBetween(a: string, b: string): number {
  // a part of a long name is nearer than any misspelling
  if (a !== '' && (b.includes(a) || a.includes(b))) return Math.abs(a.length - b.length) / 1000
  // as a share of the longer: else a short stranger is nearer to a beginning than the long name it begins
  return editDistance(a, b) / Math.max(a.length, b.length, 1)
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
