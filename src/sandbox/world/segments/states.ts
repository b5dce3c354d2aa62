// An execution of a state machine: a segment with its states, and below them the functions they run.
import {durationOf} from '../durations.ts'
import {fill} from '../facts.ts'
import type {Touch} from '../history.ts'
import type {SegmentDocument, SubsegmentDocument} from '../segment-document.ts'
import {invokeCall} from './calls.ts'
import {closing, factsOf, type Invoke, idOf, type Part, type Request, runOf, seconds} from './request.ts'

/** `pick-plan` → `PickPlan` */
const stateName = (functionName: string) =>
  functionName.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())

/** An execution's segments, begun by what is at `parentId`; null where that is not traced. */
export function executionPart(
  request: Request,
  touch: Touch,
  parentId: string | null,
  invoke: Invoke,
): Part & {readonly machineArn: string} {
  const {account, region} = request.where
  const traced = request.findGroup(touch.step.in)?.traced
  const name = traced?.as === 'state-machine' ? traced.name : touch.step.in
  const machineArn = `arn:aws:states:${region}:${account}:stateMachine:${name}`
  const run = runOf(request, touch)
  let end = run.at + durationOf(run, request.find)
  if (run.at > request.now) return {documents: [], start: run.at, end, machineArn}

  const documents: SegmentDocument[] = []
  const states: SubsegmentDocument[] = []
  for (const child of touch.children) {
    const at = run.requestAt + child.delayMs
    const id = idOf(run, `call ${child.index}`)
    const part = invoke(request, child, {parentId: id, earliest: Math.min(run.at + 4, at - 0.4), isAsync: false})
    const failed = child.step.outcome !== undefined && child.step.outcome !== 'ok'
    const call = {start: part.start - 1.1, end: part.end + 0.8}
    const state = {start: call.start - 1.6, end: call.end + 1.2}
    // its duration is that of what it runs, and its states take a little longer
    end = Math.max(end, state.end + 0.4)
    if (state.start > request.now) continue
    const called = invokeCall(request, child, call, id, 'RequestResponse')
    states.push({
      id: idOf(run, `state ${child.index}`),
      name: stateName(child.step.in),
      start_time: seconds(state.start),
      // Step Functions says that a state failed, and leaves the cause empty
      ...closing(request, state.end, failed ? {fault: true as const, cause: {}} : {}),
      ...(called && {subsegments: [called]}),
    })
    documents.push(...part.documents)
  }
  const execution = fill('{order}', factsOf(request, run))
  const document: SegmentDocument = {
    trace_id: request.traceId,
    id: idOf(run, 'execution'),
    ...(parentId !== null && {parent_id: parentId}),
    name,
    origin: 'AWS::StepFunctions::StateMachine',
    resource_arn: machineArn,
    start_time: seconds(run.at),
    aws: {
      account_id: account,
      execution_arn: `arn:aws:states:${region}:${account}:execution:${name}:${execution}`,
      resource_names: [machineArn],
    },
    ...closing(request, end, {}),
    ...(states.length > 0 && {subsegments: states}),
  }
  return {documents: [document, ...documents], start: run.at, end, machineArn}
}
