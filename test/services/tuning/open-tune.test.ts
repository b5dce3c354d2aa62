// Tuning through the SDK's clients and HTTP, at the embedded AWS.

import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {bootSandbox, type Sandbox} from '../../../src/sandbox/boot.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import {applySize, latestToSet} from '../../../src/services/tuning/apply/apply-size.ts'
import {readSettledRun} from '../../../src/services/tuning/apply/settled-run.ts'
import {settled} from '../../../src/services/tuning/arena/settled.ts'
import {type OpenedTune, type OpenTuneOptions, openTune} from '../../../src/services/tuning/open-tune.ts'
import type {TuneReport} from '../../../src/services/tuning/tune-report.ts'
import type {TuneStep} from '../../../src/services/tuning/tune-steps.ts'
import {findLeftovers} from '../../../src/services/tuning/undo/leftovers.ts'
import {openCleanup} from '../../../src/services/tuning/undo/open-cleanup.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {emptyDirectory} from './tuned.ts'

const haste = 50
const start = Date.parse('2026-11-20T14:07:11Z')
const begun = Date.now()
const clock = {
  now: () => start + (Date.now() - begun) * haste,
  sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms / haste, undefined, {signal}),
}
let sandbox: Sandbox
let aws: Aws
let journals: string

beforeAll(async () => {
  sandbox = await bootSandbox({directory: null, now: clock.now})
  const {region, url: sandboxUrl} = sandbox
  aws = await connect({profile: null, region, sandboxUrl, userAgent: 'test', clock, random: () => 0.5})
})
afterAll(async () => {
  aws.close()
  await sandbox.close()
})
beforeEach(async () => {
  journals = await emptyDirectory()
})

const options = (more: Partial<OpenTuneOptions> = {}): OpenTuneOptions => ({
  mode: 'shadow',
  objective: {goal: {kind: 'cheapest'}, slo: null, costTolerance: null, indifference: 0.03},
  sizes: [128, 512, 1024],
  mayPropose: true,
  architectures: null,
  limits: {maxCostUSD: 0.5, maxInvocations: null, maxTimeMs: 3_600_000},
  concurrency: 1,
  allowErrors: [],
  tenantId: null,
  payload: {kind: 'none'},
  coldRatio: 0.01,
  allowLatest: true,
  resume: null,
  journals,
  window: {start: start - 86_400_000, end: start},
  ...more,
})

const opened = (targets: readonly string[], more: Partial<OpenTuneOptions> = {}): Promise<OpenedTune> =>
  openTune(aws, {targets}, options(more), ongoing())

async function tuned(of: OpenedTune): Promise<{steps: readonly TuneStep[]; reports: readonly TuneReport[]}> {
  const steps = await Array.fromAsync(of.run({undoSignal: ongoing}))
  return {steps, reports: steps.flatMap(step => (step.kind === 'ended' ? [step.report] : []))}
}

async function nothingIsLeft(): Promise<void> {
  expect((await findLeftovers(aws, ongoing())).found).toEqual([])
}

const memoryOf = async (name: string): Promise<number | undefined> =>
  (await (await aws.lambda()).send(new GetFunctionConfigurationCommand({FunctionName: name}))).MemorySize

describe.each(['shadow', 'versions'] as const)('%s', mode => {
  test('comes to an answer, and leaves nothing', async () => {
    const client = await aws.lambda()
    const versions = async (): Promise<number | undefined> =>
      (await client.send(new ListVersionsByFunctionCommand({FunctionName: 'payments-webhook'}))).Versions?.length
    const before = await versions()
    const tune = await opened(['payments-webhook'], {mode})
    const {steps, reports} = await tuned(tune)
    expect(steps[0]).toMatchObject({kind: 'begun'})
    expect(reports).toMatchObject([
      {ending: 'settled', recommendation: {memorySizeMB: 128}, cleanup: {cleanedUp: true}, gaps: []},
    ])
    expect(tune.verdicts()).toEqual([])
    expect(await versions()).toBe(before)
    await nothingIsLeft()
  })
})

