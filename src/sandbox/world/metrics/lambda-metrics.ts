// AWS/Lambda: by account, function, alias and executed version.
import type {FindFunction} from '../durations.ts'
import type {History} from '../history.ts'
import {piecesOf, type RoutingStep} from '../routing.ts'
import type {DurationsByHour} from './durations-by-hour.ts'
import type {SandboxMetric} from './metric.ts'
import {type MetricSource, metricLagMs, type Reports, stepOver} from './source.ts'
import {emptyTally, report, reportAll, type Tally} from './statistics.ts'

/** Invocations of a function; of all its versions where none is said. */
export type Scope = {readonly functionName: string; readonly version: string | undefined}

/** One metric of a function; `applies` says of which functions there is one. */
export type FunctionMetric = {
  readonly name: string
  applies(functionName: string): boolean
  tally(scope: Scope, from: number, to: number, into: Tally): void
  /** whether anything was reported in [from, to); as often as it was invoked when absent */
  reportedIn?(scope: Scope, from: number, to: number): boolean
  /** the account as a whole where that is more than the sum of its functions */
  tallyAccount?(from: number, to: number, into: Tally): void
  /** generated functions have it too */
  readonly isOfGenerated?: true
  /** only the account as a whole has it */
  readonly isOfAccount?: true
}

export type LambdaMetricsOptions = {
  readonly history: History
  readonly find: FindFunction
  readonly routing: (functionName: string) => readonly RoutingStep[]
  readonly functions: MetricSource['things']
  /** how many of them are the company's own; the generated ones are behind them */
  readonly ownCount: number
  readonly metrics: readonly FunctionMetric[]
  readonly now: () => number
}

/** The alias that functions are released by. */
const alias = 'live'

const dayMs = 86_400_000

export function createLambdaMetrics(options: LambdaMetricsOptions): MetricSource {
  const {history, find, routing, functions, ownCount, now} = options
  const metrics = new Map(options.metrics.map(metric => [metric.name, metric]))

  /** Unqualified calls report under the function's bare name as their resource. */
  function resourceOf(functionName: string): string {
    return find(functionName)?.releases ? `${functionName}:${alias}` : functionName
  }

  function scopeOf({dimensions}: SandboxMetric): Scope | undefined {
    const {FunctionName, Resource, ExecutedVersion, ...others} = dimensions
    if (FunctionName === undefined || Object.keys(others).length > 0 || !find(FunctionName)) return undefined
    if (Resource !== undefined && Resource !== resourceOf(FunctionName)) return undefined
    if (ExecutedVersion !== undefined && (Resource === undefined || !find(FunctionName)?.releases)) return undefined
    return {functionName: FunctionName, version: ExecutedVersion}
  }

  function addFunction(metric: FunctionMetric, place: number, from: number, to: number, into: Tally): void {
    const functionName = functions.at(place)
    if (metric.applies(functionName)) metric.tally({functionName, version: undefined}, from, to, into)
  }

  function ofAccount(metric: FunctionMetric): Reports {
    return (from, to, into) => {
      if (metric.tallyAccount) {
        metric.tallyAccount(from, to, into)
        return
      }
      for (let place = 0; place < ownCount; place++) addFunction(metric, place, from, to, into)
      const generated = metric.isOfGenerated ? functions.count() - ownCount : 0
      const step = stepOver(generated)
      for (let place = ownCount; place < ownCount + generated; place += step) {
        const found = emptyTally(into.values !== null)
        addFunction(metric, place, from, to, found)
        reportAll(into, found, step)
      }
    }
  }

  /** Looks at whole days first, which cost nearly nothing, and at the newest first: most functions ran in the last one. */
  function hasReported(metric: FunctionMetric, scope: Scope, since: number): boolean {
    const until = now() - metricLagMs
    const isIn = (from: number, to: number) =>
      from < to && (metric.reportedIn ? metric.reportedIn(scope, from, to) : countOf(history, scope, from, to) > 0)
    const lastDay = Math.max(since, Math.floor(until / dayMs) * dayMs)
    const firstDay = Math.min(lastDay, Math.ceil(since / dayMs) * dayMs)
    for (let end = lastDay; end - dayMs >= firstDay; end -= dayMs) if (isIn(end - dayMs, end)) return true
    return isIn(lastDay, until) || isIn(since, firstDay)
  }

  function hasAnyReported(metric: FunctionMetric, since: number): boolean {
    // the company's own do all that the generated ones do
    for (let place = 0; place < ownCount; place++) {
      const functionName = functions.at(place)
      const isCounted = metric.isOfAccount || metric.applies(functionName)
      if (isCounted && hasReported(metric, {functionName, version: undefined}, since)) return true
    }
    return false
  }

  return {
    namespace: 'AWS/Lambda',
    names: [...metrics.keys()].sort(),
    thingDimension: 'FunctionName',
    things: {
      ...functions,
      count: name => (name === undefined || metrics.get(name)?.isOfGenerated ? functions.count() : ownCount),
    },
    reports(metric) {
      const known = metrics.get(metric.name)
      if (!known) return undefined
      if (Object.keys(metric.dimensions).length === 0) return ofAccount(known)
      const scope = known.isOfAccount ? undefined : scopeOf(metric)
      if (!scope || !known.applies(scope.functionName)) return undefined
      return (from, to, into) => known.tally(scope, from, to, into)
    },
    dimensionsSince(functionName, name, since) {
      const metric = metrics.get(name)
      if (!metric) return []
      if (functionName === '') return hasAnyReported(metric, since) ? [{}] : []
      if (metric.isOfAccount || !metric.applies(functionName)) return []
      if (!hasReported(metric, {functionName, version: undefined}, since)) return []
      const own = {FunctionName: functionName}
      const ofResource = {...own, Resource: resourceOf(functionName)}
      if (!find(functionName)?.releases) return [own, ofResource]
      const served = new Set(
        piecesOf(routing(functionName), since, now()).flatMap(({weights}) => weights.map(([version]) => version)),
      )
      const versions = [...served].filter(version => hasReported(metric, {functionName, version}, since))
      return [own, ofResource, ...versions.map(version => ({...ofResource, ExecutedVersion: version}))]
    },
  }
}

