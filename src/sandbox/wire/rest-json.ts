import {FromStringShapeDeserializer, ToStringShapeSerializer} from '@smithy/core/protocols'
import type {NormalizedSchema} from '@smithy/core/schema'
import {parseJson, serializationError, stringifyJson} from './json-shapes.ts'
import type {HttpBinding, Operation, Protocol, WireRequest} from './service.ts'
import {shapeError} from './service-error.ts'

// 7 is epoch seconds, the default of JSON protocols.
const bindingSettings = {timestampFormat: {useTrait: true, default: 7}, httpBindings: true} as const

/** REST-JSON: an operation is a method and a path; members travel in labels, query, headers, a raw payload or a JSON body. */
export function restJson(): Protocol {
  return {
    accepts: () => true,
    route: (service, request) => {
      const candidates = [...service.operations.values()].filter(
        operation => operation.http && matches(operation.http, request),
      )
      // The path with fewer labels, then the one with literal query parameters, is the more exact one.
      candidates.sort((a, b) => exactness(b.http) - exactness(a.http))
      return candidates[0]?.name
    },
    readInput,
    writeOutput: (operation, output, requestId) => {
      const bound = writeBindings(operation, output as Readonly<Record<string, unknown>>)
      return {...bound, headers: {'content-type': 'application/json', 'x-amzn-requestid': requestId, ...bound.headers}}
    },
    writeError: (service, error, requestId) => {
      const shape = shapeError(service, error)
      return {
        status: shape.status,
        headers: {
          ...shape.headers,
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': error.name,
        },
        body: JSON.stringify(shape.body),
      }
    },
  }
}

function matches(http: HttpBinding, request: WireRequest): boolean {
  return (
    http.method === request.method &&
    http.path.test(request.url.pathname) &&
    http.query.every(([name, value]) => request.url.searchParams.get(name) === value)
  )
}

const exactness = (http: HttpBinding | undefined) => (http ? http.query.length - 10 * http.labels.length : 0)

function readInput(operation: Operation, request: WireRequest): Record<string, unknown> {
  const {http, input: schema} = operation
  if (!http || !schema.isStructSchema()) return {}
  const members = [...schema.structIterator()]
  const input = members.some(([, member]) => isInBody(member)) ? parseJson(schema, request.body) : {}
  const labels = http.path.exec(request.url.pathname) ?? []
  for (const [name, member] of members) {
    const traits = member.getMergedTraits()
    const value = traits.httpLabel
      ? fromText(member, decodeLabel(labels[http.labels.indexOf(name) + 1] ?? ''))
      : traits.httpQuery
        ? fromQuery(member, request.url.searchParams.getAll(traits.httpQuery))
        : traits.httpHeader
          ? fromHeader(member, request.headers[traits.httpHeader.toLowerCase()])
          : traits.httpPayload
            ? fromPayload(member, request.body)
            : input[name]
    if (value === undefined) delete input[name]
    else input[name] = value
  }
  return input
}

function writeBindings(operation: Operation, output: Readonly<Record<string, unknown>>) {
  const headers: Record<string, string> = {}
  const inBody: Record<string, unknown> = {}
  let status = operation.http?.status ?? 200
  let payload: string | Uint8Array | undefined
  for (const [name, member] of operation.output.structIterator()) {
    const {httpHeader, httpResponseCode, httpPayload} = member.getMergedTraits()
    const value = output[name]
    if (httpPayload) payload = toPayload(member, value)
    else if (value === undefined || value === null) continue
    else if (httpHeader) headers[httpHeader.toLowerCase()] = toText(member, value)
    else if (httpResponseCode) status = Number(value)
    else inBody[name] = value
  }
  const body =
    payload ?? (operation.output.isUnitSchema() || status === 204 ? '' : stringifyJson(operation.output, inBody))
  return {status, headers, body}
}

function isInBody(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits()
  return !(
    traits.httpLabel ||
    traits.httpQuery ||
    traits.httpHeader ||
    traits.httpPayload ||
    traits.httpQueryParams ||
    traits.httpPrefixHeaders
  )
}

function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch {
    throw serializationError('The request path is not valid percent-encoding')
  }
}

const fromText = (member: NormalizedSchema, text: string): unknown =>
  new FromStringShapeDeserializer(bindingSettings).read(member, text)

function fromQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  if (values.length === 0) return undefined
  if (member.isListSchema()) return values.map(value => fromText(member.getValueSchema(), value))
  return fromText(member, values[0] ?? '')
}

const fromHeader = (member: NormalizedSchema, value: string | string[] | undefined) =>
  value === undefined ? undefined : fromText(member, String(value))

function fromPayload(member: NormalizedSchema, body: Buffer): unknown {
  if (member.isStructSchema()) return parseJson(member, body)
  return member.isStringSchema() ? body.toString() : body
}

function toText(member: NormalizedSchema, value: unknown): string {
  const serializer = new ToStringShapeSerializer(bindingSettings)
  serializer.write(member, value)
  return serializer.flush()
}

function toPayload(member: NormalizedSchema, value: unknown): string | Uint8Array {
  if (value === undefined || value === null) return ''
  if (member.isStructSchema()) return stringifyJson(member, value)
  return value instanceof Uint8Array ? value : String(value)
}
