import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import type {XRayClient} from '@aws-sdk/client-xray'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {noClients} from '../../../src/services/aws/no-clients.ts'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import {createFakeClock, type FakeClock} from '../logs/reader/fake-clock.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'

type Input = Readonly<Record<string, unknown>>

export type XRayCall = {
  readonly operation: string
  readonly input: Input
  readonly at: number
  /** which call of this operation it is, from 1 */
  readonly nth: number
}

export type FakeXRayOptions = {
  readonly clock?: FakeClock
  readonly region?: string
  readonly profile?: string | null
  /** what each operation of X-Ray and CloudWatch Logs answers; one that is not there is refused as unknown */
  readonly answers: Readonly<Record<string, (call: XRayCall) => unknown>>
  readonly latencyMs?: number
}

export type FakeXRay = Aws & {
  readonly fakeClock: FakeClock
  readonly calls: readonly XRayCall[]
  /** of one operation */
  of(operation: string): readonly XRayCall[]
}

export const now = Date.UTC(2026, 10, 20, 14)

/** AWS as far as the operations of a test go. */
export function fakeXRay(options: FakeXRayOptions): FakeXRay {
  const {clock = createFakeClock(now), region = 'eu-west-1', profile = null, answers, latencyMs = 20} = options
  const budget = createRateBudget({clock, random: () => 0.5, quota: () => 100})
  const calls: XRayCall[] = []

  const send = async (
    command: {readonly input: Input},
    {abortSignal}: {readonly abortSignal?: AbortSignal} = {},
  ): Promise<unknown> => {
    const operation = command.constructor.name.replace('Command', '')
    const nth = calls.filter(call => call.operation === operation).length + 1
    const call = {operation, input: command.input, at: clock.now(), nth}
    calls.push(call)
    await clock.sleep(latencyMs, abortSignal).catch(() => {
      throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
    })
    const answer = answers[operation]
    if (!answer) throw awsError('UnknownOperationException', operation, 404)
    return answer(call)
  }

  return {
    ...noClients('only X-Ray and CloudWatch Logs are here'),
    foreignOrigins: [],
    scope: {account: null, region, profile, endpoint: 'aws'},
    budget,
    clock,
    fakeClock: clock,
    xray: async () => ({send}) as unknown as XRayClient,
    logs: async () => ({send}) as unknown as CloudWatchLogsClient,
    calls,
    of: operation => calls.filter(call => call.operation === operation),
  }
}

export const deniedTo = (action: string): Error =>
  awsError('AccessDeniedException', `User: … is not authorized to perform: ${action}`, 403)

/** Segments as BatchGetTraces and ListRetrievedTraces hand them out. */
export const segment = (traceId: string, id: string, more: object = {}): {Id: string; Document: string} => ({
  Id: id,
  Document: JSON.stringify({
    id,
    name: `n-${id}`,
    trace_id: traceId,
    start_time: now / 1000,
    end_time: now / 1000 + 1,
    ...more,
  }),
})

/** Ids that are different and of the time of the tests. */
export const traceIdNo = (number: number): string =>
  `1-${(now / 1000 - 60).toString(16)}-${number.toString(16).padStart(24, '0')}`
