// The two segments of an invocation: the Lambda service's, and below it the function's own.
import type {CompanyFunction} from '../company.ts'
import {logGroupOf} from '../control-plane.ts'
import {touchDuration} from '../durations.ts'
import type {PlacedRun} from '../environments.ts'
import type {Run, Touch} from '../history.ts'
import {requestIdOf, segmentIdOf} from '../invocations.ts'
import {functionArn} from '../log-events.ts'
import type {SegmentDocument, SubsegmentDocument} from '../segment-document.ts'
import {callsOf} from './downstream.ts'
import {causeOf} from './exception.ts'
import {linksToSender} from './links.ts'
import {
  closing,
  drawOf,
  factsOf,
  type InvokedBy,
  idOf,
  notesOf,
  type Part,
  placedAt,
  type Request,
  seconds,
} from './request.ts'

type Timing = {
  /** when the Lambda service has the attempt */
  readonly start: number
  /** an init or a restore that is shown with the run */
  readonly init: {readonly start: number; readonly end: number} | null
}

/** How long it takes to fetch the code before an init: more for large packages. */
function downloadMs({codeSizeMB}: CompanyFunction, u: number): number {
  return 24 + 5 * Math.min(codeSizeMB, 60) + 90 * u
}

/** Logs tell when an init ended; where its caller could not have waited for it, Lambda had begun it ahead of the call. */
function timingOf(placed: PlacedRun, definition: CompanyFunction, earliest: number): Timing {
  const {run, environment, first} = placed
  const dispatched = run.at - 1.2 - 4 * drawOf(run, 'dispatch')
  const within = (start: number) => Math.min(Math.max(start, earliest), run.at - 0.4)
  if (!first) return {start: within(dispatched), init: null}
  const end = environment.preparedAt ?? run.at - 0.6
  const init = {start: end - environment.initMs, end}
  if (environment.preparedAt !== null) return {start: within(dispatched), init}
  return {start: within(init.start - downloadMs(definition, drawOf(run, 'download'))), init}
}

/** When the Lambda service has the first run of a trace that nothing traced calls. */
export function startOfInvocation(placed: PlacedRun, definition: CompanyFunction, isAsync: boolean): number {
  const {start} = timingOf(placed, definition, Number.NEGATIVE_INFINITY)
  return isAsync ? start - queuedMs(placed.run) : start
}

/** How long an asynchronous invocation waits inside Lambda, where its caller does not tell. */
const queuedMs = (run: Run) => 18 + 60 * drawOf(run, 'dwell')

type Attempt = {
  readonly placed: PlacedRun
  readonly timing: Timing
  /** what the function's segment is below */
  readonly id: string
  readonly end: number
  readonly failed: boolean
}

/** A run, and where nobody waits for it Lambda's retries. */
function attemptsAt(request: Request, touch: Touch, by: InvokedBy): readonly Attempt[] {
  const found = placedAt(request, touch)
  if (!found) return []
  const {placed, definition} = found
  const {run, durationMs} = placed
  const {outcome = 'ok'} = touch.step
  const attempt = {
    placed,
    timing: timingOf(placed, definition, by.earliest),
    id: idOf(run, by.isAsync ? 'attempt' : 'service'),
    end: run.at + durationMs + 0.3 + 0.3 * drawOf(run, 'answer'),
    failed: outcome !== 'ok',
  }
  const retry = by.isAsync && touch.children.find(({via}) => via === 'retry')
  return retry ? [attempt, ...attemptsAt(request, retry, {...by, earliest: attempt.end})] : [attempt]
}

/** What the Lambda service's segment shows of an asynchronous invocation: how long it waited, and every attempt. */
function attemptSubsegments(request: Request, began: number, attempts: readonly [Attempt, ...Attempt[]]) {
  const [{timing, placed}] = attempts
  const dwell: SubsegmentDocument = {
    id: idOf(placed.run, 'dwell'),
    name: 'Dwell Time',
    start_time: seconds(began),
    ...closing(request, timing.start, {}),
  }
  const tried = attempts.filter(each => each.timing.start <= request.now)
  return [
    dwell,
    ...tried.map(({id, timing: {start}, end, failed}, i): SubsegmentDocument => {
      const known = failed ? {fault: true as const} : {}
      return {id, name: `Attempt #${i + 1}`, start_time: seconds(start), ...closing(request, end, known)}
    }),
  ]
}

