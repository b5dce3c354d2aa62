import {closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writeSync} from 'node:fs'
import {open} from 'node:fs/promises'
import {createOffsetTable, type OffsetTable} from './offset-table.ts'

/** An append-only file of answers, a line each. Only where each stands is held in memory: there may be a million. */
export type AnswersFile = {
  /** the newest under a key, with the epoch ms it was kept at */
  read(key: string): {readonly value: unknown; readonly at: number} | undefined
  /** @param use `later`: only other runs will read it, and once it is on disk nothing is held of it */
  add(key: string, value: unknown, at: number, keepMs: number, use: AnswerUse): void
  /** puts what was added on disk now */
  flush(): void
}

/** Whether this run too may ask for an answer that it keeps. */
export type AnswerUse = 'now' | 'later'

type AnswersFileOptions = {
  readonly now: () => number
  /** what is there is not read; what is added stands in for it */
  readonly fresh: boolean
  readonly mostBytes: number
  /** is told, once, of what keeps it from being written; it goes on without */
  readonly onFailure: (error: unknown) => void
}

const header = Buffer.from('{"slsops":"fleet-cache@1"}\n')
const newline = 0x0a
const closingBracket = 0x5d
const chunkBytes = 1 << 20
/** what is stale is taken out when it is most of a file that is not small */
const compactAboveBytes = 8 << 20
const longestKey = 1_000
const mode = 0o600

/** Whether a file is one of these, or will be: an empty one is not begun yet. */
export async function isAnswersFile(path: string): Promise<boolean> {
  try {
    await using file = await open(path)
    const {bytesRead, buffer} = await file.read(Buffer.alloc(header.length), 0, header.length, 0)
    return bytesRead === 0 || buffer.equals(header)
  } catch {
    return false
  }
}

/**
 * Opens a file of answers. Its lines are `[at,until,key,value]`; each batch begins on a line of its own, so that one that a
 * killed process left unfinished is lost alone. Appending is atomic: several processes may do it.
 * @throws what the system says where it cannot be opened
 */
export function openAnswersFile(path: string, {now, fresh, mostBytes, onFailure}: AnswersFileOptions): AnswersFile {
  let fd = begun(path)
  let offsets = createOffsetTable()
  if (!fresh) load()
  const pending = new Map<string, Pending>()
  let isWriting = true

  function load(): void {
    const found = indexed(fd, now())
    offsets = found.offsets
    if (found.staleBytes < Math.max(compactAboveBytes, found.bytes / 2) || !compact(path, fd, offsets)) return
    closeSync(fd)
    fd = begun(path)
    offsets = indexed(fd, now()).offsets
  }

  function write(): void {
    if (pending.size === 0) return
    const lines = [...pending]
    pending.clear()
    if (!isWriting) return
    try {
      // another process may have compacted it: what is added to the old one would be lost
      if (isReplaced(path, fd)) {
        closeSync(fd)
        fd = begun(path)
        if (fresh) offsets = createOffsetTable()
        else offsets = indexed(fd, now()).offsets
      }
      if (fstatSync(fd).size > mostBytes) throw new Error(`${path} holds ${Math.round(mostBytes / 2 ** 20)} MB already`)
      const batch = Buffer.from(`\n${lines.map(([, {line}]) => line).join('')}`)
      writeSync(fd, batch)
      // where others append at the same time this may be wrong: then the key is not found there, and nothing is lost but time
      let at = fstatSync(fd).size - batch.length + 1
      for (const [key, {line, use}] of lines) {
        const hash = hashOf(JSON.stringify(key))
        if (use === 'now') offsets.set(hash, at)
        else offsets.delete(hash)
        at += Buffer.byteLength(line)
      }
    } catch (error) {
      isWriting = false
      onFailure(error)
    }
  }

  return {
    read(key) {
      const fresh = pending.get(key)
      if (fresh) return fresh
      const keyText = JSON.stringify(key)
      const offset = offsets.get(hashOf(keyText))
      return offset === undefined ? undefined : answerAt(fd, offset, keyText, now())
    },
    add(key, value, at, keepMs, use) {
      const keyText = JSON.stringify(key)
      if (!isWriting || keyText.length > longestKey) return
      if (pending.size === 0) setImmediate(write)
      pending.set(key, {
        value,
        at,
        use,
        line: `[${Math.floor(at)},${Math.floor(at + keepMs)},${keyText},${JSON.stringify(value)}]\n`,
      })
    },
    flush: write,
  }
}

