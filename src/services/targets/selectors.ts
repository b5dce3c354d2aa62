import type {Aws} from '../aws/connect.ts'
import type {Selection} from './parse-target.ts'
import {type StackMembers, stackMembers} from './stack-members.ts'
import {type TaggedResources, taggedResources} from './tagged-resources.ts'

/** What `--stack` and `--tag` leave; null where the flag was not given. */
export type Selectors = {readonly stack: StackMembers | null; readonly tagged: TaggedResources | null}

/**
 * Looks up what the stack and the tags stand for.
 * @throws UserError when either stands for nothing
 */
export async function resolveSelectors(
  aws: Aws,
  {stack, tags}: Pick<Selection, 'stack' | 'tags'>,
  withLogGroups: boolean,
  signal: AbortSignal | undefined,
): Promise<Selectors> {
  const [members, tagged] = await Promise.all([
    stack === null ? null : stackMembers(aws, stack, signal),
    tags.length === 0 ? null : taggedResources(aws, tags, withLogGroups, signal),
  ])
  return {stack: members, tagged}
}

/** Whether a function passes the selectors. */
export function isEligible({stack, tagged}: Selectors, name: string): boolean {
  return (!stack || stack.functions.has(name)) && (!tagged || tagged.functions.has(name))
}

/** The names of functions that pass, or null when no selector was given. */
export function eligibleNames(selectors: Selectors): string[] | null {
  const names = selectors.stack?.functions.keys() ?? selectors.tagged?.functions
  return names ? [...names].filter(name => isEligible(selectors, name)) : null
}

/** The log groups that a selector names by themselves, apart from its functions': a stack's own, or those that carry the tags. */
export function eligibleLogGroups({stack, tagged}: Selectors): string[] {
  if (!stack) return [...(tagged?.logGroups ?? [])]
  return [...stack.logGroups.keys()].filter(name => !tagged || tagged.logGroups.has(name))
}

/** As said in an error: "stack shop", "what carries env=prod". */
export function selectorText({stack, tagged}: Selectors): string | null {
  if (stack) return tagged ? `stack ${stack.stack} with ${tagged.tags}` : `stack ${stack.stack}`
  return tagged ? `what carries ${tagged.tags}` : null
}
