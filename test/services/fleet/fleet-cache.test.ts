import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {cachePlace, openFleetCache} from '../../../src/services/fleet/fleet-cache.ts'
import {beginScan, endScan} from '../../../src/services/fleet/unfinished-scan.ts'

const start = Date.UTC(2026, 10, 20, 14)
const hour = 3_600_000
const place = 'aws|123456789012|eu-west-1'

/** A directory for the length of a test, with a clock of its own, and caches that are opened in it one after the other. */
function aDirectory() {
  const directory = join(mkdtempSync(join(tmpdir(), 'slsops-')), 'fleet')
  onTestFinished(() => rmSync(join(directory, '..'), {recursive: true, force: true}))
  const clock = {now: start}
  const open = async (fresh = false) => openFleetCache({directory, now: () => clock.now, fresh})
  const fileOf = (): string => join(directory, readdirSync(directory)[0] ?? '')
  return {directory, clock, open, fileOf}
}

async function keep(
  open: ReturnType<typeof aDirectory>['open'],
  answers: Readonly<Record<string, unknown>>,
): Promise<void> {
  const {cache} = await open()
  for (const [key, value] of Object.entries(answers)) cache.put(`${place} ${key}`, value)
  await cache.flush()
}

describe('what is kept', () => {
  test('is found at once, and by the next process', async () => {
    const {open} = aDirectory()
    const {cache} = await open()
    cache.put(`${place} policy a rev1`, {grants: ['ä', '\n']})
    expect(cache.get(`${place} policy a rev1`, hour)).toEqual({value: {grants: ['ä', '\n']}, at: start})
    await cache.flush()
    expect(cache.get(`${place} policy a rev1`, hour)).toEqual({value: {grants: ['ä', '\n']}, at: start})
    const next = await open()
    expect(next.cache.get(`${place} policy a rev1`, hour)).toEqual({value: {grants: ['ä', '\n']}, at: start})
    expect(next.notices).toEqual([])
  })

  test('is of its key alone: another revision and another place have nothing', async () => {
    const {open} = aDirectory()
    await keep(open, {'policy ä rev1': 1})
    const {cache} = await open()
    expect(cache.get(`${place} policy ä rev1`, hour)?.value).toBe(1)
    expect(cache.get(`${place} policy ä rev2`, hour)).toBeUndefined()
    expect(cache.get('aws|123456789012|eu-central-1 policy ä rev1', hour)).toBeUndefined()
  })

  test('for the next process alone is not looked for by this one, and stands between others', async () => {
    const {open} = aDirectory()
    await keep(open, {'metric b': 'old'})
    const {cache} = await open()
    cache.put(`${place} a`, 'ä')
    cache.put(`${place} metric b`, 'ü', hour, 'later')
    cache.put(`${place} c`, 'ö')
    await cache.flush()
    expect(cache.get(`${place} metric b`, hour)).toBeUndefined()
    expect(cache.get(`${place} c`, hour)?.value).toBe('ö')
    expect((await open()).cache.get(`${place} metric b`, hour)?.value).toBe('ü')
  })

  test('is the newest of a key', async () => {
    const {open} = aDirectory()
    await keep(open, {a: 'old'})
    await keep(open, {a: 'new'})
    expect((await open()).cache.get(`${place} a`, hour)?.value).toBe('new')
  })

  test('is not older than was asked for, nor of the future', async () => {
    const {open, clock} = aDirectory()
    await keep(open, {a: 1})
    const {cache} = await open()
    clock.now = start + hour
    expect(cache.get(`${place} a`, hour)?.value).toBe(1)
    clock.now = start + hour + 1
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
    clock.now = start - 1
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
  })

  test('is for its owner alone to read', async () => {
    const {open, directory, fileOf} = aDirectory()
    await keep(open, {a: 1})
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600)
  })

  test('is there for several processes that add to it at a time', async () => {
    const {open} = aDirectory()
    const [one, other] = [await open(), await open()]
    for (let i = 0; i < 50; i++) {
      one.cache.put(`${place} one ${i}`, i)
      other.cache.put(`${place} other ${i}`, i)
      await one.cache.flush()
      await other.cache.flush()
    }
    expect(one.cache.get(`${place} one 49`, hour)?.value).toBe(49)
    const {cache} = await open()
    for (let i = 0; i < 50; i++) {
      expect(cache.get(`${place} one ${i}`, hour)?.value).toBe(i)
      expect(cache.get(`${place} other ${i}`, hour)?.value).toBe(i)
    }
  })

  test('with --fresh is not used, and replaced', async () => {
    const {open} = aDirectory()
    await keep(open, {a: 'old', b: 'old'})
    const {cache} = await open(true)
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
    cache.put(`${place} a`, 'new')
    await cache.flush()
    expect(cache.get(`${place} a`, hour)?.value).toBe('new')
    expect((await open()).cache.get(`${place} a`, hour)?.value).toBe('new')
  })
})

