import {describe, expect, it, test} from 'vitest'
import {ExitCode} from '../../../../src/errors.ts'
import {shareKnown} from '../../../../src/known.ts'
import {openUnused} from '../../../../src/services/fleet/unused/open-unused.ts'
import type {UnusedReport} from '../../../../src/services/fleet/unused/unused-report.ts'
import type {Verdict} from '../../../../src/services/fleet/unused/verdict.ts'
import {awsError, expiredCredentials} from '../../logs/reader/fake-log-groups.ts'
import {deniedTo, type FakeAccount, functionIn, now, ongoing} from '../fake-account.ts'
import {dayMs, fakeFleet, type Given, metricsIn} from './fake-fleet.ts'

type Options = {
  readonly targets?: readonly string[]
  readonly only?: readonly Verdict[]
  readonly signal?: AbortSignal
  readonly days?: number
}

async function judged(aws: FakeAccount, {targets = [], only, signal = ongoing(), days = 30}: Options = {}) {
  const window = {start: now - days * dayMs, end: now, now, newMs: 7 * dayMs}
  const options = {window, listing: {cache: null}, only: only ?? null}
  const opened = await aws.fakeClock.outcome(openUnused([aws], {targets}, options, signal))
  const report = await aws.fakeClock.outcome(opened.read())
  return {opened, report}
}

const verdictsOf = ({functions}: UnusedReport) =>
  Object.fromEntries(functions.map(({fn, verdict, reasons}) => [fn.name, `${verdict}: ${reasons.join(' ')}`]))

const company: readonly Given[] = [
  {name: 'checkout-api', invocations: 40},
  {name: 'orders-retry', queue: {name: 'orders-retry', state: 'Enabled', visible: 1204}},
  {name: 'legacy-export', state: 'Inactive'},
  {name: 'img-thumb-v1'},
  {name: 'yearly-invoice', schedule: 'cron(0 3 1 1 ? *)', policy: {'': 'events.amazonaws.com'}},
  {name: 'loyalty-points', lastModifiedAt: now - dayMs},
  {name: 'partner-stock', reserved: 0, throttles: 31},
]

describe('a fleet', () => {
  it('is judged, what matters most on call first', async () => {
    const {report, opened} = await judged(fakeFleet(company))
    expect(verdictsOf(report)).toEqual({
      'orders-retry': 'broken: queue-grows event-source-enabled no-invocation',
      'partner-stock': 'broken: throttles throttled-off no-invocation',
      'legacy-export': 'inactive: state-inactive no-invocation',
      'img-thumb-v1': 'unused: no-invocation no-trigger',
      'yearly-invoice': 'dormant: schedule-rarer-than-window no-invocation',
      'loyalty-points': 'new: too-young no-invocation',
      'checkout-api': 'active: invoked',
    })
    expect(report.functions.map(({verdict}) => verdict)).toEqual([
      'broken',
      'broken',
      'inactive',
      'unused',
      'dormant',
      'new',
      'active',
    ])
    expect(report).toMatchObject({wasteShare: 1, coverage: {gaps: []}})
    expect(opened.verdicts([])).toEqual([])
    expect(opened.verdicts(['broken'])).toEqual([ExitCode.negative])
    expect(opened.verdicts(['unknown'])).toEqual([])
  })

  it('is asked of function by function only where nothing was called', async () => {
    const aws = fakeFleet(company)
    await judged(aws)
    const asked = aws.of('GetPolicy').map(({input}) => input['FunctionName'])
    expect(asked).not.toContain('checkout-api')
    expect(new Set(asked).size).toBe(company.length - 1)
    expect(aws.of('ListEventSourceMappings')).toHaveLength(1)
  })

  it('is shown by verdict, and counted whole', async () => {
    const {report} = await judged(fakeFleet(company), {only: ['inactive', 'new']})
    expect(report.functions.map(({fn}) => fn.name)).toEqual(['legacy-export', 'loyalty-points'])
    expect(report.counts).toMatchObject({broken: 2, active: 1})
  })

  it('is nothing where there is no function', async () => {
    const {report, opened} = await judged(fakeFleet([]))
    expect(report).toMatchObject({functions: [], known: {functions: 0, known: 0}, waste: []})
    expect(opened.plan.calls).toBe(0)
  })

  it('has a function once, whatever versions of it were asked for', async () => {
    const aws = fakeFleet([{name: 'a', aliases: ['live']}], {
      GetAlias: () => ({Name: 'live', FunctionVersion: '1'}),
      GetFunctionConfiguration: () => ({FunctionName: 'a', FunctionArn: functionIn(aws, 'a').arn, Version: '1'}),
    })
    const {report} = await judged(aws, {targets: ['a:1', 'a:$LATEST']})
    expect(report.functions).toHaveLength(1)
  })
})

