import {attribute} from '../../logs/attribute.ts'
import type {SourcedEvent} from '../../logs/log-event.ts'
import {isInitErrorType} from '../../logs/outcome.ts'
import type {FunctionRef, LogSource} from '../../logs/source.ts'
import {type ColdEvent, readColdEvent} from './cold-event.ts'

/** Whose environment it is; null where nothing tells. */
export type Owner = {readonly function: FunctionRef; readonly version: string | null}

type Place = {readonly source: LogSource; readonly logStream: string; readonly owner: Owner | null}

/** An environment that was made for, or before, a request that has ended. */
export type MetInit = Place & {
  readonly is: 'init' | 'restore' | 'suppressed' | 'failed'
  /** initializationType, where JSON tells it */
  readonly type: string | null
  /** epoch ms: when the request that met it had its REPORT, which is the time that it counts at */
  readonly at: number
  /** epoch ms: when that request began to be served, by its REPORT and duration */
  readonly requestAt: number
  /** from the end of the init to the request, in ms; null where the log does not tell when it began */
  readonly aheadMs: number | null
  /** from the begin of the environment to the request, in ms; null as above, and 0 where the init is part of its Duration */
  readonly sinceBeginMs: number | null
  /** of the init or restore itself; null of those within a request */
  readonly initMs: number | null
  readonly durationMs: number
  readonly memorySizeMB: number
  /** by what the line itself shows; null where it shows no billing, as of restores and suppressed ones */
  readonly isBilled: boolean | null
  readonly billedRestoreMs: number
}

/** An environment that began and of which nothing more has been read yet. */
export type OpenInit = Place & {
  readonly phase: 'init' | 'restore'
  readonly type: string | null
  /** epoch ms */
  readonly at: number
  readonly initMs: number | null
  /** how its init ended, where that was no success */
  readonly failure: {readonly status: 'error' | 'timeout'; readonly inInvoke: boolean} | null
}

type Pending = {-readonly [Key in keyof OpenInit]: OpenInit[Key]} & {
  /** a request came while it was open, at this epoch ms */
  requestedAt: number | null
}

export type InitsListener = {
  readonly met: (init: MetInit) => void
  /** nothing came of it in what was read: another began in its stream, or the read is over */
  readonly left: (init: OpenInit, requestedAt: number | null) => void
  /** a request ended, whether it met an init or not; only where the read covers them */
  readonly request?: (owner: Owner | null, source: LogSource, at: number, requestAt: number) => void
  /** a function of which there are no reports to count */
  readonly uncountable?: (owner: Owner | null, why: 'managed-instances' | 'web-function') => void
}

/** Joins the lines of each log stream, oldest first, into environments. */
export type Inits = {
  push(event: SourcedEvent): void
  /** hands over what is still open */
  flush(): void
}

const managedInstances = 'lambda-managed-instances'

/**
 * Makes what joins lines into environments. Memory is what environments are open: those that no request has come to yet.
 * @param begunBefore environments that began before what is pushed, and are open yet
 */
