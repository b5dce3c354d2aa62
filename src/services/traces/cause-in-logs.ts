import {type Occurrence, occurrences} from '../errors/occurrences.ts'
import {errorWords} from '../errors/signature.ts'
import type {LogEvent} from '../logs/log-event.ts'
import type {SpanCause, SpanException} from './span.ts'

type Exceptions = Extract<SpanCause, {readonly exceptions: unknown}>

const mostExceptions = 5
const mostCharacters = 4_096

/** Why an execution failed, as its lines tell; null where none does. What was thrown goes before what was only logged. */
export function causeInLogs(events: readonly LogEvent[]): Exceptions | null {
  const errors = occurrences('ERROR')
  const all = [...events.flatMap(event => errors.push(event)), ...errors.flush()]
  const thrown = all.filter(({signature}) => signature.kind !== 'message')
  const told = (thrown.length > 0 ? thrown : all).slice(-mostExceptions)
  return told.length === 0 ? null : {exceptions: told.map(exceptionOf)}
}

function exceptionOf({event, signature}: Occurrence): SpanException {
  const common = {id: null, remote: false, stack: []}
  if (event.kind === 'app') {
    const {type, message} = errorWords(event)
    return {...common, type, message: message.slice(0, mostCharacters)}
  }
  const timedOut = /Task timed out after [\d.]+ seconds/.exec(event.message)?.[0]
  return {...common, type: signature.type, message: timedOut ?? signature.template}
}
