// The log groups of a company and what is in them: derived events, merged with what clients wrote.
import type {ClientLogs} from './client-logs.ts'
import type {CompanyFunction, CompanyLogGroup, CompanyStack} from './company.ts'
import {createdAt, logGroupOf} from './control-plane.ts'
import {type Environments, lookAround} from './environments.ts'
import type {History, Touch} from './history.ts'
import {lastRun} from './last-run.ts'
import {
  type Account,
  eventsOfEntry,
  eventsOfPrepared,
  eventsOfRun,
  inAnswerOrder,
  longestLagMs,
  spanOf,
} from './log-events.ts'
import {draw, mix, textKey} from './random.ts'
import {scaledName} from './scale.ts'
import type {DerivedGroup} from './span-group.ts'
import type {SandboxLogEvent, SandboxLogGroup, SandboxLogStream} from './world.ts'

const dayMs = 86_400_000

type StreamChoice = {readonly names?: ReadonlySet<string>; readonly prefix?: string}

export type LogGroups = {
  /** names of the company's own groups */
  readonly names: ReadonlySet<string>
  /** names of all groups, by name, but for those of generated functions */
  ownNames(): readonly string[]
  /** how many invocations or entries that write to a group start in [from, to); of a group with neither, its minutes */
  runsIn(group: string, from: number, to: number): number
  /** whether a client wrote to a group since */
  wroteSince(group: string, since: number): boolean
  groups(): readonly SandboxLogGroup[]
  group(name: string): SandboxLogGroup | undefined
  events(group: string, from: number, to: number, streams?: StreamChoice): readonly SandboxLogEvent[]
  /** by ingestion time, in [from, to) */
  ingested(group: string, from: number, to: number): readonly SandboxLogEvent[]
  streams(group: string): readonly SandboxLogStream[]
}

export type LogGroupsOptions = {
  readonly stacks: readonly CompanyStack[]
  readonly scaled: number
  readonly touchesIn: (place: string) => readonly Touch[]
  readonly find: (name: string) => CompanyFunction | undefined
  readonly history: History
  readonly environments: Environments
  readonly clientLogs: ClientLogs
  /** groups that nothing of the company writes to */
  readonly derivedGroups: readonly DerivedGroup[]
  readonly now: () => number
  readonly where: Account
  readonly seed: number
  /** epoch ms */
  readonly firstUsedAt: number
}

/** Streams are listed as far back as this; older ones are there for readers who ask for their time, as on AWS after a while. */
const listedStreamsMs = dayMs
/** where nothing was written for a day, one that is this old is listed */
const oldestListedMs = 400 * dayMs

