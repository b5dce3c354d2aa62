import type {LogEvent} from '../logs/log-event.ts'
import {mask} from './mask.ts'
import type {Signature} from './signature.ts'

const timedOut = plain('timeout', null, 'Task timed out after <n> seconds')
const outOfMemory = plain('out-of-memory', 'Runtime.OutOfMemory', 'the function used up its memory and was killed')

/** What a line of the platform, or a report, says of an invocation that failed. */
export function echoOf({message, report, outcome, kind}: LogEvent): Signature {
  if (outcome === 'timeout' || report?.status === 'timeout' || message.includes(' Task timed out after '))
    return timedOut
  if (kind === 'end' && /"status":\s*"timeout"/.test(message)) return timedOut
  // a process that was killed may have had memory to spare: its report tells, by outcomeOf
  if (outcome === 'oom' || message.includes('Runtime.OutOfMemory')) return outOfMemory
  const type = report?.errorType ?? errorTypeIn(message)
  if (outcome === 'init-error') return plain('init', type, 'the init phase failed')
  if (kind === 'runtime') {
    const [words = ''] = message.replace(/^RequestId: \S+ (?:Error: )?/, '').split('\n', 1)
    return plain('exit', null, mask(words).text.trim())
  }
  return plain('exception', type, 'the invocation failed, and no line says why')
}

/** What INIT_REPORT or RESTORE_REPORT says of a phase that failed. */
export function initSignature(message: string): Signature {
  const phase = message.includes('RESTORE_REPORT') || message.includes('platform.restoreReport') ? 'restore' : 'init'
  if (/Status: timeout|"status":\s*"timeout"/.test(message)) return plain('init', null, `the ${phase} phase timed out`)
  return plain('init', errorTypeIn(message), `the ${phase} phase failed`)
}

/** Whether no line of the function can have told it. */
export function isOwnKind({kind}: Signature): boolean {
  return kind === 'timeout' || kind === 'out-of-memory'
}

/** Which of several things that are said of one failure says most: the higher. */
export function severityOf({kind}: Signature): number {
  return ['exception', 'exit', 'init', 'timeout', 'out-of-memory'].indexOf(kind)
}

function plain(kind: Signature['kind'], type: string | null, template: string): Signature {
  return {kind, type, template, said: template, place: null}
}

function errorTypeIn(message: string): string | null {
  const found = /Error Type: (\S{1,200})|"errorType":\s*"([^"]{1,200})"/.exec(message)
  return found?.[1] ?? found?.[2] ?? null
}
