import {isAtLeast} from '../logs/level.ts'
import type {Level, LogEvent} from '../logs/log-event.ts'
import {didFail, isGoCrash, isUnhandledException} from '../logs/outcome.ts'
import {continues} from '../logs/stitch.ts'
import {perStream} from '../logs/streams.ts'
import {echoOf, initSignature, isOwnKind, severityOf} from './platform-signature.ts'
import {type Signature, signatureOf} from './signature.ts'

/** One error: the event that says most of it, and what kind it is. */
export type Occurrence = {readonly event: LogEvent; readonly signature: Signature}

export type Occurrences = {
  /** the errors that are settled now: one is held while more may belong to it */
  push(event: LogEvent): readonly Occurrence[]
  /** the errors to which nothing more will belong when all events up to `time` (epoch ms) have come */
  passTime(time: number): readonly Occurrence[]
  flush(): readonly Occurrence[]
}

type RequestState = {
  lastAt: number
  /** the errors that lines of it told, each by what it is */
  readonly told: Set<string>
  /** when it last threw, epoch ms */
  thrownAt: number
  /** what the platform said of its failure: a line, the end, or the report */
  echo: Occurrence | null
}

type StreamState = {
  /** an error whose stack may go on in the next event */
  head: {readonly event: LogEvent; last: LogEvent; readonly more: string[]} | null
  readonly requests: Map<string, RequestState>
  /** when a process ended itself, told without a request: the runtime's line about it comes at once */
  crashedAt: number
  /** an init phase that failed: it is tried again in the first invocation, whose report says so once more */
  init: {readonly told: string; readonly at: number} | null
}

// the report comes with the last line; Python's JSON lines bear whole seconds
const settledAfterMs = 5_000
// an environment serves one at a time, save for managed instances
const mostRequests = 8
const mostLines = 200
const crashEchoMs = 2_000
/** Lambda tries an asynchronous event again after one minute, then two (Lambda, error handling for asynchronous invocation) */
const attemptsApartMs = 30_000
/** how long an init phase and the invocation behind it may take: 10 s and 15 minutes (Lambda quotas) */
const initEchoMs = 910_000

/**
 * Tells the errors among events, each once. A line is one by its level; a line without a level that goes on with an error
 * belongs to it. Timeouts, out of memory and failed inits are errors although no line says so. What the platform says of
 * an invocation that failed (its own line, the end, the report) is an error by itself only where no line of that request
 * told one; a timeout or out of memory always is, as no line of the function can tell it, and once.
 * @param level this level and worse
 */
