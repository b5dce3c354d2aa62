import {parseDocument} from '../../../src/services/traces/parse-document.ts'
import type {FetchedTrace} from '../../../src/services/traces/span.ts'

/** A document as X-Ray would hand it out, or nearly: tests bend it. */
export type TestDocument = {readonly [key: string]: unknown}

/** A trace for tests: its documents, and what fetching them gives. */
export type TestTrace = {
  readonly id: string
  readonly documents: readonly TestDocument[]
  readonly fetched: FetchedTrace
}

/** epoch seconds at which the test traces start */
const began = 1_763_640_130
/** in X-Ray form, of that time */
export const testTraceId = '1-691f05c2-4be0c1f2a3d4e5f601234567'

const account = '111122223333'
const region = 'eu-west-1'

export const arnOf = (functionName: string): string => `arn:aws:lambda:${region}:${account}:function:${functionName}`

/** Epoch seconds, `ms` after the trace began. */
export const at = (ms: number): number => began + ms / 1e3

/** A trace of these documents. */
export function traceOf(
  documents: readonly TestDocument[],
  {id = testTraceId, isLimitExceeded = false}: {readonly id?: string; readonly isLimitExceeded?: boolean} = {},
): TestTrace {
  const parsed = documents.map(document => parseDocument(JSON.stringify({trace_id: id, ...document})))
  return {
    id,
    documents: documents.map(document => ({trace_id: id, ...document})),
    fetched: {
      id,
      source: 'xray',
      spans: parsed.flatMap(({spans}) => spans),
      isLimitExceeded,
      problems: parsed.flatMap(({problems}) => problems),
    },
  }
}

/** A segment or subsegment from and to ms after the trace began. */
export function work(id: string, name: string, from: number, to: number | null, more: TestDocument = {}): TestDocument {
  const end = to === null ? {in_progress: true} : {end_time: at(to)}
  return {id, name, start_time: at(from), ...end, ...more}
}

/** A call of an AWS API, as SDKs are traced. */
export function awsCall(
  id: string,
  name: string,
  operation: string,
  from: number,
  to: number | null,
  aws: TestDocument = {},
  more: TestDocument = {},
): TestDocument {
  return work(id, name, from, to, {
    namespace: 'aws',
    http: {response: {status: 200, content_length: 57}},
    aws: {operation, region, request_id: `req-${id}`, retries: 0, ...aws},
    ...more,
  })
}

/** What X-Ray makes up of a call: the same, seen from the other side. */
export function inferredFrom(id: string, call: TestDocument, origin: string, more: TestDocument = {}): TestDocument {
  const {namespace: _, subsegments: __, links: ___, ...same} = call
  return {...same, id, parent_id: call['id'], inferred: true, origin, ...more}
}

type LambdaTimes = {
  /** `[from, to]` in ms after the trace began, of Lambda's own segment and of the function's */
  readonly service: readonly [number, number | null]
  readonly run: readonly [number, number | null]
}

/** The two segments that Lambda writes of an invocation: `ID-s` and `ID-f`. */
export function lambdaPair(
  id: string,
  functionName: string,
  {service, run}: LambdaTimes,
  subsegments: readonly TestDocument[],
  more: {
    readonly parent?: string
    readonly service?: TestDocument
    readonly run?: TestDocument
    readonly logGroup?: string
  } = {},
): readonly TestDocument[] {
  const called = more.parent === undefined ? {} : {parent_id: more.parent}
  const logs = more.logGroup === undefined ? {} : {cloudwatch_logs: [{log_group: more.logGroup}]}
  return [
    work(`${id}-s`, functionName, ...service, {
      ...called,
      origin: 'AWS::Lambda',
      http: {response: {status: 200}},
      aws: {request_id: `6e0c0b4e-0000-4000-8000-${id.padEnd(12, '0').slice(0, 12)}`},
      resource_arn: arnOf(functionName),
      ...more.service,
    }),
    work(`${id}-f`, functionName, ...run, {
      parent_id: `${id}-s`,
      origin: 'AWS::Lambda::Function',
      aws: {account_id: account, function_arn: arnOf(functionName), resource_names: [functionName], ...logs},
      subsegments,
      ...more.run,
    }),
  ]
}
