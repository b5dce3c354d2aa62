import type {Draft} from './draft.ts'
import type {Span} from './span.ts'
import type {NodeRole} from './trace.ts'

/** What Lambda calls the parts of an invocation. A function's own subsegments may have the same names, further down. */
const roleByName: ReadonlyMap<string, NodeRole> = new Map([
  ['Initialization', 'init'],
  ['Restore', 'restore'],
  ['Invocation', 'invocation'],
  ['Overhead', 'overhead'],
])
const queueNames: ReadonlySet<string> = new Set(['Dwell Time', 'QueueTime'])
const attemptName = /^Attempt #\d{1,9}$/

/** Gives each node its role, and functions the id of the request they ran for. @param drafts each before its children */
export function giveRoles(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    draft.role = roleOf(draft.span, draft.parent)
    if (draft.role === 'function' && draft.span.requestId === null)
      draft.span = {...draft.span, requestId: requestOver(draft)}
  }
}

/** A function's segment does not name its request: Lambda's own above it does, the same for every attempt. */
function requestOver({parent}: Draft): string | null {
  const service = parent?.role === 'attempt' ? parent.parent : parent
  return service?.role === 'service' ? service.span.requestId : null
}

function roleOf(span: Span, parent: Draft | null): NodeRole | null {
  if (span.kind !== 'subsegment' && !span.isInferred) {
    if (span.origin === 'AWS::Lambda') return 'service'
    if (span.origin === 'AWS::Lambda::Function') return 'function'
  }
  const isInLambda = parent !== null && isOfLambda(parent)
  if (!isInLambda && parent !== null && !mayBeOfLambda(parent.span)) return null
  const named = roleByName.get(span.name)
  if (named !== undefined) return named
  if (attemptName.test(span.name)) return 'attempt'
  return isInLambda && queueNames.has(span.name) ? 'queue' : null
}

function isOfLambda({role}: Draft): boolean {
  return role === 'service' || role === 'function' || role === 'attempt'
}

/** Logs do not always tell what it was that ran, nor does every segment. */
function mayBeOfLambda({kind, origin}: Span): boolean {
  return kind !== 'subsegment' && origin === null
}
