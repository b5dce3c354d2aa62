import {describe, expect, it} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {activeDeployments, pastDeployments} from '../../../../src/services/traffic/codedeploy/deployments.ts'
import {now, ongoing} from '../../fleet/fake-account.ts'
import {type FakeDeployment, fakeCodeDeploy} from './fake-deployments.ts'

const ref = {functionName: 'checkout-api', functionArn: 'arn', alias: 'live'}
const hour = 3_600_000
const week = {start: now - 168 * hour, end: now}

describe('deployments that are under way', () => {
  it('are found by what they move, whatever application they are of', async () => {
    const aws = fakeCodeDeploy({
      deployments: [
        {deploymentId: 'd-1', status: 'InProgress', moves: 'checkout-api:live 41>42', createTime: new Date(now - hour)},
        {deploymentId: 'd-2', status: 'Baking', moves: 'orders:live 7>8', applicationName: 'orders'},
        {deploymentId: 'd-3', status: 'Succeeded', moves: 'billing:live 1>2'},
        {deploymentId: 'd-4', status: 'InProgress', computePlatform: 'Server'},
        {deploymentId: 'd-5', status: 'Created'},
      ],
    })
    const active = await activeDeployments(aws, ongoing())
    expect(isKnown(active) && [...active.value.keys()]).toEqual(['checkout-api:live', 'orders:live'])
    expect(isKnown(active) && active.value.get('checkout-api:live')).toEqual({
      deploymentId: 'd-1',
      application: 'shop',
      group: 'checkout',
      status: 'InProgress',
      functionName: 'checkout-api',
      alias: 'live',
      from: '41',
      to: '42',
      weight: 0.1,
      createdAt: now - hour,
      endedAt: null,
      description: '',
    })
    expect(aws.of('ListDeployments')[0]?.input).not.toHaveProperty('applicationName')
    expect(aws.of('ListDeploymentTargets')).toHaveLength(3)
  })

  it('may be many, page by page', async () => {
    const deployments = Array.from({length: 60}, (_, i) => ({
      deploymentId: `d-${i}`,
      status: 'InProgress' as const,
      moves: `fn-${i}:live 1>2`,
    }))
    const aws = fakeCodeDeploy({deployments, pageSize: 20})
    const active = await activeDeployments(aws, ongoing())
    expect(isKnown(active) && active.value.size).toBe(60)
    expect(aws.of('ListDeployments')).toHaveLength(3)
    expect(aws.of('BatchGetDeployments')).toHaveLength(3)
  })

  it('are not known to who may not ask, with the permission', async () => {
    expect(await activeDeployments(fakeCodeDeploy({deployments: [], denied: ['ListDeployments']}), ongoing())).toEqual({
      unknown: 'denied',
      detail: expect.stringContaining('codedeploy:ListDeployments'),
    })
  })
})

describe('deployments that ended', () => {
  const ended = (deploymentId: string, hoursAgo: number, moves: string): FakeDeployment => ({
    deploymentId,
    status: 'Succeeded',
    moves,
    createTime: new Date(now - hoursAgo * hour),
    completeTime: new Date(now - hoursAgo * hour + 600_000),
  })

  it('tell what served before, newest first', async () => {
    const aws = fakeCodeDeploy({
      deployments: [
        ended('d-1', 100, 'checkout-api:live 39>40'),
        ended('d-2', 10, 'orders:live 7>8'),
        ended('d-3', 5, 'checkout-api:live 41>42'),
        ended('d-4', 500, 'checkout-api:live 38>39'),
        ended('d-5', 50, 'checkout-api:beta 40>41'),
        ended('d-6', 50, 'checkout-api:live 40>41'),
      ],
    })
    const past = await pastDeployments(aws, ref, week, ongoing())
    expect(isKnown(past) && past.value.map(({deploymentId, from, to}) => [deploymentId, from, to])).toEqual([
      ['d-3', '41', '42'],
      ['d-6', '40', '41'],
      ['d-1', '39', '40'],
    ])
  })

  it('are not looked at by their targets where their AppSpec names other functions', async () => {
    const content = 'Resources: [{orders: {Type: AWS::Lambda::Function, Properties: {Name: orders}}}]'
    const revision = {revisionType: 'String' as const, string: {content}}
    const others = Array.from({length: 80}, (_, i) => ({...ended(`d-${i}`, i / 10, 'orders:live 1>2'), revision}))
    const aws = fakeCodeDeploy({deployments: [...others, ended('d-mine', 100, 'checkout-api:live 40>41')]})
    const past = await pastDeployments(aws, ref, week, ongoing())
    expect(isKnown(past) && past.value.map(({deploymentId}) => deploymentId)).toEqual(['d-mine'])
    expect(aws.of('ListDeploymentTargets')).toHaveLength(1)
  })

  it('are not known where there are too many to look through', async () => {
    const deployments = Array.from({length: 80}, (_, i) => ended(`d-${i}`, i / 10, `fn-${i}:live 1>2`))
    const aws = fakeCodeDeploy({deployments})
    expect(await pastDeployments(aws, ref, week, ongoing())).toMatchObject({unknown: 'partial-data'})
    expect(aws.of('ListDeploymentTargets').length).toBeLessThanOrEqual(60)
  })
})
