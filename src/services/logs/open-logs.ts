import type {Aws} from '../aws/connect.ts'
import {totalCalls} from '../aws/total-calls.ts'
import {onceRequestLeft} from '../first-request.ts'
import {everySource, findLogSources} from '../targets/find-log-sources.ts'
import {noSuchLogGroup} from '../targets/list-log-groups.ts'
import {parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import type {LogViewOptions, OpenedLogs} from './opened-logs.ts'
import type {Engine} from './read-plan.ts'
import {isGapOf} from './tally.ts'

export type OpenLogsOptions = LogViewOptions & {
  readonly filterPattern: string | undefined
  readonly idleExitMs: number | undefined
  readonly engine: Engine | 'auto'
  /** the plan is to be shown: then it is worth the calls that tell how large the groups are */
  readonly explain: boolean
  /** what Live Tail may cost an hour, where nobody asked for it; null: nobody said */
  readonly maxUSDPerHour: number | null
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
  /** how notices of following tell a time (epoch ms) */
  readonly timeOfDay: ((at: number) => string) | undefined
}

const loadReader = () =>
  Promise.all([
    import('./opened-logs.ts'),
    import('./read-logs.ts'),
    import('./choose-engines.ts'),
    import('./whole-invocations.ts'),
  ])

/** START, END and the lines of an init phase are not shown to people, and make up the greater part of some logs. */
const linesPerShown = 6

/**
 * Finds the log groups that the words of a command line mean, and makes them ready to be read.
 * @param all where to look: one region, or several that are read as one
 * @throws UserError as parseSelection and findLogSources do
 */
export async function openLogs(
  all: readonly Aws[],
  words: SelectionWords,
  options: OpenLogsOptions,
  signal: AbortSignal,
): Promise<OpenedLogs> {
  const {follow, start, now, tail, view, engine, filterPattern} = options
  const end = follow ? options.end : (options.end ?? now)
  const selection = parseSelection(words)
  // what reads is loaded while the first answer is waited for
  const [{sources: found, absent, notices, gaps, scopes}, reader] = await Promise.all([
    findLogSources(all, selection, signal),
    onceRequestLeft().then(loadReader),
  ])
  const [{isSelective, openedLogs}, {readLogs}, {chooseEngines}, {wholeInvocations}] = reader
  // who follows wants to see the first event of a function that was never invoked
  const wanted = follow ? [...found, ...absent] : found
  // AWS can count the newest only where all that it counts will be shown, save for lines that frame an invocation
  const isAllShown = !isSelective(options) && wanted.every(({only}) => only === null)
  const newestByAws = tail === null || !isAllShown ? null : view.framing ? tail : tail * linesPerShown + linesPerShown
  const {plan, sources, reading} = await chooseEngines(
    {
      sources: wanted,
      start,
      end: end ?? now,
      now,
      follow,
      tail: newestByAws,
      engine,
      isSelective: filterPattern !== undefined,
      explain: options.explain,
      maxUSDPerHour: options.maxUSDPerHour,
      random: options.random,
      timeOfDay: options.timeOfDay,
    },
    signal,
  )
  const stream = readLogs(
    {
      ...options,
      end,
      sources,
      tail: newestByAws,
      ...reading,
      sourcesAnew: signal => everySource(all, selection, signal),
    },
    signal,
  )
  return openedLogs(
    {
      stream,
      sources,
      scopes,
      neverInvoked: follow ? 0 : absent.length,
      plan,
      notices,
      gaps,
      whole: wholeInvocations({start, end}, stream.tally, signal),
      openedAt: all[0]?.clock.now() ?? now,
      calls: () => totalCalls(all),
      notes: [],
      noSuchGroup: gap => {
        const source = sources.find(source => isGapOf(gap, source))
        return source ? noSuchLogGroup(source.aws, gap.what, null, signal) : null
      },
    },
    {...options, end},
    signal,
  )
}
