import type {PublishedVersion} from '../facts.ts'
import type {MetricSeries} from '../metric-reader.ts'
import type {Span} from './cost-window.ts'

/** From when on a function had which memory size, oldest first; the first holds for all that was before it too. */
export type MemoryHistory = readonly {readonly from: number; readonly memorySizeMB: number}[]

/**
 * What published versions tell of the memory that calls ran with: each is taken to have served from when it was published,
 * as deployments do. Null where they tell nothing: none is published, or the newest is not what is configured now.
 */
export function memoryHistory(versions: readonly PublishedVersion[], configuredMB: number): MemoryHistory | null {
  const published = versions
    .flatMap(({publishedAt, memorySizeMB, version}) =>
      version === '$LATEST' || publishedAt === null ? [] : [{from: publishedAt, memorySizeMB}],
    )
    .sort((a, b) => a.from - b.from)
  return published.at(-1)?.memorySizeMB === configuredMB ? published : null
}

/** The mean memory size of a window, by running time in its parts; what is configured where nothing tells. */
export function meanMemoryMB(
  history: MemoryHistory | null,
  durationMs: MetricSeries,
  {start, end}: Span,
  configuredMB: number,
): number {
  const [first] = history ?? []
  if (!history || !first) return configuredMB
  const at = (time: number) => (history.findLast(({from}) => from <= time) ?? first).memorySizeMB
  let weight = 0
  let sum = 0
  durationMs.times.forEach((time, i) => {
    const ms = durationMs.values[i] ?? 0
    if (time < start || time >= end) return
    weight += ms
    sum += ms * at(time)
  })
  return weight > 0 ? sum / weight : at(end - 1)
}
