import {levelNamed, maxLevelLength} from './level.ts'
import type {Level} from './log-event.ts'
import type {Prefix} from './text-prefix.ts'

const tab = 9
const space = 32
const comma = 44
const dash = 45
const dot = 46
const slash = 47
const colon = 58
const equals = 61
const openBracket = 91
const closeBracket = 93
const bar = 124

const longestBetween = 100

/** The level of a text line, and where it was found. */
type Found = {readonly level: Level; readonly end: number}

/**
 * The prefix that text loggers write, wherever they run; null when there is none. A level counts only in these places,
 * as the logger writes it there, and never as a word of a sentence:
 *
 * - `WARN: text`, and `warn: text` in the words of winston and .NET
 * - `level=warn msg=…`, also behind or before its time, as logrus, slog and go-kit do
 * - behind a date, a time, or both: `WARN text`, `[WARN] text`, `warn: text`, `[thread] WARN text`, `- logger - WARN - text`
 */
export function readLoggerPrefix(message: string): Prefix | null {
  const first = message.charCodeAt(0)
  if (isDigit(first) || first === openBracket) return timed(message, first)
  const end = wordEnd(message, 0)
  const mark = message.charCodeAt(end)
  if (mark === colon) return labelled(message, end)
  return mark === equals ? logfmt(message) : null
}

/** Where the text goes on behind a time, with or without a date and a zone, that begins at `at`; -1 where there is none. */
export function timeEnd(message: string, at: number): number {
  let clock = at
  const dateMark = message.charCodeAt(at + 4)
  if (dateMark === dash || dateMark === slash) {
    if (!areDigits(message, at, 4) || message.charCodeAt(at + 7) !== dateMark) return -1
    const mark = message.charCodeAt(at + 10)
    if (mark !== 0x54 && mark !== space) return -1
    clock = at + 11
  }
  if (message.charCodeAt(clock + 2) !== colon || message.charCodeAt(clock + 5) !== colon) return -1
  if (!areDigits(message, clock, 2) || !areDigits(message, clock + 3, 2) || !areDigits(message, clock + 6, 2)) return -1
  let end = clock + 8
  const mark = message.charCodeAt(end)
  if ((mark === dot || mark === comma) && isDigit(message.charCodeAt(end + 1))) {
    end += 2
    while (isDigit(message.charCodeAt(end))) end++
  }
  return zoneEnd(message, end)
}

/** `Z`, `+01:00`, `+0100`, ` +01:00` */
function zoneEnd(message: string, at: number): number {
  if (message.charCodeAt(at) === 0x5a) return at + 1
  const sign = message.charCodeAt(at) === space ? at + 1 : at
  if (message.charCodeAt(sign) !== 0x2b && message.charCodeAt(sign) !== dash) return at
  const minutes = message.charCodeAt(sign + 3) === colon ? sign + 4 : sign + 3
  return areDigits(message, sign + 1, 2) && areDigits(message, minutes, 2) ? minutes + 2 : at
}

function timed(message: string, first: number): Prefix | null {
  const isBracketed = first === openBracket
  let at = timeEnd(message, isBracketed ? 1 : 0)
  if (at === -1) return null
  if (isBracketed && message.charCodeAt(at) === closeBracket) at++
  at = pastMark(message, at)
  const found = levelAt(message, at)
  if (found) return prefix(message, found)
  const end = betweenEnd(message, at)
  const behind = end === -1 ? null : levelAt(message, pastMark(message, end))
  return behind && {...prefix(message, behind), between: message.slice(at, end)}
}

/** Where `[thread]` ends, or a name between ` - ` and ` - `: what loggers write between their time and their level. */
function betweenEnd(message: string, at: number): number {
  const isBracketed = message.charCodeAt(at) === openBracket
  if (!isBracketed && message.charCodeAt(at - 2) !== dash) return -1
  const last = isBracketed ? closeBracket : space
  const most = Math.min(message.length, at + longestBetween)
  let end = at
  while (end < most && message.charCodeAt(end) !== last) end++
  if (end === most || end === at) return -1
  if (isBracketed) return end + 1
  return message.startsWith(' - ', end) ? end : -1
}

