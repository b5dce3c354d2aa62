// What an invocation calls, as subsegments, and the segments of those of the company's functions among it.
import type {CompanyFunction, Use} from '../company.ts'
import {durationOf} from '../durations.ts'
import type {PlacedRun} from '../environments.ts'
import {fill} from '../facts.ts'
import type {Run, Touch} from '../history.ts'
import {mix, skewed, textKey} from '../random.ts'
import type {SegmentDocument, SubsegmentDocument} from '../segment-document.ts'
import {awsCall, httpCall, invokeCall, type Span} from './calls.ts'
import {linksToReceivers, sendingId} from './links.ts'
import {callIdOf, factsOf, type Invoke, idOf, type Request, runOf} from './request.ts'
import {executionPart} from './states.ts'

type Calls = {
  readonly subsegments: readonly SubsegmentDocument[]
  readonly documents: readonly SegmentDocument[]
}

type Caller = {
  readonly placed: PlacedRun
  readonly definition: CompanyFunction
  /** when its handler runs */
  readonly worked: Span
  readonly parentId: string
}

type Call = Span & {
  readonly subsegments: readonly (SubsegmentDocument | null)[]
  readonly documents: readonly SegmentDocument[]
}

/** How long an HTTP client waits for the payment service, in ms. */
const patienceMs = 1500

/**
 * Calls of a run, in the order of their starts, as far as they have been made. A function that does not trace makes the
 * same ones, but tells nothing of them: its callees' segments are below `parentId`, the segment that Lambda sent for it.
 */
export function callsOf(request: Request, {placed, definition, worked, parentId}: Caller, invoke: Invoke): Calls {
  const {run} = placed
  const isActive = definition.tracing === 'Active'
  const silentParentId = isActive ? null : parentId
  const uses = [...((isActive && definition.stories[run.touch.step.story]?.uses) || []).entries()]
  const calls: Call[] = []
  for (const child of run.touch.children)
    if (child.via === 'sync') calls.push(syncCall(request, run, child, worked, silentParentId, invoke))
  for (const [i, use] of uses) if (use.at !== 'last') calls.push(toldCall(request, placed, use, i, worked, worked))

  const awaited = Math.max(worked.start, ...calls.map(({end}) => end))
  const rest = {start: Math.min(awaited, worked.end - 0.3), end: worked.end}
  for (const [i, use] of uses) if (use.at === 'last') calls.push(toldCall(request, placed, use, i, worked, rest))
  for (const child of run.touch.children) {
    if (child.via === 'event') calls.push(asyncCall(request, run, child, rest, silentParentId, invoke))
    if (child.via === 'queue') calls.push(sendCall(request, run, child, rest))
  }
  if (!isActive) return {subsegments: [], documents: calls.flatMap(({documents}) => documents)}
  calls.sort((x, y) => x.start - y.start)
  return {
    subsegments: calls.flatMap(({subsegments}) => subsegments).filter(subsegment => subsegment !== null),
    documents: calls.flatMap(({documents}) => documents),
  }
}

/** A part of the time that is left after everything that is waited for. */
function within(rest: Span, run: Run, what: string): Span {
  const room = rest.end - rest.start
  const start = rest.start + 0.15 * room
  const wanted = skewed(6, 22, mix(textKey(what), run.a))
  return {start, end: Math.min(start + wanted, rest.end - 0.05 * room)}
}

function syncCall(
  request: Request,
  run: Run,
  child: Touch,
  worked: Span,
  silentParentId: string | null,
  invoke: Invoke,
): Call {
  const at = run.requestAt + child.delayMs
  const traced = request.findGroup(child.step.in)?.traced
  if (traced?.as === 'remote') {
    const end = Math.min(at + durationOf(runOf(request, child), request.find), worked.end)
    return {start: at, end, documents: [], subsegments: remoteCalls(request, child, traced.url, {start: at, end})}
  }
  const id = idOf(run, `call ${child.index}`)
  const by = {parentId: silentParentId ?? id, earliest: Math.min(worked.start + 0.9, at - 0.4), isAsync: false}
  const part = invoke(request, child, by)
  const span = {start: Math.max(part.start - 0.7, worked.start), end: Math.min(part.end + 0.2, worked.end)}
  return {
    ...span,
    documents: part.documents,
    subsegments: [invokeCall(request, child, span, id, 'RequestResponse')],
  }
}

