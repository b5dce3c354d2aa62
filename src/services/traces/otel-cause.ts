import {fieldsOf, isFields, listOf, textOf} from './document-fields.ts'
import {attributesIn, firstTextOf, type OtelRecord} from './otel-record.ts'
import {keptExceptions, keptFrames, parseCause} from './parse-cause.ts'
import type {SpanCause, SpanException} from './span.ts'

/**
 * Why a span failed: what X-Ray kept of its segment's cause, the exceptions among its events, or the message of its status.
 * @param hasFailed exceptions of what went well in the end are none of its causes
 */
export function otelCause({fields, attributes, xray}: OtelRecord, hasFailed: boolean): SpanCause | null {
  const kept = parseCause(xray['cause'])
  if (kept) return kept
  if (!hasFailed) return null
  const exceptions = listOf(fields['events'])
    .filter(isFields)
    .filter(({name}) => name === 'exception')
    .slice(0, keptExceptions)
    .map(event => exceptionFrom(attributesIn(event['attributes'])))
  if (exceptions.length > 0) return {exceptions}
  const own = exceptionFrom(attributes)
  const message = own.message ?? textOf(fieldsOf(fields['status'])['message'])
  const type = own.type ?? firstTextOf(attributes, 'error.type')
  return message === null && type === null ? null : {exceptions: [{...own, type, message}]}
}

function exceptionFrom(attributes: OtelRecord['attributes']): SpanException {
  return {
    id: firstTextOf(attributes, 'aws.xray.exception.id'),
    type: firstTextOf(attributes, 'exception.type'),
    message: firstTextOf(attributes, 'exception.message'),
    remote: attributes['aws.xray.exception.remote'] === true,
    stack: framesIn(firstTextOf(attributes, 'exception.stacktrace') ?? ''),
  }
}

/** The frames of a stack, as JavaScript, Java and .NET write them, and as Python does; a line that is none is left out. */
function framesIn(stack: string): SpanException['stack'] {
  return stack
    .slice(0, keptFrames * 200)
    .split('\n')
    .flatMap(line => frameIn(line.trim()) ?? [])
    .slice(0, keptFrames)
}

function frameIn(line: string): SpanException['stack'][number] | null {
  const [, pythonPath, pythonLine, pythonLabel] = /^File "([^"]*)", line (\d{1,9})(?:, in (.*))?$/.exec(line) ?? []
  if (pythonPath !== undefined) return {path: pythonPath, line: Number(pythonLine), label: pythonLabel ?? null}
  if (!line.startsWith('at ')) return null
  const open = line.lastIndexOf('(')
  const label = textOf(open === -1 ? null : line.slice(3, open).trim())
  const place = (open === -1 ? line.slice(3) : line.slice(open + 1)).replace(/\)$/, '')
  const [, path, number] = /^(.{1,512}?):(\d{1,9})(?::\d{1,9})?$/.exec(place) ?? []
  return {path: path ?? place, line: number === undefined ? null : Number(number), label}
}
