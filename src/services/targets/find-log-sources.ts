import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import type {LogSource} from '../logs/source.ts'
import type {Gap} from '../receipt.ts'
import {inEachRegion, regionLabel} from './in-each-region.ts'
import type {Selection} from './parse-target.ts'
import {type ResolvedLogSources, resolveLogSources} from './resolve-log-sources.ts'

export type FoundLogSources = {
  /** by region and profile as they were given, then by log group */
  readonly sources: readonly LogSource[]
  /** groups of functions that were never invoked: nothing to read, until a first event makes the group */
  readonly absent: readonly LogSource[]
  readonly notices: readonly string[]
  /** what could not be looked up, down to whole regions */
  readonly gaps: readonly Gap[]
  /** where it was looked, each with its account as far as one is known */
  readonly scopes: readonly Scope[]
}

/**
 * The log groups that a selection is about, in one region or several. Of several, each is asked for itself: what one
 * lacks another may have, and one that fails is a gap.
 * @throws UserError as resolveLogSources does; of several regions only when that ends all of them
 */
export async function findLogSources(
  all: readonly Aws[],
  selection: Selection,
  signal: AbortSignal,
): Promise<FoundLogSources> {
  const [only, ...others] = all
  const answer =
    only && others.length === 0
      ? found(only, await resolveLogSources(only, selection, {signal}))
      : await findInSeveral(all, selection, signal)
  return {...answer, scopes: all.map(aws => withAccount(aws, [...answer.sources, ...answer.absent]))}
}

/** The same, those that are not there yet among them: what a follower waits for. */
export async function everySource(
  all: readonly Aws[],
  selection: Selection,
  signal: AbortSignal,
): Promise<readonly LogSource[]> {
  const {sources, absent} = await findLogSources(all, selection, signal)
  return [...sources, ...absent]
}

/** One profile sees one account: what is known of it in one region holds in the others. */
function withAccount({scope}: Aws, sources: readonly LogSource[]): Scope {
  const known = sources.find(source => source.scope.profile === scope.profile)?.scope.account
  return {...scope, account: known ?? scope.account}
}

type Found = Omit<FoundLogSources, 'scopes'>

/** Functions and groups that exist at most in some of the regions are looked up there first: elsewhere they are no gaps. */
async function findInSeveral(all: readonly Aws[], selection: Selection, signal: AbortSignal): Promise<Found> {
  const options = {signal, lookUpGroups: true}
  const {answers, gaps} = await inEachRegion(
    all,
    selection,
    (aws, here) => resolveLogSources(aws, here, options),
    signal,
  )
  const founds = answers.map(({aws, parts}) => found(aws, united(parts), regionLabel(aws)))
  const each = founds.flatMap(answer => answer.sources)
  const sources = eachOnce(each)
  const absent = eachOnce(founds.flatMap(answer => answer.absent))
  const nothing = sources.length + absent.length === 0
  return {
    sources,
    absent,
    notices: [
      ...founds.flatMap(answer => (nothing || answer.sources.length > 0 ? answer.notices : [])),
      ...(sources.length < each.length ? ['several profiles see the same account: its log groups are read once'] : []),
    ],
    gaps: [...founds.flatMap(answer => answer.gaps), ...gaps],
  }
}

/** Log groups that several profiles see are read by the first of them; of those in an unknown account nobody can tell. */
function eachOnce(sources: readonly LogSource[]): readonly LogSource[] {
  const groups = Map.groupBy(sources, ({aws, scope: {account, region}, logGroup}) =>
    account === null ? aws : `${account}\n${region}\n${logGroup}`,
  )
  return [...groups].flatMap(([key, [first, ...more]]) =>
    typeof key === 'string' ? more.reduce(joined, first as LogSource) : [first as LogSource, ...more],
  )
}

function united(answers: readonly ResolvedLogSources[]): ResolvedLogSources {
  const [only, ...others] = answers
  if (only && others.length === 0) return only
  const join = (sources: readonly LogSource[]): LogSource[] =>
    [...Map.groupBy(sources, ({logGroup}) => logGroup)]
      .map(([, [first, ...more]]) => more.reduce(joined, first as LogSource))
      .sort((a, b) => (a.logGroup < b.logGroup ? -1 : 1))
  return {
    sources: join(answers.flatMap(({sources}) => sources)),
    absent: join(answers.flatMap(({absent}) => absent)),
    notices: [...new Set(answers.flatMap(({notices}) => notices))],
    skipped: answers.flatMap(({skipped}) => skipped),
  }
}

function joined(one: LogSource, other: LogSource): LogSource {
  const functions = [...one.functions, ...other.functions.filter(({name}) => !one.functions.some(f => f.name === name))]
  return {...one, functions, only: one.only === null || other.only === null ? null : [...one.only, ...other.only]}
}

function found(
  {scope: {account, region}}: Aws,
  {sources, absent, notices, skipped}: ResolvedLogSources,
  label?: string,
): Found {
  const known = sources[0]?.scope.account ?? absent[0]?.scope.account ?? account
  return {
    sources,
    absent,
    notices: label === undefined ? notices : notices.map(notice => `${label}: ${notice}`),
    gaps: skipped.map(skip => ({...skip, account: known, region})),
  }
}
