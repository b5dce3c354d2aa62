/**
 * How `fc.assert` is to look for a counterexample: among the same cases every time, so that a test that passed yesterday
 * passes today. `SLSOPS_FUZZ_SEED=7 SLSOPS_FUZZ_RUNS=100` looks elsewhere, a hundred times as long.
 */
export function cases(numRuns: number): {readonly seed: number; readonly numRuns: number} {
  const {SLSOPS_FUZZ_SEED = '20261120', SLSOPS_FUZZ_RUNS = '1'} = process.env
  return {seed: Number(SLSOPS_FUZZ_SEED), numRuns: Math.ceil(numRuns * Number(SLSOPS_FUZZ_RUNS))}
}
