import {textOf} from './document-fields.ts'
import {firstNumberOf, firstTextOf, type OtelRecord} from './otel-record.ts'
import {toldHttp} from './parse-document.ts'
import type {SpanHttp} from './span.ts'

/** What a span is of, in X-Ray's words. */
type OtelCall = {
  /** it is work that something was called for, not a call of something else */
  readonly isEntry: boolean
  readonly name: string
  readonly origin: string | null
  readonly namespace: string | null
  readonly operation: string | null
  readonly resource: string | null
  readonly http: SpanHttp | null
}

/** What X-Ray adds to the names of the segments that Lambda writes, by what they are. */
const lambdaOrigins: Readonly<Record<string, string>> = {
  LambdaService: 'AWS::Lambda',
  LambdaExecutionEnvironment: 'AWS::Lambda::Function',
}

const lambdaParts: ReadonlySet<string> = new Set(['Initialization', 'Restore', 'Invocation', 'Overhead'])

/** cloud.platform by what X-Ray calls it; a function's handler has none, since Lambda writes a segment of its own around it */
const origins: ReadonlyMap<string, string> = new Map([
  ['aws_app_runner', 'AWS::AppRunner::Service'],
  ['aws_apprunner', 'AWS::AppRunner::Service'],
  ['aws_ec2', 'AWS::EC2::Instance'],
  ['aws_ecs', 'AWS::ECS::Container'],
  ['aws_eks', 'AWS::EKS::Container'],
  ['aws_elastic_beanstalk', 'AWS::ElasticBeanstalk::Environment'],
])

/** Names a span, and tells what it called, as X-Ray does where it makes a segment of it. */
export function otelCall(record: OtelRecord): OtelCall {
  const {fields, attributes, resource, xray} = record
  const segment = segmentIn(record)
  const kind = spanKind(fields['kind'])
  const isCall = kind === 'CLIENT' || kind === 'PRODUCER'
  const isEntry =
    segment.isWhole ||
    (!isCall && (kind === 'SERVER' || kind === 'CONSUMER' || attributes['aws.span.kind'] === 'LOCAL_ROOT'))
  const system = firstTextOf(attributes, 'rpc.system', 'rpc.system.name') ?? ''
  const isAws = /^aws[-_]api$/.test(system) || 'aws.service' in attributes
  const isMadeOfSegment = 'type' in xray
  const platform = isEntry && !isMadeOfSegment ? origins.get(firstTextOf(resource, 'cloud.platform') ?? '') : undefined
  const otherName = isCall || kind === 'CONSUMER' ? calledName(record, isAws) : localName(record, isEntry)
  return {
    isEntry,
    name: segment.name ?? otherName ?? 'unnamed span',
    origin:
      textOf(xray['origin']) ??
      firstTextOf(attributes, 'aws.xray.origin') ??
      segment.origin ??
      platform ??
      (isCall ? calledType(attributes) : null),
    namespace: isMadeOfSegment ? textOf(xray['namespace']) : isAws ? 'aws' : isCall ? 'remote' : null,
    operation: operationOf(record, isAws || xray['namespace'] === 'aws'),
    resource: resourceOf(record),
    http: httpOf(record),
  }
}

type Segment = {
  readonly name: string | null
  readonly origin: string | null
  /** a segment, not a part of one */
  readonly isWhole: boolean
}

/** What a record says of the segment that it was made from: its own name, or one as `checkout-api/LambdaService`. */
function segmentIn({fields, xray}: OtelRecord): Segment {
  const [, before, suffix = ''] = /^(.*)\/(Lambda\w{1,40})$/.exec(textOf(fields['name']) ?? '') ?? []
  const origin = lambdaOrigins[suffix] ?? null
  const name = textOf(xray['name']) ?? (origin === null ? null : textOf(before))
  const isPart = xray['type'] === 'subsegment' || (name !== null && lambdaParts.has(name))
  return {name, origin: isPart ? null : origin, isWhole: xray['type'] === 'segment' || (!isPart && origin !== null)}
}

const numberedKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

