import {type ReadTraceOptions, readTrace} from '../../../src/services/traces/read-trace.ts'
import {traceRefFrom} from '../../../src/services/traces/trace-ref.ts'
import type {TraceReport} from '../../../src/services/traces/trace-report.ts'
import {account, arnOf, now, waysTo} from './fake-company.ts'
import {type FakeXRay, traceIdNo} from './fake-xray.ts'

export const minute = 60_000
export const id = traceIdNo(1)
export const id2 = traceIdNo(2)
export const id3 = traceIdNo(3)

/** What `slsops trace` asks for with a text and no flags. */
export const optionsFor = (text: string): ReadTraceOptions => ({
  ref: traceRefFrom(text, now),
  start: now - 1440 * minute,
  end: now,
  now,
  isWindowGiven: false,
  redaction: 'secrets',
})

/** Reads the trace that a text names, as `slsops trace` does. */
export function read(
  aws: FakeXRay | readonly FakeXRay[],
  text: string,
  more: Partial<ReadTraceOptions> & {readonly targets?: readonly string[]} = {},
  signal = new AbortController().signal,
): Promise<TraceReport> {
  const all = Array.isArray(aws) ? (aws as readonly FakeXRay[]) : [aws as FakeXRay]
  const {targets, ...rest} = more
  const [one] = all
  if (!one) throw new Error('no way to AWS')
  return one.fakeClock.outcome(readTrace(waysTo(...all), {targets}, {...optionsFor(text), ...rest}, signal))
}

/** epoch seconds, `ms` before now */
export const ago = (ms: number): number => (now - ms) / 1000

/** Lambda's two segments of one execution, `at` ms before now. */
export function lambda(
  name: string,
  requestId: string,
  {at, ms = 1_000, hex = 'a', ...more}: {at: number; ms?: number; hex?: string; [key: string]: unknown},
): readonly object[] {
  const times = {start_time: ago(at), end_time: ago(at - ms)}
  const service = hex.repeat(16)
  return [
    {
      ...times,
      id: service,
      name,
      origin: 'AWS::Lambda',
      resource_arn: arnOf(name),
      aws: {request_id: requestId},
      ...more,
    },
    {
      ...times,
      id: `b${service.slice(1)}`,
      parent_id: service,
      name,
      origin: 'AWS::Lambda::Function',
      // as X-Ray has it, without the id of the request
      aws: {function_arn: arnOf(name), account_id: account},
    },
  ]
}

/** The beginnings of all log lines of a report. */
export const logsOf = ({logs}: TraceReport): readonly string[] =>
  [...logs.values()].flat().map(({message}) => message.split('\n')[0]?.slice(0, 60) ?? '')
