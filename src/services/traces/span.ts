// What every source of traces is read into before a tree is made of it. Types only.

export type SpanStatus = 'ok' | 'error' | 'throttle' | 'fault'

/** One exception of a span's `cause`; nothing in it is known to be there. */
export type SpanException = {
  readonly id: string | null
  readonly type: string | null
  readonly message: string | null
  /** it was thrown by what was called, not here */
  readonly remote: boolean
  readonly stack: readonly {readonly path: string; readonly line: number | null; readonly label: string | null}[]
}

/** Why a span failed: the exceptions themselves, innermost last, or the id of one that another span of the trace has. */
export type SpanCause = {readonly exceptions: readonly SpanException[]} | {readonly exceptionId: string}

/** A link to a span of another trace, as SQS makes it between who sent a message and who received it. */
export type SpanLink = {
  /** X-Ray form, `1-8-24` */
  readonly traceId: string
  /** the span in that trace; null where only the trace is named */
  readonly spanId: string | null
  /** what the other trace is to this one; null where nobody says */
  readonly reference: 'parent' | 'child' | null
  /** epoch ms at which the message left the queue; null where nobody says */
  readonly dwellEnd: number | null
  /** epoch ms at which the receiver had the event; null where nobody says */
  readonly receivedEnd: number | null
}

export type SpanHttp = {
  readonly method: string | null
  readonly url: string | null
  readonly status: number | null
  readonly userAgent: string | null
  readonly clientIp: string | null
}

/**
 * One unit of work as a source tells of it: an X-Ray segment or subsegment, an OpenTelemetry span, an invocation that
 * only logs know of. Strings are AWS's and untrusted.
 */
export type Span = {
  /** 16 hex digits as a rule; two spans of a trace may claim the same */
  readonly id: string
  /** of the span above, by what the document says or by being nested in it; null for none */
  readonly parentId: string | null
  /** which document it came with; equal for a segment and what is nested in it */
  readonly documentId: string
  /** `segment` for a document of its own, `subsegment` for what is in one or says `type: subsegment`, `span` for OpenTelemetry, `invocation` for what logs tell */
  readonly kind: 'segment' | 'subsegment' | 'span' | 'invocation'
  readonly name: string
  /** the type of resource, as `AWS::Lambda::Function` */
  readonly origin: string | null
  /** `aws` for a call of an AWS API, `remote` for another call downstream */
  readonly namespace: string | null
  /** epoch ms, with fractions */
  readonly start: number
  /** epoch ms; null while it is in progress, or where its end never came */
  readonly end: number | null
  /** X-Ray made it up from the subsegment that is its parent */
  readonly isInferred: boolean
  readonly status: SpanStatus
  /** null where none is given, or an empty one */
  readonly cause: SpanCause | null
  readonly http: SpanHttp | null
  /** of a call of an AWS API: its operation, as `GetItem` */
  readonly operation: string | null
  /** what was called or used: a table's name, a queue's URL, a topic's ARN, a sanitized SQL statement */
  readonly resource: string | null
  readonly resourceArn: string | null
  /** of a Lambda segment the invocation's; of a call of an AWS API that call's */
  readonly requestId: string | null
  /** how often it was tried again by what made the call */
  readonly retries: number
  readonly functionArn: string | null
  /** as the segment names it (`aws.cloudwatch_logs`); null where it does not */
  readonly logGroup: string | null
  /** where it ran, as far as the segment says */
  readonly account: string | null
  readonly region: string | null
  readonly annotations: Readonly<Record<string, string | number | boolean>>
  /** as JSON would have it, at most some kilobytes kept */
  readonly metadata: unknown
  readonly user: string | null
  readonly links: readonly SpanLink[]
}

export type TraceSource = 'xray' | 'transaction-search' | 'logs'

/** The spans of one trace as they were fetched, before they are joined. */
export type FetchedTrace = {
  /** X-Ray form, `1-8-24` */
  readonly id: string
  readonly source: TraceSource
  readonly spans: readonly Span[]
  /** X-Ray kept only part of it */
  readonly isLimitExceeded: boolean
  /** what of the documents could not be read, in words, each thing as often as it was met */
  readonly problems: readonly string[]
}
