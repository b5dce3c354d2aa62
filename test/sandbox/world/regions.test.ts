import {CloudFormationClient, DescribeStacksCommand} from '@aws-sdk/client-cloudformation'
import {CloudWatchClient, DescribeAlarmsCommand} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  StartLiveTailCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand} from '@aws-sdk/client-lambda'
import {GetResourcesCommand, ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import {describe, expect, onTestFinished, test} from 'vitest'
import {type RunningServer, serveAws} from '../../../src/sandbox/server.ts'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld, createWorldsAbroad} from '../../../src/sandbox/world/create-world.ts'
import type {World} from '../../../src/sandbox/world/world.ts'
import {refusal} from '../running.ts'
import {allEvents, day, firstUsed, hour, minute} from './larder-world.ts'

const seed = 20_260

/** The company's worlds by region, over one state, with a clock that tests set. */
async function everywhere() {
  const clock = {at: firstUsed}
  const now = () => clock.at
  const state = await openState({directory: null, now, seed})
  const home = createWorld({seed, now, company: 'larder', state})
  const abroad = createWorldsAbroad({seed, now, state})
  const worldOf = (region: string): World => {
    const world = [home, ...abroad].find(each => each.region === region)
    if (!world) throw new Error(`nothing is in ${region}`)
    return world
  }
  return {home, abroad, worldOf, clock, state}
}

async function serving(): Promise<
  RunningServer & {connect: <C>(make: new (options: object) => C, region: string) => C}
> {
  const {home, abroad} = await everywhere()
  const server = await serveAws({world: home, abroad, irregularPages: false})
  onTestFinished(() => server.close())
  const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'}
  return {
    ...server,
    connect: (make, region) =>
      new make({region, endpoint: server.url, credentials, maxAttempts: 1, disableHostPrefix: true}),
  }
}

describe('the company abroad', () => {
  test('has a storefront in America and a standby in Frankfurt', async () => {
    const {home, abroad, worldOf} = await everywhere()
    const namesIn = (region: string) =>
      worldOf(region)
        .functions()
        .map(({name}) => name)
    expect([home, ...abroad].map(({region}) => region)).toEqual(['eu-west-1', 'us-east-1', 'eu-central-1'])
    expect(namesIn('us-east-1')).toEqual(['us-order-router', 'us-storefront', 'us-tax', 'us-zip-import', 'viewer-auth'])
    expect(namesIn('eu-central-1')).toEqual(['inventory', 'orders-replica', 'standby-probe'])
    expect(namesIn('eu-west-1')).toContain('inventory')
    for (const world of abroad)
      for (const {logGroup} of world.functions()) expect(world.logGroup(logGroup), logGroup).toBeDefined()
  })

  test('writes logs in every group, the same on every read, none of them the home region’s', async () => {
    const [one, two] = await Promise.all([everywhere(), everywhere()])
    const atHome = new Set(allEvents(one.home, firstUsed - hour, firstUsed).map(({eventId}) => eventId))
    for (const world of one.abroad) {
      const events = allEvents(world, firstUsed - hour, firstUsed)
      expect(new Set(events.map(({group}) => group))).toEqual(new Set(world.logGroups().map(({name}) => name)))
      expect(allEvents(two.worldOf(world.region), firstUsed - hour, firstUsed)).toEqual(events)
      expect(events.filter(({eventId}) => atHome.has(eventId))).toEqual([])
      // a fact nobody filled in
      expect(events.filter(({message}) => /\{[a-z]+(:[\d-]+)?\}/i.test(message))).toEqual([])
    }
  })

  test('counts as many invocations as there are, and has an error of its own that stays', async () => {
    const {worldOf, abroad} = await everywhere()
    for (const world of abroad)
      for (const {name} of world.functions())
        expect(world.count(name, firstUsed - day, firstUsed), name).toBe(
          world.invocations(name, firstUsed - day, firstUsed).length,
        )
    const america = worldOf('us-east-1')
    for (let days = 0; days < 5; days++) {
      const [from, to] = [firstUsed - (days + 1) * day, firstUsed - days * day]
      const errors = america.count('us-tax', from, to, {outcome: 'error'})
      expect(errors).toBeGreaterThan(15)
      expect(errors / america.count('us-tax', from, to)).toBeLessThan(0.15)
    }
  })

  test('keeps aliases of one name apart by region; a change that names no region is the home region’s', async () => {
    const {home, worldOf, clock, state} = await everywhere()
    const standby = worldOf('eu-central-1')
    const serves = (world: World) => world.function('inventory')?.aliases[0]?.version
    expect([serves(home), serves(standby)]).toEqual(['17', '9'])
    clock.at += minute
    standby.updateAlias('inventory', 'live', {version: '8'})
    expect([serves(home), serves(standby)]).toEqual(['17', '8'])
    home.updateAlias('inventory', 'live', {version: '16'})
    expect([serves(home), serves(standby)]).toEqual(['16', '8'])
    expect(state.changes().map(({region}) => region)).toEqual(['eu-central-1', undefined])
    const later = firstUsed + hour
    clock.at = later
    const versionsIn = (world: World) =>
      new Set(world.invocations('inventory', firstUsed + 10 * minute, later).map(({version}) => version))
    expect(versionsIn(home)).toEqual(new Set(['16']))
    expect(versionsIn(standby)).toEqual(new Set(['8']))
  })
})

