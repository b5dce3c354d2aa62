import {
  BatchGetDeploymentGroupsCommand,
  BatchGetDeploymentsCommand,
  type CreateDeploymentCommandInput,
  GetDeploymentConfigCommand,
  ListDeploymentConfigsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy'
import {UpdateAliasCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {appSpecOf} from '../../../src/sandbox/world/code-deploy/larder-deployments.ts'
import {refusal} from '../running.ts'
import {day, firstUsed, hour, minute} from '../world/larder-world.ts'
import {deploying, ofSearch, ofStock} from './deploying.ts'

describe('deployments', () => {
  test('are listed newest first, by group, status and time', async () => {
    const {client, list} = await deploying()
    const all = await list()
    expect(all).toHaveLength(3)
    const {deploymentsInfo = []} = await client.send(new BatchGetDeploymentsCommand({deploymentIds: all}))
    const times = deploymentsInfo.map(each => each.createTime?.getTime() ?? 0)
    expect(times).toEqual(times.toSorted((x, y) => y - x))
    expect(await list(ofStock)).toHaveLength(2)
    expect(await list({...ofSearch, includeOnlyStatuses: ['Failed', 'Stopped']})).toEqual([])
    expect(await list({createTimeRange: {start: new Date(firstUsed - day)}})).toEqual(all.slice(0, 1))
    expect(await list({createTimeRange: {end: new Date(firstUsed - day)}})).toEqual(all.slice(1))
  })

  test('have the configurations of AWS, and one of the company', async () => {
    const {client} = await deploying()
    const {deploymentConfigsList = []} = await client.send(new ListDeploymentConfigsCommand({}))
    expect(deploymentConfigsList).toHaveLength(10)
    const routing = async (deploymentConfigName: string) =>
      (await client.send(new GetDeploymentConfigCommand({deploymentConfigName}))).deploymentConfigInfo
        ?.trafficRoutingConfig
    expect(await routing('CodeDeployDefault.LambdaAllAtOnce')).toEqual({type: 'AllAtOnce'})
    expect(await routing('CodeDeployDefault.LambdaCanary10Percent30Minutes')).toEqual({
      type: 'TimeBasedCanary',
      timeBasedCanary: {canaryPercentage: 10, canaryInterval: 30},
    })
    expect(await routing('CodeDeployDefault.LambdaLinear10PercentEvery1Minute')).toEqual({
      type: 'TimeBasedLinear',
      timeBasedLinear: {linearPercentage: 10, linearInterval: 1},
    })
  })

  test('case 28: move the alias step by step, each at its time, whoever looks when', async () => {
    const {create, alias, clock, get, back, world} = await deploying()
    const start = clock.at
    const {deploymentId} = await create(back, {
      deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery3Minutes',
      description: 'back to 8',
    })
    expect(await get(deploymentId)).toMatchObject({status: 'Created', description: 'back to 8'})
    expect(await alias()).toEqual(['9', undefined])
    clock.at = start + 4_000
    expect([await alias(), (await get(deploymentId))?.status]).toEqual([['9', {'8': 0.1}], 'InProgress'])
    clock.at = start + 20 * minute
    expect(await alias()).toEqual(['9', {'8': 0.7}])
    clock.at = start + 2 * hour
    expect(await alias()).toEqual(['8', undefined])
    expect((await get(deploymentId))?.completeTime?.getTime()).toBe(start + 27 * minute + 5_000)
    // nobody looked for more than an hour, and the shares were what they were to be
    const share = (from: number, to: number) =>
      world.count('search', from, to, {version: '8'}) / world.count('search', from, to)
    expect(share(start + 28 * minute, clock.at - minute)).toBe(1)
    expect(share(start + minute, start + 9 * minute)).toBeLessThan(0.5)
  })

  test('case 28: one that is not at the version of the AppSpec, or at two, or goes nowhere, fails', async () => {
    const {create, get, clock, lambda, alias} = await deploying()
    const failed = async (content: string) => {
      const {deploymentId} = await create(content)
      clock.at += 10_000
      const {status, errorInformation, rollbackInfo} = (await get(deploymentId)) ?? {}
      expect([status, errorInformation?.code, rollbackInfo]).toEqual(['Failed', 'INVALID_LAMBDA_CONFIGURATION', {}])
      return errorInformation?.message
    }
    expect(await failed(appSpecOf('search', 'live', '8', '9'))).toMatch(
      /The Lambda function alias version does not match the current version in AppSpec file\.$/,
    )
    expect(await failed(appSpecOf('search', 'live', '9', '9'))).toMatch(/has an invalid configuration\.$/)
    expect(await failed(appSpecOf('search', 'live', '9', '99'))).toMatch(/version 99 does not exist/)
    expect(await failed(appSpecOf('search', 'none', '9', '8'))).toMatch(/alias none does not exist/)
    expect(await failed(appSpecOf('none', 'live', '9', '8'))).toMatch(/function none does not exist/)
    const RoutingConfig = {AdditionalVersionWeights: {'8': 0.05}}
    await lambda.send(new UpdateAliasCommand({FunctionName: 'search', Name: 'live', RoutingConfig}))
    expect(await failed(appSpecOf('search', 'live', '9', '8'))).toMatch(/with two versions/)
    expect(await alias()).toEqual(['9', {'8': 0.05}])
  })

  test('leave an alias alone that somebody else has moved', async () => {
    const {create, get, clock, lambda, alias, back} = await deploying()
    const {deploymentId} = await create(back)
    clock.at += minute
    expect(await alias()).toEqual(['9', {'8': 0.1}])
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: 'search',
        Name: 'live',
        FunctionVersion: '7',
        RoutingConfig: {AdditionalVersionWeights: {}},
      }),
    )
    clock.at += hour
    expect([await alias(), (await get(deploymentId))?.status]).toEqual([['7', undefined], 'Failed'])
  })

  test('stop at an alarm, and take back what they did; one that is not there is none', async () => {
    const {create, get, clock, alias, world} = await deploying()
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {}})
    clock.at += hour
    const {deploymentId} = await create(appSpecOf('checkout-api', 'live', '41', '42'), {
      deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery10Minutes',
      overrideAlarmConfiguration: {enabled: true, alarms: [{name: 'none'}, {name: 'checkout-api-live-errors'}]},
      autoRollbackConfiguration: {enabled: true, events: ['DEPLOYMENT_STOP_ON_ALARM']},
    })
    clock.at += day
    expect(await alias('checkout-api')).toEqual(['41', undefined])
    const info = await get(deploymentId)
    expect(info).toMatchObject({status: 'Stopped', errorInformation: {code: 'ALARM_ACTIVE'}})
    expect(info?.errorInformation?.message).toContain('<checkout-api-live-errors>')
    expect(await get(info?.rollbackInfo?.rollbackDeploymentId)).toMatchObject({status: 'Succeeded'})
    // it was on its way for a while
    const ranFor = (info?.completeTime?.getTime() ?? 0) - (info?.createTime?.getTime() ?? 0)
    expect(ranFor).toBeGreaterThan(minute)
    expect(ranFor).toBeLessThan(100 * minute)
  })

  test('do not begin where an alarm is active already', async () => {
    const {create, get, clock, alias} = await deploying()
    const {deploymentId} = await create(appSpecOf('checkout-api', 'live', '42', '41'), {
      overrideAlarmConfiguration: {enabled: true, alarms: [{name: 'checkout-api-errors'}]},
    })
    clock.at += 10_000
    expect(await get(deploymentId)).toMatchObject({status: 'Stopped', errorInformation: {code: 'ALARM_ACTIVE'}})
    expect(await alias('checkout-api')).toEqual(['42', undefined])
  })

  test('stopped without a rollback leave the alias at two versions', async () => {
    const {client, create, clock, alias, back, get} = await deploying()
    const {deploymentId} = await create(back)
    clock.at += minute
    await client.send(new StopDeploymentCommand({deploymentId, autoRollbackEnabled: false}))
    clock.at += hour
    expect(await alias()).toEqual(['9', {'8': 0.1}])
    expect((await get(deploymentId))?.rollbackInfo).toEqual({})
  })

  test('stopped before they began are stopped at once', async () => {
    const {client, create, clock, alias, back} = await deploying()
    const {deploymentId} = await create(back)
    const answer = await client.send(new StopDeploymentCommand({deploymentId, autoRollbackEnabled: true}))
    expect(answer.status).toBe('Succeeded')
    clock.at += hour
    expect(await alias()).toEqual(['9', undefined])
  })

  test('are one at a time in a group', async () => {
    const {create, clock, back} = await deploying()
    const {deploymentId} = await create(back)
    expect(await refusal(create(back))).toMatchObject({
      name: 'DeploymentLimitExceededException',
      message: `The Deployment Group 'search-live' already has an active Deployment '${deploymentId}'`,
    })
    clock.at += hour
    expect((await create(appSpecOf('search', 'live', '8', '9'))).deploymentId).not.toBe(deploymentId)
  })

  test('take an AppSpec in YAML', async () => {
    const {create, clock, alias} = await deploying()
    await create(
      `version: 0.0
# of the pipeline
Resources:
  - searchFunction:
      Type: AWS::Lambda::Function
      Properties:
        Name: "search"
        Alias: 'live'
        CurrentVersion: "9"   # as it is
        TargetVersion: "8"
`,
      {deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce'},
    )
    clock.at += 10_000
    expect(await alias()).toEqual(['8', undefined])
  })

  test.each([
    ['an application that is not there', {applicationName: 'none'}, 'ApplicationDoesNotExistException'],
    ['a group that is not there', {deploymentGroupName: 'none'}, 'DeploymentGroupDoesNotExistException'],
    ['no group', {deploymentGroupName: undefined}, 'DeploymentGroupNameRequiredException'],
    ['a configuration that is not there', {deploymentConfigName: 'none'}, 'DeploymentConfigDoesNotExistException'],
    ['no revision', {revision: undefined}, 'RevisionRequiredException'],
    ['no AppSpec', {revision: {appSpecContent: {content: 'hello'}}}, 'InvalidRevisionException'],
    ['another hash', {revision: {appSpecContent: {content: '{}', sha256: '0'}}}, 'InvalidRevisionException'],
    [
      'too many alarms',
      {overrideAlarmConfiguration: {enabled: true, alarms: Array.from({length: 11}, (_, i) => ({name: `a${i}`}))}},
      'AlarmsLimitExceededException',
    ],
  ])('are refused with %s', async (_what, more, name) => {
    const {create, back} = await deploying()
    expect((await refusal(create(back, more as Partial<CreateDeploymentCommandInput>))).name).toBe(name)
  })

  test('and groups that are not there are said not to be', async () => {
    const {client, get, list} = await deploying()
    expect(await refusal(get('d-ZZZZZZZZZ'))).toMatchObject({
      name: 'DeploymentDoesNotExistException',
      message: 'The deployment d-ZZZZZZZZZ could not be found',
    })
    expect((await refusal(get('nothing'))).name).toBe('InvalidDeploymentIdException')
    expect((await refusal(list({deploymentGroupName: 'search-live'}))).name).toBe('ApplicationNameRequiredException')
    const names = ['search-live', 'none']
    const found = await client.send(
      new BatchGetDeploymentGroupsCommand({applicationName: ofSearch.applicationName, deploymentGroupNames: names}),
    )
    expect(found.deploymentGroupsInfo).toHaveLength(1)
    expect(found.errorMessage).toContain('none')
  })
})
