import {StateValue} from '@aws-sdk/client-cloudwatch'
import {describe, expect, it, test} from 'vitest'
import {leaseText} from '../../../../src/services/traffic/alias/lease.ts'
import type {ShiftWish} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {type FakeCall, now} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {begun, headerOf, intentOf} from '../traffic-runs.ts'
import {planned, refusalOf, type Shop, type ShopFunction} from './shop.ts'

const minute = 60_000
const checkout = (more: ShopFunction = {}): Shop => ({functions: {'checkout-api': more}})
const weighted = (FunctionVersion: string, weights: Record<string, number>): ShopFunction => ({
  alias: {FunctionVersion, RoutingConfig: {AdditionalVersionWeights: weights}},
})

describe('the plan of a shift', () => {
  it('says from what to what, by which steps, and how long the evidence takes', async () => {
    const versions = {
      '41': {MemorySize: 512, Environment: {Variables: {URL: 'a', OLD: 'secret', KEY: 'secret'}}},
      '42': {MemorySize: 1024, Environment: {Variables: {URL: 'a', NEW: 'secret', KEY: 'secret two'}}},
    }
    const {plan, notices, leftOut, aws} = await planned({shop: checkout({versions})})
    const [member] = plan.members
    expect(member).toMatchObject({
      functionName: 'checkout-api',
      alias: 'live',
      from: '41',
      to: '42',
      before: {version: '41', additional: null, revisionId: 'revision of checkout-api'},
      description: 'serves the shop',
      at: 0,
      differences: [
        {what: 'MemorySize', from: '512', to: '1024'},
        {what: 'CodeSha256', from: 'code of 41', to: 'code of 42'},
        {what: 'Environment', from: 'OLD', to: 'NEW'},
        {what: 'Environment', from: 'KEY', to: 'other values'},
      ],
      timeoutSeconds: 10,
      repeats: 1,
      traffic: {value: {perMinute: 100, aliasShare: 1}},
      // 200 clean invocations of the canary, as §3.3 has it, at ten a minute
      evidenceMs: 20 * minute,
    })
    expect(JSON.stringify(plan)).not.toContain('secret')
    expect(plan).toMatchObject({
      scope: {account: '123456789012', region: 'eu-west-1'},
      caller: 'arn:aws:sts::123456789012:assumed-role/oncall/ann',
      ladder: 'canary',
      stages: [
        {basisPoints: 1000, minMs: 5 * minute, wave: ['checkout-api']},
        {basisPoints: 10_000, minMs: 5 * minute, wave: ['checkout-api']},
      ],
      commits: true,
      leastMs: 10 * minute,
      maxTimeMs: 40 * minute,
      credentialsExpireAt: null,
      sameRelease: null,
      writesPerStage: 1,
      resumes: null,
    })
    expect(plan.gateCostUSD).toBeGreaterThan(0)
    expect(plan.gateCostUSD).toBeLessThan(0.05)
    expect([...notices, ...leftOut, ...plan.warnings]).toEqual([])
    // by a quota of its own
    expect(aws.of('GetFunction')).toHaveLength(2)
  })

  it('is nothing to do where the version serves already', async () => {
    const {plan, notices} = await planned({shop: checkout({alias: {FunctionVersion: '42'}})})
    expect(plan.members).toEqual([])
    expect(notices).toContain('checkout-api:live serves 42 already')
  })

  it('leaves out who serves it already, of several', async () => {
    const shop: Shop = {functions: {orders: {}, billing: {alias: {FunctionVersion: '42'}}}}
    const {plan} = await planned({shop})
    expect(plan.members.map(({functionName}) => functionName)).toEqual(['orders'])
  })

  it('goes on from the weight that the version has already', async () => {
    const ladder = {kind: 'linear', by: {basisPoints: 2000}, everyMs: minute} as const
    const {plan} = await planned({shop: checkout(weighted('41', {'42': 0.4})), wish: {ladder}})
    expect(plan.members[0]).toMatchObject({at: 4000, from: '41'})
    expect(plan.stages.map(({basisPoints}) => basisPoints)).toEqual([4000, 6000, 8000, 10_000])
  })

  it('says which run left the weight that is there', async () => {
    const journals = await emptyDirectory()
    const shop = checkout(weighted('41', {'42': 0.1}))
    expect((await planned({shop, journals})).plan.members[0]?.notes).toEqual([
      '42 has 10 % already, and no run of this machine says why: it goes on from there',
    ])
    const {aws} = await planned({shop})
    const journal = await begun(journals, aws, headerOf(['checkout-api']))
    const told = {revisionId: 'revision of checkout-api'}
    await journal.aliasWrite(
      intentOf('checkout-api', 'before', 0.1),
      async () => told,
      answer => answer,
    )
    await journal.end('done', 'it has the weight that was asked for')
    expect((await planned({shop, journals})).plan.members[0]?.notes).toEqual([
      '42 has 10 % already, as run 20261120-140711-k3f9x2ab of ana left it: it goes on from there',
    ])
  })

  it('is a weight and no more, without a gate and without an end', async () => {
    const wish = {ladder: {kind: 'weight', basisPoints: 1000}, gate: 'none'} as const
    const {plan} = await planned({shop: checkout(), wish})
    expect(plan).toMatchObject({commits: false, stages: [{basisPoints: 1000, minMs: 0}], leastMs: 0, gateCostUSD: 0})
    expect(plan.warnings).toEqual(['nothing is watched once the weight is set, and nothing takes it back'])
    const there = await planned({shop: checkout(weighted('41', {'42': 0.1})), wish})
    expect(there.plan.members).toEqual([])
    expect(there.notices).toEqual(['checkout-api:live gives 42 10 % already'])
  })

  it('moves all in one write where nobody looks on, versions of different roles too', async () => {
    const versions = {'41': {}, '42': {Role: 'arn:aws:iam::123456789012:role/other'}}
    const wish: Partial<ShiftWish> = {ladder: {kind: 'all-at-once'}, gate: 'none'}
    const {plan} = await planned({shop: checkout({versions}), wish})
    expect(plan).toMatchObject({stages: [], commits: true, writesPerStage: 1})
    expect(plan.members[0]?.differences.map(({what}) => what)).toEqual(['Role', 'CodeSha256'])
  })
})

