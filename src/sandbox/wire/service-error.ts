import type {Service} from './service.ts'

/** An answer that is an error, in AWS's own name and words. */
export class ServiceError extends Error {
  override readonly name: string
  /** HTTP status; without one the service's model decides */
  readonly status: number | undefined
  /** further members of the error's shape, such as Lambda's `Type` and `Reason` */
  readonly members: Readonly<Record<string, unknown>>

  constructor(
    name: string,
    message: string,
    options: {status?: number; members?: Readonly<Record<string, unknown>>} = {},
  ) {
    super(message)
    this.name = name
    this.status = options.status
    this.members = options.members ?? {}
  }
}

export type ErrorShape = {
  readonly status: number
  /** who is at fault, as query XML and `x-amzn-query-error` say it */
  readonly fault: 'Sender' | 'Receiver'
  /** the name older query clients know, e.g. `InvalidParameterValue` for InvalidParameterValueException */
  readonly queryCode: string
  /** members bound to a header, as Lambda's Retry-After */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

// Errors outside the models that the query protocol shortens all the same.
const queryCodes: Readonly<Record<string, string>> = {
  ValidationException: 'ValidationError',
  ThrottlingException: 'Throttling',
  AccessDeniedException: 'AccessDenied',
  UnknownOperationException: 'InvalidAction',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  ServiceUnavailableException: 'ServiceUnavailable',
}

/** Status, headers and members of an error as the service's model shapes them; unmodelled errors are 400 with a `message`. */
export function shapeError(service: Pick<Service, 'errors'>, error: ServiceError): ErrorShape {
  const schema = service.errors.get(error.name)
  const traits = schema?.getMergedTraits()
  const query = traits?.awsQueryError as readonly [string, number] | undefined
  const status =
    error.status ?? query?.[1] ?? (traits?.httpError as number | undefined) ?? (traits?.error === 'server' ? 500 : 400)
  const headers: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  const members = new Map(schema?.structIterator() ?? [])
  for (const [name, value] of Object.entries(error.members)) {
    const header = members.get(name)?.getMergedTraits().httpHeader
    if (header === undefined) body[name] = value
    else headers[header.toLowerCase()] = String(value)
  }
  // Half of the models call it Message: Lambda's ResourceNotFoundException does, its InvalidParameterValueException does not.
  body[members.has('Message') ? 'Message' : 'message'] = error.message
  return {
    status,
    fault: status >= 500 ? 'Receiver' : 'Sender',
    queryCode: query?.[0] ?? queryCodes[error.name] ?? error.name,
    headers,
    body,
  }
}
