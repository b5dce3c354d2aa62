import {isKnown, type Known} from '../../known.ts'
import type {Aws} from '../aws/connect.ts'
import {callerAccount} from '../targets/caller-account.ts'
import {readAccountLimits} from './facts/account-limits.ts'
import {readAsyncConfig} from './facts/async-config.ts'
import {readDetails} from './facts/details.ts'
import {readEventSources} from './facts/event-sources.ts'
import {readLastLogEvent, readLogGroups} from './facts/log-groups.ts'
import {readPolicy} from './facts/policy.ts'
import {readProvisioned} from './facts/provisioned.ts'
import {readPublished} from './facts/published.ts'
import {readQueue} from './facts/queues.ts'
import {openRules} from './facts/rules.ts'
import {readSchedules} from './facts/schedules.ts'
import {readTags} from './facts/tags.ts'
import {readUrls} from './facts/urls.ts'
import {readVersions} from './facts/versions.ts'
import {cachePlace, type FleetCache} from './fleet-cache.ts'
import type {FleetFunction} from './fleet-function.ts'

/** What invokes a function by polling: a queue, a stream, a topic of Kafka. */
export type EventSource = {
  readonly uuid: string
  readonly functionName: string
  readonly qualifier: string | null
  /** null for self-managed Kafka */
  readonly sourceArn: string | null
  /** Enabled, Disabled, Creating, … as AWS spells it */
  readonly state: string
  readonly lastProcessingResult: string | null
}

/** A statement of a resource policy: who may invoke. */
export type PolicyGrant = {
  readonly principal: string
  readonly sourceArn: string | null
  readonly qualifier: string | null
  /** there where the grant is held to an account, as that of a bucket is */
  readonly sourceAccount?: string
}

export type FunctionUrl = {readonly qualifier: string | null; readonly url: string; readonly authType: string}

export type ProvisionedConcurrency = {
  /** the alias or version */
  readonly qualifier: string
  readonly requested: number
  readonly allocated: number
  readonly status: string
  /** epoch ms: since when it is configured so; not there where nobody tells */
  readonly lastModifiedAt?: number
}

export type PublishedVersion = {
  /** a number, or `$LATEST` */
  readonly version: string
  readonly memorySizeMB: number
  readonly codeSizeBytes: number
  readonly publishedAt: number | null
  readonly snapStart: boolean
  readonly aliases: readonly string[]
}

/** What a listing leaves out. */
export type FunctionDetails = {
  /** Active, Inactive, Pending, Failed */
  readonly state: string
  readonly stateReasonCode: string | null
  readonly reservedConcurrency: number | null
}

export type AsyncConfig = {
  readonly qualifier: string | null
  readonly onSuccessArn: string | null
  readonly onFailureArn: string | null
  readonly maximumEventAgeSeconds: number | null
  readonly maximumRetryAttempts: number | null
}

export type AccountLimits = {
  readonly concurrentExecutions: number
  readonly unreservedConcurrentExecutions: number
  readonly totalCodeSizeBytes: number
  readonly codeSizeLimitBytes: number
  readonly functionCount: number
}

export type QueueState = {
  readonly arn: string
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** where messages go that were received too often */
  readonly deadLetterArn: string | null
}

/** What starts a function by the clock or by an event: an EventBridge rule, or a schedule of EventBridge Scheduler. */
export type Rule = {
  readonly kind: 'rule' | 'schedule'
  readonly name: string
  readonly isEnabled: boolean
  /** `rate(5 minutes)`, `cron(0 3 1 1 ? *)`, `at(…)`; null for an event pattern */
  readonly schedule: string | null
  readonly timezone: string | null
  /** epoch ms: since when it stands as it does, or from when on it is to start anything; not there where nobody tells, as of rules */
  readonly activeFrom?: number
  /** epoch ms: after that it starts nothing any more */
  readonly activeUntil?: number
  /** it may start so much later than its expression says */
  readonly spreadMs?: number
}

export type LogGroupFacts = {
  readonly name: string
  readonly storedBytes: number
  /** null: kept for ever */
  readonly retentionInDays: number | null
  readonly createdAt: number | null
  readonly logClass: string
}

/**
 * What AWS says of a region's functions, each asked for at most once a run. Nothing here throws for what AWS refuses: that
 * is an answer with a reason. Sweeps cover the region in few calls, and are asked for in every run; what takes a function
 * costs a call or more each, of the 15 a second that Lambda's control plane allows, and is kept for up to an hour, as long as
 * the function's revision stays: a policy, a URL or a rule may change without it. What changes by itself, as a function's state
 * and what is logged, is kept for a quarter of an hour.
 */
