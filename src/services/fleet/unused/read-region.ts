import {derived, isKnown, type Known} from '../../../known.ts'
import {atATime} from '../../at-a-time.ts'
import type {Aws} from '../../aws/connect.ts'
import {isQueue} from '../facts/arns.ts'
import type {AccountLimits, EventSource, Facts, LogGroupFacts, Rule} from '../facts.ts'
import type {FleetCache} from '../fleet-cache.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {ListedActivity} from '../metric-reader.ts'
import {interrupted} from '../why-unknown.ts'
import {type Evidence, nothingAsked, type Usage} from './evidence.ts'
import {isStanding, type JudgedWindow} from './judge.ts'
import {isPlain, listedInstead, measureUsage} from './measure-usage.ts'
import {watchTriggers} from './watch-triggers.ts'

export type RegionToRead = {
  readonly aws: Aws
  readonly facts: Facts
  /** each once */
  readonly functions: readonly FleetFunction[]
  /** those of them whose invocations are read */
  readonly measured: readonly FleetFunction[]
  readonly listed: Known<ListedActivity>
}

export type ReadRegionOptions = {
  readonly window: JudgedWindow
  readonly periodSeconds: number
  readonly cache: FleetCache | null
  /** whether versions and provisioned concurrency of functions in use are looked at too */
  readonly looksAtAll: boolean
  /** whether all log groups of the region are of interest, or those of these functions only */
  readonly wholeRegion: boolean
  readonly onProgress: (progress: RegionProgress) => void
}

/** How far a region is: functions of which the invocations are known, then idle ones of which all is. */
export type RegionProgress = {readonly measured: number; readonly idle: number; readonly lookedAt: number}

export type RegionEvidence = {
  readonly evidence: ReadonlyMap<FleetFunction, Evidence>
  readonly logGroups: Known<ReadonlyMap<string, LogGroupFacts>>
  readonly limits: Known<AccountLimits>
}

/** functions that are looked at at a time: the rate budget decides how fast calls go out */
const mostAtATime = 24

/** Reads what verdicts on the functions of a region rest on: what few calls tell of all, then what is asked of each that is idle. On abort, what was read; the rest is unknown as `interrupted`. */
export async function readRegion(
  {aws, facts, functions, measured, listed}: RegionToRead,
  {window, periodSeconds, cache, looksAtAll, wholeRegion, onProgress}: ReadRegionOptions,
  signal: AbortSignal,
): Promise<RegionEvidence> {
  const progress = {measured: 0, idle: 0, lookedAt: 0}
  const told = (change: Partial<typeof progress>): void => onProgress(Object.assign(progress, change))
  const measuring = {window, periodSeconds, cache, onProgress: (read: number) => told({measured: read})}
  const [usage, eventSources, schedules, logGroups, limits] = await Promise.all([
    measureUsage(aws, functions, measured, measuring, signal),
    facts.eventSources(),
    facts.schedules(),
    facts.logGroups(wholeRegion ? undefined : [...new Set(functions.map(({logGroup}) => logGroup))]),
    facts.accountLimits(),
  ])
  const idle = functions.filter(fn => isIdle(usage.get(fn)))
  const still = functions.filter(fn => {
    const known = usage.get(fn)
    return known && isKnown(known) && isStanding(known.value, window.end) && of(eventSources, fn).some(isOfQueue)
  })
  told({idle: idle.length})

  const looked = new Map<FleetFunction, IdleFacts>()
  await eachOf(idle, async fn => {
    looked.set(fn, await lookAt(fn, facts))
    told({lookedAt: looked.size})
  })
  const others = looksAtAll ? functions.filter(fn => !looked.has(fn)) : []
  const versions = new Map<FleetFunction, Pick<Evidence, 'provisioned' | 'versions'>>()
  await eachOf(others, async fn => {
    const [provisioned, published] = await Promise.all([facts.provisioned(fn), facts.versions(fn)])
    versions.set(fn, {provisioned, versions: published})
  })
  const watched = await watchTriggers(
    {aws, facts, account: functions[0]?.account ?? null},
    {
      sources: [...idle, ...still].flatMap(fn => of(eventSources, fn)),
      rules: [...looked.values()].flatMap(({rules}) => (isKnown(rules) ? rules.value : [])),
    },
    window,
    signal,
  )

  const evidence = new Map<FleetFunction, Evidence>()
  const stands = new Set(still)
  for (const fn of functions) {
    if (isMerelyListed(fn)) {
      evidence.set(fn, merelyListed)
      continue
    }
    const common: Evidence = {
      ...nothingAsked,
      usage: usage.get(fn) ?? interrupted,
      listed: derived(listed, ({byFunction}) => byFunction.get(fn.name) ?? null),
      logGroup: derived(logGroups, groups => groups.get(fn.logGroup) ?? null),
      ...versions.get(fn),
    }
    const isLookedAt = isIdle(usage.get(fn))
    const sources = derived(eventSources, () => watched.sourcesOf(of(eventSources, fn)))
    const {rules, ...own} = looked.get(fn) ?? notReached
    evidence.set(
      fn,
      isLookedAt
        ? {
            ...common,
            ...own,
            eventSources: sources,
            schedules: derived(schedules, all => all.get(fn.name) ?? []),
            rules: derived(rules, watched.rulesOf),
          }
        : {...common, ...(stands.has(fn) && {eventSources: sources})},
    )
  }
  return {evidence, logGroups, limits}

  /** of which there is nothing to tell but that CloudWatch lists it */
  function isMerelyListed(fn: FleetFunction): boolean {
    const own = isKnown(listed) ? listed.value.byFunction.get(fn.name) : undefined
    const group = isKnown(logGroups) ? logGroups.value.get(fn.logGroup) : undefined
    return (
      usage.get(fn) === listedInstead &&
      own !== undefined &&
      isPlain(fn.name, own) &&
      isKnown(logGroups) &&
      (group === undefined || group.retentionInDays !== null)
    )
  }

  async function eachOf(all: readonly FleetFunction[], look: (fn: FleetFunction) => Promise<void>): Promise<void> {
    await atATime(mostAtATime, all, async fn => {
      if (!signal.aborted) await look(fn)
    })
  }
}

