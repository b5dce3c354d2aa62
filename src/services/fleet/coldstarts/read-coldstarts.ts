import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {isCredentialProblem} from '../../aws/failures.ts'
import type {Served} from '../../errors/served.ts'
import {createTally, type Tally} from '../../logs/tally.ts'
import type {Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {MetricSeries} from '../metric-reader.ts'
import {whyUnknown} from '../why-unknown.ts'
import type {ColdStartsProgress} from './coldstarts-report.ts'
import {type ColdEvidence, countFunctions} from './function-figures.ts'
import type {FunctionLogGroups} from './function-log-groups.ts'
import {periodFor, readFunctionMetric, sumUpTo} from './invocation-counts.ts'
import {mostCandidates, type PlanLogsOptions, planLogs} from './plan-coldstarts.ts'
import {provisionedVersions} from './provisioned-versions.ts'
import {readInLots} from './read-in-lots.ts'
import type {ReadInits} from './read-inits.ts'
import {type SettledInits, settleOpen} from './settle-open.ts'
import type {MinuteMetrics} from './tell-coldstarts.ts'
import {readOwnMetric} from './version-counts.ts'

export type ReadColdStartsOptions = {
  readonly functions: readonly FleetFunction[]
  /** functions that nobody invoked, by what CloudWatch lists: nothing is read of them */
  readonly quiet: ReadonlySet<FleetFunction>
  readonly groups: FunctionLogGroups
  readonly factsOf: (fn: FleetFunction) => Facts
  /** epoch ms */
  readonly window: {readonly start: number; readonly end: number}
  /** how logs are read, from some time before the window on */
  readonly logs: PlanLogsOptions
  /** takes every request too, where versions are compared; null: cold starts alone are read */
  readonly history: Served | null
  readonly clock: Pick<Aws['clock'], 'now'>
}

export type ColdStartsReading = {
  readonly tally: Tally
  progress(): ColdStartsProgress
  /** On abort, what was read until then. */
  run(onNotice: (notice: string) => void): Promise<{
    readonly evidence: ColdEvidence
    readonly metrics: MinuteMetrics
    readonly periodSeconds: number
  }>
}

/** with more log groups, those of functions that nobody invoked are left out */
const groupsReadInAnyCase = 200
/** fewer cold starts call for no advice */
const worthAdvice = 10
const minuteSeconds = 60

const noCalls: Known<MetricSeries> = {value: {times: [], values: []}}

/**
 * Reads what tells of cold starts, the cheap first: invocations of all functions, the lines of their logs that tell of
 * inits, what became of inits that no line tells of, and, of functions that it matters for, which versions have provisioned
 * concurrency and how many requests there were at a time.
 */
export function openReading(options: ReadColdStartsOptions, signal: AbortSignal): ColdStartsReading {
  const {functions, quiet, groups, factsOf, window, history, clock} = options
  const awake = functions.filter(fn => !quiet.has(fn))
  let brokenOff: Unknown | null = null
  let tally = (): Tally => createTally(groups.sources.length)
  let progress: ColdStartsProgress = {doing: 'metrics', done: 0, total: awake.length, startedAt: clock.now()}

  return {
    get tally() {
      return tally()
    },
    progress: () =>
      progress.doing === 'reading' ? {...progress, done: tally().answered, total: tally().groups} : progress,
    async run(onNotice) {
      const periodSeconds = periodFor(awake.length, window)
      const onProgress = begin('metrics', awake.length)
      const measured = await readOwnMetric(
        awake,
        {metricName: 'Invocations', statistic: 'Sum'},
        periodSeconds,
        {window, onProgress},
        signal,
      )
      const invocations = new Map([...Array.from(quiet, fn => [fn, noCalls] as const), ...measured])
      const unread =
        groups.sources.length + quiet.size > groupsReadInAnyCase && history === null
          ? neverCalled(invocations)
          : new Set<FleetFunction>()
      const inits = await readLogs(unread, onNotice)
      const readTo = Math.max(window.start, Math.min(window.end, inits.readTo ?? window.end))
      const onLookUp = begin('looking-up', 0)
      const settled = await settle(inits.open, readTo, onLookUp)
      const evidence: ColdEvidence = {
        functions,
        sourceOf: groups.sourceOf,
        absent: groups.absent,
        unread,
        brokenOff,
        gaps: tally().gaps,
        inits,
        settled,
        invocations,
        provisioned: new Map(),
        readFrom: options.logs.start,
        window: {start: window.start, end: readTo},
      }
      // whose inits were felt is the same whatever is found to have provisioned concurrency
      const counted = candidateCounts(evidence)
      const provisioned = await provisionedVersions(factsOf, signal.aborted ? [] : mayBeProvisioned(counted), signal)
      const known = {...evidence, provisioned}
      return {evidence: known, metrics: await minuteMetrics(counted, known, periodSeconds), periodSeconds}
    },
  }

  function begin(doing: ColdStartsProgress['doing'], all: number): (done: number, total?: number) => void {
    const startedAt = clock.now()
    progress = {doing, done: 0, total: all, startedAt}
    return (done, total = all) => {
      progress = {doing, done, total, startedAt}
    }
  }

  async function readLogs(unread: ReadonlySet<FleetFunction>, onNotice: (notice: string) => void): Promise<ReadInits> {
    const sources = groups.sources.filter(source => groups.functionsOf.get(source)?.some(fn => !unread.has(fn)))
    const {byInsights} = planLogs(sources, groups.sizes, options.logs)
    const reading = readInLots(
      {
        sources,
        start: options.logs.start,
        end: window.end,
        byInsights,
        maySwitch: options.logs.engine !== 'filter',
        reports: history !== null,
        ...(history && {
          onRequest: (owner, _source, at, requestAt) =>
            history.add({
              kind: 'report',
              function: owner?.function ?? null,
              version: owner?.version ?? null,
              timestamp: at,
              report: {durationMs: at - requestAt},
            }),
        }),
      },
      signal,
    )
    tally = reading.tally
    begin('reading', sources.length)
    try {
      await reading.run(onNotice)
    } catch (error) {
      // what was read until somebody stopped it is told, and until credentials came to their end
      if (signal.aborted) return reading.inits
      if (!isCredentialProblem(error)) throw error
      brokenOff = whyUnknown(error, {doing: 'read logs', permission: 'logs:FilterLogEvents'}, signal)
    }
    return reading.inits
  }

  async function settle(
    open: ReadInits['open'],
    end: number,
    onProgress: (done: number, total: number) => void,
  ): Promise<SettledInits> {
    if (signal.aborted) return {met: [], unused: [], undetermined: open.map(({init}) => init)}
    return settleOpen(open, end, onProgress, signal)
  }

  function neverCalled(invocations: ReadonlyMap<FleetFunction, Known<MetricSeries>>): ReadonlySet<FleetFunction> {
    return new Set(
      functions.filter(fn => {
        const sum = sumUpTo(invocations.get(fn), window.end)
        return isKnown(sum) && sum.value === 0
      }),
    )
  }

  /** Those with the most inits that nobody waited for first, then those that may want it. */
  function mayBeProvisioned(counted: readonly CandidateCounts[]): readonly FleetFunction[] {
    return counted
      .filter(({ahead, felt}) => ahead > 0 || felt >= worthAdvice)
      .sort((a, b) => b.ahead - a.ahead || b.felt - a.felt)
      .map(({of}) => of)
  }

  async function minuteMetrics(
    counted: readonly CandidateCounts[],
    evidence: ColdEvidence,
    periodSeconds: number,
  ): Promise<MinuteMetrics> {
    const most = counted
      .filter(({felt}) => felt > 0)
      .sort((a, b) => b.felt - a.felt)
      .slice(0, mostCandidates)
      .map(({of}) => of)
    const options = {window: evidence.window, onProgress: () => undefined}
    const read = (metricName: 'Invocations' | 'ConcurrentExecutions' | 'Duration', statistic: string) =>
      readOwnMetric(most, {metricName, statistic}, minuteSeconds, options, signal)
    const withProvisioned = most.filter(fn => {
      const versions = evidence.provisioned.get(fn)
      return fn.version === null && versions && isKnown(versions) && versions.value.size > 0
    })
    const served = {metricName: 'ProvisionedConcurrencyInvocations', statistic: 'Sum'} as const
    const [invocations, concurrency, duration, provisioned] = await Promise.all([
      periodSeconds === minuteSeconds ? evidence.invocations : read('Invocations', 'Sum'),
      read('ConcurrentExecutions', 'Maximum'),
      read('Duration', 'Sum'),
      readFunctionMetric(withProvisioned, served, periodSeconds, options, signal),
    ])
    return {invocations, concurrency, duration, provisioned}
  }
}

/** How many inits of a function nobody waited for, and how many somebody did. */
type CandidateCounts = {readonly of: FleetFunction; readonly ahead: number; readonly felt: number}

function candidateCounts(evidence: ColdEvidence): readonly CandidateCounts[] {
  return countFunctions(evidence).counted.map(({of, inits}) => ({
    of,
    ahead: inits.filter(({kind}) => kind === 'proactive').length,
    felt: inits.filter(({feltMs}) => feltMs !== null).length,
  }))
}
