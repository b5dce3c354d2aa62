import {describe, expect, it} from 'vitest'
import type {Deployment} from '../../../../src/services/traffic/codedeploy/deployments.ts'
import type {FoundAlias} from '../../../../src/services/traffic/plan/find-aliases.ts'
import type {Surroundings} from '../../../../src/services/traffic/rollback/claims.ts'
import {planTo, planWayBack} from '../../../../src/services/traffic/rollback/plan-member.ts'
import {deniedTo, ongoing} from '../../fleet/fake-account.ts'
import {type FakeAliases, fakeAliases, refOf, stateIn} from '../fake-aliases.ts'

const deployment: Deployment = {
  deploymentId: 'd-A1',
  application: 'shop',
  group: 'live',
  status: 'InProgress',
  functionName: 'checkout-api',
  alias: 'live',
  from: '41',
  to: '42',
  weight: 0.1,
  createdAt: 0,
  endedAt: null,
  description: '',
}
const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  records: [],
  deployments: {value: new Map()},
  isAlive: () => false,
  ...more,
})
const deploying = around({deployments: {value: new Map([['checkout-api:live', deployment]])}})

const found = (fake: FakeAliases, more: Partial<FoundAlias['configuration']> = {}): FoundAlias => ({
  ...refOf('checkout-api'),
  state: stateIn(fake),
  configuration: {FunctionName: 'checkout-api', ...more},
})
const active = {GetFunction: () => ({Configuration: {State: 'Active'}})}

describe('case 27: an alias that CodeDeploy moves', () => {
  it('is left to it: the deployment is stopped with its own rollback', async () => {
    const fake = fakeAliases()
    fake.foreign('checkout-api:live', {weights: {'42': 0.1}})
    const member = await planWayBack(fake.aws, found(fake), deploying, ongoing())
    expect(member).toMatchObject({from: '42', to: '41', deploymentId: 'd-A1', isThere: false})
  })

  it('is given no other version', async () => {
    const fake = fakeAliases(['checkout-api'], active)
    await expect(planTo(fake.aws, found(fake), '39', deploying, ongoing())).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('d-A1'),
      hint: expect.stringContaining('rollback to 41'),
    })
    const same = await fake.clock.outcome(planTo(fake.aws, found(fake), '41', deploying, ongoing()))
    expect(same.deploymentId).toBe('d-A1')
  })
})

describe('a version that is named', () => {
  it.each([
    ['Pending', /is Pending/],
    ['Failed', /is Failed/],
  ])('is refused while it is %s', async (State, why) => {
    const fake = fakeAliases(['checkout-api'], {GetFunction: () => ({Configuration: {State}})})
    const planned = fake.clock.outcome(planTo(fake.aws, found(fake), '42', around(), ongoing()))
    await expect(planned).rejects.toThrow(why)
  })

  it('is taken unseen where it may not be looked at, and that is said', async () => {
    const fake = fakeAliases(['checkout-api'], {
      GetFunction() {
        throw deniedTo('lambda:GetFunction')
      },
      GetFunctionConfiguration() {
        throw deniedTo('lambda:GetFunctionConfiguration')
      },
    })
    const member = await fake.clock.outcome(planTo(fake.aws, found(fake), '42', around(), ongoing()))
    expect(member.notes).toEqual([expect.stringContaining('lambda:GetFunction')])
  })

  it('case 8: is waited for where Lambda moves the alias there already, and not written again', async () => {
    const fake = fakeAliases(['checkout-api'], {
      ...active,
      GetProvisionedConcurrencyConfig: () => ({Status: 'IN_PROGRESS'}),
    })
    fake.foreign('checkout-api:live', {weights: {'42': 1}})
    const member = await fake.clock.outcome(planTo(fake.aws, found(fake), '41', around(), ongoing()))
    expect(member).toMatchObject({isThere: true, notes: [expect.stringContaining('that is waited for')]})
  })

  it('takes all traffic of two versions', async () => {
    const fake = fakeAliases(['checkout-api'], active)
    fake.foreign('checkout-api:live', {weights: {'42': 0.3}})
    const plan = (to: string) => fake.clock.outcome(planTo(fake.aws, found(fake), to, around(), ongoing()))
    expect(await plan('41')).toMatchObject({from: '42', to: '41', isThere: false})
    expect(await plan('43')).toMatchObject({from: '41', to: '43'})
  })
})

it('an alias that serves what is published in place has nothing to go back to', async () => {
  const fake = fakeAliases(['checkout-api'], active)
  fake.foreign('checkout-api:live', {FunctionVersion: '$LATEST.PUBLISHED'})
  const planned = fake.clock.outcome(planTo(fake.aws, found(fake), '41', around(), ongoing()))
  await expect(planned).rejects.toMatchObject({exitCode: 2})
})
