import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {fewNames} from '../../few-names.ts'
import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {withoutQualifiers} from '../../targets/qualifiers.ts'
import {resolveFunctions} from '../../targets/resolve-functions.ts'

const shown = 8

/**
 * Looks whether targets still stand for the functions that were planned with: a tag, a stack or a glob may hold others by now.
 * @throws UserError, with which came and which went: nothing is changed then
 */
export async function checkSelection(
  aws: Aws,
  words: SelectionWords,
  planned: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const {selection} = withoutQualifiers(parseSelection(words))
  const {targets, stack, tags} = selection
  const isNamed = targets.every(target => target.kind === 'function' && target.name.exact)
  if (stack === null && tags.length === 0 && isNamed) return
  const {functions} = await resolveFunctions(aws, selection, signal)
  const names = new Set(functions.map(({name}) => name))
  const came = [...names].filter(name => !planned.includes(name))
  const went = planned.filter(name => !names.has(name))
  if (came.length + went.length === 0) return
  const told = [
    ...(came.length > 0 ? [`${fewNames(came, shown)} came`] : []),
    ...(went.length > 0 ? [`${fewNames(went, shown)} went`] : []),
  ]
  throw new UserError(`the targets stand for other functions than were planned with: ${told.join(', ')}`, {
    code: 'PlanIsOld',
    hint: 'nothing was changed; look at the plan anew',
  })
}