function countOf(history: History, scope: Scope, from: number, to: number): number {
  return history.count(scope.functionName, from, to, versionOf(scope))
}

/** The metrics that every invocation reports. */
export function invocationMetrics(
  history: History,
  durations: DurationsByHour,
  throttles: (functionName: string, from: number, to: number) => number,
): readonly FunctionMetric[] {
  const count = (scope: Scope, from: number, to: number) => countOf(history, scope, from, to)
  const failed = (scope: Scope, from: number, to: number) =>
    count(scope, from, to) - history.count(scope.functionName, from, to, {outcome: 'ok', ...versionOf(scope)})
  // what was refused ran on no version
  const refused = ({functionName, version}: Scope, from: number, to: number) =>
    version === undefined ? throttles(functionName, from, to) : 0
  const ofAll = {applies: () => true, isOfGenerated: true} as const
  return [
    {
      name: 'Duration',
      ...ofAll,
      tally: ({functionName, version}, from, to, into) => durations.tally(functionName, version, from, to, into),
    },
    {
      // every invocation reports it, as 0 or 1: its average is the share that failed
      name: 'Errors',
      ...ofAll,
      tally(scope, from, to, into) {
        const errors = failed(scope, from, to)
        report(into, 0, count(scope, from, to) - errors)
        report(into, 1, errors)
      },
    },
    {name: 'Invocations', ...ofAll, tally: (scope, from, to, into) => report(into, 1, count(scope, from, to))},
    {
      name: 'Throttles',
      ...ofAll,
      reportedIn: (scope, from, to) => count(scope, from, to) + refused(scope, from, to) > 0,
      tally(scope, from, to, into) {
        report(into, 0, count(scope, from, to))
        report(into, 1, refused(scope, from, to))
      },
    },
  ]
}

const versionOf = ({version}: Scope) => (version === undefined ? {} : {version})
