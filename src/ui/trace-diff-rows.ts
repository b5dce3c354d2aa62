import type {DiffLine, DiffSide} from '../services/traces/diff-traces.ts'
import type {TraceNode} from '../services/traces/trace.ts'
import {notable} from './trace-folds.ts'
import type {TreePlace} from './trace-line.ts'
import {isFunction} from './trace-names.ts'

/** A row of a comparison: a path, with those folded into it that say the same, the outermost first. */
export type DiffRow = {
  readonly lines: readonly [DiffLine, ...(readonly DiffLine[])]
  readonly depth: number
  readonly above: readonly DiffRow[]
  /** whose time it is, where it is what the row above took by itself: `own code`; its line is made of self times. Else null. */
  readonly own: string | null
}

/**
 * The rows of a comparison in the order of the tree: what differs by at least so many ms, as a whole or in what it took by itself,
 * with all above it; what only one of the two has without what is within it. With the numbers of paths left out for either reason.
 * @param least null to leave out nothing
 */
export function diffRows(
  lines: readonly DiffLine[],
  least: number | null,
): {readonly rows: readonly DiffRow[]; readonly same: number; readonly below: number} {
  const all = placed(lines)
  const parents = new Set(all.flatMap(({above}) => above.slice(-1)))
  const ownOf = (row: DiffRow): readonly DiffRow[] =>
    parents.has(row) ? ownRows(row).filter(({lines: [{deltaMs}]}) => Math.abs(deltaMs) >= (least ?? leastOwnMs)) : []
  const withOwn = (rows: readonly DiffRow[]): readonly DiffRow[] => rows.flatMap(row => [row, ...ownOf(row)])
  if (least === null) return {rows: withOwn(all), same: 0, below: 0}
  const rows = withAbove(all, row => isNews(row.lines[0], least) || ownOf(row).length > 0).filter(
    row => !isWithinOneSided(row),
  )
  const below = all.filter(isWithinOneSided).length
  return {rows: withOwn(rows), same: all.length - rows.length - below, below}
}

// where all is shown: less is how clocks differ
const leastOwnMs = 1

/** What both took by themselves, while nothing that they called ran: a row for each of those who have it. */
function ownRows(row: DiffRow): readonly DiffRow[] {
  const byOwner = new Map<string, DiffLine[]>()
  for (const line of row.lines) {
    if (!line.before || !line.after) return []
    const owner = ownerOf(line.after.nodes[0])
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), line])
  }
  return [...byOwner].map(([own, lines]) => ({
    lines: [ownLine(own, lines)],
    depth: row.depth + 1,
    above: [...row.above, row],
    own,
  }))
}

function ownerOf(node: TraceNode | undefined): string {
  if (node?.role === 'service') return 'Lambda'
  return node && (isFunction(node) || node.role === 'invocation') ? 'own code' : 'by itself'
}

function ownLine(own: string, lines: readonly DiffLine[]): DiffLine {
  const sideOf = (side: 'before' | 'after'): DiffSide => {
    const selfMs = lines.reduce((sum, line) => sum + (line[side]?.selfMs ?? 0), 0)
    return {count: 1, durationMs: selfMs, selfMs, failed: 0, nodes: lines.flatMap(line => line[side]?.nodes ?? [])}
  }
  const deltaMs = lines.reduce((sum, {deltaSelfMs}) => sum + deltaSelfMs, 0)
  const path = [...(lines.at(-1)?.path ?? []), own]
  return {path, before: sideOf('before'), after: sideOf('after'), deltaMs, deltaSelfMs: deltaMs}
}

/** What differs by more than chance, in time or in how it ended. */
function isNews({deltaMs, before, after}: DiffLine, least: number): boolean {
  return Math.abs(deltaMs) >= least || (before?.failed ?? 0) > 0 !== (after?.failed ?? 0) > 0
}

/** Lambda's two segments of an execution are one row with the call that led to them, as in a waterfall. */
function placed(lines: readonly DiffLine[]): readonly DiffRow[] {
  const rows: Growing[] = []
  // by level of the path; a line without a row of its own is in that of the one above it
  const above: Growing[] = []
  for (const line of lines) {
    const level = line.path.length - 1
    above.length = Math.min(above.length, level)
    const parent = above.at(-1)
    const row = parent && saysTheSame(line, parent.lines.at(-1) ?? line) ? parent : below(parent, line)
    if (row === parent) row.lines.push(line)
    else rows.push(row)
    above[level] = row
  }
  return rows
}

type Growing = DiffRow & {readonly lines: [DiffLine, ...DiffLine[]]}

const below = (parent: Growing | undefined, line: DiffLine): Growing => ({
  lines: [line],
  depth: parent ? parent.depth + 1 : 0,
  above: parent ? [...parent.above, parent] : [],
  own: null,
})

/** Lambda's function segment below the service's, that below the call, the invocation in it; only where the times are about the same. */
function saysTheSame(line: DiffLine, outer: DiffLine): boolean {
  const roleIn = ({before, after}: DiffLine): TraceNode | undefined => (after ?? before)?.nodes[0]
  const [node, outerNode] = [roleIn(line), roleIn(outer)]
  const isPair = node?.role === 'function' && outerNode?.role === 'service'
  const isInvocation = node?.role === 'invocation' && outerNode?.role === 'function'
  const isCalled = node?.role === 'service' && outerNode?.span.name === 'Lambda' && outerNode.role === null
  const isAlike = (['before', 'after'] as const).every(side => {
    const [inner, around] = [line[side], outer[side]]
    if (!inner || !around) return inner === around
    const apart = Math.abs(around.durationMs - inner.durationMs)
    return inner.count === around.count && apart <= notable(around)
  })
  return (
    (isPair && line.before?.count === outer.before?.count && line.after?.count === outer.after?.count) ||
    (isCalled && isAlike) ||
    (isInvocation && isAlike && endsAs(line, outer))
  )
}

const endsAs = (line: DiffLine, outer: DiffLine): boolean =>
  (['before', 'after'] as const).every(side => (line[side]?.failed ?? 0) > 0 === (outer[side]?.failed ?? 0) > 0)

/** What is below something that only one of the two has goes without saying; unless it went on for longer. */
function isWithinOneSided({lines: [line], above}: DiffRow): boolean {
  const parent = above.at(-1)?.lines[0]
  if (!parent || (parent.before !== null && parent.after !== null)) return false
  return Math.abs(line.deltaMs) <= Math.abs(parent.deltaMs)
}

/** The wanted rows with all above them, in their order. */
function withAbove(rows: readonly DiffRow[], isWanted: (row: DiffRow) => boolean): readonly DiffRow[] {
  const kept = new Set<DiffRow>()
  for (const row of rows) if (isWanted(row)) for (const one of [...row.above, row]) kept.add(one)
  return rows.filter(row => kept.has(row))
}

/** Where lines of these depths stand in their tree. */
export function placesOf(depths: readonly number[]): readonly TreePlace[] {
  const goesOn: boolean[] = []
  return depths
    .toReversed()
    .map((depth): TreePlace => {
      const isLast = !goesOn[depth]
      goesOn.length = depth
      const rails = Array.from({length: Math.max(0, depth - 1)}, (_, i) => goesOn[i + 1] ?? false)
      goesOn[depth] = true
      return {depth, rails, isLast}
    })
    .toReversed()
}
