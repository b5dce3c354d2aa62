import {appendFile, mkdir, readFile, stat, utimes, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import type {Clock} from '../../src/services/clock.ts'
import {
  beginJournalFile,
  continueJournalFile,
  isJournalAlive,
  isJournalHeld,
  type Journal,
  journalNames,
  readJournalFile,
} from '../../src/services/journal.ts'
import {emptyDirectory} from './tuning/tuned.ts'

const name = 'a-run'

async function begun(directory: string): Promise<Journal> {
  const journal = await beginJournalFile(directory, name)
  onTestFinished(() => journal.release())
  return journal
}

describe('a journal', () => {
  test('is its owner’s alone, in a directory that is', async () => {
    const directory = join(await emptyDirectory(), 'journals', 'tune')
    await begun(directory)
    expect((await stat(join(directory, `${name}.jsonl`))).mode & 0o777).toBe(0o600)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  })

  test('has a line for each entry, in the order in which they were added', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory)
    await Promise.all([1, 2, 3].map(n => journal.append({n})))
    expect(await readFile(journal.path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n')
  })

  test('is begun once', async () => {
    const directory = await emptyDirectory()
    await (await begun(directory)).release()
    await expect(beginJournalFile(directory, name)).rejects.toMatchObject({code: 'JournalTaken'})
  })

  test('is gone on with after a process was killed: what was cut off is no entry', async () => {
    const directory = await emptyDirectory()
    await writeFile(join(directory, `${name}.jsonl`), '{"n":1}\n{"n":2')
    const journal = await continueJournalFile(directory, name)
    onTestFinished(() => journal.release())
    await journal.append({n: 3})
    expect(await readJournalFile(directory, name)).toEqual({entries: [{n: 1}, {n: 3}], unreadable: []})
  })

  test('tells of lines in its middle that cannot be read', async () => {
    const directory = await emptyDirectory()
    await writeFile(join(directory, `${name}.jsonl`), '{"n":1}\nwhat\n[]\n"text"\n{"n":2}\n{"torn')
    expect(await readJournalFile(directory, name)).toEqual({entries: [{n: 1}, {n: 2}], unreadable: [2, 3, 4]})
  })

  test('is held by the process that is at it, and by no other', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory)
    expect(await isJournalHeld(directory, name)).toBe(true)
    await journal.release()
    expect(await isJournalHeld(directory, name)).toBe(false)
    await (await continueJournalFile(directory, name)).release()
  })

  test('is taken for a living process’s when its lock is renewed, and for nobody’s when that is given up', async () => {
    const directory = await emptyDirectory()
    const lock = join(directory, `${name}.jsonl.lock`)
    await mkdir(lock)
    const renewedAt = Date.now() / 1000
    await utimes(lock, renewedAt, renewedAt)
    const whenAsleep = (at: number): Pick<Clock, 'sleep'> => ({sleep: () => utimes(lock, at, at)})
    const {signal} = new AbortController()
    expect(await isJournalAlive(directory, name, whenAsleep(renewedAt + 1.5), signal)).toBe(true)
    expect(await isJournalAlive(directory, name, whenAsleep(renewedAt - 60), signal)).toBe(false)
  })

  test('is nobody’s where a process was killed right after it began, whose lock is dated ahead', async () => {
    const directory = await emptyDirectory()
    const lock = join(directory, `${name}.jsonl.lock`)
    await mkdir(lock)
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({toFake: ['Date']})
    const aheadAt = Date.now() / 1000 + 1.005
    await utimes(lock, aheadAt, aheadAt)
    const clock = {sleep: async (ms: number) => void vi.setSystemTime(Date.now() + ms)}
    expect(await isJournalAlive(directory, name, clock, new AbortController().signal)).toBe(false)
  })

  test('is let go of by a process that is gone', async () => {
    const directory = await emptyDirectory()
    await writeFile(join(directory, `${name}.jsonl`), '{"n":1}\n')
    await mkdir(join(directory, `${name}.jsonl.lock`))
    await utimes(join(directory, `${name}.jsonl.lock`), 1_000, 1_000)
    const journal = await continueJournalFile(directory, name)
    await journal.release()
  })

  test('takes no entry any more once it was let go of', async () => {
    const journal = await begun(await emptyDirectory())
    await journal.release()
    await expect(journal.append({})).rejects.toMatchObject({code: 'JournalTaken'})
  })

  test('that was taken away is not begun anew', async () => {
    const directory = await emptyDirectory()
    await expect(continueJournalFile(directory, name)).rejects.toMatchObject({code: 'NoJournal'})
    await expect(readJournalFile(directory, 'none')).rejects.toMatchObject({
      code: 'NoJournal',
      hint: expect.stringContaining('where the run was begun'),
    })
    expect(await journalNames(directory)).toEqual([])
  })
})

test('a directory’s journals are named, and there are none where there is no directory', async () => {
  const directory = await emptyDirectory()
  for (const file of ['b.jsonl', 'a.jsonl', 'a.jsonl.lock', 'notes.txt']) await appendFile(join(directory, file), '')
  expect(await journalNames(directory)).toEqual(['a', 'b'])
  expect(await journalNames(join(directory, 'nothing'))).toEqual([])
})