test('several functions share what may be taken', async () => {
  const limits = {maxCostUSD: 0.02, maxInvocations: 60, maxTimeMs: null}
  const tune = await opened(['payments-webhook', 'loyalty-points'], {limits, sizes: [128, 512]})
  expect(tune.plans.map(plan => plan.limits.maxInvocations)).toEqual([30, 30])
  expect(tune.plans.reduce((sum, plan) => sum + plan.limits.maxCostUSD, 0)).toBeLessThanOrEqual(0.02)
  const {reports} = await tuned(tune)
  expect(reports).toHaveLength(2)
  expect(reports[1]?.plan.limits.maxInvocations).toBe(60 - (reports[0]?.spent.invocations ?? 0))
  expect(reports.reduce((sum, {spent}) => sum + spent.invocations, 0)).toBeLessThanOrEqual(60)
  await nothingIsLeft()
})

test('a run that was stopped is gone on with, and its invocations count', async () => {
  const limits = {maxCostUSD: 0.5, maxInvocations: 5, maxTimeMs: null}
  const stopped = await opened(['payments-webhook'], {limits})
  const [first] = (await tuned(stopped)).reports
  expect(first).toMatchObject({ending: 'max-invocations', spent: {invocations: 5}})
  expect(stopped.verdicts()).toContain(3)
  const resumed = await opened([], {resume: first?.plan.runId ?? ''})
  expect(resumed.plans[0]?.resumed).toEqual({
    runId: first?.plan.runId,
    invocations: 5,
    samples: 5,
    costUSD: expect.closeTo(first?.spent.costUSD ?? 0, 12),
  })
  const [second] = (await tuned(resumed)).reports
  expect(second?.ending).toBe('settled')
  expect(second?.samples.slice(0, 5)).toEqual(first?.samples)
  await expect(
    opened([], {resume: first?.plan.runId ?? '', payload: {kind: 'argument', text: '{"other":1}', stdin: null}}),
  ).rejects.toMatchObject({message: expect.stringContaining('was made with other payloads'), exitCode: 2})
})

test('a run that has no invocation left is not gone on with', async () => {
  const limits = {maxCostUSD: 0.5, maxInvocations: 2, maxTimeMs: null}
  const [report] = (await tuned(await opened(['payments-webhook'], {limits}))).reports
  const resume = report?.plan.runId ?? ''
  await expect(opened([], {resume, limits})).rejects.toMatchObject({
    message: expect.stringContaining('has made 2 invocations: --max-invocations 2 allows no more'),
    exitCode: 2,
  })
  const {costUSD = 0} = report?.spent ?? {}
  const dear = opened([], {resume, limits: {...limits, maxInvocations: null, maxCostUSD: costUSD + 1e-7}})
  await expect(dear).rejects.toMatchObject({message: expect.stringContaining(`run ${resume} took $`), exitCode: 2})
})

test('nothing is begun, nor asked, where not even one invocation may be made', async () => {
  const limits = {maxCostUSD: 0.000001, maxInvocations: null, maxTimeMs: null}
  const refused = await opened(['payments-webhook'], {limits}).catch(error => error)
  expect(refused).toMatchObject({
    message: expect.stringMatching(/^--max-cost 0\.000001 allows not one invocation of payments-webhook: at 128 MB/),
    hint: expect.stringMatching(/^allow at least --max-cost 0\.0\d+,/),
    exitCode: 2,
  })
  const least = Number(/[\d.]+\d/.exec(refused.hint)?.[0])
  expect((await opened(['payments-webhook'], {limits: {...limits, maxCostUSD: least}})).plans).toHaveLength(1)
  expect((await opened(['payments-webhook'], {limits, mode: 'observe'})).plans).toHaveLength(1)
})

