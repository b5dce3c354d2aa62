/** Which calls a fault hits, in the order they come: all when nothing is said. */
type FaultScope = {
  readonly operation?: string
  readonly logGroup?: string
  readonly region?: string
  /** matching calls let through first */
  readonly after?: number
  /** how many calls it hits, from then on every one when absent */
  readonly times?: number
}

/** What can go wrong between a client and AWS. */
export type Fault = FaultScope &
  (
    | {readonly kind: 'latency'; readonly ms: number}
    /** Lambda tells why, as `ConcurrentInvocationLimitExceeded` for Invoke, and when to come again where it is said */
    | {readonly kind: 'throttle'; readonly reason?: string; readonly retryAfterSeconds?: number}
    | {readonly kind: 'server-error'; readonly status?: 500 | 502 | 503}
    /** the connection is cut without an answer */
    | {readonly kind: 'reset'}
    /** what was asked for is done, and then the connection is cut */
    | {readonly kind: 'lost-answer'}
    | {readonly kind: 'access-denied'}
    /** the credentials have come to their end */
    | {readonly kind: 'expired'}
    | {readonly kind: 'missing-group'}
    /** FilterLogEvents answers nothing and the token it was sent */
    | {readonly kind: 'repeated-token'}
    /** FilterLogEvents or GetTraceSummaries answers nothing and a new token */
    | {readonly kind: 'empty-page'}
    /** a query that is started ends Failed, or with Timeout and a part of its results, or takes longer */
    | {readonly kind: 'query-failed'}
    | {readonly kind: 'query-timeout'}
    | {readonly kind: 'query-slow'; readonly ms: number}
    /** BatchGetTraces says of these traces, or all, that they could not be looked up */
    | {readonly kind: 'unprocessed-traces'; readonly traceIds?: readonly string[]}
    /** a trace retrieval that is started ends FAILED or TIMEOUT, or takes longer */
    | {readonly kind: 'retrieval-failed'}
    | {readonly kind: 'retrieval-timeout'}
    | {readonly kind: 'retrieval-slow'; readonly ms: number}
    /** GetMetricData stops in the middle of a series: PartialData with a token, or with `stays` without one */
    | ({readonly kind: 'metric-partial'; readonly stays?: true} & MetricScope)
    /** GetMetricData could not read the metric, or may not */
    | ({readonly kind: 'metric-failed'; readonly status?: 'InternalError' | 'Forbidden'} & MetricScope)
    /**
     * GetMetricData has nothing of a minute until so long after its end; with a share, what started in the first part of it.
     * A share is seen by periods of 60 s only.
     */
    | ({readonly kind: 'metric-late'; readonly ms: number; readonly share?: number} & MetricScope)
    /** DescribeAlarms says of a metric alarm, or of all, that not all of its data could be read: EvaluationState PARTIAL_DATA */
    | {readonly kind: 'alarm-partial'; readonly alarmName?: string}
    /** a proxy answers in HTML */
    | {readonly kind: 'html'; readonly status?: number}
    | LiveTailFault
  )

/** Which queries of GetMetricData a fault is about: all where nothing is said. */
type MetricScope = {readonly functionName?: string; readonly metricName?: string}

/**
 * What can go wrong once a Live Tail session has begun; a fault's scope says which sessions it hits.
 * `updates` are numbered from 1, and all when absent.
 */
type LiveTailFault =
  /** the connection is cut after so many updates */
  | {readonly kind: 'live-cut'; readonly afterUpdates: number}
  /** nothing comes after so many updates, and the connection stays open */
  | {readonly kind: 'live-silence'; readonly afterUpdates: number}
  | {
      readonly kind: 'live-exception'
      readonly exception: 'SessionTimeoutException' | 'SessionStreamingException'
      readonly afterUpdates: number
    }
  /** the updates say that they are sampled, and have at most so many events */
  | {readonly kind: 'live-sampled'; readonly keep: number; readonly updates?: readonly number[]}
  /** the updates come so much later; what is due in the meantime comes behind them at once */
  | {readonly kind: 'live-delay'; readonly ms: number; readonly updates?: readonly number[]}
  /** the updates come twice */
  | {readonly kind: 'live-duplicate'; readonly updates?: readonly number[]}

export type FaultedCall = {
  readonly operation: string
  /** names of the log groups it asks for */
  readonly logGroups: readonly string[]
  readonly region: string
}

/** Counts calls per fault, and says which faults hit each; deterministic for a given order of calls. */
export function createFaults(faults: readonly Fault[]): (call: FaultedCall) => readonly Fault[] {
  const seen = faults.map(() => 0)
  return call =>
    faults.filter((fault, index) => {
      if (!isInScope(fault, call)) return false
      const count = seen[index] ?? 0
      seen[index] = count + 1
      const first = fault.after ?? 0
      return count >= first && count < first + (fault.times ?? Number.POSITIVE_INFINITY)
    })
}

function isInScope(fault: Fault, call: FaultedCall): boolean {
  return (
    (!fault.kind.startsWith('query-') || call.operation === 'StartQuery') &&
    (!fault.kind.startsWith('retrieval-') || call.operation === 'StartTraceRetrieval') &&
    (!fault.kind.startsWith('metric-') || call.operation === 'GetMetricData') &&
    (fault.kind !== 'alarm-partial' || call.operation === 'DescribeAlarms') &&
    (fault.kind !== 'unprocessed-traces' || call.operation === 'BatchGetTraces') &&
    (fault.operation === undefined || fault.operation === call.operation) &&
    (fault.logGroup === undefined || call.logGroups.includes(fault.logGroup)) &&
    (fault.region === undefined || fault.region === call.region)
  )
}
