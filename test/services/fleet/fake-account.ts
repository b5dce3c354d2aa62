import type {Aws} from '../../../src/services/aws/connect.ts'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import type {FleetCache} from '../../../src/services/fleet/fleet-cache.ts'
import type {FleetFunction} from '../../../src/services/fleet/fleet-function.ts'
import {createFakeClock, type FakeClock} from '../logs/reader/fake-clock.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'

type Input = Readonly<Record<string, unknown>>

export type FakeCall = {
  readonly operation: string
  readonly input: Input
  /** which call of this operation it is, from 1 */
  readonly nth: number
}

export type FakeAccountOptions = {
  readonly region?: string
  readonly clock?: FakeClock
  /** what each operation answers, of whatever service; one that is not there is refused as unknown */
  readonly answers: Readonly<Record<string, (call: FakeCall) => unknown>>
  readonly latencyMs?: number
  /** epoch ms; by default its credentials do not expire */
  readonly credentialsExpireAt?: number
}

export type FakeAccount = Aws & {
  readonly fakeClock: FakeClock
  readonly calls: readonly FakeCall[]
  /** the most calls that were under way at a time */
  readonly mostInFlight: number
  /** of one operation */
  of(operation: string): readonly FakeCall[]
}

export const now = Date.UTC(2026, 10, 20, 14)

/** An AWS of which each operation answers as a test says, whatever client it is sent by. */
export function fakeAccount(options: FakeAccountOptions): FakeAccount {
  const {region = 'eu-west-1', clock = createFakeClock(now), answers, latencyMs = 20, credentialsExpireAt} = options
  const credentials = async () => (credentialsExpireAt === undefined ? {} : {expiration: new Date(credentialsExpireAt)})
  const calls: FakeCall[] = []
  const counts = new Map<string, number>()
  let inFlight = 0
  let mostInFlight = 0

  const send = async (
    command: {readonly input: Input},
    {abortSignal}: {readonly abortSignal?: AbortSignal} = {},
  ): Promise<unknown> => {
    const operation = command.constructor.name.replace('Command', '')
    const nth = (counts.get(operation) ?? 0) + 1
    counts.set(operation, nth)
    const call = {operation, input: command.input, nth}
    calls.push(call)
    inFlight++
    mostInFlight = Math.max(mostInFlight, inFlight)
    try {
      await clock.sleep(latencyMs, abortSignal)
    } catch {
      throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
    } finally {
      inFlight--
    }
    const answer = answers[operation]
    if (!answer) throw awsError('UnknownOperationException', operation, 404)
    return answer(call)
  }
  const client = async () => ({send, config: {credentials}}) as never

  return {
    foreignOrigins: [],
    scope: {account: null, region, profile: null, endpoint: 'aws'},
    budget: createRateBudget({clock, random: () => 0.5, quota: () => 100}),
    clock,
    fakeClock: clock,
    logs: client,
    lambda: client,
    invoker: client,
    sts: client,
    cloudFormation: client,
    tagging: client,
    cloudWatch: client,
    codeDeploy: client,
    account: client,
    xray: client,
    sqs: client,
    eventBridge: client,
    scheduler: client,
    pricing: client,
    close() {},
    calls,
    get mostInFlight() {
      return mostInFlight
    },
    of: operation => calls.filter(call => call.operation === operation),
  }
}

export const deniedTo = (action: string): Error =>
  awsError('AccessDeniedException', `User: … is not authorized to perform: ${action}`, 403)

export const ongoing = (): AbortSignal => new AbortController().signal

/** A function of that account. */
export const functionIn = (aws: Aws, name: string, more: Partial<FleetFunction> = {}): FleetFunction => ({
  aws,
  account: '123456789012',
  region: aws.scope.region,
  name,
  arn: `arn:aws:lambda:${aws.scope.region}:123456789012:function:${name}`,
  version: null,
  runtime: 'nodejs24.x',
  packageType: 'Zip',
  architecture: 'arm64',
  memorySizeMB: 256,
  timeoutSeconds: 10,
  ephemeralStorageMB: 512,
  codeSizeBytes: 1_000,
  lastModifiedAt: now - 86_400_000,
  revisionId: 'revision-1',
  logGroup: `/aws/lambda/${name}`,
  logFormat: 'Text',
  systemLogLevel: null,
  snapStart: false,
  deadLetterArn: null,
  inVpc: false,
  masterArn: null,
  ...more,
})

/** A cache that is forgotten with the process. */
export function memoryCache(clock: Pick<FakeClock, 'now'> = {now: () => now}): FleetCache {
  const kept = new Map<string, {readonly text: string; readonly at: number}>()
  return {
    get<T>(key: string, maxAgeMs: number) {
      const {text, at} = kept.get(key) ?? {}
      if (text === undefined || at === undefined || clock.now() - at > maxAgeMs) return undefined
      return {value: JSON.parse(text) as T, at}
    },
    put: (key, value) => void kept.set(key, {text: JSON.stringify(value), at: clock.now()}),
    flush: async () => {},
  }
}