type Pending = {readonly value: unknown; readonly at: number; readonly line: string; readonly use: AnswerUse}

function begun(path: string): number {
  const fd = openSync(path, 'a+', mode)
  if (fstatSync(fd).size === 0) writeSync(fd, header)
  return fd
}

function isReplaced(path: string, fd: number): boolean {
  const there = statSync(path, {throwIfNoEntry: false})
  return there === undefined || there.ino !== fstatSync(fd).ino
}

type Index = {
  /** by the hash of its key, where the newest line stands */
  readonly offsets: OffsetTable
  readonly bytes: number
  readonly staleBytes: number
}

const lineStart = /^\[(\d+),(\d+),("(?:[^"\\]|\\.)*"),/

function indexed(fd: number, now: number): Index {
  const offsets = createOffsetTable()
  let bytes = 0
  let staleBytes = 0
  for (const {line, offset} of linesOf(fd)) {
    bytes += line.length + 1
    const [, , until = '0', keyText] = lineStart.exec(line.toString('utf8', 0, longestKey + 40)) ?? []
    // of a line that was torn nothing is known
    if (keyText === undefined || line.at(-1) !== closingBracket) {
      staleBytes += line.length + 1
      continue
    }
    const hash = hashOf(keyText)
    if (offsets.delete(hash)) staleBytes += line.length + 1
    if (Number(until) < now) staleBytes += line.length + 1
    else offsets.set(hash, offset)
  }
  return {offsets, bytes, staleBytes}
}

/** Whole lines; one without its end is being written, or never will be. */
function* linesOf(fd: number): Generator<{readonly line: Buffer; readonly offset: number}> {
  let rest: Buffer = Buffer.alloc(0)
  let position = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    const read = readSync(fd, chunk, 0, chunkBytes, position)
    if (read === 0) return
    const text = Buffer.concat([rest, chunk.subarray(0, read)])
    let from = 0
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, from)) {
      if (end > from) yield {line: text.subarray(from, end), offset: position - rest.length + from}
      from = end + 1
    }
    position += read
    rest = text.subarray(from)
  }
}

/** The answer that stands there, where it is of that key and whole. */
function answerAt(
  fd: number,
  offset: number,
  keyText: string,
  now: number,
): {readonly value: unknown; readonly at: number} | undefined {
  try {
    const [at, until, key, value]: readonly unknown[] = JSON.parse(lineAt(fd, offset))
    if (JSON.stringify(key) !== keyText || typeof at !== 'number' || typeof until !== 'number') return undefined
    return until < now ? undefined : {value, at}
  } catch {
    return undefined
  }
}

function lineAt(fd: number, offset: number): string {
  let size = 4_096
  for (;;) {
    const buffer = Buffer.allocUnsafe(size)
    const read = readSync(fd, buffer, 0, size, offset)
    const end = buffer.subarray(0, read).indexOf(newline)
    if (end >= 0) return buffer.toString('utf8', 0, end)
    if (read < size) return ''
    size *= 4
  }
}

/** Writes what is still of use to a new file in the place of the old one; false where it cannot, or another process is at it. */
function compact(path: string, fd: number, offsets: OffsetTable): boolean {
  const draft = `${path}.part`
  try {
    const to = openSync(draft, 'wx', mode)
    try {
      writeSync(to, header)
      for (const {line, offset} of linesOf(fd)) {
        const [, , , keyText] = lineStart.exec(line.toString('utf8', 0, longestKey + 40)) ?? []
        if (keyText !== undefined && offsets.get(hashOf(keyText)) === offset)
          writeSync(to, Buffer.concat([line, Buffer.of(newline)]))
      }
    } finally {
      closeSync(to)
    }
    renameSync(draft, path)
    return true
  } catch (error) {
    // a draft that is there is another process's; of one that was killed it is taken away when the cache is opened
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(draft, {force: true})
    return false
  }
}

/** 53 bits of a text (cyrb53): two keys that share them cost one of them a miss. */
function hashOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 2_654_435_761)
    low = Math.imul(low ^ code, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0) || 1
}