test.each(['shadow', 'versions'] as const)('%s leaves out what its traffic would not fit in', async mode => {
  const [plan] = (await opened(['search'], {mode, sizes: [128, 256, 1024, 2048]})).plans
  const {used, candidates = [], tooSmall = [], notes} = plan ?? {}
  expect(used?.mostMB).toBeGreaterThan(256)
  expect(tooSmall.map(({memorySizeMB}) => memorySizeMB)).toEqual([128, 256])
  expect(candidates.map(({memorySizeMB}) => memorySizeMB)).toEqual(expect.arrayContaining([1024, 2048]))
  expect(notes).toContain(`leaves out 128, 256 MB: its traffic of the last day used ${used?.mostMB} MB`)
})

test('what a run left out stays left out where it is gone on with', async () => {
  const limits = {maxCostUSD: 0.5, maxInvocations: 3, maxTimeMs: null}
  const [report] = (await tuned(await opened(['checkout-api'], {limits, sizes: [128, 512, 1024]}))).reports
  const [plan] = (await opened([], {resume: report?.plan.runId ?? ''})).plans
  expect(plan?.tooSmall.map(({memorySizeMB}) => memorySizeMB)).toEqual([128])
  expect(plan).toMatchObject({used: report?.plan.used, candidates: report?.plan.candidates})
  expect(report?.sizes[0]).toMatchObject({memorySizeMB: 128, status: 'infeasible', invocations: 0})
})

test('nothing is asked where all sizes that are wanted are too small', async () => {
  await expect(opened(['search'], {sizes: [128, 256]})).rejects.toMatchObject({
    message: expect.stringMatching(
      /^search: 128, 256 MB would be too small, for its traffic of the last day used \d+ MB/,
    ),
    exitCode: 2,
  })
  expect((await opened(['search'], {sizes: [128, 256], mode: 'observe'})).plans).toHaveLength(1)
})

test('what its traffic takes is known of a function that has some', async () => {
  const [plan] = (await opened(['checkout-api'])).plans
  expect(plan?.usualMs).toBeGreaterThan(5)
  expect(plan?.makingMs).toBeGreaterThan(10_000)
})

test('of a killed run, cleaning up removes everything, also where its journal is gone', async () => {
  for (const isJournalLost of [false, true]) {
    const left = join(journals, `left-${isJournalLost}`)
    await mkdir(left)
    const tune = await opened(['payments-webhook'])
    const steps = tune.run({undoSignal: ongoing})
    for await (const step of steps) {
      if (step.kind !== 'sampled') continue
      // as the process left it when it was killed: nothing holds it
      for (const name of isJournalLost ? [] : (await readdir(journals)).filter(file => file.endsWith('.jsonl')))
        await writeFile(join(left, name), await readFile(join(journals, name)))
      const runIds = isJournalLost ? tune.plans.map(({runId}) => runId) : []
      const cleanup = await openCleanup(aws, {directory: left, runIds}, ongoing())
      expect(cleanup.found.map(({runId}) => runId)).toContain(tune.plans[0]?.runId)
      const cleaned = await cleanup.run(ongoing())
      expect(cleaned).toMatchObject([{functionName: 'payments-webhook', cleanup: {cleanedUp: true, left: []}}])
      expect(cleanup.verdicts(cleaned)).toEqual([])
      await nothingIsLeft()
      break
    }
  }
})

test('what a run has left is removed before it is gone on with, and told where Ctrl-C keeps that from being done', async () => {
  const tune = await opened(['payments-webhook'])
  const left = join(journals, 'left')
  await mkdir(left)
  for await (const step of tune.run({undoSignal: ongoing})) {
    if (step.kind !== 'sampled' || step.sample.index < 3) continue
    for (const name of (await readdir(journals)).filter(file => file.endsWith('.jsonl')))
      await writeFile(join(left, name), await readFile(join(journals, name)))
    const stop = new AbortController()
    const runId = tune.plans[0]?.runId ?? ''
    const resumed = await openTune(aws, {targets: []}, options({resume: runId, journals: left}), stop.signal)
    expect(resumed.removes).toBe(runId)
    stop.abort(new Error('Stopped'))
    const steps = await Array.fromAsync(resumed.run({undoSignal: () => AbortSignal.abort(new Error('late'))}))
    expect(steps).toMatchObject([{kind: 'doing'}, {kind: 'note', text: expect.stringContaining(`--cleanup ${runId}`)}])
    break
  }
  await nothingIsLeft()
})

