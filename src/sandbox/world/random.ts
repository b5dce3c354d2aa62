// Randomness by position: the same key gives the same draw, in any order, so nothing has to be stored.

/** Folds one more 32-bit number into a key; the finaliser is MurmurHash3's. */
export function mix(key: number, value: number): number {
  let h = (Math.imul(key ^ 0x5bd1e995, 0x9e3779b1) + value) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A key from a text (FNV-1a, finished by `mix`). */
export function textKey(text: string, key = 0x811c9dc5): number {
  let h = key
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h, text.length)
}

/** The draw in [0, 1) that belongs to a key. */
export function draw(key: number): number {
  return (key >>> 0) / 4_294_967_296
}

/** An element of a list, by key. */
export function pick<T>(list: readonly [T, ...T[]], key: number): T {
  return list[(key >>> 0) % list.length] ?? list[0]
}

/** A sequence of draws in [0, 1) from one key (mulberry32). */
export function draws(key: number): () => number {
  let state = key | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A bell-shaped draw of mean 0 and deviation 1 that never leaves ±3.47 (the sum of four uniform draws). */
function bell(key: number): number {
  const sum = draw(mix(key, 1)) + draw(mix(key, 2)) + draw(mix(key, 3)) + draw(mix(key, 4))
  return (sum - 2) * Math.sqrt(3)
}

/** A skewed positive draw with the given median and 99th percentile; at most about p99 × (p99 / p50) ^ 0.5. */
export function skewed(p50: number, p99: number, key: number): number {
  return skewedBy(p50, p99)(key)
}

/** {@link skewed}, made ready for many keys. */
export function skewedBy(p50: number, p99: number): (key: number) => number {
  const deviation = Math.log(p99 / p50) / 2.33
  return key => p50 * Math.exp(deviation * bell(key))
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** A Poisson count; from a mean of 30 on by its normal approximation. */
export function poisson(mean: number, next: () => number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(next)))
  const target = next()
  let probability = Math.exp(-mean)
  let sum = probability
  let count = 0
  while (target > sum && count < 200) {
    count++
    probability *= mean / count
    sum += probability
  }
  return count
}

/** How many of n hit with probability p; by its normal approximation where the variance is above 25. */
function binomial(n: number, p: number, next: () => number): number {
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  const variance = n * p * (1 - p)
  if (variance > 25) return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(variance) * normal(next))))
  const q = Math.min(p, 1 - p)
  const odds = q / (1 - q)
  const target = next()
  let probability = (1 - q) ** n
  let sum = probability
  let count = 0
  while (target > sum && count < n) {
    count++
    probability *= ((n - count + 1) / count) * odds
    sum += probability
  }
  return p > 0.5 ? n - count : count
}

/** Deals n out over parts in proportion to their weights; the parts add up to n. */
export function deal(n: number, weights: ArrayLike<number>, next: () => number): Uint32Array {
  const parts = new Uint32Array(weights.length)
  let left = 0
  for (let i = 0; i < weights.length; i++) left += weights[i] ?? 0
  for (let i = 0; i < weights.length && n > 0; i++) {
    const weight = weights[i] ?? 0
    const share = i === weights.length - 1 ? n : binomial(n, weight / left, next)
    parts[i] = share
    n -= share
    left -= weight
  }
  return parts
}

/** Two hex digits of every byte: made by `toString` they would take most of the time of a list of traces. */
const hexBytes: readonly string[] = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0'))

const hexWord = (key: number) =>
  `${hexBytes[key >>> 24]}${hexBytes[(key >>> 16) & 255]}${hexBytes[(key >>> 8) & 255]}${hexBytes[key & 255]}`

/** Hex digits in words of eight, from two independent keys. */
export function hex(words: number, a: number, b: number): string {
  let digits = ''
  for (let i = 0; i < words; i++) digits += hexWord(i % 2 === 0 ? mix(a, i) : mix(b, i))
  return digits
}

/** A version 4 UUID from two independent keys. */
export function uuid(a: number, b: number): string {
  const digits = hex(4, a, b)
  const variant = '89ab'[(a >>> 3) & 3]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}
