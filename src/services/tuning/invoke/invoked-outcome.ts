import {isObject, parseJson} from '../../logs/json-meaning.ts'
import {isInitErrorType, outcomeOf} from '../../logs/outcome.ts'
import type {SampleOutcome} from '../sample.ts'
import type {FoundReport} from './tail-report.ts'

/** What runtimes call it when memory did not suffice and they could still say so. */
const outOfMemory = new Set([
  'Runtime.OutOfMemory',
  'java.lang.OutOfMemoryError',
  'MemoryError',
  'NoMemoryError',
  'OutOfMemoryException',
  'System.OutOfMemoryException',
])
const timedOut = /^(RequestId: \S+ Error: |\S+ \S+ )?Task timed out after \d/
const longestType = 200

export type InvokedOutcome = {readonly outcome: SampleOutcome; readonly errorType: string | null}

/**
 * How an invocation ended: by whether Lambda calls it a failure (FunctionError), which one by its report, by what its log
 * proves, and by the error that takes the answer's place. A failure of a language's own for want of memory is out of memory too.
 * @param functionError `Handled` or `Unhandled`; null where the function returned
 */
export function invokedOutcome(
  functionError: string | null,
  answer: string,
  found: FoundReport | null,
): InvokedOutcome {
  if (functionError === null) return {outcome: 'ok', errorType: null}
  const told = thrown(answer)
  const errorType = (told.type ?? found?.report.errorType ?? functionError).slice(0, longestType)
  return {outcome: failure(told, found), errorType}
}

type Thrown = {readonly type: string | null; readonly message: string}

function thrown(answer: string): Thrown {
  const json = parseJson(answer)
  const {errorType, errorMessage} = isObject(json) ? json : {}
  return {
    type: typeof errorType === 'string' && errorType !== '' ? errorType : null,
    message: typeof errorMessage === 'string' ? errorMessage : '',
  }
}

function failure({type, message}: Thrown, found: FoundReport | null): SampleOutcome {
  const reported = found ? outcomeOf(found.evidence, found.report) : 'unknown'
  if (reported === 'timeout' || reported === 'oom') return reported
  if (type === 'Sandbox.Timedout' || timedOut.test(message)) return 'timeout'
  if (outOfMemory.has(type ?? '') || (isKilled(message) && isFull(found))) return 'oom'
  return reported === 'init-error' || isInitErrorType(type ?? undefined) ? 'init-error' : 'error'
}

/** older runtimes do not name out of memory: the process is just gone */
const isKilled = (message: string): boolean =>
  message.includes('signal: killed') || message.includes('Process exited before completing request')

const isFull = (found: FoundReport | null): boolean =>
  found !== null && found.report.memorySizeMB > 0 && found.report.maxMemoryUsedMB >= found.report.memorySizeMB