function prefix(message: string, {level, end}: Found): Prefix {
  const at = message.charCodeAt(end) === colon ? end + 1 : end
  return {level, requestId: null, bodyAt: pastMark(message, at)}
}

/** `[WARN]` in any case, `WARN` before a space, `warn` before a colon or a tab; `Warn` begins a sentence. */
function levelAt(message: string, at: number): Found | null {
  if (message.charCodeAt(at) === openBracket) {
    const end = wordEnd(message, at + 1)
    const level = message.charCodeAt(end) === closeBracket ? levelNamed(message.slice(at + 1, end)) : null
    return level && {level, end: end + 1}
  }
  const isInCapitals = isUpper(message.charCodeAt(at)) && isUpper(message.charCodeAt(at + 1))
  const end = wordEnd(message, at)
  const behind = message.charCodeAt(end)
  const mayEnd = behind === colon || behind === tab || (isInCapitals && (behind === space || behind === closeBracket))
  if (!mayEnd || (!isInCapitals && isUpper(message.charCodeAt(at)))) return null
  const level = levelNamed(message.slice(at, end))
  // `[10:02:03 INF] text`
  return level && {level, end: behind === closeBracket ? end + 1 : end}
}

// Names that loggers write in lower case before a colon; "fine: ", "notice: " or "trace: " begin sentences and fields.
const lowerLabels = new Set('trce dbug debug info warn warning error fail crit'.split(' '))

function labelled(message: string, end: number): Prefix | null {
  const word = message.slice(0, end)
  const isInCapitals = isUpper(message.charCodeAt(0)) && isUpper(message.charCodeAt(1))
  const isLabel = isInCapitals || (lowerLabels.has(word) && isSpace(message.charCodeAt(end + 1)))
  const level = isLabel ? levelNamed(word) : null
  return level && {level, requestId: null, bodyAt: pastSpaces(message, end + 1)}
}

const levelField = /^(?:level|lvl|severity)="?([A-Za-z]+)"?[ \t]+/
const timeField = /^(?:time|ts|t|timestamp)="?\d{4}[-\d][^ "]{5,35}"?[ \t]+/

/** `level=warn msg=…`, `time="2026-11-20T10:02:03Z" level=warning msg=…`, `level=info ts=2026-11-20T10:02:03Z caller=…` */
function logfmt(message: string): Prefix | null {
  const head = message.slice(0, longestBetween)
  const before = timeField.exec(head)?.[0].length ?? 0
  const [field, name] = levelField.exec(head.slice(before)) ?? []
  const level = name === undefined ? null : levelNamed(name)
  if (field === undefined || level === null) return null
  const end = before + field.length
  const after = before === 0 ? (timeField.exec(head.slice(end))?.[0].length ?? 0) : 0
  return {level, requestId: null, bodyAt: end + after}
}

/** Past spaces, and a `-` or `|` that stands alone between them. */
function pastMark(message: string, from: number): number {
  const at = pastSpaces(message, from)
  const mark = message.charCodeAt(at)
  return (mark === dash || mark === bar) && message.charCodeAt(at + 1) === space ? pastSpaces(message, at + 1) : at
}

function pastSpaces(message: string, from: number): number {
  let at = from
  while (isSpace(message.charCodeAt(at))) at++
  return at
}

/** Where the letters that begin at `at` end; no later than the longest name of a level does. */
function wordEnd(message: string, at: number): number {
  let end = at
  while (end - at <= maxLevelLength && isLetter(message.charCodeAt(end))) end++
  return end
}

function areDigits(text: string, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (!isDigit(text.charCodeAt(i))) return false
  return true
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90
}

function isLetter(code: number): boolean {
  return isUpper(code) || (code >= 97 && code <= 122)
}

function isSpace(code: number): boolean {
  return code === space || code === tab
}
