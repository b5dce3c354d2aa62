import type {Aws} from './connect.ts'

/** Calls made so far, and how many of them AWS refused as too many. */
export type Calls = {readonly calls: number; readonly throttles: number}

/** The sum over several regions and accounts. */
export function totalCalls(all: readonly Aws[]): Calls {
  const each = all.map(({budget}) => budget.total())
  return {
    calls: each.reduce((sum, {calls}) => sum + calls, 0),
    throttles: each.reduce((sum, {throttles}) => sum + throttles, 0),
  }
}
