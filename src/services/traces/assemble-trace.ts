import {coldStartsOf} from './cold-starts.ts'
import {giveCriticalTimes} from './critical-path.ts'
import {detachEarly} from './detach.ts'
import {distinctSpans} from './distinct-spans.ts'
import {type Draft, downFrom, microseconds, nodesOf} from './draft.ts'
import {giveCauses} from './find-causes.ts'
import {joinSpans} from './join-spans.ts'
import {giveEnds, giveSelfTimes, type Interval, lastTime} from './measure.ts'
import {giveRoles} from './roles.ts'
import type {FetchedTrace} from './span.ts'
import type {Trace} from './trace.ts'
import {warningsOf} from './warnings.ts'

/** Joins the spans of a trace into one tree, and measures it. Never throws, whatever the spans claim. */
export function assembleTrace(fetched: FetchedTrace): Trace {
  const {distinct, repeated} = distinctSpans(fetched.spans)
  const {roots, orphans, cycles} = joinSpans(distinct)
  const drafts = downFrom([...roots, ...orphans])

  const measuredTo = lastTime(drafts)
  giveRoles(drafts)
  giveEnds(drafts, measuredTo)
  const away = detachEarly(drafts)
  const axis = axisOf(drafts.filter(draft => !away.has(draft)))
  giveSelfTimes(drafts, away)
  // log lines do not tell what an execution waited for
  if (fetched.source !== 'logs') giveCriticalTimes(roots, axis, away)
  const missingExceptions = giveCauses(drafts, fetched.spans)

  const nodes = nodesOf(drafts)
  const tops = nodes.filter(({parentId}) => parentId === null)
  const met = {orphans: drafts.filter(({isOrphan}) => isOrphan).length - cycles, cycles, repeated, missingExceptions}
  return {
    id: fetched.id,
    source: fetched.source,
    start: axis.start,
    end: axis.end,
    durationMs: microseconds(axis.end - axis.start),
    measuredTo,
    isPartial: fetched.isLimitExceeded || drafts.some(({isOrphan, span}) => isOrphan || span.end === null),
    roots: tops.slice(0, roots.length),
    orphans: tops.slice(roots.length),
    nodes,
    coldStarts: coldStartsOf(drafts),
    links: nodes.flatMap(({id, span}) => span.links.map(link => ({...link, nodeId: id}))),
    warnings: warningsOf(drafts, fetched, met),
  }
}

/** From the first start to the last end; 0 to 0 for nothing. */
function axisOf(drafts: readonly Draft[]): Interval {
  let start = Number.POSITIVE_INFINITY
  let end = 0
  for (const draft of drafts) {
    start = Math.min(start, draft.span.start)
    end = Math.max(end, draft.end)
  }
  return {start: Math.min(start, end), end}
}
