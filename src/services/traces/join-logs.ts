import {fewNames} from '../few-names.ts'
import type {Invocation} from '../logs/invocations.ts'
import type {LogEvent} from '../logs/log-event.ts'
import {longestRunMs} from '../logs/longest-run.ts'
import type {LogSource} from '../logs/source.ts'
import {isFraming} from '../logs/view.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {traceWords} from './find-in-logs.ts'
import {findInvocations} from './find-invocations.ts'
import {functionLogGroups} from './function-log-groups.ts'
import {type FunctionNode, functionNodes} from './function-nodes.ts'
import type {Trace} from './trace.ts'
import {gapAfterFailure, type TraceReading} from './trace-reading.ts'
import {logsKey} from './trace-report.ts'

/** What log lines add to traces, each by the key of the node (see logsKey). */
export type JoinedLogs = {
  /** the request's own lines, without those that only frame it; empty where none were found */
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
  /** the function's version that ran, as its log stream names it */
  readonly versions: ReadonlyMap<string, string>
}

type NodeOfTrace = FunctionNode & {readonly trace: Trace}

const minute = 60_000
/** X-Ray's clock and that of the logs, init before START, extensions after REPORT */
const aroundMs = minute
const mostGroups = 25
const mostLines = 20_000
/** from an event to when it can be read; longer is seldom seen */
const ingestionMs = minute

/**
 * Finds the log lines of every execution in the traces, in its function's log group: by its request id, or by the trace's where no
 * segment tells the request. What AWS does not let be read becomes a gap.
 * @param known executions that a trace was made of, by their span's id: they are not read again
 * @throws the signal's reason on abort
 */
export async function joinLogs(
  reading: TraceReading,
  traces: readonly Trace[],
  known: ReadonlyMap<string, Invocation>,
): Promise<JoinedLogs> {
  const nodes = traces.flatMap(trace => functionNodes(trace).map(node => ({trace, ...node})))
  const unread = nodes.filter(({node}) => !known.has(node.span.id))
  const read = await readInvocations(reading, unread)
  const logs = new Map<string, readonly LogEvent[]>()
  const versions = new Map<string, string>()
  let lines = 0
  for (const {trace, node, ...execution} of nodes) {
    const own = known.get(node.span.id)
    const invocations = own ? [own] : (read.get(node) ?? [])
    const key = logsKey(trace.id, node.id)
    const events = invocations.flatMap(({events}) => events).filter(event => !isFraming(event))
    logs.set(key, events.slice(0, Math.max(0, mostLines - lines)))
    lines += events.length
    const version = invocations.find(({version}) => version !== null)?.version
    if (version) versions.set(key, version)
    if (invocations.some(({eventsDropped}) => eventsDropped > 0))
      reading.notes.add(`${execution.functionArn.name} wrote so much that the middle of it is left out`)
  }
  if (lines > mostLines) reading.notes.add(`${lines} log lines belong to it: the first ${mostLines} are kept`)
  return {logs, versions}
}

/** Says of what no line was found, though its log group was read. */
function noteSilent({notes, options: {now}}: TraceReading, nodes: readonly NodeOfTrace[]): void {
  const names = [...new Set(nodes.map(({functionArn}) => functionArn.name))]
  if (names.length === 0) return
  const mayCome = nodes.some(({end}) => end === null || now - end < ingestionMs)
  notes.add(`no log lines of ${fewNames(names)} were found${mayCome ? ': they may still arrive' : ''}`)
}

