import {createHash} from 'node:crypto'
import {
  countOf,
  type Fields,
  fieldsOf,
  firstText,
  isFields,
  listOf,
  numberOf,
  parsedJson,
  textOf,
  timeOf,
} from './document-fields.ts'
import {keptMetadata} from './kept-metadata.ts'
import {parseCause} from './parse-cause.ts'
import {parseLinks} from './parse-links.ts'
import type {Span, SpanHttp, SpanStatus} from './span.ts'

/** The spans of one X-Ray document, the segment first, and what of it could not be read, each thing as often as it was met. */
export type ParsedDocument = {readonly spans: readonly Span[]; readonly problems: readonly string[]}

/** A segment or subsegment where it stands in its document. */
type Placed = {readonly fields: Fields; readonly id: string; readonly above: Placed | null; start: number}

/** X-Ray takes at most 50 in a trace. */
export const keptAnnotations = 100

/**
 * Reads a segment document as BatchGetTraces and ListRetrievedTraces hand it out: JSON in X-Ray's format. Takes whatever is
 * there; what is not of the shape it should have counts as absent. Never throws.
 */
export function parseDocument(json: string): ParsedDocument {
  const document = parsedJson(json)
  if (!isFields(document)) return {spans: [], problems: ['a document is not a JSON object']}

  const problems: string[] = []
  const report = (what: string): void => void problems.push(what)
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 16)
  const all = placed(document, digest, report)
  const firstTime = firstTimeOf(document, all)
  if (firstTime === null) return {spans: [], problems: ['a document has no time']}

  // not the segment's id: different ones may claim the same, and one may come twice
  const spans = all.map(one => spanFrom(one, digest, firstTime, report))
  return {spans, problems}
}

/** The segment and all subsegments, each before those in it. Without recursion: nothing bounds how deep they are nested. */
function placed(document: Fields, digest: string, report: (what: string) => void): readonly Placed[] {
  const all: Placed[] = []
  const waiting: {readonly fields: Fields; readonly above: Placed | null}[] = [{fields: document, above: null}]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const {fields, above} = next
    let id = textOf(fields['id'])
    if (id === null) {
      report('a segment without an id')
      id = `${digest}-${all.length}`
    }
    const one: Placed = {fields, id, above, start: 0}
    all.push(one)
    const {subsegments} = fields
    if (subsegments !== undefined && subsegments !== null && !Array.isArray(subsegments))
      report('subsegments are no list')
    for (const subsegment of listOf(subsegments).toReversed()) {
      if (isFields(subsegment)) waiting.push({fields: subsegment, above: one})
      else report('a subsegment is no object')
    }
  }
  return all
}

/** What stands in for a start that is not told: the first time of the document, or of its trace. */
function firstTimeOf(document: Fields, all: readonly Placed[]): number | null {
  let first = Number.POSITIVE_INFINITY
  for (const {fields} of all) {
    first = Math.min(first, timeOf(fields['start_time']) ?? timeOf(fields['end_time']) ?? first)
  }
  if (first !== Number.POSITIVE_INFINITY) return first
  const [, time] = /^1-([\da-f]{8})-/i.exec(textOf(document['trace_id']) ?? '') ?? []
  return time === undefined ? null : timeOf(Number.parseInt(time, 16))
}

