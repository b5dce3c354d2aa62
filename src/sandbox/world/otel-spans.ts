import {calledType} from './called-resource.ts'
import {type Fields, fieldsOf, isComplete, listOf, textOf} from './document-fields.ts'
import type {SegmentDocument, SubsegmentDocument} from './segment-document.ts'

/** A span as JSON. */
type SpanRecord = {
  readonly id: string
  /** epoch ms; null while it is in progress */
  readonly endedAt: number | null
  readonly json: string
}

/** A trace id as OpenTelemetry has it: 32 hex digits. */
export const otelTraceId = (id: string): string => id.replace(/^1-|-/g, '')

/**
 * The documents of a trace as OpenTelemetry spans, in the form of the records in `aws/spans`: one span for each segment and
 * subsegment. Inferred segments are left out: they say nothing that their call does not.
 */
export function otelSpans(traceId: string, documents: readonly SegmentDocument[]): readonly SpanRecord[] {
  return documents
    .filter(({inferred}) => inferred !== true)
    .flatMap(document => spansOf(document, document.parent_id, traceId, document))
}

function spansOf(
  document: SubsegmentDocument,
  parentId: string | undefined,
  traceId: string,
  segment: SegmentDocument,
): readonly SpanRecord[] {
  const nested = (document.subsegments ?? []).flatMap(each => spansOf(each, document.id, traceId, segment))
  const span = spanOf(document, parentId, traceId, segment)
  const endedAt = isComplete(document) ? Math.floor((document.end_time ?? 0) * 1000) : null
  return [{id: document.id, endedAt, json: JSON.stringify(span)}, ...nested]
}

function spanOf(document: SubsegmentDocument, parentId: string | undefined, traceId: string, segment: SegmentDocument) {
  const start = microsecondsOf(document.start_time)
  const end = document.end_time === undefined ? undefined : microsecondsOf(document.end_time)
  const isSegment = document === segment && segment.type === undefined
  return {
    resource: {attributes: resourceAttributes(segment)},
    scope: {name: 'aws.xray'},
    traceId: otelTraceId(traceId),
    spanId: document.id,
    ...(parentId !== undefined && {parentSpanId: parentId}),
    flags: 1,
    name: document.name + (isSegment ? (lambdaSuffixes[textOf(segment.origin) ?? ''] ?? '') : ''),
    kind: isSegment ? 'SERVER' : document.namespace === undefined ? 'INTERNAL' : 'CLIENT',
    startTimeUnixNano: start * 1000,
    ...(end !== undefined && isComplete(document) && {endTimeUnixNano: end * 1000, durationNano: (end - start) * 1000}),
    attributes: spanAttributes(document, segment, isSegment),
    events: exceptionEvents(document, (end ?? start) * 1000),
    links: linksOf(document),
    status: {code: document.fault === true || document.error === true ? 'ERROR' : 'UNSET'},
    // What X-Ray keeps of the document that a span was made from.
    _aws: {
      xray: defined({
        type: isSegment ? 'segment' : 'subsegment',
        name: document.name,
        namespace: document.namespace,
        origin: isSegment ? segment.origin : undefined,
        cause: document.cause,
      }),
    },
  }
}

/** What X-Ray adds to the names of what Lambda's two segments become. */
const lambdaSuffixes: Readonly<Record<string, string>> = {
  'AWS::Lambda': '/LambdaService',
  'AWS::Lambda::Function': '/LambdaExecutionEnvironment',
}

// Nanoseconds of the epoch are beyond what a number holds exactly: what is subtracted is not them.
const microsecondsOf = (seconds: number) => Math.round(seconds * 1e6)

function resourceAttributes({name, origin, resource_arn: arn, aws}: SegmentDocument): Fields {
  const platform = textOf(origin) ?? ''
  const groups = listOf(aws?.['cloudwatch_logs']).map(log => fieldsOf(log)['log_group'])
  return defined({
    'service.name': name,
    'cloud.provider': platform.startsWith('AWS::') ? 'aws' : undefined,
    'cloud.platform': platform.startsWith('AWS::Lambda') ? 'aws_lambda' : undefined,
    'cloud.resource_id': aws?.['function_arn'] ?? arn,
    'cloud.account.id': aws?.['account_id'],
    'aws.log.group.names': groups.length > 0 ? groups : undefined,
  })
}

