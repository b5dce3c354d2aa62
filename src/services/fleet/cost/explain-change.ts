import {memoryGB} from '../../pricing.ts'

/** What makes up the bill of one function in one window. */
export type BillFactors = {
  readonly calls: number
  /** that was billed for a call on the average, in ms; null without calls */
  readonly billedMsPerCall: number | null
  readonly memorySizeMB: number
  /** USD for a request */
  readonly perRequest: number
  /** USD for a GB-second, tiers and provisioned concurrency averaged; null without calls */
  readonly perGBSecond: number | null
  /** USD for all that is neither requests nor compute */
  readonly otherUSD: number
}

/** Where a change of cost comes from, in USD; the parts add up to the total. */
export type CostChange = {
  readonly totalUSD: number
  readonly calls: number
  readonly duration: number
  readonly memory: number
  readonly price: number
  readonly other: number
}

type Factor = 'calls' | 'duration' | 'memory' | 'price'
const factors: readonly Factor[] = ['calls', 'duration', 'memory', 'price']
/** all the orders in which four factors can change */
const orders = ordersOf(factors)

/**
 * Explains a change by what changed, additively: requests and compute are
 *
 *   bill(n, d, m, p) = n · r + n · d · m · p
 *
 * with n calls, d billed seconds a call, m GB, and prices p of a GB-second and r of a request. A factor's part is its Shapley
 * value: what the bill grows by when this factor goes from what it was to what it is, averaged over all 24 orders in
 * which the four can change. So the parts add up to the change of the bill exactly, whatever changed together, and a
 * factor that stayed as it was has no part. All else is `other`.
 *
 * Without calls before, or now, nothing is known of how long they took: it counts as the same, and the calls explain it all.
 */
export function explainChange(before: BillFactors, now: BillFactors): CostChange {
  const was = {...before, ...missingFrom(before, now)}
  const is = {...now, ...missingFrom(now, before)}
  const parts: Record<Factor, number> = {calls: 0, duration: 0, memory: 0, price: 0}
  for (const order of orders) {
    let changed = was
    for (const factor of order) {
      const next = {...changed, ...factorOf(is, factor)}
      parts[factor] += (billUSD(next) - billUSD(changed)) / orders.length
      changed = next
    }
  }
  const other = now.otherUSD - before.otherUSD
  return {totalUSD: billUSD(is) + now.otherUSD - billUSD(was) - before.otherUSD, ...parts, other}
}

const missingFrom = (one: BillFactors, another: BillFactors): Partial<BillFactors> => ({
  billedMsPerCall: one.billedMsPerCall ?? another.billedMsPerCall,
  perGBSecond: one.perGBSecond ?? another.perGBSecond,
  // what has no calls has no memory that mattered
  ...(one.calls === 0 && {memorySizeMB: another.memorySizeMB, perRequest: another.perRequest}),
})

function factorOf(of: BillFactors, factor: Factor): Partial<BillFactors> {
  if (factor === 'calls') return {calls: of.calls}
  if (factor === 'duration') return {billedMsPerCall: of.billedMsPerCall}
  if (factor === 'memory') return {memorySizeMB: of.memorySizeMB}
  return {perGBSecond: of.perGBSecond, perRequest: of.perRequest}
}

function billUSD({calls, billedMsPerCall, memorySizeMB, perRequest, perGBSecond}: BillFactors): number {
  const gbSeconds = ((billedMsPerCall ?? 0) / 1000) * memoryGB(memorySizeMB)
  return calls * perRequest + calls * gbSeconds * (perGBSecond ?? 0)
}

/** The sum of several changes, part by part. */
export function addedChanges(changes: readonly CostChange[]): CostChange {
  const sum = (pick: (change: CostChange) => number) => changes.reduce((total, change) => total + pick(change), 0)
  return {
    totalUSD: sum(({totalUSD}) => totalUSD),
    calls: sum(({calls}) => calls),
    duration: sum(({duration}) => duration),
    memory: sum(({memory}) => memory),
    price: sum(({price}) => price),
    other: sum(({other}) => other),
  }
}

function ordersOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map(rest => [item, ...rest]))
}
