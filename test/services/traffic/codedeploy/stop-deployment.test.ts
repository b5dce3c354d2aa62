import {expect, it} from 'vitest'
import {stopDeployment} from '../../../../src/services/traffic/codedeploy/stop-deployment.ts'
import {now, ongoing} from '../../fleet/fake-account.ts'
import {type FakeDeployment, fakeCodeDeploy} from './fake-deployments.ts'

const doing: string[] = []
const waiting = {signal: ongoing(), doing: (what: string) => void doing.push(what)}
const underWay = (): FakeDeployment => ({deploymentId: 'd-1', status: 'InProgress', moves: 'checkout-api:live 41>42'})

it('stops with its own rollback, and waits until that deployment is over', async () => {
  const deployments = [underWay()]
  const aws = fakeCodeDeploy({
    deployments,
    stop(deployment) {
      aws.fakeClock.at(now + 5_000, () => {
        deployment.status = 'Stopped'
      })
      aws.fakeClock.at(now + 9_000, () => {
        deployment.rollbackInfo = {rollbackDeploymentId: 'd-2'}
        deployments.push({deploymentId: 'd-2', status: 'InProgress', moves: 'checkout-api:live 42>41'})
      })
      aws.fakeClock.at(now + 60_000, () => {
        const [, rollback] = deployments
        if (rollback) rollback.status = 'Succeeded'
      })
    },
  })
  const stopping = stopDeployment(aws, 'd-1', waiting)
  expect(await aws.fakeClock.outcome(stopping)).toEqual({status: 'Succeeded', rollbackDeploymentId: 'd-2'})
  expect(aws.of('StopDeployment')[0]?.input).toEqual({deploymentId: 'd-1', autoRollbackEnabled: true})
  expect(doing).toEqual(['stops deployment d-1 with its own rollback', 'waits for rollback d-2 of deployment d-1'])
})

it('leaves one alone that is over already', async () => {
  const aws = fakeCodeDeploy({deployments: [{...underWay(), status: 'Succeeded'}]})
  expect(await aws.fakeClock.outcome(stopDeployment(aws, 'd-1', waiting))).toEqual({
    status: 'Succeeded',
    rollbackDeploymentId: null,
  })
})

it('says so where it had moved nothing yet, and there is no rollback', async () => {
  const aws = fakeCodeDeploy({deployments: [underWay()]})
  expect(await aws.fakeClock.outcome(stopDeployment(aws, 'd-1', waiting))).toEqual({
    status: 'Stopped',
    rollbackDeploymentId: null,
  })
})

it('does not wait for ever', async () => {
  const aws = fakeCodeDeploy({deployments: [underWay()], stop() {}})
  await expect(aws.fakeClock.outcome(stopDeployment(aws, 'd-1', waiting))).rejects.toMatchObject({
    code: 'NotStopped',
    message: 'deployment d-1 is still InProgress after ten minutes',
  })
})

it('names the permission that is missing', async () => {
  const aws = fakeCodeDeploy({deployments: [underWay()], denied: ['StopDeployment']})
  await expect(aws.fakeClock.outcome(stopDeployment(aws, 'd-1', waiting))).rejects.toMatchObject({
    exitCode: 4,
    hint: expect.stringContaining('codedeploy:StopDeployment'),
  })
})
