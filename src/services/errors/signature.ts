import {createHash} from 'node:crypto'
import {jsonIn} from '../logs/json-message.ts'
import type {LogEvent} from '../logs/log-event.ts'
import {readPrefix} from '../logs/text-prefix.ts'
import {readStack} from './frames.ts'
import {failureIn, linesOf} from './json-failure.ts'
import {mask} from './mask.ts'

/** What kind of error one is: thrown or logged, or one of those that no line calls an error. */
export type ErrorKind = 'exception' | 'message' | 'timeout' | 'out-of-memory' | 'init' | 'exit'

/** What tells an error from others of its service, whatever ids and numbers it bears. */
export type Signature = {
  readonly kind: ErrorKind
  /** its class, as `PaymentTimeout` or `java.lang.IllegalStateException`; null where it names none */
  readonly type: string | null
  /** what it says, masked */
  readonly template: string
  /** the same with what stood in quotation marks */
  readonly said: string
  /** where all that have it are one kind, whatever their templates; null where the template has to tell */
  readonly place: string | null
}

// what is behind it is data, not the error
const longestJson = 262_144
const longestText = 32_768

const className = String.raw`(?:[A-Za-z_$][\w$]*[.:]{1,2}){0,12}[A-Z_$][\w$]*`
// by the way classes of errors are named; behind a dot any class is one
const typed = new RegExp(
  String.raw`^(?:Uncaught |Unhandled |uncaughtException: |Exception in thread "[^"]{0,100}" |panic: )?(?<type>${className}(?:Error|Exception|Timeout|Fault|Failure|Interrupt|Unavailable|NotFound|Denied|Exceeded)|(?:[A-Za-z][\w$]*\.){1,12}[A-Z][\w$]*|[A-Z]\w*(?:Error|Exception))(?: \[\w+\])?(?:: (?<message>.*))?$`,
  's',
)
const runtimeType = /^(Runtime|Extension|Sandbox)\.\w+$/

/** What an event says of an error: its class, its first line without that class, and the lines of its stack. */
export type ErrorWords = {
  readonly type: string | null
  readonly message: string
  readonly stack: readonly string[]
}

/** The error that an event tells of, by its type, its stack and what it says; `more` are lines that were events of their own. */
export function signatureOf(event: Pick<LogEvent, 'message'>, more: readonly string[] = []): Signature {
  return fromWords(errorWords(event, more))
}

/** What an event says of an error, unmasked; `more` are lines that were events of their own. */
export function errorWords({message}: Pick<LogEvent, 'message'>, more: readonly string[] = []): ErrorWords {
  const record = message.length > longestJson ? undefined : recordIn(message)
  if (record) {
    const {type, message: said, stack} = failureIn(record)
    return words(type, said ?? type ?? 'error', stack)
  }
  return wordsOfText(message.slice(0, longestText), more)
}

function recordIn(message: string): Readonly<Record<string, unknown>> | undefined {
  if (!/[}\s]$/.test(message) || !message.includes('{')) return undefined
  const value = jsonIn(message.trimEnd())
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

function wordsOfText(text: string, more: readonly string[]): ErrorWords {
  const bodyAt = readPrefix(text)?.bodyAt ?? 0
  const body = text.slice(bodyAt).replace(/^(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\s+/, '')
  const lines = [...linesOf(body), ...more].filter(line => line.trim() !== '')
  const [first = '', second = ''] = lines
  // Java's runtime: `Division by zero: java.lang.ArithmeticException`, then the class again
  const javaType = first.slice(first.lastIndexOf(': ') + 2)
  if (first.includes(': ') && javaType.includes('.') && !javaType.includes(' ') && second.startsWith(javaType))
    return words(javaType, first.slice(0, first.lastIndexOf(': ')), lines)
  const own = typed.exec(first.trim())?.groups
  if (own) return words(own['type'] ?? null, own['message'] ?? '', lines)
  // a logger's words first, then the error below them: Python's at the end of its traceback, others' at its head
  const isTraceback = lines.some(line => line.startsWith('Traceback (most recent call last)'))
  const under = isTraceback
    ? lines.findLast(line => /^\S/.test(line) && typed.test(line))
    : typed.test(second)
      ? second
      : undefined
  const below = under === undefined ? undefined : typed.exec(under.trim())?.groups
  return words(below?.['type'] ?? null, below?.['message'] || first, lines)
}

function words(type: string | null, message: string, stack: readonly string[]): ErrorWords {
  const [first = ''] = message.trim().split(/[\r\n]/, 1)
  // some write the class before the message once more
  return {type, message: type !== null && first.startsWith(`${type}: `) ? first.slice(type.length + 2) : first, stack}
}

function fromWords({type, message, stack}: ErrorWords): Signature {
  const {frames, rootCause} = readStack(stack)
  const {text, kept} = mask(message)
  const shownType = type === null ? null : type.slice(0, 200).replaceAll(/[\u0000\u0001]/g, '')
  const isInit = shownType !== null && runtimeType.test(shownType) && shownType !== 'Runtime.ExitError'
  return {
    kind: isInit ? 'init' : shownType !== null || frames.length > 0 ? 'exception' : 'message',
    type: shownType,
    template: text.trim(),
    said: kept.trim(),
    place: frames.length > 0 ? [shownType ?? '', rootCause ?? '', ...frames].join('\n') : null,
  }
}

/** A name for a kind of error that is the same in every run, on every machine: 12 hex digits. */
export function fingerprintOf(...parts: readonly (string | null)[]): string {
  return createHash('sha256')
    .update(parts.map(part => part ?? '').join('\u0000'))
    .digest('hex')
    .slice(0, 12)
}
