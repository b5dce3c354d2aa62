import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {totalCalls} from '../aws/total-calls.ts'
import {groupSizes, withClasses} from '../logs/group-sizes.ts'
import type {Level, LogEvent} from '../logs/log-event.ts'
import {readLogs} from '../logs/read-logs.ts'
import {planRead, type ReadPlan} from '../logs/read-plan.ts'
import {settledAfterMs} from '../logs/settled.ts'
import {addGap, addPages, createTally, receiptOf, type Tally} from '../logs/tally.ts'
import {understanding} from '../logs/view.ts'
import {verdictsOnNothing} from '../nothing-read.ts'
import {findLogSources} from '../targets/find-log-sources.ts'
import {parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {withoutQualifiers} from '../targets/qualifiers.ts'
import {candidatePattern} from './candidates.ts'
import {clustersOf, type Exposure} from './cluster.ts'
import {completeSamples} from './complete-samples.ts'
import type {ErrorGroup} from './count-errors.ts'
import {type Deploy, findDeploys} from './deploys.ts'
import {type ErrorTally, errorTally} from './error-tally.ts'
import {type ErrorsReport, type ErrorsStep, histogramParts, type OpenedErrors} from './errors-report.ts'
import {type ComparedVersions, type FailOn, type InvocationsCompared, invocationsCompared, judge} from './gate.ts'
import {interrupted} from './interrupted.ts'
import type {Side} from './leaf.ts'
import {type Stint, served} from './served.ts'
import {verdictsOn} from './verdicts.ts'

export type DeployErrorsOptions = {
  /** epoch ms: how far back the deploy, and what served before, are looked for */
  readonly start: number
  /** epoch ms; null: now */
  readonly end: number | null
  readonly now: number
  /** how long before the deploy the version before is looked at */
  readonly baselineMs: number | null
  readonly level: Level
  /** how long after the deploy is judged; null: up to now */
  readonly forMs: number | null
  readonly minInvocations: number
  readonly failOn: FailOn | null
}

const minuteMs = 60_000
const pollMs = 15_000
const reportPattern = '?"REPORT RequestId: " ?"platform.report"'
const mostLookUps = 10

/** What was read so far; times are epoch ms. */
type Found = {
  /** when the first of the versions that are judged began to serve */
  readonly began: number
  readonly from: number
  /** up to when it is to be judged */
  readonly until: number
  readonly readTo: number
  readonly errors: ErrorTally
}

/**
 * Makes ready to compare the version that serves now with the one before, by what their logs tell: first who served when,
 * then the errors of both, per invocation. While the time that is to be judged has not passed it goes on reading.
 * @throws UserError as parseSelection, findLogSources and findDeploys do
 */
export async function openDeployErrors(
  all: readonly Aws[],
  words: SelectionWords,
  options: DeployErrorsOptions,
  signal: AbortSignal,
): Promise<OpenedErrors> {
  const {start, now, forMs, failOn, minInvocations, level} = options
  const clock = all[0]?.clock ?? {now: () => now, sleep: async () => undefined}
  const {selection, qualifierOf} = withoutQualifiers(parseSelection(words))
  const {sources: found, absent, notices, gaps: denied, scopes} = await findLogSources(all, selection, signal)
  const deploys = await findDeploys([...found, ...absent], qualifierOf, signal)
  if (deploys.length === 0)
    throw new UserError('there is no function to compare', {
      code: 'NoMatch',
      hint: 'name functions, as checkout-api:live',
    })

  const warnings = level !== 'ERROR' && level !== 'FATAL'
  const sized = withClasses(found, await groupSizes(found, signal))
  const sources = sized.map(({source}) => source)
  // nothing else reads them; what is read twice is a few minutes
  const rare = new Set(sources.filter(({logGroupClass}) => logGroupClass === 'INFREQUENT_ACCESS'))
  const plan = rare.size === 0 ? null : planQueries()
  let history = served()
  const sum = createTally(sources.length)
  let current: Tally = sum
  let latest: ErrorsReport | null = null
  let stints: readonly (Stint & {readonly deploy: Deploy})[] = []

  return {
    scopes,
    groups: sources.length + absent.length,
    openedAt: clock.now(),
    notices,
    plan,
    get tally() {
      return current
    },
    calls: () => totalCalls(all),
    steps: {[Symbol.asyncIterator]: steps},
    verdicts: failOn => {
      const gaps = [...sum.gaps, ...denied]
      return latest ? [...verdictsOn(latest, failOn), ...verdictsOnNothing(gaps, sum.complete + sum.missing)] : []
    },
    receipt: (finishedAt, {aborted}) =>
      receiptOf(
        {...sum, groups: sum.groups + absent.length, missing: sum.missing + absent.length},
        {
          window: {start, end: options.end ?? finishedAt},
          ...totalCalls(all),
          shown: latest?.errors ?? 0,
          notes: latest?.notes ?? [],
          durationMs: finishedAt - now,
          gaps: [...denied, ...(aborted ? [interrupted(sources.length, scopes)] : [])],
        },
      ),
  }

  /** What queries of the window cost; what is polled for later is little. */
  function planQueries(): ReadPlan {
    const window = {start, end: options.end ?? now, now, follow: false, tail: null, isSelective: true}
    const sizes = new Map(sized.flatMap(({source, size}) => (size ? [[source, size] as const] : [])))
    const {estimate, ...paid} = planRead({
      ...window,
      sources: [...rare],
      engine: 'insights',
      sizes,
      maxUSDPerHour: null,
    })
    return {
      ...paid,
      engine: rare.size > sources.length / 2 ? 'insights' : 'filter',
      logGroups: sources.length,
      // it is read for who served when, and then for the errors
      estimate: {...estimate, costUSD: 2 * estimate.costUSD, scannedBytes: 2 * estimate.scannedBytes},
    }
  }

  async function* steps(): AsyncGenerator<ErrorsStep> {
    const isPast = options.end !== null || forMs === null
    let found = await look(options.end ?? (isPast ? now : now - settledAfterMs), isPast ? null : forMs)
    for (let told = 0; ; told++) {
      const isOver = found.readTo >= found.until
      // what came late meanwhile is only in a read of the whole, and so is what could not be read for a while
      if (isOver && told > 0) {
        sum.gaps = []
        found = {...(await look(found.until, null)), until: found.until}
      }
      if (isOver) found.errors.flush()
      else found.errors.passTime(found.readTo)
      latest = await reportOn(found, isOver)
      if (latest) {
        yield {report: latest}
        return
      }
      if (told % 4 === 0) yield {notice: waitingWords(found)}
      try {
        await clock.sleep(pollMs, signal)
      } catch (error) {
        latest = await reportOn(found, true, true)
        if (latest) yield {report: latest}
        throw error
      }
      found = await lookOn(found, Math.min(clock.now() - settledAfterMs, found.until))
    }
  }

  /** Who served when, then the errors of those who are compared; with `judgedMs`, up to so long after the deploy at most. */
  async function look(end: number, judgedMs: number | null): Promise<Found> {
    history = served()
    await read(start, end, reportPattern, null)
    stints = deploys.map(deploy => ({...history.stint(deploy, start), deploy}))
    const sinceAll = stints.flatMap(({since}) => since ?? [])
    const began = sinceAll.length > 0 ? Math.min(...sinceAll) : end
    const last = sinceAll.length > 0 ? Math.max(...sinceAll) : now
    const until = judgedMs === null ? end : last + judgedMs
    const readTo = Math.min(end, until)
    const bucketMs = Math.max(1, (until - began) / histogramParts)
    const errors = errorTally({level, buckets: histogramParts, sideOf: event => sideOf(event, began, bucketMs, until)})
    const from = Math.max(start, began - (options.baselineMs ?? 0))
    await read(from, readTo, candidatePattern({warnings, reports: false}), errors)
    return {began, from, until, readTo, errors}
  }

  async function lookOn(found: Found, readTo: number): Promise<Found> {
    if (readTo <= found.readTo) return found
    await read(found.readTo + 1, readTo, candidatePattern({warnings, reports: true}), found.errors)
    return {...found, readTo}
  }

  async function read(from: number, to: number, filterPattern: string, errors: ErrorTally | null): Promise<void> {
    if (to < from) return
    const understand = understanding()
    const window = {start: from, end: to, follow: false, tail: null}
    const stream = readLogs({sources, ...window, filterPattern, byInsights: rare, maySwitch: true}, signal)
    current = stream.tally
    for await (const {events} of stream) {
      errors?.push(events)
      if (filterPattern.includes('REPORT')) for (const event of understand(events)) history.add(event)
    }
    const {tally} = stream
    addPages(sum, tally)
    sum.events += tally.events
    Object.assign(sum, {answered: tally.answered, complete: tally.complete, missing: tally.missing})
    for (const gap of tally.gaps) addGap(sum, gap)
    current = sum
  }

  function sideOf(event: LogEvent, began: number, bucketMs: number, until: number): Side | null {
    const {function: owner, version, timestamp} = event
    const stint = stints.find(({deploy}) => deploy.function.arn === owner?.arn)
    if (!stint || timestamp > until) return null
    const {since, previous, sideBySide} = stint
    const isAfter = since === null || timestamp >= since
    if (version === stint.version && isAfter) {
      const bucket = Math.floor((timestamp - began) / bucketMs)
      return {is: 'now', bucket: Math.max(0, Math.min(histogramParts - 1, bucket))}
    }
    return version === previous && isAfter === sideBySide ? {is: 'before'} : null
  }

  function comparedAt(from: number, readTo: number): readonly ComparedVersions[] {
    return stints.map(({deploy, version, previous, since, sideBySide}) => {
      const {arn, name} = deploy.function
      const {account, region} = deploy.source.scope
      const own = history.invocations(arn, version, since ?? from, readTo)
      // waited for, and came
      const seen = since === null && own > 0 ? from : since
      const [start, end] = sideBySide ? [since ?? from, readTo] : [from, since ?? readTo]
      return {
        account,
        region,
        function: name,
        functionArn: arn,
        alias: deploy.alias,
        version,
        previousVersion: previous,
        servesSince: seen,
        sideBySide,
        invocations: own,
        previousInvocations: previous === null ? 0 : history.invocations(arn, previous, start, end),
      }
    })
  }

  /** Null while it is too early to tell. */
  async function reportOn(found: Found, isOver: boolean, isStopped = false): Promise<ErrorsReport | null> {
    const {errors, began, from, readTo} = found
    const functions = comparedAt(from, readTo)
    const exposureOf = ({leaf}: ErrorGroup): Exposure & {readonly invocations: InvocationsCompared} => ({
      minutes: Math.max(0, readTo - began) / minuteMs,
      baselineMinutes:
        Math.max(0, stints.some(({sideBySide}) => sideBySide) ? readTo - began : began - from) / minuteMs,
      invocations: invocationsCompared(functions, leaf.owners),
    })
    const gaps = [...sum.gaps, ...denied]
    const clusters = clustersOf(
      errors.counter.groups(),
      exposureOf,
      group => gaps.length === 0 && exposureOf(group).invocations.before > 0,
    )
    const verdict = judge({clusters, functions, minInvocations, failOn, hasGaps: gaps.length > 0, isOver, isStopped})
    if (verdict === null) return null
    return {
      coverage: {window: {start: began, end: readTo}, scopes, gaps},
      baseline: {start: from, end: stints.some(({sideBySide}) => sideBySide) ? readTo : began},
      errors: clusters.reduce((all, {count}) => all + count, 0),
      candidates: sum.events,
      logGroups: sources.length + absent.length,
      clusters: isStopped ? clusters : await completeSamples(clusters, sources, mostLookUps, signal),
      notes: [
        ...(isOver ? [] : ['it was stopped before its time was over: what fails it is certain']),
        ...(readTo > clock.now() - settledAfterMs ? ['the window ended just now: errors may still arrive'] : []),
      ],
      gate: {...verdict, functions},
    }
  }

  function waitingWords({readTo, until}: Found): string {
    const words = comparedAt(start, readTo).map(
      ({function: name, version, invocations}) => `${name}:${version} had ${invocations} invocations`,
    )
    const left = Math.ceil((until - readTo) / minuteMs)
    return `${words.join(', ')}; ${left} min to go`
  }
}
