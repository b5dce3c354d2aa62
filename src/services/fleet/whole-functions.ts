import type {FleetFunction} from './fleet-function.ts'

/** Each function once, as a whole, whatever versions of it were asked for. */
export function wholeFunctions(functions: readonly FleetFunction[]): readonly FleetFunction[] {
  const byArn = new Map<string, FleetFunction>()
  for (const fn of functions)
    if (!byArn.has(fn.arn)) byArn.set(fn.arn, fn.version === null ? fn : {...fn, version: null})
  return [...byArn.values()]
}
