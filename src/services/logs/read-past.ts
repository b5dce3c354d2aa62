import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import type {SourcedEvent} from './log-event.ts'
import {mergeBatches} from './merge-batches.ts'
import type {LogSource} from './source.ts'
import {createNewest, readTail} from './tail.ts'
import {addGap, addPages, createTally, type Tally} from './tally.ts'

/** What is past of some groups, and which of them Logs Insights reads. */
export type Past = {
  readonly window: ClosedWindow
  readonly byInsights: ReadonlySet<LogSource>
  /** a group whose class nobody knew is queried when it turns out that nothing else reads it */
  readonly maySwitch: boolean
  /** takes what a person should know of how it is read */
  readonly note: (notice: string) => void
}

/**
 * Reads a window that is over with the engines that were chosen, as one stream in the contract's order. What readClosedWindow
 * promises holds for all of it.
 */
export async function* readPast(
  sources: readonly LogSource[],
  past: Past,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  const {window, byInsights} = past
  const elsewhere = elsewhereOf(past, tally)
  const queried = sources.filter(source => byInsights.has(source))
  const filtered = sources.filter(source => !byInsights.has(source))
  if (queried.length === 0) yield* readClosedWindow(filtered, {...window, elsewhere}, tally, signal)
  else if (filtered.length === 0) yield* queriedWindow(queried, past, tally, signal)
  else
    yield* mergeBatches([
      readClosedWindow(filtered, {...window, elsewhere}, tally, signal),
      queriedWindow(queried, past, tally, signal),
    ])
}

/** The newest `count` events of it. */
export async function readPastTail(
  sources: readonly LogSource[],
  past: Past,
  count: number,
  tally: Tally,
  signal: AbortSignal,
): Promise<SourcedEvent[]> {
  const queried = sources.filter(source => past.byInsights.has(source))
  const filtered = sources.filter(source => !past.byInsights.has(source))
  const newest = createNewest(count)
  const before = tally.events
  await Promise.all([
    readTail(filtered, {...past.window, count, elsewhere: elsewhereOf(past, tally)}, tally, signal).then(events =>
      newest.add(events),
    ),
    (async () => {
      if (queried.length === 0) return
      for await (const events of queriedWindow(queried, past, tally, signal)) newest.add(events)
    })(),
  ])
  const events = newest.inOrder()
  tally.events = before + events.length
  return events
}

function elsewhereOf(past: Past, tally: Tally): ClosedWindow['elsewhere'] {
  if (!past.maySwitch) return undefined
  return (source, signal) => {
    past.note(`${source.logGroup} is of the Infrequent Access class: Logs Insights reads it`)
    return queriedWindow([{...source, logGroupClass: 'INFREQUENT_ACCESS'}], past, tally, signal)
  }
}

/** By Logs Insights; groups of the Standard class by FilterLogEvents after all where queries are not allowed. */
async function* queriedWindow(
  sources: readonly LogSource[],
  {window, note}: Past,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  const [{readByInsights}, {createUse}] = await Promise.all([
    import('../insights/read-insights.ts'),
    import('../insights/insights-use.ts'),
  ])
  const onRefused = (): void => note('Logs Insights runs as many queries as the account may: waiting for a turn')
  const standard = sources.filter(({logGroupClass}) => logGroupClass !== 'INFREQUENT_ACCESS')
  if (standard.length === 0) {
    yield* readByInsights(sources, {...window, onRefused}, tally, signal)
    return
  }
  const own = createTally(sources.length)
  // what was paid for is told even if this is stopped half way
  tally.insights ??= createUse()
  own.insights = tally.insights
  for await (const events of readByInsights(sources, {...window, onRefused}, own, signal)) {
    tally.events += events.length
    yield events
  }
  addPages(tally, own)
  const isRefused = own.complete === 0 && own.gaps.length > 0 && own.gaps.every(({reason}) => reason === 'denied')
  const rare = new Set(sources.filter(source => !standard.includes(source)).map(({logGroup}) => logGroup))
  for (const gap of own.gaps) if (!isRefused || rare.has(gap.what)) addGap(tally, gap)
  tally.complete += own.complete
  tally.missing += own.missing
  tally.answered += isRefused ? rare.size : own.answered
  if (!isRefused) return
  note('logs:StartQuery is not allowed: FilterLogEvents reads instead')
  yield* readClosedWindow(standard, window, tally, signal)
}