describe('the newest version', () => {
  const latest = {to: {kind: 'latest'}} as const
  const versions = Object.fromEntries(Array.from({length: 60}, (_, i) => [String(i + 1), {}]))

  test('case 7: is on the second page, by its number as a number; $LATEST is never meant', async () => {
    const {plan, aws} = await planned({shop: checkout({versions}), wish: latest})
    expect(plan.members[0]).toMatchObject({from: '41', to: '60'})
    expect(aws.of('ListVersionsByFunction')).toHaveLength(2)
  })

  it('is not one that failed, and that is said', async () => {
    const failed = {...versions, '60': {State: 'Failed', StateReason: 'the image is gone'} as const}
    const {plan} = await planned({shop: checkout({versions: failed}), wish: latest})
    expect(plan.members[0]?.to).toBe('59')
    expect(plan.members[0]?.notes).toEqual([expect.stringContaining('version 60 of checkout-api is Failed')])
  })

  it('is the one that serves, though that has fallen asleep', async () => {
    const asleep = {'40': {}, '41': {State: 'Inactive'} as const}
    const {plan, notices} = await planned({shop: checkout({versions: asleep}), wish: latest})
    expect(plan.members).toEqual([])
    expect(notices).toEqual(['checkout-api:live serves 41 already'])
  })

  it('has to be one', async () => {
    expect(await refusalOf({shop: checkout({versions: {}}), wish: latest})).toMatchObject({
      code: 'NoMatch',
      message: 'checkout-api has no published version',
    })
  })
})

