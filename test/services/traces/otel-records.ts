import {w3cTraceId} from '../../../src/services/logs/trace-id.ts'
import {type Fields, fieldsOf, isFields, listOf} from '../../../src/services/traces/document-fields.ts'
import type {TestDocument, TestTrace} from './documents.ts'

const suffixes: Readonly<Record<string, string>> = {
  'AWS::Lambda': 'LambdaService',
  'AWS::Lambda::Function': 'LambdaExecutionEnvironment',
}

/** Digits, since a number would lose some. */
const nanos = (seconds: unknown): string => `${BigInt(Math.round(Number(seconds) * 1e6)) * 1000n}`

/** The records that the log group aws/spans has of a trace: one for each segment and subsegment, none for what is inferred. */
export function recordsOf({id, documents}: TestTrace): readonly Fields[] {
  return documents.filter(({inferred}) => inferred !== true).flatMap(document => recordsFrom(document, id, document))
}

function recordsFrom(fields: TestDocument, traceId: string, segment: TestDocument, parent?: unknown): Fields[] {
  const {id, name, start_time, end_time, cause, namespace, annotations, links, subsegments, fault, error} = fields
  const isSegment = fields === segment
  const suffix = suffixes[String(segment['origin'])]
  const record = {
    traceId: w3cTraceId(traceId),
    spanId: id,
    parentSpanId: parent ?? fields['parent_id'],
    name: isSegment && suffix ? `${name}/${suffix}` : '',
    kind: isSegment ? 'SERVER' : namespace === undefined ? 'INTERNAL' : 'CLIENT',
    startTimeUnixNano: nanos(start_time),
    endTimeUnixNano: end_time === undefined ? null : nanos(end_time),
    status: {code: fault || error ? 'ERROR' : 'UNSET'},
    resource: {attributes: isSegment ? resourceOf(segment) : {}},
    attributes: {
      ...attributesOf(fields),
      ...(end_time === undefined && {'aws.xray.inprogress': true}),
      ...(isFields(annotations) && {...annotations, 'aws.xray.annotation_keys': Object.keys(annotations)}),
    },
    links: listOf(links).map(linkFrom),
    _aws: {xray: {type: isSegment ? 'segment' : 'subsegment', name, namespace, cause, origin: fields['origin']}},
  }
  // as it is when it was JSON
  const plain = JSON.parse(JSON.stringify(record)) as Fields
  return [plain, ...listOf(subsegments).flatMap(below => recordsFrom(below as TestDocument, traceId, segment, id))]
}

const resourceOf = ({aws, resource_arn}: TestDocument): Fields => ({
  'cloud.resource_id': fieldsOf(aws)['function_arn'] ?? resource_arn,
  'cloud.account.id': fieldsOf(aws)['account_id'],
  'aws.log.group.names': listOf(fieldsOf(aws)['cloudwatch_logs']).map(log => fieldsOf(log)['log_group']),
})

function attributesOf({http, aws: told, fault, error, throttle, user, resource_arn}: TestDocument): Fields {
  const {request, response} = fieldsOf(http)
  const aws = fieldsOf(told)
  return {
    'aws.xray.fault': fault,
    'aws.xray.error': error,
    'aws.xray.throttle': throttle,
    'aws.xray.resource_arn': resource_arn,
    'aws.operation': aws['operation'],
    'aws.request_id': aws['request_id'],
    'aws.region': aws['region'],
    'aws.xray.retries': aws['retries'],
    'aws.table_name': aws['table_name'],
    'aws.topic_arn': aws['topic_arn'],
    'aws.function_name': aws['function_name'],
    'aws.resource_names': aws['resource_names'],
    'aws.function_arn': aws['function_arn'],
    'http.method': fieldsOf(request)['method'],
    'http.url': fieldsOf(request)['url'],
    'http.user_agent': fieldsOf(request)['user_agent'],
    'http.client_ip': fieldsOf(request)['client_ip'],
    'http.status_code': fieldsOf(response)['status'],
    'enduser.id': user,
  }
}

function linkFrom(link: unknown): Fields {
  const {trace_id, id, attributes} = fieldsOf(link)
  const {'aws.xray.reserved.reference_type': reference_type, ...others} = fieldsOf(attributes)
  return {traceId: w3cTraceId(String(trace_id)), spanId: id, attributes: others, _aws: {xray: {reference_type}}}
}
