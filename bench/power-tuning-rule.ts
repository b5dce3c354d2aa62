/**
 * The rules of AWS Lambda Power Tuning (alexcasalboni/aws-lambda-power-tuning, 4.4.0), which slsops is compared with: as it
 * computes, with what is wrong in it.
 */

/** Per ms and 128 MB, in USD, rounded as its state machine has them. */
const minCost = {x86_64: 2.1e-9, arm64: 1.7e-9}

/** The share of values that it leaves out at either end, by default. */
const discarded = 0.2

export type PowerTuningStat = {
  readonly memorySizeMB: number
  readonly durationMs: number
  readonly costUSD: number
}

/** The mean without the `discard` lowest and highest share: `discardTopBottom`. */
export function trimmedMean(values: readonly number[], discard = discarded): number {
  const ordered = values.toSorted((a, b) => a - b)
  const cut = Math.floor(ordered.length * discard)
  const kept = ordered.slice(cut, ordered.length - cut)
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

type Reported = {
  readonly durationMs: number
  readonly billedMs: number
  readonly initMs?: number | null
  readonly restoreMs?: number | null
  readonly billedRestoreMs?: number | null
}

/** What an invocation took: with its init and restore, so that cold ones are in the same mean. */
export const tookMs = ({durationMs, initMs, restoreMs}: Reported): number =>
  durationMs + (initMs ?? 0) + (restoreMs ?? 0)

/** What it takes for billed: a restore twice, for the billed duration has it already. */
export const billedMs = ({billedMs, billedRestoreMs}: Reported): number => billedMs + (billedRestoreMs ?? 0)

/** What it says that a billed duration costs, without the request. */
export const priceUSD = (memorySizeMB: number, billed: number, architecture: keyof typeof minCost = 'x86_64'): number =>
  Math.ceil(billed) * minCost[architecture] * (memorySizeMB / 128)

/** What it makes of the invocations of a size. */
export function statOf(
  memorySizeMB: number,
  invocations: readonly Reported[],
  architecture: keyof typeof minCost = 'x86_64',
): PowerTuningStat {
  const billed = trimmedMean(invocations.map(billedMs))
  return {
    memorySizeMB,
    durationMs: trimmedMean(invocations.map(tookMs)),
    costUSD: priceUSD(memorySizeMB, billed, architecture),
  }
}

export type PowerTuningStrategy = 'cost' | 'speed' | 'balanced'

/** The size that it recommends. Only what is exactly the same ties: then the other of cost and duration decides. */
export function recommended(
  stats: readonly PowerTuningStat[],
  strategy: PowerTuningStrategy,
  balancedWeight = 0.5,
): number | null {
  const weight = Math.min(1, Math.max(0, balancedWeight))
  const mostUSD = Math.max(...stats.map(({costUSD}) => costUSD))
  const longestMs = Math.max(...stats.map(({durationMs}) => durationMs))
  const score = ({costUSD, durationMs}: PowerTuningStat): number =>
    (weight * costUSD) / mostUSD + ((1 - weight) * durationMs) / longestMs
  const order = {
    cost: (a: PowerTuningStat, b: PowerTuningStat) => a.costUSD - b.costUSD || a.durationMs - b.durationMs,
    speed: (a: PowerTuningStat, b: PowerTuningStat) => a.durationMs - b.durationMs || a.costUSD - b.costUSD,
    balanced: (a: PowerTuningStat, b: PowerTuningStat) => score(a) - score(b),
  }[strategy]
  return stats.toSorted(order)[0]?.memorySizeMB ?? null
}

/** How often it invokes with each of some weighted payloads: in this order, and the last takes what remains. */
export function payloadSplit(weights: readonly number[], invocations: number): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const counts = weights.map(weight => Math.floor((weight * invocations) / total))
  const before = counts.slice(0, -1).reduce((sum, count) => sum + count, 0)
  return [...counts.slice(0, -1), invocations - before]
}

/** Per state transition, in USD. */
const transitionUSD = {'us-east-1': 0.000025, 'us-gov-west-1': 0.00003}

/** What Step Functions takes for a run of its state machine. */
export function stepFunctionsUSD(
  sizes: number,
  {
    region = 'us-east-1',
    coldInvocations = null,
  }: {readonly region?: keyof typeof transitionUSD; readonly coldInvocations?: number | null} = {},
): number {
  const transitions = coldInvocations === null ? 6 + 3 * sizes : 6 + sizes + 2 * sizes * coldInvocations
  return transitions * transitionUSD[region]
}
