import {CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand} from '@aws-sdk/client-cloudwatch'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import {GetScheduleCommand, ListSchedulesCommand, SchedulerClient} from '@aws-sdk/client-scheduler'
import {zipSync} from 'fflate'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import type {Aws} from '../../src/services/aws/connect.ts'
import type {AliasRef, AliasState} from '../../src/services/traffic/alias/alias-state.ts'
import {readAliasState} from '../../src/services/traffic/alias/read-alias-state.ts'
import {writeAlias} from '../../src/services/traffic/alias/write-alias.ts'
import {createDeadMan} from '../../src/services/traffic/dead-man/dead-man.ts'
import {evidenceReader} from '../../src/services/traffic/evidence/evidence-reader.ts'
import {readAlarms} from '../../src/services/traffic/evidence/read-alarms.ts'
import {readTrafficRecords} from '../../src/services/traffic/journal/traffic-journal.ts'
import {findAliases} from '../../src/services/traffic/plan/find-aliases.ts'
import {openShift} from '../../src/services/traffic/plan/open-shift.ts'
import type {ShiftWish} from '../../src/services/traffic/plan/shift-plan.ts'
import {openRollback} from '../../src/services/traffic/rollback/open-rollback.ts'
import type {ShiftReport, ShiftStep} from '../../src/services/traffic/shift/shift-steps.ts'
import {connectedTo} from '../services/connected.ts'
import {begun, headerOf} from '../services/traffic/traffic-runs.ts'
import {unwrittenJournal} from '../services/traffic/unwritten-journal.ts'
import {usualWish} from '../services/traffic/usual-wish.ts'
import {emptyDirectory} from '../services/tuning/tuned.ts'
import {makeRole} from './moto-role.ts'
import {type AwsServer, motoServer} from './servers.ts'

const region = 'eu-west-1'
const names = ['orders', 'billing'] as const
const description = 'what customers call'
const {signal} = new AbortController()
const codeThatSays = (answer: number) =>
  zipSync({'index.js': Buffer.from(`exports.handler = async () => ${answer}`)}, {mtime: new Date('2026-01-01')})
const roleArn = 'arn:aws:iam::123456789012:role/orders'
const later = {undoSignal: () => signal, controls: () => []}

