import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  CreateFunctionCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListAliasesCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, draft, lambda} from './writing.ts'

/** A function of a client's with versions 1 and 2. */
async function made(options: Parameters<typeof lambda>[0] = {}) {
  const server = await lambda(options)
  const {client, settle, update, publish} = server
  await client.send(new CreateFunctionCommand(draft('mine', {Publish: true})))
  settle()
  await update('mine', 256)
  settle()
  await publish('mine')
  const create = (input: Partial<CreateAliasCommandInput> = {}) =>
    client.send(new CreateAliasCommand({FunctionName: 'mine', Name: 'live', FunctionVersion: '1', ...input}))
  const write = (input: Partial<UpdateAliasCommandInput>) =>
    client.send(new UpdateAliasCommand({FunctionName: 'mine', Name: 'live', ...input}))
  const read = async (Name = 'live') => {
    const {$metadata, ...alias} = await client.send(new GetAliasCommand({FunctionName: 'mine', Name}))
    return alias
  }
  return {...server, create, write, read}
}

const weights = (AdditionalVersionWeights: Record<string, number>) => ({RoutingConfig: {AdditionalVersionWeights}})
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const invalid = {name: 'InvalidParameterValueException', status: 400}
const missing = {name: 'ResourceNotFoundException', status: 404}

describe('CreateAlias', () => {
  test('makes an alias of a client’s function, as many as are wanted, and a new one has no RoutingConfig', async () => {
    const {client, create, read} = await made()
    const {$metadata, ...live} = await create()
    expect($metadata.httpStatusCode).toBe(201)
    expect(live).toEqual({
      AliasArn: arn('mine:live'),
      Name: 'live',
      FunctionVersion: '1',
      Description: '',
      RevisionId: expect.stringMatching(uuid),
    })
    expect(await read()).toEqual(live)
    await create({Name: '2024-01-02', ...weights({2: 0.2}), Description: 'custom-alias'})
    await create({Name: 'empty', ...weights({})})
    await create({Name: 'latest', FunctionVersion: '$LATEST'})
    const {Aliases} = await client.send(new ListAliasesCommand({FunctionName: 'mine'}))
    expect(Aliases?.map(({Name, RoutingConfig}) => [Name, RoutingConfig?.AdditionalVersionWeights])).toEqual([
      ['2024-01-02', {2: 0.2}],
      ['empty', undefined],
      ['latest', undefined],
      ['live', undefined],
    ])
    const byAlias = await client.send(new GetFunctionCommand({FunctionName: 'mine', Qualifier: '2024-01-02'}))
    expect(byAlias.Configuration).toMatchObject({Version: '1', FunctionArn: arn('mine:2024-01-02')})
  })

  const refused: readonly (readonly [string, Partial<CreateAliasCommandInput>, object])[] = [
    [
      'two additional versions',
      weights({1: 0.5, 2: 0.5}),
      {...invalid, message: 'Number of items in AdditionalVersionWeights cannot be greater than 1'},
    ],
    [
      'a weight above 1',
      weights({2: 2}),
      {
        name: 'ValidationException',
        status: 400,
        message:
          "1 validation error detected: Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
      },
    ],
    [
      'a weight below 0',
      weights({2: -1}),
      {name: 'ValidationException', status: 400, message: expect.stringContaining("Value '{2=-1.0}' at")},
    ],
    [
      'the same version twice',
      weights({1: 0.5}),
      {
        ...invalid,
        message: 'Invalid function version 1. Function version 1 is already included in routing configuration.',
      },
    ],
    [
      'weights beside $LATEST',
      {FunctionVersion: '$LATEST', ...weights({1: 0.5})},
      {...invalid, message: '$LATEST is not supported for an alias pointing to more than 1 version'},
    ],
    [
      'a weight of $LATEST',
      weights({$LATEST: 0.5}),
      {
        name: 'ValidationException',
        status: 400,
        message:
          "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]",
      },
    ],
    ['an unknown version', {FunctionVersion: '10'}, {...missing, message: `Function not found: ${arn('mine:10')}`}],
    [
      'an unknown additional version',
      weights({10: 0.5}),
      {...missing, message: `Function not found: ${arn('mine:10')}`},
    ],
    [
      'a version that is published in place',
      {FunctionVersion: '$LATEST.PUBLISHED'},
      {...missing, message: `Function not found: ${arn('mine:$LATEST.PUBLISHED')}`},
    ],
    ['an unknown function', {FunctionName: 'none'}, {...missing, message: `Function not found: ${arn('none:1')}`}],
    [
      'a name that is a number',
      {Name: '2024'},
      {
        name: 'ValidationException',
        status: 400,
        message:
          "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
      },
    ],
    ['a description that is too long', {Description: 'x'.repeat(257)}, {name: 'ValidationException', status: 400}],
  ]

  test.each(refused)('refuses %s in the recorded words', async (_what, input, expected) => {
    const {client, create} = await made()
    expect(await refusal(create(input))).toMatchObject(expected)
    expect((await client.send(new ListAliasesCommand({FunctionName: 'mine'}))).Aliases).toEqual([])
  })

  test('refuses a name that is taken', async () => {
    const {create} = await made()
    await create()
    expect(await refusal(create({FunctionVersion: '2'}))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message: `Alias already exists: ${arn('mine:live')}`,
    })
  })
})

