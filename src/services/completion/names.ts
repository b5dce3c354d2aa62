/** What can be completed of one account and region. Names only: nothing here is a secret. */
export type Names = {
  readonly functions: readonly string[]
  /** of a function, its aliases and the versions that they serve */
  readonly qualifiers: readonly (readonly [functionName: string, qualifiers: readonly string[]])[]
  readonly logGroups: readonly string[]
  readonly stacks: readonly string[]
  readonly tagKeys: readonly string[]
}

export const noNames: Names = {functions: [], qualifiers: [], logGroups: [], stacks: [], tagKeys: []}

// AWS's own patterns; what else a server may call a function could not be given as a target either
const functionName = /^[\w-]{1,140}$/
const qualifierName = /^(\$LATEST|[\w-]{1,128})$/
const logGroupName = /^[\w.\-/#]{1,512}$/
const stackName = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/
// any letter, space or sign, but nothing that a terminal obeys, and no `=`, which ends the key on the command line
const tagKey = /^[^=\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u

/**
 * The names that a kept text holds, without those that AWS cannot have given: they may come from any server, and go to
 * a shell and a terminal.
 * @returns null for a text that is none of ours
 */
export function parseNames(text: string): Names | null {
  const content = parsed(text)
  if (!isRecord(content) || content['version'] !== 1) return null
  return {
    functions: matching(content['functions'], functionName),
    qualifiers: (Array.isArray(content['qualifiers']) ? content['qualifiers'] : []).flatMap(entry => {
      const [name, qualifiers]: readonly unknown[] = Array.isArray(entry) ? entry : []
      return matching([name], functionName).map(name => [name, matching(qualifiers, qualifierName)] as const)
    }),
    logGroups: matching(content['logGroups'], logGroupName),
    stacks: matching(content['stacks'], stackName),
    tagKeys: matching(content['tagKeys'], tagKey),
  }
}

export const namesText = (names: Names): string => JSON.stringify({version: 1, ...names})

const matching = (names: unknown, pattern: RegExp): readonly string[] =>
  Array.isArray(names) ? names.filter(name => typeof name === 'string' && pattern.test(name)) : []

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
