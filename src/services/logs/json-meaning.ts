import {isAtLeast, levelOf} from './level.ts'
import type {Kind, Level, Meaning, Report} from './log-event.ts'
import {isFailure} from './report-line.ts'
import {idOf} from './text-prefix.ts'
import {traceIdIn} from './trace-id.ts'

export type Json = Readonly<Record<string, unknown>>

const levelKeys = ['level', 'severity', 'lvl', 'log_level', 'levelname'] as const
// A plain `requestId` stands last: some log there what their own API called a request.
const requestIdKeys = [
  'function_request_id',
  'awsRequestId',
  'aws_request_id',
  'AWSRequestId',
  'requestId',
  'request_id',
] as const
const traceIdKeys = ['xray_trace_id', 'xrayTraceId', 'traceId', 'trace_id'] as const

/** Records of the Lambda platform by what comes after `platform.`; others pass as they are. */
const platformKinds: ReadonlyMap<string, Kind> = new Map([
  ['initStart', 'init'],
  ['initRuntimeDone', 'init'],
  ['initReport', 'init'],
  ['restoreStart', 'restore'],
  ['restoreRuntimeDone', 'restore'],
  ['restoreReport', 'restore'],
  ['start', 'start'],
  ['runtimeDone', 'end'],
  ['report', 'report'],
  ['fault', 'runtime'],
  ['extension', 'extension'],
  ['telemetrySubscription', 'extension'],
  ['logsSubscription', 'extension'],
  ['logsDropped', 'extension'],
])

/** What a JSON message says of itself; null when the text is not a JSON object. */
export function readJson(text: string): Meaning | null {
  const json = parseJson(text)
  if (!json) return null
  const type = json['type']
  if (typeof type === 'string' && type.startsWith('platform.') && isObject(json['record'])) {
    return platformRecord(type.slice('platform.'.length), json['record'])
  }
  const level = first(json, levelKeys, levelOf) ?? (isErrorObject(json) ? 'ERROR' : null)
  return {
    kind: isEmf(json) && !isError(level) ? 'metric' : 'app',
    level,
    requestId: first(json, requestIdKeys, idIn),
    traceId: first(json, traceIdKeys, traceIn),
  }
}

/** A record of Lambda's telemetry, `{"time", "type": "platform.…", "record": {…}}`; keys come in any order and may be absent. */
function platformRecord(name: string, record: Json): Meaning {
  const {status, tracing} = record
  const kind = platformKinds.get(name) ?? 'app'
  const meaning = {
    kind,
    level: isFailure(status) || kind === 'runtime' ? 'ERROR' : name === 'logsDropped' ? 'WARN' : null,
    requestId: idIn(record['requestId']),
    traceId: isObject(tracing) ? traceIn(tracing['value']) : null,
  } as const
  return kind === 'report' ? {...meaning, report: reportIn(record)} : meaning
}

/** What the record of a `platform.report` tells. */
export function reportIn(record: Json): Report {
  const metrics = isObject(record['metrics']) ? record['metrics'] : {}
  const {initDurationMs, restoreDurationMs, billedRestoreDurationMs} = metrics
  const {status, errorType} = record
  return {
    // Lambda Managed Instances report a duration and nothing else
    durationMs: numberIn(metrics['durationMs']),
    billedDurationMs: numberIn(metrics['billedDurationMs']),
    memorySizeMB: numberIn(metrics['memorySizeMB']),
    maxMemoryUsedMB: numberIn(metrics['maxMemoryUsedMB']),
    ...(isNumber(initDurationMs) && {initDurationMs}),
    ...(isNumber(restoreDurationMs) && {restoreDurationMs}),
    ...(isNumber(billedRestoreDurationMs) && {billedRestoreDurationMs}),
    ...(typeof status === 'string' && {status}),
    ...(typeof errorType === 'string' && {errorType}),
  }
}

/** What Go, Ruby and custom runtimes write of an error that left the handler; they name no level. */
function isErrorObject({errorType, errorMessage}: Json): boolean {
  return typeof errorType === 'string' && typeof errorMessage === 'string'
}

/** CloudWatch's embedded metric format: `_aws` says which of the fields are metrics. */
function isEmf(json: Json): boolean {
  const aws = json['_aws']
  return isObject(aws) && Array.isArray(aws['CloudWatchMetrics'])
}

function isError(level: Level | null): boolean {
  return level !== null && isAtLeast(level, 'ERROR')
}

function first<Value>(json: Json, keys: readonly string[], read: (value: unknown) => Value | null): Value | null {
  for (const key of keys) {
    const value = json[key]
    if (value === undefined) continue
    const found = read(value)
    if (found !== null) return found
  }
  return null
}

function idIn(value: unknown): string | null {
  return typeof value === 'string' ? idOf(value) : null
}

function traceIn(value: unknown): string | null {
  return typeof value === 'string' ? traceIdIn(value) : null
}

function numberIn(value: unknown): number {
  return isNumber(value) ? value : 0
}

/** JSON can hold 1e999, which nothing can be made of. */
function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

/** The object that a message is; null when it is none. */
export function parseJson(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    // cut at the 1 MB that an event may have, or text that only begins like JSON
    return null
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
