import {createUse} from '../insights/insights-use.ts'
import {stopSignal} from '../stop-signal.ts'
import {type ClosedWindow, defaultKeepBytes, readClosedWindow} from './closed-window.ts'
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
  const filtered = sources.filter(source => !byInsights.has(source))
  const queried = placesOf(sources.filter(source => byInsights.has(source)))
  const byFilter = (signal: AbortSignal): AsyncGenerator<SourcedEvent[]> =>
    readClosedWindow(filtered, {...window, elsewhere: elsewhereOf(past, tally)}, tally, signal)
  if (queried.length === 0) yield* byFilter(signal)
  else
    yield* mergeBatches(
      stopped => [
        ...(filtered.length > 0 ? [byFilter(stopped)] : []),
        ...queried.map(inPlace => queriedWindow(inPlace, past, queried.length, tally, stopped)),
      ],
      signal,
    )
}

/** Where queries are allowed is a matter of the account and the region. */
const placesOf = (sources: readonly LogSource[]): readonly (readonly LogSource[])[] => [
  ...Map.groupBy(sources, ({aws}) => aws).values(),
]

/** The newest `count` events of it. */
export async function readPastTail(
  sources: readonly LogSource[],
  past: Past,
  count: number,
  tally: Tally,
  signal: AbortSignal,
): Promise<SourcedEvent[]> {
  const queried = placesOf(sources.filter(source => past.byInsights.has(source)))
  const filtered = sources.filter(source => !past.byInsights.has(source))
  const newest = createNewest(count)
  const before = tally.events
  const {stopped, stop} = stopSignal(signal)
  const window = {...past.window, count, elsewhere: elsewhereOf(past, tally)}
  const work = [
    readTail(filtered, window, tally, stopped).then(events => newest.add(events)),
    ...queried.map(async inPlace => {
      for await (const events of queriedWindow(inPlace, past, queried.length, tally, stopped)) newest.add(events)
    }),
  ]
  try {
    await Promise.all(work)
  } finally {
    stop()
    // queries that still run are being stopped
    await Promise.allSettled(work)
  }
  const events = newest.inOrder()
  tally.events = before + events.length
  return events
}

function elsewhereOf(past: Past, tally: Tally): ClosedWindow['elsewhere'] {
  if (!past.maySwitch) return undefined
  return async function* (source, signal) {
    past.note(`${source.logGroup} is of the Infrequent Access class: Logs Insights reads it`)
    const infrequent = {...source, logGroupClass: 'INFREQUENT_ACCESS'} as const
    for await (const events of queriedWindow([infrequent], past, 1, tally, signal)) {
      // the read that this is a part of counts them
      tally.events -= events.length
      yield events
    }
  }
}

/**
 * One account and region by Logs Insights; groups of the Standard class by FilterLogEvents after all where queries are not
 * allowed.
 * @param atATime how many such reads share the memory
 */
async function* queriedWindow(
  sources: readonly LogSource[],
  {window, note}: Past,
  atATime: number,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  const {readByInsights} = await import('../insights/read-insights.ts')
  const onRefused = (): void => note('Logs Insights runs as many queries as the account may: waiting for a turn')
  const keepBytes = (window.keepBytes ?? defaultKeepBytes) / atATime
  const standard = sources.filter(({logGroupClass}) => logGroupClass !== 'INFREQUENT_ACCESS')
  // what is spent is known at any time, whatever ends this
  tally.insights ??= createUse()
  const own: Tally = {...createTally(sources.length), insights: tally.insights}
  let isRefused = false
  try {
    for await (const events of readByInsights(sources, {...window, keepBytes, onRefused}, own, signal)) {
      tally.events += events.length
      yield events
    }
    isRefused =
      standard.length > 0 &&
      own.complete === 0 &&
      own.gaps.length > 0 &&
      own.gaps.every(({reason}) => reason === 'denied')
  } finally {
    const {insights, ...pages} = own
    addPages(tally, pages)
    const rare = new Set(sources.filter(source => !standard.includes(source)).map(({logGroup}) => logGroup))
    for (const gap of own.gaps) if (!isRefused || rare.has(gap.what)) addGap(tally, gap)
    tally.complete += own.complete
    tally.missing += own.missing
    tally.answered += isRefused ? rare.size : own.answered
  }
  if (!isRefused) return
  note('logs:StartQuery is not allowed: FilterLogEvents reads instead')
  yield* readClosedWindow(standard, window, tally, signal)
}