async function readInvocations(
  reading: TraceReading,
  nodes: readonly NodeOfTrace[],
): Promise<ReadonlyMap<FunctionNode['node'], readonly Invocation[]>> {
  if (nodes.length === 0) return new Map()
  reading.step('reading the log lines')
  const sources = await functionLogGroups(reading, nodes)
  const groups = [...Map.groupBy(nodes, ({functionArn}) => sources.get(functionArn.arn))].filter(
    (group): group is [LogSource, NodeOfTrace[]] => group[0] !== undefined,
  )
  if (groups.length > mostGroups)
    reading.notes.add(`${groups.length} log groups belong to it: lines of the first ${mostGroups} were read`)
  const found = await Promise.all(
    groups.slice(0, mostGroups).map(async ([source, ofGroup]) => ({
      source,
      ofNode: attributed(ofGroup, await ofSource(reading, source, ofGroup)),
    })),
  )
  const unreadable = new Set([...reading.gaps, ...reading.tally.gaps].map(({what}) => what))
  const readable = found.filter(({source}) => !unreadable.has(source.logGroup)).flatMap(({ofNode}) => [...ofNode])
  const silent = new Set(readable.flatMap(([node, invocations]) => (invocations.length === 0 ? node : [])))
  // what was throttled never ran
  const ran = nodes.filter(({node}) => silent.has(node) && node.span.status !== 'throttle')
  noteSilent(reading, ran)
  return new Map(found.flatMap(({ofNode}) => [...ofNode]))
}

async function ofSource(
  {tally, signal, options, notes, gaps}: TraceReading,
  source: LogSource,
  nodes: readonly NodeOfTrace[],
): Promise<readonly Invocation[]> {
  try {
    const stretches = await Promise.all(
      stretchesOf(nodes, options.now).map(({start, end, words}) =>
        findInvocations({sources: [source], start, end, words: [...words]}, tally, signal),
      ),
    )
    if (stretches.some(({isCut}) => isCut))
      notes.add(`not all log lines of ${source.logGroup} were read: there are too many`)
    return stretches.flatMap(({invocations}) => invocations)
  } catch (error) {
    signal.throwIfAborted()
    const {account, region} = source.scope
    const told = explainedFailure(error, {doing: 'read log lines', permission: 'logs:FilterLogEvents'})
    gaps.push(gapAfterFailure(told, {what: source.logGroup, account, region}))
    return []
  }
}

type Stretch = {readonly start: number; end: number; readonly words: Set<string>}

/** When the executions ran; what is near is searched at once. */
function stretchesOf(nodes: readonly NodeOfTrace[], now: number): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (const {start, end, requestId, trace} of nodes.toSorted((a, b) => a.start - b.start)) {
    const until = Math.min(now, (end ?? start + longestRunMs) + aroundMs)
    const words = requestId === null ? traceWords(trace.id) : [requestId]
    const last = stretches.at(-1)
    if (last && start - aroundMs <= last.end) {
      last.end = Math.max(last.end, until)
      for (const word of words) last.words.add(word)
    } else stretches.push({start: start - aroundMs, end: Math.max(until, start), words: new Set(words)})
  }
  return stretches
}

/** Attempts at one request bear the same id: each goes to the segment that it is nearest to in time. */
function attributed(
  nodes: readonly NodeOfTrace[],
  invocations: readonly Invocation[],
): ReadonlyMap<FunctionNode['node'], readonly Invocation[]> {
  const ofNode = new Map<FunctionNode['node'], Invocation[]>(nodes.map(({node}) => [node, []]))
  const byRequest = Map.groupBy(nodes, ({requestId}) => requestId)
  const byTrace = (one: Invocation): readonly NodeOfTrace[] =>
    (byRequest.get(null) ?? []).filter(
      ({trace, functionArn}) => one.traceId === trace.id && one.function?.arn === functionArn.arn,
    )
  // what was read for two of them is there twice
  const once = new Map(invocations.map(one => [`${one.logStream} ${one.requestId} ${one.start}`, one]))
  for (const invocation of once.values()) {
    const alike = byRequest.get(invocation.requestId?.toLowerCase() ?? '') ?? byTrace(invocation)
    const nearest = alike.toSorted((a, b) => distance(a, invocation) - distance(b, invocation))[0]
    if (nearest) ofNode.get(nearest.node)?.push(invocation)
  }
  return ofNode
}

const distance = ({start}: FunctionNode, invocation: Invocation): number => Math.abs(start - invocation.start)
