import type {Payload} from './payloads.ts'

/**
 * Which payload each invocation of a size is given: by weight (largest remainder within each round), in shuffled order, the
 * same for every size, so that sizes are compared by the same work. A round is as long as there are payloads; what one gave
 * too much or too little of a payload, the next makes up for.
 * @param random uniform in [0, 1)
 * @returns the place of the payload for the n-th invocation of a size, from 0
 */
export function payloadTurns(payloads: readonly Payload[], random: () => number): (n: number) => number {
  const total = payloads.reduce((sum, {weight}) => sum + weight, 0)
  const turns: number[] = []
  let owed = payloads.map(() => 0)
  const round = (): void => {
    const quotas = payloads.map(({weight}, place) => (weight / total) * payloads.length + (owed[place] ?? 0))
    const counts = apportion(quotas, payloads.length)
    owed = quotas.map((quota, place) => quota - (counts[place] ?? 0))
    turns.push(
      ...shuffled(
        counts.flatMap((count, place) => Array.from({length: count}, () => place)),
        random,
      ),
    )
  }
  return n => {
    while (turns.length <= n) round()
    return turns[n] ?? 0
  }
}

/**
 * How many of so many things each gets: the whole part of its quota, and of what is left one each for the largest
 * remainders, of equal ones the first. (Hamilton's method.)
 * @param quotas relative to each other; they need not add up to `seats`
 */
export function apportion(quotas: readonly number[], seats: number): readonly number[] {
  const positive = quotas.map(quota => Math.max(0, quota))
  const sum = positive.reduce((total, quota) => total + quota, 0)
  const exact = positive.map(quota => (quota / sum) * seats)
  // 0.1 + 0.2 is no whole number short of what it should be
  const counts = exact.map(quota => Math.floor(quota + 1e-9))
  const left = seats - counts.reduce((total, count) => total + count, 0)
  const byRemainder = exact
    .map((quota, place) => ({place, remainder: quota - (counts[place] ?? 0)}))
    .sort((a, b) => (Math.abs(b.remainder - a.remainder) < 1e-9 ? a.place - b.place : b.remainder - a.remainder))
  for (const {place} of byRemainder.slice(0, Math.max(0, left))) counts[place] = (counts[place] ?? 0) + 1
  return counts
}

/** Fisher and Yates' shuffle. */
function shuffled(places: readonly number[], random: () => number): readonly number[] {
  const order = [...places]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a = 0, b = 0] = [order[last], order[other]]
    order[last] = b
    order[other] = a
  }
  return order
}
