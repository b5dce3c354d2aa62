import type {LogGroupClass} from '../logs/source.ts'

const mostPrefixes = 5
const shortestPrefix = 3
/** between the parts of names */
const separators = '/-_.'

/**
 * `SOURCE logGroups(…)` for exactly these log groups of one class, so that one query reads more than AWS takes by name;
 * null where no five prefixes tell them from the region's others.
 * @param all names of the region, with the class of each
 */
export function sourceCommand(
  wanted: ReadonlySet<string>,
  all: ReadonlyMap<string, LogGroupClass | null>,
): string | null {
  const classes = new Set([...wanted].map(name => all.get(name)))
  const [logClass] = classes
  if (classes.size !== 1 || (logClass !== 'STANDARD' && logClass !== 'INFREQUENT_ACCESS')) return null
  const others = [...all].filter(([name, ofClass]) => ofClass === logClass && !wanted.has(name)).map(([name]) => name)
  const ofClass = logClass === 'STANDARD' ? '' : `class: ['${logClass}']`
  const prefixes = prefixesFor([...wanted], others)
  if (prefixes === null) return others.length === 0 ? `SOURCE logGroups(${ofClass})` : null
  const named = `namePrefix: [${prefixes.map(prefix => `'${prefix}'`).join(', ')}]`
  return `SOURCE logGroups(${[named, ofClass].filter(Boolean).join(', ')})`
}

/** The fewest prefixes that hold all of the names and none of the others, each as long as it can be; null where it takes too many. */
function prefixesFor(names: readonly string[], others: readonly string[]): readonly string[] | null {
  const prefixes: string[] = []
  const sorted = [...names].sort()
  for (const name of sorted) {
    if (prefixes.some(prefix => name.startsWith(prefix))) continue
    // as short as no other name allows
    const least = others.reduce((longest, other) => Math.max(longest, commonLength(name, other) + 1), shortestPrefix)
    if (least > name.length || prefixes.length === mostPrefixes) return null
    const alike = sorted.filter(other => other.startsWith(name.slice(0, least)))
    prefixes.push(longestPrefix(alike, least))
  }
  return prefixes
}

/** What names share, up to the end of one of their parts where that is long enough: it says what is meant. */
function longestPrefix(names: readonly string[], least: number): string {
  const [name = ''] = names
  const shared = name.slice(0, Math.min(...names.map(other => commonLength(name, other))))
  if (names.every(other => other === shared || separators.includes(other.charAt(shared.length)))) return shared
  const end = Math.max(...Array.from(separators, separator => shared.lastIndexOf(separator) + 1))
  return end >= least ? shared.slice(0, end) : shared
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
