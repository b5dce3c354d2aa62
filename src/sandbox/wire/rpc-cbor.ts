import {CborCodec} from '@smithy/core/cbor'
import {serializationError} from './json-shapes.ts'
import type {Protocol} from './service.ts'
import {shapeError} from './service-error.ts'

/** Smithy RPC v2 CBOR, which AWS CLIs since 2025 speak to CloudWatch: `POST /service/<target>/operation/<Operation>`. */
export function rpcCbor(target: string): Protocol {
  const codec = new CborCodec()
  const path = new RegExp(`^/service/${target}/operation/(\\w+)$`)
  return {
    accepts: request => request.headers['smithy-protocol'] === 'rpc-v2-cbor',
    route: (_service, request) => path.exec(request.url.pathname)?.[1],
    readInput: (operation, request) => {
      if (request.body.length === 0 || !operation.input.isStructSchema()) return {}
      try {
        return codec.createDeserializer().read(operation.input, request.body)
      } catch {
        throw serializationError('Unable to parse the request body as CBOR')
      }
    },
    writeOutput: (operation, output, requestId) => {
      const serializer = codec.createSerializer()
      serializer.write(operation.output, output)
      return cborResponse(200, serializer.flush(), requestId)
    },
    writeError: (service, error, requestId) => {
      const shape = shapeError(service, error)
      const serializer = codec.createSerializer()
      // 15 is a document: CBOR without a schema.
      serializer.write(15, {__type: error.name, ...shape.body})
      return cborResponse(shape.status, serializer.flush(), requestId, {
        ...shape.headers,
        'x-amzn-query-error': `${shape.queryCode};${shape.fault}`,
      })
    },
  }
}

const cborResponse = (
  status: number,
  body: Uint8Array,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
) => ({
  status,
  headers: {
    ...headers,
    'content-type': 'application/cbor',
    'smithy-protocol': 'rpc-v2-cbor',
    'x-amzn-requestid': requestId,
  },
  body,
})
