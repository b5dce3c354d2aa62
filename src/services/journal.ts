import {constants} from 'node:fs'
import {open, readdir, readFile, stat, truncate} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {check, lock} from 'proper-lockfile'
import {UserError} from '../errors.ts'
import {makeDirectory} from '../make-directory.ts'
import type {Clock} from './clock.ts'
import {fileFailure} from './file-failure.ts'

/** A file that only grows, by lines of JSON that are on the disk when they are said to be, and that one process writes. */
export type Journal = {
  readonly path: string
  /**
   * Adds a line, and resolves when it is on the disk.
   * @throws UserError where it cannot be written; one of code JournalTaken where another process goes on with the journal
   */
  append(entry: Entry): Promise<void>
  /** Lets another process go on with it. Harmless when repeated. */
  release(): Promise<void>
}

export type Entry = Readonly<Record<string, unknown>>

export type JournalContent = {
  readonly entries: readonly Entry[]
  /** numbers of lines that are no entry, from 1; one that was cut off at the end is no line yet, and not among them */
  readonly unreadable: readonly number[]
}

const suffix = '.jsonl'
/** A process that is gone keeps its lock so long: nobody can tell it from one that is busy. */
const staleMs = 4_000
/** the time of a new lock is so much ahead at most, until it is renewed: proper-lockfile tries with it whether files have milliseconds */
const aheadMs = 1_005
const lockOptions = {realpath: false, stale: staleMs, update: 1_000}
const looksEveryMs = 250
const waitingForLock = {retries: 32, factor: 1, minTimeout: looksEveryMs, maxTimeout: looksEveryMs}

const pathOf = (directory: string, name: string): string => join(directory, `${name}${suffix}`)

/**
 * Begins a journal: `<name>.jsonl` of 0600 in a directory of 0700.
 * @throws UserError where it cannot be written, or is there already
 */
export async function beginJournalFile(directory: string, name: string): Promise<Journal> {
  const path = pathOf(directory, name)
  try {
    await makeDirectory(directory)
    return await locked(path, 0, async () => {
      const file = await open(path, 'ax', 0o600)
      await file.close()
      await syncDirectories(directory)
    })
  } catch (error) {
    throw notWritten(path, error)
  }
}

/**
 * Goes on with a journal. What was cut off at its end was not on the disk yet, and is taken away.
 * @throws UserError where there is none, it cannot be written, or (code JournalTaken) another process is at it
 */
export async function continueJournalFile(directory: string, name: string): Promise<Journal> {
  const path = pathOf(directory, name)
  try {
    return await locked(path, waitingForLock, async () => {
      const text = await readFile(path)
      const end = text.lastIndexOf('\n') + 1
      if (end < text.length) await truncate(path, end)
    })
  } catch (error) {
    throw notWritten(path, error)
  }
}

/**
 * What a journal says.
 * @throws UserError where it cannot be read
 */
export async function readJournalFile(directory: string, name: string): Promise<JournalContent> {
  const path = pathOf(directory, name)
  const text = await readFile(path, 'utf8').catch(error => {
    throw new UserError(`could not read the journal ${path}: ${fileFailure('read', error)}`, {
      code: 'NoJournal',
      hint: 'it is where the run was begun: on that machine, below that user’s XDG_STATE_HOME',
    })
  })
  const entries: Entry[] = []
  const unreadable: number[] = []
  for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
    const entry = entryOf(line)
    if (entry) entries.push(entry)
    else unreadable.push(at + 1)
  }
  return {entries, unreadable}
}

/** The names of a directory's journals, in order; none where there is no directory. */
export async function journalNames(directory: string): Promise<readonly string[]> {
  const files = await readdir(directory).catch(error => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UserError(`could not read ${directory}: ${fileFailure('read', error)}`, {code: 'NoJournal'})
  })
  return files
    .filter(file => file.endsWith(suffix))
    .map(file => file.slice(0, -suffix.length))
    .sort()
}

/** Whether a process is at the journal, or was until some seconds ago. */
export function isJournalHeld(directory: string, name: string): Promise<boolean> {
  return check(pathOf(directory, name), {realpath: false, stale: staleMs})
}

/**
 * Whether a process is at the journal. Right after one was killed, its lock is still there: this waits until the lock is renewed,
 * which only a process does that lives, or is given up, which takes some seconds.
 */
export async function isJournalAlive(
  directory: string,
  name: string,
  {sleep}: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<boolean> {
  const renewedAt = async (): Promise<number | null> =>
    (await stat(`${pathOf(directory, name)}.lock`).catch(() => null))?.mtimeMs ?? null
  const first = await renewedAt()
  for (let waitedMs = 0; await isJournalHeld(directory, name); waitedMs += looksEveryMs) {
    const now = await renewedAt()
    // in the future, as on a machine whose clock was set back, it would never be given up
    if ((now !== null && now !== first) || waitedMs > staleMs + aheadMs + looksEveryMs) return true
    await sleep(looksEveryMs, signal)
  }
  return false
}

async function locked(
  path: string,
  retries: number | typeof waitingForLock,
  prepare: () => Promise<void>,
): Promise<Journal> {
  let isTaken = false
  const unlock = await lock(path, {
    ...lockOptions,
    retries,
    // this process was asleep for long, and another one took it for gone
    onCompromised() {
      isTaken = true
    },
  })
  try {
    await prepare()
    return journalIn(path, () => isTaken, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

function journalIn(path: string, isTaken: () => boolean, unlock: () => Promise<void>): Journal {
  let last: Promise<unknown> = Promise.resolve()
  let isReleased = false
  /** a write that failed may have left half a line */
  let isTorn = false

  const write = async (entry: Entry): Promise<void> => {
    if (isTaken() || isReleased) throw taken(path)
    try {
      // without O_CREAT: a journal that was taken away is not begun anew
      const file = await open(path, constants.O_WRONLY | constants.O_APPEND)
      try {
        await file.appendFile(`${isTorn ? '\n' : ''}${JSON.stringify(entry)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      isTorn = false
    } catch (error) {
      isTorn = true
      throw notWritten(path, error)
    }
  }

  return {
    path,
    append(entry) {
      const written = last.then(() => write(entry))
      last = written.catch(() => {})
      return written
    },
    async release() {
      if (isReleased) return
      isReleased = true
      await last
      if (!isTaken()) await unlock().catch(() => {})
    },
  }
}

function entryOf(line: string): Entry | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : null
  } catch {
    return null
  }
}

/** A new file's name is in its directory, which may be new itself: both have to be on the disk as well. */
async function syncDirectories(path: string): Promise<void> {
  for (const each of [path, dirname(path)]) {
    // some systems know no directories as files
    const directory = await open(each, 'r').catch(() => null)
    await directory?.sync().catch(() => {})
    await directory?.close()
  }
}

function notWritten(path: string, error: unknown): UserError {
  const {code} = error as NodeJS.ErrnoException
  if (error instanceof UserError) return error
  if (code === 'ELOCKED') return taken(path)
  if (code === 'EEXIST') return new UserError(`the journal ${path} is there already`, {code: 'JournalTaken'})
  return new UserError(`could not write the journal ${path}: ${fileFailure('write', error)}`, {
    code: 'NoJournal',
    hint: 'without it nothing is changed: what was changed could not be undone after a crash',
    cause: error,
  })
}

const taken = (path: string): UserError =>
  new UserError(`another process is at work with the journal ${path}`, {
    code: 'JournalTaken',
    hint: 'wait until it is done; one that was killed lets go after some seconds',
  })
