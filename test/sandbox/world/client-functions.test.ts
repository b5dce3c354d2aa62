import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {strToU8, zipSync} from 'fflate'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import type {FunctionDraft} from '../../../src/sandbox/world/client-requests.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {firstUsed, larder, minute} from './larder-world.ts'

const draft = (name: string, more: Partial<FunctionDraft> = {}): FunctionDraft => ({
  name,
  description: '',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  memorySizeMB: 128,
  timeoutSeconds: 3,
  ephemeralStorageMB: 512,
  environment: {},
  logFormat: 'Text',
  applicationLogLevel: null,
  systemLogLevel: null,
  logGroup: `/aws/lambda/${name}`,
  tracing: 'PassThrough',
  snapStart: false,
  packageType: 'Zip',
  roleArn: 'arn:aws:iam::123456789012:role/r',
  deadLetterArn: null,
  layers: [],
  vpc: null,
  tags: {},
  code: {kind: 'zip', bytes: zipSync({'index.mjs': strToU8('// nothing')})},
  ...more,
})

/** Worlds as two processes have them: each with a state of its own, over one file. */
async function twoWorlds() {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-worlds-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  const clock = {at: firstUsed}
  const now = () => clock.at
  const open = async (region?: string) =>
    createWorld({
      seed: 1,
      now,
      company: 'larder',
      ...(region && {region}),
      state: await openState({directory, now, seed: 1}),
    })
  return {clock, open, one: await open(), other: await open()}
}

