/**
 * The names like a word, best first: those that hold it or are held by it, then by edit distance. None is better than a stranger.
 * @param word a name or glob; the glob's own characters do not count
 */
export function nearestNames(word: string, names: Iterable<string>, most = 5): string[] {
  const wanted = word.replace(/[*?{}[\],!^]+/g, '')
  const best: {name: string; distance: number}[] = []
  for (const name of new Set(names)) {
    if (!isNear(...withoutSharedPlace(wanted, name))) continue
    const distance = distanceBetween(wanted.toLowerCase(), name.toLowerCase())
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

/** "nearest: a, b, c", or null where no name is near. */
export function nearestHint(word: string, names: Iterable<string>): string | null {
  const nearest = nearestNames(word, names)
  return nearest.length > 0 ? `nearest: ${nearest.join(', ')}` : null
}

const fewNames = 5

/**
 * What there is, where no name is near: all of few names, the number of many; null where there is none.
 * @param what as in "functions in eu-west-1"
 */
export function listedHint(names: Iterable<string>, what: string): string | null {
  const listed = [...new Set(names)]
  if (listed.length === 0) return null
  return listed.length > fewNames
    ? `none of the ${listed.length} ${what} has a name like it`
    : `the ${what}: ${listed.join(', ')}`
}

/** Both without the account and region of an ARN and the folders that they share: strangers in one folder are no nearer for it. */
function withoutSharedPlace(word: string, name: string): [string, string] {
  const [a, b] = [word, name].map(text => text.replace(/^arn:(?:[^:]*:){4}/, '')) as [string, string]
  let from = 0
  for (let at = 0; at < a.length && a[at] === b[at]; at++) if (a[at] === '/') from = at + 1
  return [a.slice(from), b.slice(from)]
}

/** At most a third is misspelt, or one holds the other, or a part of the words is the same. */
function isNear(word: string, name: string): boolean {
  const [a, b] = [word.toLowerCase(), name.toLowerCase()]
  if (a === '' || b === '') return false
  if (b.includes(a) || a.includes(b) || isWithin(a, b, a.length / 3)) return true
  return partsOf(word).some(part => partsOf(name).some(other => isSamePart(part, other)))
}

/** `checkoutApi-2` → checkout, api */
const partsOf = (name: string): string[] => name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map(part => part.toLowerCase())

/** Short parts say nothing; longer ones may be misspelt, by a letter of four. */
const isSamePart = (a: string, b: string): boolean =>
  a.length >= 4 && (a === b || (a.length >= 5 && isWithin(a, b, a.length / 4)))

const isWithin = (a: string, b: string, most: number): boolean =>
  Math.abs(a.length - b.length) <= most && editDistance(a, b) <= most

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
