import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'

import type {SandboxFunction} from '../../../../src/sandbox/world/sandbox-function.ts'
import type {SandboxLogEvent} from '../../../../src/sandbox/world/world.ts'
import {type Aws, connect} from '../../../../src/services/aws/connect.ts'
import {type ObserveOptions, observeFunction} from '../../../../src/services/tuning/history/observe.ts'
import type {TunePlan} from '../../../../src/services/tuning/tune-plan.ts'
import type {TuneReport} from '../../../../src/services/tuning/tune-report.ts'
import type {TuneStep} from '../../../../src/services/tuning/tune-steps.ts'
import {makeEvent, makeFunction, makeVersion, noon} from '../../../sandbox/hand-made-world.ts'
import {serve} from '../../../sandbox/running.ts'
import {deniedTo, fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {planOf} from '../tune-runs.ts'
import {emptyDirectory} from '../tuned.ts'

const day = 86_400_000
const window = {start: noon - 7 * day, end: noon - 1, journals: null}
const logGroup = '/aws/lambda/resize'

type Past = {
  readonly size: number
  readonly ms: number
  readonly times?: number
  readonly version?: string
  readonly more?: string
  readonly owner?: string
  readonly used?: number
}

/** REPORT lines of a size: half of them a little faster, half a little slower. */
const reportsOf = (
  {size, ms, times = 20, version = '7', more = '', owner = '', used = 89}: Past,
  from: number,
): SandboxLogEvent[] =>
  Array.from({length: times}, (_, index) => {
    const took = ms + (index % 2 === 0 ? 1 : -1)
    return makeEvent({
      timestamp: noon - day + (from + index) * 1000,
      order: from + index,
      logStream: `2026/08/09/${owner}[${version}]${'a'.repeat(32)}`,
      message: `REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tDuration: ${took.toFixed(2)} ms\tBilled Duration: ${took} ms\tMemory Size: ${size} MB\tMax Memory Used: ${used} MB\t${more}\n`,
    })
  })
const jsonReport = (size: number, ms: number, at: number) =>
  makeEvent({
    timestamp: noon - day + at * 1000,
    order: at,
    logStream: `2026/08/09/[7]${'b'.repeat(32)}`,
    message: JSON.stringify({
      time: new Date(noon - day).toISOString(),
      type: 'platform.report',
      record: {
        requestId: '76269889-7d50-4d6d-a3f1-9b4f5322f47c',
        status: 'success',
        metrics: {durationMs: ms, billedDurationMs: ms, memorySizeMB: size, maxMemoryUsedMB: 120},
      },
    }),
  })

const events = (...past: readonly Past[]) => past.flatMap((each, index) => reportsOf(each, index * 1000))

/** What is observed of a log, through HTTP; `storedBytes` decide by which API. */
async function observed(
  past: readonly SandboxLogEvent[],
  {
    plan = planOf({mode: 'observe'}),
    storedBytes = 1000,
    functions = [makeFunction({name: 'resize'})],
    group = logGroup,
    over = window,
  }: {
    readonly plan?: TunePlan
    readonly storedBytes?: number
    readonly functions?: readonly SandboxFunction[]
    readonly group?: string
    readonly over?: ObserveOptions
  } = {},
) {
  const begun = performance.now()
  const {url} = await serve(
    {functions, groups: [{name: group, events: past, storedBytes, createdAt: noon - 8 * day}]},
    // queries run as fast as they are waited for
    {clock: () => noon + 100 * (performance.now() - begun)},
  )
  const aws = await connect({
    profile: null,
    region: 'eu-west-1',
    sandboxUrl: url,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock: {
      now: () => noon + performance.now() - begun,
      sleep: (ms, signal) => setTimeout(ms / 100, undefined, {signal}),
    },
    random: () => 0.5,
  })
  onTestFinished(() => aws.close())
  return stepsOf(aws, plan, ongoing(), over)
}

async function stepsOf(aws: Aws, plan: TunePlan, signal = ongoing(), over: ObserveOptions = window) {
  const steps: TuneStep[] = await Array.fromAsync(observeFunction(aws, plan, over, signal))
  const last = steps.at(-1)
  if (last?.kind !== 'ended') throw new Error('no end')
  return {steps, report: last.report}
}

const byInsights = 40e9
const three: readonly Past[] = [
  {size: 256, ms: 800},
  {size: 512, ms: 400},
  {size: 1024, ms: 395},
]
const sizesOf = ({sizes}: TuneReport) => sizes.map(({memorySizeMB, architecture}) => `${memorySizeMB} ${architecture}`)

describe('what the past says of memory sizes', () => {
  it.each([1000, byInsights])('of %d bytes leaves out what runs called themselves', async storedBytes => {
    const journals = await emptyDirectory()
    const journaled = (runId: string, mode: string, version: string) => [
      {schema: 'slsops/tune-journal@1', runId, mode, region: 'eu-west-1', endpoint: 'sandbox', origins: []},
      {kind: 'intent', id: 1, at: noon, intent: {operation: 'PublishVersion', functionName: 'resize'}},
      {kind: 'done', id: 1, at: noon, told: {version, isNew: true}},
      {kind: 'end', at: noon},
    ]
    for (const [runId, mode, version] of [
      ['20261120-140711-k3f9x2ab', 'versions', '8'],
      ['20261120-140712-k3f9x2ab', 'shadow', '7'],
      // a function that was made anew has it again
      ['20261120-140713-k3f9x2ab', 'versions', '6'],
    ] as const) {
      const [header, ...rest] = journaled(runId, mode, version)
      const of = {functionName: 'resize', functionArn: planOf().source.arn, architecture: 'x86_64', memorySizeMB: 512}
      const lines = [{...header, ...of, account: null, asked: {}}, ...rest].map(line => JSON.stringify(line))
      await writeFile(join(journals, `${runId}.jsonl`), `${lines.join('\n')}\n`)
    }
    const past = events(
      {size: 256, ms: 800, version: '6'},
      {size: 512, ms: 400},
      {size: 1024, ms: 395, version: '8'},
      {size: 2048, ms: 390, version: '9'},
    )
    const made = makeVersion({version: '9', description: 'slsops-tune/20261120-140711-k3f9x2ab/2048'})
    const functions = [makeFunction({name: 'resize', versions: [makeVersion(), makeVersion({version: '6'}), made]})]
    const {report} = await observed(past, {storedBytes, functions, over: {...window, journals}})
    expect(sizesOf(report)).toEqual(['256 x86_64', '512 x86_64'])
    expect(report.notes).toContain('calls of 2 versions that slsops tune published to measure are left out')
  })

  it('is a hypothesis, for which nothing is invoked', async () => {
    const {steps, report} = await observed(events(...three))

    expect(steps.map(({kind}) => kind)).toEqual(['begun', 'doing', 'ended'])
    expect(steps[1]).toEqual({kind: 'doing', what: 'reads /aws/lambda/resize by FilterLogEvents, free of charge'})
    expect(report).toMatchObject({
      ending: 'observed',
      samples: [],
      spent: {invocations: 0, costUSD: 0},
      cleanup: {cleanedUp: true, left: []},
      gaps: [],
    })
    expect(report.recommendation).toMatchObject({
      memorySizeMB: 512,
      kind: 'hypothesis',
      confidence: null,
      againstCurrent: {cost: {share: 0, ci95: null}},
    })
    expect(report.recommendation?.reason).toMatch(/, by history alone$/)
    expect(report.notes.join('\n')).toContain('a hypothesis: ')
    expect(report.curves).toHaveLength(1)
    expect(report.sizes[0]).toMatchObject({
      memorySizeMB: 256,
      status: 'waiting',
      why: null,
      invocations: 20,
      meanBilledMs: 800,
      p50Ms: 799,
      p99Ms: 801,
      maxMemoryUsedMB: 89,
    })
    const [low = 0, high = 0] = report.sizes[0]?.ci95BilledMs ?? []
    expect([800 - low, high - 800].map(half => half.toFixed(2))).toEqual(['0.48', '0.48'])
  })

  it('is the same by Logs Insights, which is used for large logs, at a cost that is announced', async () => {
    const past = [
      ...events(
        ...three,
        {size: 512, ms: 900, times: 3, more: 'Init Duration: 310.00 ms\t'},
        {size: 512, ms: 3000, times: 2, more: 'Status: timeout'},
      ),
      ...Array.from({length: 12}, (_, index) => jsonReport(2048, 396, 9000 + index)),
    ]
    const filtered = await observed(past)
    const queried = await observed(past, {storedBytes: byInsights})

    expect(queried.steps[1]).toEqual({
      kind: 'doing',
      what: expect.stringMatching(/^reads \/aws\/lambda\/resize by Logs Insights, for about \$0\.\d{4}$/),
    })
    const figures = ({sizes}: TuneReport) =>
      sizes.map(({meanBilledMs, meanDurationMs, invocations, coldStarts, failures, coldBilledMs, maxMemoryUsedMB}) => ({
        meanBilledMs,
        meanDurationMs,
        invocations,
        coldStarts,
        failures,
        coldBilledMs,
        maxMemoryUsedMB,
      }))
    expect(figures(queried.report)).toEqual(figures(filtered.report))
    expect(figures(filtered.report)[1]).toMatchObject({invocations: 25, coldStarts: 3, failures: 2})
    expect(sizesOf(filtered.report)).toEqual(['256 x86_64', '512 x86_64', '1024 x86_64', '2048 x86_64'])
    expect(queried.report.recommendation).toEqual(expect.objectContaining({memorySizeMB: 512}))
  })

  it('of one size cannot tell what another would do, but how much memory is needed', async () => {
    const {report} = await observed(events({size: 512, ms: 400}))

    expect(report.recommendation).toBeNull()
    expect(report.notes).toEqual([
      'it has had one size, 512 MB: history cannot tell what another would do',
      'at 512 MB it used 89 MB at most: no less than 128 MB would do',
    ])
    expect(report.worthMeasuring?.[0]).toBe(256)
  })

  it('is to be measured from where the memory that was used fits in', async () => {
    const {report} = await observed(events({size: 512, ms: 400, used: 300}))
    expect(report.notes[1]).toContain('no less than 330 MB would do')
    expect(report.worthMeasuring?.[0]).toBe(330)
  })

  it('of a size that hardly served is not compared', async () => {
    const {report} = await observed(events({size: 512, ms: 400}, {size: 1024, ms: 1, times: 4}))

    expect(report.recommendation).toBeNull()
    expect(report.sizes).toHaveLength(2)
    expect(report.notes[0]).toBe(
      'only 512 MB of its 2 sizes has 10 warm invocations whose reports can be read: history cannot compare them',
    )
  })

  it.each([
    [[512, 1024], 'neither of its 2 sizes has 10 warm'],
    [[512, 1024, 2048], 'none of its 3 sizes has 10 warm'],
  ] as const)('of sizes that all hardly served, %j, is not compared', async (sizes, said) => {
    const {report} = await observed(events(...sizes.map(size => ({size, ms: 400, times: 4}))))
    expect(report.notes[0]).toContain(said)
  })

  it('through two sizes has a curve, which names a size that it never had', async () => {
    const past = events({size: 128, ms: 8000}, {size: 3008, ms: 650})
    const fastest = planOf({
      mode: 'observe',
      objective: {goal: {kind: 'balanced', weight: 0.5}, slo: null, costTolerance: null, indifference: 0.03},
    })
    const {report} = await observed(past, {plan: fastest})

    expect(report.curves).toMatchObject([{c: 1, kneeMB: 1769}])
    expect(report.notes).toContain('by the curve through them 1,792 MB may be better still, which it never had')
  })

  it('tells architectures apart by the versions of the function', async () => {
    const functions = [
      makeFunction({name: 'resize', architecture: 'arm64', versions: [makeVersion(), makeVersion({version: '7'})]}),
    ]
    const past = events({size: 512, ms: 400}, {size: 1024, ms: 300, version: '9'})
    for (const storedBytes of [1000, byInsights]) {
      const {report} = await observed(past, {functions, storedBytes})
      // version 7 is on arm64, as the function is now; of version 9, which was deleted, nobody knows
      expect(sizesOf(report)).toEqual(['512 arm64', '1024 x86_64'])
    }
  })

  it("is read of the function's own streams where a log group is of several", async () => {
    const configuration = {Runtime: 'nodejs24.x', LoggingConfig: {LogGroup: '/shared'}} as const
    const plan = planOf({mode: 'observe', source: {configuration}})
    const past = events(
      {size: 512, ms: 400, owner: 'resize'},
      {size: 1024, ms: 300, owner: 'resize'},
      {size: 2048, ms: 1, owner: 'other'},
    )
    for (const storedBytes of [1000, byInsights]) {
      const {report} = await observed(past, {plan, storedBytes, group: '/shared'})
      expect(sizesOf(report)).toEqual(['512 x86_64', '1024 x86_64'])
    }
  })

  it('meets a latency objective by what was seen, and never certifies it', async () => {
    const slo = {percentile: 95, limitMs: 500} as const
    const plan = planOf({
      mode: 'observe',
      objective: {goal: {kind: 'cheapest'}, slo, costTolerance: null, indifference: 0},
    })
    const {report} = await observed(events({size: 256, ms: 700}, {size: 1024, ms: 400}), {plan})

    expect(report.sizes.map(each => each.slo)).toEqual(['missed', 'seen'])
    expect(report.recommendation?.memorySizeMB).toBe(1024)
  })

  it('is nothing where nothing was logged, or a setting keeps reports out', async () => {
    const {report} = await observed([])
    expect(report).toMatchObject({sizes: [], recommendation: null, gaps: []})
    expect(report.notes).toEqual(['the log has no report of an invocation in this time'])

    const hidden = planOf({mode: 'observe', source: {configuration: {LoggingConfig: {SystemLogLevel: 'WARN'}}}})
    const why = ['SystemLogLevel=WARN keeps reports out of its log']
    expect((await observed([], {plan: hidden})).report).toMatchObject({gaps: why, hidden: why})

    for (const storedBytes of [1000, byInsights]) {
      const elsewhere = await observed([], {group: '/aws/lambda/other', storedBytes})
      expect(elsewhere.report.gaps).toEqual(['log group /aws/lambda/resize is not there'])
    }
  })
})

describe('where the past cannot be read', () => {
  const large = {
    DescribeLogGroups: () => ({
      logGroups: [
        {logGroupName: logGroup, storedBytes: byInsights, creationTime: noon - 30 * day, logGroupClass: 'STANDARD'},
      ],
    }),
    ListVersionsByFunction: () => ({Versions: []}),
  }
  const plan = planOf({mode: 'observe'})
  const recent = (aws: Aws) => ({start: aws.clock.now() - 7 * day, end: aws.clock.now(), journals: null})

  it.each([
    ['logs:StartQuery', large, 'StartQuery'],
    [
      'logs:FilterLogEvents',
      {DescribeLogGroups: () => ({logGroups: [{logGroupName: logGroup, storedBytes: 10, creationTime: 0}]})},
      'FilterLogEvents',
    ],
  ])('%s is named, with exit 4', async (permission, answers, operation) => {
    const aws = fakeAccount({
      answers: {...large, ...answers, [operation]: () => Promise.reject(deniedTo(permission))},
    })
    await expect(stepsOf(aws, plan, ongoing(), recent(aws))).rejects.toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining(permission),
    })
  })

  it('more than --max-cost is not spent', async () => {
    const aws = fakeAccount({answers: large})
    const frugal = planOf({mode: 'observe', limits: {maxCostUSD: 0.001, maxInvocations: 1, maxTimeMs: 1}})
    await expect(stepsOf(aws, frugal, ongoing(), recent(aws))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('more than --max-cost 0.001'),
    })
    expect(aws.of('StartQuery')).toEqual([])
  })

  it('versions that may not be listed are taken for the architecture that the function has, which is a gap', async () => {
    const aws = fakeAccount({
      answers: {
        DescribeLogGroups: () => ({logGroups: [{logGroupName: logGroup, storedBytes: 10, creationTime: 0}]}),
        FilterLogEvents: () => ({events: []}),
        ListVersionsByFunction: () => Promise.reject(deniedTo('lambda:ListVersionsByFunction')),
      },
    })
    const {report} = await stepsOf(aws, plan, ongoing(), recent(aws))
    expect(report.gaps).toEqual([
      expect.stringMatching(/^all invocations are taken for x86_64: .*this needs lambda:ListVersionsByFunction$/),
    ])
  })

  it('a run that is stopped ends as interrupted', async () => {
    const stop = new AbortController()
    const aws = fakeAccount({
      answers: {
        ...large,
        ListVersionsByFunction: () => {
          stop.abort()
          return {}
        },
      },
    })
    const {report} = await stepsOf(aws, plan, stop.signal, recent(aws))
    expect(report).toMatchObject({
      ending: 'interrupted',
      recommendation: null,
      gaps: ['it was stopped before the reports were read'],
    })
  })
})
