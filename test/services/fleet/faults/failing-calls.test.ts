import {beforeAll, describe, expect, test} from 'vitest'
import {ExitCode, UserError} from '../../../../src/errors.ts'
import type {Fault} from '../../../../src/sandbox/api/faults.ts'
import {type CommandName, commandNames, commands, type Told} from './commands.ts'
import {falseZeros} from './false-zeros.ts'
import {company} from './faulty-company.ts'

const targets = ['checkout-api', 'orders-r*', 'img-thumb-v1', 'legacy-export', 'price-import', 'gift-cards-preview']

/** what takes a call that the others do not; two years of it are looked through, which is slow */
const yearly = {permission: 'events:DescribeRule', target: 'yearly-invoice'}

/** What each command asks, with the permission that it takes: a test below says that there is nothing else. */
const asked: Readonly<Record<CommandName, readonly string[]>> = {
  functions: [
    'lambda:ListFunctions',
    'lambda:GetFunctionConfiguration',
    'logs:DescribeLogGroups',
    'cloudwatch:GetMetricData',
    'tag:GetResources',
    'lambda:ListEventSourceMappings',
    'lambda:GetAccountSettings',
    'lambda:GetFunction',
    'sts:GetCallerIdentity',
    'lambda:GetFunctionEventInvokeConfig',
    'logs:StartQuery',
    'logs:GetQueryResults',
    'sqs:GetQueueAttributes',
  ],
  unused: [
    'lambda:ListFunctions',
    'lambda:GetFunctionConfiguration',
    'cloudwatch:ListMetrics',
    'cloudwatch:GetMetricData',
    'lambda:ListEventSourceMappings',
    'scheduler:ListSchedules',
    'scheduler:GetSchedule',
    'lambda:GetAccountSettings',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'lambda:ListVersionsByFunction',
    'lambda:ListAliases',
    'lambda:GetFunction',
    'lambda:ListFunctionUrlConfigs',
    'lambda:ListProvisionedConcurrencyConfigs',
    'lambda:GetPolicy',
    'events:ListEventBuses',
    'events:ListRuleNamesByTarget',
    'events:DescribeRule',
    'sts:GetCallerIdentity',
    'sqs:GetQueueAttributes',
  ],
  cost: [
    'lambda:ListFunctions',
    'lambda:GetFunctionConfiguration',
    'cloudwatch:GetMetricData',
    'logs:DescribeLogGroups',
    'lambda:ListProvisionedConcurrencyConfigs',
    'lambda:ListVersionsByFunction',
    'lambda:ListAliases',
    'tag:GetResources',
    'logs:StartQuery',
    'logs:GetQueryResults',
  ],
  coldstarts: [
    'lambda:ListFunctions',
    'lambda:GetFunctionConfiguration',
    'logs:DescribeLogGroups',
    'cloudwatch:GetMetricData',
    'logs:FilterLogEvents',
    'lambda:ListProvisionedConcurrencyConfigs',
    'lambda:ListVersionsByFunction',
    'lambda:ListAliases',
  ],
}

/** Without these nothing can be had: no function, no usage. */
const needed: Readonly<Record<CommandName, readonly string[]>> = {
  functions: ['ListFunctions'],
  unused: ['ListFunctions'],
  cost: ['ListFunctions', 'GetMetricData'],
  coldstarts: ['ListFunctions'],
}

/** What only plans, or is told by something else that was read. */
const dispensable: Readonly<Record<CommandName, readonly string[]>> = {
  functions: ['GetFunctionConfiguration', 'DescribeLogGroups', 'GetCallerIdentity'],
  unused: ['GetFunctionConfiguration', 'GetCallerIdentity'],
  cost: ['GetFunctionConfiguration'],
  coldstarts: ['GetFunctionConfiguration', 'DescribeLogGroups'],
}

/** Fields that are of the reading itself, and are 0 where nothing was read. */
const ofTheReading: Readonly<Record<CommandName, RegExp>> = {
  functions: /^(coverage|known|costUSD)$/,
  unused: /^(coverage|wasteCoverage|known|costUSD|counts\.\w+)$/,
  cost: /^(coverage|known|spentUSD)$/,
  // causes that nothing tells are counted as unknown
  coldstarts: /^(coverage|known)$|causes\.\w+$/,
}