// As the OpenTelemetry collector names what X-Ray's documents have (awsxrayreceiver).
const awsAttributes: Readonly<Record<string, string>> = {
  operation: 'aws.operation',
  request_id: 'aws.request_id',
  region: 'aws.region',
  account_id: 'aws.account_id',
  retries: 'aws.xray.retries',
  table_name: 'aws.table_name',
  queue_url: 'aws.queue_url',
  topic_arn: 'aws.topic_arn',
  bucket_name: 'aws.bucket_name',
  function_name: 'aws.function_name',
  stream_name: 'aws.stream_name',
  resource_names: 'aws.resource_names',
}

function spanAttributes(document: SubsegmentDocument, segment: SegmentDocument, isSegment: boolean): Fields {
  const {request, response} = fieldsOf(document.http)
  const {url, method, user_agent: userAgent, client_ip: clientIp} = fieldsOf(request)
  const aws = fieldsOf(document.aws)
  const annotations = fieldsOf(document.annotations)
  const named = Object.entries(awsAttributes).map(([field, attribute]) => [attribute, aws[field]])
  const metadata = Object.entries(fieldsOf(document.metadata)).map(([space, value]) => [
    `aws.xray.metadata.${space}`,
    JSON.stringify(value),
  ])
  return defined({
    ...annotations,
    'aws.local.service': segment.name,
    'aws.span.kind': isSegment ? 'LOCAL_ROOT' : undefined,
    'aws.xray.inprogress': isComplete(document) ? undefined : true,
    'aws.xray.fault': document.fault,
    'aws.xray.error': document.error,
    'aws.xray.throttle': document.throttle,
    'aws.xray.resource_arn': isSegment ? segment.resource_arn : undefined,
    'aws.xray.annotation_keys': Object.keys(annotations).length > 0 ? Object.keys(annotations) : undefined,
    'rpc.system': document.namespace === 'aws' ? 'aws-api' : undefined,
    'rpc.service': document.namespace === 'aws' ? document.name : undefined,
    ...remoteAttributes(document),
    'http.request.method': method,
    'url.full': url,
    'user_agent.original': userAgent,
    'client.address': clientIp,
    'http.response.status_code': fieldsOf(response)['status'],
    'enduser.id': isSegment ? segment.user : undefined,
    ...Object.fromEntries([...named, ...metadata]),
  })
}

/** What was called, as Application Signals names it: `AWS::DynamoDB`, and the type of the resource where there is one. */
function remoteAttributes(document: SubsegmentDocument): Fields {
  const type = document.namespace === 'aws' ? calledType(document) : undefined
  if (type === undefined) return {}
  const [, service, resource] = type.split('::')
  return {'aws.remote.service': `AWS::${service}`, ...(resource !== undefined && {'aws.remote.resource.type': type})}
}

function exceptionEvents({cause}: SubsegmentDocument, at: number) {
  return listOf(fieldsOf(cause)['exceptions']).map(exception => {
    const {type, message, stack} = fieldsOf(exception)
    const frames = listOf(stack).map(frame => {
      const {path, line, label} = fieldsOf(frame)
      return `    at ${label} (${path}:${line})`
    })
    return {
      name: 'exception',
      timeUnixNano: at,
      attributes: defined({
        'exception.type': type,
        'exception.message': message,
        'exception.stacktrace': frames.length > 0 ? [`${type}: ${message}`, ...frames].join('\n') : undefined,
      }),
    }
  })
}

function linksOf({links}: SubsegmentDocument) {
  return listOf(links).map(link => {
    const {trace_id: traceId, id, attributes} = fieldsOf(link)
    return defined({
      traceId: otelTraceId(textOf(traceId) ?? ''),
      spanId: textOf(id),
      attributes: fieldsOf(attributes),
    })
  })
}

const defined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
