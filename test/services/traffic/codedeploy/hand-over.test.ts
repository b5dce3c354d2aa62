import {describe, expect, it} from 'vitest'
import {checkHandOver, handOver} from '../../../../src/services/traffic/codedeploy/hand-over.ts'
import type {Member, ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {realParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import type {Control, ShiftReport, ShiftStep} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {deniedTo, ongoing} from '../../fleet/fake-account.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {type FakeAlias, fakeAliases} from '../fake-aliases.ts'
import {memberOf, minute, planOf} from '../shift/shift-plans.ts'
import {timedJournal, whileTimeStands} from '../shift/timed-journal.ts'

type Info = Record<string, unknown>

const group = {application: 'shop', group: 'checkout'}
const lost = (): Error => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})

type Options = {
  readonly member?: Partial<Member>
  readonly alias?: Partial<FakeAlias>
  readonly wish?: Partial<ShiftPlan['wish']>
  readonly more?: Partial<ShiftPlan>
  /** before the answer to CreateDeployment is given */
  readonly onCreate?: () => void
  /** minutes after which it ends, and how; by default well */
  readonly ends?: {readonly after: number; readonly as: Info}
  readonly controls?: () => readonly Control[]
  readonly refuseStop?: boolean
}

/** checkout:live, and a CodeDeploy that moves it as its deployments say. */
async function codeDeploy(options: Options = {}) {
  const {ends = {after: 5, as: {status: 'Succeeded'}}} = options
  const stopping = new AbortController()
  const deployments = new Map<string, Info & {readonly createdAt: number}>()
  const set = (change: Partial<FakeAlias>): void => fake.foreign('checkout:live', change)
  const rolledBack = (id: string): void => {
    set({FunctionVersion: '41', weights: {}})
    deployments.set(`${id}-back`, {status: 'Succeeded', createdAt: fake.clock.now()})
  }
  const fake = fakeAliases(['checkout'], {
    GetFunction: () => ({}),
    DescribeAlarms: () => ({MetricAlarms: [{AlarmName: 'checkout-5xx', StateValue: 'OK', StateReason: ''}]}),
    CreateDeployment({input, nth}) {
      const deploymentId = `d-${nth}`
      deployments.set(deploymentId, {...input, status: 'InProgress', createdAt: fake.clock.now()})
      set({weights: {'42': 0.1}})
      options.onCreate?.()
      return {deploymentId}
    },
    BatchGetDeploymentGroups: ({input}) => ({
      deploymentGroupsInfo: (input['deploymentGroupNames'] as string[]).map(deploymentGroupName => ({
        deploymentGroupName,
        computePlatform: 'Lambda',
      })),
    }),
    ListDeployments: () => ({deployments: [...deployments.keys()]}),
    BatchGetDeployments: ({input}) => ({
      deploymentsInfo: (input['deploymentIds'] as string[]).map(id => ({
        deploymentId: id,
        computePlatform: 'Lambda',
        ...deployments.get(id),
      })),
    }),
    GetDeployment({input}) {
      const id = String(input['deploymentId'])
      const info = deployments.get(id)
      if (info?.['status'] === 'InProgress' && fake.clock.now() - info.createdAt >= ends.after * minute) {
        const isWell = ends.as['status'] === 'Succeeded'
        const rollbackInfo = {rollbackDeploymentId: `${id}-back`}
        deployments.set(id, {...info, ...ends.as, ...(!isWell && {rollbackInfo})})
        if (isWell) set({FunctionVersion: '42', weights: {}})
        else rolledBack(id)
      }
      return {deploymentInfo: {deploymentId: id, ...deployments.get(id)}}
    },
    StopDeployment({input}) {
      if (options.refuseStop) throw deniedTo('codedeploy:StopDeployment')
      const id = String(input['deploymentId'])
      const info = deployments.get(id)
      if (info?.['status'] !== 'InProgress')
        throw Object.assign(new Error('over'), {
          name: 'DeploymentAlreadyCompletedException',
          $metadata: {httpStatusCode: 400},
        })
      rolledBack(id)
      deployments.set(id, {...info, status: 'Stopped', rollbackInfo: {rollbackDeploymentId: `${id}-back`}})
      return {status: 'Pending'}
    },
  })
  if (options.alias) set(options.alias)
  const now = fake.aliases.get('checkout:live')
  const [additional = null] = Object.entries(now?.weights ?? {}).map(([version, weight]) => ({version, weight}))
  const before = {version: '41', additional, description: 'serves the shop', revisionId: now?.RevisionId ?? ''}
  if (now) now.Description = 'serves the shop'
  const members = [memberOf('checkout', {before, ...options.member})]
  const plan = planOf({members, wish: {handOver: group, ...options.wish}, ...options.more})
  const {clock, aws} = fake
  const steps: ShiftStep[] = []
  const run = async (): Promise<ShiftReport> => {
    const shiftOptions = {
      journals: await whileTimeStands(clock, emptyDirectory),
      undoSignal: ongoing,
      controls: options.controls ?? (() => []),
      parts: {
        ...realParts,
        beginTrafficJournal: async (...begin: Parameters<typeof realParts.beginTrafficJournal>) =>
          timedJournal(await whileTimeStands(clock, () => realParts.beginTrafficJournal(...begin)), clock),
      },
    }
    for await (const step of handOver(aws, plan, shiftOptions, stopping.signal)) steps.push(step)
    const last = steps.at(-1)
    if (last?.kind !== 'ended') throw new Error('it has not ended')
    return last.report
  }
  return {
    fake,
    steps,
    interrupt: () => stopping.abort(),
    run: () => clock.outcome(run()),
    served: () => fake.aliases.get('checkout:live'),
    created: () => fake.aws.of('CreateDeployment').map(({input}) => input),
  }
}

