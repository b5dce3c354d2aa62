import quotas from '../../data/quotas.json' with {type: 'json'}
import type {Aws} from '../aws/connect.ts'
import type {LogSource} from '../logs/source.ts'

/** Log groups that one query can read: of one account and region, and no more than AWS takes by name. */
export type Lot = {readonly aws: Aws; readonly sources: readonly LogSource[]}

const {queryLogGroups} = quotas.logs

/** Puts sources into as few lots as can be. */
export function lotsOf(sources: readonly LogSource[]): readonly Lot[] {
  return [...Map.groupBy(sources, ({aws}) => aws)].flatMap(([aws, inAws]) =>
    evenly(inAws, Math.ceil(inAws.length / queryLogGroups)).map(part => ({aws, sources: part})),
  )
}

/** So many parts, of sizes that differ by one at most, in order. */
function evenly<T>(items: readonly T[], parts: number): readonly (readonly T[])[] {
  return Array.from({length: parts}, (_, i) =>
    items.slice(Math.floor((i * items.length) / parts), Math.floor(((i + 1) * items.length) / parts)),
  )
}

/** A span of time in epoch ms, both ends inclusive. */
export type Span = {readonly start: number; readonly end: number}

/**
 * Cuts a span into so many parts, or fewer: at whole seconds, which is as finely as StartQuery can be told, or, within
 * two seconds, at milliseconds, which a filter has to see to.
 */
export function slicesOf({start, end}: Span, parts: number): readonly Span[] {
  const grain = end - start >= 2 * secondMs ? secondMs : 1
  const step = (end - start + 1) / Math.max(1, parts)
  const slices: Span[] = []
  let from = start
  for (let i = 1; i <= parts && from <= end; i++) {
    const cut = i === parts ? end + 1 : Math.ceil((start + i * step) / grain) * grain
    if (cut <= from) continue
    slices.push({start: from, end: Math.min(end, cut - 1)})
    from = cut
  }
  return slices
}

const secondMs = 1_000
