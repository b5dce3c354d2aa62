import {usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {floorMB} from '../memory-sizes.ts'
import type {Standing} from '../standing.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {Ending, TuneReport} from '../tune-report.ts'
import type {TuneStep} from '../tune-steps.ts'
import {type History, planHistory} from './history.ts'
import {readByEvents} from './history-by-events.ts'
import {readByInsights} from './history-by-insights.ts'
import {historyStandings} from './history-standings.ts'
import {hypothesisOf} from './hypothesis.ts'
import {readPastVersions} from './past-versions.ts'

export type ObserveOptions = {
  /** epoch ms, both inclusive */
  readonly start: number
  readonly end: number
  /** directory of the journals of runs, whose own calls are no traffic; null: none */
  readonly journals: string | null
}

/**
 * What a function's past says of its memory sizes: nothing is invoked and nothing is made. Its reports are read by
 * FilterLogEvents where there are few, and by Logs Insights within the plan's limit of cost else.
 * @returns steps of which the last is `ended`, with a hypothesis at most; also after the signal aborted
 * @throws UserError where the reports cannot be read, which names the permission (exit 4), or would cost more than the limit (exit 2)
 */
export async function* observeFunction(
  aws: Aws,
  plan: TunePlan,
  window: ObserveOptions,
  signal: AbortSignal,
): AsyncGenerator<TuneStep, void> {
  const startedAt = aws.clock.now()
  yield {kind: 'begun', plan}
  let history: History = {rows: [], gaps: [], notes: []}
  let ending: Ending = 'observed'
  try {
    const reading = await planHistory(aws, plan.source, window, signal)
    const {engine, costUSD, source} = reading
    const mostUSD = plan.limits.maxCostUSD
    if (costUSD !== null && costUSD > mostUSD)
      throw usageError(
        `reading the reports would cost about $${costUSD.toFixed(2)}, more than --max-cost ${mostUSD}`,
        'a shorter --since costs less',
      )
    yield {kind: 'doing', what: `reads ${source.logGroup} by ${engineText(engine, costUSD)}`}
    const versions = await readPastVersions(aws, plan.source, window.journals, signal)
    const read = engine === 'filter' ? readByEvents : readByInsights
    history = await read(plan.source, reading, {versions, mostUSD}, signal)
    const gaps = [...whyHidden(plan), ...history.gaps, ...(versions.unknown === null ? [] : [versions.unknown])]
    history = {...history, gaps, notes: [...history.notes, ...leftOutText(versions.ours.length)]}
  } catch (error) {
    if (!signal.aborted) throw error
    ending = 'interrupted'
  }
  yield {kind: 'ended', report: reportOf(history, plan, {startedAt, endedAt: aws.clock.now(), ending})}
}

function engineText(engine: 'filter' | 'insights', costUSD: number | null): string {
  if (engine === 'filter') return 'FilterLogEvents, free of charge'
  if (costUSD === null) return 'Logs Insights; AWS does not tell how large it is, and so not what that costs'
  return `Logs Insights, for ${costUSD < 0.0001 ? 'less than $0.0001' : `about $${costUSD.toFixed(4)}`}`
}

/** Where a run of tune measured the function by its own versions. */
const leftOutText = (versions: number): readonly string[] =>
  versions === 0
    ? []
    : [`calls of ${versions} version${versions === 1 ? '' : 's'} that slsops tune published to measure are left out`]

/** A setting keeps reports out of the log. */
const whyHidden = ({source}: TunePlan): readonly string[] =>
  source.configuration.LoggingConfig?.SystemLogLevel === 'WARN'
    ? ['SystemLogLevel=WARN keeps reports out of its log']
    : []

/** From where all that was ever used fits in; the size that the function has is measured with them in any case. */
function worthMeasuring(
  sizes: readonly Standing[],
  {candidates}: TunePlan,
): {readonly worthMeasuring?: readonly [fromMB: number, toMB: number]} {
  const asked = candidates.map(({memorySizeMB}) => memorySizeMB)
  const usedMB = Math.max(0, ...sizes.map(({maxMemoryUsedMB}) => maxMemoryUsedMB ?? 0))
  const [fromMB, toMB] = [Math.max(floorMB(usedMB), Math.min(...asked)), Math.max(...asked)]
  return fromMB < toMB ? {worthMeasuring: [fromMB, toMB]} : {}
}

function reportOf(
  history: History,
  plan: TunePlan,
  of: Pick<TuneReport, 'startedAt' | 'endedAt' | 'ending'>,
): TuneReport {
  const sizes = historyStandings(history.rows, plan)
  const {recommendation, curves, notes} = hypothesisOf(sizes, plan)
  return {
    plan,
    ...of,
    sizes,
    samples: [],
    ...worthMeasuring(sizes, plan),
    recommendation,
    curves,
    spent: {invocations: 0, costUSD: 0, unknown: 0},
    cleanup: {cleanedUp: true, left: [], done: []},
    hidden: whyHidden(plan),
    gaps: of.ending === 'interrupted' ? ['it was stopped before the reports were read'] : history.gaps,
    notes: [...plan.notes, ...history.notes, ...notes],
  }
}
