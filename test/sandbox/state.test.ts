import {existsSync} from 'node:fs'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {AliasChange, Change, VersionSettings} from '../../src/sandbox/changes.ts'
import {openState, resetState, settledAt} from '../../src/sandbox/state.ts'

const t0 = Date.parse('2026-11-20T14:07:10Z')
const hour = 3_600_000
const at = (now: number) => () => now
const change = (version: string, when = t0): AliasChange => ({
  kind: 'alias',
  at: when,
  functionName: 'checkout-api',
  alias: 'live',
  version,
  weights: {},
  description: '',
})

let root = ''
let directory = ''
const file = () => join(directory, 'sandbox-1.jsonl')
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slsops-state-'))
  directory = join(root, 'state', 'slsops')
})
afterEach(() => rm(root, {recursive: true, force: true}))

describe('the state of the sandbox', () => {
  test('comes to rest some seconds after its last change: no clock begins earlier', async () => {
    expect(await settledAt({directory, seed: 1, now: t0})).toBe(0)
    const state = await openState({directory, now: at(t0), seed: 1})
    expect(await settledAt({directory, seed: 1, now: t0})).toBe(0)
    state.record(change('42', t0 + 60_000))
    state.record(change('41', t0 + 1000))
    expect(await settledAt({directory, seed: 1, now: t0})).toBe(t0 + 63_000)
    // nobody who has seen provisioned concurrency allocated sees it on its way again
    state.record({...change('42', t0 + 61_000), allocatingMs: 90_000})
    expect(await settledAt({directory, seed: 1, now: t0})).toBe(t0 + 151_000)
    expect(await settledAt({directory, seed: 2, now: t0})).toBe(0)
  })

  test('begins when it is first used, and stays', async () => {
    const first = await openState({directory, now: at(t0), seed: 1})
    expect(first).toMatchObject({firstUsedAt: t0, notices: []})
    first.record(change('41'))
    const second = await openState({directory, now: at(t0 + hour), seed: 1})
    expect(second).toMatchObject({firstUsedAt: t0, notices: []})
    expect(second.changes()).toEqual([change('41')])
  })

  test('is a file that only its owner can read, in a directory that only its owner can enter', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    state.record(change('41'))
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect(await readdir(directory)).toEqual(['sandbox-1.jsonl'])
    const lines = (await readFile(file(), 'utf8')).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {version: 2, id: expect.any(String), firstUsedAt: t0},
      change('41'),
    ])
  })

  test('keeps the region of a change, and reads changes from before there were regions', async () => {
    const first = await openState({directory, now: at(t0), seed: 1})
    first.record(change('41'))
    first.record({...change('8'), region: 'eu-central-1'})
    const second = await openState({directory, now: at(t0 + hour), seed: 1})
    expect(second.changes()).toEqual([change('41'), {...change('8'), region: 'eu-central-1'}])
  })

  test('keeps every kind of write to functions and log groups', async () => {
    const settings: VersionSettings = {
      description: '',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      memorySizeMB: 512,
      timeoutSeconds: 3,
      ephemeralStorageMB: 512,
      environment: {A: '1'},
      logFormat: 'JSON',
      applicationLogLevel: null,
      systemLogLevel: 'INFO',
      logGroup: '/aws/lambda/f',
      tracing: 'Active',
      snapStart: false,
      packageType: 'Zip',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      deadLetterArn: null,
      layers: ['l'],
      vpc: {subnetIds: ['s'], securityGroupIds: [], vpcId: 'v'},
    }
    const code = {sha256: 'x', codeSize: 3, imageUri: null, behavesAs: null, zip: 'UEsF'}
    const [ofFunction, ofGroup] = [
      {at: t0, functionName: 'f'},
      {at: t0, logGroup: '/aws/lambda/f'},
    ]
    const changes: readonly Change[] = [
      {kind: 'function-created', ...ofFunction, settings, code, tags: {a: '1'}},
      {kind: 'configuration-changed', ...ofFunction, settings: {memorySizeMB: 1024}},
      {kind: 'code-changed', ...ofFunction, code},
      {kind: 'version-published', ...ofFunction, description: 'd'},
      {kind: 'version-deleted', ...ofFunction, version: '1'},
      {kind: 'concurrency-reserved', ...ofFunction, count: 0},
      {kind: 'concurrency-reserved', ...ofFunction, count: null},
      {kind: 'alias-created', ...ofFunction, alias: 'live', version: '1', weights: {}, description: 'd'},
      {kind: 'alias', ...ofFunction, alias: 'live', version: '1', weights: {2: 0.25}, description: ''},
      {kind: 'alias', ...ofFunction, alias: 'live', version: '1', weights: {}, description: 'e', keepsRouting: true},
      {kind: 'concurrency-provisioned', ...ofFunction, alias: 'live', count: 2, allocatingMs: 90_000},
      {kind: 'concurrency-provisioned', ...ofFunction, alias: 'live', count: null},
      {kind: 'alias-deleted', ...ofFunction, alias: 'live'},
      {kind: 'function-tagged', ...ofFunction, tags: {b: '2'}},
      {kind: 'function-untagged', ...ofFunction, keys: ['b']},
      {kind: 'function-deleted', ...ofFunction},
      {kind: 'log-group-created', ...ofGroup, class: 'STANDARD', tags: {}},
      {kind: 'retention-put', ...ofGroup, days: 1},
      {kind: 'log-group-tagged', ...ofGroup, tags: {a: '1'}},
      {kind: 'log-group-untagged', ...ofGroup, keys: ['a']},
      {kind: 'log-group-deleted', ...ofGroup},
    ]
    const first = await openState({directory, now: at(t0), seed: 1})
    for (const each of changes) first.record(each)
    expect((await openState({directory, now: at(t0), seed: 1})).changes()).toEqual(changes)
  })

  test('is another for another seed', async () => {
    const one = await openState({directory, now: at(t0), seed: 1})
    one.record(change('41'))
    const two = await openState({directory, now: at(t0 + hour), seed: 2})
    expect(two.firstUsedAt).toBe(t0 + hour)
    expect(two.changes()).toEqual([])
  })

  test('shows every holder the changes of the others, and loses none', async () => {
    const [one, two] = await Promise.all([
      openState({directory, now: at(t0), seed: 1}),
      openState({directory, now: at(t0 + 5), seed: 1}),
    ])
    expect(one.firstUsedAt).toBe(two.firstUsedAt)
    one.record(change('41'))
    two.record(change('42'))
    one.record(change('40'))
    const expected = [change('41'), change('42'), change('40')]
    expect(one.changes()).toEqual(expected)
    expect(two.changes()).toEqual(expected)
  })

  test('has no other writer as long as one is alone with it, who knows what was written before', async () => {
    const [one, two] = [
      await openState({directory, now: at(t0), seed: 1}),
      await openState({directory, now: at(t0), seed: 1}),
    ]
    two.record(change('41'))
    const seen = one.alone(() => {
      one.record(change('42'))
      one.alone(() => one.record(change('43')))
      return {locked: existsSync(`${file()}.lock`), changes: one.changes().length}
    })
    expect(seen).toEqual({locked: true, changes: 3})
    expect(() => one.alone(() => expect.unreachable())).toThrow()
    expect(existsSync(`${file()}.lock`)).toBe(false)
    expect(two.changes()).toEqual([change('41'), change('42'), change('43')])
  })

  test('gives the same array as long as nothing was changed', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    state.record(change('41'))
    expect(state.changes()).toBe(state.changes())
  })

  test('starts anew when its incident is more than 12 h old, and says so', async () => {
    const old = await openState({directory, now: at(t0), seed: 1})
    old.record(change('41'))
    expect((await openState({directory, now: at(t0 + 12 * hour), seed: 1})).notices).toEqual([])
    const anew = await openState({directory, now: at(t0 + 12 * hour + 1), seed: 1})
    expect(anew.firstUsedAt).toBe(t0 + 12 * hour)
    expect(anew.changes()).toEqual([])
    expect(anew.notices).toEqual([expect.stringContaining('more than 12 h old')])
    expect((await openState({directory, now: at(t0 + 13 * hour), seed: 1})).notices).toEqual([])
  })

  test('is kept in memory when there is no directory', async () => {
    const state = await openState({directory: null, now: at(t0), seed: 1})
    state.record(change('41'))
    expect(state.changes()).toEqual([change('41')])
    expect(state.notices).toEqual([])
  })

  test('is kept in memory when the disk cannot be written to, and says so', async () => {
    // a file where the directory should be: this stops even the superuser
    await writeFile(join(root, 'state'), '')
    const state = await openState({directory, now: at(t0), seed: 1})
    expect(state).toMatchObject({firstUsedAt: t0, notices: [expect.stringContaining('cannot be kept')]})
    state.record(change('41'))
    expect(state.changes()).toEqual([change('41')])
  })

  // /proc is there and says of any new folder in it that it is not: Node's recursive mkdir tries for ever
  test.runIf(process.platform === 'linux').each(['/proc/nope', '/proc/nope/state/slsops'])(
    'is kept in memory when %s cannot be made, and says so',
    async directory => {
      const state = await openState({directory, now: at(t0), seed: 1})
      expect(state).toMatchObject({firstUsedAt: t0, notices: [expect.stringContaining(`${directory} (ENOENT)`)]})
    },
  )

  test('keeps changes in memory once the disk refuses them', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    await rm(join(root, 'state'), {recursive: true})
    await writeFile(join(root, 'state'), '')
    state.record(change('41'))
    expect(state.changes()).toEqual([change('41')])
  })

  test('takes over the lock that a killed process has left', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    await mkdir(`${file()}.lock`)
    const longAgo = Date.now() / 1000 - 60
    await utimes(`${file()}.lock`, longAgo, longAgo)
    state.record(change('41'))
    expect((await openState({directory, now: at(t0), seed: 1})).changes()).toEqual([change('41')])
    expect(await readdir(directory)).toEqual(['sandbox-1.jsonl'])
  })

  test('brings what the disk refused to it with the next change', async () => {
    const [one, two] = [
      await openState({directory, now: at(t0), seed: 1}),
      await openState({directory, now: at(t0), seed: 1}),
    ]
    one.record(change('40'))
    // a lock that cannot be taken over: this stops even the superuser
    await writeFile(`${file()}.lock`, '')
    await utimes(`${file()}.lock`, 1, 1)
    one.record(change('41'))
    expect(one.changes()).toEqual([change('40'), change('41')])
    expect(two.changes()).toEqual([change('40')])
    await rm(`${file()}.lock`)
    two.record(change('42'))
    one.record(change('43'))
    expect(one.changes().map(each => each.kind === 'alias' && each.version)).toEqual(['40', '41', '42', '43'])
    expect(two.changes().map(each => each.kind === 'alias' && each.version)).toEqual(['40', '42', '41', '43'])
  })

  test('goes on in memory when it is reset meanwhile, and leaves the one that began since alone', async () => {
    const one = await openState({directory, now: at(t0), seed: 1})
    one.record(change('41'))
    await resetState(directory)
    one.record(change('42'))
    const two = await openState({directory, now: at(t0), seed: 1})
    two.record(change('7'))
    one.record(change('43'))
    expect(one.changes()).toEqual([change('41'), change('42'), change('43')])
    expect(two.changes()).toEqual([change('7')])
    expect((await openState({directory, now: at(t0), seed: 1})).changes()).toEqual([change('7')])
  })

  test('is readable on a read-only disk', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    state.record(change('41'))
    await chmod(directory, 0o500)
    expect((await openState({directory, now: at(t0 + 1), seed: 1})).changes()).toEqual([change('41')])
    await chmod(directory, 0o700)
  })

  test('began at the same moment for two who come to one time, a little apart', async () => {
    const opened = (ms: number) => openState({directory: null, now: at(t0 + ms), seed: 1})
    const [one, two, later] = await Promise.all([opened(1_050), opened(1_900), opened(10_000)])
    expect([one.firstUsedAt, two.firstUsedAt, later.firstUsedAt]).toEqual([t0, t0, t0 + 10_000])
  })

  test('is gone after a reset', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    state.record(change('41'))
    await writeFile(join(directory, 'other.json'), '')
    // as it was kept once
    await writeFile(join(directory, 'sandbox-1.json'), '')
    await resetState(directory)
    expect(await readdir(directory)).toEqual(['other.json'])
    expect((await openState({directory, now: at(t0 + hour), seed: 1})).firstUsedAt).toBe(t0 + hour)
    await resetState(join(directory, 'nowhere'))
  })
})
