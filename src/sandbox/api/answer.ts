import {createHash} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import {validationMessage, violations} from '../wire/constraints.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {queryXml, s3Xml} from '../wire/query-xml.ts'
import type {Operation, Protocol, Service, WireRequest, WireResponse} from '../wire/service.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {World} from '../world/world.ts'
import {createCustomMetrics} from './cloudwatch/custom-metrics.ts'
import {isMetricFault} from './cloudwatch/metric-fault.ts'
import type {Context} from './context.ts'
import {type CredentialScope, credentialScope, findService} from './directory.ts'
import {emptyRegion} from './empty-region.ts'
import {createFaults, type Fault} from './faults.ts'
import {codeDownload} from './lambda/code-location.ts'
import {createLiveSessions} from './live-sessions.ts'
import {createQueryJobs, type QueryFault} from './logs/insights/query-jobs.ts'
import {logGroupNameOf, noSuchGroup, noSuchGroupToQuery} from './logs/log-group-names.ts'
import type {LogGroupForm} from './logs/start-live-tail.ts'
import {createQuotas} from './quotas.ts'
import {
  accessDenied,
  expiredCredentials,
  notImplemented,
  serverError,
  skewedClock,
  throttled,
  unknownOperation,
  unknownService,
  webPage,
} from './refusals.ts'
import {createRetrievalJobs, type RetrievalFault} from './xray/retrieval-jobs.ts'

export type AnswerOptions = {
  readonly world: World
  /** the account's other regions in which there is something; all others are empty */
  readonly abroad?: readonly World[]
  /** whether AWS's calls a second are enforced */
  readonly quotas?: boolean
  /** calls a second by operation, instead of the published ones; needs `quotas` */
  readonly rates?: Readonly<Record<string, number>>
  /** ms of a clock that runs, for quotas, Logs Insights queries and trace retrievals; the world's by default */
  readonly clock?: () => number
  readonly faults?: readonly Fault[]
  /** The server's clock is off by so much; with `refuse`, requests signed more than 5 minutes off are refused as AWS does. */
  readonly clockSkew?: {readonly ms: number; readonly refuse?: boolean}
  /** whether pages of logs and traces come short or empty now and then (default true) */
  readonly irregularPages?: boolean
  /** how many Live Tail sessions may run at a time in a region, instead of AWS's 15 */
  readonly liveTailSessions?: number
  /** how Live Tail names the log group of an event (default `account-name`) */
  readonly liveTailGroups?: LogGroupForm
  /** waits for the next update of a Live Tail session, or an invocation's end, instead of a timer; rejects when the signal aborts */
  readonly liveTick?: (ms: number, signal: AbortSignal) => Promise<void>
  /** how many invocations of clients may run at once in the account, instead of the published number */
  readonly accountConcurrency?: number
  /** how many Logs Insights queries may run at once in a region, instead of the published number */
  readonly concurrentQueries?: number
  /** how much memory a function may have, in MB: 3008 in a new account (default 10,240) */
  readonly memoryQuotaMB?: number
  /** makes request ids differ between servers */
  readonly seed?: number
}

/** Answers a request as AWS would; undefined means that the connection is to be cut. */
export type Answer = (request: WireRequest, signal: AbortSignal) => Promise<WireResponse | undefined>

type Call = {
  readonly request: WireRequest
  readonly service: Service<Context>
  readonly operation: Operation<Context>
  readonly protocol: Protocol
  readonly region: string
  readonly requestId: string
}