export function joinInits(listener: InitsListener, begunBefore: readonly OpenInit[] = []): Inits {
  const open = new Map<LogSource, Map<string, Pending>>()

  const pendingOf = ({source, logStream}: SourcedEvent): Pending | undefined => open.get(source)?.get(logStream)

  for (const init of begunBefore) keep({...init, requestedAt: null})

  function keep(pending: Pending): Pending {
    const streams = open.get(pending.source) ?? new Map<string, Pending>()
    open.set(pending.source, streams.set(pending.logStream, pending))
    return pending
  }

  const close = ({source, logStream}: Pick<SourcedEvent, 'source' | 'logStream'>): void => {
    const streams = open.get(source)
    streams?.delete(logStream)
    if (streams?.size === 0) open.delete(source)
  }

  const begin = (event: SourcedEvent, began: Pick<Pending, 'phase' | 'type' | 'owner' | 'at'>): Pending => {
    const {source, logStream} = event
    return keep({source, logStream, initMs: null, failure: null, requestedAt: null, ...began})
  }

  const leave = (pending: Pending): void => {
    close(pending)
    const {requestedAt, ...init} = pending
    listener.left(init, requestedAt)
  }

  const begun = (event: SourcedEvent, report: Extract<ColdEvent, {is: 'begun'}>): void => {
    const {phase, type, status, inInvoke, durationMs} = report
    const known = pendingOf(event)
    // a second one within a request is of another request, whose failure it tells
    if (known?.failure?.inInvoke && inInvoke) leave(known)
    const pending =
      pendingOf(event) ?? begin(event, {phase, type, owner: ownerOf(event, null), at: event.timestamp - durationMs})
    pending.type ??= type
    if (!inInvoke || pending.initMs === null) pending.initMs = durationMs
    if (status !== 'success') pending.failure = {status, inInvoke}
    // an init that was run again within a request, and went well there
    else if (inInvoke) pending.failure ??= {status: 'timeout', inInvoke}
  }

  const reported = (event: SourcedEvent, {report}: Extract<ColdEvent, {is: 'report'}>): void => {
    const pending = pendingOf(event)
    const {initDurationMs = 0, restoreDurationMs = 0, durationMs, billedDurationMs, status, errorType} = report
    const owner = pending?.owner ?? ownerOf(event, null)
    const requestAt = event.timestamp - durationMs
    if (pending?.type === managedInstances) {
      listener.uncountable?.(owner, 'managed-instances')
      close(event)
      return
    }
    listener.request?.(owner, event.source, event.timestamp, requestAt)
    const initMs = Math.max(initDurationMs, restoreDurationMs)
    if (initMs <= 0 && !pending) return
    close(event)
    const isFailed = status === 'error' && (pending?.failure?.status === 'error' || isInitErrorType(errorType))
    listener.met({
      source: event.source,
      logStream: event.logStream,
      owner,
      is: isFailed ? 'failed' : initMs <= 0 ? 'suppressed' : restoreDurationMs > 0 ? 'restore' : 'init',
      type: pending?.type ?? null,
      at: event.timestamp,
      requestAt,
      aheadMs: pending ? Math.max(0, requestAt - pending.at - (initMs || (pending.initMs ?? 0))) : null,
      sinceBeginMs: pending ? Math.max(0, requestAt - pending.at) : null,
      initMs: initMs > 0 ? initMs : null,
      durationMs,
      memorySizeMB: report.memorySizeMB,
      isBilled:
        initDurationMs > 0 && billedDurationMs > 0 ? isInitBilled(durationMs, initDurationMs, billedDurationMs) : null,
      billedRestoreMs: report.billedRestoreDurationMs ?? 0,
    })
  }

  return {
    push(event) {
      const cold = readColdEvent(event.message)
      if (!cold) return
      switch (cold.is) {
        case 'begin': {
          const before = pendingOf(event)
          if (before) leave(before)
          const owner = ownerOf(event, cold)
          if (cold.type === managedInstances) listener.uncountable?.(owner, 'managed-instances')
          begin(event, {phase: cold.phase, type: cold.type, owner, at: event.timestamp})
          break
        }
        case 'begun':
          begun(event, cold)
          break
        case 'request': {
          const pending = pendingOf(event)
          if (pending) pending.requestedAt ??= event.timestamp
          break
        }
        case 'report':
          reported(event, cold)
          break
        case 'web':
          listener.uncountable?.(ownerOf(event, null), 'web-function')
          break
      }
    },
    flush() {
      for (const streams of [...open.values()]) for (const pending of [...streams.values()]) leave(pending)
    },
  }
}

/**
 * Whether the init is in what was billed, as it is of every function since August 2025, and was of images and custom
 * runtimes before: the line itself tells. Billed durations are rounded up to a millisecond.
 */
export function isInitBilled(durationMs: number, initMs: number, billedMs: number): boolean {
  return billedMs >= durationMs + initMs - 1
}

/** By the stream's name; by the record, where it names a function of this group. */
function ownerOf(
  {source, logStream}: SourcedEvent,
  told: {readonly functionName: string | null; readonly version: string | null} | null,
): Owner | null {
  const {function: named, version} = attribute(source, logStream)
  if (named) return {function: named, version: version ?? told?.version ?? null}
  const recorded = told?.functionName ? source.functions.find(({name}) => name === told.functionName) : undefined
  return recorded ? {function: recorded, version: told?.version ?? version} : null
}
