import {createHash} from 'node:crypto'
import {fieldsOf, isFields, listOf, parsedJson, textOf} from './document-fields.ts'
import {keptMetadata} from './kept-metadata.ts'
import {otelCall} from './otel-call.ts'
import {otelCause} from './otel-cause.ts'
import {
  attributesIn,
  firstNumberOf,
  firstTextOf,
  nanoDuration,
  nanoTime,
  type OtelRecord,
  otelRecords,
} from './otel-record.ts'
import {isAnnotation, keptAnnotations, type ParsedDocument} from './parse-document.ts'
import {parseLinks} from './parse-links.ts'
import type {Span, SpanLink, SpanStatus} from './span.ts'

/** Links that a record of their own adds to a span: X-Ray writes them when it has met both ends. */
export type AddedLinks = {readonly spanId: string; readonly links: readonly SpanLink[]}

/**
 * Reads a document in OpenTelemetry's format: what ListRetrievedTraces gives with TraceFormat OTEL, or a record of the log
 * group aws/spans. Gives the spans that the same trace would have in X-Ray's format. Never throws.
 */
export function parseOtelSpans(json: string): ParsedDocument & {readonly addedLinks: readonly AddedLinks[]} {
  const document = parsedJson(json)
  if (typeof document !== 'object' || document === null)
    return {spans: [], problems: ['a span is not a JSON object'], addedLinks: []}
  const problems: string[] = []
  const spans: Span[] = []
  const addedLinks: AddedLinks[] = []
  for (const [at, record] of otelRecords(document).entries()) {
    const added = addedLinksIn(record)
    const span = added === null ? spanFrom(record, json, at, problems) : null
    if (added) addedLinks.push(added)
    if (span) spans.push(span)
  }
  return {spans, problems, addedLinks}
}

function addedLinksIn({fields, xray}: OtelRecord): AddedLinks | null {
  const spanId = textOf(xray['target_id'])
  return xray['decorator_type'] === 'managed_link' && spanId !== null ? {spanId, links: linksOf(fields['links'])} : null
}

function spanFrom(record: OtelRecord, json: string, at: number, problems: string[]): Span | null {
  const {fields, attributes, resource, xray} = record
  const start = nanoTime(fields['startTimeUnixNano'])
  const end = endOf(record, start)
  const begun = start ?? end
  if (begun === null) {
    problems.push('a span has no time')
    return null
  }
  if (start === null) problems.push('a span without a start')
  const spanId = idOf(fields['spanId'])
  if (spanId === null) problems.push('a span without an id')
  // by what the document says, so that the same document sent twice has the same ids
  const id = spanId ?? `${createHash('sha256').update(json).digest('hex').slice(0, 16)}-${at}`

  const call = otelCall(record)
  const status = statusOf(record, call.http?.status ?? null)
  // a call downstream runs on the caller's resource: only what was called there is the function
  const ran = call.isEntry ? {...resource, ...attributes} : {}
  const arn = firstTextOf(ran, 'aws.lambda.invoked_arn', 'faas.id', 'cloud.resource_id', 'aws.xray.resource_arn')
  const resourceArn = textOf(xray['resource_arn']) ?? firstTextOf(attributes, 'aws.xray.resource_arn')
  const own = firstTextOf(attributes, 'aws.function_arn')
  const functionArn = [own, arn, call.isEntry ? resourceArn : null].find(arn => arn?.includes(':function:')) ?? null
  return {
    id,
    parentId: idOf(fields['parentSpanId']),
    documentId: id,
    kind: kindOf(xray['type']),
    name: call.name,
    origin: call.origin,
    namespace: call.namespace,
    start: begun,
    end,
    isInferred: xray['inferred'] === true || isTrue(attributes['aws.xray.inferred']),
    status,
    cause: otelCause(record, status !== 'ok'),
    http: call.http,
    operation: call.operation,
    resource: call.resource,
    resourceArn,
    requestId:
      firstTextOf(attributes, 'aws.request_id', 'aws.requestId', 'aws.request.id') ??
      (call.isEntry ? firstTextOf(attributes, 'faas.invocation_id', 'faas.execution') : null),
    retries: Math.max(
      0,
      Math.floor(firstNumberOf(attributes, 'aws.xray.retries', 'retry_attempts', 'http.request.resend_count') ?? 0),
    ),
    functionArn,
    logGroup: firstTextOf(ran, 'aws.log.group.names'),
    account: firstTextOf({...attributes, ...ran}, 'cloud.account.id', 'aws.account_id') ?? partOf(functionArn, 4),
    region: firstTextOf({...attributes, ...ran}, 'cloud.region', 'aws.region') ?? partOf(functionArn ?? arn, 3),
    annotations: annotationsOf(attributes),
    metadata: metadataOf(record),
    user: firstTextOf(attributes, 'enduser.id', 'user.id', 'aws.xray.user'),
    links: linksOf(fields['links']),
  }
}

