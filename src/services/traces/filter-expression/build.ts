export type TracesAsked = {
  /** names of functions, any of which a trace is to go through; null: whatever it goes through */
  readonly functions: readonly string[] | null
  /** something in it failed */
  readonly errors: boolean
  /** it took so long at least, work that goes on after the answer included */
  readonly slowMs: number | null
  /** an expression of the user's own, which was checked */
  readonly filter: string | null
}

/** of more functions than this, traces are picked here: the length that X-Ray takes is not documented */
const mostFunctionsNamed = 20

/**
 * What is asked of X-Ray; null: everything. It is one expression however many functions there are: each further one would scan,
 * and cost, all traces again.
 *
 * By the name alone, a function is found by both nodes it has: the one of Lambda, where it is throttled, and its own.
 * `service(){…}` finds errors that were handled on the way, which `fault` and `error` by themselves do not. `duration` is the
 * whole of a trace: `responsetime`, what its caller waited for, would miss what a queue or an async call left to do.
 */
export function expressionOf({functions, errors, slowMs, filter}: TracesAsked): string | null {
  const terms = [
    functions !== null && functions.length <= mostFunctionsNamed ? anyOf(functions) : null,
    errors ? 'service(){fault OR error OR throttle}' : null,
    slowMs === null ? null : `duration >= ${slowMs / 1_000}`,
    filter,
  ].filter(term => term !== null)
  if (terms.length < 2) return terms[0] ?? null
  return terms.map(term => `(${term})`).join(' AND ')
}

function anyOf(functions: readonly string[]): string {
  return functions.map(name => `service("${name.replaceAll(/(["\\])/g, '\\$1')}")`).join(' OR ')
}
