// What people changed in the embedded AWS, kept in one small file per seed.

import {readFileSync, renameSync, statSync, writeFileSync} from 'node:fs'
import {readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {lock, lockSync} from 'proper-lockfile'
import {makeDirectory} from '../make-directory.ts'

/** A control-plane write: what an alias serves from this moment on, in full. */
export type AliasChange = {
  readonly kind: 'alias'
  /** where the function is; the company's home region when absent */
  readonly region?: string
  /** epoch ms */
  readonly at: number
  readonly functionName: string
  readonly alias: string
  readonly version: string
  readonly weights: Readonly<Record<string, number>>
  readonly description: string
}
export type Change = AliasChange

export type SandboxState = {
  /** epoch ms; the incident began some minutes before */
  readonly firstUsedAt: number
  /** what a person should know about the state: one sentence each */
  readonly notices: readonly string[]
  /** all changes, oldest first, those of other processes included; the same array as long as there is no new one */
  changes(): readonly Change[]
  /** Adds a change; it is on disk when this returns, unless the state is in memory only. */
  record(change: Change): void
}

type Content = {readonly version: 1; readonly firstUsedAt: number; readonly changes: readonly Change[]}

export type StateOptions = {
  /** where the file is kept; null keeps the state in memory */
  readonly directory: string | null
  /** epoch ms */
  readonly now: () => number
  readonly seed: number
}

const incidentAgeMs = 12 * 3_600_000
/** Two processes at one fixed time take a moment to get here, and are to have the same incident. */
const startsEveryMs = 10_000
const fileName = (seed: number) => `sandbox-${seed}.json`

/**
 * Reads the state, or starts it anew: when there is none, when it cannot be read, and when its incident began more than
 * 12 h ago. Nothing here throws for a bad file or disk; `notices` says what happened.
 */
export async function openState({directory, now: clock, seed}: StateOptions): Promise<SandboxState> {
  const now = clock()
  const fresh: Content = {version: 1, firstUsedAt: now - (now % startsEveryMs), changes: []}
  if (directory === null) return stateInMemory(fresh, [])
  const path = join(directory, fileName(seed))

  const found = await readContent(path)
  if (found.content && isCurrent(found.content, now)) return stateOnDisk(path, found.content, [])

  try {
    await makeDirectory(directory)
    const release = await lock(path, {
      realpath: false,
      stale: lockStaleMs,
      retries: {retries: 40, factor: 1, minTimeout: 25, maxTimeout: 25},
    })
    try {
      // another process may have started it anew in the meantime
      const again = await readContent(path)
      if (again.content && isCurrent(again.content, now)) return stateOnDisk(path, again.content, [])
      await writeContent(path, fresh)
      return stateOnDisk(path, fresh, noticesFor(again, path, now))
    } finally {
      await release()
    }
  } catch (error) {
    return stateInMemory(fresh, [
      `The sandbox's state cannot be kept in ${directory} (${reason(error)}): changes last as long as this process.`,
    ])
  }
}

/** Removes the state of every seed, so that the next use starts anew. */
export async function resetState(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  await Promise.all(
    names
      .filter(name => /^sandbox-.*\.json(\..*)?$/.test(name))
      .map(name => rm(join(directory, name), {recursive: true, force: true})),
  )
}

const lockStaleMs = 10_000

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
    return parse(await readFile(path, 'utf8'))
  } catch (error) {
    return {content: null, corrupt: codeOf(error) !== 'ENOENT'}
  }
}

function parse(text: string): Found {
  try {
    const value: unknown = JSON.parse(text)
    if (isContent(value)) return {content: value, corrupt: false}
  } catch {
    // not JSON: the file was cut off or written by something else
  }
  return {content: null, corrupt: true}
}

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false
  const {version, firstUsedAt, changes} = value as Partial<Record<keyof Content, unknown>>
  return version === 1 && Number.isFinite(firstUsedAt) && Array.isArray(changes) && changes.every(isChange)
}

function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false
  const {kind, region, at, functionName, alias, version, weights} = value as Partial<Record<keyof Change, unknown>>
  return (
    kind === 'alias' &&
    (region === undefined || typeof region === 'string') &&
    Number.isFinite(at) &&
    [functionName, alias, version].every(text => typeof text === 'string') &&
    typeof weights === 'object' &&
    weights !== null
  )
}

async function writeContent(path: string, content: Content): Promise<void> {
  const temporary = `${path}.new`
  await writeFile(temporary, serialised(content), {mode: 0o600})
  await rename(temporary, path)
}

const serialised = (content: Content) => `${JSON.stringify(content, null, 2)}\n`

function stateInMemory(content: Content, notices: readonly string[]): SandboxState {
  let {changes} = content
  return {
    firstUsedAt: content.firstUsedAt,
    notices,
    changes: () => changes,
    record(change) {
      changes = [...changes, change]
    },
  }
}

function stateOnDisk(path: string, content: Content, notices: readonly string[]): SandboxState {
  let changes = content.changes
  let stamp = stampOf(path)
  // once the disk refuses a write, changes stay here
  let unsaved: readonly Change[] = []

  function readAgain(): void {
    const now = stampOf(path)
    if (now === stamp) return
    stamp = now
    const found = readNow(path)
    // a state that was reset meanwhile has another incident: this world goes on with its own
    if (found?.firstUsedAt === content.firstUsedAt) changes = [...found.changes, ...unsaved]
  }

  return {
    firstUsedAt: content.firstUsedAt,
    notices,
    changes() {
      readAgain()
      return changes
    },
    record(change) {
      try {
        const release = lockWaiting(path)
        try {
          const found = readNow(path)
          const before = found?.firstUsedAt === content.firstUsedAt ? found.changes : changes
          const after = {...content, changes: [...before, change]}
          writeFileSync(`${path}.new`, serialised(after), {mode: 0o600})
          renameSync(`${path}.new`, path)
          changes = after.changes
          stamp = stampOf(path)
        } finally {
          release()
        }
      } catch {
        unsaved = [...unsaved, change]
        changes = [...changes, change]
      }
    },
  }
}

function readNow(path: string): Content | null {
  try {
    return parse(readFileSync(path, 'utf8')).content
  } catch {
    return null
  }
}

/** Tells whether a file was replaced; a rename gives it a new inode. */
function stampOf(path: string): string {
  const stat = statSync(path, {throwIfNoEntry: false})
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''
}

/** The synchronous lock knows no retries; another process holds it for a few milliseconds. */
function lockWaiting(path: string): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      return lockSync(path, {realpath: false, stale: lockStaleMs})
    } catch (error) {
      if (codeOf(error) !== 'ELOCKED' || attempt >= 200) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function reason(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}