function endOf({fields, attributes}: OtelRecord, start: number | null): number | null {
  if (isTrue(attributes['aws.xray.inprogress'])) return null
  const end = nanoTime(fields['endTimeUnixNano'])
  const duration = nanoDuration(fields['durationNano'])
  return end ?? (start !== null && duration !== null ? Math.round((start + duration) * 1e3) / 1e3 : null)
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** OTLP writes eight zeros where there is no parent, or nothing. */
function idOf(value: unknown): string | null {
  const id = textOf(value)
  return id === null || /^0+$/.test(id) ? null : id
}

const kindOf = (type: unknown): Span['kind'] => (type === 'segment' || type === 'subsegment' ? type : 'span')

/** As X-Ray would have it: it tells whose fault an error is by the HTTP status, and takes the fault for its own where there is none. */
function statusOf({fields, attributes, xray}: OtelRecord, http: number | null): SpanStatus {
  for (const status of ['fault', 'throttle', 'error'] as const)
    if (isTrue(attributes[`aws.xray.${status}`]) || xray[status] === true) return status
  const {code} = fieldsOf(fields['status'])
  const isError = code === 2 || (typeof code === 'string' && /^(STATUS_CODE_)?ERROR$/i.test(code))
  if (http === 429) return 'throttle'
  if (!isError) return 'ok'
  return http !== null && http >= 400 && http < 500 ? 'error' : 'fault'
}

/** X-Ray's annotations stand among the attributes; a list says which they are. */
function annotationsOf(attributes: OtelRecord['attributes']): Span['annotations'] {
  const listed = attributes['aws.xray.annotation_keys'] ?? attributes['aws.xray.annotations']
  const keys = typeof listed === 'string' ? listOf(parsedJson(listed)) : listOf(listed)
  const pairs = keys.slice(0, keptAnnotations).flatMap(key => {
    const value = typeof key === 'string' ? attributes[key] : null
    return isAnnotation(value) ? [[key as string, value] as const] : []
  })
  return Object.fromEntries(pairs)
}

const metadataPrefix = 'aws.xray.metadata.'

/** The metadata of a segment, or all attributes of a span, which has no other. */
function metadataOf({attributes, xray}: OtelRecord): unknown {
  const metadata = Object.entries(attributes)
    .filter(([key]) => key.startsWith(metadataPrefix))
    .map(([key, value]) => [
      key.slice(metadataPrefix.length),
      typeof value === 'string' ? (parsedJson(value) ?? value) : value,
    ])
  if (metadata.length > 0) return keptMetadata(Object.fromEntries(metadata))
  return 'type' in xray || Object.keys(attributes).length === 0 ? null : keptMetadata(attributes)
}

const reserved = 'aws.xray.reserved.reference_type'

function linksOf(links: unknown): readonly SpanLink[] {
  const asSegments = listOf(links)
    .filter(isFields)
    .map(link => {
      const attributes = attributesIn(link['attributes'])
      const told = fieldsOf(fieldsOf(link['_aws'])['xray'])['reference_type'] ?? attributes['aws.xray.reference_type']
      return {
        trace_id: link['traceId'],
        id: idOf(link['spanId']),
        attributes: told === undefined ? attributes : {...attributes, [reserved]: told},
      }
    })
  return parseLinks(asSegments)
}

function partOf(arn: string | null, at: number): string | null {
  return arn?.startsWith('arn:') ? textOf(arn.split(':', 6)[at]) : null
}
