import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Selection} from './parse-target.ts'
import {type Findings, type SelectedFunction, selectFunctions} from './select-functions.ts'
import {resolveSelectors, selectorText} from './selectors.ts'

export type ResolvedFunctions = Pick<Findings, 'notices' | 'skipped'> & {
  /** in AWS's order of listing; a function asked for by several of its versions is there once for each */
  readonly functions: readonly SelectedFunction[]
}

/**
 * The functions that a selection is about: its targets are a union, stack and tags narrow it, `!` subtracts, none is all.
 * A log group stands for the functions that log to it. An account without functions is an empty answer with a notice.
 * @throws UserError: a target, stack or tag that matches nothing (exit 1, with the nearest names), an ARN of another
 *   region or account (exit 2), or a refusal (exit 4, with the permission)
 */
export async function resolveFunctions(
  aws: Aws,
  selection: Selection,
  signal?: AbortSignal,
): Promise<ResolvedFunctions> {
  const targets = [...selection.targets, ...selection.logGroups]
  const findings: Findings = {notices: [], skipped: [], refusals: []}
  const selectors = await resolveSelectors(aws, selection, false, signal)
  const functions: SelectedFunction[] = []
  let takenOut = 0
  for await (const {fate, ...found} of selectFunctions(aws, targets, selectors, findings, signal)) {
    if (fate === 'asked') functions.push(found)
    if (fate === 'taken-out') takenOut++
  }
  if (functions.length === 0) {
    if (findings.refusals.length > 0) throw findings.refusals[0]
    if (takenOut > 0) throw nothingLeft(takenOut)
    const scope = selectorText(selectors)
    if (scope)
      throw new UserError(`${scope} holds no functions`, {code: 'NoMatch', hint: 'name another one, or functions'})
    findings.notices.push(noFunctions(aws))
  }
  return {functions, notices: findings.notices, skipped: findings.skipped}
}

/** The error for a selection whose `!` targets leave nothing. */
export function nothingLeft(takenOut: number): UserError {
  return new UserError(`nothing is left: the ! targets take out all ${takenOut} that the others select`, {
    code: 'NoMatch',
    hint: 'take out less',
  })
}

/** What is said of a region without functions. */
export function noFunctions({scope: {region}}: Aws): string {
  return `there are no functions in ${region}`
}
