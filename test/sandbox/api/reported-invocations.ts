import {type CloudWatchLogsClient, paginateFilterLogEvents} from '@aws-sdk/client-cloudwatch-logs'
import {minute} from '../world/larder-world.ts'

/** An invocation as the lines that Lambda and the runtime wrote about it tell, and nothing else. */
export type ReportedInvocation = {
  readonly at: number
  readonly stream: string
  readonly version: string
  readonly durationMs: number
  readonly failed: boolean
  readonly sampled: boolean
}

/** What the runtimes write of an invocation that throws, in text logs: its REPORT says nothing of it. */
const thrown = /\tInvoke Error \t|^\[ERROR\] [^\n]+\nTraceback|\n(\tat| {3}at) /

/**
 * The invocations of a function that start in [from, to), read from its log: START says the version, REPORT the rest; that it
 * threw shows in the lines between. A stream has one invocation at a time.
 * @returns undefined for an Infrequent Access group, which cannot be filtered
 */
export async function reportedInvocations(
  client: CloudWatchLogsClient,
  group: string,
  name: string,
  {from, to}: {readonly from: number; readonly to: number},
): Promise<readonly ReportedInvocation[] | undefined> {
  const found: ReportedInvocation[] = []
  const running = new Map<string, {readonly at: number; readonly version: string; threw: boolean}>()
  const window = {startTime: from - 2 * minute, endTime: to + 2 * minute}
  try {
    for await (const {events = []} of paginateFilterLogEvents({client}, {logGroupName: group, ...window})) {
      for (const {message = '', timestamp = 0, logStreamName = ''} of events) {
        if (group === `/aws/lambda/${name}` || logStreamName.includes(`/${name}[`))
          readLine(message, timestamp, logStreamName)
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidOperationException') return undefined
    // a function that was never invoked has none
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error
  }
  return found

  function readLine(message: string, at: number, stream: string): void {
    const line = lambdaLine(message)
    const invocation = running.get(stream)
    if (line?.is === 'start') running.set(stream, {at, version: line.version, threw: false})
    else if (invocation && thrown.test(message)) invocation.threw = true
    if (line?.is !== 'report' || !invocation || invocation.at < from || invocation.at >= to) return
    const {durationMs, sampled} = line
    found.push({
      at: invocation.at,
      stream,
      version: invocation.version,
      durationMs,
      sampled,
      failed: line.failed || invocation.threw,
    })
  }
}

type LambdaLine =
  | {readonly is: 'start'; readonly version: string}
  | {readonly is: 'report'; readonly durationMs: number; readonly failed: boolean; readonly sampled: boolean}

function lambdaLine(message: string): LambdaLine | undefined {
  const start = /^START RequestId: \S+ Version: (\S+)/.exec(message)
  if (start) return {is: 'start', version: start[1] ?? ''}
  const report = /^REPORT RequestId: \S+\tDuration: ([\d.]+) ms/.exec(message)
  if (report)
    return {
      is: 'report',
      durationMs: Number(report[1]),
      failed: /\tStatus: (error|timeout)/.test(message),
      sampled: message.includes('\tSampled: true'),
    }
  if (!message.startsWith('{"time":')) return undefined
  const {type, record} = JSON.parse(message) as {
    type?: string
    record?: {version: string; status: string; metrics: {durationMs: number}; tracing?: {value: string}}
  }
  if (type === 'platform.start' && record) return {is: 'start', version: record.version}
  if (type !== 'platform.report' || !record) return undefined
  return {
    is: 'report',
    durationMs: record.metrics.durationMs,
    failed: record.status !== 'success',
    sampled: record.tracing?.value.endsWith('Sampled=1') ?? false,
  }
}
