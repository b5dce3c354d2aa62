import {type Draft, microseconds} from './draft.ts'
import type {ColdStart} from './trace.ts'

/** The cold starts of a trace's functions, in the order of the nodes. */
export function coldStartsOf(drafts: readonly Draft[]): readonly ColdStart[] {
  const waits = new Map<Draft, readonly Draft[]>()
  return drafts.flatMap(draft => coldStartOf(draft, waits) ?? [])
}

/** @param waits what a request waited for before it was served, by the segment, as far as it was looked up */
function coldStartOf(draft: Draft, waits: Map<Draft, readonly Draft[]>): ColdStart | null {
  const inits = draft.children.filter(({role}) => role === 'init' || role === 'restore')
  if (inits.length === 0) return null
  const felt = inits.filter(({detached}) => !detached)
  // of a function with a snapshot the init was long ago, and what is waited for is the restore
  const told = felt.length > 0 ? felt : inits
  const first = felt[0]
  return {
    nodeId: draft.id,
    downloadMs: first ? downloadMs(draft, first.span.start, waits) : null,
    initMs: total(told, 'init'),
    restoreMs: total(told, 'restore'),
    isDetached: felt.length === 0,
  }
}

function total(inits: readonly Draft[], role: 'init' | 'restore'): number | null {
  const ones = inits.filter(init => init.role === role)
  return ones.length === 0 ? null : microseconds(ones.reduce((sum, {span, end}) => sum + end - span.start, 0))
}

/** From when Lambda had the request, and did not let it wait in a queue or for another attempt, to when the init began. */
function downloadMs({parent}: Draft, initStart: number, waits: Map<Draft, readonly Draft[]>): number | null {
  if (parent?.role !== 'service' && parent?.role !== 'attempt') return null
  const waited = waits.get(parent) ?? parent.children.filter(({role}) => role === 'queue' || role === 'attempt')
  waits.set(parent, waited)
  let from = parent.span.start
  for (const {role, span, end} of waited) {
    const ready = role === 'queue' ? end : span.start
    if (ready <= initStart) from = Math.max(from, ready)
  }
  return from <= initStart ? microseconds(initStart - from) : null
}