test('case 26: 501 functions of names alike are each judged by their own metrics', async () => {
  const alike = ['my-fn', 'myfn', '1fn', 'a'.repeat(64), `${'a'.repeat(63)}b`]
  const names = [...alike, ...Array.from({length: 496}, (_, i) => `fn-${i}`)]
  const aws = fakeFleet(names.map((name, i) => ({name, ...(i % 2 === 0 && {invocations: i + 1})})))
  const {report} = await judged(aws)
  for (const {fn, verdict, evidence} of report.functions) {
    const i = names.indexOf(fn.name)
    expect([fn.name, verdict]).toEqual([fn.name, i % 2 === 0 ? 'active' : 'unused'])
    expect(evidence.usage).toMatchObject({value: {invocations: i % 2 === 0 ? i + 1 : 0}})
  }
  expect(report.functions).toHaveLength(501)
})

test('case 27: a function whose metric ends in an InternalError is unknown, and alone', async () => {
  const aws = fakeFleet([{name: 'a'}, {name: 'b'}, {name: 'c', invocations: 3}], {
    GetMetricData: call => ({
      MetricDataResults: metricsIn(call).map(({id, name, metric}) => ({
        Id: id,
        Timestamps: name === 'c' && metric === 'Invocations' ? [new Date(now - dayMs)] : [],
        Values: name === 'c' && metric === 'Invocations' ? [3] : [],
        StatusCode: name === 'a' && metric === 'Invocations' ? 'InternalError' : 'Complete',
      })),
    }),
  })
  const {report, opened} = await judged(aws)
  expect(verdictsOf(report)).toEqual({
    a: 'unknown: metrics-failed',
    b: 'unused: no-invocation no-trigger',
    c: 'active: invoked',
  })
  expect(shareKnown(report.known)).toBeCloseTo(2 / 3)
  expect(report.coverage.gaps).toMatchObject([{what: 'invocations of a', reason: 'failed'}])
  expect(opened.verdicts([])).toEqual([ExitCode.partial])
})

test('case 28: traffic by an alias only is seen, for a function’s metric is of all its aliases', async () => {
  const aws = fakeFleet([{name: 'a', invocations: 9}], {
    ListMetrics: () => ({
      Metrics: [
        {Dimensions: [{Name: 'FunctionName', Value: 'a'}]},
        {
          Dimensions: [
            {Name: 'FunctionName', Value: 'a'},
            {Name: 'Resource', Value: 'a:live'},
          ],
        },
      ],
    }),
  })
  expect(verdictsOf((await judged(aws)).report)).toEqual({a: 'active: invoked alias-only'})
})

