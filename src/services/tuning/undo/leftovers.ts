import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied} from '../../aws/failures.ts'
import {functionPages} from '../../targets/read-functions.ts'
import {tagsByFunction} from '../../targets/tagged-resources.ts'
import type {Cleanup} from '../arena/arena.ts'
import {type Site, unwritten} from '../arena/change-aws.ts'
import {functionPrefix, logGroupPrefix, runTag} from '../arena/our-names.ts'
import {removed, wordsOf} from './clean-up.ts'
import {deleteOurFunction, deleteOurLogGroup, logGroupsFrom, readOurFunction, readOurLogGroup} from './remove-ours.ts'

/** What carries a run's name and tags in AWS. */
export type Leftover = {
  readonly kind: 'function' | 'log-group'
  readonly name: string
  readonly runId: string
  /** ARN of the function that it was made for */
  readonly source: string | null
  /** epoch ms after which no run needs it any more; until then it may be another operator's who is at work */
  readonly expiresAt: number | null
}

export type Leftovers = {
  readonly found: readonly Leftover[]
  /** what could not be read, and what is called as ours and is not tagged so: one sentence each */
  readonly gaps: readonly string[]
}

/**
 * What runs have left in a region, found by name and tag: also where their journals are gone, or on another machine.
 * Versions of functions are not found so: nothing but a journal proves whose they are.
 */
export async function findLeftovers(aws: Aws, signal: AbortSignal): Promise<Leftovers> {
  const found: Leftover[] = []
  const gaps: string[] = []
  const read = async (work: () => Promise<Leftover | {kind: 'foreign'; why: string} | null>): Promise<void> => {
    try {
      const each = await work()
      if (each?.kind === 'foreign') gaps.push(each.why)
      else if (each) found.push(each)
    } catch (error) {
      signal.throwIfAborted()
      gaps.push(wordsOf(error))
    }
  }
  for (const name of await namesOfFunctions(aws, gaps, signal))
    await read(() => readOurFunction(aws, name, null, signal))
  const groups = await logGroupsFrom(aws, logGroupPrefix, signal).catch(error => {
    signal.throwIfAborted()
    gaps.push(wordsOf(error))
    return []
  })
  for (const {logGroupName = ''} of groups) await read(() => readOurLogGroup(aws, logGroupName, null, signal))
  return {found, gaps}
}

/** By the listing; where that is not allowed by tags, which the tagging API tells some minutes late. */
async function namesOfFunctions(aws: Aws, gaps: string[], signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = []
  try {
    for await (const page of functionPages(aws, signal))
      names.push(
        ...page.flatMap(({FunctionName = ''}) => (FunctionName.startsWith(functionPrefix) ? FunctionName : [])),
      )
    return names
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof UserError && isDenied(error.cause))) gaps.push(wordsOf(error))
  }
  try {
    for await (const page of tagsByFunction(aws, signal))
      names.push(...page.flatMap(({name, tags}) => (name.startsWith(functionPrefix) && tags[runTag] ? name : [])))
  } catch (error) {
    signal.throwIfAborted()
    gaps.push(`clones that runs have left could not be looked for: ${wordsOf(error)}`)
  }
  return names
}

/** Whether a run that nobody here knows may be at work with it: another operator's. */
export function mayBeInUse({expiresAt}: Leftover, now: number): boolean {
  return expiresAt === null || expiresAt > now
}

/**
 * Removes what was found, each read back from AWS right before. Never throws: what could not be done is told.
 * @param leftovers as they may be removed: not those of runs that are going on
 */
export async function removeLeftovers(aws: Aws, leftovers: readonly Leftover[], signal: AbortSignal): Promise<Cleanup> {
  const done: string[] = []
  const left: string[] = []
  // a log group after the function that writes to it
  const inOrder = leftovers.toSorted((a, b) => a.kind.localeCompare(b.kind))
  for (const {kind, name, runId} of inOrder) {
    const site: Site = {aws, journal: unwritten(runId), signal, doing() {}}
    const undone =
      kind === 'function'
        ? await removed(site, `the function ${name}`, 'lambda:DeleteFunction', {
            read: () => readOurFunction(aws, name, runId, signal),
            remove: our => deleteOurFunction(site, our),
          })
        : await removed(site, `the log group ${name}`, 'logs:DeleteLogGroup', {
            read: () => readOurLogGroup(aws, name, runId, signal),
            remove: our => deleteOurLogGroup(site, our),
          })
    if (undone && 'done' in undone) done.push(undone.done)
    else if (undone) left.push(undone.left)
  }
  return {cleanedUp: left.length === 0, left, done}
}