describe('what clients do to functions', () => {
  test('is seen by another process at once, and by one that comes later', async () => {
    const {clock, one, other, open} = await twoWorlds()
    one.createFunction(draft('mine', {tags: {a: '1'}}))
    expect(other.function('mine')).toEqual(one.function('mine'))
    expect(other.function('mine')?.state).toBe('Pending')
    clock.at += 1000
    other.updateConfiguration('mine', {memorySizeMB: 1024})
    expect(one.function('mine')).toMatchObject({state: 'Active', lastUpdate: 'InProgress'})
    clock.at += 1000
    expect(one.publishVersion('mine', 'first').version).toBe('1')
    expect(other.publishVersion('mine', 'again')).toMatchObject({version: '1', description: 'first'})
    other.putReservedConcurrency('mine', 3)
    one.tagFunction('mine', {b: '2'})
    one.untagFunction('mine', ['a'])
    const later = await open()
    expect(later.function('mine')).toEqual(one.function('mine'))
    expect(later.function('mine')).toMatchObject({
      tags: {b: '2'},
      reservedConcurrency: 3,
      versions: [
        {version: '$LATEST', memorySizeMB: 1024},
        {version: '1', memorySizeMB: 1024},
      ],
    })
    expect(later.functionCode('mine', '1')).toEqual(one.functionCode('mine', '$LATEST'))
    later.deleteFunction('mine')
    expect(one.function('mine')).toBeUndefined()
    expect(one.functions().map(({name}) => name)).not.toContain('mine')
  })

  test('serves as before while an update is in progress, but with what else was changed', async () => {
    const {world, clock} = await larder()
    world.createFunction(draft('mine'))
    clock.at += 1000
    world.publishVersion('mine', null)
    world.updateConfiguration('mine', {memorySizeMB: 512, logFormat: 'JSON'})
    world.putReservedConcurrency('mine', 0)
    world.deleteVersion('mine', '1')
    expect(world.servingFunction('mine')).toMatchObject({
      logFormat: 'Text',
      reservedConcurrency: 0,
      versions: [{version: '$LATEST', memorySizeMB: 128}],
    })
    clock.at += 1000
    expect(world.servingFunction('mine')).toEqual(world.function('mine'))
  })

  test('is of one region', async () => {
    const {one, open} = await twoWorlds()
    const standby = await open('eu-central-1')
    standby.updateConfiguration('inventory', {memorySizeMB: 3008})
    expect(standby.function('inventory')?.versions[0]?.memorySizeMB).toBe(3008)
    expect(one.function('inventory')?.versions[0]?.memorySizeMB).not.toBe(3008)
    expect(one.function('inventory')?.lastUpdate).toBe('Successful')
  })

  test('takes longer to settle for images and in a VPC, and as long as it is told to', async () => {
    const settlesIn = async (name: string, settlingMs?: number) => {
      const clock = {at: firstUsed}
      const now = () => clock.at
      const state = await openState({directory: null, now, seed: 1})
      const world = createWorld({seed: 1, now, company: 'larder', state, ...(settlingMs && {settlingMs})})
      world.updateConfiguration(name, {memorySizeMB: 2048})
      for (; world.function(name)?.lastUpdate === 'InProgress'; clock.at += 100);
      return clock.at - firstUsed
    }
    expect(await settlesIn('cart-api')).toBe(800)
    expect(await settlesIn('cart-api', 200)).toBe(200)
    expect(await settlesIn('invoice-pdf')).toBe(2400)
  })

  test('leaves the past of the company as it was, and shapes the reports of what comes after', async () => {
    const {world, clock} = await larder()
    const before = world
      .functions()
      .find(
        ({name, aliases, logFormat}) =>
          aliases.length === 0 && logFormat === 'Text' && world.count(name, firstUsed, firstUsed + 20 * minute) > 5,
      )
    const name = before?.name ?? ''
    const [from, to] = [firstUsed - 10 * minute, firstUsed]
    const past = world.invocations(name, from, to)
    world.updateConfiguration(name, {memorySizeMB: 3008})
    clock.at += 20 * minute
    expect(world.invocations(name, from, to)).toEqual(past)
    const after = world.invocations(name, firstUsed + 2000, clock.at)
    expect(after.length).toBeGreaterThan(0)
    expect(new Set(after.map(({memorySizeMB}) => memorySizeMB))).toEqual(new Set([3008]))
    const report = world
      .logEvents(before?.logGroup ?? '', firstUsed + 2000, clock.at)
      .find(({message}) => message.startsWith('REPORT'))
    expect(report?.message).toContain('Memory Size: 3008 MB')
  })

  test('gives a version that was published the memory it had, whatever $LATEST has now', async () => {
    const {world, clock} = await larder()
    const name = 'checkout-api'
    world.updateConfiguration(name, {memorySizeMB: 2048})
    clock.at += 1000
    const {version} = world.publishVersion(name, null)
    world.updateConfiguration(name, {memorySizeMB: 512})
    world.updateAlias(name, 'live', {version})
    clock.at += 20 * minute
    const after = world.invocations(name, firstUsed + 10_000, clock.at)
    expect(new Set(after.map(each => `${each.version} ${each.memorySizeMB}`))).toEqual(new Set([`${version} 2048`]))
  })

  test('can make again what was deleted, and it is another one', async () => {
    const {world, clock} = await larder()
    world.deleteFunction('cart-api')
    expect(world.function('cart-api')).toBeUndefined()
    clock.at += 1000
    world.createFunction(draft('cart-api'))
    clock.at += 1000
    expect(world.function('cart-api')).toMatchObject({stack: '', state: 'Active', versions: [{version: '$LATEST'}]})
    expect(world.publishVersion('cart-api', null).version).toBe('1')
    expect(world.functions().filter(({name}) => name === 'cart-api')).toHaveLength(1)
  })

  test('knows whose code it is by the bytes alone', async () => {
    const {world} = await larder()
    const bytes = world.functionCode('checkout-api', '42') ?? new Uint8Array()
    expect(world.functionCode('checkout-api', '42')).toEqual(bytes)
    expect(world.functionCode('checkout-api', '$LATEST')).toEqual(bytes)
    expect(world.functionCode('checkout-api', '41')).not.toEqual(bytes)
    expect(world.functionCode('invoice-pdf', '$LATEST')).toBeUndefined()
    const clone = world.createFunction(draft('clone', {code: {kind: 'zip', bytes}}))
    expect(clone.versions[0]?.behavesAs).toBe('checkout-api')
    expect(world.createFunction(draft('mine')).versions[0]?.behavesAs).toBeNull()
    const packed = (text: string) => ({kind: 'zip', bytes: zipSync({'index.mjs': strToU8(text)})}) as const
    const repacked = world.createFunction(draft('repacked', {code: packed('// larder/checkout-api/42\n')}))
    expect(repacked.versions[0]?.behavesAs).toBe('checkout-api')
    const stranger = world.createFunction(draft('stranger', {code: packed('// larder/constructor/1\n')}))
    expect(stranger.versions[0]?.behavesAs).toBeNull()
    const hostile = {kind: 'zip', bytes: strToU8('PK\u0003\u0004// larder/checkout-api/42')} as const
    expect(world.createFunction(draft('hostile', {code: hostile})).versions[0]?.behavesAs).toBeNull()
  })

  test('reaches generated functions as well', async () => {
    const {world, clock} = await larder({scale: 60})
    const name = world.functions().at(-1)?.name ?? ''
    expect(name).toMatch(/^zz-/)
    world.updateConfiguration(name, {memorySizeMB: 512})
    clock.at += 1000
    expect(world.function(name)).toEqual(world.functions().at(-1))
    expect(world.function(name)?.versions[0]?.memorySizeMB).toBe(512)
    expect(world.functions().at(-2)?.versions[0]?.memorySizeMB).toBe(128)
  })

  test('lists the same array as long as nothing changes or settles', async () => {
    const {world, clock} = await larder()
    world.updateConfiguration('cart-api', {memorySizeMB: 512})
    const during = world.functions()
    expect(world.functions()).toBe(during)
    clock.at += 1000
    expect(world.functions()).not.toBe(during)
    expect(world.functions()).toBe(world.functions())
  })
})
