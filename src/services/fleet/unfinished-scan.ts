import {createHash} from 'node:crypto'
import type {FleetCache} from './fleet-cache.ts'

type Window = {readonly start: number; readonly end: number}

/** A scan that has begun: the window it is of, and when it began. */
export type BegunScan = {
  readonly window: Window
  /** epoch ms: when a scan of the same command line began that did not come to its end, and whose window this is; null for a new one */
  readonly resumedFrom: number | null
}

const resumedWithinMs = 3_600_000

/** of any length, and of any text */
const keyOf = (commandLine: readonly string[]): string =>
  `scans ${createHash('sha256').update(JSON.stringify(commandLine)).digest('base64url')}`

/**
 * Takes note that a scan begins. Where the same command line was killed or interrupted within the last hour, its window is
 * to be used again: "the last 30 days" of ten minutes ago are not those of now, and what was read of them would be of no use.
 * Answers are kept under their window, and so found again. To be said to the user where `resumedFrom` is not null.
 * @param commandLine the command's id, its arguments, and what else decides the answer (profiles and regions in effect)
 * @param window as resolved now
 */
export function beginScan(cache: FleetCache | null, commandLine: readonly string[], window: Window): BegunScan {
  const left = cache?.get<Window | null>(keyOf(commandLine), resumedWithinMs)
  if (left?.value) return {window: left.value, resumedFrom: left.at}
  cache?.put(keyOf(commandLine), window, resumedWithinMs)
  return {window, resumedFrom: null}
}

/** To be called when a scan came to its end: the next one of this command line is of its own window. */
export function endScan(cache: FleetCache | null, commandLine: readonly string[]): void {
  cache?.put(keyOf(commandLine), null, 0)
}
