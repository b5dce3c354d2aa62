import {describe, expect, it} from 'vitest'
import {createRateBudget} from '../../../../src/services/aws/rate-budget.ts'
import {leaseText} from '../../../../src/services/traffic/alias/lease.ts'
import type {RollbackSite} from '../../../../src/services/traffic/rollback/roll-back-member.ts'
import type {RollbackMember, RollbackOutcome} from '../../../../src/services/traffic/rollback/rollback.ts'
import {rollBackAll} from '../../../../src/services/traffic/rollback/run-rollback.ts'
import {deniedTo, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeAliases, fakeAliases, stateIn} from '../fake-aliases.ts'
import {unwrittenJournal} from '../unwritten-journal.ts'
import {memberIn} from './members.ts'

const lease = (basisPoints: number): string =>
  leaseText({
    runId: '20261120-140711-k3f9x2ab',
    by: 'ci',
    stage: 1,
    stages: 3,
    basisPoints,
    from: '41',
    to: '42',
    until: now + 3_600_000,
  })

function rollBack(
  fake: FakeAliases,
  members: readonly RollbackMember[],
  {stopped = ongoing(), ...more}: Partial<RollbackSite> & {readonly stopped?: AbortSignal} = {},
): Promise<readonly RollbackOutcome[]> {
  const journal = {...unwrittenJournal(), otherWrite: <T>(_: unknown, call: () => Promise<T>) => call()}
  const site: RollbackSite = {aws: fake.aws, journal, signal: ongoing(), doing() {}, isForced: false, ...more}
  return fake.clock.outcome(Array.fromAsync(rollBackAll(site, members, stopped)))
}

const shifted = (names: readonly string[] = ['checkout-api'], more = {}): FakeAliases => {
  const fake = fakeAliases(names, more)
  for (const name of names) fake.foreign(`${name}:live`, {weights: {'42': 0.25}})
  return fake
}

