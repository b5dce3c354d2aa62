import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {makeFunction, makeVersion} from '../../hand-made-world.ts'
import {refusal, serve} from '../../running.ts'

const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`

const checkout = makeFunction({
  name: 'checkout',
  reservedConcurrency: 20,
  provisionedConcurrency: {alias: 'live', count: 4},
  versions: [makeVersion({codeSize: 100}), makeVersion({version: '1', codeSize: 30})],
  aliases: [
    {name: 'live', description: '', version: '1', weights: {}, revisionId: 'r1'},
    {name: 'next', description: '', version: '1', weights: {}, revisionId: 'r2'},
  ],
})
const stopped = makeFunction({name: 'stopped', reservedConcurrency: 0, versions: [makeVersion({codeSize: 5})]})
const free = makeFunction({name: 'free', versions: [makeVersion({codeSize: 7})]})
const functions = [checkout, stopped, free]

test('the account says what is left when the reserved concurrency is taken, and how much code there is', async () => {
  const {connect} = await serve({functions})
  expect(await connect(LambdaClient).send(new GetAccountSettingsCommand({}))).toMatchObject({
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: 980,
    },
    AccountUsage: {TotalCodeSize: 142, FunctionCount: 3},
  })
})

test('reserved concurrency is there when it is zero, and not when there is none', async () => {
  const {connect} = await serve({functions})
  const reserved = async (FunctionName: string) => {
    const {$metadata, ...answer} = await connect(LambdaClient).send(new GetFunctionConcurrencyCommand({FunctionName}))
    return answer
  }
  expect(await reserved('checkout')).toEqual({ReservedConcurrentExecutions: 20})
  expect(await reserved('stopped')).toEqual({ReservedConcurrentExecutions: 0})
  expect(await reserved('free')).toEqual({})
  expect(await refusal(reserved('none'))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arn('none')}`,
    status: 404,
  })
})

describe('provisioned concurrency', () => {
  const config = {
    RequestedProvisionedConcurrentExecutions: 4,
    AvailableProvisionedConcurrentExecutions: 4,
    AllocatedProvisionedConcurrentExecutions: 4,
    Status: 'READY',
    LastModified: '2026-08-09T12:03:00.000+0000',
  }

  test('is read of an alias, and listed with its ARN', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    expect(
      await client.send(new GetProvisionedConcurrencyConfigCommand({FunctionName: 'checkout', Qualifier: 'live'})),
    ).toMatchObject(config)
    const listed = await client.send(new ListProvisionedConcurrencyConfigsCommand({FunctionName: 'checkout'}))
    expect(listed.ProvisionedConcurrencyConfigs).toEqual([{FunctionArn: arn('checkout:live'), ...config}])
    expect(
      (await client.send(new ListProvisionedConcurrencyConfigsCommand({FunctionName: 'free'})))
        .ProvisionedConcurrencyConfigs,
    ).toEqual([])
  })

  const notFound = {name: 'ResourceNotFoundException', status: 404}
  const cases: readonly (readonly [string, string, string, object])[] = [
    [
      'an alias without',
      'checkout',
      'next',
      {
        name: 'ProvisionedConcurrencyConfigNotFoundException',
        status: 404,
        message: 'No Provisioned Concurrency Config found for this function',
      },
    ],
    [
      'a missing alias',
      'checkout',
      'noalias',
      {...notFound, message: `Cannot find alias arn: ${arn('checkout:noalias')}`},
    ],
    [
      'an alias of a missing function',
      'none',
      'live',
      {...notFound, message: `Cannot find alias arn: ${arn('none:live')}`},
    ],
    ['a missing version', 'checkout', '10', {...notFound, message: `Function not found: ${arn('checkout:10')}`}],
    [
      '$LATEST',
      'checkout',
      '$LATEST',
      {
        name: 'InvalidParameterValueException',
        status: 400,
        message: 'The function resource provided must be an alias or a published version.',
      },
    ],
  ]

  test.each(cases)('of %s is refused in the recorded words', async (_what, FunctionName, Qualifier, expected) => {
    const {connect} = await serve({functions})
    expect(
      await refusal(connect(LambdaClient).send(new GetProvisionedConcurrencyConfigCommand({FunctionName, Qualifier}))),
    ).toMatchObject(expected)
  })

  test('of a missing function is not listed', async () => {
    const {connect} = await serve({functions})
    expect(
      await refusal(connect(LambdaClient).send(new ListProvisionedConcurrencyConfigsCommand({FunctionName: 'none'}))),
    ).toMatchObject({...notFound, message: `Function not found: ${arn('none')}`})
  })
})