describe('the API in each region', () => {
  test('names everything by its region', async () => {
    const {connect} = await serving()
    const lambda = connect(LambdaClient, 'us-east-1')
    const {Functions = []} = await lambda.send(new ListFunctionsCommand({}))
    expect(Functions.map(({FunctionArn}) => FunctionArn)).toContain(
      'arn:aws:lambda:us-east-1:123456789012:function:us-tax',
    )
    const replica = new GetFunctionConfigurationCommand({FunctionName: 'inventory', Qualifier: 'live'})
    const [here, there] = await Promise.all(
      ['eu-west-1', 'eu-central-1'].map(region => connect(LambdaClient, region).send(replica)),
    )
    expect([here?.Version, there?.Version]).toEqual(['17', '9'])
    expect((await refusal(lambda.send(replica))).name).toBe('ResourceNotFoundException')

    const {Stacks = []} = await connect(CloudFormationClient, 'us-east-1').send(new DescribeStacksCommand({}))
    expect(Stacks.map(({StackName}) => StackName)).toEqual(['larder-edge', 'larder-us'])
    for (const {StackId} of Stacks) expect(StackId).toMatch(/^arn:aws:cloudformation:us-east-1:/)

    const tagged = await connect(ResourceGroupsTaggingAPIClient, 'eu-central-1').send(
      new GetResourcesCommand({
        TagFilters: [{Key: 'env', Values: ['standby']}],
        ResourceTypeFilters: ['lambda:function'],
      }),
    )
    expect(tagged.ResourceTagMappingList).toHaveLength(3)
    const {MetricAlarms} = await connect(CloudWatchClient, 'us-east-1').send(new DescribeAlarmsCommand({}))
    expect(MetricAlarms).toEqual([])
  })

  test('reads, writes and tails the logs of a region in it alone', async () => {
    const {connect} = await serving()
    const [america, standby] = [
      connect(CloudWatchLogsClient, 'us-east-1'),
      connect(CloudWatchLogsClient, 'eu-central-1'),
    ]
    const logGroupName = '/aws/lambda/us-tax'
    const failed = await america.send(
      new FilterLogEventsCommand({logGroupName, filterPattern: 'RateNotFound', startTime: firstUsed - day}),
    )
    expect(failed.events?.length).toBeGreaterThan(10)
    expect((await refusal(standby.send(new FilterLogEventsCommand({logGroupName})))).name).toBe(
      'ResourceNotFoundException',
    )
    await america.send(new CreateLogGroupCommand({logGroupName: '/mine'}))
    const {logGroups} = await standby.send(new DescribeLogGroupsCommand({logGroupNamePrefix: '/mine'}))
    expect(logGroups).toEqual([])

    const aborter = new AbortController()
    const logGroupIdentifiers = ['arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/us-tax']
    const {responseStream = []} = await america.send(new StartLiveTailCommand({logGroupIdentifiers}), {
      abortSignal: aborter.signal,
    })
    for await (const {sessionStart} of responseStream) {
      expect(sessionStart?.logGroupIdentifiers).toEqual(logGroupIdentifiers)
      break
    }
    aborter.abort()
    expect((await refusal(standby.send(new StartLiveTailCommand({logGroupIdentifiers})))).name).toBe(
      'ResourceNotFoundException',
    )
  })

  test('finds nothing in a region the company is not in, and takes nothing there', async () => {
    const {connect} = await serving()
    const logs = connect(CloudWatchLogsClient, 'ap-south-1')
    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([])
    expect((await refusal(logs.send(new CreateLogGroupCommand({logGroupName: 'x'})))).message).toBe(
      'The embedded AWS keeps everything in eu-west-1, us-east-1, and eu-central-1; other regions are empty accounts.',
    )
  })
})