const spanKind = (kind: unknown): string =>
  typeof kind === 'number'
    ? (numberedKinds[kind] ?? '')
    : typeof kind === 'string'
      ? kind.replace('SPAN_KIND_', '')
      : ''

function localName({fields, attributes, resource}: OtelRecord, isEntry: boolean): string | null {
  const service = isEntry ? (known(attributes, 'aws.local.service') ?? known(resource, 'service.name')) : null
  return service ?? textOf(fields['name'])
}

function calledName({fields, attributes}: OtelRecord, isAws: boolean): string | null {
  const remote = known(attributes, 'aws.remote.service')?.replace(/^AWS(?:::|\.SDK\.)/, '')
  const service = firstTextOf(attributes, 'rpc.service', 'aws.service') ?? (isAws ? awsName(fields['name'])[0] : null)
  const database = firstTextOf(attributes, 'db.name', 'db.namespace')
  const host = firstTextOf(attributes, 'server.address', 'http.host', 'net.peer.name')
  return (
    remote ??
    firstTextOf(attributes, 'peer.service') ??
    (isAws ? service : null) ??
    (database && host ? `${database}@${host}` : database) ??
    service ??
    host ??
    textOf(fields['name'])
  )
}

/** What X-Ray infers of a call; of what sends segments of its own it infers none. */
function calledType(attributes: OtelRecord['attributes']): string | null {
  const type = firstTextOf(attributes, 'aws.remote.resource.type', 'aws.remote.service') ?? ''
  return /^AWS::(?!Lambda|StepFunctions|ApiGateway)/.test(type) ? type : null
}

/** ADOT calls so what it does not know. */
const known = (attributes: OtelRecord['attributes'], name: string): string | null => {
  const text = firstTextOf(attributes, name)
  return text === null || /^Unknown(Remote)?Service$|^unknown_service/.test(text) ? null : text
}

function operationOf({fields, attributes}: OtelRecord, isAws: boolean): string | null {
  if (!isAws) return null
  const method = firstTextOf(attributes, 'aws.operation', 'rpc.method', 'aws.remote.operation')
  return method === null ? awsName(fields['name'])[1] : (method.split('/').at(-1) ?? null)
}

/** `S3.ListBuckets` */
function awsName(name: unknown): readonly [string | null, string | null] {
  const [, service, operation] = /^([\w ]{1,64})[./](\w{1,128})$/.exec(textOf(name) ?? '') ?? []
  return [service ?? null, operation ?? null]
}

function resourceOf({attributes}: OtelRecord): string | null {
  return firstTextOf(
    attributes,
    'aws.table_name',
    'aws.table.name',
    'aws.dynamodb.table_names',
    'aws.queue_url',
    'aws.queue.url',
    'aws.sqs.queue.url',
    'aws.topic_arn',
    'aws.sns.topic.arn',
    'aws.bucket_name',
    'aws.s3.bucket',
    'aws.function_name',
    'aws.lambda.function.name',
    'aws.stream_name',
    'aws.kinesis.stream_name',
    'aws.resource_names',
    'aws.remote.resource.identifier',
    'messaging.destination.name',
    'db.query.text',
    'db.statement',
  )
}

function httpOf({attributes}: OtelRecord): SpanHttp | null {
  return toldHttp({
    method: firstTextOf(attributes, 'http.request.method', 'http.method'),
    url: firstTextOf(attributes, 'url.full', 'http.url') ?? urlOf(attributes),
    status: firstNumberOf(attributes, 'http.response.status_code', 'http.status_code'),
    userAgent: firstTextOf(attributes, 'user_agent.original', 'http.user_agent'),
    clientIp: firstTextOf(attributes, 'client.address', 'http.client_ip'),
  })
}

/** What a server knows of the URL it was asked for comes in parts. */
function urlOf(attributes: OtelRecord['attributes']): string | null {
  const path = firstTextOf(attributes, 'url.path', 'http.target')
  if (path === null) return null
  const host = firstTextOf(attributes, 'http.host', 'server.address')
  return host === null ? path : `${firstTextOf(attributes, 'url.scheme', 'http.scheme') ?? 'https'}://${host}${path}`
}
