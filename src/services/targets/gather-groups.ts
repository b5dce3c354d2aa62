import type {FunctionRef, LogSource} from '../logs/source.ts'
import {accountOf} from './place.ts'
import type {MetFunction} from './select-functions.ts'

/** What is known of one log group by the functions that log to it. */
type GatheredGroup = {
  readonly functions: FunctionRef[]
  readonly asked: {readonly function: string; readonly version: string | null}[]
  readonly takenOut: string[]
}

export type Gathering = {
  readonly groups: ReadonlyMap<string, GatheredGroup>
  /** as the functions' ARNs say; null where none was met */
  readonly account: string | null
}

/** Functions by the log group they write to; their configurations are let go. */
export async function gatherGroups(functions: AsyncIterable<MetFunction>): Promise<Gathering> {
  const groups = new Map<string, GatheredGroup>()
  let account: string | null = null
  for await (const {name, arn, version, logGroup, fate} of functions) {
    let group = groups.get(logGroup)
    if (!group) {
      group = {functions: [], asked: [], takenOut: []}
      groups.set(logGroup, group)
    }
    // a function's versions come one after the other
    if (group.functions.at(-1)?.name !== name) group.functions.push({name, arn})
    if (fate === 'asked') group.asked.push({function: name, version})
    if (fate === 'taken-out') group.takenOut.push(name)
    account ??= accountOf(arn)
  }
  return {groups, account}
}

/**
 * What of a group that was reached through its functions is to be read; null: all of it.
 * @param metAll every function of the region was met, so no other one shares the group
 */
export function askedOf({functions, asked}: GatheredGroup, logGroup: string, metAll: boolean): LogSource['only'] {
  const whole = asked.every(({version}) => version === null)
  const alone = metAll
    ? asked.length === functions.length
    : functions.length === 1 && logGroup === `/aws/lambda/${functions[0]?.name}`
  return whole && alone ? null : asked
}

/** What of a group that was named itself is to be read, less the functions taken out; null: all of it. */
export function remainderOf(group: GatheredGroup | undefined): LogSource['only'] {
  if (!group || group.takenOut.length === 0) return null
  const {functions, takenOut} = group
  const out = new Set(takenOut)
  return functions.filter(({name}) => !out.has(name)).map(({name}) => ({function: name, version: null}))
}
