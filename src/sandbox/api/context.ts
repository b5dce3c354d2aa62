import type {World} from '../world/world.ts'
import type {CustomMetrics} from './cloudwatch/custom-metrics.ts'
import type {MetricFault} from './cloudwatch/metric-fault.ts'
import type {Fault} from './faults.ts'
import type {LiveSessions} from './live-sessions.ts'
import type {QueryFault, QueryJobs} from './logs/insights/query-jobs.ts'
import type {LogGroupForm} from './logs/start-live-tail.ts'
import type {RetrievalFault, RetrievalJobs} from './xray/retrieval-jobs.ts'

/** Two habits of paged reads that break naive loops; tests ask for them by fault. */
type PageFault = 'empty' | 'repeated-token'

/** What a handler knows of the call it answers. */
export type Context = {
  /** what the account has in the request's region; nothing in most */
  readonly world: World
  readonly region: string
  /** epoch ms: what the server believes it is, clock skew included */
  readonly now: number
  /** whether pages of logs and traces come short or empty now and then, as AWS's do */
  readonly irregularPages: boolean
  readonly pageFault: PageFault | undefined
  readonly ongoing: Ongoing
  readonly requestId: string
  /** gives the answer another request id: an invocation's is the one that its log has */
  readonly answerAs: (requestId: string) => void
  /** as the client calls this server: `127.0.0.1:4500` */
  readonly host: string
  /** how much memory a function of this account may have, in MB */
  readonly memoryQuotaMB: number
  /** the Logs Insights queries of all regions */
  readonly queries: QueryJobs
  /** how a query that is started now is to go wrong */
  readonly queryFault: QueryFault | undefined
  /** the trace retrievals of all regions */
  readonly retrievals: RetrievalJobs
  /** how a trace retrieval that is started now is to go wrong */
  readonly retrievalFault: RetrievalFault | undefined
  /** whether BatchGetTraces is to say of a trace that it could not be looked up */
  readonly isUnprocessed: (traceId: string) => boolean
  /** the metrics that clients put, of all regions */
  readonly customMetrics: CustomMetrics
  /** how many invocations of clients may run at once on functions without reserved concurrency */
  readonly accountConcurrency: number
  /** how GetMetricData is to go wrong */
  readonly metricFaults: readonly MetricFault[]
  /** of which alarms DescribeAlarms is to say that their evaluation had not all data */
  readonly alarmFaults: readonly Extract<Fault, {readonly kind: 'alarm-partial'}>[]
}

/** What an answer needs to know that goes on after its call. */
export type Ongoing = {
  /** epoch ms at this moment: what the server believes it is */
  readonly clock: () => number
  /** Resolves after so many ms; rejects when the client goes. */
  readonly tick: (ms: number) => Promise<void>
  /** aborts when the client is gone, or has its whole answer */
  readonly signal: AbortSignal
  readonly sessions: LiveSessions
  readonly faults: readonly Fault[]
  readonly logGroupForm: LogGroupForm
}

export function arnOf(service: string, {region, world}: Pick<Context, 'region' | 'world'>, resource: string): string {
  return `arn:aws:${service}:${region}:${world.account}:${resource}`
}
