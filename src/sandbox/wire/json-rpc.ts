import {eventStreamFrames, eventStreamType} from './event-stream.ts'
import {parseJson, stringifyJson} from './json-shapes.ts'
import type {Protocol, WireResponse} from './service.ts'
import {shapeError} from './service-error.ts'

/**
 * AWS JSON 1.0 and 1.1: every operation is `POST /`, named by the header `x-amz-target: <target>.<Operation>`.
 * @param target the service's prefix in that header, e.g. `Logs_20140328`
 */
export function jsonRpc(version: '1.0' | '1.1', target: string): Protocol {
  const contentType = `application/x-amz-json-${version}`
  return {
    accepts: request => request.headers['x-amz-target'] !== undefined,
    route: (_service, request) => {
      const [prefix, name] = String(request.headers['x-amz-target']).split('.')
      return prefix === target ? name : undefined
    },
    readInput: (operation, request) => parseJson(operation.input, request.body),
    writeOutput({output: schema}, output, requestId) {
      const ok = (type: string, body: WireResponse['body']) => ({
        status: 200,
        headers: {'content-type': type, 'x-amzn-requestid': requestId},
        body,
      })
      if (schema.isUnitSchema()) return ok(contentType, '{}')
      const stream = schema.getEventStreamMember()
      if (stream === '') return ok(contentType, stringifyJson(schema, output))
      const {[stream]: events} = output as Readonly<Record<string, AsyncIterable<Readonly<Record<string, unknown>>>>>
      if (!events) throw new Error(`no events for ${stream}`)
      return ok(eventStreamType, eventStreamFrames(schema.getMemberSchema(stream), events, contentType))
    },
    writeError: (service, error, requestId) => {
      const shape = shapeError(service, error)
      return {
        status: shape.status,
        headers: {
          ...shape.headers,
          'content-type': contentType,
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': error.name,
          // Clients that once spoke query (CloudWatch's) take `Code` and `Type` of their errors from here.
          'x-amzn-query-error': `${shape.queryCode};${shape.fault}`,
        },
        body: JSON.stringify({__type: error.name, ...shape.body}),
      }
    },
  }
}
