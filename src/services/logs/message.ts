import {readJson} from './json-meaning.ts'
import type {Kind, Level, Meaning} from './log-event.ts'
import {isGoCrash, isJavaException} from './outcome.ts'
import {isFailure, readReportLine} from './report-line.ts'
import {idOf, readPrefix} from './text-prefix.ts'
import {traceIdIn} from './trace-id.ts'

const plain: Meaning = {kind: 'app', level: null, requestId: null, traceId: null}
const exception: Meaning = {...plain, level: 'ERROR'}
const unknownError = 'Unknown application error occurred'
const timedOut = ' Task timed out after '

/**
 * What a log line says of itself, by its text alone: a line of the Lambda platform, of a runtime, or of an application
 * (text, JSON, or both). The level is what a field says, never a word in the text; a timeout and out of memory, which no
 * word calls an error, are ERROR. Never throws, whatever the text holds: what has no shape known here is `app`.
 */
export function readMeaning(message: string): Meaning {
  const meaning = byFirstCharacter(message)
  return meaning === plain && (isJavaException(message) || isGoCrash(message)) ? exception : meaning
}

function byFirstCharacter(message: string): Meaning {
  return message.charCodeAt(0) === 0x7b ? (readJson(message) ?? plain) : (platformLine(message) ?? prefixed(message))
}

function platformLine(message: string): Meaning | null {
  switch (message.charCodeAt(0)) {
    case 0x53: // S
      return message.startsWith('START RequestId: ') ? ofPlatform('start', wordAt(message, 17)) : null
    case 0x45: // E
      if (message.startsWith('END RequestId: ')) return ofPlatform('end', wordAt(message, 15))
      return isExtension(message, 'EXTENSION') ? extension(message) : null
    case 0x52: // R
      return message.startsWith('REPORT RequestId: ') ? reportLine(message) : startingWithR(message)
    case 0x49: // I
      if (message.startsWith('INIT_START ')) return {...plain, kind: 'init'}
      return message.startsWith('INIT_REPORT ') ? phaseReport('init', message, 'INIT_REPORT '.length) : null
    case 0x54: // T
      return isExtension(message, 'TELEMETRY') ? extension(message) : null
    case 0x4c: // L
      if (isExtension(message, 'LOGS')) return extension(message)
      return message.startsWith('LAMBDA_WARNING: ') ? lambdaWarning(message) : null
    case 0x55: // U
      return message.startsWith(unknownError) ? {...plain, kind: 'runtime', level: 'ERROR'} : null
    case 0x58: // X: some see it as an event of its own
      return message.startsWith('XRAY TraceId: ') ? {...plain, traceId: traceIdIn(message.slice(14, 60))} : null
    default:
      return null
  }
}

function ofPlatform(kind: Kind, requestId: string | null): Meaning {
  return {kind, level: null, requestId, traceId: null}
}

function reportLine(message: string): Meaning {
  const requestId = wordAt(message, 18)
  const {report, traceId} = readReportLine(message, 18 + (requestId?.length ?? 0))
  return {kind: 'report', level: isFailure(report.status) ? 'ERROR' : null, requestId, traceId, report}
}

function startingWithR(message: string): Meaning | null {
  if (message.startsWith('RequestId: ')) return runtimeLine(message)
  if (message.startsWith('RESTORE_START ')) return {...plain, kind: 'restore'}
  return message.startsWith('RESTORE_REPORT ') ? phaseReport('restore', message, 'RESTORE_REPORT '.length) : null
}

/** `RequestId: … Error: Runtime exited with error: signal: killed\nRuntime.ExitError`, `RequestId: … Process exited before completing request` */
function runtimeLine(message: string): Meaning {
  const requestId = wordAt(message, 11)
  const after = 11 + (requestId?.length ?? 0)
  if (message.startsWith(' Process exited before completing request', after)) return runtime(requestId, 'ERROR')
  if (!message.startsWith(' Error: ', after)) return {...plain, requestId}
  // Lambda also ends environments this way that it no longer needs
  return runtime(
    requestId,
    message.startsWith('Runtime exited without providing a reason', after + 8) ? 'INFO' : 'ERROR',
  )
}

function runtime(requestId: string | null, level: Level): Meaning {
  return {kind: 'runtime', level, requestId, traceId: null}
}

/** INIT_REPORT and RESTORE_REPORT: they name no request. */
function phaseReport(kind: Kind, message: string, from: number): Meaning {
  return {...plain, kind, level: isFailure(readReportLine(message, from).report.status) ? 'ERROR' : null}
}

function isExtension(message: string, word: string): boolean {
  return message.startsWith(word) && message.startsWith('Name: ', word.length + 1)
}

/** `EXTENSION\tName: …\tState: Ready\tEvents: [INVOKE]`; a failed one names an error type. */
function extension(message: string): Meaning {
  return {...plain, kind: 'extension', level: message.includes('Error Type: ') ? 'ERROR' : null}
}

/** Python writes an unhandled exception of a JSON-format function as this text, `\r`, and a JSON object. */
function lambdaWarning(message: string): Meaning {
  const brace = message.indexOf('{')
  const before = message.charCodeAt(brace - 1)
  return (before === 13 || before === 10 ? readJson(message.slice(brace)) : null) ?? plain
}

function prefixed(message: string): Meaning {
  const timeout = timeoutRequest(message)
  if (timeout !== null) return runtime(timeout, 'ERROR')
  const prefix = readPrefix(message)
  if (!prefix) return plain
  const body = jsonBody(message, prefix.bodyAt)
  // console.log calls everything INFO: a level inside is what the logger meant
  if (body)
    return {
      kind: body.kind === 'metric' ? 'metric' : 'app',
      level: body.level ?? prefix.level,
      requestId: prefix.requestId ?? body.requestId,
      traceId: body.traceId,
    }
  return {kind: 'app', level: prefix.level, requestId: prefix.requestId, traceId: null}
}

/** `2018-08-26T02:13:13.948Z 3364d63a-… Task timed out after 30.02 seconds`: the request id, null for other lines. */
function timeoutRequest(message: string): string | null {
  if (message.charCodeAt(10) !== 0x54 || message.charCodeAt(19) === 9) return null
  const idAt = message.indexOf(' ', 19) + 1
  if (idAt === 0 || idAt > 31) return null
  const requestId = wordAt(message, idAt)
  return requestId !== null && message.startsWith(timedOut, idAt + requestId.length) ? requestId : null
}

function jsonBody(message: string, from: number): Meaning | null {
  let at = from
  while (isSpace(message.charCodeAt(at))) at++
  return message.charCodeAt(at) === 0x7b ? readJson(message.slice(at)) : null
}

/** The text from `from` up to the next white space: as a rule the 36 characters of a request id. */
function wordAt(message: string, from: number): string | null {
  let end = from + 36
  if (end > message.length || !isSpace(message.charCodeAt(end)) || message.charCodeAt(from + 8) !== 0x2d) {
    end = from
    while (end < message.length && !isSpace(message.charCodeAt(end))) end++
  }
  return idOf(message.slice(from, end))
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13
}
