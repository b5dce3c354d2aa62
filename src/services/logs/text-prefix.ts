import {levelNamed, maxLevelLength} from './level.ts'
import type {Level} from './log-event.ts'
import {readLoggerPrefix, timeEnd} from './logger-prefix.ts'

/** What a runtime or a logger writes before the text itself. */
export type Prefix = {
  readonly requestId: string | null
  readonly level: Level | null
  /** what stands before the level and in no column: a thread, a logger's name */
  readonly between?: string
  /** where the text begins */
  readonly bodyAt: number
}

const tab = 9
const space = 32
const dash = 45
const colon = 58
const openBracket = 91
const uuidLength = 36
/** `2023-12-05 22:14:43` */
const dateTimeLength = 19

/**
 * The prefix of a text line, by its layout and never by a word somewhere in the text; null when there is none:
 *
 * - Node and .NET: `time\trequestId\tLEVEL\ttext`
 * - Python: `[LEVEL]\ttime\trequestId\ttext`, and `[ERROR] Type: text` of an unhandled exception
 * - Java, log4j2: `requestId LEVEL text` or `date time requestId LEVEL text`
 * - loggers that know of no requests: see `readLoggerPrefix`
 */
export function readPrefix(message: string): Prefix | null {
  if (message.charCodeAt(0) === openBracket) return bracketed(message) ?? readLoggerPrefix(message)
  if (message.charCodeAt(4) === dash && message.charCodeAt(7) === dash)
    return dated(message) ?? readLoggerPrefix(message)
  return isUuidAt(message, 0) ? idThenLevel(message, 0) : readLoggerPrefix(message)
}

function bracketed(message: string): Prefix | null {
  const close = message.indexOf(']', 1)
  if (close === -1 || close > maxLevelLength + 1) return null
  const level = levelNamed(message.slice(1, close))
  if (level === null) return null
  const separatorAt = message.charCodeAt(close + 1) === colon ? close + 2 : close + 1
  const separator = message.charCodeAt(separatorAt)
  if (separator === space) return {level, requestId: null, bodyAt: pastTime(message, separatorAt + 1)}
  if (separator !== tab) return null
  const stampEnd = tabWithin(message, close + 2, 40)
  const idEnd = stampEnd === -1 ? -1 : tabWithin(message, stampEnd + 1, 64)
  if (idEnd === -1) return {level, requestId: null, bodyAt: separatorAt + 1}
  return {level, requestId: idOf(message.slice(stampEnd + 1, idEnd)), bodyAt: idEnd + 1}
}

/** Behind a time that stands at `at`, in brackets or not, and the space after it. */
function pastTime(message: string, at: number): number {
  const isBracketed = message.charCodeAt(at) === openBracket
  const end = timeEnd(message, isBracketed ? at + 1 : at)
  if (end === -1) return at
  const behind = isBracketed ? end + 1 : end
  return message.charCodeAt(behind) === space ? behind + 1 : behind
}

function dated(message: string): Prefix | null {
  const stampEnd = tabWithin(message, dateTimeLength, 20)
  if (stampEnd !== -1) {
    const idEnd = tabWithin(message, stampEnd + 1, 64)
    if (idEnd === -1 || message.indexOf(' ', stampEnd + 1) === stampEnd + 1) return null
    const id = message.slice(stampEnd + 1, idEnd)
    // zap: `time\tINFO\tmain.go:12\ttext`
    if (id.length <= maxLevelLength && levelNamed(id) !== null) return null
    const levelEnd = tabWithin(message, idEnd + 1, maxLevelLength + 1)
    const level = levelEnd === -1 ? null : levelNamed(message.slice(idEnd + 1, levelEnd))
    return {level, requestId: idOf(id), bodyAt: (level === null ? idEnd : levelEnd) + 1}
  }
  // date and time with a space between them, then perhaps milliseconds
  const idAt = message.indexOf(' ', dateTimeLength) + 1
  return idAt > 0 && idAt <= dateTimeLength + 8 && isUuidAt(message, idAt) ? idThenLevel(message, idAt) : null
}

function idThenLevel(message: string, idAt: number): Prefix | null {
  let at = idAt + uuidLength
  if (message.charCodeAt(at) !== space) return null
  at++
  const end = message.indexOf(' ', at)
  if (end === -1 || end - at > maxLevelLength) return null
  const level = levelNamed(message.slice(at, end))
  if (level === null) return null
  // %-5p pads the level with spaces
  let bodyAt = end
  while (message.charCodeAt(bodyAt) === space) bodyAt++
  return {level, requestId: message.slice(idAt, idAt + uuidLength), bodyAt}
}

/** Whether the 36 characters from `at` on have the shape of a request id, `8-4-4-4-12` hex digits. */
export function isUuidAt(text: string, at: number): boolean {
  if (text.length < at + uuidLength) return false
  for (let i = 0; i < uuidLength; i++) {
    const code = text.charCodeAt(at + i)
    const isDash = i === 8 || i === 13 || i === 18 || i === 23
    if (isDash ? code !== dash : !isHex(code)) return false
  }
  return true
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

/** Node's runtime writes "undefined" while there is no request yet: in its init phase. */
export function idOf(text: string): string | null {
  return text === '' || text === 'undefined' || text === 'null' || text.includes(' ') ? null : text
}

function tabWithin(message: string, from: number, width: number): number {
  const end = Math.min(message.length, from + width + 1)
  for (let i = from; i < end; i++) if (message.charCodeAt(i) === tab) return i
  return -1
}