// moto knows no revisions of aliases, checks no weights, and has no provisioned concurrency and no composite alarms
describe.runIf(motoServer.ready)('the traffic of aliases of moto', () => {
  let server: AwsServer
  let aws: Aws
  let lambda: LambdaClient
  let scheduler: SchedulerClient
  let cloudwatch: CloudWatchClient

  beforeAll(async () => {
    server = await motoServer.start()
    const settings = {region, endpoint: server.url, credentials: {accessKeyId: 'x', secretAccessKey: 'x'}}
    aws = await connectedTo({region, url: server.url}, 10)
    lambda = new LambdaClient(settings)
    scheduler = new SchedulerClient(settings)
    cloudwatch = new CloudWatchClient(settings)
    await makeRole(server.url, 'orders')
    for (const FunctionName of names) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: roleArn,
          Handler: 'index.handler',
          Runtime: 'nodejs22.x',
          Code: {ZipFile: codeThatSays(0)},
        }),
      )
      for (const answer of [1, 2, 3]) {
        await lambda.send(new UpdateFunctionCodeCommand({FunctionName, ZipFile: codeThatSays(answer)}))
        await lambda.send(new PublishVersionCommand({FunctionName}))
      }
      await lambda.send(new CreateAliasCommand({FunctionName, Name: 'live', FunctionVersion: '1'}))
    }
  })
  beforeEach(async () => {
    for (const FunctionName of names)
      await lambda.send(
        new UpdateAliasCommand({
          FunctionName,
          Name: 'live',
          FunctionVersion: '1',
          RoutingConfig: {AdditionalVersionWeights: {}},
          Description: description,
        }),
      )
  })
  afterAll(async () => {
    aws?.close()
    for (const client of [lambda, scheduler, cloudwatch]) client?.destroy()
    await server?.stop()
  })

  const refOf = (functionName: string): AliasRef => ({
    functionName,
    functionArn: `arn:aws:lambda:${region}:123456789012:function:${functionName}`,
    alias: 'live',
  })
  async function read(functionName = 'orders'): Promise<AliasState> {
    const state = await readAliasState(aws, refOf(functionName), signal)
    if (state === null) throw new Error(`${functionName} has no alias live`)
    return state
  }
  const back = {version: '1', additional: null, description}
  const schedules = async (): Promise<number> =>
    (await scheduler.send(new ListSchedulesCommand({}))).Schedules?.length ?? 0

  /** Shifts at once, whoever calls. */
  async function shifted(
    targets: readonly string[],
    wish: Partial<ShiftWish>,
    onStep: (step: ShiftStep) => Promise<void> = async () => {},
  ): Promise<{readonly report: ShiftReport | undefined; readonly journals: string}> {
    const journals = await emptyDirectory()
    const asked = {...usualWish, to: {kind: 'version', version: '2'} as const, gate: 'none', force: true} as const
    const opened = await openShift(aws, {targets}, {...asked, ...wish, journals}, signal)
    let report: ShiftReport | undefined
    for await (const step of opened.run({...later})) {
      await onStep(step)
      if (step.kind === 'ended') report = step.report
    }
    return {report, journals}
  }

  test('an alias is found by its function, with what it serves', async () => {
    const found = await findAliases(aws, {targets: ['orders']}, {which: 'one', alias: null}, signal)
    expect(found).toMatchObject({
      aliases: [{functionName: 'orders', alias: 'live', state: {version: '1', additional: null, description}}],
      gaps: [],
    })
    const all = await findAliases(aws, {targets: []}, {which: 'all', alias: null}, signal)
    expect(all.aliases.map(({functionName}) => functionName).toSorted()).toEqual(names.toSorted())
  })

  test('is given weights, another weight, another version and is given back', async () => {
    const site = {aws, journal: unwrittenJournal(), signal}
    for (const wanted of [
      {...back, additional: {version: '2', weight: 0.1}, description: 'lease'},
      {...back, additional: {version: '2', weight: 1}, description: 'lease'},
      {...back, version: '2'},
      back,
    ]) {
      expect(await writeAlias(site, refOf('orders'), await read(), wanted)).toMatchObject({
        kind: 'written',
        wasLost: false,
      })
      expect(await read()).toMatchObject(wanted)
    }
  })

  test('a version that is not there is not served', async () => {
    const site = {aws, journal: unwrittenJournal(), signal}
    const wanted = {...back, version: '9'}
    await expect(writeAlias(site, refOf('orders'), await read(), wanted)).rejects.toMatchObject({code: 'VersionGone'})
    expect(await read()).toMatchObject(back)
  })

  test('is left at a weight', async () => {
    const {report} = await shifted(['orders'], {ladder: {kind: 'weight', basisPoints: 2_500}})
    expect(report).toMatchObject({outcome: 'done', writes: 1})
    expect(await read()).toMatchObject({...back, additional: {version: '2', weight: 0.25}})
  })

  test('two are moved at once, and rolled back by what the journal tells', async () => {
    const {report, journals} = await shifted([...names], {ladder: {kind: 'all-at-once'}, to: {kind: 'latest'}})
    expect(report).toMatchObject({outcome: 'done', writes: 2})
    for (const name of names) expect(await read(name)).toMatchObject({...back, version: '3'})
    const wish = {
      alias: null,
      to: null,
      force: false,
      note: null,
      journals,
      patience: () => AbortSignal.timeout(10_000),
    }
    const opened = await openRollback(aws, {targets: [...names]}, wish, signal)
    expect(opened.plan.members).toMatchObject(names.map(() => ({from: '3', to: '1'})))
    for await (const {state} of opened.run({...later, doing() {}})) expect(state).toBe('done')
    for (const name of names) expect(await read(name)).toMatchObject(back)
  })

  test('goes up a ladder with a lease and a dead man, which are gone at the end', async () => {
    const leases: string[] = []
    let armed = 0
    const {report, journals} = await shifted(
      ['orders'],
      {
        ladder: {kind: 'linear', by: {steps: 3}, everyMs: 500},
        bakeMs: 500,
        deadMan: {afterMs: 900_000, roleArn},
      },
      async step => {
        if (step.kind !== 'stage') return
        leases.push((await read()).description)
        armed = await schedules()
      },
    )
    expect(report).toMatchObject({outcome: 'done', writes: 4})
    expect(leases.map(lease => /step=\S+ w=\S+ \S+/.exec(lease)?.[0])).toEqual([
      'step=1/3 w=0.3333 1>2',
      'step=2/3 w=0.6666 1>2',
      'step=3/3 w=1 1>2',
    ])
    expect(armed).toBe(1)
    expect(await schedules()).toBe(0)
    expect(await read()).toMatchObject({...back, version: '2'})
    const {records} = await readTrafficRecords(journals)
    expect(records).toMatchObject([{ended: {outcome: 'done'}, left: []}])
  })

  test('the dead man’s schedule is what Scheduler keeps, moves on and lets go of', async () => {
    const ref = refOf('orders')
    const state = await read()
    const header = headerOf(['orders'])
    const journal = await begun(await emptyDirectory(), aws, {
      ...header,
      members: header.members.map(member => ({...member, ...ref, before: state})),
    })
    const deadMan = createDeadMan(aws, journal, {afterMs: 900_000, roleArn})
    await deadMan.prepare([ref], signal)
    const schedule = () => scheduler.send(new GetScheduleCommand({Name: `slsops-${journal.runId}-1`}))
    expect(await schedule()).toMatchObject({State: 'DISABLED', ScheduleExpressionTimezone: 'UTC'})
    for (const version of ['1', '2']) {
      await deadMan.push(ref, state, version, description, signal)
      const {State, ScheduleExpression, Target, ActionAfterCompletion} = await schedule()
      expect({State, ActionAfterCompletion}).toEqual({State: 'ENABLED', ActionAfterCompletion: 'DELETE'})
      expect(ScheduleExpression).toMatch(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/)
      expect(Target?.Arn).toBe('arn:aws:scheduler:::aws-sdk:lambda:updateAlias')
      expect(JSON.parse(Target?.Input ?? '')).toMatchObject({FunctionVersion: version, RevisionId: state.revisionId})
    }
    expect(await deadMan.disarm(signal)).toEqual([])
    await expect(schedule()).rejects.toMatchObject({name: 'ResourceNotFoundException'})
  })

  test('alarms are read by name, and one that is not there is an error', async () => {
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'orders-errors',
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
    )
    expect(await readAlarms(aws, ['orders-errors'], signal)).toMatchObject([{name: 'orders-errors', kind: 'metric'}])
    await expect(readAlarms(aws, ['orders-erors'], signal)).rejects.toMatchObject({
      message: expect.stringContaining('orders-erors'),
      hint: expect.stringContaining('orders-errors'),
    })
  })

  test('each version’s invocations and errors are counted by their dimensions', async () => {
    const at = new Date(Math.floor(Date.now() / 60_000 - 10) * 60_000)
    const counts = {'1': {Invocations: 90, Errors: 0}, '2': {Invocations: 10, Errors: 3}}
    for (const [version, metrics] of Object.entries(counts))
      for (const [MetricName, Value] of Object.entries(metrics)) {
        const alias = [
          {Name: 'FunctionName', Value: 'orders'},
          {Name: 'Resource', Value: 'orders:live'},
        ]
        const ofVersion = [...alias, {Name: 'ExecutedVersion', Value: version}]
        for (const Dimensions of [alias, ofVersion])
          await cloudwatch.send(
            new PutMetricDataCommand({
              Namespace: 'AWS/Lambda',
              MetricData: [{MetricName, Dimensions, Value, Timestamp: at, Unit: 'Count'}],
            }),
          )
      }
    const watched = {...refOf('orders'), canary: '2', baseline: '1', timeoutSeconds: 3, slowMs: null, logGroup: null}
    const reader = evidenceReader(aws, [watched], {since: at.getTime(), gateFilter: null})
    expect(await reader.read(signal)).toMatchObject([
      {value: {source: 'metrics', canary: {calls: 10, errors: 3}, baseline: {calls: 90, errors: 0}}},
    ])
  })
})
