import {type UserError, usageError} from '../../errors.ts'
import {fewNames} from '../few-names.ts'

const forms =
  'a trace id (1-5759e988-bd862e3fe1be46a994272793, 32 hex digits, Root=…, a traceparent), a Lambda request id, a console link, a log line'
const longestShown = 60
const mostListed = 5
const longestMistyped = 300
/** of a run of digits in a longer text, which may be a secret: enough to find it by */
const recognised = 12

/** Says why a text that holds no id is none, as closely as it can. */
export function noIdError(text: string, linkPlace: string | null): UserError {
  if (text === '') return usageError('no id was given', `what is taken: ${forms}`)
  if (linkPlace !== null)
    return usageError(`the link to ${linkPlace} names no trace and no request`, 'open the trace or the log event first')
  if (/^\s*self=1-[0-9a-f]{8}-[0-9a-f]{24}\s*;?\s*$/i.test(text))
    return usageError(
      'Self is a load balancer’s own id, not a trace’s',
      `its header has Root=…, too; what is taken: ${forms}`,
    )
  const lambda = /^arn:[\w-]+:lambda:[^:]*:\d*:function:([\w-]+)/.exec(text)?.[1]
  if (lambda) return usageError(`${shown(text)} is a function, not a request`, `its traces: slsops traces ${lambda}`)
  const stream = /\[(?:\$LATEST|\d{1,9})\][0-9a-f]{32}\b/.exec(text)?.[0]
  if (stream !== undefined && !/\s/.test(text))
    return usageError(`${shown(text)} is a log stream, which has many requests`, `what is taken: ${forms}`)
  // in a long text, what looks like one is most likely none
  const near = text.length > longestMistyped ? null : nearMissIn(text)
  if (near !== null) return usageError(near, `what is taken: ${forms}`)
  if (/^(?=.*[a-z])[\w:*{},-]{1,140}$/i.test(text))
    return usageError(`${shown(text)} is no trace id and no request id`, waysFrom(shown(text)))
  if (/\s/.test(text))
    return usageError(
      'the text holds no trace id and no request id',
      `slsops logs tells ids with --json or --failed; what is taken: ${forms}`,
    )
  return usageError(`${shown(withoutValue(text))} is no trace id and no request id`, `what is taken: ${forms}`)
}

/** Of a function's name, and of an id of something else, as an order's. */
function waysFrom(word: string): string {
  const inLogs = `if it stands in log lines: slsops logs --filter ${word} --by-request, which tells trace ids`
  if (/\d{2}/.test(word))
    return `${inLogs}; if it is an annotation or a user: slsops traces --filter 'annotation.KEY = "${word}"', or 'user = "${word}"'`
  return `if it is a function: slsops traces ${word}; ${inLogs}. What is taken: ${forms}`
}

/** @param ids as they are written */
export function severalIdsError(ids: readonly string[]): UserError {
  return usageError(`the text holds ${ids.length} ids: ${fewNames(ids.map(shown), mostListed)}`, 'give one of them')
}

/** What is wrong with the first word that is almost an id; null where none is. */
function nearMissIn(text: string): string | null {
  for (const [word] of text.matchAll(/[\w-]{12,}/g)) {
    const wrong = wrongWith(word)
    if (wrong === null) continue
    const isAlone = word === text || word.includes('-')
    return `${isAlone ? shown(word) : `${word.slice(0, recognised)}…`} is no id: ${wrong}`
  }
  const header = /\broot=([^;\s]*)/i.exec(text)?.[1]
  return header === undefined ? null : `Root=${shown(header)} names no trace: behind it come 1-, 8 and 24 hex digits`
}

function wrongWith(word: string): string | null {
  if (/^(?:0x|1-|00-)?0[0-]{15,}(?:-0[01])?$/i.test(word)) return 'zeros stand for no trace'
  const parts = word.split('-')
  const lengths = parts.map(part => part.length).join('-')
  const isHex = /^(?:0x)?[0-9a-f-]+$/i.test(word)
  if (parts.length === 3 && parts[0] === '1')
    return isHex
      ? `a trace id has 8 and 24 hex digits behind 1-, this has ${parts
          .slice(1)
          .map(part => part.length)
          .join(' and ')}`
      : 'a trace id has only hex digits'
  if (parts.length === 4 && /^[0-9a-f]{2}$/i.test(parts[0] ?? '') && isHex)
    return `a traceparent has 2-32-16-2 hex digits, this has ${lengths}`
  if (parts.length === 5 && word.length > 28 && word.length < 45)
    return isHex ? `a request id has 8-4-4-4-12 hex digits, this has ${lengths}` : 'a request id has only hex digits'
  if (parts.length !== 1 || !isHex) return null
  const digits = word.replace(/^0x/i, '').length
  if (digits === 16) return 'it has 16 hex digits, as a segment or span has; its trace has 32'
  return digits >= 20 && digits !== 32 ? `a trace id has 32 hex digits, this has ${digits}` : null
}

/** `token=…` */
const withoutValue = (text: string): string => {
  // before an @ there may be a password
  const sign = text.search(text.includes('@') ? /[=?:]/ : /[=?]/)
  return sign === -1 ? text : `${text.slice(0, sign + 1)}…`
}

const shown = (text: string): string => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)
