import {type Draft, downFrom, microseconds} from './draft.ts'

/** An init that ended longer than this before the work began was not made for it (provisioned, ahead of time, or a snapshot's). */
const idleMs = 10_000
/** No init that a request waits for takes longer: then Lambda begins anew, as part of the invocation. */
const longestFeltInitMs = 10_000
/** No init at all takes longer than the longest timeout of a function: what does holds the time in which the sandbox waited. */
const longestInitMs = 15 * 60_000
/** Lambda's clocks differ by less than this. */
const clockSkewMs = 1_000

/** Marks the inits and restores that nobody waited for, and gives them and what is below them. */
export function detachEarly(drafts: readonly Draft[]): ReadonlySet<Draft> {
  const early: Draft[] = []
  const invocations = new Map<Draft, Draft | undefined>()
  for (const draft of drafts) {
    if (draft.role !== 'init' && draft.role !== 'restore') continue
    const invoked = invokedAt(draft, invocations)
    if (invoked === null || draft.span.end === null) continue
    const earlierMs = invoked - draft.end
    const ms = draft.end - draft.span.start
    if (earlierMs <= idleMs && ms <= longestInitMs && !isBeforeRequest(draft)) continue
    draft.detached = {ms: microseconds(ms), earlierMs: microseconds(Math.max(0, earlierMs))}
    early.push(draft)
  }
  return new Set(downFrom(early))
}

/** @param invocations by their parents, as far as they were looked up */
function invokedAt({parent}: Draft, invocations: Map<Draft, Draft | undefined>): number | null {
  if (!parent) return null
  if (!invocations.has(parent))
    invocations.set(
      parent,
      parent.children.find(({role}) => role === 'invocation'),
    )
  return (invocations.get(parent) ?? parent).span.start
}

/**
 * Whether it was over, or had begun too long ago to be waited for, when Lambda got the request: provisioned sandboxes are made
 * before, and the time until their first request is recorded as the init's.
 */
function isBeforeRequest({span, end, parent}: Draft): boolean {
  const lambda = parent?.role === 'function' ? parent.parent : parent
  if (lambda?.role !== 'service' && lambda?.role !== 'attempt') return false
  const asked = lambda.span.start
  return end < asked - clockSkewMs || span.start < asked - longestFeltInitMs
}
