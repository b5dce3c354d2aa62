import {readMeaning} from '../logs/message.ts'
import {isUuidAt} from '../logs/text-prefix.ts'
import {traceIdOf} from '../logs/trace-id.ts'

/** An id that a text holds. */
export type TextId = {
  readonly kind: 'trace' | 'request'
  /** X-Ray form of a trace, lower case of a request */
  readonly id: string
  /** as it is written */
  readonly text: string
  /** its form or what stands before it says that it is one: other words of hex digits only look alike */
  readonly isNamed: boolean
}

/** What one line says. */
export type LineIds = {
  readonly ids: readonly TextId[]
  /** as the header, the report or the flags of a traceparent on it say; null where nothing does */
  readonly sampled: boolean | null
}

// behind a line break that JSON has written as \n, too
const words = /(?:(?<=\\)[nrt])?([\w-]{32,})/g
const platform = /(?:START|END|REPORT) RequestId: |\{/
const naming = {
  // behind a key as in JSON, also in JSON that is a string of other JSON
  trace: /trace[_ -]?id[\\"' ]{0,4}[:=][\\"' ]{0,4}$/i,
  request: /request[_ -]?id[\\"' ]{0,4}[:=][\\"' ]{0,4}$/i,
  self: /self=$/i,
}
const longestName = 40
// of the header and of REPORT; a field of that name in a record may be about anything
const header = /\broot=1-/i
const sampledInHeader = /(?:^|[;:\s"'\\])sampled=([01])\b/i
const sampledInReport = /\bSampled: (true|false)\b/
const traceparent = /^(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/i
const xrayForm = /^1-/
const bareHex = /^[0-9a-f]{32}$/i
const uuidLength = 36

/**
 * The ids of traces and requests in one line of text: of a log, a header, or one that is nothing but an id. What the line is
 * about by its own shape (a JSON record's fields, a runtime's prefix, a platform line) goes before what its text mentions.
 */
export function idsIn(line: string): LineIds {
  const found: TextId[] = []
  let sampled = sampledIn(line)
  for (const {0: match, 1: word = '', index} of line.matchAll(words)) {
    const at = index + match.length - word.length
    const before = line.slice(Math.max(0, at - longestName), at)
    // a load balancer's own id, and a log stream: […]0cbc19ba…
    if (naming.self.test(before) || (before.endsWith(']') && bareHex.test(word))) continue
    const flags = traceparent.exec(word)?.[1]
    if (flags !== undefined) sampled ??= (Number.parseInt(flags, 16) & 1) === 1
    const traceId = traceIdOf(word)
    if (traceId !== null) {
      const isNamed = xrayForm.test(word) || flags !== undefined || naming.trace.test(before)
      found.push({kind: 'trace', id: traceId, text: word, isNamed})
    } else if (isRequestId(word)) {
      found.push({kind: 'request', id: word.toLowerCase(), text: word, isNamed: naming.request.test(before)})
    }
  }
  return {ids: found.length === 0 ? found : ofItself(line, found), sampled}
}

/** What a header, START or REPORT in a text says of sampling: `Sampled=0`, `Sampled: true`. Null where nothing does. */
export const sampledIn = (text: string): boolean | null =>
  flag((header.test(text) ? sampledInHeader : sampledInReport).exec(text)?.[1])

/** A trace is sampled when any part of it was; null where no part says. */
export function anySampled(parts: readonly (boolean | null)[]): boolean | null {
  const said = parts.filter(sampled => sampled !== null)
  return said.length === 0 ? null : said.includes(true)
}

/** Whether a word has the form of the ids that Lambda gives requests; all zeros is what stands for none. */
const isRequestId = (word: string): boolean => word.length === uuidLength && isUuidAt(word, 0) && /[1-9a-f]/i.test(word)

/** The line's own ids where its shape tells them, else those that it names, else all. */
function ofItself(line: string, found: readonly TextId[]): readonly TextId[] {
  const about = meaningOf(line)
  const requestId = about.requestId?.toLowerCase()
  const own = found.filter(({kind, id}) => id === (kind === 'trace' ? about.traceId : requestId))
  const named = found.filter(({isNamed}) => isNamed)
  const ownOrNamed = (['trace', 'request'] as const).flatMap(kind => {
    const ownOfKind = own.filter(id => id.kind === kind).map(id => ({...id, isNamed: true}))
    return ownOfKind.length > 0 ? ownOfKind : named.filter(id => id.kind === kind)
  })
  return distinct(ownOrNamed.length > 0 ? ownOrNamed : found)
}

/** What the line says of itself, also where something stands before the message: a time, a stream. */
function meaningOf(line: string): {readonly requestId: string | null; readonly traceId: string | null} {
  const whole = readMeaning(line)
  if (whole.requestId !== null || whole.traceId !== null) return whole
  const at = line.search(platform)
  return at > 0 ? readMeaning(line.slice(at)) : whole
}

/** Each id once, in the order of its first place. */
export function distinct(ids: readonly TextId[]): readonly TextId[] {
  const byId = new Map<string, TextId>()
  for (const id of ids) if (!byId.has(id.id)) byId.set(id.id, id)
  return [...byId.values()]
}

function flag(text: string | undefined): boolean | null {
  return text === undefined ? null : text === '1' || text.toLowerCase() === 'true'
}