/** The embedded AWS without its socket: request in, answer out. */
export function createAnswer(options: AnswerOptions): Answer {
  const {world, abroad = [], clockSkew = {ms: 0}} = options
  const worlds = new Map([world, ...abroad].map(each => [each.region, each]))
  const elsewhere = emptyRegion(world, abroad)
  const clock = options.clock ?? (() => world.now())
  const quotas = options.quotas ? createQuotas(clock, options.rates) : undefined
  const {concurrentQueries, seed = 0} = options
  const queries = createQueryJobs({clock, seed, ...(concurrentQueries !== undefined && {concurrentQueries})})
  const customMetrics = createCustomMetrics()
  const retrievals = createRetrievalJobs({clock, seed})
  const faultsOf = createFaults(options.faults ?? [])
  const now = () => world.now() + clockSkew.ms
  const sessions = createLiveSessions(options.liveTailSessions)
  const liveTick = options.liveTick ?? ((ms, signal) => sleep(ms, undefined, {signal}))
  let calls = 0

  // In AWS's order: the network and what stands in front, the signature's time, quota, permission, and only then the request.
  async function perform(call: Call, signal: AbortSignal): Promise<WireResponse | undefined> {
    const {request, service, operation, protocol, region, requestId} = call
    const input = protocol.readInput(operation, request)
    const logGroups = logGroupsOf(input)
    const faults = faultsOf({operation: operation.name, logGroups, region})
    const hit = (kind: Fault['kind']) => faults.find(fault => fault.kind === kind)
    for (const fault of faults) if (fault.kind === 'latency') await sleep(fault.ms, undefined, {signal})
    if (hit('reset')) return undefined
    for (const fault of faults) {
      if (fault.kind === 'html') return proxyPage(fault.status ?? 502)
      if (fault.kind === 'server-error') throw serverError(fault.status ?? 503)
    }
    if (clockSkew.refuse) refuseSkewed(request, now())
    if (hit('expired')) throw expiredCredentials(request)
    for (const fault of faults) if (fault.kind === 'throttle') throw throttled(service, fault)
    if (quotas?.admit(region, service.signingName, operation.name) === false) throw throttled(service)
    if (hit('access-denied')) throw accessDenied(call, world.account, logGroups[0])
    const {handle} = operation
    if (!handle) throw notImplemented(service, operation)
    const found = violations(operation.input, operation.constraints, input)
    if (found.length > 0) throw new ServiceError(service.validationError, validationMessage(found), {status: 400})
    const here = worlds.get(region) ?? elsewhere
    if (hit('missing-group'))
      throw operation.name === 'StartQuery'
        ? noSuchGroupToQuery(logGroups[0] ?? '', {world: here, requestId})
        : noSuchGroup()
    let answeredAs = requestId
    const context: Context = {
      world: here,
      region,
      now: now(),
      irregularPages: options.irregularPages ?? true,
      pageFault: hit('repeated-token') ? 'repeated-token' : hit('empty-page') ? 'empty' : undefined,
      ongoing: {
        clock: now,
        tick: ms => liveTick(ms, signal),
        signal,
        sessions,
        faults,
        logGroupForm: options.liveTailGroups ?? 'account-name',
      },
      requestId,
      answerAs: id => {
        answeredAs = id
      },
      host: String(request.headers.host ?? '127.0.0.1'),
      memoryQuotaMB: options.memoryQuotaMB ?? 10_240,
      queries,
      queryFault: faults.find(isQueryFault),
      retrievals,
      retrievalFault: faults.find(isRetrievalFault),
      isUnprocessed: id =>
        faults.some(fault => fault.kind === 'unprocessed-traces' && (fault.traceIds?.includes(id) ?? true)),
      customMetrics,
      accountConcurrency: options.accountConcurrency ?? publishedConcurrency,
      metricFaults: faults.filter(isMetricFault),
      alarmFaults: faults.filter(fault => fault.kind === 'alarm-partial'),
    }
    const answered = () => handle(input as never, context)
    // what a write has checked, as a RevisionId, is still so when it is written down
    const output = await (isWrite.test(operation.name) ? context.world.alone(answered) : answered())
    return hit('lost-answer') ? undefined : protocol.writeOutput(operation, output, answeredAs)
  }

  return async (request, signal) => {
    const requestId = requestIdOf(seed, ++calls)
    const dated = (response: WireResponse) => ({
      ...response,
      headers: {date: new Date(now()).toUTCString(), ...response.headers},
    })
    const scope = credentialScope(request)
    const refuse = (error: ServiceError) =>
      dated(protocolOfNoService(request, scope).writeError(noModel, error, requestId))
    const notForPages = webPage(request)
    if (notForPages) return refuse(notForPages)
    const download = codeDownload(request, now(), region => worlds.get(region))
    if (download) return dated(download)
    const service = await findService(request, scope)
    if (!service) return refuse(unknownService(request, scope))
    const protocol = service.protocols.find(({accepts}) => accepts(request))
    if (!protocol) return refuse(unknownOperation(request, undefined))
    const name = protocol.route(service, request)
    const operation = name === undefined ? undefined : service.operations.get(name)
    if (!operation) return dated(protocol.writeError(service, unknownOperation(request, name), requestId))
    try {
      const response = await perform(
        {request, service, operation, protocol, region: scope?.region ?? world.region, requestId},
        signal,
      )
      return response && dated(response)
    } catch (error) {
      const known =
        error instanceof ServiceError
          ? error
          : new ServiceError('InternalFailure', `The embedded AWS failed: ${error}`, {status: 500})
      return dated(protocol.writeError(service, known, requestId))
    }
  }
}

const publishedConcurrency = 1000

/** Operations that change what the state keeps. */
const isWrite = /^(Create|Update|Publish|Delete|Put|Set|StopDeployment|Tag|Untag)/

const noModel = {errors: new Map()}

/** What belongs to no service and protocol is refused in the protocol it seems to speak. */
function protocolOfNoService(request: WireRequest, scope: CredentialScope | undefined): Pick<Protocol, 'writeError'> {
  const query = queryXml('https://aws.amazon.com/')
  if (query.accepts(request) || /^(route53|cloudfront)$/.test(scope?.service ?? '')) return query
  return isOfS3(request, scope) ? s3Xml : jsonRpc('1.1', '')
}

/** Unsigned, a path of nobody's may be the name of a bucket. */
function isOfS3({method, headers}: WireRequest, scope: CredentialScope | undefined): boolean {
  return scope ? scope.service === 's3' : method !== 'POST' && headers['x-amz-target'] === undefined
}

const isQueryFault = (fault: Fault): fault is Fault & QueryFault => fault.kind.startsWith('query-')

const isRetrievalFault = (fault: Fault): fault is Fault & RetrievalFault => fault.kind.startsWith('retrieval-')

/** The names of the log groups a request speaks of. */
function logGroupsOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  return ['logGroupName', 'logGroupIdentifier', 'logGroupNames', 'logGroupIdentifiers']
    .flatMap(member => input[member])
    .filter(identifier => typeof identifier === 'string')
    .map(logGroupNameOf)
}

const toleranceMs = 5 * 60_000

function refuseSkewed(request: WireRequest, serverTime: number): void {
  const sent = String(request.headers['x-amz-date'] ?? '')
  const signedAt = Date.parse(sent.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Math.abs(signedAt - serverTime) > toleranceMs) throw skewedClock(signedAt, serverTime)
}

function proxyPage(status: number): WireResponse {
  const body =
    '<!DOCTYPE html>\n<html><head><title>Blocked</title></head><body><h1>The proxy refused this request.</h1></body></html>\n'
  return {status, headers: {'content-type': 'text/html; charset=utf-8'}, body}
}

/** In the form of a UUID; the same for the same seed and count, so that a recorded run can be compared. */
function requestIdOf(seed: number, count: number): string {
  const hex = createHash('sha256').update(`${seed}/${count}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