describe('going back', () => {
  it('is one write with version, no weights, description and revision, read back', async () => {
    const fake = shifted()
    const before = stateIn(fake)
    const [outcome] = await rollBack(fake, [memberIn(fake)])
    expect(fake.updates.map(({input}) => input)).toEqual([
      {
        FunctionName: expect.stringContaining('checkout-api'),
        Name: 'live',
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: {}},
        Description: 'what customers call',
        RevisionId: before.revisionId,
      },
    ])
    expect(outcome).toMatchObject({state: 'done', writes: 1, exitCode: 0, serves: {version: '41', additional: null}})
    expect(fake.aws.of('GetAlias')).toHaveLength(1)
  })

  it('writes nothing where the alias is there already', async () => {
    const fake = fakeAliases()
    const [outcome] = await rollBack(fake, [memberIn(fake, 'checkout-api', {isThere: true})])
    expect(fake.updates).toEqual([])
    expect(outcome).toMatchObject({state: 'done', writes: 0, serves: {version: '41'}})
  })

  it('case 8: is not done while provisioned concurrency is allocated, and Lambda keeps the bad version serving', async () => {
    let polls = 0
    const fake = fakeAliases(['checkout-api'], {
      GetProvisionedConcurrencyConfig: () => {
        if (++polls >= 3) fake.foreign('checkout-api:live', {weights: {}})
        return {Status: 'IN_PROGRESS'}
      },
    })
    fake.foreign('checkout-api:live', {FunctionVersion: '42'})
    fake.onUpdate = phase => {
      if (phase === 'after') fake.foreign('checkout-api:live', {weights: {'42': 1}})
    }
    const told: string[] = []
    const [outcome] = await rollBack(fake, [memberIn(fake)], {doing: what => told.push(what)})
    expect(polls).toBe(3)
    expect(told).toEqual([
      expect.stringMatching(/^checkout-api:live: 42 serves on until .* for 41, which usually takes/),
    ])
    expect(outcome).toMatchObject({state: 'done', serves: {version: '41', additional: null}})
  })

  it('case 8: fails in words where it is never allocated', async () => {
    const fake = fakeAliases(['checkout-api'], {
      GetProvisionedConcurrencyConfig: () => ({Status: 'FAILED', StatusReason: 'no capacity'}),
    })
    fake.foreign('checkout-api:live', {FunctionVersion: '42'})
    fake.onUpdate = phase => {
      if (phase === 'after') fake.foreign('checkout-api:live', {weights: {'42': 1}})
    }
    const [outcome] = await rollBack(fake, [memberIn(fake)])
    expect(outcome).toMatchObject({state: 'failed', writes: 1, exitCode: 1})
    expect(outcome?.detail).toMatch(/all traffic still goes to 42.*no capacity/)
  })

  it('case 25: leaves alone what somebody else moved meanwhile, and goes back with the others', async () => {
    const fake = shifted(['a', 'b', 'c'])
    const members = ['a', 'b', 'c'].map(name => memberIn(fake, name))
    fake.foreign('b:live', {FunctionVersion: '43', weights: {}})
    const outcomes = await rollBack(fake, members, {isForced: true})
    const stateOf = (name: string) => outcomes.find(({member}) => member.functionName === name)?.state
    expect([stateOf('a'), stateOf('b'), stateOf('c')]).toEqual(['done', 'foreign', 'done'])
    expect(stateIn(fake, 'b:live').version).toBe('43')
  })

  it('leaves alone what was written meanwhile and is between the same versions, unless it is forced', async () => {
    const fake = shifted()
    const member = memberIn(fake)
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
    const [left] = await rollBack(fake, [member])
    expect(left).toMatchObject({state: 'foreign', exitCode: 1, detail: expect.stringContaining('--force')})
    const [forced] = await rollBack(fake, [member], {isForced: true})
    expect(forced).toMatchObject({state: 'done', writes: 1})
  })

  it('reads a revision again three times, not for ever', async () => {
    const fake = shifted()
    const member = memberIn(fake)
    fake.onUpdate = phase => {
      if (phase === 'before') fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
    }
    const [outcome] = await rollBack(fake, [member], {isForced: true})
    expect(outcome?.state).toBe('foreign')
    expect(fake.updates).toHaveLength(4)
  })

  it('aborts a shift that goes a step on meanwhile: that is no foreign change', async () => {
    const fake = shifted()
    fake.foreign('checkout-api:live', {Description: lease(2_500)})
    const member = memberIn(fake, 'checkout-api', {
      aborts: {runId: '20261120-140711-k3f9x2ab', by: 'ci', isAlive: true},
    })
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}, Description: lease(5_000)})
    const [outcome] = await rollBack(fake, [member])
    expect(outcome).toMatchObject({state: 'done', serves: {version: '41', description: 'what customers call'}})
  })

  it('tries on for a minute while AWS fails, and is one change', async () => {
    const fake = shifted()
    fake.onUpdate = phase => {
      if (fake.clock.now() > now + 60_000) return undefined
      throw phase === 'before' ? awsError('ServiceException', 'An internal error', 500) : new Error('unreachable')
    }
    const [outcome] = await rollBack(fake, [memberIn(fake)])
    expect(outcome).toMatchObject({state: 'done', writes: 1, serves: {version: '41', additional: null}})
  })

  it('says after two minutes that nobody knows', async () => {
    const fake = shifted()
    fake.onUpdate = () => {
      throw awsError('ServiceException', 'An internal error', 500)
    }
    const [outcome] = await rollBack(fake, [memberIn(fake)])
    expect(outcome).toMatchObject({state: 'failed', detail: expect.stringContaining('nobody knows whether')})
    expect(fake.clock.now()).toBeLessThan(now + 180_000)
  })

  it('case 30: names the version that is gone', async () => {
    const fake = fakeAliases()
    fake.foreign('checkout-api:live', {FunctionVersion: '42'})
    const member = memberIn(fake)
    fake.versions.delete('41')
    const [outcome] = await rollBack(fake, [member])
    expect(outcome).toMatchObject({state: 'failed', writes: 0})
    expect(outcome?.detail).toMatch(/41/)
    expect(stateIn(fake).version).toBe('42')
  })

  it('case 27: stops a deployment of CodeDeploy with its own rollback, and never writes the alias itself', async () => {
    const stopped: unknown[] = []
    const fake = fakeAliases(['checkout-api'], {
      StopDeployment({input}) {
        stopped.push(input)
        fake.foreign('checkout-api:live', {weights: {}})
        return {status: 'Succeeded'}
      },
      GetDeployment: ({input}) => ({
        deploymentInfo:
          input['deploymentId'] === 'd-A1'
            ? {deploymentId: 'd-A1', status: 'Stopped', rollbackInfo: {rollbackDeploymentId: 'd-R1'}}
            : {deploymentId: 'd-R1', status: 'Succeeded'},
      }),
    })
    fake.foreign('checkout-api:live', {weights: {'42': 0.1}})
    const [outcome] = await rollBack(fake, [memberIn(fake, 'checkout-api', {deploymentId: 'd-A1'})])
    expect(stopped).toEqual([{deploymentId: 'd-A1', autoRollbackEnabled: true}])
    expect(fake.updates).toEqual([])
    expect(outcome).toMatchObject({state: 'done', writes: 0, serves: {version: '41', additional: null}})
  })

  it('case 27: fails where the deployment ended, and the alias does not serve what it did', async () => {
    const fake = fakeAliases(['checkout-api'], {
      StopDeployment: () => ({status: 'Succeeded'}),
      GetDeployment: ({input}) => ({
        deploymentInfo: {
          deploymentId: input['deploymentId'],
          status: 'Failed',
          rollbackInfo: input['deploymentId'] === 'd-A1' ? {rollbackDeploymentId: 'd-R1'} : {},
        },
      }),
    })
    fake.foreign('checkout-api:live', {weights: {'42': 0.1}})
    const [outcome] = await rollBack(fake, [memberIn(fake, 'checkout-api', {deploymentId: 'd-A1'})])
    expect(outcome).toMatchObject({state: 'failed', detail: expect.stringContaining('ended as Failed')})
    expect(fake.updates).toEqual([])
  })

  it('ends with 4 where writing aliases is not allowed, and names the permission', async () => {
    const fake = shifted()
    fake.onUpdate = () => {
      throw deniedTo('lambda:UpdateAlias')
    }
    const [outcome] = await rollBack(fake, [memberIn(fake)])
    expect(outcome).toMatchObject({state: 'failed', exitCode: 4})
    expect(outcome?.detail).toContain('lambda:UpdateAlias')
  })

  it('finishes what is under way when it is stopped, and says what was not begun', async () => {
    const names = Array.from({length: 40}, (_, at) => `f${at}`)
    const fake = shifted(names)
    const stop = new AbortController()
    fake.onUpdate = phase => {
      if (phase === 'after') stop.abort()
    }
    const outcomes = await rollBack(
      fake,
      names.map(name => memberIn(fake, name)),
      {stopped: stop.signal},
    )
    expect(outcomes).toHaveLength(40)
    const back = outcomes.filter(({state}) => state === 'done')
    expect(back).toHaveLength(fake.updates.length)
    const others = outcomes.filter(({state}) => state === 'failed')
    expect(others.length).toBeGreaterThan(0)
    for (const {detail, member} of others) {
      expect(detail).toContain('nothing was changed')
      expect(stateIn(fake, `${member.functionName}:live`).additional).toMatchObject({weight: 0.25})
    }
  })

  it('case 26: writes and reads back 100 functions within 15 calls a second, and is throttled by nobody', async () => {
    const names = Array.from({length: 100}, (_, at) => `f${at}`)
    const fake = shifted(names)
    const calls: number[] = []
    const operations: string[] = []
    const {budget: _, ...aws} = fake.aws
    const limited = {
      ...aws,
      budget: createRateBudget({clock: fake.clock, random: () => 0.5, nameOf: () => 'lambda', quota: () => 15}),
      lambda: async () => {
        const client = await fake.aws.lambda()
        const send = (command: never, options: never) => {
          calls.push(fake.clock.now())
          operations.push((command as object).constructor.name)
          return client.send(command, options)
        }
        return {send} as never
      },
    }
    const outcomes = await rollBack(
      fake,
      names.map(name => memberIn(fake, name)),
      {aws: limited},
    )
    expect(outcomes.every(({state}) => state === 'done')).toBe(true)
    expect(calls).toHaveLength(200)
    // what is read back waits for what is still to be written
    expect(operations.indexOf('GetAliasCommand')).toBe(100)
    const most = Math.max(...calls.map(start => calls.filter(at => at >= start && at < start + 1_000).length))
    expect(most).toBeLessThanOrEqual(15)
    expect((calls.at(-1) ?? 0) - (calls[0] ?? 0)).toBeLessThan(20_000)
  })
})

