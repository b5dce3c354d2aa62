import {derived, isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Facts, LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {type MemoryHistory, memoryHistory} from './memory-history.ts'
import type {ProvisionedEnvironments} from './provisioned-charge.ts'

/** What a function has that no metric tells. */
export type StandingUsage = {
  /** environments that are kept ready */
  readonly provisioned: Known<readonly ProvisionedEnvironments[]>
  /** versions whose snapshot is paid for */
  readonly cachedVersions: Known<number>
  readonly memoryFrom: 'unchanged' | 'versions' | 'configured'
  readonly memory: MemoryHistory | null
  /** why its versions do not tell what memory it had, where they were asked for */
  readonly memoryUnknown: Unknown | null
}

export type StandingOptions = {
  /** what is known of its provisioned concurrency without a call, or why it takes none; null: it is asked */
  readonly provisionedUnasked: (fn: FleetFunction) => Known<readonly ProvisionedEnvironments[]> | null
  /** whether its versions are worth a call, to know what memory it had */
  readonly askMemory: (fn: FleetFunction) => boolean
  /** epoch ms: a function that was not changed since had the same memory all the time */
  readonly since: number
}

const none: Known<number> = {value: 0}

/** AWS charges for snapshots of Python and .NET, not of Java. */
const isSnapStartCharged = ({snapStart, runtime}: FleetFunction): boolean =>
  snapStart && runtime !== null && /^(python|dotnet)/.test(runtime)

/** Reads what the functions of one region have standing. */
export async function readStanding(
  facts: Facts,
  functions: readonly FleetFunction[],
  options: StandingOptions,
): Promise<ReadonlyMap<string, StandingUsage>> {
  const standing = new Map<string, StandingUsage>()
  const toAsk: FleetFunction[] = []
  // of most functions of a large fleet nothing is asked: they share what there is to say of them
  const unasked = new Map<
    Known<readonly ProvisionedEnvironments[]>,
    Readonly<Record<'unchanged' | 'configured', StandingUsage>>
  >()
  for (const fn of functions) {
    const provisioned = options.provisionedUnasked(fn)
    if (provisioned === null || asksVersions(fn, options)) {
      toAsk.push(fn)
      continue
    }
    const alike = unasked.get(provisioned) ?? standingWithout(provisioned)
    unasked.set(provisioned, alike)
    standing.set(fn.name, alike[isUnchanged(fn, options) ? 'unchanged' : 'configured'])
  }
  await Promise.all(
    toAsk.map(async fn => {
      const [provisioned, rest] = await Promise.all([provisionedOf(facts, fn, options), versionsOf(facts, fn, options)])
      standing.set(fn.name, {provisioned, ...rest})
    }),
  )
  return standing
}

function standingWithout(provisioned: Known<readonly ProvisionedEnvironments[]>) {
  const configured = {
    provisioned,
    cachedVersions: none,
    memory: null,
    memoryFrom: 'configured',
    memoryUnknown: null,
  } as const
  return {configured, unchanged: {...configured, memoryFrom: 'unchanged'}} as const
}

const isUnchanged = ({lastModifiedAt}: FleetFunction, {since}: StandingOptions): boolean =>
  lastModifiedAt !== null && lastModifiedAt < since

const asksVersions = (fn: FleetFunction, options: StandingOptions): boolean =>
  isSnapStartCharged(fn) || (!isUnchanged(fn, options) && options.askMemory(fn))

async function provisionedOf(
  facts: Facts,
  fn: FleetFunction,
  {provisionedUnasked}: StandingOptions,
): Promise<Known<readonly ProvisionedEnvironments[]>> {
  return (
    provisionedUnasked(fn) ??
    derived(await facts.provisioned(fn), all =>
      all.map(({allocated, lastModifiedAt = null}) => ({count: allocated, since: lastModifiedAt})),
    )
  )
}

async function versionsOf(
  facts: Facts,
  fn: FleetFunction,
  options: StandingOptions,
): Promise<Omit<StandingUsage, 'provisioned'>> {
  const isSame = isUnchanged(fn, options)
  const memoryFrom = isSame ? 'unchanged' : 'configured'
  if (!asksVersions(fn, options)) return {cachedVersions: none, memory: null, memoryFrom, memoryUnknown: null}
  const isCharged = isSnapStartCharged(fn)
  const versions = await facts.versions(fn)
  const cachedVersions = isCharged
    ? derived(versions, all => all.filter(({snapStart, version}) => snapStart && version !== '$LATEST').length)
    : none
  if (!isKnown(versions)) return {cachedVersions, memory: null, memoryFrom, memoryUnknown: isSame ? null : versions}
  const memory = isSame ? null : memoryHistory(versions.value, fn.memorySizeMB)
  return {cachedVersions, memory, memoryFrom: memory === null ? memoryFrom : 'versions', memoryUnknown: null}
}

/** The class that a log group's ingestion is charged by. */
export const classOf = (group: LogGroupFacts | undefined): 'STANDARD' | 'INFREQUENT_ACCESS' =>
  group?.logClass === 'INFREQUENT_ACCESS' ? 'INFREQUENT_ACCESS' : 'STANDARD'
