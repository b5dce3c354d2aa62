import {
  CloudWatchClient,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch'
import {describe, expect, test} from 'vitest'
import {scaledName} from '../../../src/sandbox/world/scale.ts'
import {refusal} from '../running.ts'
import {day, firstUsed, hour} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

type Listed = {readonly name: string; readonly dimensions: Readonly<Record<string, string>>}

async function listing(options: Parameters<typeof larderServer>[0] = {}) {
  const {connect, ...rest} = await larderServer(options)
  const client = connect(CloudWatchClient)
  async function list(input: ListMetricsCommandInput): Promise<{metrics: Listed[]; pages: number}> {
    const metrics: Listed[] = []
    let pages = 0
    for await (const page of paginateListMetrics({client}, input)) {
      pages++
      for (const {MetricName = '', Dimensions = []} of page.Metrics ?? [])
        metrics.push({
          name: MetricName,
          dimensions: Object.fromEntries(Dimensions.map(({Name = '', Value = ''}) => [Name, Value])),
        })
    }
    return {metrics, pages}
  }
  return {...rest, client, list}
}

describe('ListMetrics', () => {
  test('lists the account, each function that ran, its alias and the versions that it ran on', async () => {
    const {list, world, clock} = await listing()
    clock.at = firstUsed + hour
    const {metrics} = await list({Namespace: 'AWS/Lambda', MetricName: 'Invocations'})
    expect(metrics[0]?.dimensions).toEqual({})
    const since = clock.at - 14 * day
    const ran = world.functions().filter(({name}) => world.count(name, since, clock.at) > 0)
    const ofFunctions = metrics.filter(({dimensions}) => Object.keys(dimensions).join() === 'FunctionName')
    expect(ofFunctions.map(({dimensions}) => dimensions['FunctionName'])).toEqual(ran.map(({name}) => name))
    expect(ran.length).toBeLessThan(world.functions().length)
    const ofCheckout = metrics.filter(({dimensions}) => dimensions['FunctionName'] === 'checkout-api')
    const versions = ofCheckout.slice(2).map(({dimensions}) => dimensions['ExecutedVersion'] ?? '')
    expect(ofCheckout.map(({dimensions}) => dimensions)).toEqual([
      {FunctionName: 'checkout-api'},
      {FunctionName: 'checkout-api', Resource: 'checkout-api:live'},
      ...versions.map(version => ({
        FunctionName: 'checkout-api',
        Resource: 'checkout-api:live',
        ExecutedVersion: version,
      })),
    ])
    for (const version of versions) expect(world.count('checkout-api', since, clock.at, {version})).toBeGreaterThan(0)
    expect(versions).toContain('42')
  })

  test('narrows by dimensions, with a value or with any', async () => {
    const {list} = await listing()
    const name = {Namespace: 'AWS/Lambda', MetricName: 'Errors'}
    const ofOne = await list({...name, Dimensions: [{Name: 'FunctionName', Value: 'inventory'}]})
    expect(new Set(ofOne.metrics.map(({dimensions}) => dimensions['FunctionName']))).toEqual(new Set(['inventory']))
    const versioned = await list({...name, Dimensions: [{Name: 'ExecutedVersion'}]})
    expect(versioned.metrics.length).toBeGreaterThan(0)
    for (const {dimensions} of versioned.metrics) expect(Object.keys(dimensions)).toHaveLength(3)
    expect((await list({...name, Dimensions: [{Name: 'FunctionName', Value: 'nobody'}]})).metrics).toEqual([])
    expect((await list({...name, Dimensions: [{Name: 'QueueName'}]})).metrics).toEqual([])
  })

  test('RecentlyActive leaves out what did not report in three hours', async () => {
    const {list, world, clock} = await listing()
    const {metrics} = await list({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{Name: 'FunctionName'}],
      RecentlyActive: 'PT3H',
    })
    const names = new Set(metrics.map(({dimensions}) => dimensions['FunctionName'] ?? ''))
    expect(names.size).toBeGreaterThan(5)
    for (const name of names) expect(world.count(name, clock.at - 3 * hour, clock.at)).toBeGreaterThan(0)
  })

  test('has pages of 500, each metric once, however many functions there are', async () => {
    const {list, client} = await listing({scale: 1500})
    const first = await client.send(new ListMetricsCommand({Namespace: 'AWS/Lambda'}))
    expect(first.Metrics).toHaveLength(500)
    const {metrics, pages} = await list({Namespace: 'AWS/Lambda', MetricName: 'Invocations'})
    expect(pages).toBe(Math.ceil(metrics.length / 500))
    expect(new Set(metrics.map(({dimensions}) => JSON.stringify(dimensions))).size).toBe(metrics.length)
    const names = new Set(metrics.map(({dimensions}) => dimensions['FunctionName']))
    expect(names.size).toBeGreaterThan(1400)
  })

  test('a page far into the list is made without those before it', async () => {
    const {world} = await listing({scale: 100_000})
    const after = {
      namespace: 'AWS/Lambda',
      name: 'Invocations',
      dimensions: {FunctionName: scaledName(99_900), Resource: scaledName(99_900)},
    }
    const found: string[] = []
    for (const {dimensions} of world.metrics.list(false, {name: 'Invocations', after})) {
      found.push(dimensions['FunctionName'] ?? '')
      if (found.length === 10) break
    }
    expect(found[0]).toMatch(/^zz-0099901-/)
    expect(found.at(-1)).toMatch(/^zz-009990[5-9]-/)
  })

  test('refuses a token that is none', async () => {
    const {client} = await listing()
    const call = client.send(new ListMetricsCommand({Namespace: 'AWS/Lambda', NextToken: 'AAAA'}))
    expect(await refusal(call)).toMatchObject({name: 'InvalidParameterValueException', status: 400})
  })

  test('lists log groups, queues and rules under their namespaces', async () => {
    const {list} = await listing()
    const dimensionsOf = async (Namespace: string) =>
      new Set((await list({Namespace})).metrics.flatMap(({dimensions}) => Object.keys(dimensions)))
    expect(await dimensionsOf('AWS/Logs')).toEqual(new Set(['LogGroupName']))
    expect(await dimensionsOf('AWS/SQS')).toEqual(new Set(['QueueName']))
    expect(await dimensionsOf('AWS/Events')).toEqual(new Set(['RuleName']))
  })
})
