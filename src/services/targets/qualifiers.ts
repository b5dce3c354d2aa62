import type {Selection} from './parse-target.ts'

/** A selection of whole functions, and what was said of aliases or versions behind a colon. */
export type Qualified = {
  readonly selection: Selection
  /** the first that was named of a function; null where none was */
  qualifierOf(name: string): string | null
  /** all that were named of a function, each once, in the order of the targets */
  qualifiersOf(name: string): readonly string[]
}

/** Whether a qualifier is a version; else it is an alias. */
export const isVersion = (qualifier: string): boolean => /^(?:\d+|\$LATEST)$/.test(qualifier)

/** Whether a text can be an alias's name, as Lambda has it: digits alone are a version. */
export const isAliasName = (text: string): boolean => /^(?!\d+$)[\w-]{1,128}$/.test(text)

/** Takes the qualifiers off: what is asked is not the one version, but the function that has it. */
export function withoutQualifiers(selection: Selection): Qualified {
  const named = selection.targets.flatMap(target =>
    target.kind === 'function' && target.qualifier !== null ? [{name: target.name, qualifier: target.qualifier}] : [],
  )
  const qualifiersOf = (name: string): readonly string[] => [
    ...new Set(named.filter(target => target.name.matches(name)).map(({qualifier}) => qualifier)),
  ]
  return {
    selection: {
      ...selection,
      targets: selection.targets.map(target => (target.kind === 'function' ? {...target, qualifier: null} : target)),
    },
    qualifierOf: name => qualifiersOf(name)[0] ?? null,
    qualifiersOf,
  }
}