function asyncCall(
  request: Request,
  run: Run,
  child: Touch,
  rest: Span,
  silentParentId: string | null,
  invoke: Invoke,
): Call {
  const id = idOf(run, `call ${child.index}`)
  const span = within(rest, run, id)
  const parentId = silentParentId ?? id
  if (request.findGroup(child.step.in)?.traced?.as === 'state-machine') {
    const {documents, machineArn} = executionPart(request, child, parentId, invoke)
    const aws = {operation: 'StartExecution', state_machine_arn: machineArn}
    return {
      ...span,
      documents,
      subsegments: [awsCall(request, span, {id, name: 'SFN', requestId: callIdOf(run, id), aws, status: 200})],
    }
  }
  const part = invoke(request, child, {parentId, earliest: span.end - 0.3, isAsync: true})
  return {...span, documents: part.documents, subsegments: [invokeCall(request, child, span, id, 'Event')]}
}

function sendCall(request: Request, run: Run, child: Touch, rest: Span): Call {
  const id = sendingId(request, run.touch, child)
  const span = within(rest, run, id)
  const queue = request.queueOf(child.step.in)
  // what a stream hands on was written by an ordinary call, which the story has
  if (queue === null) return {...span, documents: [], subsegments: []}
  const {account, region} = request.where
  const aws = {
    operation: 'SendMessage',
    queue_url: `https://sqs.${region}.amazonaws.com/${account}/${queue}`,
    message_id: callIdOf(run, `message ${child.index}`),
  }
  const call = awsCall(request, span, {id, name: 'SQS', requestId: callIdOf(run, id), aws, status: 200})
  return {...span, documents: [], subsegments: [call && {...call, ...linksToReceivers(request, child)}]}
}

/** A request to a service that sends no segments. One that is not answered was tried before, and refused. */
function remoteCalls(request: Request, child: Touch, url: string, span: Span): readonly (SubsegmentDocument | null)[] {
  const run = runOf(request, child)
  const http = request.findGroup(child.step.in)?.stories[child.step.story]?.http
  if (!http) return []
  const to = {method: http.method, url: `${url}${fill(http.paths[0], factsOf(request, run))}`}
  const id = idOf(run, 'remote')
  if (http.status !== null) return [httpCall(request, span, {...to, id, status: http.status})]
  const again = Math.max(span.start + 1, span.end - patienceMs)
  const throws = {type: 'TimeoutError', message: `upstream did not answer in ${patienceMs} ms`}
  return [
    httpCall(
      request,
      {start: span.start, end: again - 0.6},
      {
        ...to,
        id: idOf(run, 'refused'),
        throws: {type: 'Error', message: 'read ECONNRESET'},
      },
    ),
    httpCall(request, {start: again, end: span.end}, {...to, id, throws}),
  ]
}

function toldCall(request: Request, placed: PlacedRun, use: Use, place: number, worked: Span, rest: Span): Call {
  const {run, durationMs} = placed
  const facts = factsOf(request, run)
  const {outcome} = run.touch.step
  const wasStopped = outcome === 'timeout' || outcome === 'oom'
  const resource = fill(use.resource, facts)
  const times = use.times === undefined ? 1 : Number(fill(use.times, facts))
  const from = use.at === 'last' ? rest.start + 0.1 * (rest.end - rest.start) : worked.start + use.at * durationMs
  const spread = use.until === undefined ? 0 : Math.max(0, worked.start + use.until * durationMs - from)
  const calls = Array.from({length: times}, (_, i) => {
    const label = `use ${place} ${i}`
    const start = Math.min(from + (spread * i) / times, worked.end - 0.2)
    const answered = start + skewed(use.ms[0], use.ms[1], mix(run.a, textKey(label, run.touch.index)))
    // what was under way when Lambda stopped the function never ends
    const end = answered > worked.end && wasStopped ? Number.POSITIVE_INFINITY : Math.min(answered, worked.end - 0.05)
    return {start, end, subsegment: toldSubsegment(request, run, use, {start, end}, label, resource)}
  })
  return {
    start: from,
    end: Math.max(from, ...calls.map(({end}) => end)),
    documents: [],
    subsegments: calls.map(({subsegment}) => subsegment),
  }
}

/** The field in which tracers name what a call is about. */
const resourceKeys = {
  DynamoDB: 'table_name',
  S3: 'bucket_name',
  SNS: 'topic_arn',
  SES: 'identity',
  Events: 'event_bus_name',
} as const

function toldSubsegment(
  request: Request,
  run: Run,
  use: Use,
  span: Span,
  label: string,
  resource: string,
): SubsegmentDocument | null {
  const id = idOf(run, label)
  const status = use.status ?? 200
  if (use.service === 'http') return httpCall(request, span, {id, method: use.operation, url: resource, status})
  const aws = {operation: use.operation, [resourceKeys[use.service]]: resource}
  const requestId = callIdOf(run, label)
  return awsCall(request, span, {
    id,
    name: use.service,
    requestId,
    aws,
    status,
    ...(use.throws && {throws: use.throws}),
  })
}
