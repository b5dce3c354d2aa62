import type {FunctionUsage} from '../../../../src/services/fleet/cost/function-usage.ts'

export const thirtyDaysMs = 30 * 86_400_000
const none = {value: 0}

/** A function that did nothing in thirty days, but for what is given. */
export const usage = (given: Partial<FunctionUsage> = {}): FunctionUsage => ({
  architecture: 'x86_64',
  memorySizeMB: 1024,
  ephemeralStorageMB: 512,
  windowMs: thirtyDaysMs,
  calls: none,
  durationMs: none,
  provisionedCalls: none,
  provisionedCount: none,
  initMs: none,
  snapStart: {value: {cachedVersions: 0, restores: 0}},
  logs: {value: {bytes: 0, logClass: 'STANDARD'}},
  ...given,
})

export const known = <T>(value: T) => ({value})
