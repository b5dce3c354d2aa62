import {UserError, usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {firstLine, translateAwsError} from '../aws/failures.ts'
import type {Scope} from '../aws/scope.ts'
import type {LogSource} from '../logs/source.ts'
import type {Gap} from '../receipt.ts'
import type {Selection, Target} from './parse-target.ts'
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
  checkPlaces(all, selection)
  const outcomes = await Promise.all(all.map(aws => findIn(aws, selection, signal)))
  signal.throwIfAborted()

  const failures = outcomes.flatMap(({failure}) => failure ?? [])
  const missing = outcomes.flatMap(({missing}) => missing ?? [])
  const answers = outcomes.flatMap(({answer}) => answer ?? [])
  if (answers.length === 0) throw worst([...failures, ...missing])
  const found = answers.flatMap(answer => answer.sources)
  const sources = eachOnce(found)
  const absent = eachOnce(answers.flatMap(answer => answer.absent))
  const nothing = sources.length + absent.length === 0
  return {
    sources,
    absent,
    notices: [
      ...answers.flatMap(answer => (nothing || answer.sources.length > 0 ? answer.notices : [])),
      ...(sources.length < found.length ? ['several profiles see the same account: its log groups are read once'] : []),
    ],
    gaps: [...answers.flatMap(answer => answer.gaps), ...outcomes.flatMap(({gap}) => gap ?? [])],
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

type Outcome = {
  readonly answer?: Found
  /** nothing there matches */
  readonly missing?: UserError
  readonly failure?: unknown
  readonly gap?: Gap
}

async function findIn(aws: Aws, selection: Selection, signal: AbortSignal): Promise<Outcome> {
  const here = within(aws, selection)
  if (!here) return {}
  try {
    return {answer: found(aws, await resolveOrEach(aws, here, signal), label(aws))}
  } catch (error) {
    if (isNoMatch(error)) return {missing: error}
    const told = translateAwsError(error, `look at ${aws.scope.region}`)
    return {failure: told, gap: gapOf(aws, told)}
  }
}

/** Where one of several targets is not there, the others may be: then each is looked up by itself. */
async function resolveOrEach(aws: Aws, selection: Selection, signal: AbortSignal): Promise<ResolvedLogSources> {
  const options = {signal, lookUpGroups: true}
  try {
    return await resolveLogSources(aws, selection, options)
  } catch (error) {
    const each = oneByOne(selection)
    if (!isNoMatch(error) || each.length < 2) throw error
    const answers = await Promise.all(
      each.map(one =>
        resolveLogSources(aws, one, options).catch(error => {
          if (isNoMatch(error)) return null
          throw error
        }),
      ),
    )
    const present = answers.filter(answer => answer !== null)
    if (present.length === 0) throw error
    return united(present)
  }
}

function oneByOne({targets, logGroups, ...selectors}: Selection): Selection[] {
  const isAsked = ({not}: Target): boolean => !not
  const without = {targets: targets.filter(({not}) => not), logGroups: logGroups.filter(({not}) => not)}
  return [
    ...targets.filter(isAsked).map(target => ({...selectors, ...without, targets: [target, ...without.targets]})),
    ...logGroups.filter(isAsked).map(group => ({...selectors, ...without, logGroups: [group, ...without.logGroups]})),
  ]
}

function united(answers: readonly ResolvedLogSources[]): ResolvedLogSources {
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

/** A selection as one region sees it: what ARNs place elsewhere is left out; null where nothing is left of it. */
function within({scope: {region}}: Aws, selection: Selection): Selection | null {
  const isHere = ({place}: Target): boolean => place === null || place.region === region
  const targets = selection.targets.filter(isHere)
  const logGroups = selection.logGroups.filter(isHere)
  const asks = (all: readonly Target[]): boolean => all.some(({not}) => !not)
  const asked = asks(selection.targets) || asks(selection.logGroups)
  return asked && !asks(targets) && !asks(logGroups) ? null : {...selection, targets, logGroups}
}

function checkPlaces(all: readonly Aws[], {targets, logGroups}: Selection): void {
  const regions = new Set(all.map(({scope}) => scope.region))
  for (const {text, place} of [...targets, ...logGroups])
    if (place && !regions.has(place.region))
      throw usageError(`${text} is in ${place.region}, which is not among the regions`, `add --region ${place.region}`)
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

const label = ({scope: {profile, region}}: Aws): string => (profile === null ? region : `${profile}/${region}`)

const isNoMatch = (error: unknown): error is UserError => error instanceof UserError && error.code === 'NoMatch'

function gapOf(aws: Aws, error: unknown): Gap {
  const {account, region} = aws.scope
  const detail = firstLine(error instanceof Error ? error.message : String(error))
  const reason = error instanceof UserError && error.exitCode === 4 ? 'denied' : 'failed'
  return {what: `everything in ${label(aws)}`, account, region, reason, detail}
}

/** Of several errors that ended all there was: one of AWS's or ours goes before a mere miss. */
function worst(errors: readonly unknown[]): unknown {
  return errors[0] ?? usageError('nothing was asked of any region', 'check --region')
}
