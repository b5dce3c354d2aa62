// AWS/Lambda: by account, function, alias and executed version.
import type {FindFunction} from '../durations.ts'
import type {History} from '../history.ts'
import {type Asked, placeOf, releaseAlias} from '../invoked-history.ts'
import {piecesOf, type RoutingStep} from '../routing.ts'
import type {DurationsByHour} from './durations-by-hour.ts'
import type {SandboxMetric} from './metric.ts'
import {type MetricSource, metricLagMs, type Reports, stepOver} from './source.ts'
import {emptyTally, report, reportAll, type Tally} from './statistics.ts'

/** Invocations of a function, or of one resource of it; of all versions where none is said. */
export type Scope = {
  readonly functionName: string
  /** the function as a whole, or one resource of it (invoked-history.ts) */
  readonly place: string
  readonly version: string | undefined
}

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
  /** how many of them are not generated; those that are stand behind them */
  readonly ownCount: () => number
  /** the resources by which clients named a function since, null being the unqualified one, and the versions that ran */
  readonly askedFor: (functionName: string, since: number) => readonly Asked[]
  readonly metrics: readonly FunctionMetric[]
  readonly now: () => number
}

const dayMs = 86_400_000

export function createLambdaMetrics(options: LambdaMetricsOptions): MetricSource {
  const {history, find, routing, functions, now} = options
  const metrics = new Map(options.metrics.map(metric => [metric.name, metric]))

  /** How the company calls a function: by its alias, or null for unqualified. */
  const companysQualifier = (functionName: string) => (find(functionName)?.releases ? releaseAlias : null)
  const wasAskedFor = (functionName: string, qualifier: string | null) =>
    options.askedFor(functionName, Number.NEGATIVE_INFINITY).some(asked => asked.qualifier === qualifier)

  function scopeOf({dimensions}: SandboxMetric): Scope | undefined {
    const {FunctionName, Resource, ExecutedVersion, ...others} = dimensions
    if (FunctionName === undefined || Object.keys(others).length > 0 || !find(FunctionName)) return undefined
    if (Resource === undefined)
      return ExecutedVersion === undefined
        ? {functionName: FunctionName, place: FunctionName, version: undefined}
        : undefined
    const [name, qualifier = null] = Resource.split(':')
    if (name !== FunctionName) return undefined
    if (qualifier !== companysQualifier(FunctionName) && !wasAskedFor(FunctionName, qualifier)) return undefined
    if (ExecutedVersion !== undefined && !isAlias(qualifier)) return undefined
    return {functionName: FunctionName, place: placeOf(FunctionName, qualifier), version: ExecutedVersion}
  }

  function addFunction(metric: FunctionMetric, place: number, from: number, to: number, into: Tally): void {
    const functionName = functions.at(place)
    if (metric.applies(functionName)) metric.tally(wholeOf(functionName), from, to, into)
  }

  function ofAccount(metric: FunctionMetric): Reports {
    return (from, to, into) => {
      if (metric.tallyAccount) {
        metric.tallyAccount(from, to, into)
        return
      }
      const ownCount = options.ownCount()
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
    for (let place = 0; place < options.ownCount(); place++) {
      const functionName = functions.at(place)
      const isCounted = metric.isOfAccount || metric.applies(functionName)
      if (isCounted && hasReported(metric, wholeOf(functionName), since)) return true
    }
    return false
  }

  /** The company's own way of calling a function, and every other one that a client used since. */
  function resourcesSince(functionName: string, since: number): readonly Asked[] {
    const qualifier = companysQualifier(functionName)
    const asked = options.askedFor(functionName, since)
    const served = piecesOf(routing(functionName), since, now()).flatMap(({weights}) => weights.map(([name]) => name))
    const too = asked.find(each => each.qualifier === qualifier)?.versions ?? []
    const others = asked.filter(each => each.qualifier !== qualifier)
    return [{qualifier, versions: [...new Set([...served, ...too])]}, ...others]
  }

  function dimensionsOf(
    metric: FunctionMetric,
    functionName: string,
    {qualifier, versions}: Asked,
    since: number,
  ): readonly Readonly<Record<string, string>>[] {
    const place = placeOf(functionName, qualifier)
    if (!hasReported(metric, {functionName, place, version: undefined}, since)) return []
    const resource = qualifier === null ? functionName : place
    const ofResource = {FunctionName: functionName, Resource: resource}
    if (!isAlias(qualifier)) return [ofResource]
    const ran = versions.filter(version => hasReported(metric, {functionName, place, version}, since))
    return [ofResource, ...ran.map(version => ({...ofResource, ExecutedVersion: version}))]
  }

  return {
    namespace: 'AWS/Lambda',
    names: [...metrics.keys()].sort(),
    thingDimension: 'FunctionName',
    things: {
      ...functions,
      count: name => (name === undefined || metrics.get(name)?.isOfGenerated ? functions.count() : options.ownCount()),
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
      if (!hasReported(metric, wholeOf(functionName), since)) return []
      const own = {FunctionName: functionName}
      return [
        own,
        ...resourcesSince(functionName, since).flatMap(asked => dimensionsOf(metric, functionName, asked, since)),
      ]
    },
  }
}

function countOf(history: History, scope: Scope, from: number, to: number): number {
  return history.count(scope.place, from, to, versionOf(scope))
}

const wholeOf = (functionName: string): Scope => ({functionName, place: functionName, version: undefined})

const isAlias = (qualifier: string | null) => qualifier !== null && !/^(\d+|\$LATEST)$/.test(qualifier)

/** The metrics that every invocation reports. */
export function invocationMetrics(
  history: History,
  durations: DurationsByHour,
  throttles: (place: string, from: number, to: number) => number,
): readonly FunctionMetric[] {
  const count = (scope: Scope, from: number, to: number) => countOf(history, scope, from, to)
  const failed = (scope: Scope, from: number, to: number) =>
    count(scope, from, to) - history.count(scope.place, from, to, {outcome: 'ok', ...versionOf(scope)})
  // what was refused ran on no version
  const refused = ({place, version}: Scope, from: number, to: number) =>
    version === undefined ? throttles(place, from, to) : 0
  const ofAll = {applies: () => true, isOfGenerated: true} as const
  return [
    {
      name: 'Duration',
      ...ofAll,
      tally: ({place, version}, from, to, into) => durations.tally(place, version, from, to, into),
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
