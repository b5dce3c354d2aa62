// The log groups of a company and what is in them: derived events, merged with what clients wrote.
import {type ClientLogGroups, writtenGroup} from './client-log-groups.ts'
import type {ClientLogs} from './client-logs.ts'
import type {CompanyFunction, CompanyLogGroup, CompanyStack} from './company.ts'
import {logGroupOf} from './control-plane.ts'
import {type Described, describeGroup} from './describe-group.ts'
import {type Environments, lookAround} from './environments.ts'
import {executedEvents} from './executed-events.ts'
import type {Executions} from './executions.ts'
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
  readonly executions: Executions
  readonly clientLogs: ClientLogs
  readonly clientLogGroups: ClientLogGroups
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
  const {stacks, scaled, touchesIn, find, history, environments, executions, derivedGroups} = options
  const {clientLogs, clientLogGroups} = options
  const {now, where, seed} = options
  const asked = executedEvents(executions, where)
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
    // as they are now, after what clients changed
    if (known) return known.map(definition => find(definition.name) ?? definition)
    const definition = group.startsWith('/aws/lambda/zz-') ? find(group.slice('/aws/lambda/'.length)) : undefined
    return definition ? [definition] : []
  }

  /** A group as the company or Lambda made it. */
  function groupAsMade(name: string): SandboxLogGroup | undefined {
    const known = described.get(name)
    if (known) return known
    const [definition] = writersOf(name)
    return definition && describe(name, definition, null)
  }

  function groupOf(name: string): SandboxLogGroup | undefined {
    const writes = clientLogGroups.of(name)
    const made = groupAsMade(name)
    if (!writes) return made
    const {created, deletedAt} = writes
    const standing = created
      ? {...created, storedBytes: clientLogs.storedBytes(name)}
      : deletedAt === null
        ? made
        : madeAgain(name, deletedAt, made)
    return standing && writtenGroup(standing, writes)
  }

  /** Lambda makes a group that was deleted again when a function is invoked that writes to it, with nothing of what it was. */
  function madeAgain(name: string, deletedAt: number, made: SandboxLogGroup | undefined): SandboxLogGroup | undefined {
    const until = now() + 1
    if (!made || lastRuns.has(name) || runsIn(name, deletedAt + 1, until) === 0) return undefined
    let to = deletedAt + 60_000
    while (to < until && runsIn(name, deletedAt + 1, to) === 0) to += to - deletedAt
    const first = derivedEvents(name, deletedAt + 1, Math.min(to, until), () => true)
    const createdAt = first
      .filter(({timestamp}) => timestamp > deletedAt)
      .reduce((at, {timestamp}) => Math.min(at, timestamp), until)
    return {...made, class: 'STANDARD', createdAt, retentionInDays: null, storedBytes: 0, tags: {}}
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
    const kept = days === null ? 0 : now() - days * dayMs
    return Math.max(kept, deletedBefore(name))
  }

  /** What was written until then went with the group when it was deleted. */
  function deletedBefore(name: string): number {
    return (clientLogGroups.of(name)?.deletedAt ?? Number.NEGATIVE_INFINITY) + 1
  }

  function runsIn(name: string, from: number, to: number): number {
    if (derivedByName.has(name)) return (to - from) / 60_000
    if (entryGroups.has(name)) return history.count(name, from, to)
    const invoked = asked.count(name, from, to)
    return writersOf(name).reduce((sum, definition) => sum + history.count(definition.name, from, to), invoked)
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
      const added = clientLogGroups.names().filter(name => !names.has(name))
      return added.length === 0 ? sortedNames : [...sortedNames, ...added].sort()
    },
    runsIn,
    wroteSince: (name, since) => clientLogs.events(name).some(({ingestionTime}) => ingestionTime >= since),
    groups() {
      const own = ownGroups()
      const changed = new Set(clientLogGroups.names())
      if (changed.size === 0) return own
      return inOrder([
        ...own.filter(({name}) => !changed.has(name)),
        ...[...changed].flatMap(name => groupOf(name) ?? []),
      ])
    },
    group: groupOf,
    events(name, from, to, streams = {}) {
      const wanted = (stream: string) =>
        (!streams.names || streams.names.has(stream)) && (!streams.prefix || stream.startsWith(streams.prefix))
      const start = Math.max(from, horizonOf(name))
      if (start > to) return []
      const derived = [...derivedEvents(name, start, to, wanted), ...asked.events(name, start, to, wanted)]
      const written = clientLogs.events(name).filter(event => wanted(event.logStream))
      return [...derived, ...written].filter(({timestamp}) => timestamp >= start && timestamp <= to).sort(inAnswerOrder)
    },
    ingested(name, from, to) {
      const written = clientLogs.events(name)
      const since = from - longestLagMs
      const oldest = deletedBefore(name)
      return [...derivedEvents(name, since, to, () => true), ...asked.events(name, since, to, () => true), ...written]
        .filter(({timestamp}) => timestamp >= oldest)
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
      for (const {placed} of asked.in(name, from, until)) {
        const span = spanOf(placed)
        if (span.from <= until) see(placed.environment.stream, span.from, Math.min(until, span.to))
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