/** The segments of an invocation and of what it calls, as far as they have happened. */
export function invocationPart(request: Request, touch: Touch, by: InvokedBy): Part {
  const [first, ...retries] = attemptsAt(request, touch, by)
  const definition = request.find(touch.step.in)
  const at = request.run.requestAt + touch.delayMs
  if (!first || !definition) return {documents: [], start: at, end: at}
  const attempts = [first, ...retries] as const
  const last = retries.at(-1) ?? first
  const {run} = first.placed
  const queuedAt = Number.isFinite(by.earliest) ? by.earliest : first.timing.start - queuedMs(run)
  const start = by.isAsync ? queuedAt : first.timing.start
  if (start > request.now) return {documents: [], start, end: last.end}

  const service: SegmentDocument = {
    trace_id: request.traceId,
    id: idOf(run, 'service'),
    ...(by.parentId !== null && {parent_id: by.parentId}),
    name: definition.name,
    origin: 'AWS::Lambda',
    resource_arn: functionArn(request.where, definition.name, definition.releases ? 'live' : null),
    start_time: seconds(start),
    aws: {request_id: requestIdOf(run)},
    ...closing(request, last.end, {
      http: {response: {status: by.isAsync ? 202 : 200}},
      ...(last.failed && {fault: true as const}),
    }),
    ...linksToSender(request, touch),
    ...(by.isAsync && {subsegments: attemptSubsegments(request, start, attempts)}),
  }
  const functions = attempts.flatMap(attempt => functionPart(request, attempt, definition))
  return {documents: [service, ...functions], start, end: last.end}
}

/** What the runtime does after the handler, when all that it waited for has answered. */
function overheadOf({find}: Request, {run, durationMs}: PlacedRun): number {
  const answered = run.touch.children
    .filter(({via}) => via === 'sync')
    .map(child => {
      const afterMs = child.delayMs - run.touch.delayMs
      return afterMs + touchDuration(run.a, find, child, run.at + afterMs)
    })
  const left = durationMs - Math.max(0, ...answered) - 0.95
  return Math.max(0, Math.min(durationMs * 0.08, 0.4 + 3 * drawOf(run, 'overhead') ** 2, left))
}

/** What the function itself sends, below what invoked it, and what it calls. */
function functionPart(
  request: Request,
  {placed, timing, id: parentId}: Attempt,
  definition: CompanyFunction,
): readonly SegmentDocument[] {
  const {run, durationMs} = placed
  const {where, now} = request
  const skewMs = drawOf(run, 'skew') < 0.004 ? 9 + 30 * drawOf(run, 'skew by') : 0
  const start = run.at
  const end = run.at + durationMs
  if (start + skewMs > now) return []
  const isActive = definition.tracing === 'Active'
  const invocationId = idOf(run, 'Invocation')
  const {outcome = 'ok', story: storyName} = run.touch.step
  const wasStopped = outcome === 'timeout' || outcome === 'oom'
  const overheadMs = wasStopped ? 0 : overheadOf(request, placed)
  const worked = {start, end: end - overheadMs}
  const calls = callsOf(request, {placed, definition, worked, parentId}, invocationPart)
  if (!isActive) return calls.documents

  const story = definition.stories[storyName]
  const facts = factsOf(request, run)
  const failed = outcome === 'ok' ? {} : {fault: true as const}
  const shifted = (ms: number) => ms + skewMs
  const parts: SubsegmentDocument[] = []
  if (timing.init) {
    const name = definition.snapStart ? 'Restore' : 'Initialization'
    parts.push({id: idOf(run, name), name, start_time: seconds(timing.init.start), end_time: seconds(timing.init.end)})
  }
  parts.push({
    id: invocationId,
    name: 'Invocation',
    start_time: seconds(shifted(worked.start)),
    ...closing(request, shifted(worked.end), failed),
    ...notesOf(story, facts),
    ...(calls.subsegments.length > 0 && {subsegments: calls.subsegments}),
  })
  if (overheadMs > 0 && shifted(worked.end) <= now) {
    const overhead = {id: idOf(run, 'Overhead'), name: 'Overhead', start_time: seconds(shifted(worked.end))}
    parts.push({...overhead, ...closing(request, shifted(end), {})})
  }
  const document: SegmentDocument = {
    trace_id: request.traceId,
    id: segmentIdOf(run),
    parent_id: parentId,
    name: definition.name,
    origin: 'AWS::Lambda::Function',
    start_time: seconds(shifted(start)),
    aws: {
      account_id: where.account,
      function_arn: functionArn(where, definition.name, run.version === '$LATEST' ? null : run.version),
      cloudwatch_logs: [{log_group: logGroupOf(definition)}],
    },
    ...closing(request, shifted(end), {
      ...failed,
      // of what Lambda stopped nobody could say why
      ...(outcome === 'error' && story?.failure && {cause: causeOf(story.failure, idOf(run, 'exception'), facts)}),
    }),
    subsegments: parts,
  }
  return [document, ...calls.documents]
}
