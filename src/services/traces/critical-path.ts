import type {Draft} from './draft.ts'
import {type Interval, partBefore} from './measure.ts'

/** Clocks of two machines, and of one asked twice, differ by about this: a child that ends so much after the next began ended before it. */
const clockGrainMs = 1

/** What may be on the path within a node: one of its children, or the part of an init that is before that child. */
type Step = Interval & {readonly draft: Draft; readonly isPart: boolean}

/** The way back through one node, or through the trace itself where `draft` is null. */
type Walk = {
  readonly draft: Draft | null
  readonly from: number
  /** by end, the last one last; of those that end together the longest, which tells more */
  readonly steps: Step[]
  reached: number
}

/**
 * Gives each node the time it has on the critical path: what would have to be faster for the trace to be. From the end back,
 * always to the child that ended last before, within the time of its parent; what nothing below accounts for is a node's own. So
 * no moment counts twice, and what began after its parent ended, as work that was only handed over does, is not on it.
 */
export function giveCriticalTimes(roots: readonly Draft[], trace: Interval, away: ReadonlySet<Draft>): void {
  const walks: Walk[] = [{draft: null, from: trace.start, steps: stepsOf(roots, trace, away), reached: trace.end}]
  for (let walk = walks.at(-1); walk; walk = walks.at(-1)) {
    const step = walk.steps.pop()
    if (!step) {
      add(walk.draft, walk.reached - walk.from)
      walks.pop()
      continue
    }
    if (step.end > walk.reached + clockGrainMs || step.start >= walk.reached) continue
    const end = Math.min(step.end, walk.reached)
    add(walk.draft, walk.reached - end)
    walk.reached = step.start
    if (step.isPart) add(step.draft, end - step.start)
    else {
      const within = {start: step.start, end}
      add(step.draft, 0)
      walks.push({
        draft: step.draft,
        from: step.start,
        steps: stepsOf(step.draft.children, within, away),
        reached: end,
      })
    }
  }
}

function stepsOf(children: readonly Draft[], within: Interval, away: ReadonlySet<Draft>): Step[] {
  const steps: Step[] = []
  const push = (draft: Draft, {start, end}: Interval, isPart: boolean): void => {
    const step = {draft, start: Math.max(start, within.start), end: Math.min(end, within.end), isPart}
    if (step.end > step.start) steps.push(step)
  }
  for (const child of children) {
    if (away.has(child)) continue
    push(child, {start: child.span.start, end: child.end}, false)
    for (const below of child.children) {
      const part = partBefore(child, below)
      if (part) push(below, part, true)
    }
  }
  return steps.sort((a, b) => a.end - b.end || b.start - a.start)
}

function add(draft: Draft | null, ms: number): void {
  if (draft) draft.criticalMs = (draft.criticalMs ?? 0) + ms
}
