// What people changed in the embedded AWS, kept in one small file per seed.
import {randomUUID} from 'node:crypto'
import {readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {lock} from 'proper-lockfile'
import {makeDirectory} from '../make-directory.ts'
import type {Change} from './changes.ts'
import {type Content, codeOf, headLine, lockStaleMs, lockWaitMs, parseState, stateOnDisk} from './state-file.ts'

export type SandboxState = {
  /** epoch ms; the incident began some minutes before */
  readonly firstUsedAt: number
  /** what a person should know about the state: one sentence each */
  readonly notices: readonly string[]
  /** all changes as they became known, those of other processes included; the same array as long as there is no new one, and it only grows */
  changes(): readonly Change[]
  /** Adds a change; it is on disk when this returns, unless the state is in memory only, or the disk refuses it: then with the next one. */
  record(change: Change): void
  /** Does something while no other process adds a change: what is decided by the changes before is true when it is recorded. */
  alone<Result>(act: () => Result): Result
}

export type StateOptions = {
  /** where the file is kept; null keeps the state in memory */
  readonly directory: string | null
  /** epoch ms */
  readonly now: () => number
  readonly seed: number
}

/** The company of who names no other. */
export const defaultSeed = 20_260

const incidentAgeMs = 12 * 3_600_000
/** Two processes at one fixed time take a moment to get here, and are to have the same incident. */
const startsEveryMs = 10_000
const lockPollMs = 25
const fileName = (seed: number) => `sandbox-${seed}.jsonl`

/**
 * Reads the state, or starts it anew: when there is none, when it cannot be read, and when its incident began more than
 * 12 h ago. Nothing here throws for a bad file or disk; `notices` says what happened.
 */
export async function openState({directory, now: clock, seed}: StateOptions): Promise<SandboxState> {
  const now = clock()
  const firstUsedAt = now - (now % startsEveryMs)
  if (directory === null) return stateInMemory(firstUsedAt, [])
  const path = join(directory, fileName(seed))

  const found = await readContent(path)
  if (found.content && isCurrent(found.content, now)) return stateOnDisk(path, found.content, [])

  try {
    await makeDirectory(directory)
    const release = await lock(path, {
      realpath: false,
      stale: lockStaleMs,
      retries: {retries: lockWaitMs / lockPollMs, factor: 1, minTimeout: lockPollMs, maxTimeout: lockPollMs},
    })
    try {
      // another process may have started it anew in the meantime
      const again = await readContent(path)
      if (again.content && isCurrent(again.content, now)) return stateOnDisk(path, again.content, [])
      const head = headLine({id: randomUUID(), firstUsedAt})
      await writeFile(`${path}.new`, head, {mode: 0o600})
      await rename(`${path}.new`, path)
      const fresh = {head, firstUsedAt, changes: [], bytes: Buffer.byteLength(head)}
      return stateOnDisk(path, fresh, noticesFor(again, path, now))
    } finally {
      await release()
    }
  } catch (error) {
    return stateInMemory(firstUsedAt, [
      `The sandbox's state cannot be kept in ${directory} (${reason(error)}): changes last as long as this process.`,
    ])
  }
}

/** An update of a function takes at most so long; it is over when its state is used again. */
const settledMs = 3_000

/**
 * When what was changed so far has come to rest: no clock begins earlier, so that time in a state never runs backwards.
 * @param now epoch ms; a state of another time is started anew then, and says nothing
 * @returns epoch ms; 0 where nothing was changed
 */
export async function settledAt({
  directory,
  seed = defaultSeed,
  now,
}: {
  readonly directory: string
  readonly seed?: number | undefined
  readonly now: number
}): Promise<number> {
  const {content} = await readContent(join(directory, fileName(seed)))
  if (!content || !isCurrent(content, now)) return 0
  return content.changes.reduce((latest, change) => Math.max(latest, change.at + restingMs(change)), 0)
}

/** How long it takes until a change has come to rest. */
function restingMs(change: Change): number {
  if (change.kind === 'invocation') return change.durationMs
  return 'allocatingMs' in change ? Math.max(settledMs, change.allocatingMs ?? 0) : settledMs
}

/** Removes the state of every seed, so that the next use starts anew. */
export async function resetState(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  await Promise.all(
    names
      .filter(name => /^sandbox-.*\.jsonl?(\..*)?$/.test(name))
      .map(name => rm(join(directory, name), {recursive: true, force: true})),
  )
}

/** A state from the future is no use either: the clock was set back, or fixed. */
function isCurrent({firstUsedAt}: Content, now: number): boolean {
  return now - firstUsedAt <= incidentAgeMs && firstUsedAt - now <= incidentAgeMs
}

type Found = {readonly content: Content | null; readonly corrupt: boolean}

function noticesFor({content, corrupt}: Found, path: string, now: number): string[] {
  if (corrupt) return [`The sandbox's state in ${path} could not be read: it has started anew.`]
  if (content && content.firstUsedAt < now)
    return ["The sandbox's incident was more than 12 h old: it has started anew."]
  return content ? ["The sandbox's state is from another time: it has started anew."] : []
}

async function readContent(path: string): Promise<Found> {
  try {
    const content = parseState(await readFile(path))
    return {content, corrupt: content === null}
  } catch (error) {
    return {content: null, corrupt: codeOf(error) !== 'ENOENT'}
  }
}

function stateInMemory(firstUsedAt: number, notices: readonly string[]): SandboxState {
  let changes: readonly Change[] = []
  return {
    firstUsedAt,
    notices,
    changes: () => changes,
    record(change) {
      changes = [...changes, change]
    },
    alone: act => act(),
  }
}

function reason(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}
