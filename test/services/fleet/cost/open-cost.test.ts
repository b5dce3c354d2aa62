import {describe, expect, test} from 'vitest'
import {ExitCode} from '../../../../src/errors.ts'
import type {CostReport} from '../../../../src/services/fleet/cost/cost-report.ts'
import {deniedTo, type FakeCall, now} from '../fake-account.ts'
import {company, costOf, metricData, metricsAsked, opened, queryResults, type Worker} from './fake-company.ts'

// billed 100 ms a call: 99.5 measured
const worker = (name: string, calls: number, before: number | null = calls): Worker => ({
  name,
  now: {calls, durationMs: calls * 99.5, logBytes: 2e6},
  ...(before !== null && {before: {calls: before, durationMs: before * 99.5, logBytes: 2e6}}),
})
const dayMs = 86_400_000
const perCall = 2e-7 + 0.1 * 0.0000166667
const report = queryResults([{'@log': '123456789012:/aws/lambda/api', reports: '1000', initMs: '4000'}])
const withReports = {GetQueryResults: () => report}

const item = ({items}: CostReport, name: string) => {
  const found = items.find(({fn}) => fn.name === name)
  if (!found) throw new Error(`${name} is not in the report`)
  return found
}

describe('what functions cost', () => {
  test('is requests, compute, logs and init, of every function, to the cent of what one computes by hand', async () => {
    const {report} = await costOf(company([worker('api', 1_000_000)], withReports))

    expect(report.components.requests).toBeCloseTo(0.2, 9)
    expect(report.components.compute).toBeCloseTo(1.66667, 9)
    expect(report.components.logIngestion).toBeCloseTo(0.001, 9)
    // 4 ms a report, of a million calls
    expect(report.components.init).toBeCloseTo(4_000 * 0.0000166667, 9)
    expect(report.costUSD).toBeCloseTo(0.2 + 1.66667 + 0.001 + 0.0666668, 9)
    expect(report.known).toEqual({functions: 1, known: 1})
    expect(report.coverage.gaps).toEqual([])
  })

  test('is compared with the window before, and the parts of the change add up to it', async () => {
    const {report} = await costOf(company([worker('api', 1_380_000, 1_000_000), worker('new', 500_000, 0)]))

    const {before} = item(report, 'api')
    expect(before).toMatchObject({kind: 'same', calls: 1_000_000})
    expect(before?.change.calls).toBeCloseTo(380_000 * perCall, 9)
    expect(before?.change.duration).toBeCloseTo(0, 9)
    expect(item(report, 'new').before).toMatchObject({
      kind: 'new',
      change: {totalUSD: expect.closeTo(500_000 * perCall, 9)},
    })
    const {totalUSD = Number.NaN, ...parts} = report.change ?? {}
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBeCloseTo(totalUSD, 9)
    expect(totalUSD).toBeCloseTo(880_000 * perCall, 9)
  })

  test('without a comparison has no change', async () => {
    const {report} = await costOf(company([worker('api', 10)]), {compare: false})

    expect([report.before, report.change, item(report, 'api').before]).toEqual([null, null, null])
  })

  test('asks CloudWatch for the rest of the metrics only where a function was called', async () => {
    const aws = company([worker('api', 10), {name: 'idle'}])

    await costOf(aws)

    const asked = aws.of('GetMetricData').flatMap(metricsAsked)
    expect(asked.filter(({metric}) => metric === 'Invocations').map(({dimension}) => dimension)).toEqual([
      'api',
      'idle',
    ])
    expect(asked.filter(({dimension}) => dimension.endsWith('idle'))).toHaveLength(1)
  })

  test('says how many calls and dollars it will take at most, before', async () => {
    const {plan} = await opened(company([worker('api', 10), {name: 'idle'}]))

    expect(plan.costUSD).toBeCloseTo(8 * 0.00001, 12)
    expect(plan.steps.map(({api, calls}) => [api, calls])).toEqual([
      ['GetMetricData', 4],
      ['DescribeLogGroups', 1],
      ['ListVersionsByFunction', 2],
      ['ListAliases', 2],
      ['StartQuery', 1],
      ['ListProvisionedConcurrencyConfigs', 2],
    ])
  })

  test('has provisioned concurrency as it is configured now, also of what nobody calls', async () => {
    const {report} = await costOf(
      company([{name: 'idle', config: {MemorySize: 512}}], {
        ListProvisionedConcurrencyConfigs: () => ({
          ProvisionedConcurrencyConfigs: [
            {
              FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:idle:live',
              RequestedProvisionedConcurrentExecutions: 10,
              AllocatedProvisionedConcurrentExecutions: 10,
              Status: 'READY',
            },
          ],
        }),
      }),
    )

    // case 31 for a day, by the price of eu-west-1
    expect(report.components.provisioned).toBeCloseTo(10 * 0.5 * 86_400 * 0.000004646, 9)
    expect(report.change?.totalUSD).toBe(0)
  })

  test('has provisioned concurrency from when it was last changed, and says what nobody knows', async () => {
    const {report} = await costOf(
      company([{name: 'idle', config: {MemorySize: 512}}], {
        ListProvisionedConcurrencyConfigs: () => ({
          ProvisionedConcurrencyConfigs: [
            {AllocatedProvisionedConcurrentExecutions: 10, LastModified: '2026-11-20T02:00:00+0000'},
          ],
        }),
      }),
    )

    // 12 of the 24 hours
    expect(report.components.provisioned).toBeCloseTo(10 * 0.5 * 43_200 * 0.000004646, 9)
    expect([report.change, item(report, 'idle').before]).toEqual([null, null])
    expect(report.notes).toContain(
      'provisioned concurrency of idle is taken to be what is configured now: it was changed on 2026-11-20; what it was before, AWS does not tell, and it is not in the cost',
    )
  })

  test('has provisioned concurrency of all the time that calls ran on it, whenever it was last changed', async () => {
    const used = {calls: 10, durationMs: 1_000, provisionedCalls: 10}
    const configured = {
      ListProvisionedConcurrencyConfigs: () => ({
        ProvisionedConcurrencyConfigs: [
          {AllocatedProvisionedConcurrentExecutions: 10, LastModified: '2026-11-20T13:30:00+0000'},
        ],
      }),
    }
    const of = async (one: Worker) => item((await costOf(company([one], configured))).report, 'api')

    expect(await of({name: 'api', now: used, before: used})).toMatchObject({
      provisioned: {count: 10, from: 'configured', since: null},
      before: {change: {other: 0}},
    })
    const isNew = await of({name: 'api', now: used})
    expect(isNew.provisioned?.since).toBeLessThanOrEqual(Date.parse('2026-11-20T13:07:00Z'))
    expect(isNew.provisioned?.since).toBeGreaterThan(Date.parse('2026-11-20T12:00:00Z'))
  })

  test('of a larger fleet has provisioned concurrency of those with a published version, where they are few', async () => {
    const workers = Array.from({length: 460}, (_, i): Worker => ({name: `fn-${i}`}))
    const listing = (versioned: number): Parameters<typeof company>[1] => ({
      ListFunctions: ({input}) => ({
        Functions: workers.slice(0, input['FunctionVersion'] === 'ALL' ? versioned : 460).map(({name}) => ({
          FunctionName: name,
          FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
          Version: input['FunctionVersion'] === 'ALL' ? '1' : '$LATEST',
          MemorySize: 1024,
        })),
      }),
    })
    const few = company(workers, listing(3))
    const {report} = await costOf(few)

    expect(few.of('ListProvisionedConcurrencyConfigs')).toHaveLength(3)
    expect(report.without).toEqual([])
    expect(item(report, 'fn-9').priced.components.provisioned).toEqual({value: 0})
    const many = company(workers, listing(455))
    const {report: without} = await costOf(many)
    expect(many.of('ListProvisionedConcurrencyConfigs')).toEqual([])
    expect(without.without).toEqual(['provisioned'])
    expect(item(without, 'fn-9').priced.components.provisioned).toMatchObject({unknown: 'not-read'})
    expect(item(without, 'fn-459').priced.components.provisioned).toEqual({value: 0})
  })

  test('of a log group that several functions write to is a line of its own', async () => {
    const config = {LoggingConfig: {LogGroup: '/shared'}}
    const {report} = await costOf(
      company([
        {...worker('a', 10), config},
        {...worker('b', 10), config},
      ]),
    )

    expect(report.shared).toMatchObject([{logGroup: '/shared', functions: ['a', 'b'], costUSD: {value: 0.002}}])
    expect(report.components.logIngestion).toBeCloseTo(0.002, 12)
  })

  test('counts the memory that published versions had, where the function was changed', async () => {
    const changed = {MemorySize: 1024, LastModified: '2026-11-20T00:00:00.000+0000'}
    const {report} = await costOf(
      company([{...worker('api', 1_000_000), config: changed}], {
        ListVersionsByFunction: () => ({
          Versions: [
            {Version: '$LATEST', MemorySize: 1024, LastModified: '2026-11-20T00:00:00.000+0000'},
            {Version: '1', MemorySize: 512, LastModified: '2026-10-01T00:00:00.000+0000'},
            {Version: '2', MemorySize: 1024, LastModified: '2026-11-20T00:00:00.000+0000'},
          ],
        }),
        ListAliases: () => ({Aliases: []}),
      }),
    )

    expect(item(report, 'api')).toMatchObject({memoryFrom: 'versions', before: {memorySizeMB: 512}})
    expect(item(report, 'api').before?.change.memory).toBeCloseTo(1.66667 / 2, 9)
  })

  test('of a log group is in the group that all who write to it are in, and else in one of its own', async () => {
    const config = {LoggingConfig: {LogGroup: '/shared'}}
    const workers = [
      {...worker('a', 10), config},
      {...worker('b', 10), config},
    ]
    const tags = (values: readonly string[]) => ({
      GetResources: () => ({
        ResourceTagMappingList: values.map((Value, i) => ({
          ResourceARN: `arn:aws:lambda:eu-west-1:123456789012:function:${workers[i]?.name ?? ''}`,
          Tags: [{Key: 'aws:cloudformation:stack-name', Value}],
        })),
      }),
    })
    const groupsOf = async (aws: ReturnType<typeof company>, kind: 'region' | 'account' | 'stack') =>
      ((await costOf(aws, {by: {kind}})).report.groups?.groups ?? []).map(({name, isShared, costUSD}) => [
        name,
        isShared,
        Number(costUSD.toFixed(3)),
      ])

    expect(await groupsOf(company(workers), 'region')).toEqual([['eu-west-1', false, 0.002]])
    expect(await groupsOf(company(workers), 'account')).toEqual([['123456789012', false, 0.002]])
    expect(await groupsOf(company(workers, tags(['shop', 'shop'])), 'stack')).toEqual([['shop', false, 0.002]])
    expect(await groupsOf(company(workers, tags(['shop', 'till'])), 'stack')).toEqual([
      [null, true, 0.002],
      ['shop', false, 0],
      ['till', false, 0],
    ])
  })

  test('is added up by a tag', async () => {
    const {report} = await costOf(
      company([worker('api', 1000), worker('cart', 2000), worker('odd', 10)], {
        GetResources: () => ({
          ResourceTagMappingList: ['api', 'cart'].map(name => ({
            ResourceARN: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
            Tags: [{Key: 'team', Value: 'shop'}],
          })),
        }),
      }),
      {by: {kind: 'tag', key: 'team'}},
    )

    expect(report.groups?.groups.map(({name, functions, calls}) => [name, functions, calls])).toEqual([
      ['shop', 2, 3000],
      [null, 1, 10],
    ])
  })
})