export function createLogGroups(options: LogGroupsOptions): LogGroups {
  const {stacks, scaled, touchesIn, find, history, environments, clientLogs, derivedGroups, now, where, seed} = options
  const describe = (name: string, of: Described, stack: CompanyStack | null) =>
    describeGroup(name, of, stack, seed, options.firstUsedAt)
  const writers = new Map<string, CompanyFunction[]>()
  const described = new Map<string, SandboxLogGroup>()
  const entryGroups = new Map<string, CompanyLogGroup>()
  const lastRuns = new Map<string, readonly SandboxLogEvent[]>()

  for (const stack of stacks) {
    for (const definition of stack.functions) {
      // Lambda makes the group on the first invocation
      if (touchesIn(definition.name).length === 0 && !definition.formerlyInvoked) continue
      const name = logGroupOf(definition)
      writers.set(name, [...(writers.get(name) ?? []), definition])
      described.set(name, describe(name, definition, stack))
      if (definition.lastEvent) lastRuns.set(name, lastRun(name, Date.parse(definition.lastEvent), seed))
    }
    for (const group of stack.logGroups ?? []) {
      entryGroups.set(group.name, group)
      described.set(group.name, describe(group.name, group, stack))
    }
    for (const group of stack.leftLogGroups ?? []) {
      described.set(group.name, describe(group.name, group, null))
      lastRuns.set(group.name, lastRun(group.name, Date.parse(group.lastEvent), seed))
    }
  }
  const derivedByName = new Map(derivedGroups.map(derived => [derived.group.name, derived] as const))
  for (const {group} of derivedGroups) described.set(group.name, group)
  const names: ReadonlySet<string> = new Set(described.keys())

  function writersOf(group: string): readonly CompanyFunction[] {
    const known = writers.get(group)
    if (known) return known
    const definition = group.startsWith('/aws/lambda/zz-') ? find(group.slice('/aws/lambda/'.length)) : undefined
    return definition ? [definition] : []
  }

  function groupOf(name: string): SandboxLogGroup | undefined {
    const known = described.get(name) ?? clientLogs.group(name)
    if (known) return known
    const [definition] = writersOf(name)
    return definition && describe(name, definition, null)
  }

  let scaledGroups: readonly SandboxLogGroup[] | undefined
  function allScaledGroups(): readonly SandboxLogGroup[] {
    if (!scaledGroups) {
      const model = find(scaledName(0))
      scaledGroups = model
        ? Array.from({length: scaled}, (_, index) => describe(`/aws/lambda/${scaledName(index)}`, model, null))
        : []
    }
    return scaledGroups
  }

  let sortedGroups: readonly SandboxLogGroup[] | undefined
  /** The same array every time: there may be 100,000, and they are asked for a page at a time. */
  function ownGroups(): readonly SandboxLogGroup[] {
    sortedGroups ??= inOrder([...described.values(), ...allScaledGroups()])
    return sortedGroups
  }

  function eventsOfFunction(
    definition: CompanyFunction,
    from: number,
    to: number,
    wanted: (stream: string) => boolean,
  ): SandboxLogEvent[] {
    const events: SandboxLogEvent[] = []
    for (const placed of environments.placed(definition, from - lookAround.before, to + lookAround.after)) {
      if (!wanted(placed.environment.stream)) continue
      const span = spanOf(placed)
      // JSON lines of Python may be stamped up to a second before their START
      if (span.to >= from && span.from - 1000 <= to) events.push(...eventsOfRun(placed, definition, where))
    }
    for (const {environment, version} of environments.prepared(definition, from, to + lookAround.after)) {
      if (wanted(environment.stream)) events.push(...eventsOfPrepared(environment, version, definition, where))
    }
    return events
  }

  function eventsOfGroup(
    group: CompanyLogGroup,
    from: number,
    to: number,
    wanted: (stream: string) => boolean,
  ): SandboxLogEvent[] {
    return history
      .runs(group.name, from - lookAround.before, to + 1)
      .flatMap(run => eventsOfEntry(run, group, find, where))
      .filter(event => wanted(event.logStream))
  }

  /** At least those in the window; a run's come together. */
  function derivedEvents(
    name: string,
    from: number,
    to: number,
    wanted: (stream: string) => boolean,
  ): readonly SandboxLogEvent[] {
    const derived = derivedByName.get(name)
    if (derived) return derived.events(from, to).filter(event => wanted(event.logStream))
    const last = lastRuns.get(name)
    if (last) return last.filter(event => wanted(event.logStream))
    const entryGroup = entryGroups.get(name)
    return entryGroup
      ? eventsOfGroup(entryGroup, from, to, wanted)
      : writersOf(name).flatMap(definition => eventsOfFunction(definition, from, to, wanted))
  }

  /** The oldest moment a group still has. */
  function horizonOf(name: string): number {
    const days = groupOf(name)?.retentionInDays ?? null
    return days === null ? 0 : now() - days * dayMs
  }

  function runsIn(name: string, from: number, to: number): number {
    if (derivedByName.has(name)) return (to - from) / 60_000
    if (entryGroups.has(name)) return history.count(name, from, to)
    return writersOf(name).reduce((sum, definition) => sum + history.count(definition.name, from, to), 0)
  }

  /** Since when the streams of a group are listed: where nothing was written for a day, as far back as something was. */
  function listedSince(name: string, until: number): number {
    for (let backMs = listedStreamsMs; backMs < oldestListedMs; backMs *= 4)
      if (runsIn(name, until - backMs, until) > 0) return until - backMs
    return until - (runsIn(name, until - oldestListedMs, until) > 0 ? oldestListedMs : listedStreamsMs)
  }

  const sortedNames = [...names].sort()
  return {
    names,
    ownNames() {
      const written = clientLogs.groups().filter(({name}) => !names.has(name))
      return written.length === 0 ? sortedNames : [...sortedNames, ...written.map(({name}) => name)].sort()
    },
    runsIn,
    wroteSince: (name, since) => clientLogs.events(name).some(({ingestionTime}) => ingestionTime >= since),
    groups() {
      const written = clientLogs.groups().filter(({name}) => !names.has(name))
      if (written.length > 0) return inOrder([...ownGroups(), ...written])
      return ownGroups()
    },
    group: groupOf,
    events(name, from, to, streams = {}) {
      const wanted = (stream: string) =>
        (!streams.names || streams.names.has(stream)) && (!streams.prefix || stream.startsWith(streams.prefix))
      const start = Math.max(from, horizonOf(name))
      if (start > to) return []
      const derived = derivedEvents(name, start, to, wanted)
      const written = clientLogs.events(name).filter(event => wanted(event.logStream))
      return [...derived, ...written].filter(({timestamp}) => timestamp >= start && timestamp <= to).sort(inAnswerOrder)
    },
    ingested(name, from, to) {
      const written = clientLogs.events(name)
      return [...derivedEvents(name, from - longestLagMs, to, () => true), ...written]
        .filter(({ingestionTime}) => ingestionTime >= from && ingestionTime < to)
        .sort(inAnswerOrder)
    },
    streams(name) {
      const until = now()
      const from = Math.max(listedSince(name, until), horizonOf(name))
      const entryGroup = entryGroups.get(name)
      const spans = new Map<string, {first: number; last: number}>()
      const see = (stream: string, first: number, last: number) => {
        const span = spans.get(stream)
        if (span) {
          span.first = Math.min(span.first, first)
          span.last = Math.max(span.last, last)
        } else spans.set(stream, {first, last})
      }
      for (const event of lastRuns.get(name) ?? derivedByName.get(name)?.events(from, until) ?? [])
        see(event.logStream, event.timestamp, event.timestamp)
      if (entryGroup) {
        for (const event of eventsOfGroup(entryGroup, from, until, () => true))
          if (event.timestamp <= until) see(event.logStream, event.timestamp, event.timestamp)
      }
      for (const definition of entryGroup ? [] : writersOf(name)) {
        for (const placed of environments.placed(definition, from, until)) {
          const span = spanOf(placed)
          see(placed.environment.stream, span.from, Math.min(until, span.to))
        }
        for (const {environment} of environments.prepared(definition, from, until)) {
          const at = environment.preparedAt ?? 0
          see(environment.stream, at - Math.ceil(environment.initMs), at)
        }
      }
      const derived = [...spans].map(([stream, {first, last}]) => ({
        name: stream,
        createdAt: first,
        firstEventAt: first,
        lastEventAt: last,
        lastIngestedAt: Math.min(until, last + 1500),
      }))
      const written = clientLogs.streams(name).filter(stream => !spans.has(stream.name))
      return [...derived, ...written].sort((x, y) => (x.name < y.name ? -1 : 1))
    },
  }
}

const inOrder = (groups: SandboxLogGroup[]): SandboxLogGroup[] => groups.sort((x, y) => (x.name < y.name ? -1 : 1))

type Described = Pick<CompanyFunction, 'created' | 'retentionInDays' | 'logGroupClass' | 'storedBytes'>

function describeGroup(
  name: string,
  of: Described,
  stack: CompanyStack | null,
  seed: number,
  firstUsedAt: number,
): SandboxLogGroup {
  const key = textKey(name, seed)
  const retentionInDays = of.retentionInDays ?? null
  return {
    name,
    class: of.logGroupClass ?? 'STANDARD',
    createdAt: createdAt(of, firstUsedAt) + Math.floor(3_600_000 * draw(mix(key, 91))),
    retentionInDays,
    // between 2 and 300 MB for each day that is kept
    storedBytes: of.storedBytes ?? Math.floor((2e6 + 3e8 * draw(mix(key, 92)) ** 4) * (retentionInDays ?? 420)),
    tags: stack?.tags ?? {},
  }
}
