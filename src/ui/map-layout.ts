import type {MapEdge, MapPart} from '../services/traces/service-map.ts'
import {mapOrder} from './map-order.ts'

export type Point = {readonly x: number; readonly y: number}

/** Where everything is, in pixels; points are middles. */
export type MapLayout = {
  readonly width: number
  readonly height: number
  readonly places: ReadonlyMap<string, Point>
  /** from a box's side to another's: by turns from column to column, and level through a column that lies between */
  readonly routes: readonly {readonly edge: MapEdge; readonly points: readonly Point[]}[]
  /** calls of a service by itself */
  readonly loops: readonly MapEdge[]
}

export type BoxSize = {readonly width: number; readonly height: number}

/** A service, or the place where an edge passes through a column. */
type Slot = {readonly key: string; readonly height: number; y: number}

const columnGap = 132
const rowGap = 22
const passingHeight = 12
const margin = 24
const sweeps = 12
/** unconnected services stand in so many columns at least */
const leastColumns = 5

/**
 * Places a map in columns, by Sugiyama's method: callers left of what they call (by the longest way from where requests enter,
 * calls that close circles turned around), within a column each near what it is connected with (by the means of their
 * neighbours, swept to and fro), long edges led between the boxes on their way. The same map always gets the same layout.
 */
export function mapLayout({services, edges}: MapPart, box: BoxSize): MapLayout {
  const {back} = mapOrder({services, edges})
  const known = new Set(services.map(({id}) => id))
  const drawn = edges.filter(({from, to}) => known.has(from) && known.has(to))
  const between = drawn.filter(({from, to}) => from !== to)
  const ends = new Set(between.flatMap(({from, to}) => [from, to]))
  const connected = [...known].filter(id => ends.has(id))
  const forth = between.map(edge =>
    back.has(edge) ? {edge, left: edge.to, right: edge.from} : {edge, left: edge.from, right: edge.to},
  )
  const ranks = ranksOf(connected, forth)
  const columns = Array.from({length: Math.max(-1, ...ranks.values()) + 1}, (): Slot[] => [])
  for (const id of connected) columns[ranks.get(id) ?? 0]?.push({key: id, height: box.height, y: 0})
  const chains = forth.map(({left, right}, i) => chainOf(left, right, i, ranks, columns))
  arrange(columns, chains)

  const xOf = (column: number): number => margin + box.width / 2 + column * (box.width + columnGap)
  const slots = new Map(columns.flatMap((column, rank) => column.map(({key, y}) => [key, {x: xOf(rank), y}] as const)))
  const routes = forth.map(({edge}, i) => {
    const points = throughColumns(
      (chains[i] ?? []).flatMap(key => slots.get(key) ?? []),
      box,
    )
    return {edge, points: back.has(edge) ? points.toReversed() : points}
  })
  const bottom = Math.max(0, ...columns.flat().map(({y, height}) => y + height / 2))
  const alone = [...known].filter(id => !ends.has(id))
  const perRow = Math.max(columns.length, Math.min(leastColumns, alone.length))
  const top = margin + bottom + box.height / 2
  for (const [i, id] of alone.entries())
    slots.set(id, {x: xOf(i % perRow), y: top + Math.floor(i / perRow) * (box.height + rowGap)})
  return {
    width: 2 * margin + perRow * box.width + (perRow - 1) * columnGap,
    height: margin + Math.max(bottom, ...alone.map(id => (slots.get(id)?.y ?? 0) + box.height / 2)),
    places: new Map([...known].map(id => [id, slots.get(id) ?? {x: 0, y: 0}])),
    routes,
    loops: drawn.filter(({from, to}) => from === to),
  }
}

type Forth = {readonly left: string; readonly right: string}

