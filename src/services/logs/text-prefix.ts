import {levelNamed, maxLevelLength} from './level.ts'
import type {Level} from './log-event.ts'

/** What a runtime or a logger writes before the text itself. */
export type Prefix = {
  readonly requestId: string | null
  readonly level: Level | null
  /** where the text begins */
  readonly bodyAt: number
}

const tab = 9
const space = 32
const dash = 45
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
 */
export function readPrefix(message: string): Prefix | null {
  if (message.charCodeAt(0) === openBracket) return bracketed(message)
  if (message.charCodeAt(4) === dash && message.charCodeAt(7) === dash) return dated(message)
  return isUuidAt(message, 0) ? idThenLevel(message, 0) : null
}

function bracketed(message: string): Prefix | null {
  const close = message.indexOf(']', 1)
  if (close === -1 || close > maxLevelLength + 1) return null
  const level = levelNamed(message.slice(1, close))
  if (level === null) return null
  const separator = message.charCodeAt(close + 1)
  if (separator === space) return {level, requestId: null, bodyAt: close + 2}
  if (separator !== tab) return null
  const timeEnd = tabWithin(message, close + 2, 40)
  const idEnd = timeEnd === -1 ? -1 : tabWithin(message, timeEnd + 1, 64)
  if (idEnd === -1) return {level, requestId: null, bodyAt: close + 2}
  return {level, requestId: idOf(message.slice(timeEnd + 1, idEnd)), bodyAt: idEnd + 1}
}

function dated(message: string): Prefix | null {
  const timeEnd = tabWithin(message, dateTimeLength, 20)
  if (timeEnd !== -1) {
    const idEnd = tabWithin(message, timeEnd + 1, 64)
    if (idEnd === -1 || message.indexOf(' ', timeEnd + 1) === timeEnd + 1) return null
    const requestId = idOf(message.slice(timeEnd + 1, idEnd))
    const levelEnd = tabWithin(message, idEnd + 1, maxLevelLength + 1)
    const level = levelEnd === -1 ? null : levelNamed(message.slice(idEnd + 1, levelEnd))
    return {level, requestId, bodyAt: (level === null ? idEnd : levelEnd) + 1}
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