export type Facts = {
  readonly aws: Aws
  // sweeps
  eventSources(): Promise<Known<ReadonlyMap<string, readonly EventSource[]>>>
  /** of up to 20,000 schedules, 2,000 of which may start functions; above that `not-read` */
  schedules(): Promise<Known<ReadonlyMap<string, readonly Rule[]>>>
  /** tags by function name; functions that never had any are not there */
  tags(): Promise<Known<ReadonlyMap<string, Readonly<Record<string, string>>>>>
  /** names of the functions that have a published version; of more than 10,000 versions `not-read` */
  published(): Promise<Known<ReadonlySet<string>>>
  /** @param names where only these are of interest: a group that is not there is not in the answer */
  logGroups(names?: readonly string[]): Promise<Known<ReadonlyMap<string, LogGroupFacts>>>
  accountLimits(): Promise<Known<AccountLimits>>
  // one call a function, or more
  details(fn: FleetFunction): Promise<Known<FunctionDetails>>
  /** @param qualifiers aliases and versions whose own policies are read too: a call each */
  policy(fn: FleetFunction, qualifiers?: readonly string[]): Promise<Known<readonly PolicyGrant[]>>
  urls(fn: FleetFunction): Promise<Known<readonly FunctionUrl[]>>
  provisioned(fn: FleetFunction): Promise<Known<readonly ProvisionedConcurrency[]>>
  versions(fn: FleetFunction): Promise<Known<readonly PublishedVersion[]>>
  /** @param qualifier an alias or version, which has a configuration of its own or none */
  asyncConfig(fn: FleetFunction, qualifier?: string): Promise<Known<AsyncConfig | null>>
  /** @param qualifiers aliases and versions that rules may start instead of the function */
  rules(fn: FleetFunction, qualifiers?: readonly string[]): Promise<Known<readonly Rule[]>>
  /**
   * epoch ms of the newest event in its log group, as far as AWS has noticed; null where the group is empty or not there.
   * In a group that functions share it may be another's.
   */
  lastLogEvent(fn: FleetFunction): Promise<Known<number | null>>
  /** null where there is no such queue; one of another account or region is `not-read` */
  queue(arn: string): Promise<Known<QueueState | null>>
}

const keptMs = 3_600_000
const keptShortlyMs = 900_000

/**
 * Opens the facts of a region.
 * @param cache null: nothing is kept from one run to the next
 */
export function openFacts(aws: Aws, cache: FleetCache | null, signal: AbortSignal): Facts {
  const asked = new Map<string, Promise<unknown>>()
  const rules = openRules(aws, signal)
  let account: Promise<string | null> | null = null

  /** asked for once a run */
  const once = <T>(key: string, read: () => Promise<Known<T>>): Promise<Known<T>> => {
    const asking = asked.get(key)
    if (asking) return asking as Promise<Known<T>>
    const reading = read()
    asked.set(key, reading)
    return reading
  }

  /** and kept, where it is known whose the function is */
  const ofFunction = <T>(
    what: string,
    {account: owner, name, revisionId}: FleetFunction,
    read: () => Promise<Known<T>>,
    mostMs = keptMs,
  ): Promise<Known<T>> => {
    const asking = `${what} of ${name} ${revisionId}`
    return once(asking, async () => {
      const place = cachePlace(aws, owner)
      if (!cache || place === null || revisionId === '') return read()
      const key = `${place} ${asking}`
      const kept = cache.get<T>(key, mostMs)
      if (kept) return {value: kept.value}
      const answer = await read()
      if (isKnown(answer)) cache.put(key, answer.value, mostMs)
      return answer
    })
  }

  return {
    aws,
    eventSources: () => once('event sources', () => readEventSources(aws, signal)),
    schedules: () => once('schedules', () => readSchedules(aws, signal)),
    tags: () => once('tags', () => readTags(aws, signal)),
    published: () => once('published versions', () => readPublished(aws, signal)),
    logGroups: names =>
      once(`log groups ${names?.join('\n') ?? 'of the region'}`, () => readLogGroups(aws, names ?? null, signal)),
    accountLimits: () => once('account limits', () => readAccountLimits(aws, signal)),
    details: fn => ofFunction('details', fn, () => readDetails(fn, signal), keptShortlyMs),
    policy: (fn, qualifiers = []) =>
      ofFunction(`policy ${qualifiers.join()}`, fn, () => readPolicy(fn, qualifiers, signal)),
    urls: fn => ofFunction('urls', fn, () => readUrls(fn, signal)),
    provisioned: fn => ofFunction('provisioned', fn, () => readProvisioned(fn, signal)),
    versions: fn => ofFunction('versions', fn, () => readVersions(fn, signal)),
    asyncConfig: (fn, qualifier) =>
      ofFunction(`async config ${qualifier ?? ''}`, fn, () => readAsyncConfig(fn, qualifier ?? null, signal)),
    rules: (fn, qualifiers = []) => ofFunction(`rules ${qualifiers.join()}`, fn, () => rules.rulesOf(fn, qualifiers)),
    lastLogEvent: fn =>
      ofFunction('last log event', fn, () => readLastLogEvent(aws, fn.logGroup, signal), keptShortlyMs),
    queue: arn =>
      once(`queue ${arn}`, async () => {
        account ??= callerAccount(aws, signal).catch(() => null)
        return readQueue(aws, arn, await account, signal)
      }),
  }
}
