import type {Aws} from '../aws/connect.ts'
import {nearestHint} from '../targets/nearest-names.ts'
import {namedServices} from './filter-expression/named-services.ts'
import {parseFilterExpression} from './filter-expression/parse.ts'
import {readGraph} from './read-graph.ts'
import type {TraceWindow} from './trace-windows.ts'

/**
 * Which services a filter names that X-Ray saw none of in a window, with those that have a name like theirs: a sentence each. It
 * takes a GetServiceGraph in each region, which costs nothing; where that is refused, nothing is said.
 * @param windows newest first; only the first is looked at
 */
export async function unknownServices(
  all: readonly Aws[],
  windows: readonly TraceWindow[],
  filter: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = namedServices(parseFilterExpression(filter))
  const [window] = windows
  if (names.length === 0 || !window) return []
  const progress = {done: 0, failed: 0, pages: 0, empty: 0}
  const read = await Promise.all(all.map(aws => readGraph(aws, [window], progress, signal)))
  if (read.some(({failed, interrupted}) => failed + interrupted > 0)) return []
  const seen = new Set(read.flatMap(({graph}) => [...graph.services.values()].map(({name}) => name)))
  if (seen.size === 0) return []
  const where = windows.length === 1 ? 'this window' : 'the newest hours of this window'
  return names
    .filter(name => !seen.has(name))
    .map(name => [`no service of ${where} is called ${name}`, nearestHint(name, seen)].filter(Boolean).join('; '))
}
