import {medianOf} from '../statistics/order.ts'
import type {SizeRecord} from './size-record.ts'

/** Rounds of polishing; sizes are given the same payloads in the same order, so that the second hardly changes anything. */
const rounds = 3

/**
 * How much longer each payload takes than the usual one, as a difference of logarithms, over all sizes (Tukey's median polish).
 * Without it, what differs between payloads would count for noise.
 * @returns an empty map where there is only one payload
 */
export function payloadEffects(records: readonly SizeRecord[]): ReadonlyMap<number, number> {
  const effects = new Map<number, number>()
  for (const {warm} of records) for (const {payload} of warm) effects.set(payload, 0)
  if (effects.size < 2) return new Map()
  for (let round = 0; round < rounds; round++) {
    const residuals = new Map<number, number[]>()
    for (const {warm, logs} of records) {
      const rests = warm.map(({payload}, i) => (logs[i] ?? 0) - (effects.get(payload) ?? 0))
      const centre = medianOf(rests)
      warm.forEach(({payload}, i) => {
        const residual = (logs[i] ?? 0) - centre
        const list = residuals.get(payload)
        if (list) list.push(residual)
        else residuals.set(payload, [residual])
      })
    }
    for (const [payload, list] of residuals) effects.set(payload, medianOf(list))
  }
  return effects
}
