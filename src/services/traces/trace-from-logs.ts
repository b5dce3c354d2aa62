import {createHash} from 'node:crypto'
import type {Invocation} from '../logs/invocations.ts'
import {didFail} from '../logs/outcome.ts'
import {causeInLogs} from './cause-in-logs.ts'
import type {FetchedTrace, Span} from './span.ts'

/** A trace made of log lines, and what it is made of by the id of the span that stands for it. */
export type TraceFromLogs = {
  readonly fetched: FetchedTrace
  readonly invocations: ReadonlyMap<string, Invocation>
}

/** clocks of two environments, and START and REPORT themselves, are about so exact */
const toleranceMs = 5

/**
 * The trace that the log lines of executions tell: each is a span, its init or restore one below it, several attempts at one request
 * stand below one span of Lambda's own. Which of them called which no line says: one that ran wholly within another is taken to have
 * been called by it.
 * @param id of the trace, or of the request where it has none
 */
export function traceFromLogs(id: string, invocations: readonly Invocation[]): TraceFromLogs {
  const executions = [...invocations].sort((a, b) => a.start - b.start).map(execution)
  const requests = [...Map.groupBy(executions, ({invocation}) => requestKey(invocation)).values()].map(requestOf)
  const spans = requests.flatMap(request => {
    const callerId = callerOf(request, executions)
    return [
      ...(request.service ? [{...request.service, parentId: callerId}] : []),
      ...request.executions.flatMap((each, i) => spansOf(each, request, i, callerId)),
    ]
  })
  return {
    fetched: {id, source: 'logs', spans, isLimitExceeded: false, problems: []},
    invocations: new Map(executions.map(({span, invocation}) => [span.id, invocation])),
  }
}

type Execution = {
  readonly invocation: Invocation
  readonly start: number
  /** epoch ms; null where no line tells it */
  readonly end: number | null
  readonly span: Span
}

/** One request of one function, and every attempt at it. */
type Request = {
  readonly executions: readonly Execution[]
  readonly start: number
  readonly end: number | null
  /** stands for all of them, where there are several */
  readonly service: Span | null
}

function execution(invocation: Invocation): Execution {
  const {start: firstAt, end: lastAt, report} = invocation
  const isWhole = hasStart(invocation)
  const start = isWhole || !report ? firstAt : Math.min(firstAt, lastAt - report.durationMs)
  const end = report ? Math.max(start, isWhole ? start + report.durationMs : lastAt) : null
  return {invocation, start, end, span: spanOf(invocation, start, end)}
}

const hasStart = ({events}: Invocation): boolean => events.some(({kind}) => kind === 'start')

const requestKey = ({requestId, function: owner, source}: Invocation): string =>
  [source.scope.region, owner?.arn ?? source.logGroup, requestId].join('\n')

function requestOf(executions: readonly Execution[]): Request {
  const [first] = executions as readonly [Execution]
  const last = executions.at(-1) ?? first
  const ends = executions.flatMap(({end}) => end ?? [])
  const end = ends.length < executions.length ? null : Math.max(...ends)
  const id = idOf('service', first.span.id)
  const service = {...last.span, id, origin: 'AWS::Lambda', start: first.start, end, cause: null}
  return {executions, start: first.start, end, service: executions.length < 2 ? null : service}
}

/** The innermost execution of another function that the request ran within. */
function callerOf({executions, start, end}: Request, all: readonly Execution[]): string | null {
  const own = executions[0]?.span.functionArn
  if (end === null) return null
  let innermost: Execution | null = null
  for (const other of all) {
    if (other.end === null || other.span.functionArn === own) continue
    const isWithin = other.start <= start && end <= other.end + toleranceMs && other.end - other.start > end - start
    if (isWithin && (innermost === null || other.start >= innermost.start)) innermost = other
  }
  return innermost?.span.id ?? null
}

function spansOf(each: Execution, {service}: Request, index: number, callerId: string | null): Span[] {
  const {span} = each
  if (service === null) return [{...span, parentId: callerId}, ...phasesOf(each)]
  const attempt: Span = {
    ...span,
    id: idOf('attempt', span.id),
    parentId: service.id,
    kind: 'subsegment',
    name: `Attempt #${index + 1}`,
    origin: null,
    functionArn: null,
    requestId: null,
    cause: null,
  }
  return [attempt, {...span, parentId: attempt.id}, ...phasesOf(each)]
}

function spanOf(invocation: Invocation, start: number, end: number | null): Span {
  const {function: owner, source, requestId, outcome, events, logStream} = invocation
  const failed = didFail(outcome)
  const id = idOf(requestId ?? '', source.logGroup, logStream, String(invocation.start))
  return {
    id,
    parentId: null,
    documentId: id,
    kind: 'invocation',
    name: owner?.name ?? source.logGroup,
    origin: 'AWS::Lambda::Function',
    namespace: null,
    start,
    end,
    isInferred: false,
    status: failed ? 'fault' : 'ok',
    cause: failed ? causeInLogs(events) : null,
    http: null,
    operation: null,
    resource: null,
    resourceArn: owner?.arn ?? null,
    requestId,
    retries: 0,
    functionArn: owner?.arn ?? null,
    logGroup: source.logGroup,
    account: source.scope.account,
    region: source.scope.region,
    annotations: {},
    metadata: null,
    user: null,
    links: [],
  }
}

const isBegin = /^(?:INIT|RESTORE)_START\b|"platform\.(?:init|restore)Start"/

/** What came before START: from the platform's own line of it where there is one, else right before. */
function phasesOf(each: Execution): Span[] {
  const {initDurationMs = 0, restoreDurationMs = 0} = each.invocation.report ?? {}
  return [
    phase(each, 'Initialization', 'init', initDurationMs),
    phase(each, 'Restore', 'restore', restoreDurationMs),
  ].filter(span => span !== null)
}

function phase(each: Execution, name: string, kind: 'init' | 'restore', ms: number): Span | null {
  if (ms <= 0) return null
  const begun = each.invocation.events.findLast(
    event => event.kind === kind && event.timestamp <= each.start && isBegin.test(event.message),
  )
  const start = begun?.timestamp ?? each.start - ms
  return {
    ...each.span,
    id: idOf(kind, each.span.id),
    parentId: each.span.id,
    kind: 'subsegment',
    name,
    origin: null,
    start,
    end: start + ms,
    status: 'ok',
    cause: null,
    requestId: null,
    functionArn: null,
    resourceArn: null,
    logGroup: null,
  }
}

/** As a segment's: 16 hex digits, the same in every run. */
function idOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 16)
}
