import {byStart, type Draft} from './draft.ts'
import type {Span} from './span.ts'

/** Of each span the one that it says is above it, where that is there. */
export type Parents = ReadonlyMap<Draft, Draft>

/**
 * Folds segments that X-Ray made up from a subsegment into that subsegment: they tell of the same call, seen from the other
 * side, which would count twice. One whose subsegment is not there stays, as it is all that is known of the call; so does a
 * second one of the same subsegment.
 * @returns the drafts that are left, and for each that is not where it went
 */
export function withInferred(
  drafts: readonly Draft[],
  parents: Parents,
): {readonly left: readonly Draft[]; readonly moved: ReadonlyMap<Draft, Draft>} {
  const moved = new Map<Draft, Draft>()
  const taken = new Set<Draft>()
  // not in the order they came, which differs from one answer to the next
  for (const draft of drafts.filter(({span}) => span.isInferred).sort(byStart)) {
    const parent = parents.get(draft)
    if (!parent || !isCall(parent.span) || taken.has(parent)) continue
    taken.add(parent)
    moved.set(draft, parent)
    parent.span = filledIn(parent.span, draft.span)
  }
  return {left: drafts.filter(draft => !moved.has(draft)), moved}
}

function isCall(span: Span): boolean {
  return !span.isInferred && span.kind !== 'segment' && span.parentId !== null
}

/** The call, and what only the called side says. */
function filledIn(call: Span, inferred: Span): Span {
  return {
    ...call,
    end: call.end ?? inferred.end,
    status: call.status === 'ok' ? inferred.status : call.status,
    cause: call.cause ?? inferred.cause,
    origin: call.origin ?? inferred.origin,
    namespace: call.namespace ?? inferred.namespace,
    http: call.http ?? inferred.http,
    operation: call.operation ?? inferred.operation,
    resource: call.resource ?? inferred.resource,
    resourceArn: call.resourceArn ?? inferred.resourceArn,
    requestId: call.requestId ?? inferred.requestId,
    retries: Math.max(call.retries, inferred.retries),
    account: call.account ?? inferred.account,
    region: call.region ?? inferred.region,
    annotations: {...inferred.annotations, ...call.annotations},
    metadata: call.metadata ?? inferred.metadata,
    user: call.user ?? inferred.user,
    links: call.links.length > 0 ? call.links : inferred.links,
  }
}
