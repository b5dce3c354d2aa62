// Writing aliases through the SDK's clients and HTTP, at the embedded AWS.

import {DeleteFunctionCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import type {ServeOptions} from '../../../src/sandbox/server.ts'
import type {AliasState} from '../../../src/services/traffic/alias/alias-state.ts'
import {awaitServing} from '../../../src/services/traffic/alias/await-serving.ts'
import {credentialsExpireAt} from '../../../src/services/traffic/alias/credentials.ts'
import {readAliasState} from '../../../src/services/traffic/alias/read-alias-state.ts'
import type {Wanted} from '../../../src/services/traffic/alias/send-update.ts'
import {writeAlias} from '../../../src/services/traffic/alias/write-alias.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {embeddedAliases} from './embedded-aliases.ts'
import {unwrittenJournal} from './unwritten-journal.ts'

/** Alias live of inventory, which serves 17 and has provisioned concurrency, or of checkout-api. */
async function writing(functionName: string, options: Partial<ServeOptions> = {}) {
  const embedded = await embeddedAliases(options)
  const {aws, refOf} = embedded
  const ref = refOf(functionName)
  const journal = unwrittenJournal()
  const read = async (): Promise<AliasState> => {
    const state = await readAliasState(aws, ref, ongoing())
    if (state === null) throw new Error(`${functionName} has no alias live`)
    return state
  }
  const write = async (to: Wanted, from?: AliasState) =>
    writeAlias({aws, journal, signal: ongoing()}, ref, from ?? (await read()), to)
  return {...embedded, ref, journal, read, write}
}

const updates = {operation: 'UpdateAlias', times: 1} as const

describe('an alias of the embedded AWS', () => {
  test('case 1: is shifted by steps, promoted in one write and given back', async () => {
    const {read, write} = await writing('checkout-api')
    const before = await read()
    const other = String(Number(before.version) - 1)
    const back = {version: before.version, additional: null, description: before.description}
    await write(back)
    for (const weight of [0.1, 0.5, 1])
      expect(
        await write({...back, additional: {version: other, weight}, description: `lease ${weight}`}),
      ).toMatchObject({
        kind: 'written',
        wasLost: false,
      })
    expect(await read()).toMatchObject({additional: {version: other, weight: 1}, description: 'lease 1'})
    await write({version: other, additional: null, description: 'promoted'})
    expect(await read()).toMatchObject({version: other, additional: null, description: 'promoted'})
    await write(back)
    expect(await read()).toMatchObject(back)
  })

  test.each([
    [
      'case 2: an answer that is lost is recognised',
      {kind: 'lost-answer', ...updates},
      true,
      ['TimeoutError', 'settled'],
    ],
    ['a cut connection is tried again', {kind: 'reset', ...updates}, false, ['TimeoutError', 'intent', 'done']],
    [
      'a fault of AWS is tried again',
      {kind: 'server-error', ...updates},
      false,
      ['ServiceUnavailableException', 'intent', 'done'],
    ],
    ['a proxy’s page is tried again', {kind: 'html', ...updates}, false, ['SyntaxError', 'intent', 'done']],
    [
      'a throttle is tried again',
      {kind: 'throttle', ...updates},
      false,
      ['TooManyRequestsException', 'intent', 'done'],
    ],
  ] as const)('%s', async (_, fault, wasLost, after) => {
    const {read, write, journal} = await writing('checkout-api', {faults: [fault]})
    const before = await read()
    const to = {version: before.version, additional: null, description: 'slsops:1 …'}
    expect(await write(to)).toMatchObject({kind: 'written', wasLost, state: to})
    expect(await read()).toMatchObject(to)
    expect(journal.told.map(told => told.split(' ')[0])).toEqual(['intent', ...after])
  })

  test('case 3: that somebody else moved is left to them', async () => {
    const {read, write} = await writing('checkout-api')
    const from = await read()
    await write({...from, description: 'somebody else’s'})
    const theirs = await read()
    expect(await write({version: from.version, additional: null, description: 'ours'}, from)).toEqual({
      kind: 'foreign',
      state: theirs,
    })
    expect(await read()).toEqual(theirs)
  })

  test('case 4: takes no two versions of different roles, which is told with what would do', async () => {
    const {world, clock, aws, read, write} = await writing('checkout-api')
    const {version} = await read()
    world.updateConfiguration('checkout-api', {roleArn: 'arn:aws:iam::123456789012:role/other'})
    clock.at += 10_000
    const client = await aws.lambda()
    const {PublishVersionCommand} = await import('@aws-sdk/client-lambda')
    const {Version = ''} = await client.send(new PublishVersionCommand({FunctionName: 'checkout-api'}))
    await expect(write({version, additional: {version: Version, weight: 0.1}, description: ''})).rejects.toMatchObject({
      message: expect.stringMatching(/^AWS refused to give checkout-api:live 90 % of .*: Specified versions must be/),
      hint: expect.stringContaining('one execution role'),
    })
  })

  test('case 30: goes on to no version that was deleted meanwhile', async () => {
    const {aws, read, write} = await writing('checkout-api')
    const before = await read()
    const spare = String(Number(before.version) - 2)
    const client = await aws.lambda()
    await client.send(new DeleteFunctionCommand({FunctionName: 'checkout-api', Qualifier: spare}))
    await expect(
      write({version: before.version, additional: {version: spare, weight: 0.1}, description: ''}),
    ).rejects.toMatchObject({code: 'VersionGone', message: expect.stringContaining(`version ${spare} of checkout-api`)})
    expect(await read()).toEqual(before)
  })

  test('case 8: with provisioned concurrency serves only once that is allocated', async () => {
    const {aws, ref, read, write, clock} = await writing('inventory')
    const before = await read()
    const to = {version: '16', additional: null, description: before.description}
    expect(await write(to)).toMatchObject({kind: 'written'})
    expect(await read()).toMatchObject({version: '16', additional: {version: before.version, weight: 1}})
    const told: string[] = []
    const began = clock.at
    const waiting = {signal: ongoing(), doing: (what: string) => void told.push(what)}
    expect(await awaitServing(aws, ref, to, waiting)).toMatchObject({kind: 'serving', state: to})
    expect(clock.at - began).toBeGreaterThan(60_000)
    expect(told[0]).toMatch(
      /^inventory:live: 1\d serves on until provisioned concurrency is allocated for 16, which usually/,
    )
    expect(told.at(-1)).toMatch(/ min so far$/)
  })

  test('that does not exist is null', async () => {
    const {aws, refOf} = await embeddedAliases()
    expect(await readAliasState(aws, {...refOf('checkout-api'), alias: 'none'}, ongoing())).toBeNull()
    expect(await readAliasState(aws, refOf('no-such-function'), ongoing())).toBeNull()
  })

  test('that may not be read names the permission: exit 4', async () => {
    const {read} = await writing('checkout-api', {faults: [{kind: 'access-denied', operation: 'GetAlias'}]})
    await expect(read()).rejects.toMatchObject({exitCode: 4, hint: 'this needs lambda:GetAlias'})
  })
})

describe('credentials', () => {
  test('of the embedded AWS do not expire', async () => {
    const {aws} = await embeddedAliases()
    expect(await credentialsExpireAt(aws, ongoing())).toBeNull()
  })

  test('say when they do', async () => {
    const {aws} = await embeddedAliases()
    const client = await aws.lambda()
    const at = Date.UTC(2026, 10, 20, 15)
    client.config.credentials = async () => ({accessKeyId: 'A', secretAccessKey: 'B', expiration: new Date(at)})
    expect(await credentialsExpireAt(aws, ongoing())).toBe(at)
  })

  test('that are not there are told of as ever: exit 4', async () => {
    const {aws} = await embeddedAliases()
    const client = await aws.lambda()
    client.config.credentials = async () => {
      throw Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      })
    }
    await expect(credentialsExpireAt(aws, ongoing())).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('no usable AWS credentials'),
    })
  })
})
