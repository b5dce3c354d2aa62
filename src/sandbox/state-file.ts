// The file of a state: a line that says which state it is, then a line for each change, added at its end.
//
// There may be ten thousand changes, and several processes: each reads and writes what is new only. A line without its end
// is one that is being written, or that a killed process has left: it does not count, and the next writer cuts it off.
import {closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync} from 'node:fs'
import {lockSync} from 'proper-lockfile'
import {type Change, isChange} from './changes.ts'
import type {SandboxState} from './state.ts'

/** What a file holds. */
export type Content = {
  /** its first line, which no other state has */
  readonly head: string
  readonly firstUsedAt: number
  readonly changes: readonly Change[]
  /** how many bytes of the file these are */
  readonly bytes: number
}

const newline = 0x0a

export const headLine = ({id, firstUsedAt}: {readonly id: string; readonly firstUsedAt: number}): string =>
  `${JSON.stringify({version: 2, id, firstUsedAt})}\n`

/** null for what is no state: cut off, or written by something else */
export function parseState(bytes: Buffer): Content | null {
  const headEnd = bytes.indexOf(newline) + 1
  const head = bytes.toString('utf8', 0, headEnd)
  const value = parsed(head)
  if (typeof value !== 'object' || value === null) return null
  const {version, firstUsedAt} = value as {readonly version?: unknown; readonly firstUsedAt?: unknown}
  if (version !== 2 || typeof firstUsedAt !== 'number' || !Number.isFinite(firstUsedAt)) return null
  const rest = parseChanges(bytes.subarray(headEnd))
  return rest && {head, firstUsedAt, changes: rest.changes, bytes: headEnd + rest.bytes}
}

/** The changes of the lines that have an end. */
function parseChanges(bytes: Buffer): Pick<Content, 'changes' | 'bytes'> | null {
  const end = bytes.lastIndexOf(newline) + 1
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1)
  const changes = lines.map(parsed)
  return changes.every(isChange) ? {changes, bytes: end} : null
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

export function stateOnDisk(
  path: string,
  {head, firstUsedAt, ...found}: Content,
  notices: readonly string[],
): SandboxState {
  let {changes, bytes} = found
  let stamp: string | null = null
  // what the disk has refused so far
  let unsaved: readonly Change[] = []
  // a state that was reset meanwhile is another one's: this world goes on with its own, in memory
  let isOurs = true
  let isAlone = false

  function readAgain(): void {
    if (!isOurs) return
    const now = stampOf(path)
    if (now === stamp) return
    stamp = now
    const added = readFrom(path, head, bytes)
    const fresh = added && parseChanges(added)
    isOurs = fresh !== null
    if (!fresh || fresh.changes.length === 0) return
    changes = [...changes, ...fresh.changes]
    bytes += fresh.bytes
  }

  function alone<Result>(act: () => Result): Result {
    const release = isAlone ? null : lockWaiting(path)
    if (!release) return act()
    isAlone = true
    try {
      readAgain()
      return act()
    } finally {
      isAlone = false
      try {
        release()
      } catch {
        // a reset has taken the lock away
      }
    }
  }

  return {
    firstUsedAt,
    notices,
    changes() {
      readAgain()
      return changes
    },
    record: change =>
      alone(() => {
        unsaved = [...unsaved, change]
        if (isAlone && isOurs) {
          const added = append(path, unsaved, bytes)
          if (added !== null) {
            bytes += added
            unsaved = []
            stamp = stampOf(path)
          }
        }
        changes = [...changes, change]
      }),
    alone,
  }
}

/** What a file has from a place on; null where it is gone, cannot be read, or is another state's. */
function readFrom(path: string, head: string, from: number): Buffer | null {
  try {
    const file = openSync(path, 'r')
    try {
      const expected = Buffer.from(head)
      if (!read(file, 0, expected.length).equals(expected)) return null
      const {size} = fstatSync(file)
      return size < from ? null : read(file, from, size - from)
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

function read(file: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  return buffer.subarray(0, readSync(file, buffer, 0, length, from))
}

/** How many bytes were added after the first so many; null where the disk refuses them. */
function append(path: string, changes: readonly Change[], after: number): number | null {
  const bytes = Buffer.from(changes.map(change => `${JSON.stringify(change)}\n`).join(''))
  try {
    const file = openSync(path, 'r+')
    try {
      // what a killed process has left
      ftruncateSync(file, after)
      for (let written = 0; written < bytes.length; )
        written += writeSync(file, bytes, written, bytes.length - written, after + written)
    } finally {
      closeSync(file)
    }
    return bytes.length
  } catch {
    return null
  }
}

/** Tells whether a file was changed. */
function stampOf(path: string): string {
  const stat = statSync(path, {throwIfNoEntry: false})
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''
}

/** A lock is held for some milliseconds: one that is held for so long was left by a process that was killed. */
export const lockStaleMs = 4000
/** Waiting goes on until such a lock may be taken over, or what is written would be lost with this process. */
export const lockWaitMs = 5000
const lockPollMs = 10

/** The synchronous lock knows no retries. null where there can be none. */
function lockWaiting(path: string): (() => void) | null {
  for (let waitedMs = 0; ; waitedMs += lockPollMs) {
    try {
      return lockSync(path, {realpath: false, stale: lockStaleMs})
    } catch (error) {
      if (codeOf(error) !== 'ELOCKED' || waitedMs >= lockWaitMs) return null
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockPollMs)
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
