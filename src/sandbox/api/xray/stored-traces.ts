import {traceTimeOf} from '../../world/invocations.ts'
import type {SandboxTrace, World} from '../../world/world.ts'
import {inTurns} from '../in-turns.ts'
import {type ProcessedTrace, processTrace} from './process-trace.ts'
import type {TimeWindow} from './time-window.ts'
import {shareOf} from './trace-share.ts'
import {endOf, type TraceTree, treeOf} from './trace-tree.ts'

type Stored = {readonly processed: ProcessedTrace; readonly tree: TraceTree | undefined}

/** What a window is a window of: the start that a trace's id names, its last update, the end of its last segment. */
export type TimeRangeType = 'TraceId' | 'Event' | 'Service'

/** Epoch ms; null where there is no such time yet. */
type TraceTimes = Readonly<Record<TimeRangeType, number | null>>

/** A trace in its place; `tree` makes of it what X-Ray has, which may take a while for many. */
export type TimedTrace = {readonly id: string; readonly time: number; readonly tree: () => TraceTree | undefined}

type Kept = {
  readonly traces: Map<string, Stored>
  readonly times: Map<string, TraceTimes>
  /** replaced when somebody sends more: what is being made from less is not kept here then */
  slots: Map<string, readonly TimedTrace[]>
  /** ms: how far a trace's times are at most from where the world has it */
  reach: number
}

// More than begin within what is read for one page of summaries.
const keptTraces = 2000
const keptTimes = 200_000
const keptSlots = 100
const keptOf = new WeakMap<World, Kept>()

/** After so long only clients add to a trace; what is younger is told anew each time. A trace of the company is over by then. */
const settledAfterMs = 20 * 60_000
const slotMs = 10 * 60_000

/** An init may come before the second that an id names, and a segment begin after it. */
const idReachMs = 60_000
/** However long a client says that something took, no window is searched wider than by this. */
const mostReachMs = 3 * 60 * 60_000

function kept(world: World): Kept {
  const known = keptOf.get(world)
  if (known) return known
  const empty = {traces: new Map(), times: new Map(), slots: new Map(), reach: 0}
  keptOf.set(world, empty)
  return empty
}

/** What X-Ray keeps of a trace by now; undefined for one it never saw. */
export function storedTrace(world: World, id: string): Stored | undefined {
  const trace = world.trace(id)
  return trace && stored(world, trace)
}

/**
 * The traces that start in [from, to), epoch ms, joined, one after the other and none of them kept: all of six hours would
 * fill the memory. Where spans go to CloudWatch Logs, only those that X-Ray indexes.
 */
export function* indexedTraces(world: World, from: number, to: number): Generator<TraceTree> {
  for (let start = from; start < to; start += slotMs)
    for (const trace of indexed(world, start, Math.min(to, start + slotMs))) {
      const {tree} = kept(world).traces.get(trace.id) ?? made(world, trace)
      if (tree) yield tree
    }
}

/**
 * The traces whose time lies in the slot that a moment, epoch ms, stands in: newest first; of the same one the greater id.
 * @throws AbortError when the client is gone
 */
export async function tracesOfSlot(
  world: World,
  at: number,
  type: TimeRangeType,
  signal: AbortSignal,
): Promise<readonly TimedTrace[]> {
  const {slots} = kept(world)
  const from = slotOf(at)
  const key = `${type}/${from}`
  const known = slots.get(key)
  if (known) return known
  const found = await timedTraces(world, {from, to: from + slotMs}, type, signal)
  keep(slots, {id: key, at: from + slotMs}, found, world, keptSlots)
  return found
}

/** Epoch ms at which the slot of a moment begins. */
export const slotOf = (at: number): number => Math.floor(at / slotMs) * slotMs

async function timedTraces(
  world: World,
  {from, to}: TimeWindow,
  type: TimeRangeType,
  signal: AbortSignal,
): Promise<readonly TimedTrace[]> {
  const {reach} = kept(world)
  const before = Math.max(reach, type === 'TraceId' ? idReachMs : settledAfterMs)
  const after = Math.max(reach, type === 'TraceId' ? idReachMs : 0)
  const found: TimedTrace[] = []
  for await (const trace of inTurns(indexed(world, from - before, to + after), signal)) {
    const time = type === 'TraceId' ? (traceTimeOf(trace.id) ?? trace.at) : timesOf(world, trace)[type]
    if (time === null || time < from || time >= to) continue
    found.push({id: trace.id, time, tree: () => stored(world, trace).tree})
  }
  return found.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1))
}

/** To be called when somebody has sent more of these traces. */
export function noteSent(world: World, ids: readonly string[]): void {
  const own = kept(world)
  own.slots = new Map()
  for (const id of ids) {
    own.traces.delete(id)
    own.times.delete(id)
    const trace = world.trace(id)
    if (!trace) continue
    const times = Object.values(timesOf(world, trace)).filter(time => time !== null)
    own.reach = Math.min(mostReachMs, Math.max(own.reach, ...times.map(time => Math.abs(time - trace.at))))
  }
}

/** The share of traces that Transaction Search indexes as summaries, unless an account asks for more. */
export const indexedPercentage = 1

function indexed(world: World, from: number, to: number): readonly SandboxTrace[] {
  const traces = world.traces(from, to)
  return world.traceDestination === 'XRay'
    ? traces
    : traces.filter(({id}) => shareOf(id, 'indexed') < indexedPercentage / 100)
}

function timesOf(world: World, trace: SandboxTrace): TraceTimes {
  const {times} = kept(world)
  const known = times.get(trace.id)
  if (known) return known
  const {tree} = stored(world, trace)
  const ends = tree?.segments.flatMap(({document}) => document.end_time ?? []) ?? []
  const found = {
    TraceId: traceTimeOf(trace.id) ?? null,
    Event: tree ? latest(tree.segments.map(({document}) => endOf(document))) : null,
    Service: ends.length > 0 ? latest(ends) : null,
  }
  keep(times, trace, found, world, keptTimes)
  return found
}

const latest = (seconds: readonly number[]) =>
  Math.floor(seconds.reduce((last, each) => Math.max(last, each), 0) * 1000)

function stored(world: World, trace: SandboxTrace): Stored {
  const {traces} = kept(world)
  // A trace's documents may be made only as they are looked at: of what is kept they are not.
  const known = traces.get(trace.id)
  if (known) return known
  const found = made(world, trace)
  keep(traces, trace, found, world, keptTraces)
  return found
}

function made(world: World, trace: SandboxTrace): Stored {
  const processed = processTrace(trace)
  return {processed, tree: treeOf(processed, world.account)}
}

/** Keeps what will not change any more. */
function keep<Value>(
  map: Map<string, Value>,
  {id, at}: Pick<SandboxTrace, 'id' | 'at'>,
  value: Value,
  world: World,
  most: number,
): void {
  if (at + settledAfterMs > world.now()) return
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size >= most) map.delete(oldest)
  map.set(id, value)
}