type Failing = {readonly kind: 'access-denied' | 'expired' | 'throttle' | 'server-error' | 'html'}

/** A reason by the fault, as gaps and unknowns have it. */
const reasons: Readonly<Record<Failing['kind'], string>> = {
  'access-denied': 'denied',
  expired: 'denied',
  throttle: 'throttled',
  'server-error': 'failed',
  html: 'failed',
}

type Document = {
  readonly complete: boolean
  readonly gaps: readonly {readonly what: string; readonly reason: string; readonly detail?: string}[]
}

async function run(
  name: CommandName,
  faults: readonly Fault[],
  more: readonly string[] = [],
): Promise<Told & {readonly apis: ReadonlySet<string>}> {
  const {aws, apis, close} = await company(faults)
  try {
    return {apis, ...(await commands[name](aws, [...targets, ...more], new AbortController().signal))}
  } finally {
    await close()
  }
}

const operationOf = (permission: string): string => permission.split(':')[1] ?? ''

describe.each(commandNames)('slsops %s', name => {
  let whole: Told & {readonly apis: ReadonlySet<string>}
  beforeAll(async () => {
    whole = await run(name, [], [yearly.target])
  }, 30_000)

  const operations = asked[name].map(operationOf)
  const optional = operations.filter(one => !needed[name].includes(one) && !dispensable[name].includes(one))

  test('reads all of it where nothing fails, with the calls of the table', () => {
    expect(whole).toMatchObject({document: {complete: true, gaps: []}, verdicts: []})
    expect([...whole.apis].filter(api => !operations.includes(api))).toEqual([])
  })

  function expectPartial({document, verdicts}: Told, reason: string): Document {
    const told = document as Document
    expect(verdicts).toContain(ExitCode.partial)
    expect(told.complete).toBe(false)
    expect(new Set(told.gaps.map(gap => gap.reason))).toContain(reason)
    expect(falseZeros(document, whole.document, ofTheReading[name])).toEqual([])
    return told
  }

  test.each(asked[name].filter(permission => optional.includes(operationOf(permission))))(
    'without %s tells the rest, what is missing and which permission that takes',
    async permission => {
      const more = permission === yearly.permission ? [yearly.target] : []
      const told = await run(name, [{kind: 'access-denied', operation: operationOf(permission)}], more)
      const {gaps} = expectPartial(told, 'denied')
      expect(gaps.map(({detail}) => detail)).toContain(`needs ${permission}`)
    },
    20_000,
  )

  test.each(dispensable[name])(
    'does without %s',
    async operation => {
      const {document} = await run(name, [{kind: 'access-denied', operation}])
      expect(document).toMatchObject({complete: true})
      expect(falseZeros(document, whole.document, ofTheReading[name])).toEqual([])
    },
    20_000,
  )

  test.each(needed[name])('has nothing to tell without %s, and ends with 4 and the permission', async operation => {
    const error = await run(name, [{kind: 'access-denied', operation}]).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({exitCode: ExitCode.refused, hint: expect.stringContaining(`:${operation}`)})
  })

  test.each<Failing['kind']>(['expired', 'throttle', 'server-error', 'html'])(
    'tells what it has where all other calls end in %s once the functions are listed',
    async kind => {
      const faults = optional.map((operation): Fault => ({kind, operation}))
      const outcome = await run(name, faults).catch((error: unknown) => error)
      if (!(outcome instanceof Error)) return void expectPartial(outcome as Told, reasons[kind])
      // of a command that lives by metrics alone, nothing is left
      expect(outcome).toBeInstanceOf(UserError)
    },
    30_000,
  )

  test('tells what it has where credentials come to their end in the middle', async () => {
    const after = 12
    const outcome = await run(name, [{kind: 'expired', after}]).catch((error: unknown) => error)
    if (!(outcome instanceof Error)) return void expectPartial(outcome as Told, 'denied')
    expect(outcome).toMatchObject({name: 'UserError', exitCode: ExitCode.refused})
  }, 20_000)
})
