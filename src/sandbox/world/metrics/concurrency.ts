// How many executions ran at once, as each of them found it when it started.
import {durationsAt, type FindFunction, longestRunMs} from '../durations.ts'
import type {Environments} from '../environments.ts'
import type {History} from '../history.ts'
import {nameOf} from '../invoked-history.ts'
import {draw, mix} from '../random.ts'
import {byHours, createHourCells, hourMs} from './hour-cells.ts'
import type {FunctionMetric, Scope} from './lambda-metrics.ts'
import {emptyTally, report, type Tally} from './statistics.ts'

const minuteMs = 60_000
/** Of an hour with more invocations, one minute stands for all of it. */
const fewInAnHour = 120

export type ConcurrencyOptions = {
  readonly history: History
  /** whether the company's own requests come to a place */
  readonly isCompanys: (place: string) => boolean
  readonly environments: Environments
  readonly find: FindFunction
  /** functions that are not generated: those that are, are not in what is told of the account */
  readonly names: () => readonly string[]
  /** epoch ms: hours before it are judged by a part of them */
  readonly sampledBefore: number
  /** whether a function has so few and so short requests that in those hours each is taken to run alone */
  readonly isSeldomRun: (name: string) => boolean
}

export type Concurrency = {readonly metrics: readonly FunctionMetric[]; forget(): void}

export function createConcurrency(options: ConcurrencyOptions): Concurrency {
  const {history, isCompanys, environments, find, names, sampledBefore, isSeldomRun} = options
  const cells = createHourCells<string>()

  /** How far before a moment a run can have started that goes on: nothing outlives its function's timeout. */
  function longestRunOf(place: string): number {
    const timeoutSeconds = find(nameOf(place))?.timeoutSeconds
    return timeoutSeconds === undefined ? longestRunMs : Math.min(longestRunMs, timeoutSeconds * 1000)
  }

  /** Reports of each run in [from, to) how many ran with it, itself included. */
  function look(
    functions: readonly string[],
    version: string | undefined,
    from: number,
    to: number,
  ): readonly number[] {
    const [starts, ends]: [number[], number[]] = [[], []]
    for (const name of functions) {
      history.starts(name, version, from - longestRunOf(name), to, (touch, at, a) => {
        const end = at + durationsAt(touch, find)(a, at)
        if (end <= from) return
        starts.push(at)
        ends.push(end)
      })
    }
    const found: number[] = []
    if (starts.length === 0) return found
    const [begun, ended] = [new Float64Array(starts).sort(), new Float64Array(ends).sort()]
    let over = 0
    for (let before = 0; before < begun.length; before++) {
      const at = begun[before] ?? 0
      while ((ended[over] ?? Number.POSITIVE_INFINITY) <= at) over++
      if (at >= from) found.push(before + 1 - over)
    }
    return found
  }

  const countOf = (functions: readonly string[], version: string | undefined, from: number, to: number) =>
    functions.reduce((sum, name) => sum + history.count(name, from, to, version === undefined ? {} : {version}), 0)

  /** How many ran at once in [from, to), once for each run. */
  function tally(
    id: string,
    {functions, version}: {readonly functions: readonly string[]; readonly version: string | undefined},
    from: number,
    to: number,
    into: Tally,
    shownAs: (running: number) => number = running => running,
  ): void {
    const part = (start: number, end: number, found: Tally) => {
      for (const running of look(functions, version, start, end)) report(found, shownAs(running))
    }
    const ofHour = (hour: number, found: Tally) => {
      const [start, end] = [hour * hourMs, (hour + 1) * hourMs]
      if (end > sampledBefore) {
        part(start, end, found)
        return
      }
      const count = countOf(functions, version, start, end)
      if (count === 0 || functions.every(place => isSeldomRun(nameOf(place)))) {
        report(found, shownAs(1), count)
        return
      }
      const minute = sampledMinute(hour)
      const seen = count > fewInAnHour ? look(functions, version, minute, minute + minuteMs) : []
      if (seen.length === 0) part(start, end, found)
      else for (const running of seen) report(found, shownAs(running), count / seen.length)
    }
    byHours(from, to, {
      part: (start, end) => part(start, end, into),
      hour: hour =>
        into.values
          ? ofHour(hour, into)
          : cells.add(`${id} ${version ?? ''}`, hour, into, found => ofHour(hour, found)),
    })
  }

  const countOfScope = ({place, version}: Scope, from: number, to: number) => countOf([place], version, from, to)

  /** How many invocations found an environment that was provisioned: exact, for logs tell each one that did not. */
  function countProvisioned(scope: Scope, from: number, to: number): number {
    const {functionName, place, version} = scope
    const definition = find(functionName)
    if (!definition || !isCompanys(place)) return 0
    const found = emptyTally(false)
    const part = (start: number, end: number, into: Tally) =>
      report(into, 1, environments.countPrepared(definition, version, start, end))
    byHours(from, to, {
      part: (start, end) => part(start, end, found),
      hour: hour =>
        cells.add(`served ${functionName} ${version ?? ''}`, hour, found, into =>
          part(hour * hourMs, (hour + 1) * hourMs, into),
        ),
    })
    return found.samples
  }

  const provisionedFor = (name: string) => find(name)?.provisionedConcurrency ?? 0
  const isProvisioned = (name: string) => provisionedFor(name) > 0
  const ofScope = ({place, version}: Scope) => ({functions: [place], version})
  const unreserved = () => names().filter(name => find(name)?.reservedConcurrency === undefined)
  const metrics: readonly FunctionMetric[] = [
    {
      name: 'ConcurrentExecutions',
      applies: () => true,
      isOfGenerated: true,
      tally: (scope, from, to, into) => tally(scope.place, ofScope(scope), from, to, into),
      tallyAccount: (from, to, into) => tally('*', {functions: names(), version: undefined}, from, to, into),
    },
    {
      name: 'ProvisionedConcurrencyInvocations',
      applies: isProvisioned,
      tally: (scope, from, to, into) => report(into, 1, countProvisioned(scope, from, to)),
    },
    {
      name: 'ProvisionedConcurrencySpilloverInvocations',
      applies: isProvisioned,
      tally: (scope, from, to, into) =>
        report(into, 1, countOfScope(scope, from, to) - countProvisioned(scope, from, to)),
    },
    {
      name: 'ProvisionedConcurrencyUtilization',
      applies: isProvisioned,
      tally: (scope, from, to, into) => {
        const provisioned = provisionedFor(scope.functionName)
        tally(`u ${scope.place}`, ofScope(scope), from, to, into, running => Math.min(1, running / provisioned))
      },
    },
    {
      name: 'ProvisionedConcurrentExecutions',
      applies: isProvisioned,
      tally: (scope, from, to, into) => {
        const provisioned = provisionedFor(scope.functionName)
        tally(`p ${scope.place}`, ofScope(scope), from, to, into, running => Math.min(running, provisioned))
      },
    },
    {
      name: 'UnreservedConcurrentExecutions',
      applies: () => false,
      isOfAccount: true,
      tally: () => undefined,
      tallyAccount: (from, to, into) =>
        tally('unreserved', {functions: unreserved(), version: undefined}, from, to, into),
    },
  ]
  return {
    metrics,
    forget: cells.forget,
  }
}

/** Epoch ms of the minute of an hour that stands for it. */
function sampledMinute(hour: number): number {
  return hour * hourMs + Math.floor(60 * draw(mix(hour, 96))) * minuteMs
}
