import {atATime} from '../../at-a-time.ts'
import {inBatches} from '../../batches.ts'
import {type ClosedWindow, readClosedWindow} from '../../logs/closed-window.ts'
import type {SourcedEvent} from '../../logs/log-event.ts'
import type {LogSource} from '../../logs/source.ts'
import {createTally} from '../../logs/tally.ts'
import {readColdEvent, servedPattern} from './cold-event.ts'
import {joinInits, type MetInit, type OpenInit} from './inits.ts'
import type {ReadInits} from './read-inits.ts'

/** What became of environments of which their inits alone had been read. */
export type SettledInits = {
  /** a request came, and its REPORT shows no init: it was run within the request */
  readonly met: readonly MetInit[]
  /** no request came */
  readonly unused: readonly OpenInit[]
  /** a request is under way, or it is too early to tell, or nobody looked */
  readonly undetermined: readonly OpenInit[]
}

/** AWS takes so many streams a call */
const streamsPerCall = 100
/** streams that are looked at; of more, nobody knows */
const mostStreams = 1_000
const lookUpsAtATime = 5
/** a request may come to it yet */
const youngMs = 60_000
/** a request that came to it may be under way */
const recentMs = 15 * 60_000

/**
 * Looks up what the streams of open inits served, where that is open: an init that failed or ran too long shows no Init
 * Duration in any REPORT, and to a recent one a request may have come that is under way. To an older one that went well
 * nobody came: a REPORT with its Init Duration would have been read.
 * @param end epoch ms up to which is looked
 */
export async function settleOpen(
  open: ReadInits['open'],
  end: number,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<SettledInits> {
  const isOpen = ({failure, at}: OpenInit): boolean => failure !== null || at >= end - recentMs
  const looked = open
    .filter(({init}) => isOpen(init) && init.source.logGroupClass !== 'INFREQUENT_ACCESS')
    .slice(0, mostStreams)
  const chunks = [...Map.groupBy(looked, ({init}) => init.source)].flatMap(([source, inSource]) =>
    inBatches(inSource, streamsPerCall).map(some => ({source, inits: some.map(({init}) => init)})),
  )
  const answers = new Map<OpenInit, Answer>()
  let done = 0
  await atATime(lookUpsAtATime, chunks, async ({source, inits}) => {
    if (signal.aborted) return
    await lookUp(source, inits, end, answers, signal)
    onProgress(++done, chunks.length)
  })
  const found = open.map(({init, requestedAt}) => ({
    init,
    answer: answers.get(init) ?? (isOpen(init) || requestedAt !== null ? unanswered : unused),
  }))
  return {
    met: found.flatMap(({answer}) => answer.met ?? []),
    unused: found.flatMap(({init, answer}) => (answer.was === 'unused' && init.at < end - youngMs ? [init] : [])),
    undetermined: found.flatMap(({init, answer}) =>
      answer.was === 'unknown' || (answer.was === 'unused' && init.at >= end - youngMs) ? [init] : [],
    ),
  }
}

type Answer = {readonly was: 'met' | 'unused' | 'unknown'; readonly met?: MetInit}
const unanswered: Answer = {was: 'unknown'}
const unused: Answer = {was: 'unused'}

/** Reads each stream until its first request after the init is told. */
async function lookUp(
  source: LogSource,
  inits: readonly OpenInit[],
  end: number,
  answers: Map<OpenInit, Answer>,
  signal: AbortSignal,
): Promise<void> {
  const byStream = Map.groupBy(inits, ({logStream}) => logStream)
  const window: ClosedWindow = {
    start: inits.reduce((first, {at}) => Math.min(first, Math.floor(at)), end),
    end,
    filterPattern: servedPattern(),
    logStreamNames: [...byStream.keys()],
  }
  const tally = createTally(1)
  const waiting = new Set(inits)
  const requested = new Set<OpenInit>()
  try {
    for await (const events of readClosedWindow([source], window, tally, signal)) {
      for (const event of events) {
        const init = byStream.get(event.logStream)?.findLast(({at}) => at <= event.timestamp)
        if (!init || !waiting.has(init)) continue
        const cold = readColdEvent(event.message)
        if (cold?.is === 'request') requested.add(init)
        if (cold?.is !== 'report') continue
        waiting.delete(init)
        const {initDurationMs = 0, restoreDurationMs = 0} = cold.report
        // it shows an init of its own: that of another environment, which was counted where it was read
        const met = initDurationMs + restoreDurationMs > 0 ? null : metBy(init, event)
        answers.set(init, met ? {was: 'met', met} : unused)
      }
      if (waiting.size === 0) return
    }
  } catch (error) {
    if (!signal.aborted) throw error
    return
  }
  if (tally.gaps.length > 0) {
    if (tally.gaps[0]?.reason !== 'missing') return
    const [only, ...others] = inits
    if (only && others.length === 0) {
      // its stream is gone; a request would have shown an Init Duration, if the init went well
      if (only.failure === null) answers.set(only, unused)
      return
    }
    // a stream that is gone takes the others of the call with it
    const half = Math.ceil(inits.length / 2)
    await lookUp(source, inits.slice(0, half), end, answers, signal)
    await lookUp(source, inits.slice(half), end, answers, signal)
    return
  }
  for (const init of waiting) answers.set(init, requested.has(init) ? unanswered : unused)
}

/** The init with the REPORT that it met, by the same rules as any. */
function metBy(init: OpenInit, event: SourcedEvent): MetInit | null {
  const found: MetInit[] = []
  const joined = joinInits({met: met => void found.push(met), left: () => undefined}, [init])
  joined.push(event)
  return found[0] ?? null
}
