import type {LogGroupClass} from '../logs/source.ts'

const mostPrefixes = 5
const shortestPrefix = 3

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
  if (others.length === 0) return `SOURCE logGroups(${ofClass})`
  const prefixes = prefixesFor([...wanted], others)
  if (prefixes === null) return null
  const named = `namePrefix: [${prefixes.map(prefix => `'${prefix}'`).join(', ')}]`
  return `SOURCE logGroups(${[named, ofClass].filter(Boolean).join(', ')})`
}

/** The fewest prefixes that hold all of the names and none of the others; null where it takes too many. */
function prefixesFor(names: readonly string[], others: readonly string[]): readonly string[] | null {
  const prefixes: string[] = []
  for (const name of [...names].sort()) {
    if (prefixes.some(prefix => name.startsWith(prefix))) continue
    // as short as no other name allows
    const length = others.reduce((longest, other) => Math.max(longest, commonLength(name, other) + 1), shortestPrefix)
    if (length > name.length || prefixes.length === mostPrefixes) return null
    prefixes.push(name.slice(0, length))
  }
  return prefixes
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
