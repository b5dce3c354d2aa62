// Requests that Lambda refused, because as much of a function ran as may. They are no invocations: nothing ran.
import {type Arrivals, countArrivals, randomArrivals} from './arrivals.ts'
import type {CompanyStack} from './company.ts'
import {mix, textKey} from './random.ts'

export type Refusals = {
  /** how many in [from, to) */
  count(functionName: string, from: number, to: number): number
}

export function createRefusals(stacks: readonly CompanyStack[], seed: number): Refusals {
  const arrivals = new Map<string, Arrivals>()
  for (const {functionName, perDay, shape} of stacks.flatMap(stack => stack.refused ?? [])) {
    const key = textKey(`refused ${functionName}`, seed)
    arrivals.set(functionName, randomArrivals(perDay, shape, key, mix(key, 1)))
  }
  return {
    count(functionName, from, to) {
      const ofFunction = arrivals.get(functionName)
      return ofFunction ? countArrivals(ofFunction, from, to) : 0
    },
  }
}
