// Where the company's requests go by: its functions by name, and what touches them.
import type {CompanyFunction, CompanyStack} from './company.ts'
import {pathsOf, type Touch} from './history.ts'
import type {Releases} from './routing.ts'
import {scaledEntry, scaledFunction, scaledIndex} from './scale.ts'

type Home = {readonly definition: CompanyFunction; readonly stack: CompanyStack}

/** The company's functions by name, but for generated ones. */
export const homesIn = (stacks: readonly CompanyStack[]): ReadonlyMap<string, Home> =>
  new Map(stacks.flatMap(stack => stack.functions.map(definition => [definition.name, {definition, stack}] as const)))

/** Finds one of the company's functions, generated or not, as `resized` makes it. */
export function functionFinder(
  homes: ReadonlyMap<string, Home>,
  scaled: number,
  resized: (definition: CompanyFunction) => CompanyFunction,
): (name: string) => CompanyFunction | undefined {
  return name => {
    const own = homes.get(name)?.definition
    if (own) return resized(own)
    const index = scaledIndex(name, scaled)
    return index === null ? undefined : resized(scaledFunction(index))
  }
}

/** Generated functions have no alias. */
const unreleased: Releases = {hasAlias: () => false, builtAs: (_, version) => version}

/** What is caused in which function or log group of the company, by its name. */
export type Touches = {
  in(place: string): readonly Touch[]
  /** but for those of generated functions */
  readonly all: readonly Touch[]
}

export function createTouches(
  stacks: readonly CompanyStack[],
  scaled: number,
  seed: number,
  releases: Releases,
): Touches {
  const touches = new Map<string, Touch[]>()
  for (const path of stacks.flatMap(stack => stack.entries ?? []).flatMap(entry => pathsOf(entry, seed, releases))) {
    for (const touch of path.touches) touches.set(touch.step.in, [...(touches.get(touch.step.in) ?? []), touch])
  }
  const scaledTouches = new Map<string, readonly Touch[]>()
  return {
    all: [...touches.values()].flat(),
    in(place) {
      const known = touches.get(place) ?? scaledTouches.get(place)
      if (known) return known
      const index = scaledIndex(place, scaled)
      if (index === null) return []
      const made = pathsOf(scaledEntry(index, seed), seed, unreleased).flatMap(path => path.touches)
      // a hundred thousand of them with what they remember would be gigabytes
      if (scaledTouches.size > 2000) scaledTouches.clear()
      scaledTouches.set(place, made)
      return made
    },
  }
}