describe('what goes wrong', () => {
  test('of a line that a killed process did not finish, that one is lost', async () => {
    const {open, fileOf} = aDirectory()
    await keep(open, {a: 1})
    appendFileSync(fileOf(), `\n[${start},${start + hour},"${place} torn",{"half":`)
    await keep(open, {b: 2})
    const {cache, notices} = await open()
    expect(['a', 'torn', 'b'].map(key => cache.get(`${place} ${key}`, hour)?.value)).toEqual([1, undefined, 2])
    expect(notices).toEqual([])
  })

  test('lines that hold anything else are not found', async () => {
    const {open, fileOf} = aDirectory()
    await keep(open, {a: 1})
    appendFileSync(fileOf(), `\n[${start},${start + hour},"${place} b",nonsense]\n[]\n\u0000\n["x"]\n`)
    const {cache} = await open()
    expect(cache.get(`${place} a`, hour)?.value).toBe(1)
    expect(cache.get(`${place} b`, hour)).toBeUndefined()
  })

  test('a file of another kind is begun anew, which is said', async () => {
    const {open, fileOf} = aDirectory()
    await keep(open, {a: 1})
    writeFileSync(fileOf(), 'not a cache at all')
    const path = fileOf()
    const {cache, notices} = await open()
    expect(notices).toEqual([`what earlier scans kept in ${path} could not be read: it begins anew`])
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
    cache.put(`${place} a`, 2)
    await cache.flush()
    expect((await open()).cache.get(`${place} a`, hour)?.value).toBe(2)
  })

  test('a directory that cannot be is done without, which is said', async () => {
    const {directory} = aDirectory()
    writeFileSync(directory, '')
    const {cache, notices} = await openFleetCache({directory, now: () => start, fresh: false})
    expect(notices).toEqual([`what this scan reads is not kept for the next one: ${directory}: its folder is a file`])
    cache.put(`${place} a`, 1)
    await cache.flush()
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
  })

  test('nor a file that cannot be opened', async () => {
    const {open, fileOf, directory} = aDirectory()
    await keep(open, {a: 1})
    const path = fileOf()
    rmSync(path)
    mkdirSync(path)
    const {cache, notices} = await open()
    cache.put(`${place} a`, 2)
    await cache.flush()
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
    expect(notices).toEqual([`what this scan reads is not kept for the next one: ${directory}: it is a folder`])
  })

  test.skipIf(process.getuid?.() === 0)('nor one that cannot be written', async () => {
    const {directory, open} = aDirectory()
    await open()
    chmodSync(directory, 0o500)
    const {cache, notices} = await open()
    cache.put(`${place} a`, 1)
    await cache.flush()
    expect(notices).toEqual([`what this scan reads is not kept for the next one: ${directory}: it may not be written`])
  })

  test('of an account that has too much of it, what is there stays, and nothing is added, which is said', async () => {
    const {directory, fileOf} = aDirectory()
    const {cache, notices} = await openFleetCache({directory, now: () => start, fresh: false, mostBytes: 2 ** 20})
    for (const key of ['a', 'b', 'c']) {
      cache.put(`${place} ${key}`, 'x'.repeat(700_000))
      await cache.flush()
    }
    expect(cache.get(`${place} b`, hour)).toBeDefined()
    expect(cache.get(`${place} c`, hour)).toBeUndefined()
    expect(notices).toEqual([
      `what this scan reads is not kept for the next one: ${directory}: ${fileOf()} holds 1 MB already`,
    ])
  })

  test('without a directory nothing is kept', async () => {
    const {cache, notices} = await openFleetCache({directory: null, now: () => start, fresh: false})
    cache.put(`${place} a`, 1)
    await cache.flush()
    expect(cache.get(`${place} a`, hour)).toBeUndefined()
    expect(notices).toEqual([])
  })
})