export function occurrences(level: Level): Occurrences {
  const settled: Occurrence[] = []
  const streams = perStream<StreamState>(
    () => ({head: null, requests: new Map(), crashedAt: Number.NEGATIVE_INFINITY, init: null}),
    close,
  )

  return {
    push(event) {
      const state = streams.get(event.source, event.logStream)
      if (state.head && continues(state.head.last, event)) {
        state.head.last = event
        if (state.head.more.length < mostLines) state.head.more.push(event.message)
        return []
      }
      closeHead(state)
      settleBefore(state, event.timestamp - settledAfterMs)
      if (event.kind === 'report' || event.kind === 'end' || event.kind === 'runtime') ofPlatform(state, event)
      else if (event.level !== null && isAtLeast(event.level, level)) told(state, event)
      return settled.length === 0 ? none : settled.splice(0)
    },
    passTime(time) {
      for (const state of streams.values()) {
        if (state.head && state.head.event.timestamp < time) closeHead(state)
        settleBefore(state, time - settledAfterMs)
      }
      return settled.splice(0)
    },
    flush() {
      for (const state of streams.values()) close(state)
      return settled.splice(0)
    },
  }

  function told(state: StreamState, event: LogEvent): void {
    if (event.kind === 'init' || event.kind === 'restore') {
      // the exception stands before it, or nothing does
      if (state.init && event.timestamp - state.init.at < initEchoMs) return
      const signature = initSignature(event.message)
      state.init = {told: wordsOf(signature), at: event.timestamp}
      settled.push({event, signature})
    } else {
      state.head = {event, last: event, more: []}
    }
  }

  function closeHead(state: StreamState): void {
    if (!state.head) return
    const {event, more} = state.head
    state.head = null
    const signature = signatureOf(event, more)
    const words = wordsOf(signature)
    const isUnhandled = isUnhandledException(event.message)
    if (isUnhandled && isOfInit(event, signature)) {
      const isAgain = state.init?.told === words && event.timestamp - state.init.at < initEchoMs
      state.init = {told: words, at: event.timestamp}
      if (!isAgain) settled.push({event, signature: {...signature, kind: 'init'}})
      return
    }
    if (isGoCrash(event.message)) state.crashedAt = event.timestamp
    const request = event.requestId === null ? null : requestOf(state, event.requestId, event.timestamp)
    // an attempt throws once: this is the next one, which has the same request id
    if (request && event.timestamp - request.thrownAt > attemptsApartMs) {
      request.told.clear()
      request.thrownAt = Number.POSITIVE_INFINITY
    }
    if (request && isUnhandled) request.thrownAt = event.timestamp
    // what was logged and then thrown is one error
    if (isUnhandled && request?.told.has(words)) return
    request?.told.add(words)
    settled.push({event, signature})
  }

  function ofPlatform(state: StreamState, event: LogEvent): void {
    const {requestId, kind, level: own, report, outcome, timestamp} = event
    const failed = own === 'ERROR' || (outcome !== undefined && didFail(outcome))
    if (requestId === null) {
      if (failed) settled.push({event, signature: echoOf(event)})
      return
    }
    if (!failed && !state.requests.has(requestId)) return
    const request = requestOf(state, requestId, timestamp)
    if (failed) {
      const signature = echoOf(event)
      if (request.echo === null || severityOf(signature) > severityOf(request.echo.signature))
        request.echo = {event, signature}
      if (state.init && kind !== 'runtime' && timestamp - state.init.at < initEchoMs) {
        request.told.add(state.init.told)
        if (report) state.init = null
      }
      // where the start of the request was not read, the crash names none
      const hasExited = kind === 'runtime' || report?.errorType === 'Runtime.ExitError'
      if (hasExited && timestamp - state.crashedAt <= crashEchoMs) request.told.add('crash')
    }
    if (report) settle(state, requestId, request)
  }

  function requestOf({requests}: StreamState, id: string, timestamp: number): RequestState {
    let request = requests.get(id)
    if (!request) {
      const [oldest] = requests
      if (requests.size >= mostRequests && oldest) settle({requests}, ...oldest)
      request = {lastAt: timestamp, told: new Set(), thrownAt: Number.POSITIVE_INFINITY, echo: null}
      requests.set(id, request)
    }
    request.lastAt = timestamp
    return request
  }

  /** A request that only told errors is kept for its report, which may be long in coming. */
  function settleBefore(state: StreamState, before: number): void {
    for (const [id, request] of state.requests) if (request.lastAt < before && request.echo) settle(state, id, request)
  }

  function settle({requests}: Pick<StreamState, 'requests'>, id: string, {echo, told}: RequestState): void {
    requests.delete(id)
    if (echo && (isOwnKind(echo.signature) || told.size === 0)) settled.push(echo)
  }

  function close(state: StreamState): void {
    closeHead(state)
    for (const [id, request] of state.requests) settle(state, id, request)
  }
}

const none: readonly Occurrence[] = []

const wordsOf = ({template, place}: Signature): string => place ?? template

/** Node says `undefined` for the request of what was thrown in the init phase. */
function isOfInit({requestId, message}: LogEvent, {kind}: Signature): boolean {
  return kind === 'init' || (requestId === null && message.includes('\tundefined\tERROR\tUncaught Exception'))
}
