import type {Aws} from '../aws/connect.ts'
import {totalCalls} from '../aws/total-calls.ts'
import {chooseEngines} from '../logs/choose-engines.ts'
import type {Level, LogEvent} from '../logs/log-event.ts'
import {readLogs} from '../logs/read-logs.ts'
import {settledAfterMs} from '../logs/settled.ts'
import type {LogSource} from '../logs/source.ts'
import {isGapOf, receiptOf} from '../logs/tally.ts'
import {verdictsOnNothing} from '../nothing-read.ts'
import {everySource, findLogSources} from '../targets/find-log-sources.ts'
import {noSuchLogGroup} from '../targets/list-log-groups.ts'
import {parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {reachOf} from './baseline-reach.ts'
import {candidatePattern} from './candidates.ts'
import {clustersOf, type Exposure} from './cluster.ts'
import {completeSamples} from './complete-samples.ts'
import type {ErrorGroup} from './count-errors.ts'
import {errorTally} from './error-tally.ts'
import {type ErrorsReport, type ErrorsStep, histogramParts, type OpenedErrors} from './errors-report.ts'
import {interrupted} from './interrupted.ts'
import type {Side} from './leaf.ts'
import {verdictsOn} from './verdicts.ts'

export type WindowErrorsOptions = {
  /** epoch ms */
  readonly start: number
  /** epoch ms; null: now, or for ever while watching */
  readonly end: number | null
  readonly now: number
  /** how long before the start is compared with; null: nothing is */
  readonly baselineMs: number | null
  /** this level and worse */
  readonly level: Level
  /** how often to report while watching; null: once */
  readonly refreshMs: number | null
  /** what Live Tail may cost an hour while watching; null: nobody said */
  readonly maxUSDPerHour: number | null
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
}

const minuteMs = 60_000
/** samples completed by a look-up each, and log groups asked how far they reach back */
const mostLookUps = 10

/**
 * Finds the log groups that the words of a command line mean, and makes ready to read the errors in them: only what may be
 * an error is asked of AWS.
 * @throws UserError as parseSelection and findLogSources do
 */
export async function openWindowErrors(
  all: readonly Aws[],
  words: SelectionWords,
  options: WindowErrorsOptions,
  signal: AbortSignal,
): Promise<OpenedErrors> {
  const {start, now, baselineMs, level, refreshMs, random} = options
  const follow = refreshMs !== null
  const end = follow ? options.end : (options.end ?? now)
  const selection = parseSelection(words)
  const {sources: present, absent, notices, gaps: denied, scopes} = await findLogSources(all, selection, signal)
  const baselineStart = baselineMs === null ? null : start - baselineMs
  const filterPattern = candidatePattern({warnings: level !== 'ERROR' && level !== 'FATAL', reports: false})
  const {plan, sources, reading} = await chooseEngines(
    {
      sources: follow ? [...present, ...absent] : present,
      start: baselineStart ?? start,
      end: end ?? now,
      now,
      follow,
      tail: null,
      engine: 'auto',
      isSelective: true,
      maxUSDPerHour: options.maxUSDPerHour,
      random,
    },
    signal,
  )
  const stream = readLogs(
    {
      sources,
      start: baselineStart ?? start,
      end,
      follow,
      tail: null,
      filterPattern,
      ...reading,
      leastCycleMs: refreshMs ?? undefined,
      sourcesAnew: signal => everySource(all, selection, signal),
    },
    signal,
  )
  const {tally} = stream
  const groups = sources.length + (follow ? 0 : absent.length)
  const length = (end ?? now) - start
  const bucketMs = Math.max(1, length / histogramParts)
  let windowStart = start
  const errors = errorTally({level, buckets: histogramParts, sideOf})
  const reaches = new Map<LogSource, number | null>()
  const neverInvoked = follow ? 0 : absent.length
  let found: ErrorsReport | null = null

  return {
    scopes,
    groups,
    openedAt: all[0]?.clock.now() ?? now,
    notices,
    plan,
    tally,
    calls: () => totalCalls(all),
    steps: {[Symbol.asyncIterator]: steps},
    verdicts: failOn => {
      const gaps = [...tally.gaps, ...denied]
      return found ? [...verdictsOn(found, failOn), ...verdictsOnNothing(gaps, tally.complete + tally.missing)] : []
    },
    receipt: (finishedAt, {aborted}) => {
      const nowhere = tally.gaps.filter(({reason}) => reason === 'missing')
      if (!aborted && nowhere.length > 0 && nowhere.length === groups) return null
      const unread = aborted && !follow ? tally.groups - tally.complete - tally.missing - tally.gaps.length : 0
      return receiptOf(
        {...tally, groups: tally.groups + neverInvoked, missing: tally.missing + neverInvoked},
        {
          window: {start: baselineStart ?? start, end},
          ...totalCalls(all),
          shown: found?.errors ?? 0,
          notes: found?.notes ?? [],
          durationMs: finishedAt - now,
          gaps: [...denied, ...(unread > 0 ? [interrupted(unread, scopes)] : [])],
        },
      )
    },
  }

  function sideOf({timestamp}: LogEvent): Side | null {
    if (timestamp < windowStart) return baselineStart === null ? null : {is: 'before'}
    return {is: 'now', bucket: Math.min(histogramParts - 1, Math.floor((timestamp - windowStart) / bucketMs))}
  }

  async function* steps(): AsyncGenerator<ErrorsStep> {
    let reportedAt = Number.NEGATIVE_INFINITY
    for await (const {events, notices, following} of stream) {
      for (const notice of notices) yield {notice}
      errors.push(events)
      if (refreshMs === null || !following || following.upTo === null) continue
      const at = all[0]?.clock.now() ?? now
      if (at - reportedAt < refreshMs) continue
      reportedAt = at
      errors.passTime(following.upTo)
      slideTo(at)
      yield {report: await report(at)}
    }
    errors.flush()
    for (const gap of tally.gaps.filter(({reason}) => reason === 'missing')) {
      const source = sources.find(source => isGapOf(gap, source))
      if (source) throw await noSuchLogGroup(source.aws, gap.what, null, signal)
    }
    yield {report: await report(end ?? all[0]?.clock.now() ?? now)}
  }

  /** The window keeps its length; what passes out of it becomes baseline. */
  function slideTo(at: number): void {
    const by = Math.floor((at - length - windowStart) / bucketMs)
    if (by <= 0) return
    errors.counter.slide(Math.min(by, histogramParts))
    windowStart += by * bucketMs
  }

  async function report(until: number): Promise<ErrorsReport> {
    const kinds = errors.counter.groups()
    if (baselineStart !== null) await lookAtReaches(kinds)
    const clusters = clustersOf(kinds, group => exposureOf(group, until), isBaselineComplete)
    found = {
      coverage: {window: {start: windowStart, end: until}, scopes, gaps: [...tally.gaps, ...denied]},
      baseline: baselineStart === null ? null : {start: baselineStart, end: windowStart},
      errors: clusters.reduce((sum, {count}) => sum + count, 0),
      candidates: tally.events,
      logGroups: groups,
      clusters: await completeSamples(clusters, sources, follow ? 0 : mostLookUps, signal),
      notes: [
        ...notesOn(clusters.filter(({trend, baselineComplete}) => trend === 'new' && !baselineComplete).length),
        ...(errors.counter.unsorted > 0
          ? [`${errors.counter.unsorted} errors are of so many kinds that they are only counted: name fewer functions`]
          : []),
        ...(!follow && until > (all[0]?.clock.now() ?? now) - settledAfterMs
          ? ['the window ended less than a minute ago: errors may still arrive']
          : []),
      ],
      gate: null,
    }
    return found
  }

  /** Asks the log groups of what seems new how far back they reach. */
  async function lookAtReaches(groups: readonly ErrorGroup[]): Promise<void> {
    const asked = new Set(groups.filter(({leaf}) => leaf.before === 0).flatMap(sourcesOf))
    const missing = [...asked].filter(source => !reaches.has(source)).slice(0, Math.max(0, mostLookUps - reaches.size))
    await Promise.all(missing.map(async source => reaches.set(source, await reachOf(source, now, signal))))
  }

  function sourcesOf({leaf}: ErrorGroup): readonly LogSource[] {
    return sources.filter(({logGroup, scope}) =>
      [...leaf.origins.values()].some(
        ({origin}) =>
          origin.logGroup === logGroup && origin.region === scope.region && origin.account === scope.account,
      ),
    )
  }

  function reachInto(group: ErrorGroup): number {
    if (baselineStart === null || group.leaf.before > 0) return baselineStart ?? start
    const known = sourcesOf(group).map(source => reaches.get(source) ?? baselineStart)
    return Math.max(baselineStart, Math.min(...known, windowStart))
  }

  function exposureOf(group: ErrorGroup, until: number): Exposure {
    return {
      minutes: Math.max(0, until - windowStart) / minuteMs,
      baselineMinutes: baselineStart === null ? null : Math.max(0, windowStart - reachInto(group)) / minuteMs,
      invocations: null,
    }
  }

  function isBaselineComplete(group: ErrorGroup): boolean {
    if (baselineStart === null) return false
    const hasGap = sourcesOf(group).some(source => tally.gaps.some(gap => isGapOf(gap, source)))
    return !hasGap && reachInto(group) <= baselineStart
  }
}

function notesOn(unsure: number): readonly string[] {
  if (unsure === 0) return []
  const [are, they] = unsure === 1 ? ['1 new kind is', 'it is'] : [`${unsure} new kinds are`, 'they are']
  return [`${are} in log groups that do not hold the whole baseline: ${they} new to the logs, which may be all`]
}
