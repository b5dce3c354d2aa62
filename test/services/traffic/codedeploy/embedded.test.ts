import {expect, it} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {readAliasState} from '../../../../src/services/traffic/alias/read-alias-state.ts'
import {activeDeployments, pastDeployments} from '../../../../src/services/traffic/codedeploy/deployments.ts'
import {stopDeployment} from '../../../../src/services/traffic/codedeploy/stop-deployment.ts'
import {readManagers} from '../../../../src/services/traffic/plan/managers.ts'
import {openShift} from '../../../../src/services/traffic/plan/open-shift.ts'
import {firstUsed, minute} from '../../../sandbox/world/larder-world.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {embeddedAliases} from '../embedded-aliases.ts'
import {usualWish} from '../usual-wish.ts'

const dayMs = 1440 * minute

async function company() {
  const {aws, refOf, clock} = await embeddedAliases()
  clock.at = Math.ceil(firstUsed / minute) * minute
  return {aws, refOf, clock}
}

it('case 27: what CodeDeploy moves right now is found, and a shift of it refused by its id', async () => {
  const {aws, refOf} = await company()
  const active = await activeDeployments(aws, ongoing())
  const moving = isKnown(active) ? active.value.get('stock-sync:live') : undefined
  expect(moving).toMatchObject({status: 'InProgress', from: '25', to: '26', weight: 0.2, endedAt: null})
  expect(isKnown(active) && active.value.size).toBe(1)
  const [managed] = await readManagers(aws, [refOf('stock-sync')], ongoing())
  expect(managed?.unknown).toBe(null)
  expect(managed?.managers[0]).toMatchObject({kind: 'codedeploy', name: moving?.deploymentId, isActive: true})
  const wish = {...usualWish, to: {kind: 'latest'} as const, journals: '/nowhere'}
  await expect(openShift(aws, {targets: ['stock-sync']}, wish, ongoing())).rejects.toMatchObject({
    code: 'MovedByOther',
    message: expect.stringContaining(`CodeDeploy, deployment ${moving?.deploymentId}`),
  })
})

it('tells what CodeDeploy moved before', async () => {
  const {aws, refOf, clock} = await company()
  const window = {start: clock.at - 30 * dayMs, end: clock.at}
  const past = await pastDeployments(aws, refOf('search'), window, ongoing())
  expect(isKnown(past) && past.value).toMatchObject([{status: 'Succeeded', from: '8', to: '9', weight: 1}])
})

it('stops it with its own rollback, after which the alias serves what it did', async () => {
  const {aws, refOf} = await company()
  const active = await activeDeployments(aws, ongoing())
  const {deploymentId = ''} = (isKnown(active) && active.value.get('stock-sync:live')) || {}
  const waiting = {signal: ongoing(), doing() {}}
  const stopped = await stopDeployment(aws, deploymentId, waiting)
  expect(stopped).toMatchObject({status: 'Succeeded', rollbackDeploymentId: expect.stringMatching(/^d-/)})
  expect(await readAliasState(aws, refOf('stock-sync'), ongoing())).toMatchObject({version: '25', additional: null})
  expect(await stopDeployment(aws, deploymentId, waiting)).toEqual(stopped)
})

it('plans a shift of the company’s api, by what the company has', async () => {
  const {aws} = await company()
  const journals = '/nowhere'
  const to = {kind: 'version', version: '41'} as const
  const {plan, notices} = await openShift(aws, {targets: ['checkout-api']}, {...usualWish, to, journals}, ongoing())
  expect(notices).toEqual([])
  const [member] = plan.members
  expect(member).toMatchObject({from: '42', to: '41', at: 0, repeats: 1})
  expect(member?.managers.map(({kind}) => kind)).toEqual(['cloudformation'])
  expect(member && isKnown(member.traffic) && member.traffic.value.perMinute).toBeGreaterThan(1)
  expect(plan.warnings.join()).toContain('checkout-api:live answers API Gateway')
})
