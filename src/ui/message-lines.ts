import type {LogEvent} from '../services/logs/log-event.ts'
import type {continues} from '../services/logs/stitch.ts'
import type {readPrefix} from '../services/logs/text-prefix.ts'
import {field, isEnvelope, isFailure, isRecord, type JsonRecord, recordLines} from './json-record.ts'
import {printable} from './printable.ts'
import {dimmed, type Line, span} from './spans.ts'
import {followingLine} from './stack-frames.ts'
import type {Glyphs} from './terminal.ts'

/** How messages are read: as the services do, which pass it in. */
export type MessageReader = {
  readonly readPrefix: typeof readPrefix
  /** JSON without losing digits; anything but an object for what is not JSON */
  readonly parseJson: (text: string) => unknown
  /** whether an event goes on with what the one before it began to say */
  readonly continues: typeof continues
}

/** What a message says, for people: at least one line, without its time, request id and level. */
export function messageLines(event: LogEvent, glyphs: Glyphs, reader: MessageReader): readonly Line[] {
  const text = body(event, reader).trim()
  const start = jsonStart(text)
  const record = start === -1 ? undefined : reader.parseJson(text.slice(start))
  if (!isRecord(record)) return textLines(text)
  if (event.kind === 'metric') return [metricLine(record, event, glyphs)]
  if (typeof record['type'] === 'string' && isRecord(record['record']))
    return [platformLine(record['type'], record['record'])]
  return recordLines(withMessageRead(record, reader), event, lead(text.slice(0, start)))
}

/** A record whose message is itself a record, or one written as text: its fields, and those around it that it does not have. */
function withMessageRead(record: JsonRecord, {parseJson}: MessageReader): JsonRecord {
  const {message, ...around} = record
  const text = typeof message === 'string' ? message.trim() : ''
  const inner = text.startsWith('{') && text.endsWith('}') ? parseJson(text) : message
  if (!isRecord(inner)) return record
  return isFailure(inner) ? {...around, message: inner} : {...around, ...inner}
}

/** What a message says beyond the time, request id and level that stand in columns of their own. */
function body({kind, message, requestId}: LogEvent, {readPrefix}: MessageReader): string {
  // "2026-… 3364d63a-… Task timed out after 3.00 seconds", "RequestId: 3364d63a-… Error: Runtime exited …"
  if (kind === 'runtime') {
    const idAt = requestId === null ? -1 : message.indexOf(requestId)
    return idAt === -1 ? message : message.slice(idAt + (requestId?.length ?? 0)).replace(/^ Error: /, '')
  }
  const prefix = readPrefix(message)
  const isAnothers = prefix?.requestId != null && prefix.requestId !== requestId
  if (!prefix || isAnothers) return message
  const text = message.slice(prefix.bodyAt)
  return prefix.between ? `${prefix.between} ${text}` : text
}

/** Where a JSON object begins that reaches to the end: at the start, or after text and a tab or a line break. */
function jsonStart(text: string): number {
  if (text.charCodeAt(text.length - 1) !== 0x7d) return -1
  if (text.charCodeAt(0) === 0x7b) return 0
  return text.search(/(?<=[\t\r\n]\s*)\{/)
}

const lambdaWarning = 'LAMBDA_WARNING: '

/** Text before a JSON body; of Lambda's paragraph about an unhandled exception only the first sentence. */
function lead(text: string): string {
  const words = printable(text.trim()).replaceAll(/\s+/g, ' ')
  return words.startsWith(lambdaWarning) ? words.slice(lambdaWarning.length).split('. ', 1).join('') : words
}

function textLines(text: string): readonly Line[] {
  const [first = '', ...below] = printable(text).split('\n')
  return [[span(first.trimEnd().replaceAll('\t', '  '))], ...below.map(followingLine)]
}

/** CloudWatch embedded metric format: `◇ metric SuccessfulBookings=1 service=booking`. */
function metricLine(record: JsonRecord, event: LogEvent, glyphs: Glyphs): Line {
  const names = metricNames(record['_aws'])
  const values = names.flatMap(name => field(name, single(record[name])))
  const rest = Object.entries(record).filter(([key, value]) => !names.includes(key) && !isEnvelope(key, value, event))
  const context = dimmed(rest.flatMap(([key, value]) => field(key, value)))
  return [span(`${glyphs.metric} metric`, 'dim'), ...values, ...context]
}

function metricNames(aws: unknown): readonly string[] {
  const directives = isRecord(aws) && Array.isArray(aws['CloudWatchMetrics']) ? aws['CloudWatchMetrics'] : []
  const metrics = directives.flatMap((directive: {Metrics?: unknown}) =>
    Array.isArray(directive?.Metrics) ? directive.Metrics : [],
  )
  return [
    ...new Set(metrics.flatMap((metric: {Name?: unknown}) => (typeof metric?.Name === 'string' ? [metric.Name] : []))),
  ]
}

function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

/** A record of the Lambda platform that has no column of its own: `platform.extension name=… state=Ready`. */
function platformLine(type: string, record: JsonRecord): Line {
  if (type === 'platform.logsDropped') {
    const counts = ['droppedRecords', 'droppedBytes', 'reason'].flatMap(key => field(key, record[key] ?? null))
    return [span('Lambda dropped log records before they reached the log group', 'look'), ...counts]
  }
  return [span(type, 'dim'), ...dimmed(Object.entries(record).flatMap(([key, value]) => field(key, value)))]
}
