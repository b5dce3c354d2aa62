// What documents say of an alias, whichever command is at it.
import type {Scope} from '../services/aws/scope.ts'
import type {AliasRef, Routing} from '../services/traffic/alias/alias-state.ts'
import {percentNumber} from './numbers.ts'

type Moved = AliasRef & {readonly from: string; readonly to: string}

export const movedFields = ({functionName, functionArn, alias, from, to}: Moved, {account, region}: Scope) => ({
  account: functionArn.split(':')[4] || account,
  region,
  function: functionName,
  functionArn,
  alias,
  from,
  to,
})

/** What AWS said that it serves; null where nobody could read it. */
export const servesFields = (serves: (Routing & {readonly description: string}) | null) =>
  serves && {
    version: serves.version,
    additionalVersion: serves.additional?.version ?? null,
    additionalWeightPercent: serves.additional === null ? null : percentNumber(serves.additional.weight),
    description: serves.description,
  }
