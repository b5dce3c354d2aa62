// What `slsops map` answers. Types only, and what follows from them.
import type {Coverage} from '../coverage.ts'

/** `failing` is red, `straining` yellow. */
export type Health = 'failing' | 'straining' | 'ok'

/** What is counted of calls, as far as X-Ray has traces of them: of the requests that were sampled, not of all. */
export type CallCounts = {
  readonly calls: number
  /** time that they were counted over, in ms: less than the window where part of it could not be read, or is gone */
  readonly overMs: number
  /** answered with 4xx, those that were throttled among them */
  readonly errors: number
  /** answered with 429 */
  readonly throttles: number
  /** answered with 5xx */
  readonly faults: number
  /** of the times to answer; null where AWS gives none */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
}

/** What became of calls. */
export type CallStats = CallCounts & {
  /** how it goes with them by all that is counted */
  readonly health: Health
  /** by faults alone */
  readonly faultHealth: Health
  /** by errors and throttles alone: straining at most */
  readonly errorHealth: Health
}

export type MapService = {
  /** `region/account/type/name`, the same in every answer */
  readonly id: string
  /** as AWS has it: a function, a table, a host */
  readonly name: string
  /** as people say it: of a queue's URL its name */
  readonly shownName: string
  /** as `AWS::DynamoDB::Table`, `remote`, `client`; null where AWS does not say */
  readonly type: string | null
  /** null where it is no function, or AWS does not say which */
  readonly functionName: string | null
  readonly account: string | null
  readonly region: string
  /** what sends requests from outside of what is traced */
  readonly isClient: boolean
  /** requests enter here */
  readonly isRoot: boolean
  /** null where AWS counts nothing, as of a client */
  readonly stats: CallStats | null
}

export type MapEdge = {
  /** ids of services */
  readonly from: string
  readonly to: string
  /** what is sent is received later, as from a queue */
  readonly isAsync: boolean
  /** as who calls sees it; null where AWS counts nothing */
  readonly stats: CallStats | null
  /** how old events were when they were received; null where the edge is not asynchronous */
  readonly ageP50Ms: number | null
  readonly ageP95Ms: number | null
}

/** A service in which failures begin: it fails, and it saw no call fail, of those it waits for, of a service that fails. */
export type Failure = {
  readonly service: MapService
  /** its own where these show it failing, else what the caller with the most faults saw */
  readonly stats: CallStats | null
  /** services that saw calls fail on the way to it and have faults themselves, be they few; the nearest first */
  readonly feltBy: readonly MapService[]
}

export type ServiceMap = {
  readonly coverage: Coverage
  /** by region, then by calls, the most first */
  readonly services: readonly MapService[]
  readonly edges: readonly MapEdge[]
  /** ids of those that fail or strain, by what they or their callers count, and of those on the ways to them */
  readonly unhealthy: ReadonlySet<string>
  /** those that begin in what is shown, as the whole map tells; those with the most faults first */
  readonly failures: readonly Failure[]
  /** what else to know of the answer, a sentence each */
  readonly notes: readonly string[]
}

/** Some services and calls, of a map or all of it. */
export type MapPart = Pick<ServiceMap, 'services' | 'edges'>

/** shares of calls from which on something is said of them */
const failingFaults = 0.01
const strainingFaults = 0.001
const strainingThrottles = 0.001
// some 4xx are everyday: what is not found, who is not signed in
const strainingErrors = 0.05

/** How it goes with calls: failing from one fault in a hundred on; straining by throttles, some faults or many errors. */
export function healthOf({
  calls,
  faults,
  throttles,
  errors,
}: Pick<CallCounts, 'calls' | 'faults' | 'throttles' | 'errors'>): Health {
  if (calls === 0) return 'ok'
  if (faults / calls >= failingFaults) return 'failing'
  const isStraining =
    faults / calls >= strainingFaults || throttles / calls >= strainingThrottles || errors / calls >= strainingErrors
  return isStraining ? 'straining' : 'ok'
}

/** What was counted, and how it goes with the calls by that. */
export function withHealth(counts: CallCounts): CallStats {
  return {
    ...counts,
    health: healthOf(counts),
    faultHealth: healthOf({...counts, errors: 0, throttles: 0}),
    errorHealth: healthOf({...counts, faults: 0}),
  }
}

const lambdaService = 'AWS::Lambda'
const lambdaFunction = 'AWS::Lambda::Function'

/** The name of the function that a service is; null where it is none. A call of a function without tracing is only known as `Lambda`. */
export function functionNameOf({name, type}: Pick<MapService, 'name' | 'type'>): string | null {
  if (type === lambdaFunction) return name
  return type === lambdaService && name !== 'Lambda' ? name : null
}
