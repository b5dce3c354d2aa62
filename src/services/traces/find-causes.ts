import type {Draft} from './draft.ts'
import type {Span, SpanException} from './span.ts'

/**
 * Gives each node why it failed: a cause may be the id of an exception that another span has, since one failure passes
 * through many.
 * @param spans all that were fetched, also those that are no nodes
 * @returns how many point at an exception that is nowhere
 */
export function giveCauses(drafts: readonly Draft[], spans: readonly Span[]): number {
  const known = new Map<string, SpanException>()
  for (const {cause} of spans) {
    if (!cause || 'exceptionId' in cause) continue
    for (const exception of cause.exceptions) {
      if (exception.id !== null && !isBare(exception) && !known.has(exception.id)) known.set(exception.id, exception)
    }
  }
  let missing = 0
  for (const draft of drafts) {
    const {cause} = draft.span
    if (!cause) continue
    if ('exceptions' in cause)
      draft.cause = {exceptions: cause.exceptions.map(one => resolved(one, known)), missingId: null}
    else {
      const exception = known.get(cause.exceptionId)
      draft.cause = exception
        ? {exceptions: [exception], missingId: null}
        : {exceptions: [], missingId: cause.exceptionId}
      if (!exception) missing++
    }
  }
  return missing
}

function resolved(exception: SpanException, known: ReadonlyMap<string, SpanException>): SpanException {
  return isBare(exception) && exception.id !== null ? (known.get(exception.id) ?? exception) : exception
}

function isBare({type, message}: SpanException): boolean {
  return type === null && message === null
}
