import {
  addEvent,
  addPreamble,
  failedInit,
  type Invocation,
  type InvocationLog,
  isPhase,
  newInvocationLog,
  sizeOf,
  toInvocation,
} from './invocations.ts'
import type {LogEvent} from './log-event.ts'
import type {LogSource} from './source.ts'
import {perStream} from './streams.ts'

export type InvocationLimits = {
  /** how long after its REPORT, by the time of the events, an invocation waits for trailing lines */
  readonly lingerMs: number
  /** events that all unfinished invocations hold together */
  readonly maxHeld: number
  /** events that are kept of one invocation besides its init lines: the first quarter, and the most recent others */
  readonly maxEvents: number
}

/** Assembles events, which come in order, into invocations. */
export type InvocationAssembler = {
  /** the invocations that this event shows to be complete */
  push(event: LogEvent): readonly Invocation[]
  /**
   * The invocations that are complete because nothing more came for so long.
   * @param upTo epoch ms up to which all events are known to have come, save late ones
   */
  passTime(upTo: number): readonly Invocation[]
  /** the others, when no more events come */
  flush(): readonly Invocation[]
}

type Stream = {
  readonly source: LogSource
  readonly logStream: string
  /** by request id; a retry bears the same id, but it is in another stream, or comes after the REPORT of the one before */
  readonly open: Map<string, InvocationLog>
  /** whose START came last: lines that name no request go with it */
  serving: InvocationLog | null
  /** lines of the init phase, and others that came while no request was served: they go with the next request */
  preamble: LogEvent[]
}

const defaults: InvocationLimits = {lingerMs: 1_000, maxHeld: 250_000, maxEvents: 2_000}
// A function runs for 15 minutes at most: what is open for longer has lost its REPORT.
const longestMs = 16 * 60_000
const maxPreamble = 200
const maxPreambles = 100_000
const none: readonly Invocation[] = []

/**
 * Makes invocations out of the events of many streams. They come in the order in which they ended (of REPORT), `lingerMs` after
 * that by the time of the events, or by `passTime`; those without a REPORT come when they are older than a function can run, or at the end, in
 * the order in which they began. Lines that belong to no invocation (a log group that is no function's, an environment
 * that was made ready and never used) are left out. Memory is bounded: where too much is open, the oldest invocation
 * comes out as far as it is known.
 */
export function assembleInvocations(limits: Partial<InvocationLimits> = {}): InvocationAssembler {
  const {lingerMs, maxHeld, maxEvents} = {...defaults, ...limits}
  /** no REPORT yet, the oldest first */
  const running = new Map<InvocationLog, Stream>()
  /** with a REPORT, and when they are complete; in that order */
  const lingering = new Map<InvocationLog, {readonly stream: Stream; readonly due: number}>()
  const streams = perStream<Stream>(newStream, forget)
  let done: Invocation[] = []
  let now = Number.NEGATIVE_INFINITY
  let held = 0
  let preambles = 0

  function finish(log: InvocationLog, stream: Stream): void {
    held -= sizeOf(log)
    running.delete(log)
    lingering.delete(log)
    stream.open.delete(log.requestId)
    if (stream.serving === log) stream.serving = null
    if (stream.open.size === 0 && stream.preamble.length === 0) streams.delete(stream.source, stream.logStream)
    done.push(toInvocation(log, stream.source, stream.logStream, maxEvents))
  }

  function add(log: InvocationLog, stream: Stream, event: LogEvent): void {
    const before = sizeOf(log)
    if (event.kind === 'start' || before === 0) {
      addPreamble(log, stream.preamble)
      preambles -= stream.preamble.splice(0).length
    }
    addEvent(log, event, maxEvents)
    held += sizeOf(log) - before
    if (event.kind === 'start') stream.serving = log
    if (event.kind === 'report' && running.delete(log)) lingering.set(log, {stream, due: now + lingerMs})
  }

  function addOfRequest(requestId: string, event: LogEvent): void {
    const known = streams.get(event.source, event.logStream)
    const before = known.open.get(requestId)
    const isRetry = event.kind === 'start' && before?.report
    if (before && !isRetry) {
      add(before, known, event)
      return
    }
    if (before) finish(before, known)
    if (isOfNoFunction(event)) return
    const stream = streams.get(event.source, event.logStream)
    const log = newInvocationLog(requestId, event.timestamp)
    stream.open.set(requestId, log)
    running.set(log, stream)
    add(log, stream, event)
  }

  function addOfNoRequest(event: LogEvent): void {
    const stream = streams.get(event.source, event.logStream)
    const {serving, preamble} = stream
    if (!isPhase(event)) {
      if (servesMany(stream)) return
      // after the REPORT only what an extension or a pipe still had; an error is the next environment's
      if (serving && (!serving.report || (preamble.length === 0 && event.level === null))) {
        add(serving, stream, event)
        return
      }
    }
    preamble.push(event)
    preambles++
    if (preamble.length > maxPreamble) preambles -= preamble.splice(0, 1).length
    if (preambles > maxPreambles) forgetPreambles()
  }

  /** Streams that never serve a request: the oldest are forgotten, half of what is held at once. */
  function forgetPreambles(): void {
    for (const stream of streams.values()) {
      if (preambles <= maxPreambles / 2) return
      preambles -= stream.preamble.splice(0).length
      if (stream.open.size === 0) streams.delete(stream.source, stream.logStream)
    }
  }

  function forget(stream: Stream): void {
    preambles -= stream.preamble.splice(0).length
    for (const log of stream.open.values()) finish(log, stream)
  }

  function finishDue(): void {
    for (const [log, {stream, due}] of lingering) {
      if (due >= now) break
      finish(log, stream)
    }
    for (const [log, stream] of running) {
      if (held <= maxHeld && log.firstAt + longestMs >= now) break
      finish(log, stream)
    }
  }

  function takeDone(): readonly Invocation[] {
    if (done.length === 0) return none
    const taken = done
    done = []
    return taken
  }

  return {
    push(event) {
      // a late event is of the past
      if (!event.late && event.timestamp > now) now = event.timestamp
      if (event.requestId === null) addOfNoRequest(event)
      else addOfRequest(event.requestId, event)
      finishDue()
      return takeDone()
    },

    passTime(upTo) {
      now = Math.max(now, upTo)
      finishDue()
      return takeDone()
    },

    flush() {
      for (const [log, {stream}] of lingering) finish(log, stream)
      for (const [log, stream] of running) finish(log, stream)
      for (const {preamble, source, logStream} of streams.values()) {
        const failed = failedInit(preamble, source, logStream)
        if (failed) done.push(failed)
      }
      return takeDone()
    },
  }
}

/** Access logs and containers, too, call their requests `requestId`: only START and the like make one an invocation. */
function isOfNoFunction({version, kind}: LogEvent): boolean {
  return version === null && (kind === 'app' || kind === 'metric')
}

function newStream(source: LogSource, logStream: string): Stream {
  return {source, logStream, open: new Map(), serving: null, preamble: []}
}

/** An environment of Lambda Managed Instances: nobody can tell whose a line without a request id is. */
function servesMany({open}: Stream): boolean {
  let running = 0
  for (const log of open.values()) if (log.start && !log.report && ++running > 1) return true
  return false
}
