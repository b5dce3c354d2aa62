import {
  GetDeploymentGroupCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy'
import {describe, expect, test} from 'vitest'
import {refusal} from '../running.ts'
import {day, firstUsed, hour, minute} from '../world/larder-world.ts'
import {deploying, ofSearch, ofStock, underWay} from './deploying.ts'

describe('the company', () => {
  test('has applications with groups, configurations, and past deployments that agree with its aliases', async () => {
    const {client, list, get, target, world} = await deploying()
    expect((await client.send(new ListApplicationsCommand({}))).applications).toEqual([
      'larder-insights-releases',
      'larder-shop-releases',
    ])
    expect((await client.send(new ListDeploymentGroupsCommand(ofSearch))).deploymentGroups).toEqual(['search-live'])
    const {deploymentGroupInfo} = await client.send(new GetDeploymentGroupCommand(ofSearch))
    const [last] = await list(ofSearch)
    expect(deploymentGroupInfo).toMatchObject({
      ...ofSearch,
      computePlatform: 'Lambda',
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      alarmConfiguration: {enabled: true, alarms: [{name: 'search-live-errors'}]},
      autoRollbackConfiguration: {enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']},
      lastSuccessfulDeployment: {deploymentId: last, status: 'Succeeded'},
    })
    expect(await get(last)).toMatchObject({status: 'Succeeded', creator: 'user', computePlatform: 'Lambda'})
    const moved = await target(last)
    expect(moved).toMatchObject({
      targetId: 'search:live',
      status: 'Succeeded',
      lambdaFunctionInfo: {
        functionName: 'search',
        functionAlias: 'live',
        currentVersion: '8',
        targetVersion: '9',
        targetVersionWeight: 100,
      },
    })
    const at =
      moved?.lifecycleEvents?.find(each => each.lifecycleEventName === 'AllowTraffic')?.startTime?.getTime() ?? 0
    expect(firstUsed - at).toBeGreaterThan(10 * day)
    const served = (from: number, to: number, version: string) => world.count('search', from, to, {version})
    expect([served(at - hour, at, '9'), served(at + minute, at + hour, '8')]).toEqual([0, 0])
    expect(served(at - hour, at, '8')).toBeGreaterThan(0)
  })

  test('case 27: is releasing stock-sync right now, and the alias goes on by itself', async () => {
    const {list, get, target, alias, clock, world} = await deploying()
    const [id, ...others] = await list(underWay)
    expect(others).toEqual([])
    expect(await get(id)).toMatchObject({
      ...ofStock,
      deploymentId: id,
      status: 'InProgress',
      deploymentConfigName: 'LarderLinear10PercentEvery4Hours',
      deploymentOverview: {InProgress: 1},
    })
    expect((await target(id))?.lambdaFunctionInfo).toMatchObject({
      functionName: 'stock-sync',
      currentVersion: '25',
      targetVersion: '26',
      targetVersionWeight: 20,
    })
    expect(await alias('stock-sync')).toEqual(['25', {'26': 0.2}])
    const before = world.count('stock-sync', firstUsed - 5 * hour, firstUsed - minute, {version: '26'})
    expect(before).toBeGreaterThan(4)
    clock.at = firstUsed + 2 * hour + minute
    expect(await alias('stock-sync')).toEqual(['25', {'26': 0.3}])
    expect((await target(id))?.lambdaFunctionInfo?.targetVersionWeight).toBe(30)
    clock.at = firstUsed + 31 * hour
    expect(await alias('stock-sync')).toEqual(['26', undefined])
    expect(await get(id)).toMatchObject({status: 'Succeeded', completeTime: expect.any(Date)})
    expect(await list(underWay)).toEqual([])
  })

  test('case 27: what is released right now can be stopped, and taken back by another deployment', async () => {
    const {client, list, get, target, alias, clock} = await deploying()
    const [deploymentId] = await list(underWay)
    const stopped = await client.send(new StopDeploymentCommand({deploymentId, autoRollbackEnabled: true}))
    expect(stopped.status).toBe('Pending')
    const info = await get(deploymentId)
    expect(info).toMatchObject({status: 'Stopped', errorInformation: {code: 'MANUAL_STOP'}})
    const back = info?.rollbackInfo?.rollbackDeploymentId
    expect(await get(back)).toMatchObject({
      status: 'Created',
      creator: 'codeDeployRollback',
      rollbackInfo: {rollbackTriggeringDeploymentId: deploymentId},
    })
    expect(await alias('stock-sync')).toEqual(['25', {'26': 0.2}])
    clock.at += 10_000
    expect(await alias('stock-sync')).toEqual(['25', undefined])
    expect((await get(back))?.status).toBe('Succeeded')
    expect((await target(back))?.lambdaFunctionInfo).toMatchObject({currentVersion: '26', targetVersion: '25'})
    clock.at += day
    expect(await alias('stock-sync')).toEqual(['25', undefined])
    expect(await refusal(client.send(new StopDeploymentCommand({deploymentId})))).toMatchObject({
      name: 'DeploymentAlreadyCompletedException',
    })
  })
})
