// The stage of the API in front: what a request asked for and how it was answered.
import type {HttpStory, Traced} from '../company.ts'
import {durationOf} from '../durations.ts'
import {type FactContext, fill} from '../facts.ts'
import type {Touch} from '../history.ts'
import {requestIdOf} from '../invocations.ts'
import {mix, pick, textKey} from '../random.ts'
import type {SegmentDocument} from '../segment-document.ts'
import {invokeCall} from './calls.ts'
import {closing, factsOf, flagsOf, type Invoke, idOf, type Part, type Request, runOf, seconds} from './request.ts'

type Stage = Extract<Traced, {readonly as: 'stage'}>

/** How long before the Lambda service has an invocation a stage has its request, in ms. */
const stageLeadMs = 1.8

/** When a stage's segment begins, from its entry in the access log and what it invokes: a cold start happens after it. */
export function startOfStage(loggedAt: number, invokedAt: number): number {
  return Math.min(loggedAt, invokedAt - stageLeadMs)
}

/** The segments of a request through a stage, and of what it invokes. */
export function stagePart(request: Request, touch: Touch, stage: Stage, invoke: Invoke): Part {
  const run = runOf(request, touch)
  const {account, region} = request.where
  const callId = idOf(run, 'call')
  const [child] = touch.children
  const by = {parentId: callId, earliest: Number.NEGATIVE_INFINITY, isAsync: false}
  const part = child && invoke(request, child, by)
  const start = startOfStage(run.at, part?.start ?? run.at)
  const end = Math.max(run.at + durationOf(run, request.find), (part?.end ?? run.at) + 1.4)
  if (start > request.now) return {documents: [], start, end}

  const call =
    part && invokeCall(request, child, {start: part.start - 0.8, end: part.end + 0.6}, callId, 'RequestResponse')
  const facts = factsOf(request, run)
  const http = request.findGroup(touch.step.in)?.stories[touch.step.story]?.http
  const asked = http && {
    request: {
      method: http.method,
      url: `https://${stage.apiId}.execute-api.${region}.amazonaws.com/${stage.stage}${pathOf(http, facts)}`,
      user_agent: fill('{userAgent}', facts),
      client_ip: fill('{ip}', facts),
      x_forwarded_for: true,
    },
  }
  const status = http?.status ?? undefined
  const document: SegmentDocument = {
    trace_id: request.traceId,
    id: idOf(run, 'stage'),
    name: `${stage.name}/${stage.stage}`,
    origin: 'AWS::ApiGateway::Stage',
    resource_arn: `arn:aws:apigateway:${region}::/restapis/${stage.apiId}/stages/${stage.stage}`,
    start_time: seconds(start),
    ...(http?.user && {user: fill(http.user, facts)}),
    aws: {
      api_gateway: {account_id: account, rest_api_id: stage.apiId, stage: stage.stage, request_id: requestIdOf(run)},
    },
    ...(asked && {http: asked}),
    ...closing(request, end, {
      ...(asked && status !== undefined && {http: {...asked, response: {status}}}),
      ...flagsOf(status),
    }),
    ...(call && {subsegments: [call]}),
  }
  return {documents: [document, ...(part?.documents ?? [])], start, end}
}

function pathOf({paths}: HttpStory, facts: FactContext): string {
  return encodeURI(fill(pick(paths, mix(facts.a, textKey('path'))), facts))
}
