import {ExitCode, UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {onceRequestLeft} from '../first-request.ts'
import type {FunctionRef, LogSource} from '../logs/source.ts'
import {callerAccount} from './caller-account.ts'
import {functionOfDefaultGroup} from './default-group.ts'
import {askedOf, type Gathering, gatherGroups, remainderOf} from './gather-groups.ts'
import {type LogGroupListing, listLogGroups, noSuchLogGroup} from './list-log-groups.ts'
import {type Plan, planOf} from './log-source-plan.ts'
import {listedHint, nearestHint} from './nearest-names.ts'
import type {LogGroupTarget, Selection} from './parse-target.ts'
import {checkAccount, checkRegion} from './place.ts'
import {noFunctions, nothingLeft} from './resolve-functions.ts'
import {type Findings, selectFunctions} from './select-functions.ts'
import {eligibleLogGroups, resolveSelectors, type Selectors, selectorText} from './selectors.ts'

export type ResolvedLogSources = Pick<Findings, 'notices' | 'skipped'> & {
  /** in order of their log groups' names */
  readonly sources: readonly LogSource[]
  /** groups of functions that were never invoked: nothing to read, until a first event makes the group */
  readonly absent: readonly LogSource[]
}

export type ResolveOptions = {
  readonly signal?: AbortSignal | undefined
  /** also exact log groups are looked up: one that is not there is an error here, and not when it is read */
  readonly lookUpGroups?: boolean
}

/**
 * The log groups that a selection is about, and what of each: those of its functions, and those it names.
 * Targets are a union, stack and tags narrow it, `!` subtracts, none is every function of the region.
 * An exact log group is not looked up first, unless asked: reading tells whether it exists, and `noSuchLogGroup` then names the nearest.
 * Only the function that it is named after is, to know whose events they are.
 * @throws UserError: a target, stack or tag that matches nothing (exit 1, with the nearest names), an ARN of another
 *   region or account (exit 2), or a refusal (exit 4, with the permission)
 */
export async function resolveLogSources(
  aws: Aws,
  selection: Selection,
  {signal, lookUpGroups = false}: ResolveOptions = {},
): Promise<ResolvedLogSources> {
  const findings: Findings = {notices: [], skipped: [], refusals: []}
  for (const target of [...selection.targets, ...selection.logGroups]) checkRegion(target, aws.scope.region)
  const namesGroups = selection.logGroups.length > 0 || selection.targets.some(({kind}) => kind === 'log-group')
  const selectors = await resolveSelectors(aws, selection, namesGroups || selection.stack !== null, signal)
  const plan = planOf(selection, selectors, lookUpGroups)

  const namesakes = namesakesOf(aws, plan, signal)
  // awaited last; until then an abort is told by the others
  namesakes.catch(() => undefined)
  // the client of one listing is loaded while the other one's request is under way
  const turn = plan.meetsFunctions ? onceRequestLeft() : Promise.resolve()
  const [listing, gathering] = await Promise.all([
    plan.listsGroups ? turn.then(() => listGroups(aws, plan, findings, signal)) : null,
    gatherGroups(plan.meetsFunctions ? selectFunctions(aws, plan.functions, selectors, findings, signal) : none()),
  ])
  // one set of credentials in one region sees one account
  const account = listing?.account ?? gathering.account ?? (await callerAccount(aws, signal))
  for (const target of plan.groups) checkAccount(target, account)

  const named = new Set(plan.declaredGroups)
  for (const target of plan.groups) {
    const matched = selectorText(selectors)
      ? groupsWithin(target, selectors, gathering)
      : groupsNamed(target, listing, plan)
    if (matched.length === 0) throw await noLogGroup(aws, target, selectors, gathering, listing, signal)
    for (const name of matched) named.add(name)
  }

  const {found, removed} = toSources(aws, {...aws.scope, account}, plan, named, gathering, listing, await namesakes)
  const isAbsent = ({logGroup, mayBeMissing}: LogSource): boolean =>
    mayBeMissing && listing?.complete === true && !listing.classes.has(logGroup)
  if (found.length === 0) {
    if (findings.refusals.length > 0) throw findings.refusals[0]
    if (removed > 0) throw nothingLeft(removed)
    const scope = selectorText(selectors)
    if (scope)
      throw new UserError(`${scope} holds no functions and no log groups`, {
        code: 'NoMatch',
        hint: 'name another one, or functions',
      })
    findings.notices.push(noFunctions(aws))
  }
  const {notices, skipped} = findings
  return {sources: found.filter(source => !isAbsent(source)), absent: found.filter(isAbsent), notices, skipped}
}

/** By log group, the functions that exact ones are named after; where every function is met anyway, that tells more. */
async function namesakesOf(
  aws: Aws,
  {groups, meetsAll}: Plan,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, FunctionRef>> {
  const exact = meetsAll ? [] : new Set(groups.filter(({name}) => name.exact).map(({name}) => name.text))
  const found = await Promise.all(
    [...exact].map(async logGroup => [logGroup, await functionOfDefaultGroup(aws, logGroup, signal)] as const),
  )
  return new Map(found.flatMap(([logGroup, namesake]) => (namesake ? [[logGroup, namesake] as const] : [])))
}

async function* none(): AsyncGenerator<never> {}

/** Where only functions were asked for, their groups can be read without a listing too. */
async function listGroups(
  aws: Aws,
  plan: Plan,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<LogGroupListing | null> {
  const globs = plan.groups.map(({name}) => name).filter(({exact}) => !exact || plan.looksUpGroups)
  try {
    return await listLogGroups(aws, plan.meetsAll ? null : globs, signal)
  } catch (error) {
    if (globs.length > 0 || !(error instanceof UserError) || error.exitCode !== ExitCode.refused) throw error
    findings.notices.push(
      'log groups could not be listed (logs:ListLogGroups is not allowed): their classes are not known',
    )
    return null
  }
}

function groupsNamed({name}: LogGroupTarget, listing: LogGroupListing | null, {looksUpGroups}: Plan): string[] {
  const tells = listing !== null && (listing.complete || looksUpGroups)
  if (name.exact) return !tells || listing.classes.has(name.text) ? [name.text] : []
  return [...(listing?.classes.keys() ?? [])].filter(group => name.matches(group))
}

/** Log groups that pass the selectors: named by them, or of a function that passes. With a stack, logical ids count as names. */
function groupsWithin({name}: LogGroupTarget, selectors: Selectors, gathering: Gathering): string[] {
  return withinSelectors(selectors, gathering).filter(
    group => name.matches(group) || selectors.stack?.logGroups.get(group)?.some(id => name.matches(id)) === true,
  )
}

function withinSelectors(selectors: Selectors, {groups}: Gathering): string[] {
  const ofFunctions = [...groups]
    .filter(([, {asked, takenOut}]) => asked.length + takenOut.length > 0)
    .map(([group]) => group)
  return [...new Set([...eligibleLogGroups(selectors), ...ofFunctions])]
}

async function noLogGroup(
  aws: Aws,
  target: LogGroupTarget,
  selectors: Selectors,
  gathering: Gathering,
  listing: LogGroupListing | null,
  signal: AbortSignal | undefined,
): Promise<UserError> {
  const scope = selectorText(selectors)
  if (!scope) return noSuchLogGroup(aws, target.name.text, listing?.complete ? listing.classes.keys() : null, signal)
  const groups = withinSelectors(selectors, gathering)
  return new UserError(`nothing in ${scope} matches ${target.text}`, {
    code: 'NoMatch',
    hint:
      nearestHint(target.name.text, groups) ?? listedHint(groups, `log groups in ${scope}`) ?? 'it holds no log groups',
  })
}

/** One source for each log group that is left, by name, and how many were taken out. */
function toSources(
  aws: Aws,
  scope: Scope,
  plan: Plan,
  named: ReadonlySet<string>,
  {groups}: Gathering,
  listing: LogGroupListing | null,
  namesakes: ReadonlyMap<string, FunctionRef>,
): {found: LogSource[]; removed: number} {
  const found: LogSource[] = []
  let removed = 0
  for (const logGroup of [...new Set([...named, ...groups.keys()])].sort()) {
    const group = groups.get(logGroup)
    const isNamed = named.has(logGroup)
    const isAsked = plan.asksFunctions && group !== undefined && group.asked.length > 0
    const only = isNamed ? remainderOf(group) : isAsked ? askedOf(group, logGroup, plan.meetsAll) : []
    const isTakenOut =
      only?.length === 0 ||
      plan.notGroups.some(({name}) => name.matches(logGroup)) ||
      (!group && isOfFunctionTakenOut(plan, logGroup))
    if (isTakenOut) {
      if (isNamed || isAsked || (plan.asksFunctions && group && group.takenOut.length > 0)) removed++
      continue
    }
    found.push({
      aws,
      scope,
      logGroup,
      logGroupClass: listing?.classes.get(logGroup) ?? null,
      functions: withNamesake(group?.functions ?? [], namesakes.get(logGroup)),
      only,
      mayBeMissing: !isNamed,
    })
  }
  return {found, removed}
}

const withNamesake = (met: readonly FunctionRef[], namesake: FunctionRef | undefined): readonly FunctionRef[] =>
  namesake && !met.some(({name}) => name === namesake.name) ? [...met, namesake] : met

/** The group of a function that is gone is known only by its default name. */
function isOfFunctionTakenOut({notFunctions}: Plan, logGroup: string): boolean {
  const name = /^\/aws\/lambda\/([^/]+)$/.exec(logGroup)?.[1]
  return name !== undefined && notFunctions.some(target => target.name.matches(name))
}
