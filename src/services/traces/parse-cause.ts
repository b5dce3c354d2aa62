import {countOf, type Fields, fieldsOf, isFields, listOf, textOf} from './document-fields.ts'
import type {SpanCause, SpanException} from './span.ts'

/** What is kept of one cause; Lambda's runtimes send far fewer. */
export const keptExceptions = 20
export const keptFrames = 50

/**
 * The `cause` of a segment: exceptions, or the id of one that another segment has.
 * @returns null where it says nothing (Step Functions sends `{}` with all that went well), undefined where it is no cause
 */
export function parseCause(cause: unknown): SpanCause | null | undefined {
  if (cause === undefined || cause === null) return null
  const exceptionId = textOf(cause)
  if (exceptionId !== null) return {exceptionId}
  if (!isFields(cause)) return undefined
  const exceptions = listOf(cause['exceptions']).filter(isFields).slice(0, keptExceptions).map(exceptionFrom)
  if (exceptions.length > 0) return {exceptions}
  return textOf(cause['message']) === null ? null : {exceptions: [exceptionFrom(cause)]}
}

function exceptionFrom(exception: Fields): SpanException {
  return {
    id: textOf(exception['id']),
    type: textOf(exception['type']),
    message: textOf(exception['message']),
    remote: exception['remote'] === true,
    stack: listOf(exception['stack']).slice(0, keptFrames).map(fieldsOf).map(frameFrom),
  }
}

function frameFrom(frame: Fields): SpanException['stack'][number] {
  const line = countOf(frame['line'])
  return {path: textOf(frame['path']) ?? '', line: line > 0 ? line : null, label: textOf(frame['label'])}
}
