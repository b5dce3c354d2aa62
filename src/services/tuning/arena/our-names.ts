import type {Architecture} from '../../pricing.ts'
import {checkedRunId} from '../../run-id.ts'

/** Functions that a run makes are called so, and none of anybody else's should be. */
export const functionPrefix = 'slsops-tune-'
export const logGroupPrefix = `/aws/lambda/${functionPrefix}`

/** Tags of what a run makes: which run, of which function (its ARN), and when it should be gone at the latest (ISO 8601). */
export const runTag = 'slsops:run'
export const sourceTag = 'slsops:source'
export const expiresTag = 'slsops:expires'

/** the time that making and removing may take beside the measuring */
const marginMs = 3_600_000
/** a function's name may have 64 characters */
const keptOfName = 40

/**
 * The name of a run's clone of a function: at most 63 characters.
 * @param isTwin of another architecture than the function itself
 */
export function cloneName(functionName: string, runId: string, isTwin: boolean): string {
  return `${functionPrefix}${functionName.slice(0, keptOfName)}-${runId.slice(-8)}${isTwin ? '-a' : ''}`
}

export const logGroupOf = (clone: string): string => `/aws/lambda/${clone}`

/** What a version's Description says that a run published. */
export const versionDescription = (runId: string, memorySizeMB: number): string =>
  `slsops-tune/${runId}/${memorySizeMB}`

/** The memory size that a version's Description tells, where the run published it; null for what is not the run's. */
export function sizeOfDescription(runId: string, description: string | undefined): number | null {
  const prefix = `slsops-tune/${runId}/`
  const size = description?.startsWith(prefix) ? description.slice(prefix.length) : ''
  return /^\d{1,5}$/.test(size) ? Number(size) : null
}

/** The run that published a version, by its Description; null where none did. */
export const runOfDescription = (description: string | undefined): string | null =>
  /^slsops-tune\/(\d{8}-\d{6}-[a-z0-9]{8})\/\d{1,5}$/.exec(description ?? '')?.[1] ?? null

/** The tags of what a run makes. */
export function ourTags(
  run: {readonly runId: string; readonly functionArn: string},
  now: number,
  maxTimeMs: number,
): Record<string, string> {
  return {
    [runTag]: run.runId,
    [sourceTag]: run.functionArn,
    [expiresTag]: new Date(now + maxTimeMs + marginMs).toISOString(),
  }
}

/** The architectures that clones of a function may have, its own first. */
export const bothArchitectures = (own: Architecture): readonly Architecture[] =>
  own === 'arm64' ? ['arm64', 'x86_64'] : ['x86_64', 'arm64']

/**
 * A run's id as it was typed, which becomes part of a path.
 * @throws UserError (exit 2) for what is none
 */
export const checkedTuneRun = (text: string): string =>
  checkedRunId(text, 'slsops tune --cleanup --dry-run lists those that left something')
