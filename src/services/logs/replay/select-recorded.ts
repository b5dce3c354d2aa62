import {UserError, usageError} from '../../../errors.ts'
import {listedHint, nearestHint} from '../../targets/nearest-names.ts'
import type {FunctionTarget, LogGroupTarget, Selection, Target} from '../../targets/parse-target.ts'
import type {LogSource} from '../source.ts'

type Known = FunctionTarget | LogGroupTarget

/**
 * What of a recording's log groups a selection is about, by what the recording itself tells: names, versions, log groups.
 * @throws UserError (exit 2) for what only AWS could tell, as an alias or a tag; (exit 1) for a target that matches nothing
 */
export function selectRecorded(sources: readonly LogSource[], selection: Selection): LogSource[] {
  const {stack, tags} = selection
  if (stack !== null || tags.length > 0)
    throw usageError('a recording does not tell stacks and tags', 'name functions or log groups')
  const targets = [...selection.targets, ...selection.logGroups].map(known)
  const asked = targets.filter(({not}) => !not)
  const taken = targets.filter(({not}) => not)
  for (const target of asked)
    if (!sources.some(source => partsOf(source, target).length > 0)) throw unmatched(target, sources)
  return sources.flatMap(source => narrowed(source, asked, taken) ?? [])
}

function known(target: Target): Known {
  if (target.kind !== 'function' && target.kind !== 'log-group')
    throw usageError(`${target.text}: a recording does not tell what belongs to it`, 'name functions or log groups')
  if (target.kind === 'function' && target.qualifier !== null && !/^(\d+|\$LATEST)$/.test(target.qualifier))
    throw usageError(
      `${target.text}: a recording does not tell what an alias served`,
      `name the version, as ${target.name.text}:42`,
    )
  return target
}

type Part = {readonly function: string; readonly version: string | null}
const whole = 'whole'

/** What a target says of a source: all of it, some functions, or nothing (empty). */
function partsOf(source: LogSource, target: Known): readonly Part[] | readonly [typeof whole] {
  if (target.place !== null && target.place.region !== source.scope.region) return []
  if (target.kind === 'log-group') return target.name.matches(source.logGroup) ? [whole] : []
  return source.functions
    .filter(({name}) => target.name.matches(name))
    .map(({name}) => ({function: name, version: target.qualifier}))
}

/** null: nothing of it is wanted */
function narrowed(source: LogSource, asked: readonly Known[], taken: readonly Known[]): LogSource | null {
  const said = asked.flatMap(target => [...partsOf(source, target)])
  if (asked.length > 0 && said.length === 0) return null
  const without = taken.flatMap(target => [...partsOf(source, target)])
  if (without.includes(whole)) return null
  const isOut = (name: string): boolean => without.some(part => part !== whole && part.function === name)
  const parts = said.filter(part => part !== whole)
  if (asked.length === 0 || said.includes(whole)) {
    if (!source.functions.some(({name}) => isOut(name))) return source
    const rest = source.functions.filter(({name}) => !isOut(name))
    return rest.length === 0 ? null : {...source, only: rest.map(({name}) => ({function: name, version: null}))}
  }
  const only = parts.filter(part => !isOut(part.function))
  return only.length === 0 ? null : {...source, only}
}

function unmatched({text, name}: Known, sources: readonly LogSource[]): UserError {
  const names = sources.flatMap(({functions, logGroup}) => [...functions.map(({name}) => name), logGroup])
  const hint = nearestHint(name.text, names) ?? listedHint(names, 'names in the recording')
  return new UserError(`nothing in the recording matches ${text}`, {code: 'NoMatch', ...(hint && {hint})})
}
