import {isKnown, type Known} from '../../../known.ts'
import type {ColdStartFigures, ColdStartGroup, ColdStartGrouping} from './coldstarts-report.ts'
import {figuresOf} from './figures.ts'
import type {ColdEvidence, CountedFunction} from './function-figures.ts'
import type {CountedInit} from './init-kind.ts'
import {sumUpTo, sumWithin} from './invocation-counts.ts'
import type {VersionSeries} from './version-counts.ts'

const hourMs = 3_600_000

/** What all functions come to whose cold starts are known. */
export function totalOf(counted: readonly CountedFunction[], window: ColdEvidence['window']): ColdStartFigures {
  const known = counted.filter(isCounted)
  return figuresOf(
    known.flatMap(({inits}) => inits),
    {invocations: sumOf(known), undetermined: undeterminedOf(known), window},
  )
}

/** Functions grouped otherwise than one by one. */
export function groupsOf(
  by: Exclude<ColdStartGrouping, 'function'>,
  counted: readonly CountedFunction[],
  {window, invocations}: Pick<ColdEvidence, 'window' | 'invocations'>,
  versions: ReadonlyMap<CountedFunction['of'], VersionSeries>,
): readonly ColdStartGroup[] {
  if (by === 'runtime') return byRuntime(counted, window)
  return by === 'version' ? byVersion(counted, window, versions) : byHour(counted, window, invocations)
}

const none = {
  functionName: null,
  functionArn: null,
  account: null,
  region: null,
  version: null,
  runtime: null,
  start: null,
}

function byRuntime(counted: readonly CountedFunction[], window: ColdEvidence['window']): readonly ColdStartGroup[] {
  const groups = Map.groupBy(counted, ({of}) => of.runtime ?? 'container')
  return [...groups].map(([key, alike]) => ({
    ...none,
    key,
    runtime: alike[0]?.of.runtime ?? null,
    functions: alike.length,
    unknown: alike.filter(({unknown}) => unknown !== null).length,
    figures: totalOf(alike, window),
  }))
}

function byVersion(
  counted: readonly CountedFunction[],
  window: ColdEvidence['window'],
  versions: ReadonlyMap<CountedFunction['of'], VersionSeries>,
): readonly ColdStartGroup[] {
  return counted.filter(isCounted).flatMap(({of, inits, invocations}) => {
    const calls = versions.get(of)
    const callsOf = (version: string): Known<number> => {
      // one that was asked for was counted by itself
      if (of.version !== null || !calls) return invocations
      return isKnown(calls) ? sumUpTo({value: calls.value.get(version) ?? noCalls}, window.end) : calls
    }
    const byOwn = Map.groupBy(inits, ({owner}) => owner.version ?? '?')
    const called = calls && isKnown(calls) ? calls.value.keys() : []
    const names = new Set([...byOwn.keys(), ...(of.version === null ? called : [of.version])])
    return [...names].map(version => ({
      ...none,
      key: `${of.name}:${version}`,
      functionName: of.name,
      functionArn: `${of.arn}:${version}`,
      account: of.account,
      region: of.region,
      version,
      runtime: of.runtime,
      functions: 1,
      unknown: 0,
      figures: figuresOf(byOwn.get(version) ?? [], {
        invocations: callsOf(version),
        undetermined: 0,
        window,
      }),
    }))
  })
}

const noCalls = {times: [], values: []} as const

function byHour(
  counted: readonly CountedFunction[],
  window: ColdEvidence['window'],
  series: ColdEvidence['invocations'],
): readonly ColdStartGroup[] {
  const known = counted.filter(isCounted)
  const first = Math.floor(window.start / hourMs)
  const hours = Math.max(1, Math.ceil(window.end / hourMs) - first)
  const inits = Map.groupBy(
    known.flatMap(({inits}) => inits),
    ({at}: CountedInit) => Math.floor(at / hourMs),
  )
  return Array.from({length: hours}, (_, i) => {
    const part = {
      start: Math.max(window.start, (first + i) * hourMs),
      end: Math.min(window.end, (first + i + 1) * hourMs),
    }
    return {
      ...none,
      key: new Date((first + i) * hourMs).toISOString(),
      start: (first + i) * hourMs,
      functions: known.length,
      unknown: counted.length - known.length,
      figures: figuresOf(inits.get(first + i) ?? [], {
        invocations: summed(known.map(({of}) => sumWithin(series.get(of), part.start, part.end))),
        undetermined: 0,
        window: part,
      }),
    }
  })
}

const isCounted = ({unknown, notApplicable}: CountedFunction): boolean => unknown === null && notApplicable === null

const sumOf = (counted: readonly CountedFunction[]): Known<number> =>
  summed(counted.map(({invocations}) => invocations))

const undeterminedOf = (counted: readonly CountedFunction[]): number =>
  counted.reduce((sum, {undetermined}) => sum + undetermined, 0)

/** All of them, or why that is not known. */
function summed(all: readonly Known<number>[]): Known<number> {
  let value = 0
  for (const one of all) {
    if (!isKnown(one)) return one
    value += one.value
  }
  return {value}
}