test('a run that was killed while $LATEST had one of its sizes is gone on with from the size that the function had', async () => {
  const tune = await opened(['payments-webhook'], {mode: 'versions'})
  const left = join(journals, 'left')
  await mkdir(left)
  for await (const step of tune.run({undoSignal: ongoing})) {
    if (step.kind !== 'doing' || !step.what.startsWith('publishes 1,024 MB')) continue
    for (const name of (await readdir(journals)).filter(file => file.endsWith('.jsonl')))
      await writeFile(join(left, name), await readFile(join(journals, name)))
    break
  }
  expect(await memoryOf('payments-webhook')).toBe(128)
  const client = await aws.lambda()
  await client.send(new UpdateFunctionConfigurationCommand({FunctionName: 'payments-webhook', MemorySize: 512}))
  await settled(aws, 'payments-webhook', null, {signal: ongoing(), doing() {}})
  const resumed = await opened([], {resume: tune.plans[0]?.runId ?? '', journals: left})
  expect(resumed.plans[0]?.source.memorySizeMB).toBe(128)
  const {reports} = await tuned(resumed)
  expect(reports).toMatchObject([{ending: 'settled', cleanup: {cleanedUp: true}}])
  expect(await memoryOf('payments-webhook')).toBe(128)
})

test('a function that another run changes, or has left changed, is not begun with: its memory may be that of the run', async () => {
  const tune = await opened(['payments-webhook'], {mode: 'versions'})
  const runId = tune.plans[0]?.runId
  for await (const step of tune.run({undoSignal: ongoing})) {
    if (step.kind !== 'sampled') continue
    for (const mode of ['shadow', 'versions'] as const)
      await expect(opened(['payments-webhook'], {mode})).rejects.toMatchObject({
        code: 'OtherRun',
        message: expect.stringContaining(`run ${runId} is at work with payments-webhook`),
      })
    expect((await opened(['audit-trail'])).plans).toHaveLength(1)
    break
  }
  expect((await opened(['payments-webhook'])).plans).toHaveLength(1)
})

test("what may be another operator's at work is left alone unless it is named", async () => {
  const tune = await opened(['payments-webhook'])
  for await (const step of tune.run({undoSignal: ongoing})) {
    if (step.kind !== 'sampled') continue
    const cleanup = await openCleanup(aws, {directory: await emptyDirectory(), runIds: []}, ongoing())
    expect(cleanup.found).toEqual([])
    const {runId} = tune.plans[0] ?? {}
    const why = `run ${runId} may be at work; naming it removes it`
    const what = expect.stringMatching(/^the (function|log group) \S*slsops-tune-payments-webhook-/)
    expect(cleanup.leftAlone).toEqual([
      {runId, what, why, isHere: true},
      {runId, what, why, isHere: true},
    ])
    expect(cleanup.verdicts([])).toEqual([3])
    const own = await openCleanup(aws, {directory: journals, runIds: []}, ongoing())
    expect(own.found).toEqual([])
    expect(own.leftAlone).toMatchObject([{runId, why: expect.stringContaining('a process is at it')}])
    break
  }
  await nothingIsLeft()
})

test('an abort is answered at once, by a report, and leaves nothing', async () => {
  const stop = new AbortController()
  const tune = await openTune(aws, {targets: ['payments-webhook']}, options(), stop.signal)
  const reports: TuneReport[] = []
  for await (const step of tune.run({undoSignal: ongoing})) {
    if (step.kind === 'sampled' && step.sample.index === 3) stop.abort(new Error('Stopped'))
    if (step.kind === 'ended') reports.push(step.report)
  }
  expect(reports).toMatchObject([{ending: 'interrupted', cleanup: {cleanedUp: true}}])
  await nothingIsLeft()
})