describe('case 32: what is denied', () => {
  it('of one function’s policy makes that one unknown, and the answer partial', async () => {
    const aws = fakeFleet([{name: 'a'}, {name: 'b'}, {name: 'c'}, {name: 'd', invocations: 1}], {
      GetPolicy: ({input}) => {
        if (input['FunctionName'] === 'b') throw deniedTo('lambda:GetPolicy')
        throw awsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404)
      },
    })
    const {report, opened} = await judged(aws)
    expect(verdictsOf(report)).toEqual({
      a: 'unused: no-invocation no-trigger',
      b: 'unknown: policy-denied no-invocation',
      c: 'unused: no-invocation no-trigger',
      d: 'active: invoked',
    })
    expect(shareKnown(report.known)).toBe(0.75)
    expect(report.coverage.gaps).toEqual([
      {
        what: 'policy of b',
        account: '123456789012',
        region: 'eu-west-1',
        reason: 'denied',
        detail: 'needs lambda:GetPolicy',
        function: 'b',
      },
    ])
    expect(opened.verdicts(['broken'])).toEqual([ExitCode.partial])
  })

  it('of a sweep is one gap, and nobody is unused', async () => {
    const aws = fakeFleet([{name: 'a'}, {name: 'b'}, {name: 'c', invocations: 1}], {
      ListSchedules: () => {
        throw deniedTo('scheduler:ListSchedules')
      },
    })
    const {report} = await judged(aws)
    expect(report.counts).toMatchObject({unknown: 2, unused: 0, active: 1})
    expect(report.coverage.gaps).toMatchObject([{what: 'schedules of 2 functions', reason: 'denied'}])
  })

  it('of CloudWatch altogether leaves everything unknown', async () => {
    const denied = (action: string) => () => {
      throw deniedTo(action)
    }
    const aws = fakeFleet([{name: 'a'}, {name: 'b', invocations: 4}], {
      ListMetrics: denied('cloudwatch:ListMetrics'),
      GetMetricData: denied('cloudwatch:GetMetricData'),
    })
    const {report, opened} = await judged(aws)
    expect(verdictsOf(report)).toEqual({a: 'unknown: metrics-denied', b: 'unknown: metrics-denied'})
    expect(opened.verdicts([])).toEqual([ExitCode.partial, ExitCode.refused])
    expect(report.coverage.gaps.map(({detail}) => detail).sort()).toEqual([
      'needs cloudwatch:GetMetricData',
      'needs cloudwatch:ListMetrics',
    ])
  })

  it('in the middle of a scan, as credentials expire, is unknown from then on', async () => {
    const names = Array.from({length: 40}, (_, i) => ({name: `fn-${i}`}))
    const aws = fakeFleet(names, {
      GetFunction: ({nth}) => {
        if (nth > 25) throw expiredCredentials()
        return {Configuration: {State: 'Active'}}
      },
    })
    const {report, opened} = await judged(aws)
    expect(report.counts).toMatchObject({unused: 25, unknown: 15})
    expect(shareKnown(report.known)).toBe(25 / 40)
    expect(opened.verdicts([])).toEqual([ExitCode.partial])
  })
})

describe('when it is stopped', () => {
  it('says what it knows by then, with its coverage', async () => {
    const stop = new AbortController()
    const names = Array.from({length: 100}, (_, i) => ({name: `fn-${i}`, ...(i < 10 && {invocations: 2})}))
    const aws = fakeFleet(names, {
      GetFunction: ({nth}) => {
        if (nth === 50) stop.abort()
        return {Configuration: {State: 'Active'}}
      },
    })
    const {report, opened} = await judged(aws, {signal: stop.signal})
    expect(report.counts.active).toBe(10)
    expect(report.counts.unknown).toBeGreaterThan(30)
    expect(report.counts.unknown + report.counts.unused).toBe(90)
    expect(shareKnown(report.known)).toBeLessThan(0.7)
    expect(new Set(report.coverage.gaps.map(({reason}) => reason))).toEqual(new Set(['interrupted']))
    expect(opened.receipt(now, stop.signal)).toMatchObject({complete: false})
  })

  it('before anything is measured, knows nothing and says so', async () => {
    const stop = new AbortController()
    const aws = fakeFleet([{name: 'a'}], {
      ListMetrics: () => {
        stop.abort()
        return {Metrics: []}
      },
    })
    const {report} = await judged(aws, {signal: stop.signal})
    expect(verdictsOf(report)).toEqual({a: 'unknown: interrupted'})
    expect(shareKnown(report.known)).toBe(0)
  })
})

