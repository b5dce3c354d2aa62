import type {Scope} from '../aws/scope.ts'
import type {Gap} from '../receipt.ts'

/** What was not read because somebody stopped it. */
export function interrupted(groups: number, scopes: readonly Scope[]): Gap {
  const accounts = new Set(scopes.map(({account}) => account))
  return {
    what: `${groups} log ${groups === 1 ? 'group' : 'groups'}`,
    account: accounts.size === 1 ? (scopes[0]?.account ?? null) : null,
    region: [...new Set(scopes.map(({region}) => region))].join(', '),
    reason: 'interrupted',
  }
}
