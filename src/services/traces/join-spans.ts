import {byStart, type Draft, draftOf} from './draft.ts'
import {type Parents, withInferred} from './fold-inferred.ts'
import type {Span} from './span.ts'

type Joined = {
  readonly roots: readonly Draft[]
  readonly orphans: readonly Draft[]
  readonly cycles: number
}

/** Joins spans by the ids of their parents, across documents. Every span is in one place, whatever they claim. */
export function joinSpans(spans: readonly Span[]): Joined {
  const drafts = draftsOf(spans)
  const parents = parentsOf(drafts)
  const {left, moved} = withInferred(drafts, parents)
  for (const draft of left) {
    const parent = parents.get(draft) ?? null
    draft.parent = parent && (moved.get(parent) ?? parent)
  }
  const cycles = breakCycles(left)
  for (const draft of left) {
    draft.isOrphan ||= draft.parent === null && draft.span.parentId !== null
    draft.parent?.children.push(draft)
  }
  for (const draft of left) draft.children.sort(byStart)
  return {...tops(left.filter(draft => draft.parent === null).sort(byStart)), cycles}
}

function draftsOf(spans: readonly Span[]): readonly Draft[] {
  const taken = new Set(spans.map(span => span.id))
  const seen = new Map<string, number>()
  return spans.map(span => {
    let times = (seen.get(span.id) ?? 0) + 1
    let id = span.id
    if (times > 1) {
      while (taken.has(`${span.id}~${times}`)) times++
      id = `${span.id}~${times}`
      taken.add(id)
    }
    seen.set(span.id, times)
    return draftOf(span, id)
  })
}

/** By what they claim: of several spans with the id of the parent the one of the same document, else the first. */
function parentsOf(drafts: readonly Draft[]): Parents {
  const byId = new Map<string, Draft>()
  const byDocument = new Map<string, Draft>()
  for (const draft of drafts) {
    const {id} = draft.span
    if (!byId.has(id)) byId.set(id, draft)
    const inDocument = `${draft.span.documentId}\u0000${id}`
    if (!byDocument.has(inDocument)) byDocument.set(inDocument, draft)
  }
  const parents = new Map<Draft, Draft>()
  for (const draft of drafts) {
    const {parentId, documentId} = draft.span
    if (parentId === null) continue
    const parent = byDocument.get(`${documentId}\u0000${parentId}`) ?? byId.get(parentId)
    if (parent) parents.set(draft, parent)
  }
  return parents
}

/** Takes the one that starts first of each circle out of it; the others hang below. @returns how many circles there were */
function breakCycles(drafts: readonly Draft[]): number {
  const walk = new Map<Draft, number>()
  let cycles = 0
  drafts.forEach((from, number) => {
    let at: Draft | null = from
    while (at && !walk.has(at)) {
      walk.set(at, number)
      at = at.parent
    }
    if (!at || walk.get(at) !== number) return
    const first = circleOf(at).sort(byStart)[0]
    if (!first) return
    first.parent = null
    first.isOrphan = true
    cycles++
  })
  return cycles
}

function circleOf(start: Draft): Draft[] {
  const circle = [start]
  for (let at = start.parent; at && at !== start; at = at.parent) circle.push(at)
  return circle
}

/**
 * A trace whose first segment was called by something that X-Ray does not know has no root by its own account: then what
 * came first is it, with all that the same caller called.
 */
function tops(all: readonly Draft[]): {readonly roots: readonly Draft[]; readonly orphans: readonly Draft[]} {
  const roots = all.filter(draft => !draft.isOrphan)
  const first = all[0]
  if (roots.length > 0 || !first) return {roots, orphans: all.filter(draft => draft.isOrphan)}
  const isRoot = (draft: Draft): boolean => draft === first || draft.span.parentId === first.span.parentId
  return {roots: all.filter(isRoot), orphans: all.filter(draft => !isRoot(draft))}
}
