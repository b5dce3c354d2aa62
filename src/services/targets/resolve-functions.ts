import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Selection} from './parse-target.ts'
import {type Findings, type Listing, type SelectedFunction, selectFunctions} from './select-functions.ts'
import {resolveSelectors, selectorText} from './selectors.ts'

export type ResolvedFunctions<T = SelectedFunction> = Pick<Findings, 'notices' | 'skipped'> & {
  /** in AWS's order of listing; a function asked for by several of its versions is there once for each */
  readonly functions: readonly T[]
}

/** What is made of each function that is asked for, so that nothing else of it is kept, and how they are listed. */
type Resolution<T> = {readonly keep: (found: SelectedFunction) => T; readonly listing?: Listing}

/**
 * The functions that a selection is about: its targets are a union, stack and tags narrow it, `!` subtracts, none is all.
 * A log group stands for the functions that log to it. An account without functions is an empty answer with a notice.
 * @throws UserError: a target, stack or tag that matches nothing (exit 1, with the nearest names), an ARN of another
 *   region or account (exit 2), or a refusal (exit 4, with the permission)
 */
export function resolveFunctions(aws: Aws, selection: Selection, signal?: AbortSignal): Promise<ResolvedFunctions> {
  return resolveEach(aws, selection, {keep: found => found}, signal)
}

/**
 * The same, for what a caller makes of each function as it is met.
 * @throws UserError as resolveFunctions does
 */
export async function resolveEach<T>(
  aws: Aws,
  selection: Selection,
  {keep, listing}: Resolution<T>,
  signal: AbortSignal | undefined,
): Promise<ResolvedFunctions<T>> {
  const targets = [...selection.targets, ...selection.logGroups]
  const findings: Findings = {notices: [], skipped: [], refusals: []}
  const selectors = await resolveSelectors(aws, selection, false, signal)
  const functions: T[] = []
  let takenOut = 0
  for await (const {fate, ...found} of selectFunctions(aws, targets, selectors, findings, signal, listing)) {
    if (fate === 'asked') functions.push(keep(found))
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
