import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {callerAccount} from '../targets/caller-account.ts'

export type AccountsOnce = {
  /** of profiles that see the same account, the first; of accounts that nobody tells, all */
  readonly all: readonly Aws[]
  /** each that was given, with its account as far as one is known */
  readonly scopes: readonly Scope[]
}

/** What a query that selects by itself is run in: each account and region once. Only where there are several profiles AWS is asked who they are. */
export async function eachAccountOnce(given: readonly Aws[], signal: AbortSignal): Promise<AccountsOnce> {
  const byProfile = Map.groupBy(given, ({scope}) => scope.profile)
  if (byProfile.size < 2) return {all: given, scopes: given.map(({scope}) => scope)}
  const accounts = new Map(
    await Promise.all(
      Array.from(byProfile, async ([profile, [first]]) => {
        const account = first ? (first.scope.account ?? (await callerAccount(first, signal))) : null
        return [profile, account] as const
      }),
    ),
  )
  const scopes = given.map(({scope}) => ({...scope, account: accounts.get(scope.profile) ?? scope.account}))
  const seen = new Set<string>()
  const all = given.filter((_, i) => {
    const {account = null, region = ''} = scopes[i] ?? {}
    if (account === null) return true
    const place = `${account}\n${region}`
    const isFirst = !seen.has(place)
    seen.add(place)
    return isFirst
  })
  return {all, scopes}
}