describe('what could not be read', () => {
  test('case 27: a metric that CloudWatch fails on makes its function unknown, and only that', async () => {
    const workers = [worker('api', 1000), worker('broken', 1000)]
    const aws = company(workers, {
      GetMetricData: async call => {
        const {MetricDataResults = []} = metricData(call, (metric, dimension) =>
          dimension === 'broken' && metric === 'Duration' ? undefined : metric === 'Duration' ? 99_500 : 1000,
        )
        const broken = metricsAsked(call).find(({metric, dimension}) => metric === 'Duration' && dimension === 'broken')
        return {
          MetricDataResults: MetricDataResults.map(result =>
            result.Id === broken?.id ? {...result, StatusCode: 'InternalError'} : result,
          ),
        }
      },
    })
    const {report, cost} = await costOf(aws)

    expect(item(report, 'broken').priced.costUSD).toMatchObject({unknown: 'failed'})
    expect(item(report, 'api').priced.costUSD).toHaveProperty('value')
    expect(report.known).toEqual({functions: 2, known: 1})
    expect(report.coverage.gaps).toMatchObject([{what: 'durations of broken', reason: 'failed'}])
    expect(cost.verdicts()).toEqual([ExitCode.partial])
  })

  test('case 32: provisioned concurrency that may not be read is unknown with the permission; the rest stands', async () => {
    const {report, cost} = await costOf(
      company([worker('api', 1_000_000)], {
        ListProvisionedConcurrencyConfigs: () => {
          throw deniedTo('lambda:ListProvisionedConcurrencyConfigs')
        },
      }),
    )

    expect(item(report, 'api').priced.components.provisioned).toMatchObject({
      unknown: 'denied',
      detail: expect.stringContaining('lambda:ListProvisionedConcurrencyConfigs'),
    })
    expect(report.costUSD).toBeGreaterThan(1.8)
    expect(report.coverage.gaps).toMatchObject([{what: 'provisioned concurrency of api', reason: 'denied'}])
    expect(cost.verdicts()).toEqual([ExitCode.partial])
  })

  test('ends it with the permission where no metric may be read at all', async () => {
    const aws = company([worker('api', 10)], {
      GetMetricData: () => {
        throw deniedTo('cloudwatch:GetMetricData')
      },
    })

    await expect(costOf(aws)).rejects.toMatchObject({exitCode: ExitCode.refused})
  })

  test('case 25: init of a function whose reports are hidden is unknown, and a gap', async () => {
    const hides = {LoggingConfig: {LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: '/aws/lambda/quiet'}} as const
    const {report, cost} = await costOf(company([{...worker('quiet', 10), config: hides}]))

    expect(item(report, 'quiet').priced.components.init).toMatchObject({unknown: 'hidden'})
    expect(report.coverage.gaps).toMatchObject([
      {what: 'inits of quiet', reason: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its log'},
    ])
    expect(report.known).toEqual({functions: 1, known: 0})
    expect(cost.verdicts()).toEqual([ExitCode.partial])
  })

  test('has no init of what provisioned concurrency served altogether: it is part of its price', async () => {
    const served = (provisionedCalls: number) =>
      costOf(company([{name: 'api', now: {calls: 1_000, durationMs: 99_500, provisionedCalls}}], withReports))

    expect((await served(1_000)).report.components.init).toBe(0)
    expect((await served(999)).report.components.init).toBeGreaterThan(0)
  })

  test('is ranked by its change where that is to be seen, and else by what it costs', async () => {
    const all = [worker('a-small', 1_000, 900), worker('b-dear', 9_000_000), worker('c-grown', 2_000_000, 1_000_000)]
    const {report} = await costOf(company(all), {sort: 'change'})

    expect(report.items.map(({fn}) => fn.name)).toEqual(['c-grown', 'b-dear', 'a-small'])
  })

  test('of a region without functions has no note on its metrics', async () => {
    const {report} = await costOf(company([]), {start: now - 30 * dayMs})

    expect(report.notes.join()).not.toContain('metrics')
  })

  test('is not read where it costs more than goes without saying: init of much that is logged', async () => {
    const chatty: Worker = {name: 'chatty', now: {calls: 10, durationMs: 995, logBytes: 100e9}}
    const aws = company([chatty])

    const {report, cost} = await costOf(aws)

    expect(aws.of('StartQuery')).toEqual([])
    expect(item(report, 'chatty').priced.components.init).toMatchObject({unknown: 'not-read'})
    expect(report.notes).toContain('init is not in the cost: --init reads it from reports')
    expect(cost.verdicts()).toEqual([])
    const asked = company([chatty], withReports)
    await costOf(asked, {init: true, mostUSD: 1})
    expect(asked.of('StartQuery')).toHaveLength(1)
  })

  test('has no inits where the window ended before what its log keeps, and asks for none', async () => {
    const logGroups = (retentionInDays: number) => ({
      DescribeLogGroups: () => ({logGroups: [{logGroupName: '/aws/lambda/api', storedBytes: 1, retentionInDays}]}),
    })
    const old = {start: now - 16 * dayMs, end: now - 15 * dayMs, compare: false}
    const called = {
      GetMetricData: (call: FakeCall) => ({
        MetricDataResults: metricsAsked(call).map(({id, metric}) => ({
          Id: id,
          StatusCode: 'Complete' as const,
          Timestamps: [new Date(now - 15.5 * dayMs)],
          Values: [metric === 'ProvisionedConcurrencyInvocations' ? 0 : 10],
        })),
      }),
    }
    const aws = company([worker('api', 10)], {...called, ...logGroups(14)})

    const {report, cost} = await costOf(aws, old)

    expect(aws.of('StartQuery')).toEqual([])
    expect(report.coverage.gaps).toMatchObject([
      {
        what: 'inits of api',
        reason: 'missing',
        detail: 'the last 24 hours of the window are older than the retention of the log',
      },
    ])
    expect(cost.verdicts()).toEqual([ExitCode.partial])
    const kept = company([worker('api', 10)], {...called, ...logGroups(30), ...withReports})
    expect((await costOf(kept, old)).report.coverage.gaps).toEqual([])
    expect(kept.of('StartQuery')).toHaveLength(1)
  })

  test('is never asked for where a flag leaves it out', async () => {
    const aws = company([worker('api', 10)])

    await costOf(aws, {init: false, provisioned: false})

    expect([aws.of('StartQuery'), aws.of('ListProvisionedConcurrencyConfigs')]).toEqual([[], []])
  })

  test('bytes of a log group that were never counted are unknown, where its function was called', async () => {
    const aws = company([{name: 'api', now: {calls: 10, durationMs: 995}}], {
      GetMetricData: call =>
        metricData(call, (metric, _, moment) => (metric === 'IncomingBytes' || moment === 'before' ? undefined : 10)),
    })

    const {report} = await costOf(aws)

    expect(item(report, 'api').priced.components.logIngestion).toMatchObject({unknown: 'missing'})
  })

  test('log groups that may not be read leave their class and what they store unknown, and say so', async () => {
    const {report} = await costOf(
      company([worker('api', 1_000_000)], {
        DescribeLogGroups: () => {
          throw deniedTo('logs:DescribeLogGroups')
        },
      }),
    )

    expect(report.logStorageUSD).toBeNull()
    expect(item(report, 'api').logStorageUSD).toMatchObject({unknown: 'denied'})
    expect(report.components.logIngestion).toBeCloseTo(0.001, 9)
    expect(report.notes.join('\n')).toContain('logs are priced as of the standard class: needs logs:DescribeLogGroups')
  })

  test('nor is what they store zero where functions share one', async () => {
    const config = {LoggingConfig: {LogGroup: '/shared'}}
    const {report} = await costOf(
      company([worker('api', 10), {...worker('a', 10), config}, {...worker('b', 10), config}], {
        DescribeLogGroups: () => {
          throw deniedTo('logs:DescribeLogGroups')
        },
      }),
    )

    expect(report.shared).toHaveLength(1)
    expect(report.logStorageUSD).toBeNull()
  })

  test('where AWS does not charge USD, costs are unknown', async () => {
    const {report, cost} = await costOf(company([worker('api', 10)], {}, 'cn-north-1'))

    expect(item(report, 'api').priced.costUSD).toMatchObject({
      unknown: 'missing',
      detail: 'cn-north-1 is not priced in USD',
    })
    expect(report.prices).toEqual([{region: 'cn-north-1', asOf: null, isListed: false, asInUSEast1: []}])
    expect(report.coverage.gaps).toMatchObject([{what: 'prices of api', reason: 'missing'}])
    expect(cost.verdicts()).toContain(ExitCode.partial)
  })

  test('when it is stopped is told as interrupted, and what was read stands', async () => {
    const stop = new AbortController()
    const aws = company([worker('api', 10)], {
      GetMetricData: call => {
        const answer = metricData(call, () => 1)
        stop.abort()
        return answer
      },
    })

    const {report} = await costOf(aws, {signal: stop.signal})

    expect(item(report, 'api').priced.costUSD).toMatchObject({unknown: 'interrupted'})
    expect(report.coverage.gaps).toMatchObject([{reason: 'interrupted'}])
  })

  test('tags that may not be read are a gap, and everything is in one group', async () => {
    const {report, cost} = await costOf(
      company([worker('api', 10)], {
        GetResources: () => {
          throw deniedTo('tag:GetResources')
        },
      }),
      {by: {kind: 'stack'}},
    )

    expect(report.groups?.groups).toMatchObject([{name: null, functions: 1}])
    expect(report.coverage.gaps).toMatchObject([{what: 'tags of functions', reason: 'denied'}])
    expect(cost.verdicts()).toContain(ExitCode.partial)
  })
})
