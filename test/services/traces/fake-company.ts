import type {FilterLogEventsCommandInput} from '@aws-sdk/client-cloudwatch-logs'
import type {LambdaClient} from '@aws-sdk/client-lambda'
import type {STSClient} from '@aws-sdk/client-sts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {compileFilterPattern} from '../../../src/services/logs/filter-pattern/compile.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {type FakeXRay, fakeXRay, now} from './fake-xray.ts'

export {now}

export type FakeLine = {readonly at: number; readonly message: string; readonly logStream?: string}

export type FakeCompany = {
  /** by function: what it logs to its default group; times are ms before now */
  readonly functions: Readonly<Record<string, readonly FakeLine[]>>
  /** documents by trace id */
  readonly traces?: Readonly<Record<string, readonly object[]>>
  /** what is answered in place of what is there */
  readonly answers?: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>>
  readonly region?: string
}

export const account = '123456789012'
export const arnOf = (name: string, region = 'eu-west-1'): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}`
export const streamOf = (version = '42', n = 1): string => `2026/11/20/[${version}]${n.toString(16).padStart(32, '0')}`

/** AWS with functions, their log lines, and traces. */
export function fakeCompany({functions, traces = {}, answers = {}, region = 'eu-west-1'}: FakeCompany): FakeXRay {
  const groups = Object.keys(functions).map(name => `/aws/lambda/${name}`)
  const configuration = (name: string) => ({
    FunctionName: name,
    FunctionArn: arnOf(name, region),
    LoggingConfig: {LogGroup: `/aws/lambda/${name}`},
  })
  const own: Record<string, (input: Readonly<Record<string, unknown>>) => unknown> = {
    GetTraceSegmentDestination: () => ({Destination: 'XRay', Status: 'ACTIVE'}),
    BatchGetTraces({TraceIds: ids}) {
      const known = (ids as string[]).filter(id => traces[id])
      return {
        Traces: known.map(id => ({
          Id: id,
          Segments: (traces[id] ?? []).map((document, i) => ({
            Id: String(i),
            Document: JSON.stringify({trace_id: id, ...document}),
          })),
        })),
        UnprocessedTraceIds: (ids as string[]).filter(id => !traces[id]),
      }
    },
    ListFunctions: () => ({Functions: Object.keys(functions).map(configuration)}),
    GetFunctionConfiguration({FunctionName: name}) {
      if (!functions[String(name)]) throw awsError('ResourceNotFoundException', 'no such function', 404)
      return configuration(String(name))
    },
    ListLogGroups: () => ({
      logGroups: groups.map(name => ({
        logGroupName: name,
        logGroupArn: `arn:aws:logs:${region}:${account}:log-group:${name}`,
        logGroupClass: 'STANDARD',
      })),
    }),
    DescribeLogGroups: () => ({
      logGroups: groups.map(name => ({
        logGroupName: name,
        arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
      })),
    }),
    FilterLogEvents: input => filtered(functions, input as FilterLogEventsCommandInput),
    GetCallerIdentity: () => ({Account: account}),
  }
  const all = {...own, ...answers}
  const fake = fakeXRay({
    region,
    latencyMs: 1,
    answers: Object.fromEntries(Object.entries(all).map(([name, answer]) => [name, ({input}) => answer(input)])),
  })
  const client = fake.xray as unknown
  return {...fake, lambda: client as () => Promise<LambdaClient>, sts: client as () => Promise<STSClient>}
}

/** What FilterLogEvents answers. */
export function filtered(functions: FakeCompany['functions'], input: FilterLogEventsCommandInput): object {
  const lines = functions[input.logGroupName?.replace('/aws/lambda/', '') ?? '']
  if (!lines) throw awsError('ResourceNotFoundException', 'no such group')
  const matches = input.filterPattern ? compileFilterPattern(input.filterPattern) : () => true
  const events = lines
    .map(({at, message, logStream = streamOf()}, i) => ({
      timestamp: now - at,
      ingestionTime: now - at,
      eventId: String(i).padStart(4, '0'),
      logStreamName: logStream,
      message,
    }))
    .filter(
      ({timestamp, logStreamName, message}) =>
        timestamp >= (input.startTime ?? 0) &&
        timestamp <= (input.endTime ?? Number.POSITIVE_INFINITY) &&
        (!input.logStreamNames || input.logStreamNames.includes(logStreamName)) &&
        matches(message),
    )
  return {events: events.sort((a, b) => a.timestamp - b.timestamp)}
}

/** The lines of one execution that began `at` ms before now. */
export function execution(
  at: number,
  requestId: string,
  {
    ms = 1_000,
    traceId = null,
    said = [],
    version = '42',
    logStream = streamOf(version),
  }: {
    readonly ms?: number
    readonly traceId?: string | null
    readonly said?: readonly string[]
    readonly version?: string
    readonly logStream?: string
  } = {},
): readonly FakeLine[] {
  const xray = traceId === null ? '' : `\nXRAY TraceId: ${traceId}\tSegmentId: 1\tSampled: true\t`
  const messages: readonly (readonly [number, string])[] = [
    [0, `START RequestId: ${requestId} Version: ${version}\n`],
    ...said.map((message, i) => [i + 1, message] as const),
    [ms, `END RequestId: ${requestId}\n`],
    [
      ms,
      `REPORT RequestId: ${requestId}\tDuration: ${ms}.00 ms\tBilled Duration: ${ms} ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t${xray}\n`,
    ],
  ]
  return messages.map(([after, message]) => ({at: at - after, message, logStream}))
}

/** Several ways to AWS, as --region gives them. */
export const waysTo = (...fakes: readonly FakeXRay[]): readonly Aws[] => fakes
