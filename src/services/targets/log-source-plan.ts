import type {FunctionTarget, LogGroupTarget, Selection, Target} from './parse-target.ts'
import {eligibleLogGroups, type Selectors} from './selectors.ts'
import type {StackMembers} from './stack-members.ts'

/** What has to be looked up to know which log groups a selection is about. */
export type Plan = {
  /** log groups named themselves, and those taken out */
  readonly groups: readonly LogGroupTarget[]
  readonly notGroups: readonly LogGroupTarget[]
  /** what selects functions and takes them out */
  readonly functions: readonly Target[]
  readonly notFunctions: readonly FunctionTarget[]
  /** a stack's own log groups, when the stack alone is asked for */
  readonly declaredGroups: readonly string[]
  /** false: functions are only met to narrow or subtract from named log groups */
  readonly asksFunctions: boolean
  readonly meetsFunctions: boolean
  /** every function of the region is met, page by page */
  readonly meetsAll: boolean
  readonly listsGroups: boolean
  /** a listing is to tell whether exact log groups exist */
  readonly looksUpGroups: boolean
}

/** Sorts a selection's targets by what they need. */
export function planOf({targets, logGroups}: Selection, selectors: Selectors, lookUpGroups: boolean): Plan {
  const byGroup = [...logGroups, ...targets].flatMap(target => asLogGroup(target, selectors.stack) ?? [])
  const byFunction = targets.filter(target => !asLogGroup(target, selectors.stack))
  const groups = byGroup.filter(({not}) => !not)
  const narrowed = selectors.stack !== null || selectors.tagged !== null
  const selecting = byFunction.filter(({not}) => !not)
  const asksFunctions = selecting.length > 0 || groups.length === 0
  const meetsFunctions = asksFunctions || narrowed || byFunction.length > 0
  const meetsAll = meetsFunctions && !narrowed && (selecting.length === 0 || selecting.some(isOpen))
  return {
    groups,
    notGroups: byGroup.filter(({not}) => not),
    functions: byFunction,
    notFunctions: byFunction.filter(target => target.kind === 'function').filter(({not}) => not),
    declaredGroups: selecting.length + groups.length === 0 && selectors.stack ? eligibleLogGroups(selectors) : [],
    asksFunctions,
    meetsFunctions,
    meetsAll,
    listsGroups: meetsAll || (!narrowed && groups.some(({name}) => !name.exact || lookUpGroups)),
    looksUpGroups: lookUpGroups,
  }
}

/** Whether any function might match: a listing has to tell. */
const isOpen = (target: Target): boolean => target.kind === 'function' && !target.name.exact

/** A target that names log groups; with a stack, a bare word may be the logical id of one. */
function asLogGroup(target: Target, stack: StackMembers | null): LogGroupTarget | null {
  if (target.kind === 'log-group') return target
  if (!stack || target.kind !== 'function' || !target.name.exact || target.qualifier !== null) return null
  const {text} = target.name
  const isAmong = (members: ReadonlyMap<string, readonly string[]>): boolean =>
    members.has(text) || [...members.values()].some(ids => ids.includes(text))
  return isAmong(stack.logGroups) && !isAmong(stack.functions)
    ? {kind: 'log-group', text: target.text, not: target.not, place: null, name: target.name}
    : null
}