describe('durable executions', () => {
  it('that go on on the version that was left are listed, over all pages', async () => {
    const fake = shifted(['checkout-api'], {
      ListDurableExecutionsByFunction: ({input}: {input: Record<string, unknown>}) => {
        expect(input).toMatchObject({FunctionName: 'checkout-api', Qualifier: '42', Statuses: ['RUNNING']})
        return input['Marker']
          ? {DurableExecutions: [{DurableExecutionArn: 'arn:2'}]}
          : {DurableExecutions: [{DurableExecutionArn: 'arn:1'}], NextMarker: 'more'}
      },
    })
    const [outcome] = await rollBack(fake, [memberIn(fake, 'checkout-api', {isDurable: true})])
    expect(outcome?.durableExecutions).toEqual(['arn:1', 'arn:2'])
  })

  it('that may not be listed are a note, and the rollback is done', async () => {
    const fake = shifted(['checkout-api'], {
      ListDurableExecutionsByFunction: () => {
        throw awsError('AccessDeniedException', 'User: x is not authorized to perform: lambda:ListDurable', 403)
      },
    })
    const [outcome] = await rollBack(fake, [memberIn(fake, 'checkout-api', {isDurable: true})])
    expect(outcome).toMatchObject({state: 'done', exitCode: 0, durableExecutions: []})
    expect(outcome?.notes.join()).toContain('is not known')
  })
})
