import {type Architecture, pricesOf} from '../../../src/services/pricing.ts'
import {bundledPrices, invocationCostUSD} from '../../../src/services/tuning/money/run-prices.ts'
import type {Point} from '../../../src/services/tuning/race/choose-size.ts'
import file from '../../fixtures/tuning-profiles.json' with {type: 'json'}

type ProfileName = keyof typeof file.profiles

/** The prices of us-east-1, as bundled. */
export const prices = bundledPrices(pricesOf('us-east-1'))

/** A sweep that somebody published. */
export const profile = (name: ProfileName) => file.profiles[name]

/** What was measured, at what it costs in us-east-1: each mean billed as one invocation, the request included. */
export function pointsOf(name: ProfileName, architecture: Architecture = 'x86_64'): readonly Point[] {
  const {memory, durationMs} = profile(name)
  return memory.map((memorySizeMB, index) => point(memorySizeMB, durationMs[index] ?? 0, architecture))
}

export function point(memorySizeMB: number, durationMs: number, architecture: Architecture = 'x86_64'): Point {
  const billedMs = Math.ceil(durationMs)
  const costUSD = invocationCostUSD(prices, {memorySizeMB, architecture, ephemeralStorageMB: 512, billedMs})
  return {memorySizeMB, architecture, durationMs, costUSD}
}