describe('a shift that is handed over to CodeDeploy', () => {
  it('case 28: is created with both versions, who and why, and with a rollback of its own', async () => {
    const {run, created, served} = await codeDeploy({wish: {note: 'pay-v42'}})
    expect(await run()).toMatchObject({outcome: 'done', members: [{state: 'done', serves: {version: '42'}}]})
    expect(served()).toMatchObject({FunctionVersion: '42', weights: {}})
    expect(created()).toEqual([
      {
        applicationName: 'shop',
        deploymentGroupName: 'checkout',
        deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
        description: 'slsops 20261120-140000-k3f9x2ab by ann: pay-v42',
        revision: {
          revisionType: 'AppSpecContent',
          appSpecContent: {
            content:
              '{"version":0.0,"Resources":[{"checkout":{"Type":"AWS::Lambda::Function","Properties":{"Name":"checkout","Alias":"live","CurrentVersion":"41","TargetVersion":"42"}}}]}',
          },
        },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
      },
    ])
  })

  it('case 28: rewinds an alias that serves both versions before it hands it over', async () => {
    const {run, fake} = await codeDeploy({alias: {weights: {'42': 0.25}}})
    expect(await run()).toMatchObject({outcome: 'done', writes: 1})
    expect(fake.updates).toHaveLength(1)
    expect(fake.updates[0]?.input).toMatchObject({FunctionVersion: '41', RoutingConfig: {AdditionalVersionWeights: {}}})
    const order = fake.aws.calls.map(({operation}) => operation)
    expect(order.indexOf('UpdateAlias')).toBeLessThan(order.indexOf('CreateDeployment'))
  })

  it.each<[string, Partial<Member>, RegExp]>([
    ['that serves the version already', {from: '42'}, /serves 42 already/],
    [
      'that serves two versions, neither of which comes in',
      {before: {version: '41', additional: {version: '40', weight: 0.5}, description: '', revisionId: ''}},
      /serves two versions, 41 and 40/,
    ],
  ])('case 28: refuses an alias %s', (_, member, message) => {
    expect(() => checkHandOver([memberOf('checkout', member)])).toThrow(message)
  })

  it('refuses several functions, which CodeDeploy does not move together', () => {
    expect(() => checkHandOver([memberOf('a'), memberOf('b')])).toThrow(/each function by itself/)
  })

  it('gives CodeDeploy the alarms of the shift', async () => {
    const alarm = {name: 'checkout-5xx', kind: 'metric', state: 'OK', since: 0, reason: '', isEvaluated: true} as const
    const {run, created} = await codeDeploy({wish: {alarms: ['checkout-5xx']}, more: {alarms: [alarm]}})
    expect(await run()).toMatchObject({outcome: 'done'})
    expect(created()).toMatchObject([
      {
        overrideAlarmConfiguration: {
          enabled: true,
          ignorePollAlarmFailure: false,
          alarms: [{name: 'checkout-5xx'}],
        },
      },
    ])
  })

  it('finds the deployment again where the answer to its creation is lost', async () => {
    const {run, fake} = await codeDeploy({
      onCreate() {
        throw lost()
      },
    })
    expect(await run()).toMatchObject({outcome: 'done'})
    expect(fake.aws.of('CreateDeployment')).toHaveLength(1)
  })

  it('is a gate’s no where an alarm has stopped it', async () => {
    const as = {
      status: 'Stopped',
      errorInformation: {code: 'ALARM_ACTIVE', message: 'One or more alarms have been activated'},
    }
    const {run, served} = await codeDeploy({ends: {after: 2, as}})
    const report = await run()
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      byGate: true,
      members: [{serves: {version: '41', additional: null}}],
    })
    expect(report.why).toBe('CodeDeploy’s deployment was stopped: One or more alarms have been activated')
    expect(served()).toMatchObject({FunctionVersion: '41', weights: {}})
  })

  it('is stopped with its own rollback on Ctrl-C', async () => {
    const {run, fake, interrupt} = await codeDeploy({ends: {after: 500, as: {}}})
    fake.clock.at(fake.clock.now() + 2 * minute, interrupt)
    expect(await run()).toMatchObject({outcome: 'rolled-back', byGate: false, why: 'it was interrupted'})
    expect(fake.aws.of('StopDeployment')).toMatchObject([{input: {deploymentId: 'd-1', autoRollbackEnabled: true}}])
  })

  it('goes on by itself on Ctrl-C, where that was asked for', async () => {
    const {run, fake, interrupt} = await codeDeploy({ends: {after: 500, as: {}}, wish: {onInterrupt: 'hold'}})
    fake.clock.at(fake.clock.now() + 2 * minute, interrupt)
    const report = await run()
    expect(report).toMatchObject({outcome: 'held', members: [{state: 'held', basisPoints: 1_000}]})
    expect(report.why).toContain('aws deploy stop-deployment --deployment-id d-1 --auto-rollback-enabled')
    expect(fake.aws.of('StopDeployment')).toEqual([])
  })

  it('is stopped when a person asks for it', async () => {
    let asked = 0
    const {run} = await codeDeploy({
      ends: {after: 500, as: {}},
      controls: () => (++asked === 30 ? [{kind: 'rollback'}] : []),
    })
    expect(await run()).toMatchObject({outcome: 'rolled-back', why: 'it was asked to go back'})
  })

  it('says how to stop it where it may not', async () => {
    const {run, fake, interrupt} = await codeDeploy({ends: {after: 500, as: {}}, refuseStop: true})
    fake.clock.at(fake.clock.now() + 2 * minute, interrupt)
    const report = await run()
    expect(report.outcome).toBe('failed')
    expect(report.why).toMatch(/codedeploy:StopDeployment.*aws deploy stop-deployment --deployment-id d-1/s)
  })
})
