import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {eachAccountOnce} from '../insights/each-account-once.ts'
import type {Gap} from '../receipt.ts'
import {callerAccount} from '../targets/caller-account.ts'
import {inEachRegion, regionLabel} from '../targets/in-each-region.ts'
import type {Selection} from '../targets/parse-target.ts'
import {functionPages} from '../targets/read-functions.ts'
import {type ResolvedFunctions, resolveEach} from '../targets/resolve-functions.ts'
import {cachePlace, type FleetCache} from './fleet-cache.ts'
import {type FleetFunction, fleetFunction, sharing} from './fleet-function.ts'
import {functionCount, listingStep} from './listing-step.ts'
import {resumableListing} from './resumable-listing.ts'
import {planScan, rateOf, type ScanPlan} from './scan-plan.ts'

/** The functions that a report is about. */
export type Fleet = {
  /** by region and profile as they were given, in AWS's order of listing; each once, or once for each version that was asked for */
  readonly functions: readonly FleetFunction[]
  /** each with its account, once it is known */
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  /** what could not be listed, down to whole regions */
  readonly gaps: readonly Gap[]
}

/** How far a listing is: what AWS listed so far, of which the selection may be a part. */
export type ListingProgress = {
  readonly functions: number
  readonly pages: number
  /** functions that there are, as far as the accounts told it; null where they did not, or there are few */
  readonly expected: number | null
}

export type ReadFleetOptions = {
  /** null: nothing is kept from one run to the next */
  readonly cache: FleetCache | null
  readonly onProgress?: (progress: ListingProgress) => void
  /** is told what the rest of a region's listing will take, where that is more than a page or two */
  readonly onLongListing?: (plan: ScanPlan) => void
}

/**
 * The functions that a selection is about, a page at a time, so that 100,000 take what they need and no more. An account that
 * several profiles see is read once.
 * On abort, those that were listed, with a gap of reason `interrupted` for the rest.
 * @throws UserError as findFunctions does
 */
export async function readFleet(
  given: readonly Aws[],
  selection: Selection,
  {cache, onProgress, onLongListing}: ReadFleetOptions,
  signal: AbortSignal,
): Promise<Fleet> {
  const share = sharing()
  const met = new Map<Aws, Map<string, FleetFunction>>()
  const read = new Set<Aws>()
  const resumed: string[] = []
  const callers = new Map<string | null, Promise<string | null>>()
  let progress: ListingProgress = {functions: 0, pages: 0, expected: null}
  let all = given
  let scopes = given.map(({scope}) => scope)
  try {
    const once = await eachAccountOnce(given, signal)
    all = once.all
    scopes = [...once.scopes]
    const {notices, gaps} = await resolved()
    scopes = await withAccounts()
    return {functions: functions(), scopes, notices: [...resumed, ...notices], gaps}
  } catch (error) {
    if (!signal.aborted) throw error
    const gaps = all.filter(aws => !read.has(aws)).map(interruptedGap)
    return {functions: functions(), scopes: scopes.map(known), notices: resumed, gaps}
  }

  async function resolved(): Promise<Pick<Fleet, 'notices' | 'gaps'>> {
    const [only, ...others] = all
    if (only && others.length === 0) {
      const {notices, skipped} = await resolveIn(only, selection)
      return {notices, gaps: gapsOf(only, skipped)}
    }
    const {answers, gaps} = await inEachRegion(all, selection, resolveIn, signal)
    const parts = answers.flatMap(({aws, parts}) => parts.map(part => ({aws, ...part})))
    return {
      // that one of several regions has no functions is worth saying only where none has
      notices: parts.some(({functions}) => functions.length > 0)
        ? []
        : parts.flatMap(({aws, notices}) => notices.map(notice => `${regionLabel(aws)}: ${notice}`)),
      gaps: [...parts.flatMap(({aws, skipped}) => gapsOf(aws, skipped)), ...gaps],
    }
  }

  async function resolveIn(aws: Aws, here: Selection): Promise<ResolvedFunctions<FleetFunction>> {
    const functions = met.get(aws) ?? new Map<string, FleetFunction>()
    met.set(aws, functions)
    const answer = await resolveEach(
      aws,
      here,
      {
        listing,
        keep(found) {
          const fn = fleetFunction(aws, found, share)
          // one that several targets name is there once
          functions.set(found.version === null ? found.name : `${found.name}:${found.version}`, fn)
          return fn
        },
      },
      signal,
    )
    read.add(aws)
    return answer
  }

  async function* listing(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly FunctionConfiguration[]> {
    const place = cache && cachePlace(aws, await accountOf(aws))
    const pages =
      cache && place
        ? resumableListing(aws, {cache, place, onResume: notice => resumed.push(notice)}, signal)
        : functionPages(aws, signal)
    let listed = 0
    let cameAt = aws.clock.now()
    for await (const page of pages) {
      const eachMs = aws.clock.now() - cameAt
      cameAt = aws.clock.now()
      // of the second page: the first one had a connection to wait for
      if (++listed === 2) void planRest(aws, eachMs, () => listed)
      progress = {...progress, functions: progress.functions + page.length, pages: progress.pages + 1}
      onProgress?.(progress)
      yield page
    }
  }

  async function planRest(aws: Aws, eachMs: number, listed: () => number): Promise<void> {
    if (!onLongListing) return
    const functions = await functionCount(aws, signal)
    if (functions === null || read.has(aws) || signal.aborted) return
    progress = {...progress, expected: (progress.expected ?? 0) + functions}
    onLongListing(planScan([listingStep(aws, {functions, listed: listed(), eachMs})], rateOf([aws])))
  }

  function functions(): readonly FleetFunction[] {
    return all.flatMap(aws => {
      const found = met.get(aws)
      // of one that was asked for as a whole, its versions are part
      return found ? [...found.values()].filter(({name, version}) => version === null || !found.has(name)) : []
    })
  }

  function gapsOf(aws: Aws, skipped: ResolvedFunctions['skipped']): readonly Gap[] {
    return skipped.map(skip => ({...skip, account: known(aws.scope).account, region: aws.scope.region}))
  }

  function interruptedGap(aws: Aws): Gap {
    const {account, region} = known(aws.scope)
    const listed = met.get(aws)?.size ?? 0
    const what = `${listed === 0 ? 'all functions' : 'the other functions'} in ${regionLabel(aws)}`
    return {what, account, region, reason: 'interrupted', detail: `${listed.toLocaleString('en')} were listed`}
  }

  /** A scope with its account, as far as functions or another region of the profile have told it. */
  function known(scope: Scope): Scope {
    const told = scopes.find(({profile, account}) => profile === scope.profile && account !== null)?.account
    return {...scope, account: scope.account ?? told ?? firstAccount(scope.profile)}
  }

  function firstAccount(profile: string | null): string | null {
    for (const [{scope}, functions] of met)
      if (scope.profile === profile) for (const {account} of functions.values()) if (account !== null) return account
    return null
  }

  function withAccounts(): Promise<Scope[]> {
    return Promise.all(
      scopes.map(async (scope, i) => {
        const {account} = known(scope)
        const aws = given[i]
        return {...scope, account: account ?? (aws ? await accountOf(aws) : null)}
      }),
    )
  }

  /** One profile sees one account, whatever the region. */
  async function accountOf(aws: Aws): Promise<string | null> {
    const {profile} = aws.scope
    const told = known(aws.scope).account
    if (told !== null) return told
    const asked = callers.get(profile) ?? callerAccount(aws, signal)
    callers.set(profile, asked)
    return asked
  }
}
