// A placed run with all its numbers.
import type {CompanyFunction} from './company.ts'
import {runKeys} from './durations.ts'
import type {PlacedRun} from './environments.ts'
import type {Run, Touch} from './history.ts'
import {billedRestoreMs} from './lambda-lines.ts'
import {draw, hex, mix, uuid} from './random.ts'
import type {Invocation} from './world.ts'

export function requestIdOf(run: Run, touch: Touch = run.touch): string {
  const {a, b} = runKeys(run, touch.requestIdFrom)
  return uuid(a, b)
}

/** An X-Ray trace id; its time is that of the trace's first run. */
export function traceIdOf(run: Run): string {
  const {traceFrom} = run.touch
  const {a, b} = runKeys(run, traceFrom)
  const seconds = Math.floor((run.requestAt + traceFrom.delayMs) / 1000)
  return `1-${seconds.toString(16).padStart(8, '0')}-${hex(3, mix(a, 41), mix(b, 42))}`
}

/** Epoch ms of the second that a trace id names; undefined for what is not one in X-Ray's form. */
export function traceTimeOf(id: string): number | undefined {
  const seconds = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/.exec(id)?.[1]
  return seconds === undefined ? undefined : Number.parseInt(seconds, 16) * 1000
}

/** The id of the run's segment as the function sends it: 16 hex digits. */
export function segmentIdOf(run: Run): string {
  const {a, b} = runKeys(run)
  return hex(2, mix(a, 43), mix(b, 44))
}

export function toInvocation(
  {run, durationMs, environment, first, sampled}: PlacedRun,
  definition: CompanyFunction,
): Invocation {
  const {touch} = run
  const {a} = runKeys(run)
  const outcome = touch.step.outcome ?? 'ok'
  const initMs = first && !definition.snapStart ? environment.initMs : null
  const memorySizeMB = memorySizeOf(definition, run.version, run.at)
  const restoreMs = first && definition.snapStart ? environment.initMs : null
  return {
    requestId: requestIdOf(run),
    functionName: definition.name,
    version: run.version,
    at: run.at,
    durationMs,
    // since August 2025 the init is billed with the invocation that had it; of a restore a part always was
    billedDurationMs: Math.ceil(durationMs + (initMs ?? 0)) + (restoreMs === null ? 0 : billedRestoreMs(restoreMs)),
    memorySizeMB,
    maxMemoryUsedMB: outcome === 'oom' ? memorySizeMB : memoryUsedMB(definition, environment.key, a),
    initDurationMs: initMs,
    restoreDurationMs: restoreMs,
    outcome,
    logStream: environment.stream,
    traceId: traceIdOf(run),
    sampled,
    caller: touch.caller && {functionName: touch.caller.step.in, requestId: requestIdOf(run, touch.caller)},
  }
}

/** The memory sizes that clients gave a function of the company: of `$LATEST` since when, oldest first, and of what they published. */
export type Resized = {
  readonly latest: readonly {readonly from: number; readonly memorySizeMB: number}[]
  readonly published: Readonly<Record<string, number>>
}

/** What a version was published with, or `$LATEST` had at a moment; the oldest that are kept are as the first that was released. */
export function memorySizeOf(
  {memorySizeMB, releases, resized}: CompanyFunction,
  version: string,
  at = Number.NEGATIVE_INFINITY,
): number {
  if (version === '$LATEST') return resized?.latest.findLast(({from}) => from <= at)?.memorySizeMB ?? memorySizeMB
  const published = resized?.published[version]
  if (published !== undefined) return published
  if (!releases) return memorySizeMB
  const release = releases.findLast(each => each.version <= Number(version)) ?? releases[0]
  return release.memorySizeMB ?? memorySizeMB
}

/** Max Memory Used is the high-water mark of the environment, so runs of one environment differ little. */
function memoryUsedMB(definition: CompanyFunction, environmentKey: number, runKey: number): number {
  const [low, high] = definition.memoryUsedMB
  const share = 0.8 * draw(mix(environmentKey, 46)) + 0.2 * draw(mix(runKey, 47))
  return Math.round(low + (high - low) * share)
}

/** When END and REPORT are written. */
export function endOf(run: Run, durationMs: number): number {
  return run.at + Math.ceil(durationMs) + Math.floor(3 * draw(mix(runKeys(run).a, 48)))
}
