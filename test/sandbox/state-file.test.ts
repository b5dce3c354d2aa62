import {appendFile, mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {AliasChange, Change} from '../../src/sandbox/changes.ts'
import type {InvocationChange, InvokedSettings} from '../../src/sandbox/invocation-changes.ts'
import {openState} from '../../src/sandbox/state.ts'

const t0 = Date.parse('2026-11-20T14:07:10Z')
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

describe('the file of a state', () => {
  const head = `${JSON.stringify({version: 2, id: 'x', firstUsedAt: t0})}\n`
  const settings: InvokedSettings = {
    memorySizeMB: 512,
    timeoutSeconds: 3,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    packageType: 'Zip',
    snapStart: false,
    logFormat: 'JSON',
    systemLogLevel: null,
    logGroup: '/aws/lambda/f',
    tracing: 'Active',
  }
  const invocation: InvocationChange = {
    kind: 'invocation',
    at: t0,
    functionName: 'f',
    version: '$LATEST',
    qualifier: null,
    key: -7,
    code: null,
    settings,
    story: 'plain',
    outcome: 'ok',
    durationMs: 1.5,
    maxMemoryUsedMB: 40,
    asynchronous: false,
    sampled: true,
    first: true,
    environment: {key: 3, bornAt: t0, initMs: 120},
  }

  test('keeps what clients invoked', async () => {
    const throttle: Change = {kind: 'throttle', at: t0, functionName: 'f', qualifier: 'live'}
    await mkdir(directory, {recursive: true})
    await writeFile(file(), `${head}${JSON.stringify(invocation)}\n${JSON.stringify(throttle)}\n`)
    const state = await openState({directory, now: at(t0), seed: 1})
    expect(state.changes()).toEqual([invocation, throttle])
  })

  test.each([
    '',
    '{"version":1',
    '[]\n',
    'null\n',
    `{"version":1,"firstUsedAt":${t0},"changes":[]}\n`,
    ...[
      'null',
      '{',
      '',
      ...[
        {kind: 'constructor'},
        {...change('41'), at: 1e300},
        {...change('41'), region: 7},
        {...change('41'), description: undefined},
        {...change('41'), weights: {7: 'all'}},
        {...change('41'), keepsRouting: 'yes'},
        {...change('41'), allocatingMs: -1},
        {...change('41'), kind: 'alias-created', version: 41},
        {kind: 'alias-deleted', functionName: 'f'},
        {kind: 'concurrency-provisioned', functionName: 'f', alias: 'live', count: '2'},
        {kind: 'function-deleted'},
        {kind: 'function-created', functionName: 'f', settings: {}, tags: {}, code: {}},
        {kind: 'configuration-changed', functionName: 'f', settings: {memorySizeMB: '512'}},
        {kind: 'configuration-changed', functionName: 'f', settings: {constructor: 1}},
        {kind: 'configuration-changed', functionName: 'f', settings: {environment: {A: 1}}},
        {kind: 'version-published', functionName: 'f', description: null},
        {kind: 'concurrency-reserved', functionName: 'f', count: -1},
        {kind: 'function-untagged', functionName: 'f', keys: 'a'},
        {kind: 'log-group-created', logGroup: '/a', class: 'COLD', tags: {}},
        {kind: 'retention-put', logGroup: '/a', days: '7'},
        ...Object.keys(invocation).map(member => ({...invocation, [member]: undefined})),
        ...Object.keys(settings).map(member => ({...invocation, settings: {...settings, [member]: undefined}})),
        {...invocation, outcome: 'init-error'},
        {...invocation, environment: {key: 3, bornAt: 1e300, initMs: 120}},
      ].map(each => JSON.stringify({at: t0, ...each})),
    ].map(line => `${head}${line}\n`),
  ])('starts anew when the file holds %j, and says so', async text => {
    await mkdir(directory, {recursive: true})
    await writeFile(file(), text)
    const state = await openState({directory, now: at(t0), seed: 1})
    expect(state).toMatchObject({firstUsedAt: t0, notices: [expect.stringContaining('could not be read')]})
    expect((await openState({directory, now: at(t0), seed: 1})).notices).toEqual([])
  })

  test('does without the line that a killed process has not ended, and cuts it off with the next change', async () => {
    const one = await openState({directory, now: at(t0), seed: 1})
    one.record(change('41'))
    await appendFile(file(), JSON.stringify(change('666')).slice(0, 40))
    expect(one.changes()).toEqual([change('41')])
    const two = await openState({directory, now: at(t0), seed: 1})
    expect(two).toMatchObject({notices: []})
    two.record(change('42'))
    one.record(change('43'))
    const expected = [change('41'), change('42'), change('43')]
    expect([one, two].map(state => state.changes())).toEqual([expected, expected])
    expect((await openState({directory, now: at(t0), seed: 1})).changes()).toEqual(expected)
  })

  test('grows by the line of a change, however many there are', async () => {
    const state = await openState({directory, now: at(t0), seed: 1})
    const line = Buffer.byteLength(`${JSON.stringify(change('41'))}\n`)
    const before = (await stat(file())).size
    for (let i = 0; i < 100; i++) state.record(change('41'))
    const {size, ino} = await stat(file())
    expect(size).toBe(before + 100 * line)
    state.record(change('41'))
    expect((await stat(file())).ino).toBe(ino)
  })
})