describe('what cannot be shifted is refused, in words that name both sides', () => {
  test('case 4: versions with different roles', async () => {
    const versions = {'41': {}, '42': {Role: 'arn:aws:iam::123456789012:role/other'}}
    const refusal = await refusalOf({shop: checkout({versions})})
    expect(refusal.message).toContain('41 has arn:aws:iam::123456789012:role/shop')
    expect(refusal.message).toContain('42 has arn:aws:iam::123456789012:role/other')
    expect(refusal.hint).toContain('--all-at-once --gate none')
  })

  test('case 4: versions with different dead letter queues', async () => {
    const versions = {'41': {DeadLetterConfig: {TargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead'}}, '42': {}}
    expect((await refusalOf({shop: checkout({versions})})).message).toContain(
      'the same dead letter queue; 41 has arn:aws:sqs:eu-west-1:123456789012:dead, 42 has none',
    )
  })

  test.each([
    ['$LATEST', 'which is no published version', 'publish-version'],
    ['$LATEST.PUBLISHED', 'which is published in place', 'Managed Instances'],
  ])('case 5: an alias on %s', async (FunctionVersion, message, hint) => {
    expect(await refusalOf({shop: checkout({alias: {FunctionVersion}})})).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  test('case 5: a version on a capacity provider', async () => {
    const versions = {
      '41': {},
      '42': {CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: undefined}},
    }
    expect((await refusalOf({shop: checkout({versions})})).message).toBe(
      'version 42 of checkout-api runs on a capacity provider',
    )
  })

  test('case 6: a version that is pending is waited for', async () => {
    const instead = ({operation, input, nth}: FakeCall) =>
      operation === 'GetFunction' && input['Qualifier'] === '42' && nth < 20
        ? {Configuration: {Version: '42', State: 'Pending'}}
        : undefined
    const {plan, aws} = await planned({shop: {...checkout(), instead}})
    expect(plan.members[0]?.to).toBe('42')
    expect(aws.fakeClock.now() - now).toBeGreaterThan(30_000)
  })

  test.each([
    [{State: 'Pending'}, 'is still Pending after 5 min'],
    [{State: 'Failed', StateReason: 'the role cannot be assumed'}, 'is Failed: the role cannot be assumed'],
    [{LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no image'}, 'is Failed: no image'],
    [{State: 'Inactive'}, 'is idle'],
    [{State: 'Deactivated'}, 'is Deactivated'],
  ] as const)('case 6: %j', async (state, message) => {
    const refusal = await refusalOf({shop: checkout({versions: {'41': {}, '42': state}})})
    expect(refusal).toMatchObject({code: 'NotReady', message: expect.stringContaining(message)})
  })

  test('a durable function is not refused, and what does not go back is said', async () => {
    const versions = {'41': {}, '42': {DurableConfig: {ExecutionTimeout: 3600}}}
    const {plan} = await planned({shop: checkout({versions})})
    expect(plan.members[0]?.notes).toEqual([expect.stringContaining('durable executions that begin on 42 stay on it')])
  })

  test('a version that does not exist, with those that do', async () => {
    const refusal = await refusalOf({shop: checkout(), wish: {to: {kind: 'version', version: '43'}}})
    expect(refusal).toMatchObject({
      code: 'NoMatch',
      message: 'checkout-api has no version 43',
      hint: 'the newest are 42, 41',
    })
  })

  test('case 30: the version that serves was deleted: there would be no way back', async () => {
    expect(await refusalOf({shop: checkout({versions: {'42': {}}})})).toMatchObject({
      code: 'NoWayBack',
      message: expect.stringContaining('version 41 of checkout-api, which live serves, does not exist'),
    })
  })

  test.each([
    [weighted('41', {'40': 0.25}), 'gives 25 % of its traffic to 40, the rest to 41', '--to 40'],
    [weighted('42', {'41': 0.2}), '42 is its main version already', 'rollback checkout-api:live --to 42'],
    [weighted('42', {'41': 1}), 'until 42 has its provisioned concurrency', 'wait'],
  ])('an alias that somebody else moves: %j', async (fn, message, hint) => {
    expect(await refusalOf({shop: checkout(fn)})).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  test('case 27: a deployment of CodeDeploy in progress, with its id', async () => {
    const lambdaFunctionInfo = {
      functionName: 'checkout-api',
      functionAlias: 'live',
      currentVersion: '41',
      targetVersion: '43',
    }
    const deployments = [
      {lambdaTarget: {lambdaFunctionInfo: {...lambdaFunctionInfo, functionName: 'other'}}},
      {lambdaTarget: {lambdaFunctionInfo}},
    ]
    const refusal = await refusalOf({shop: {...checkout(), deployments}})
    expect(refusal.message).toBe(
      'checkout-api:live is being moved by CodeDeploy, deployment d-1: InProgress from 41 to 43, by group checkout of shop',
    )
    expect(refusal.hint).toContain('slsops rollback checkout-api:live')
  })

  test('who may not ask CodeDeploy is told so, and is not kept from shifting', async () => {
    const {notices} = await planned({shop: {...checkout(), denied: ['ListDeployments']}})
    expect(notices).toEqual([expect.stringMatching(/who else manages the aliases is not known: needs codedeploy/)])
  })

  test('provisioned concurrency that is not allocated yet', async () => {
    expect((await refusalOf({shop: checkout({provisioned: 'IN_PROGRESS'})})).message).toContain('is not ready')
    const {plan} = await planned({shop: checkout({provisioned: 'READY'})})
    expect(plan.members[0]?.provisioned).toEqual({count: 5, isReady: true})
    expect(plan.members[0]?.notes).toEqual([expect.stringContaining('share its provisioned concurrency of 5')])
  })

  test('case 35: an alias that nobody calls, unless it is forced', async () => {
    const shop = checkout({byAlias: 0, all: 5000})
    expect(await refusalOf({shop})).toMatchObject({
      code: 'NobodyCalls',
      message: expect.stringContaining('nobody calls checkout-api:live'),
      hint: expect.stringContaining('--force'),
    })
    const {plan} = await planned({shop, wish: {force: true}})
    expect(plan.warnings.join()).toContain('0 % of the calls of checkout-api go through live, which is forced')
  })

  test('several members at once, of which none can', async () => {
    const versions = {'41': {}}
    const shop: Shop = {functions: {a: {versions}, b: {versions}, c: {}}}
    expect(await refusalOf({shop})).toMatchObject({
      message: 'a has no version 42; b has no version 42',
      code: 'NoMatch',
    })
  })

  test('a member that may not be looked at', async () => {
    const instead = ({operation, input}: FakeCall) => {
      if (operation !== 'GetAlias' && operation !== 'ListAliases') return undefined
      if (String(input['FunctionName']).endsWith('a')) throw awsError('AccessDeniedException', 'not authorized', 403)
      return undefined
    }
    expect(await refusalOf({shop: {functions: {a: {}, b: {}}, instead}, wish: {alias: 'live'}})).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('a cannot be looked at'),
    })
  })
})

describe('alarms', () => {
  const alarm = (AlarmName: string, state: StateValue) => ({
    AlarmName,
    StateValue: state,
    StateTransitionedTimestamp: new Date(now - 60_000),
    StateUpdatedTimestamp: new Date(now),
  })
  const shop: Shop = {
    ...checkout(),
    alarms: [alarm('5xx', StateValue.OK), alarm('red', StateValue.ALARM), alarm('mute', StateValue.INSUFFICIENT_DATA)],
    composites: [{...alarm('all', StateValue.OK), AlarmRule: 'ALARM(5xx)'}],
  }
  const watched = (...alarms: readonly string[]) => ({shop, wish: {alarms}})

  test('case 22: a name that is no alarm’s is an error, with the nearest', async () => {
    const refusal = await refusalOf(watched('5xxx'))
    expect(refusal.message).toContain('5xxx')
    expect(refusal.hint).toContain('5xx')
  })

  test('case 22: composite alarms are found', async () => {
    const {plan} = await planned(watched('5xx', 'all'))
    expect(plan.alarms.map(({name, kind, state}) => [name, kind, state])).toEqual([
      ['5xx', 'metric', 'OK'],
      ['all', 'composite', 'OK'],
    ])
  })

  test('case 22: one that is red already is refused, or allowed', async () => {
    expect(await refusalOf(watched('5xx', 'red'))).toMatchObject({
      code: 'AlarmIsRed',
      message: expect.stringContaining('alarm red is red already since 2026'),
      hint: expect.stringContaining('--allow-alarm red'),
    })
    const {plan} = await planned({shop, wish: {alarms: ['5xx', 'red'], allowAlarms: ['red']}})
    expect(plan.warnings).toEqual([expect.stringContaining('alarm red is red already, which is allowed')])
    expect(await refusalOf({shop, wish: {alarms: ['5xx'], allowAlarms: ['rde']}})).toMatchObject({exitCode: 2})
  })

  test('case 22: one that says nothing is no reason to go on', async () => {
    const {plan} = await planned(watched('mute'))
    expect(plan.warnings).toEqual([expect.stringContaining('alarm mute says nothing now')])
  })
})

describe('case 20: credentials that expire before the end', () => {
  const shop = {...checkout(), credentialsExpireAt: now + 20 * minute}

  it('are refused', async () => {
    expect(await refusalOf({shop})).toMatchObject({
      code: 'CredentialsExpire',
      message: expect.stringMatching(/^the credentials expire in (19|20) min.*, and the shift may take 55 min/),
      hint: expect.stringContaining('--dead-man'),
    })
  })

  it('are a warning where AWS itself rolls back, or goes on', async () => {
    const deadMan = {afterMs: 15 * minute, roleArn: 'arn:aws:iam::123456789012:role/rollback'}
    const guarded = await planned({shop, wish: {deadMan}})
    expect(guarded.plan.warnings[0]).toContain('the dead man rolls back 15 min after the last sign of life')
    const left = await planned({shop, wish: {handOver: {application: 'shop', group: 'checkout'}}})
    expect(left.plan.warnings[0]).toContain('CodeDeploy goes on without them')
  })

  it('are enough for a weight that is set', async () => {
    const wish = {ladder: {kind: 'weight', basisPoints: 1000}, gate: 'none'} as const
    expect((await planned({shop, wish})).plan.credentialsExpireAt).toBe(shop.credentialsExpireAt)
  })
})

describe('a lease', () => {
  const lease = (until: number): string =>
    leaseText({
      runId: '20261120-130000-k3f9x2ab',
      by: 'arn:aws:sts::123456789012:assumed-role/oncall/bob',
      stage: 3,
      stages: 6,
      basisPoints: 2500,
      from: '41',
      to: '42',
      until,
    })
  const held = (until: number): Shop =>
    checkout({
      alias: {
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: {'42': 0.25}},
        Description: lease(until),
      },
    })

  it('that somebody holds is refused, with who, how far and how to go on', async () => {
    const refusal = await refusalOf({shop: held(now + minute), wish: {takeOver: true}})
    expect(refusal).toMatchObject({code: 'LeaseHeld'})
    expect(refusal.message).toContain(
      'by bob (run 20261120-130000-k3f9x2ab, step 3 of 6, 25 % at 42), who holds it until',
    )
    expect(refusal.hint).toContain('--take-over --force')
  })

  it('is taken over by force, or once it is over', async () => {
    const forced = await planned({shop: held(now + minute), wish: {takeOver: true, force: true}})
    expect(forced.plan.members[0]).toMatchObject({at: 2500, from: '41', description: ''})
    expect(forced.plan.members[0]?.notes).toEqual([
      'it is taken over from run 20261120-130000-k3f9x2ab of bob',
      expect.stringContaining('is not known here'),
    ])
    const over = held(now - minute)
    expect((await refusalOf({shop: over})).hint).toContain('take it over: --take-over')
    expect((await planned({shop: over, wish: {takeOver: true}})).plan.members).toHaveLength(1)
  })
})

describe('evidence', () => {
  it('that takes longer than it may is told, with what would be sooner', async () => {
    const {plan} = await planned({shop: checkout({byAlias: 14_400})})
    expect(plan.members[0]?.evidenceMs).toBe(194 * minute)
    expect(plan.warnings).toEqual([
      'it takes 3 h 34 min until health has shown at the traffic of checkout-api:live (10 calls a minute), longer than it may wait (40 min): a step of 10 % takes 3 h 14 min, one of 50 % 43 min; --max-time 6h waits for it; else it will be held after 40 min',
    ])
  })

  it('that takes days is not to be waited for', async () => {
    const ladder = {kind: 'canary', basisPoints: 1, everyMs: minute} as const
    const {plan} = await planned({shop: checkout({byAlias: 14_400}), wish: {ladder}})
    expect(plan.warnings[0]).toContain('begin with a larger weight, or go by time and alarms: --gate none --alarm NAME')
    expect(plan.warnings[0]).not.toContain('--max-time')
  })

  it('is none where CodeDeploy goes by time', async () => {
    const {plan} = await planned({
      shop: checkout({byAlias: 14_400}),
      wish: {handOver: {application: 'shop', group: 'checkout'}},
    })
    expect(plan).toMatchObject({expectedMs: 5 * minute, leastMs: 5 * minute, gateCostUSD: 0})
    expect(plan.warnings).toEqual([expect.stringContaining('CodeDeploy goes by time and alarms, and none is named')])
  })

  it('says with what CodeDeploy deploys, and what the group watches', async () => {
    const handOver = {application: 'shop', group: 'checkout'}
    const ladder = {kind: 'canary', basisPoints: 1000, everyMs: 5 * minute} as const
    const {plan} = await planned({shop: {...checkout(), groupAlarms: ['checkout-5xx']}, wish: {handOver, ladder}})
    const config = 'CodeDeployDefault.LambdaCanary10Percent5Minutes'
    expect(plan.deployment).toEqual({...handOver, config, alarms: ['checkout-5xx']})
    expect(plan.warnings).toEqual([])
    const elsewhere = {...handOver, group: 'other'}
    expect(await refusalOf({shop: checkout(), wish: {handOver: elsewhere, ladder}})).toMatchObject({
      exitCode: 2,
      message: 'CodeDeploy has no deployment group shop/other for Lambda',
    })
    expect(await refusalOf({shop: checkout(), wish: {handOver, ladder: {...ladder, basisPoints: 1050}}})).toMatchObject(
      {
        message: 'CodeDeploy cannot do 10.5 % for 5 min',
      },
    )
  })

  it('that may wait for less than the ladder takes is a wrong usage', async () => {
    expect(await refusalOf({shop: checkout(), wish: {maxTimeMs: 5 * minute}})).toMatchObject({
      exitCode: 2,
      message: '--max-time is over after 5 min, and the ladder takes 10 min at least',
    })
  })

  it('is none without calls', async () => {
    const {plan} = await planned({shop: checkout({byAlias: 0, all: 0})})
    expect(plan).toMatchObject({expectedMs: null})
    expect(plan.warnings).toEqual([expect.stringContaining('no calls for a day')])
  })

  it('is not known where metrics may not be read', async () => {
    const {plan} = await planned({shop: {...checkout(), denied: ['GetMetricData']}})
    expect(plan.warnings).toEqual([expect.stringMatching(/called is not known: needs cloudwatch:GetMetricData/)])
  })

  const granted = (Service: string): string =>
    JSON.stringify({Statement: [{Effect: 'Allow', Principal: {Service}, Action: 'lambda:InvokeFunction'}]})

  test('case 17: an HTTP 500 that is returned is not seen, unless log lines are counted', async () => {
    const shop = checkout({policy: granted('apigateway.amazonaws.com')})
    expect((await planned({shop})).plan.warnings).toEqual([
      expect.stringMatching(/^checkout-api:live answers API Gateway: an HTTP 500 that is returned is no error/),
    ])
    expect((await planned({shop, wish: {gateFilter: '"status":500'}})).plan.warnings).toEqual([])
  })

  test('case 17: a function URL needs no policy where roles alone may call it', async () => {
    const {plan, aws} = await planned({shop: checkout({urls: ['live']})})
    expect(plan.warnings).toEqual([expect.stringMatching(/^checkout-api:live answers a function URL: an HTTP 500/)])
    expect(aws.of('ListFunctionUrlConfigs')).toHaveLength(1)
    expect((await planned({shop: checkout({urls: ['other']})})).plan.warnings).toEqual([])
    const denied = await planned({shop: {...checkout({urls: ['live']}), denied: ['ListFunctionUrlConfigs']}})
    expect([...denied.plan.warnings, ...denied.notices]).toEqual([])
  })

  it('counts a third where what fails is tried three times', async () => {
    const {plan} = await planned({shop: checkout({policy: granted('sns.amazonaws.com')})})
    expect(plan.members[0]?.repeats).toBe(3)
  })

  it('is late where a call may take a quarter of an hour', async () => {
    const versions = {'41': {Timeout: 30}, '42': {Timeout: 900}}
    const {plan} = await planned({shop: checkout({versions})})
    expect(plan.members[0]?.timeoutSeconds).toBe(900)
    expect(plan.warnings).toEqual([expect.stringContaining('checkout-api:live may run for up to 15 min')])
  })
})

describe('other managers', () => {
  test.each([
    [
      {'aws:cloudformation:stack-name': 'shop'},
      'cloudformation',
      'is managed by CloudFormation (shop): the next deploy',
    ],
    [{ManagedBy: 'Terraform'}, 'terraform', 'is managed by Terraform (ManagedBy=Terraform): an apply meanwhile'],
    [{terraform: 'true'}, 'terraform', 'is managed by Terraform'],
  ])('%j', async (tags, kind, warning) => {
    const {plan} = await planned({shop: checkout({tags})})
    expect(plan.members[0]?.managers).toMatchObject([{kind, isActive: false}])
    expect(plan.warnings).toEqual([expect.stringContaining(warning)])
  })

  test.each([{terraform: 'false'}, {'managed-by': 'hand'}, {team: 'tf'}])('%j is none', async tags => {
    expect((await planned({shop: checkout({tags})})).plan.members[0]?.managers).toEqual([])
  })
})

describe('several functions', () => {
  const five: Shop = {functions: {a: {}, b: {}, c: {}, d: {}, e: {}}}
  const half = {kind: 'canary', basisPoints: 5000, everyMs: minute} as const

  test('case 34: of a hop chain of five at half of the traffic', async () => {
    const {plan} = await planned({shop: five, wish: {ladder: half}})
    expect(plan.sameRelease).toBe(0.0625)
    expect(plan.warnings.join()).toContain('meets one release only in 6.25 % of cases')
  })

  it('go in waves, those of no wave at last', async () => {
    const {plan} = await planned({
      shop: five,
      wish: {
        ladder: half,
        waves: [
          ['d', '[ab]'],
          ['a', 'c:live'],
        ],
      },
    })
    expect(plan.stages.map(({wave, basisPoints}) => [wave.join(), basisPoints])).toEqual([
      ['a,b,d', 5000],
      ['a,b,d', 10_000],
      ['c', 5000],
      ['c', 10_000],
      ['e', 5000],
      ['e', 10_000],
    ])
    expect(plan.writesPerStage).toBe(3)
  })

  test.each<[Partial<ShiftWish>, string]>([
    [{waves: [['x*']]}, '--wave x* holds none of the functions'],
    [{muted: ['x']}, '--mute x is none of the functions'],
    [{solo: 'x'}, '--solo x is none of the functions'],
    [{muted: ['a', 'b', 'c', 'd', 'e']}, 'all functions are muted'],
    [{to: {kind: 'each', versions: new Map([['a', '42']])}}, '--to-file says no version of b'],
    [{to: {kind: 'each', versions: new Map([['x', '42']])}}, '--to-file names x, which the targets do not'],
  ])('%j is a wrong usage', async (wish, message) => {
    expect(await refusalOf({shop: five, wish})).toMatchObject({exitCode: 2, message: expect.stringContaining(message)})
  })

  it('have a version each', async () => {
    const versions = {'41': {}, '42': {}, '43': {}}
    const shop: Shop = {functions: {a: {}, b: {versions}}}
    const to = {
      kind: 'each',
      versions: new Map([
        ['a', '42'],
        ['b', 'latest'],
      ]),
    } as const
    const {plan} = await planned({shop, wish: {to}})
    expect(plan.members.map(member => member.to)).toEqual(['42', '43'])
    expect(JSON.stringify(plan)).not.toContain('"kind":"each"')
  })

  it('of which one alone moves meet one release', async () => {
    const some = async (wish: Partial<ShiftWish>) => (await planned({shop: five, wish: {ladder: half, ...wish}})).plan
    expect((await some({muted: ['a', 'b', 'c']})).sameRelease).toBe(0.5)
    expect((await some({solo: 'a'})).sameRelease).toBeNull()
  })

  it('goes back to a smaller weight by itself, which is in step with nobody', async () => {
    const wish = {ladder: {kind: 'weight', basisPoints: 2000}, gate: 'none'} as const
    const {plan} = await planned({shop: checkout(weighted('41', {'42': 0.5})), wish})
    expect(plan.warnings).toContain('checkout-api:live goes back from 50 % to 20 %')
  })

  it('that stand at different weights come into step', async () => {
    const shop: Shop = {functions: {a: weighted('41', {'42': 0.5}), b: {}}}
    const {plan} = await planned({shop})
    expect(plan.stages[0]?.basisPoints).toBe(1000)
    expect(plan.warnings).toContain('a:live goes back from 50 % to 10 %, to be in step with the others')
  })

  test('case 33: a tag that others carry by now is refused before anything is changed, with the difference', async () => {
    const functions: Record<string, ShopFunction> = {a: {tags: {team: 'shop'}}, b: {tags: {team: 'shop'}}}
    const {run, aws} = await planned({shop: {functions}, tags: ['team=shop']})
    functions['c'] = {tags: {team: 'shop'}}
    delete functions['a']
    const shifting = run({undoSignal: () => AbortSignal.timeout(1000), controls: () => []}).next()
    await expect(shifting).rejects.toMatchObject({
      code: 'PlanIsOld',
      message: expect.stringContaining('c came, a went'),
    })
    expect(aws.of('UpdateAlias')).toEqual([])
  })

  test('case 33: a glob that stands for others is refused, names are not asked for again', async () => {
    const functions: Record<string, ShopFunction> = {a: {}, b: {}}
    const globbed = await planned({shop: {functions}, targets: ['*']})
    const named = await planned({shop: {functions}, targets: ['a:live', 'b']})
    functions['c'] = {}
    const runOf = ({run}: typeof named) => run({undoSignal: () => AbortSignal.timeout(1000), controls: () => []})
    const refused = runOf(globbed).next()
    await expect(refused).rejects.toMatchObject({code: 'PlanIsOld', message: expect.stringContaining('c came')})
    const running = runOf(named)
    expect((await running.next()).value).toMatchObject({kind: 'begun'})
    await running.return()
    expect(named.aws.of('ListFunctions')).toEqual([])
  })

  test('a hundred of them are looked at within the quota, and a stage’s writes are told', async () => {
    const names = Array.from({length: 100}, (_, i) => `fn-${i}`)
    const {plan, aws} = await planned({shop: {functions: Object.fromEntries(names.map(name => [name, {}]))}})
    expect(plan.members).toHaveLength(100)
    expect(plan.writesPerStage).toBe(100)
    expect(plan.warnings.join()).toContain('each stage writes 100 aliases, which takes about 10 s')
    // of Lambda's control plane, which all of the account shares, three calls each
    const controlPlane = ['GetFunctionConfiguration', 'GetAlias', 'ListAliases', 'ListProvisionedConcurrencyConfigs']
    expect(controlPlane.reduce((sum, operation) => sum + aws.of(operation).length, 0)).toBeLessThanOrEqual(300)
    expect(aws.of('GetMetricData')).toHaveLength(1)
    expect(aws.of('ListEventSourceMappings')).toHaveLength(1)
  })
})
