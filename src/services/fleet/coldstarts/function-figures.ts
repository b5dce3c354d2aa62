import {isKnown, type Known, orNull, type Unknown} from '../../../known.ts'
import type {LogSource} from '../../logs/source.ts'
import {knownPrices, type Prices} from '../../pricing.ts'
import type {Gap} from '../../receipt.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {whyHidden} from '../hidden-reports.ts'
import type {MetricSeries} from '../metric-reader.ts'
import {interrupted} from '../why-unknown.ts'
import {unknownBy} from './cold-sources.ts'
import type {ColdStartFigures} from './coldstarts-report.ts'
import {figuresOf, noFewerThan} from './figures.ts'
import {type CountedInit, countMet, countUnused, type KindContext} from './init-kind.ts'
import type {MetInit, OpenInit, Owner} from './inits.ts'
import {sumUpTo} from './invocation-counts.ts'
import type {ReadInits} from './read-inits.ts'
import type {SettledInits} from './settle-open.ts'

/** What was read of a fleet, to be told. */
export type ColdEvidence = {
  readonly functions: readonly FleetFunction[]
  /** the log groups that were read, by function */
  readonly sourceOf: ReadonlyMap<FleetFunction, LogSource>
  /** functions without a log group, by a listing */
  readonly absent: ReadonlySet<FleetFunction>
  /** functions whose log was not read, for nobody had invoked them */
  readonly unread: ReadonlySet<FleetFunction>
  /** why the reading of logs came to an end before its time, other than by Ctrl-C; null where it did not */
  readonly brokenOff: Unknown | null
  /** what could not be read of the log groups */
  readonly gaps: readonly Gap[]
  readonly inits: Pick<ReadInits, 'met' | 'uncountable'>
  readonly settled: SettledInits
  readonly invocations: ReadonlyMap<FleetFunction, Known<MetricSeries>>
  readonly provisioned: ReadonlyMap<FleetFunction, Known<ReadonlySet<string>>>
  /** epoch ms: where the reading of logs began, before the window */
  readonly readFrom: number
  /** as far as it was read */
  readonly window: {readonly start: number; readonly end: number}
}

/** A function with its inits, as they are counted. */
export type CountedFunction = {
  readonly of: FleetFunction
  readonly unknown: Unknown | null
  readonly notApplicable: 'managed-instances' | 'web-function' | null
  /** of the window */
  readonly inits: readonly CountedInit[]
  /** also those of the time before it that was read */
  readonly allInits: readonly CountedInit[]
  readonly undetermined: number
  readonly invocations: Known<number>
  readonly prices: Prices | null
}

/** Tells each function's inits apart, or why nobody can; and those that are no function's. */
export function countFunctions(evidence: ColdEvidence): {
  readonly counted: readonly CountedFunction[]
  /** in the window */
  readonly unattributed: number
} {
  const {functions, inits, settled, window} = evidence
  const met = [...inits.met, ...settled.met]
  const byFunction = {
    met: grouped(met),
    unused: grouped(settled.unused),
    undetermined: grouped(settled.undetermined),
  }
  // of several of one group, the first
  const gaps = new Map(evidence.gaps.toReversed().map(gap => [placeOf(gap.account, gap.region, gap.what), gap]))
  const isIn = ({at}: {readonly at: number}): boolean => at >= window.start && at <= window.end
  const counted = functions.map((of): CountedFunction => {
    const isOwn = ({owner}: {readonly owner: Owner | null}): boolean =>
      of.version === null || owner?.version === of.version
    const own = (byFunction.met.get(of.arn) ?? []).filter(isOwn)
    const opened = (byFunction.unused.get(of.arn) ?? []).filter(isOwn).filter(isNoSnapshot(of))
    const open = (byFunction.undetermined.get(of.arn) ?? []).filter(isOwn).filter(isNoSnapshot(of))
    const context = contextOf(of, [...own, ...opened], evidence)
    const allInits = [
      ...own.flatMap(init => (init.owner ? [countMet(init, init.owner, context)] : [])),
      ...opened.flatMap(init => (init.owner ? [countUnused(init, init.owner, context)] : [])),
    ]
    const ofWindow = allInits.filter(isIn)
    const counted = sumUpTo(evidence.invocations.get(of), window.end)
    const invocations = noFewerThan(counted, ofWindow)
    const notApplicable = inits.uncountable.get(of.arn) ?? null
    return {
      of,
      unknown: notApplicable === null ? whyUnknown(of, invocations, evidence, gaps) : null,
      notApplicable,
      inits: ofWindow,
      allInits,
      undetermined: open.filter(isIn).length,
      invocations,
      prices: context.prices,
    }
  })
  const nobodys = [...met, ...settled.unused, ...settled.undetermined].filter(({owner}) => owner === null)
  return {counted, unattributed: nobodys.filter(isIn).length}
}

