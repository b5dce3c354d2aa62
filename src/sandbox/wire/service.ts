import type {IncomingHttpHeaders} from 'node:http'
import type {NormalizedSchema} from '@smithy/core/schema'
import type {Constraints} from './constraints.ts'
import type {ServiceError} from './service-error.ts'

export type WireRequest = {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type WireResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A whole body, or one that comes piece by piece; if such a one throws, the connection is cut. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>
}

/** Where a REST operation lives: `GET /2015-03-31/functions/{FunctionName}?List=ALL`. */
export type HttpBinding = {
  readonly method: string
  readonly path: RegExp
  /** names of the path's labels, in the order of the expression's groups */
  readonly labels: readonly string[]
  /** literal query parameters that tell two operations of one path apart */
  readonly query: readonly (readonly [string, string])[]
  readonly status: number
}

/** One operation of an AWS service; without `handle` the embedded AWS knows it and does not implement it. */
export type Operation<in Context = never> = {
  readonly name: string
  readonly http: HttpBinding | undefined
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
  readonly constraints: Constraints
  readonly handle: ((input: never, context: Context) => object | Promise<object>) | undefined
}

/** How a service words what every service has to say, each in its own name. */
export type ServiceNames = {
  /** the service in a SigV4 credential scope: `logs`, `monitoring`, … */
  readonly signingName: string
  /** the service in an IAM action: `cloudwatch` of `cloudwatch:DescribeAlarms` */
  readonly iamPrefix: string
  /** the error of a request that breaks a constraint of the model */
  readonly validationError: string
  /** the error of a request above the quota */
  readonly throttleError: string
}

export type Service<Context = never> = ServiceNames & {
  /** the protocols it speaks; the first that accepts a request reads and answers it */
  readonly protocols: readonly Protocol[]
  readonly operations: ReadonlyMap<string, Operation<Context>>
  /** modelled errors by name: their status and members */
  readonly errors: ReadonlyMap<string, NormalizedSchema>
}

/** One of the wire protocols of AWS: how an operation is named, its input read, its output and errors written. */
export type Protocol = {
  readonly accepts: (request: WireRequest) => boolean
  /** The operation's name; undefined when the request names none of the service's operations. */
  readonly route: (service: Service, request: WireRequest) => string | undefined
  /** @throws ServiceError SerializationException when the body cannot be read as the operation's input */
  readonly readInput: (operation: Operation, request: WireRequest) => Record<string, unknown>
  readonly writeOutput: (operation: Operation, output: object, requestId: string) => WireResponse
  readonly writeError: (service: Pick<Service, 'errors'>, error: ServiceError, requestId: string) => WireResponse
}
