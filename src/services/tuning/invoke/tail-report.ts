import {isObject, parseJson, reportIn} from '../../logs/json-meaning.ts'
import type {Report} from '../../logs/log-event.ts'
import {readMeaning} from '../../logs/message.ts'
import {type Evidence, noteEvidence} from '../../logs/outcome.ts'

/** What Lambda reported of one invocation, and what lines before it prove that older reports do not say. */
export type FoundReport = {
  readonly requestId: string
  readonly report: Report
  readonly evidence: ReadonlySet<Evidence>
}

/** LogResult is at most the last 4 KB of a log; a server that sends more has no more of it read than this */
const mostCharacters = 16 * 1024
/** braces before a record's type: those of its metrics, spans and trace are a handful, whatever stands before them is not its own */
const mostBraces = 64
/** a log of nothing but look-alikes is not searched for ever */
const mostLookAlikes = 32

const reportLine = 'REPORT RequestId: '
const reportType = '"platform.report"'

/** The log's tail as an answer of Invoke brings it, in base64; the text may begin in the middle of a line, or of a character. */
export const tailText = (logResult: string): string =>
  Buffer.from(logResult.slice(-2 * mostCharacters), 'base64').toString('utf8')

/**
 * The report of one invocation in a piece of its log: a REPORT line, whatever the order of its fields and with X-Ray's line
 * behind it, or a `platform.report` record, on one line or on many. What extensions and the function write stands between
 * them, in text or JSON; the last report of the request counts, for Lambda writes it when the function can write no more.
 * @param requestId null: nobody knows it, and the last report is taken
 * @returns null where there is none, or one that says nothing of what was billed. Never throws, whatever the text holds
 */
export function findReport(log: string, requestId: string | null): FoundReport | null {
  const text = log.slice(-mostCharacters)
  const found = [lastLine(text, requestId), lastRecord(text, requestId)]
    .filter(candidate => candidate !== null)
    .sort((a, b) => b.at - a.at)[0]
  if (!found) return null
  return {requestId: found.requestId, report: found.report, evidence: evidenceIn(text)}
}

type Candidate = {readonly at: number; readonly requestId: string; readonly report: Report}

/** A line that begins so is Lambda's rather than one that quotes it; what was written without a line's end may stand before it. */
function lastLine(text: string, requestId: string | null): Candidate | null {
  let quoted: Candidate | null = null
  for (const at of occurrences(text, reportLine + (requestId ?? ''))) {
    const lineEnd = text.indexOf('\n', at)
    const line = text.slice(at, lineEnd === -1 ? text.length : lineEnd)
    const {requestId: own, report} = readMeaning(line)
    if (!own || !report || (requestId !== null && own !== requestId)) continue
    if (!isBilled(report)) continue
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') return {at, requestId: own, report}
    quoted ??= {at, requestId: own, report}
  }
  return quoted
}

function lastRecord(text: string, requestId: string | null): Candidate | null {
  for (const at of occurrences(text, reportType)) {
    const json = objectAround(text, at)
    if (json?.['type'] !== 'platform.report' || !isObject(json['record'])) continue
    const {requestId: own} = json['record']
    if (typeof own !== 'string' || (requestId !== null && own !== requestId)) continue
    const report = reportIn(json['record'])
    if (isBilled(report)) return {at, requestId: own, report}
  }
  return null
}

/** Lambda bills a millisecond at least: 0 is what nobody told. */
const isBilled = ({billedDurationMs}: Report): boolean => billedDurationMs > 0

/** Where a text stands in another one, from the end. */
function* occurrences(text: string, wanted: string): Generator<number> {
  let from = text.length
  for (let seen = 0; seen < mostLookAlikes && from >= 0; seen++) {
    const at = text.lastIndexOf(wanted, from)
    if (at === -1) return
    yield at
    from = at - 1
  }
}

/** The innermost JSON object that holds this place: keys come in any order, so it may begin far before it. */
function objectAround(text: string, place: number): ReturnType<typeof parseJson> {
  let open = place
  for (let braces = 0; braces < mostBraces; braces++) {
    open = open === 0 ? -1 : text.lastIndexOf('{', open - 1)
    if (open === -1) return null
    const end = endOfObject(text, open)
    const json = end > place ? parseJson(text.slice(open, end)) : null
    if (json) return json
  }
  return null
}

/** Behind the brace that closes the one at `open`; -1 where nothing does. */
function endOfObject(text: string, open: number): number {
  let depth = 0
  let inString = false
  for (let at = open; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
  }
  return -1
}

/** What the lines of the invocation prove about how it went: reports of older runtimes do not say it. */
function evidenceIn(text: string): ReadonlySet<Evidence> {
  const evidence = new Set<Evidence>()
  for (const message of text.split('\n')) noteEvidence(evidence, {...readMeaning(message), message})
  return evidence
}