/** What a function's inits come to. */
export function figuresOfFunction(counted: CountedFunction, window: ColdEvidence['window']): Known<ColdStartFigures> {
  const {unknown, notApplicable, inits, invocations, undetermined} = counted
  if (unknown) return unknown
  if (notApplicable !== null) return {unknown: 'missing', detail: notApplicableWords[notApplicable]}
  return {value: figuresOf(inits, {invocations, undetermined, window})}
}

const notApplicableWords = {
  'managed-instances': 'Lambda Managed Instances serve many requests at a time, and report no cold starts',
  'web-function': 'Web Functions report no single requests',
} as const

const grouped = <I extends {readonly owner: Owner | null}>(inits: readonly I[]): ReadonlyMap<string, readonly I[]> =>
  Map.groupBy(
    inits.filter(({owner}) => owner !== null),
    ({owner}) => owner?.function.arn ?? '',
  )

/** The init of a function with SnapStart is made when a version is published, and no environment of its own. */
const isNoSnapshot =
  ({snapStart}: FleetFunction) =>
  ({phase, failure}: OpenInit): boolean =>
    !snapStart || phase === 'restore' || failure !== null

function contextOf(
  of: FleetFunction,
  inits: readonly (MetInit | OpenInit)[],
  {provisioned, readFrom}: ColdEvidence,
): KindContext {
  const versions = provisioned.get(of)
  // images write no INIT_START in text
  const writesBegins = inits.some(init => 'phase' in init || (init.aheadMs !== null && init.initMs !== null))
  return {
    of,
    provisionedVersions: versions ? orNull(versions) : null,
    beginsReadFrom: writesBegins ? readFrom : null,
    prices: orNull(knownPrices(of.region)),
  }
}

const placeOf = (account: string | null, region: string, logGroup: string): string =>
  [account, region, logGroup].join('\n')

function whyUnknown(
  of: FleetFunction,
  invocations: Known<number>,
  {sourceOf, absent, unread, window, readFrom, brokenOff}: ColdEvidence,
  gaps: ReadonlyMap<string, Gap>,
): Unknown | null {
  const hidden = whyHidden(of)
  // nothing is kept out of the log where nothing ran
  if (hidden && !isUncalled(invocations)) return hidden
  if (unread.has(of)) return null
  if (window.end <= Math.max(window.start, readFrom)) return brokenOff ?? interrupted
  if (absent.has(of)) return whyAbsent(invocations)
  const source = sourceOf.get(of)
  const gap = source && gaps.get(placeOf(source.scope.account, source.scope.region, source.logGroup))
  if (!gap) return null
  return gap.reason === 'missing' ? whyAbsent(invocations) : unknownBy(gap)
}

const isUncalled = (invocations: Known<number>): boolean => isKnown(invocations) && invocations.value === 0

/** A log group that nobody has written to is empty, where nothing was invoked. */
function whyAbsent(invocations: Known<number>): Unknown | null {
  if (isUncalled(invocations)) return null
  const calls = isKnown(invocations) ? `it was invoked ${invocations.value.toLocaleString('en')} times, and ` : ''
  return {unknown: 'missing', detail: `${calls}its log group does not exist`}
}