describe('UpdateAlias', () => {
  test('keeps what is not said, and takes the RoutingConfig away for empty weights', async () => {
    const {create, write, read} = await made()
    await create({Description: 'first'})
    expect(await write(weights({2: 0.25}))).toMatchObject({
      FunctionVersion: '1',
      Description: 'first',
      ...weights({2: 0.25}),
    })
    expect(await write({Description: ''})).toMatchObject({FunctionVersion: '1', Description: '', ...weights({2: 0.25})})
    expect(await write(weights({2: 0}))).toMatchObject(weights({2: 0}))
    expect(await write(weights({2: 1}))).toMatchObject(weights({2: 1}))
    expect(await write(weights({}))).not.toHaveProperty('RoutingConfig')
    await write(weights({2: 0.5}))
    await write({RoutingConfig: {}})
    expect(await read()).not.toHaveProperty('RoutingConfig')
    expect(await write({FunctionVersion: '2'})).toMatchObject({FunctionVersion: '2'})
  })

  test('changes the revision every time, also without a change, and never gives one twice', async () => {
    const {create, write, read} = await made()
    const {RevisionId: first} = await create()
    const revisions = [first]
    for (let i = 0; i < 20; i++) {
      revisions.push((await write(i % 3 === 0 ? {} : weights(i % 3 === 1 ? {2: 0.1} : {}))).RevisionId)
      expect((await read()).RevisionId).toBe(revisions.at(-1))
    }
    expect(new Set(revisions).size).toBe(21)
    expect(revisions.every(revision => uuid.test(revision ?? ''))).toBe(true)
  })

  test('leaves the revision of the function and its versions alone', async () => {
    const {create, write, configuration} = await made()
    const revisions = async () => [
      (await configuration('mine')).RevisionId,
      (await configuration('mine', '1')).RevisionId,
    ]
    const before = await revisions()
    await create()
    await write({FunctionVersion: '2'})
    expect(await revisions()).toEqual(before)
  })

  test('case 1: refuses to move to a version that is still in the weights, unless they go with the same write', async () => {
    const {create, write, read} = await made()
    await create(weights({2: 0.5}))
    const before = await read()
    expect(await refusal(write({FunctionVersion: '2'}))).toMatchObject({
      ...invalid,
      message: 'Invalid function version 2. Function version 2 is already included in routing configuration.',
    })
    expect(await read()).toEqual(before)
    expect(await write({FunctionVersion: '2', ...weights({}), RevisionId: before.RevisionId})).toMatchObject({
      FunctionVersion: '2',
    })
  })

  test('case 2: a lost answer leaves the write made, and the same write again finds another revision', async () => {
    const {create, write, read} = await made({faults: [{kind: 'lost-answer', operation: 'UpdateAlias', times: 1}]})
    const {RevisionId} = await create()
    const input = {FunctionVersion: '1', ...weights({2: 0.1}), RevisionId}
    await expect(write(input)).rejects.toThrow()
    expect(await refusal(write(input))).toMatchObject({name: 'PreconditionFailedException', status: 412})
    expect(await read()).toMatchObject({FunctionVersion: '1', ...weights({2: 0.1})})
  })

  test('case 3: another revision than the alias has is refused, and nothing is written', async () => {
    const {create, write, read} = await made()
    const {RevisionId} = await create()
    await write({Description: 'somebody else'})
    expect(await refusal(write({FunctionVersion: '2', RevisionId}))).toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    })
    expect(await read()).toMatchObject({FunctionVersion: '1', Description: 'somebody else'})
  })

  test('case 4: refuses two versions with different roles or dead letter queues', async () => {
    const {client, create, write, settle, publish, read, ...server} = await made()
    await create()
    server.world.updateConfiguration('mine', {roleArn: 'arn:aws:iam::123456789012:role/other'})
    settle()
    await publish('mine')
    server.world.updateConfiguration('mine', {
      roleArn: 'arn:aws:iam::123456789012:role/made-role',
      deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:letters',
    })
    settle()
    await publish('mine')
    expect(await refusal(write(weights({3: 0.1})))).toMatchObject({
      ...invalid,
      message: 'Specified versions must be associated with the same execution role',
    })
    expect(await refusal(write(weights({4: 0.1})))).toMatchObject({
      ...invalid,
      message: expect.stringContaining('dead letter'),
    })
    // one after the other they may serve
    expect(await write({FunctionVersion: '3'})).toMatchObject({FunctionVersion: '3'})
  })

  test('case 4: the company has versions that can only serve one after the other', async () => {
    const {client} = await lambda()
    const write = (FunctionName: string, version: string) =>
      client.send(new UpdateAliasCommand({FunctionName, Name: 'live', ...weights({[version]: 0.1})}))
    expect(await refusal(write('price-labels', '13'))).toMatchObject({
      ...invalid,
      message: expect.stringContaining('execution role'),
    })
    expect(await refusal(write('billing-worker', '26'))).toMatchObject({
      ...invalid,
      message: expect.stringContaining('dead letter'),
    })
    const role = async (Qualifier: string) =>
      (await client.send(new GetFunctionCommand({FunctionName: 'price-labels', Qualifier}))).Configuration?.Role
    expect([await role('12'), await role('13')]).toEqual([
      'arn:aws:iam::123456789012:role/price-labels-role',
      'arn:aws:iam::123456789012:role/store-gateway-writer',
    ])
  })

  test('says of a missing alias that it is not found, in other words than GetAlias', async () => {
    const {write, read} = await made()
    expect(await refusal(write({}))).toMatchObject({...missing, message: `Alias not found: ${arn('mine:live')}`})
    expect(await refusal(write({FunctionName: 'none'}))).toMatchObject({
      ...missing,
      message: `Alias not found: ${arn('none:live')}`,
    })
    expect(await refusal(read())).toMatchObject({...missing, message: `Cannot find alias arn: ${arn('mine:live')}`})
  })

  test('takes a version that is still Pending, and the alias is so until it is ready', async () => {
    const {write, create, settle, publish, configuration, ...server} = await made()
    await create()
    server.world.updateConfiguration('mine', {snapStart: true})
    settle()
    await publish('mine')
    expect(await write({FunctionVersion: '3'})).toMatchObject({FunctionVersion: '3'})
    expect(await configuration('mine', 'live')).toMatchObject({Version: '3', State: 'Pending'})
    settle()
    expect(await configuration('mine', 'live')).toMatchObject({Version: '3', State: 'Active'})
  })

  test('is throttled with the rest of the control plane: 15 calls a second in all', async () => {
    const {client} = await lambda({quotas: true, clock: () => 0})
    const ofLive = {FunctionName: 'cart-api', Name: 'live'}
    const calls = await Promise.allSettled([
      ...Array.from({length: 8}, () => client.send(new UpdateAliasCommand(ofLive))),
      ...Array.from({length: 8}, () => client.send(new GetAliasCommand(ofLive))),
      ...Array.from({length: 4}, () => client.send(new ListAliasesCommand({FunctionName: 'cart-api'}))),
    ])
    const refused = calls.flatMap(call => (call.status === 'rejected' ? [call.reason.name] : []))
    expect(refused).toEqual(Array.from({length: 5}, () => 'TooManyRequestsException'))
  })

  test('is not made where the call was throttled', async () => {
    const {create, write, read} = await made({
      faults: [{kind: 'throttle', operation: 'UpdateAlias', times: 1, retryAfterSeconds: 2}],
    })
    const {RevisionId} = await create()
    expect(await refusal(write(weights({2: 0.1})))).toMatchObject({name: 'TooManyRequestsException', status: 429})
    expect((await read()).RevisionId).toBe(RevisionId)
  })
})

