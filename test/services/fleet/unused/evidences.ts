import type {Known, UnknownReason} from '../../../../src/known.ts'
import type {
  EventSource,
  FunctionDetails,
  LogGroupFacts,
  PolicyGrant,
  QueueState,
  Rule,
} from '../../../../src/services/fleet/facts.ts'
import type {
  Evidence,
  WatchedQueue,
  WatchedRule,
  WatchedSource,
} from '../../../../src/services/fleet/unused/evidence.ts'
import type {JudgedFunction, JudgedWindow} from '../../../../src/services/fleet/unused/judge.ts'

export const now = Date.parse('2026-11-20T14:00:00Z')
export const dayMs = 86_400_000
export const window: JudgedWindow = {start: now - 30 * dayMs, end: now, now, newMs: 7 * dayMs}

export const known = <T>(value: T): Known<T> => ({value})
export const unknown = (reason: UnknownReason, detail = 'AWS said so') => ({unknown: reason, detail})

export const fn: JudgedFunction = {
  name: 'orders-retry',
  logGroup: '/aws/lambda/orders-retry',
  lastModifiedAt: now - 400 * dayMs,
  snapStart: false,
  masterArn: null,
}

/** Of a function that nothing calls and nothing could: everything is known. */
export const idle: Evidence = {
  usage: known({invocations: 0, throttles: 0, lastPeriod: null}),
  listed: known(null),
  eventSources: known([]),
  schedules: known([]),
  rules: known([]),
  policy: known([]),
  urls: known([]),
  details: known(details()),
  provisioned: known([]),
  versions: known([]),
  lastLogEvent: known(null),
  logGroup: known(null),
  deadLetters: known(null),
}

export function used(invocations: number, lastAt: number, throttles = 0): Pick<Evidence, 'usage'> {
  return {usage: known({invocations, throttles, lastPeriod: {start: lastAt, end: lastAt + 3_600_000}})}
}

export function details(of: Partial<FunctionDetails> = {}): FunctionDetails {
  return {state: 'Active', stateReasonCode: null, reservedConcurrency: null, ...of}
}

export function source(of: Partial<EventSource> = {}, queue: WatchedQueue | null = null): WatchedSource {
  return {
    source: {
      uuid: '6f0c1e5c-0000-4000-8000-000000000001',
      functionName: 'orders-retry',
      qualifier: null,
      sourceArn: 'arn:aws:sqs:eu-west-1:123456789012:orders-retry',
      state: 'Enabled',
      lastProcessingResult: null,
      ...of,
    },
    queue,
  }
}

export function queue(visible: number, of: Partial<WatchedQueue> = {}): WatchedQueue {
  const state: QueueState = {
    arn: 'arn:aws:sqs:eu-west-1:123456789012:orders-retry',
    visible,
    inFlight: 0,
    delayed: 0,
    deadLetterArn: null,
  }
  return {state: known(state), sent: known(0), oldestAgeSeconds: known(visible > 0 ? 259_200 : null), ...of}
}

export function schedule(expression: string | null, of: Partial<Rule> = {}): Rule {
  return {kind: 'schedule', name: 'yearly', isEnabled: true, schedule: expression, timezone: 'UTC', ...of}
}

export function rule(
  expression: string | null,
  of: Partial<Rule> = {},
  matched: Known<number> | null = null,
): WatchedRule {
  return {rule: {kind: 'rule', name: 'a-rule', isEnabled: true, schedule: expression, timezone: null, ...of}, matched}
}

export function grant(principal: string): PolicyGrant {
  return {principal, sourceArn: null, qualifier: null}
}

export function logGroup(of: Partial<LogGroupFacts> = {}): LogGroupFacts {
  return {
    name: '/aws/lambda/orders-retry',
    storedBytes: 0,
    retentionInDays: 14,
    createdAt: now - 400 * dayMs,
    logClass: 'STANDARD',
    ...of,
  }
}