describe('a file that is mostly stale', () => {
  const bulk = 'x'.repeat(100_000)

  test('is written anew without that, and others that have it open go on', async () => {
    const {open, clock, fileOf} = aDirectory()
    await keep(open, Object.fromEntries(Array.from({length: 120}, (_, i) => [`bulk ${i}`, bulk])))
    clock.now += 47 * hour
    await keep(open, {a: 1})
    const other = await open()
    expect(other.cache.get(`${place} a`, hour)?.value).toBe(1)
    clock.now += 2 * hour
    const {cache} = await open()
    expect(cache.get(`${place} a`, 3 * hour)?.value).toBe(1)
    expect(statSync(fileOf()).size).toBeLessThan(1_000)
    expect(other.cache.get(`${place} a`, 3 * hour)?.value).toBe(1)
    other.cache.put(`${place} b`, 2)
    await other.cache.flush()
    expect(other.cache.get(`${place} b`, hour)?.value).toBe(2)
    expect((await open()).cache.get(`${place} b`, hour)?.value).toBe(2)
  })

  test('is left as it is while another process is at that, unless that one was killed', async () => {
    const {open, clock, fileOf, directory} = aDirectory()
    await keep(open, Object.fromEntries(Array.from({length: 120}, (_, i) => [`bulk ${i}`, bulk])))
    const path = fileOf()
    clock.now += 49 * hour
    writeFileSync(`${path}.part`, '')
    utimesSync(`${path}.part`, (clock.now - 60_000) / 1000, (clock.now - 60_000) / 1000)
    expect((await open()).cache.get(`${place} bulk 1`, hour)).toBeUndefined()
    expect(statSync(path).size).toBeGreaterThan(10e6)
    clock.now += 600_000
    expect((await open()).cache.get(`${place} bulk 1`, hour)).toBeUndefined()
    expect(statSync(path).size).toBeLessThan(1_000)
    expect(readdirSync(directory)).toHaveLength(1)
  })

  test('goes when nobody has used it for a week', async () => {
    const {open, clock, directory} = aDirectory()
    await keep(open, {a: 1})
    clock.now = Date.now() + 8 * 24 * hour
    await open()
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('the place of an answer', () => {
  const aws = (endpoint: string, foreignOrigins: readonly string[] = []): Aws =>
    ({scope: {endpoint, region: 'eu-west-1', account: null, profile: null}, foreignOrigins}) as unknown as Aws

  test('is its endpoint, account and region', () => {
    expect(cachePlace(aws('aws'), '123456789012')).toBe(place)
    expect(cachePlace(aws('custom', ['http://127.0.0.1:4566']), '123456789012')).toBe(
      'http://127.0.0.1:4566|123456789012|eu-west-1',
    )
  })

  test('is none for the embedded AWS, and where nobody knows the account', () => {
    expect(cachePlace(aws('sandbox'), '123456789012')).toBeNull()
    expect(cachePlace(aws('aws'), null)).toBeNull()
  })
})

describe('a scan that did not come to its end', () => {
  const line = ['unused', '--since', '30d']
  const window = {start: start - 30 * 24 * hour, end: start}
  const later = {start: window.start + 600_000, end: window.end + 600_000}

  test('lends its window to the next of the same command line, for an hour', async () => {
    const {open, clock} = aDirectory()
    const first = await open()
    expect(beginScan(first.cache, line, window)).toEqual({window, resumedFrom: null})
    await first.cache.flush()
    clock.now += 600_000
    expect(beginScan((await open()).cache, line, later)).toEqual({window, resumedFrom: start})
    expect(beginScan((await open()).cache, ['unused'], later)).toEqual({window: later, resumedFrom: null})
    clock.now += hour
    expect(beginScan((await open()).cache, line, later)).toEqual({window: later, resumedFrom: null})
  })

  test('does not when it ended', async () => {
    const {open, clock} = aDirectory()
    const first = await open()
    beginScan(first.cache, line, window)
    endScan(first.cache, line)
    await first.cache.flush()
    clock.now += 600_000
    expect(beginScan((await open()).cache, line, later)).toEqual({window: later, resumedFrom: null})
  })

  test('is of its own window where nothing is kept', () => {
    expect(beginScan(null, line, window)).toEqual({window, resumedFrom: null})
    endScan(null, line)
  })

  test('keeps no more than that', async () => {
    const {open, fileOf} = aDirectory()
    const {cache} = await open()
    beginScan(cache, line, window)
    await cache.flush()
    expect(readFileSync(fileOf(), 'utf8').split('\n')).toHaveLength(4)
  })
})
