/** Time as services see it: passed in, so that tests decide what passes. */
export type Clock = {
  /** epoch milliseconds */
  now(): number
  /** resolves after `ms`; rejects with the signal's reason when it aborts first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