test('of several functions, those that an abort kept from being begun are told as well', async () => {
  const stop = new AbortController()
  const names = ['payments-webhook', 'loyalty-points', 'audit-trail']
  const tune = await openTune(aws, {targets: names}, options(), stop.signal)
  expect(tune.reports()).toEqual([])
  for await (const step of tune.run({undoSignal: ongoing}))
    if (step.kind === 'sampled') stop.abort(new Error('Stopped'))
  const reports = tune.reports()
  expect(reports.map(({plan}) => plan)).toEqual(tune.plans)
  expect(reports[0]?.isBegun).toBeUndefined()
  for (const report of reports.slice(1))
    expect(report).toMatchObject({ending: 'interrupted', isBegun: false, gaps: ['it was not begun'], samples: []})
  expect(new Set(tune.verdicts())).toContain(130)
  await nothingIsLeft()
})

test('the answer is set on the function', async () => {
  const tune = await opened(['audit-trail'], {
    sizes: [128, 512],
    objective: {...options().objective, goal: {kind: 'fastest'}},
  })
  const [report] = (await tuned(tune)).reports
  const plan = tune.plans[0]
  if (plan === undefined || !report?.recommendation) throw new Error('it is settled')
  const latest = await latestToSet(aws, plan.source, ongoing())
  const applied = await applySize(aws, latest, {...report.recommendation, memorySizeMB: 512}, ongoing())
  expect(applied).toMatchObject({functionName: 'audit-trail', beforeMB: 128, memorySizeMB: 512})
  expect(await memoryOf('audit-trail')).toBe(512)
})

test('the answer of a run that is over is known without measuring again, and only of a settled one', async () => {
  const tune = await opened(['payments-webhook'], {sizes: [128, 512]})
  const [report] = (await tuned(tune)).reports
  const {plan, recommendation} = report ?? {}
  if (!plan || !recommendation) throw new Error('it is settled')
  const again = options({payload: {kind: 'argument', text: '{"other":1}', stdin: null}})
  const {memorySizeMB, architecture} = recommendation
  expect(await readSettledRun(aws, plan.runId, again, ongoing())).toMatchObject({
    ending: 'settled',
    plan: {runId: plan.runId, used: plan.used, source: {name: 'payments-webhook', version: '$LATEST'}},
    recommendation: {memorySizeMB, architecture, kind: recommendation.kind, confidence: recommendation.confidence},
  })

  const limits = {maxCostUSD: 0.5, maxInvocations: 3, maxTimeMs: null}
  const [stopped] = (await tuned(await opened(['payments-webhook'], {sizes: [128, 512], limits}))).reports
  const stoppedId = stopped?.plan.runId ?? ''
  await expect(readSettledRun(aws, stoppedId, options(), ongoing())).rejects.toMatchObject({
    message: `run ${stoppedId} is not settled`,
    hint: `go on with it first: slsops tune --resume ${stoppedId}`,
    exitCode: 2,
  })
  await expect(readSettledRun(aws, '20200101-000000-aaaaaaaa', options(), ongoing())).rejects.toThrow('the journal')
})

describe('what is not to be tuned is refused before anything is made', () => {
  test.each([
    [[], 'it has to be told which', 2],
    [['!checkout-api'], 'it has to be told which', 2],
    [['nothing-like-it'], 'no function matches nothing-like-it', 1],
  ])('%j', async (targets, message, exitCode) => {
    await expect(opened(targets)).rejects.toMatchObject({message: expect.stringContaining(message), exitCode})
  })

  test('a size alone has nothing to be compared with', async () => {
    await expect(opened(['payments-webhook'], {sizes: [128]})).rejects.toMatchObject({
      message: expect.stringContaining('there is nothing to compare it with'),
      exitCode: 2,
    })
  })
})