/** Of a hundred thousand functions in use, the evidence is one. */
export const merelyListed: Evidence = {
  ...nothingAsked,
  usage: listedInstead,
  listed: {value: {resources: new Set(), versions: new Set()}},
}

type IdleFacts = Pick<
  Evidence,
  'details' | 'policy' | 'urls' | 'provisioned' | 'versions' | 'lastLogEvent' | 'deadLetters'
> & {readonly rules: Known<readonly Rule[]>}

async function lookAt(fn: FleetFunction, facts: Facts): Promise<IdleFacts> {
  const {deadLetterArn} = fn
  const [[versions, policy, rules], details, urls, provisioned, lastLogEvent, deadLetters] = await Promise.all([
    lookAtAliases(fn, facts),
    facts.details(fn),
    facts.urls(fn),
    facts.provisioned(fn),
    facts.lastLogEvent(fn),
    isQueue(deadLetterArn) ? facts.queue(deadLetterArn) : {value: null},
  ])
  return {details, policy, urls, rules, provisioned, versions, lastLogEvent, deadLetters}
}

/** Its aliases have policies of their own, and rules that start them, as versions have: who cannot see which there are knows of neither. */
async function lookAtAliases(
  fn: FleetFunction,
  facts: Facts,
): Promise<readonly [Evidence['versions'], Evidence['policy'], Known<readonly Rule[]>]> {
  const versions = await facts.versions(fn)
  if (!isKnown(versions)) return [versions, versions, versions]
  const aliases = [...new Set(versions.value.flatMap(version => version.aliases))].sort()
  const newest = versions.value.flatMap(({version}) => (/^\d+$/.test(version) ? version : [])).slice(-mostVersions)
  const [policy, rules] = await Promise.all([
    facts.policy(fn, mayBeAtEdge(fn) ? [...aliases, ...newest] : aliases),
    facts.rules(fn, [...aliases, ...newest]),
  ])
  return [versions, policy, rules]
}

/** the newest of them: what a rule or a distribution names was published lately, as a rule */
const mostVersions = 5

/** CloudFront runs versions of such functions only (restrictions on Lambda@Edge), and lets itself in by the policy of the version. */
const mayBeAtEdge = ({region, runtime, packageType, architecture, inVpc}: FleetFunction): boolean =>
  region === 'us-east-1' &&
  packageType === 'Zip' &&
  architecture === 'x86_64' &&
  !inVpc &&
  /^(nodejs|python)/.test(runtime ?? '')

/** What an idle function is that was not come to. */
const notReached: IdleFacts = {
  details: interrupted,
  policy: interrupted,
  urls: interrupted,
  rules: interrupted,
  provisioned: interrupted,
  versions: interrupted,
  lastLogEvent: interrupted,
  deadLetters: interrupted,
}

const isIdle = (usage: Known<Usage> | undefined): boolean =>
  usage !== undefined && isKnown(usage) && usage.value.invocations === 0

const isOfQueue = ({sourceArn}: EventSource): boolean => isQueue(sourceArn)

function of(
  eventSources: Known<ReadonlyMap<string, readonly EventSource[]>>,
  {name}: FleetFunction,
): readonly EventSource[] {
  return isKnown(eventSources) ? (eventSources.value.get(name) ?? []) : []
}