/** By the longest way there is to each; what nothing leads to stands right before what it calls. */
function ranksOf(ids: readonly string[], edges: readonly Forth[]): ReadonlyMap<string, number> {
  const waiting = new Map(ids.map(id => [id, 0]))
  for (const {right} of edges) waiting.set(right, (waiting.get(right) ?? 0) + 1)
  const next = Map.groupBy(edges, ({left}) => left)
  const ranks = new Map(ids.map(id => [id, 0]))
  const ready = ids.filter(id => waiting.get(id) === 0)
  const starts = [...ready]
  for (let id = ready.shift(); id !== undefined; id = ready.shift())
    for (const {right} of next.get(id) ?? []) {
      ranks.set(right, Math.max(ranks.get(right) ?? 0, (ranks.get(id) ?? 0) + 1))
      const left = (waiting.get(right) ?? 0) - 1
      waiting.set(right, left)
      if (left === 0) ready.push(right)
    }
  for (const id of starts) {
    const nearest = Math.min(...(next.get(id) ?? []).map(({right}) => ranks.get(right) ?? 0))
    if (Number.isFinite(nearest)) ranks.set(id, nearest - 1)
  }
  return ranks
}

/** The slots that an edge passes, from its left end to its right one. */
function chainOf(
  left: string,
  right: string,
  i: number,
  ranks: ReadonlyMap<string, number>,
  columns: readonly Slot[][],
): readonly string[] {
  const chain = [left]
  for (let rank = (ranks.get(left) ?? 0) + 1; rank < (ranks.get(right) ?? 0); rank++) {
    const key = `\n${i} ${rank}`
    columns[rank]?.push({key, height: passingHeight, y: 0})
    chain.push(key)
  }
  return [...chain, right]
}

function arrange(columns: readonly Slot[][], chains: readonly (readonly string[])[]): void {
  const [before, after] = [new Map<string, string[]>(), new Map<string, string[]>()]
  const link = (map: Map<string, string[]>, from: string, to: string): void =>
    void map.set(from, [...(map.get(from) ?? []), to])
  for (const chain of chains)
    for (const [i, key] of chain.slice(1).entries()) {
      link(before, key, chain[i] ?? key)
      link(after, chain[i] ?? key, key)
    }
  const slots = new Map(columns.flat().map(slot => [slot.key, slot]))
  for (const column of columns)
    stack(
      column,
      column.map((_, i) => i),
    )
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForth = sweep % 2 === 0
    for (const column of isForth ? columns : columns.toReversed()) {
      const near = isForth ? before : after
      const wish = new Map(column.map(slot => [slot, meanOf(slot, near.get(slot.key) ?? [], slots)]))
      // by where they are where the means agree, so that nothing jumps about
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a.y - b.y)
      stack(
        column,
        column.map(slot => wish.get(slot) ?? slot.y),
      )
    }
  }
  const top = Math.min(...columns.flat().map(({y, height}) => y - height / 2))
  for (const slot of columns.flat()) slot.y += margin - top
}

function meanOf(slot: Slot, near: readonly string[], slots: ReadonlyMap<string, Slot>): number {
  if (near.length === 0) return slot.y
  return near.reduce((sum, key) => sum + (slots.get(key)?.y ?? 0), 0) / near.length
}

/**
 * Puts a column's slots as near to what they wish as their order and distance allow, by least squares: neighbours that would
 * overlap become one block around the mean of their wishes (pool adjacent violators).
 */
function stack(column: readonly Slot[], wishes: readonly number[]): void {
  const blocks: {sum: number; slots: Slot[]; offsets: number[]; height: number}[] = []
  for (const [i, slot] of column.entries()) {
    blocks.push({sum: (wishes[i] ?? 0) - slot.height / 2, slots: [slot], offsets: [0], height: slot.height + rowGap})
    for (let last = blocks.length - 1; last > 0; last--) {
      const [above, below] = [blocks[last - 1], blocks[last]]
      if (!above || !below) break
      if (above.sum / above.slots.length + above.height <= below.sum / below.slots.length) break
      above.sum += below.sum - above.height * below.slots.length
      above.offsets.push(...below.offsets.map(offset => offset + above.height))
      above.slots.push(...below.slots)
      above.height += below.height
      blocks.pop()
    }
  }
  for (const {sum, slots, offsets} of blocks)
    for (const [i, slot] of slots.entries()) slot.y = sum / slots.length + (offsets[i] ?? 0) + slot.height / 2
}

/** From the right side of the first to the left side of the last, and level through each between. */
function throughColumns(middles: readonly Point[], {width}: BoxSize): readonly Point[] {
  const last = middles.length - 1
  return middles.flatMap(({x, y}, i) => [
    ...(i === 0 ? [] : [{x: x - width / 2, y}]),
    ...(i === last ? [] : [{x: x + width / 2, y}]),
  ])
}
