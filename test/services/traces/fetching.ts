import {UserError} from '../../../src/errors.ts'
import {fetchTraces} from '../../../src/services/traces/fetch-traces.ts'
import {type FakeXRay, type FakeXRayOptions, now, traceIdNo, type XRayCall} from './fake-xray.ts'

export type Answers = FakeXRayOptions['answers']

export const inXray: Answers = {GetTraceSegmentDestination: () => ({Destination: 'XRay', Status: 'ACTIVE'})}
export const inLogs: Answers = {GetTraceSegmentDestination: () => ({Destination: 'CloudWatchLogs', Status: 'ACTIVE'})}
export const idsOf = ({input}: XRayCall): string[] => input['TraceIds'] as string[]
export const nothingInXray: Answers = {BatchGetTraces: call => ({Traces: [], UnprocessedTraceIds: idsOf(call)})}

export const seven = Array.from({length: 7}, (_, at) => traceIdNo(at + 1))
export const [one = '', two = '', three = ''] = seven

/** Fetches traces of the last hour, while the clock of the first runs. */
export const fetch = (
  all: FakeXRay | readonly FakeXRay[],
  ids: readonly string[],
  signal = new AbortController().signal,
) => {
  const list = Array.isArray(all) ? all : [all as FakeXRay]
  const clock = (list[0] as FakeXRay).fakeClock
  return clock.outcome(fetchTraces(list, {ids, start: now - 3_600_000, end: now}, signal))
}

export const spansOf = (fetched: Awaited<ReturnType<typeof fetchTraces>>, id: string): string[] =>
  (fetched.found.get(id)?.spans ?? []).map(span => span.id)

/** The error that work ends with, which must be one a person can act on. */
export async function failure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(error instanceof UserError)) throw error
  return error
}
