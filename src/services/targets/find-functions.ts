import type {Aws} from '../aws/connect.ts'
import type {Gap} from '../receipt.ts'
import {inEachRegion, regionLabel} from './in-each-region.ts'
import type {Selection} from './parse-target.ts'
import {accountOf} from './place.ts'
import {type ResolvedFunctions, resolveFunctions} from './resolve-functions.ts'
import type {SelectedFunction} from './select-functions.ts'

/** A function, and the way to AWS that it was found by. */
export type FoundFunction = {readonly aws: Aws; readonly found: SelectedFunction; readonly account: string | null}

type FoundFunctions = {
  /** by region and profile as they were given; one that several of the targets name is there several times */
  readonly functions: readonly FoundFunction[]
  readonly notices: readonly string[]
  /** what could not be looked up, down to whole regions */
  readonly gaps: readonly Gap[]
}

/**
 * The functions that a selection is about, in one region or several. Of several, each is asked for itself: what one lacks
 * another may have, and one that fails is a gap.
 * @throws UserError as resolveFunctions does; of several regions only when that ends all of them
 */
export async function findFunctions(
  all: readonly Aws[],
  selection: Selection,
  signal: AbortSignal,
): Promise<FoundFunctions> {
  const [only, ...others] = all
  if (only && others.length === 0) return united([foundBy(only, await resolveFunctions(only, selection, signal))])
  const {answers, gaps} = await inEachRegion(all, selection, (aws, here) => resolveFunctions(aws, here, signal), signal)
  const found = united(answers.flatMap(({aws, parts}) => parts.map(part => foundBy(aws, part, regionLabel(aws)))))
  return {...found, gaps: [...found.gaps, ...gaps]}
}

function foundBy(aws: Aws, {functions, notices, skipped}: ResolvedFunctions, label?: string): FoundFunctions {
  const {region} = aws.scope
  const account = accountOf(functions[0]?.arn ?? '') ?? aws.scope.account
  return {
    functions: functions.map(found => ({aws, found, account: accountOf(found.arn) ?? account})),
    notices: label === undefined ? notices : notices.map(notice => `${label}: ${notice}`),
    gaps: skipped.map(skip => ({...skip, account, region})),
  }
}

function united(all: readonly FoundFunctions[]): FoundFunctions {
  const functions = all.flatMap(({functions}) => functions)
  return {
    functions,
    // that one of several regions has no functions is worth saying only where none has
    notices: functions.length > 0 && all.length > 1 ? [] : all.flatMap(({notices}) => notices),
    gaps: all.flatMap(({gaps}) => gaps),
  }
}