describe('DeleteAlias', () => {
  test('takes an alias away, and one that is not there is deleted already', async () => {
    const {client, create, read} = await made()
    const remove = () => client.send(new DeleteAliasCommand({FunctionName: 'mine', Name: 'live'}))
    const {RevisionId} = await create()
    expect((await remove()).$metadata.httpStatusCode).toBe(204)
    expect((await remove()).$metadata.httpStatusCode).toBe(204)
    expect((await refusal(read())).message).toBe(`Cannot find alias arn: ${arn('mine:live')}`)
    // made again, it is another revision
    expect((await create()).RevisionId).not.toBe(RevisionId)
  })
})

describe('ListAliases', () => {
  test('case 7: gives 50 in a page, as many as are asked for, and those of a main version', async () => {
    const {client, create, world} = await made()
    for (let i = 10; i < 72; i++)
      world.createAlias('mine', {name: `a${i}`, version: i < 40 ? '1' : '2', weights: {}, description: ''})
    await create({Name: 'canary', FunctionVersion: '1', ...weights({2: 0.5})})
    const list = async (input: {MaxItems?: number; Marker?: string; FunctionVersion?: string}) => {
      const {Aliases, NextMarker} = await client.send(new ListAliasesCommand({FunctionName: 'mine', ...input}))
      return {names: Aliases?.map(({Name}) => Name) ?? [], next: NextMarker}
    }
    const first = await list({})
    expect(first.names).toHaveLength(50)
    const second = await list({Marker: first.next ?? ''})
    expect(second).toMatchObject({names: expect.arrayContaining(['canary']), next: undefined})
    expect(new Set([...first.names, ...second.names]).size).toBe(63)
    expect((await list({MaxItems: 10_000})).names).toHaveLength(63)
    expect((await list({MaxItems: 7})).names).toHaveLength(7)
    expect((await list({FunctionVersion: '2'})).names).not.toContain('canary')
    expect(await refusal(list({MaxItems: 10_001}))).toMatchObject({name: 'ValidationException', status: 400})
    expect(await refusal(list({Marker: 'x'}))).toMatchObject(invalid)
  })
})

test('an invocation by an alias of a client’s function runs on the versions by their weights, and says on which', async () => {
  const {client, create} = await made({liveTick: async () => undefined})
  await create(weights({2: 0.5}))
  const ran: Record<string, number> = {}
  for (let i = 0; i < 60; i++) {
    const {ExecutedVersion = ''} = await client.send(new InvokeCommand({FunctionName: 'mine', Qualifier: 'live'}))
    ran[ExecutedVersion] = (ran[ExecutedVersion] ?? 0) + 1
  }
  expect(Object.keys(ran).sort()).toEqual(['1', '2'])
  expect(ran['2']).toBeGreaterThan(15)
  expect(ran['2']).toBeLessThan(45)
})