function spanFrom(one: Placed, documentId: string, firstTime: number, report: (what: string) => void): Span {
  const {fields, above} = one
  const end = endOf(fields, report)
  const told = timeOf(fields['start_time'])
  if (told === null) report('a segment without a start')
  one.start = told ?? end ?? above?.start ?? firstTime

  const cause = parseCause(fields['cause'])
  if (cause === undefined) report('a cause that is none')
  const isSegment = above === null && fields['type'] !== 'subsegment'
  const aws = fieldsOf(fields['aws'])
  const origin = textOf(fields['origin'])
  const resourceArn = textOf(fields['resource_arn']) ?? textOf(aws['resource_arn'])
  const functionArn = textOf(aws['function_arn']) ?? (origin === 'AWS::Lambda' ? resourceArn : null)
  const place = placeIn(functionArn ?? resourceArn)
  const name = textOf(fields['name'])
  if (name === null) report('a segment without a name')
  return {
    id: one.id,
    parentId: above ? above.id : textOf(fields['parent_id']),
    documentId,
    kind: isSegment ? 'segment' : 'subsegment',
    name: name ?? textOf(aws['operation']) ?? origin ?? (isSegment ? 'unnamed segment' : 'unnamed subsegment'),
    origin,
    namespace: textOf(fields['namespace']),
    start: one.start,
    end,
    isInferred: fields['inferred'] === true,
    status: statusOf(fields),
    cause: cause ?? null,
    http: httpFrom(fields['http']),
    operation: textOf(aws['operation']),
    resource: resourceOf(aws) ?? textOf(fieldsOf(fields['sql'])['sanitized_query']),
    resourceArn,
    requestId: textOf(aws['request_id']),
    retries: countOf(aws['retries']),
    functionArn,
    logGroup: logGroupOf(aws['cloudwatch_logs']),
    account: accountOf(aws['account_id']) ?? place.account,
    region: textOf(aws['region']) ?? place.region,
    annotations: annotationsOf(fields['annotations']),
    metadata: keptMetadata(fields['metadata']),
    user: textOf(fields['user']),
    links: parseLinks(fields['links']),
  }
}

function endOf(fields: Fields, report: (what: string) => void): number | null {
  if (fields['in_progress'] === true) return null
  const end = timeOf(fields['end_time'])
  if (end === null && fields['end_time'] !== undefined && fields['end_time'] !== null) report('an end that is no time')
  return end
}

// a throttled call is an error too
function statusOf(fields: Fields): SpanStatus {
  if (fields['fault'] === true) return 'fault'
  if (fields['throttle'] === true) return 'throttle'
  return fields['error'] === true ? 'error' : 'ok'
}

function httpFrom(http: unknown): SpanHttp | null {
  const request = fieldsOf(fieldsOf(http)['request'])
  const response = fieldsOf(fieldsOf(http)['response'])
  return toldHttp({
    method: textOf(request['method']),
    url: textOf(request['url']),
    status: numberOf(response['status']),
    userAgent: textOf(request['user_agent']),
    clientIp: textOf(request['client_ip']),
  })
}

/** What is told of an HTTP call, without what can be no status; null where nothing is. */
export function toldHttp(http: SpanHttp): SpanHttp | null {
  const {status} = http
  const told = {...http, status: status !== null && status >= 100 && status <= 999 ? Math.floor(status) : null}
  return Object.values(told).every(value => value === null) ? null : told
}

function resourceOf(aws: Fields): string | null {
  return (
    firstText(aws['table_name']) ??
    textOf(aws['queue_url']) ??
    textOf(aws['topic_arn']) ??
    textOf(aws['bucket_name']) ??
    textOf(aws['function_name']) ??
    textOf(aws['stream_name']) ??
    firstText(aws['table_names']) ??
    firstText(aws['resource_names'])
  )
}

function logGroupOf(logs: unknown): string | null {
  for (const log of listOf(logs)) {
    const group = textOf(fieldsOf(log)['log_group'])
    if (group !== null) return group
  }
  return null
}

function accountOf(id: unknown): string | null {
  return typeof id === 'number' && id >= 0 && Number.isSafeInteger(id) ? String(id).padStart(12, '0') : textOf(id)
}

function placeIn(arn: string | null): {readonly account: string | null; readonly region: string | null} {
  const [scheme, , , region, account] = arn === null ? [] : arn.split(':', 6)
  return scheme === 'arn' ? {account: textOf(account), region: textOf(region)} : {account: null, region: null}
}

function annotationsOf(annotations: unknown): Span['annotations'] {
  const kept: [string, string | number | boolean][] = []
  for (const [key, value] of Object.entries(fieldsOf(annotations))) {
    if (kept.length >= keptAnnotations) break
    if (isAnnotation(value)) kept.push([key, value])
  }
  return Object.fromEntries(kept)
}

/** Whether a value is one that an annotation may have. */
export function isAnnotation(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
