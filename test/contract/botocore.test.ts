// The traffic of the embedded AWS as a client sees it that nobody here wrote: botocore, which moto brings along, and AWS's models.
import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Readable, Writable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {serveAws} from '../../src/sandbox/server.ts'
import {openState} from '../../src/sandbox/state.ts'
import {createWorld} from '../../src/sandbox/world/create-world.ts'
import {type AwsServer, motoServer} from './servers.ts'

const region = 'eu-west-1'
const besideMoto = join(dirname(process.env['MOTO_SERVER'] ?? ''), 'python3')
const script = fileURLToPath(new URL('botocore-calls.py', import.meta.url))

type Told = {
  readonly answer?: Readonly<Record<string, unknown>>
  readonly faults?: string
  readonly error?: string
  readonly message?: string
}

describe.runIf(motoServer.ready && existsSync(besideMoto))('the embedded AWS to botocore', () => {
  let server: Pick<AwsServer, 'url'> & {close(): Promise<void>}
  let python: ChildProcessByStdio<Writable, Readable, null>
  let answers: AsyncIterator<string>

  beforeAll(async () => {
    const now = Date.now
    const state = await openState({directory: null, now, seed: 1})
    server = await serveAws({world: createWorld({seed: 1, now, company: 'larder', state})})
    python = spawn(besideMoto, [script, server.url, region], {stdio: ['pipe', 'pipe', 'inherit']})
    answers = createInterface({input: python.stdout})[Symbol.asyncIterator]()
  })
  afterAll(async () => {
    python?.kill()
    await server?.close()
  })

  async function told(service: string, operation: string, input: object): Promise<Told> {
    python.stdin.write(`${JSON.stringify({service, operation, input})}\n`)
    const {value} = await answers.next()
    return JSON.parse(value)
  }
  /** An answer that is as AWS's model of the service has it. */
  async function call<T = Record<string, never>>(service: string, operation: string, input: object = {}): Promise<T> {
    const {answer, ...other} = await told(service, operation, input)
    expect(other, operation).toEqual({faults: ''})
    return answer as T
  }

  const alias = {FunctionName: 'cart-api', Name: 'live'}
  const weights = (additional: Readonly<Record<string, number>>) => ({
    ...alias,
    FunctionVersion: '62',
    RoutingConfig: {AdditionalVersionWeights: additional},
  })

  test('aliases are read, moved under their revision, and refused as AWS refuses', async () => {
    const {RevisionId, Description} = await call<Record<string, string>>('lambda', 'GetAlias', alias)
    const moved = {...weights({'63': 0.25}), RevisionId}
    expect(await call('lambda', 'UpdateAlias', moved)).toMatchObject({
      RoutingConfig: {AdditionalVersionWeights: {'63': 0.25}},
    })
    expect(await told('lambda', 'UpdateAlias', moved)).toMatchObject({error: 'PreconditionFailedException'})
    for (const [additional, error] of [
      [{'63': 2}, 'ValidationException'],
      [{'62': 0.1}, 'InvalidParameterValueException'],
      [{'61': 0.1, '63': 0.1}, 'InvalidParameterValueException'],
      [{'999': 0.1}, 'ResourceNotFoundException'],
    ] as const)
      expect(await told('lambda', 'UpdateAlias', weights(additional))).toMatchObject({error})
    expect(await call('lambda', 'UpdateAlias', {...weights({}), Description})).not.toHaveProperty('RoutingConfig')
    await call('lambda', 'ListAliases', {FunctionName: 'cart-api'})
    await call('lambda', 'ListVersionsByFunction', {FunctionName: 'cart-api'})
    await call('lambda', 'ListProvisionedConcurrencyConfigs', {FunctionName: 'inventory'})
  })

  test('deployments are listed, described and stopped', async () => {
    const {applications} = await call<{applications: string[]}>('codedeploy', 'ListApplications')
    for (const applicationName of applications) {
      const {deploymentGroups} = await call<{deploymentGroups: string[]}>('codedeploy', 'ListDeploymentGroups', {
        applicationName,
      })
      for (const deploymentGroupName of deploymentGroups)
        await call('codedeploy', 'GetDeploymentGroup', {applicationName, deploymentGroupName})
    }
    const {deployments} = await call<{deployments: string[]}>('codedeploy', 'ListDeployments', {
      includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Ready', 'Baking'],
    })
    const [deploymentId] = deployments
    expect(deploymentId).toMatch(/^d-[A-Z0-9]+$/)
    await call('codedeploy', 'GetDeployment', {deploymentId})
    await call('codedeploy', 'BatchGetDeployments', {deploymentIds: deployments})
    const {targetIds} = await call<{targetIds: string[]}>('codedeploy', 'ListDeploymentTargets', {deploymentId})
    await call('codedeploy', 'BatchGetDeploymentTargets', {deploymentId, targetIds})
    await call('codedeploy', 'StopDeployment', {deploymentId, autoRollbackEnabled: true})
  })

  test('schedules are made, changed, read and deleted; alarms are described', async () => {
    const schedule = {
      Name: 'slsops-botocore',
      ScheduleExpression: 'at(2036-01-01T00:00:00)',
      FlexibleTimeWindow: {Mode: 'OFF'},
      State: 'DISABLED',
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:lambda:updateAlias',
        RoleArn: 'arn:aws:iam::123456789012:role/slsops-dead-man',
        Input: '{}',
      },
    }
    await call('scheduler', 'CreateSchedule', schedule)
    await call('scheduler', 'UpdateSchedule', schedule)
    const {Name} = schedule
    const {Target, State} = schedule
    expect(await call('scheduler', 'GetSchedule', {Name})).toMatchObject({Target, State})
    await call('scheduler', 'ListSchedules')
    await call('scheduler', 'DeleteSchedule', {Name})
    expect(await told('scheduler', 'GetSchedule', {Name})).toMatchObject({error: 'ResourceNotFoundException'})
    expect(await call('cloudwatch', 'DescribeAlarms', {AlarmTypes: ['MetricAlarm', 'CompositeAlarm']})).toMatchObject({
      MetricAlarms: expect.arrayContaining([expect.objectContaining({AlarmName: 'checkout-api-live-errors'})]),
    })
  })
})
