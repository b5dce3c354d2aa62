import type {GetMetricDataCommandInput} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import {shareKnown} from '../../../../src/known.ts'
import {type OpenFunctionsOptions, openFunctions} from '../../../../src/services/fleet/inventory/open-functions.ts'
import {builtInRuntimes} from '../../../../src/services/fleet/inventory/runtime-table.ts'
import {deniedTo, type FakeAccountOptions, fakeAccount, now, ongoing} from '../fake-account.ts'

const day = 86_400_000

const listed = (name: string, more: Record<string, unknown> = {}) => ({
  FunctionName: name,
  FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
  Runtime: 'nodejs24.x',
  PackageType: 'Zip',
  MemorySize: 512,
  Timeout: 10,
  CodeSize: 1_000,
  RevisionId: `revision of ${name}`,
  LastModified: '2026-11-11T09:00:00.000+0000',
  LoggingConfig: {LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`},
  Architectures: ['arm64'],
  ...more,
})

const fleet = [
  listed('checkout-api'),
  listed('legacy', {Runtime: 'python3.8'}),
  listed('invoice-pdf', {Runtime: undefined, PackageType: 'Image'}),
]

/** An account in which each function was invoked five times, and failed once. */
const account: FakeAccountOptions['answers'] = {
  GetCallerIdentity: () => ({Account: '123456789012'}),
  ListFunctions: () => ({Functions: fleet}),
  GetMetricData: ({input}) => ({
    MetricDataResults: ((input as unknown as GetMetricDataCommandInput).MetricDataQueries ?? []).map(
      ({Id, MetricStat}) => {
        const value = {Invocations: 5, Errors: 1, ConcurrentExecutions: 3}[MetricStat?.Metric?.MetricName ?? '']
        return {
          Id,
          StatusCode: 'Complete',
          Values: value === undefined ? [] : [value],
          Timestamps: value === undefined ? [] : [new Date(now - 2 * 3_600_000)],
        }
      },
    ),
  }),
  GetResources: () => ({
    ResourceTagMappingList: [
      {
        ResourceARN: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
        Tags: [
          {Key: 'team', Value: 'shop'},
          {Key: 'aws:cloudformation:stack-name', Value: 'larder-shop'},
        ],
      },
    ],
  }),
  ListEventSourceMappings: () => ({EventSourceMappings: []}),
  GetAccountSettings: () => ({
    AccountLimit: {ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000},
    AccountUsage: {FunctionCount: 3},
  }),
  GetFunction: () => ({Configuration: {State: 'Active'}, Concurrency: {ReservedConcurrentExecutions: 4}}),
  DescribeLogGroups: () => ({logGroups: []}),
}

const asked: Omit<OpenFunctionsOptions, 'onNotice'> = {
  start: now - 7 * day,
  end: now,
  now,
  runtimes: builtInRuntimes(),
  listing: {cache: null},
  runtime: null,
  deprecated: false,
  nearLimit: false,
  failing: false,
  sorting: {field: 'function', order: 'asc'},
  by: null,
  memory: false,
}

async function read(
  answers: FakeAccountOptions['answers'] = account,
  more: Partial<OpenFunctionsOptions> = {},
  words = {},
  signal = ongoing(),
) {
  const aws = fakeAccount({answers})
  const options = {...asked, onNotice: () => {}, ...more}
  const opened = await aws.fakeClock.outcome(openFunctions([aws], words, options, signal))
  const report = await aws.fakeClock.outcome(opened.read(null))
  return {aws, opened, report, names: report.functions.map(({fn}) => fn.name)}
}

describe('the inventory of an account', () => {
  test('has each function with what its metrics, tags and limits tell', async () => {
    const {opened, report} = await read()
    expect(report.functions[0]).toMatchObject({
      fn: {name: 'checkout-api'},
      measures: {
        invocations: {value: 5},
        errors: {value: 1},
        reservedConcurrency: {value: 4},
        stack: {value: 'larder-shop'},
        deadLettersWaiting: {value: null},
      },
      headroom: {errorRate: 0.2, concurrencyShare: 0.75},
    })
    expect(report).toMatchObject({
      known: {functions: 3, known: 3},
      coverage: {gaps: []},
      totals: {functions: 3, invocations: {sum: 15}},
    })
    expect(report.concurrency[0]?.nextBurst).toMatchObject({peak: 3, limit: 1_000, left: 994})
    expect([opened.verdicts(), opened.receipt(now + 5, ongoing())?.complete]).toEqual([[], true])
  })

  test('is read of what the configuration does not rule out', async () => {
    const {aws, names} = await read(account, {deprecated: true})
    expect(names).toEqual(['legacy'])
    expect(aws.of('GetFunction').length).toBe(1)
    expect((await read(account, {runtime: 'container'})).names).toEqual(['invoice-pdf'])
    expect((await read(account, {runtime: '{nodejs,python}*'})).names).toEqual(['checkout-api', 'legacy'])
    expect((await read(account, {failing: true, nearLimit: true})).names.length).toBe(3)
  })

  test('says what it will take before anything is charged', async () => {
    const aws = fakeAccount({answers: account})
    const {plan, costToAllow} = await aws.fakeClock.outcome(
      openFunctions([aws], {}, {...asked, onNotice: () => {}}, ongoing()),
    )
    expect(aws.of('GetMetricData')).toEqual([])
    expect(plan.steps.map(({api}) => api)).toContain('GetMetricData')
    expect(costToAllow).toBeCloseTo(32 * 0.00001, 10)
  })

  test('the first part of the window is in it, and the window is said to be the one that was measured', async () => {
    const later = 7 * 60_000 + 11_000
    const {aws, report, opened} = await read(account, {
      start: now - 7 * day + later,
      end: now + later,
      now: now + later,
    })
    expect(aws.of('GetMetricData')[0]).toMatchObject({input: {StartTime: new Date(now - 7 * day)}})
    expect([opened.window, report.coverage.window]).toEqual([
      {start: now - 7 * day, end: now + later},
      {start: now - 7 * day, end: now + later},
    ])
  })

  test('where nothing is what was asked for, it is said of how many', async () => {
    const notesOf = async (words = {}) => (await read(account, {nearLimit: true}, words)).report.notes

    expect(await notesOf()).toContain('none of 3 functions is what was asked for')
    expect(await notesOf({targets: ['legac*']})).toContain(
      'the one function that was looked at is not what was asked for',
    )
  })

  test('of a short window it is said that its newest minutes are not all counted, of a long one that metrics are not kept for ever', async () => {
    const newest = /newest 3 minutes/
    expect((await read(account, {start: now - 5 * 60_000})).report.notes.join()).toMatch(newest)
    expect((await read()).report.notes.join()).not.toMatch(newest)
    const {report} = await read(account, {start: now - 500 * day})
    expect(report.notes.join()).toContain('455 days')
    expect(now - report.coverage.window.start).toBeLessThan(455 * day)
  })

  test('a function of which several versions are named is there once', async () => {
    const versions = {
      ...account,
      GetFunction: () => ({Configuration: listed('checkout-api'), Concurrency: {}}),
      GetFunctionConfiguration: () => listed('checkout-api'),
    }
    const {names} = await read(versions, {}, {targets: ['checkout-api:1', 'checkout-api:2']})
    expect(names).toEqual(['checkout-api'])
  })
})

describe('what AWS refuses', () => {
  test('case 32: is unknown with its permission, a gap, and exit 3; the rest is there', async () => {
    const {opened, report} = await read({
      ...account,
      GetFunction: ({input}) => {
        if (input['FunctionName'] !== 'legacy') return {Configuration: {State: 'Active'}}
        throw deniedTo('lambda:GetFunction')
      },
    })
    expect(report.functions.find(({fn}) => fn.name === 'legacy')?.measures.reservedConcurrency).toMatchObject({
      unknown: 'denied',
      detail: expect.stringContaining('lambda:GetFunction'),
    })
    expect(report.known).toEqual({functions: 3, known: 2})
    expect(report.coverage.gaps).toMatchObject([{what: 'reserved concurrency of legacy', reason: 'denied'}])
    expect(opened.verdicts()).toEqual([3])
  })

  test('of all metrics leaves the configuration, and no number is 0', async () => {
    const {opened, report} = await read({
      ...account,
      GetMetricData: () => {
        throw deniedTo('cloudwatch:GetMetricData')
      },
    })
    for (const {measures} of report.functions) expect(measures.invocations).toMatchObject({unknown: 'denied'})
    expect(report.totals.invocations).toEqual({sum: 0, unknown: 3})
    expect(opened.verdicts()).toEqual([3])
  })

  test('of the listing itself is exit 4 with the permission', async () => {
    await expect(
      read({
        ...account,
        ListFunctions: () => {
          throw deniedTo('lambda:ListFunctions')
        },
      }),
    ).rejects.toMatchObject({exitCode: 4, hint: expect.stringContaining('lambda:ListFunctions')})
  })
})

test('memory of a function that ran without a report that could be found is unknown, not nothing', async () => {
  const {report} = await read(
    {
      ...account,
      DescribeLogGroups: ({input}) => ({
        logGroups: ((input['logGroupIdentifiers'] as string[] | undefined) ?? []).map(logGroupName => ({
          logGroupName,
          storedBytes: 1_000,
          creationTime: now - 9 * day,
          logGroupClass: 'STANDARD',
        })),
      }),
      StartQuery: () => ({queryId: 'q'}),
      GetQueryResults: () => ({status: 'Complete', results: [], statistics: {}}),
    },
    {memory: null},
  )
  expect(report.functions[0]?.measures.memoryUsedMB).toEqual({
    unknown: 'missing',
    detail: 'it ran, and wrote no report that could be found',
  })
})

test('what was stopped is there as far as it got, and interrupted beyond', async () => {
  const stop = new AbortController()
  const {report} = await read(
    {
      ...account,
      GetMetricData: () => {
        stop.abort()
        return {MetricDataResults: []}
      },
    },
    {},
    {},
    stop.signal,
  )
  expect(report.functions.length).toBe(3)
  expect(report.coverage.gaps.some(({reason}) => reason === 'interrupted')).toBe(true)
  expect(shareKnown(report.known)).toBe(0)
})
