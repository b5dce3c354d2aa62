import type {Scope} from '../services/aws/scope.ts'
import type {LogSource} from '../services/logs/source.ts'
import {padEnd, width} from './columns.ts'
import {printableName} from './printable.ts'

/**
 * Names a source's account and region as far as several are in play, in a column of one width: '' where all is in one.
 * A profile says more than twelve digits, so it stands for its account.
 */
export function scopeLabels(sources: readonly LogSource[]): (source: LogSource) => string {
  const label = labelAmong(sources.map(({scope}) => scope))
  const columns = sources.reduce((most, {scope}) => Math.max(most, width(label(scope))), 0)
  return columns === 0 ? () => '' : ({scope}) => padEnd(label(scope), columns)
}

/** How to tell scopes apart in one word: `eu-west-1`, `prod`, `prod/eu-west-1`, or '' for a single one. */
export function labelAmong(scopes: readonly Scope[]): (scope: Scope) => string {
  const severalRegions = new Set(scopes.map(({region}) => region)).size > 1
  const severalAccounts = new Set(scopes.map(accountName)).size > 1
  return scope =>
    printableName(
      [severalAccounts ? accountName(scope) : '', severalRegions ? scope.region : ''].filter(Boolean).join('/'),
    )
}

/** Where something is, in the words of {@link labelAmong}: '' for a single place, or one that is none of them. */
export function placeAmong(
  scopes: readonly Scope[],
): (place: {readonly account: string | null; readonly region: string | null}) => string {
  const label = labelAmong(scopes)
  return ({account, region}) => {
    const scope = scopes.find(scope => scope.region === region && scope.account === account)
    return scope ? label(scope) : ''
  }
}

function accountName({profile, account}: Scope): string {
  return profile ?? account ?? ''
}