test.each([
  ['GetMetricData', {monthlyWasteUSD: {unknown: 'denied'}}],
  ['ListMetrics', {monthlyWasteUSD: {unknown: 'denied'}}],
] as const)(
  'what is wasted is not known without %s: nobody knows which versions are used',
  async (operation, expected) => {
    const aws = fakeFleet([{name: 'a', ...(operation === 'ListMetrics' && {invocations: 3})}], {
      [operation]: () => {
        throw deniedTo(`cloudwatch:${operation}`)
      },
    })
    const {report} = await judged(aws)
    expect(report.functions).toMatchObject([expected])
    expect(report).toMatchObject({wasteUnread: 1, wasteShare: 0})
  },
)

describe('a large fleet', () => {
  const names = Array.from({length: 6_000}, (_, i) => ({name: `fn-${i}`, ...(i >= 20 && {invocations: 2})}))

  it('is measured only where CloudWatch lists nothing of the last two weeks', async () => {
    const aws = fakeFleet(names)
    const {report, opened} = await judged(aws)
    expect(aws.of('GetMetricData').flatMap(metricsIn)).toHaveLength(40)
    expect(report.counts).toMatchObject({active: 5_980, unused: 20})
    expect(opened.plan.costUSD).toBeCloseTo(0.0004)
    expect(report.notes).toContain(
      'versions and provisioned concurrency are looked at of idle functions only: there are too many functions',
    )
    expect(report.wasteShare).toBeCloseTo(20 / 6_000)
    expect(shareKnown(report.known)).toBe(1)
  })

  it('is measured whole where the window is shorter than what CloudWatch lists', async () => {
    const aws = fakeFleet(names)
    const {opened} = await judged(aws, {days: 7})
    expect(aws.of('GetMetricData').flatMap(metricsIn)).toHaveLength(12_000)
    expect(opened.plan.costUSD).toBeCloseTo(0.12)
  })
})

it('looks at the policies of aliases: a trigger of an alias is one', async () => {
  const aws = fakeFleet([{name: 'a', aliases: ['live'], policy: {live: 's3.amazonaws.com'}}])
  expect(verdictsOf((await judged(aws)).report)).toEqual({a: 'unused: no-invocation permission-granted'})
})

it('looks for rules that start a version', async () => {
  const aws = fakeFleet([{name: 'a'}], {
    ListRuleNamesByTarget: ({input}) => ({RuleNames: String(input['TargetArn']).endsWith(':a:1') ? ['nightly'] : []}),
    DescribeRule: () => ({Name: 'nightly', State: 'ENABLED', ScheduleExpression: 'rate(1 day)'}),
  })
  expect(verdictsOf((await judged(aws)).report)).toEqual({
    a: 'broken: schedule-missed no-invocation permission-missing',
  })
})

it('looks at the policies of versions where CloudFront may run one, which is measured elsewhere', async () => {
  const functions: readonly Given[] = [{name: 'a', policy: {1: 'replicator.lambda.amazonaws.com'}}, {name: 'b'}]
  const aws = fakeFleet(functions, {}, {region: 'us-east-1'})
  expect(verdictsOf((await judged(aws)).report)).toEqual({
    a: 'unknown: edge-original',
    b: 'unused: no-invocation no-trigger',
  })
  const elsewhere = fakeFleet(functions)
  await judged(elsewhere)
  expect(elsewhere.of('GetPolicy')).toHaveLength(2)
})

it('prices log groups without a function only where all functions are known', async () => {
  const logGroups = [{logGroupName: '/aws/lambda/gone', storedBytes: 100_000_000_000, retentionInDays: 30}]
  const answers = {DescribeLogGroups: () => ({logGroups})}
  const kindsOf = async (targets: readonly string[]) =>
    (await judged(fakeFleet([{name: 'a', invocations: 1}], answers), {targets})).report.waste.map(({kind}) => kind)
  expect(await kindsOf([])).toEqual(['orphaned-log-group', 'old-versions'])
  expect(await kindsOf(['a*'])).toEqual(['old-versions'])
})

it('counts no further back than CloudWatch keeps, and says so', async () => {
  const {report} = await judged(fakeFleet([{name: 'a'}]), {days: 500})
  expect(report.measuredSince).toBe(now - 455 * dayMs)
  expect(report.notes).toContain(
    'CloudWatch keeps metrics for 455 days: what was called before then, only a log may tell',
  )
})
