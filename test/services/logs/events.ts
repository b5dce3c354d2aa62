import type {Aws} from '../../../src/services/aws/connect.ts'
import {interpreter} from '../../../src/services/logs/interpret.ts'
import type {LogEvent, SourcedEvent} from '../../../src/services/logs/log-event.ts'
import type {FunctionRef, LogSource} from '../../../src/services/logs/source.ts'

export const first = '76269889-7d50-4d6d-a3f1-9b4f5322f47c'
export const second = '595492f6-5916-4b98-94e5-a1079dfab87b'
export const third = 'fa4e6a1f-083b-573d-ace2-090d2b00a3ac'
export const trace = '1-66d978e5-56c7378e556e94b5461da07c'
export const otherTrace = '1-5759e988-bd862e3fe1be46a994272793'
export const stream = '2024/08/18/[$LATEST]60cefc4c4d174d898e4dbb301f9f10ef'
export const otherStream = '2024/08/18/[$LATEST]374cd7792ffbc09edd9aee75fdf7de1e'

export function functionRef(name: string): FunctionRef {
  return {name, arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`}
}

export function sourceOf(functions: readonly string[], more: Partial<LogSource> = {}): LogSource {
  const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const
  return {
    aws: {scope} as Aws,
    scope,
    logGroup: `/aws/lambda/${functions[0] ?? 'none'}`,
    logGroupClass: 'STANDARD',
    functions: functions.map(functionRef),
    only: null,
    mayBeMissing: false,
    ...more,
  }
}

export const checkout = sourceOf(['checkout'])

/** A line as it was read, `at` ms after the epoch. */
export function line(at: number, message: string, more: Partial<SourcedEvent> = {}): SourcedEvent {
  return {
    source: checkout,
    logStream: stream,
    timestamp: at,
    ingestionTime: at + 500,
    eventId: `e${at}`,
    late: false,
    message,
    ...more,
  }
}

/** Lines with their meaning, as a stream of them gets it. */
export function interpretAll(lines: readonly SourcedEvent[]): readonly LogEvent[] {
  return lines.map(interpreter())
}

export const startLine = (id: string) => `START RequestId: ${id} Version: $LATEST\n`
export const endLine = (id: string) => `END RequestId: ${id}\n`
export const reportLine = (id: string, more = '') =>
  `REPORT RequestId: ${id}\tDuration: 14.97 ms\tBilled Duration: 15 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t${more}\n`
export const nodeLine = (id: string, level: string, text: string) =>
  `2024-08-18T22:14:43.862Z\t${id}\t${level}\t${text}\n`
