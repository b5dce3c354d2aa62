import {describe, expect, test} from 'vitest'
import {longestRunMs} from '../../../src/sandbox/world/durations.ts'
import {longestInitMs} from '../../../src/sandbox/world/environments.ts'
import {pathsOf, type Touch} from '../../../src/sandbox/world/history.ts'
import {larder as company} from '../../../src/sandbox/world/larder/company.ts'
import {routingLagMs} from '../../../src/sandbox/world/routing.ts'
import {day, firstUsed, hour, larder} from './larder-world.ts'

/** The most that `skewed` can draw: 3.47 deviations. */
const most = ([p50, p99]: readonly [number, number]) => p50 * (p99 / p50) ** (3.47 / 2.33)

describe('the default company', () => {
  test('has 25 to 40 functions in several stacks, one of them nested', async () => {
    const {world} = await larder()
    const all = world.functions()
    expect(all.length).toBeGreaterThanOrEqual(25)
    expect(all.length).toBeLessThanOrEqual(40)
    expect(all.map(each => each.name)).toEqual(all.map(each => each.name).sort())
    const nested = world.stacks().find(each => each.parent === 'larder-shop')
    const parent = world.stacks().find(each => each.name === 'larder-shop')
    expect(parent?.resources).toContainEqual(
      expect.objectContaining({type: 'AWS::CloudFormation::Stack', physicalId: nested?.id}),
    )
    for (const each of all) {
      if (each.tags['ManagedBy'] === 'terraform') continue
      expect(world.stacks().find(({name}) => name === each.stack)?.resources).toContainEqual(
        expect.objectContaining({logicalId: each.logicalId, physicalId: each.name, type: 'AWS::Lambda::Function'}),
      )
    }
  })

  test('has what a reader must be able to handle', async () => {
    const {world} = await larder()
    const all = world.functions()
    expect(new Set(all.map(each => each.architecture))).toEqual(new Set(['arm64', 'x86_64']))
    expect(new Set(all.map(each => each.logFormat))).toEqual(new Set(['Text', 'JSON']))
    for (const runtime of ['nodejs', 'python', 'java', 'dotnet', 'provided']) {
      expect(all.some(each => each.versions[0]?.runtime.startsWith(runtime))).toBe(true)
    }
    expect(all.filter(each => each.snapStart).map(each => each.name)).toEqual(['search'])
    expect(all.some(each => each.provisionedConcurrency)).toBe(true)
    expect(all.filter(each => each.logGroup === '/larder/fulfilment')).toHaveLength(3)
    expect(world.logGroups().filter(each => each.class === 'INFREQUENT_ACCESS')).toHaveLength(1)
    expect(world.logGroup('/aws/lambda/gift-cards-preview')).toBeUndefined()
    expect(world.logGroup('/aws/lambda/orders-retry')).toBeUndefined()
    expect(world.eventSourceMappings().find(each => each.functionName === 'orders-retry')?.state).toBe('Enabled')
    expect(world.function('legacy-export')?.state).toBe('Inactive')
    expect(world.count('img-thumb-v1', 0, world.now())).toBe(0)
    expect(world.count('yearly-invoice', Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2))).toBe(1)
    expect(world.logGroups().map(each => each.name)).toEqual(
      expect.arrayContaining(['/aws/apigateway/larder-http-api', '/aws/vendedlogs/states/fulfilment', '/ecs/payments']),
    )
  })

  test('has logs that end long ago, and streams that say when', async () => {
    const {world} = await larder()
    const lastOf = (group: string) => Math.max(...world.logStreams(group).map(({lastEventAt}) => lastEventAt ?? 0))
    for (const [group, year] of [
      ['/aws/lambda/legacy-export', 2025],
      ['/aws/lambda/yearly-invoice', 2026],
      ['/aws/lambda/clickstream-v1', 2021],
    ] as const) {
      const last = lastOf(group)
      expect(new Date(last).getUTCFullYear()).toBe(year)
      expect(last).toBeLessThan(firstUsed - 300 * day)
      const events = world.logEvents(group, last - 60_000, last)
      expect(events.map(({message}) => message).at(-1)).toMatch(/^REPORT RequestId: /)
      expect(world.logEvents(group, last + 1, firstUsed)).toEqual([])
    }
    expect(lastOf('/aws/lambda/checkout-api')).toBeGreaterThan(firstUsed - day)
  })

  test('has what a look at the whole fleet finds', async () => {
    const {world} = await larder()
    const all = world.functions()
    const month = [firstUsed - 30 * day, firstUsed] as const
    const named = (name: string) => all.find(each => each.name === name)
    expect(named('img-thumb-v1')).toMatchObject({
      grants: [],
      urls: [],
      provisionedConcurrency: {count: 4},
      versions: expect.arrayContaining([expect.objectContaining({memorySizeMB: 512})]),
    })
    // stopped: nothing runs, and every request is refused
    expect(named('partner-stock')?.reservedConcurrency).toBe(0)
    expect(world.count('partner-stock', ...month)).toBe(0)
    expect(world.throttles('partner-stock', ...month)).toBeGreaterThan(20_000)
    expect(world.throttles('checkout-api', ...month)).toBe(0)
    // too new to be judged
    expect(Math.round((firstUsed - (named('loyalty-points')?.versions[0]?.publishedAt ?? 0)) / hour)).toBe(24)
    expect(world.count('loyalty-points', ...month)).toBe(0)
    expect(world.eventSourceMappings().find(each => each.functionName === 'returns-labels')?.state).toBe('Disabled')
    expect(all.filter(each => each.urls.length > 0).map(({name}) => name)).toEqual(['payments-webhook'])
    expect(all.map(each => each.versions[0]?.runtime)).toEqual(
      expect.arrayContaining(['python3.8', 'python3.9', 'nodejs16.x', 'nodejs18.x']),
    )
    expect(all.some(each => each.packageType === 'Image')).toBe(true)
    expect(all.filter(each => each.ephemeralStorageMB > 512).map(({name}) => name)).toEqual(['image-resize'])
    const idle = all.flatMap(({versions, aliases}) =>
      versions
        .slice(1)
        .filter(({version}) => !aliases.some(alias => alias.version === version || version in alias.weights)),
    )
    expect(idle).toHaveLength(70)
    expect(world.replicas()).toMatchObject([
      {
        name: 'us-east-1.viewer-auth',
        masterArn: 'arn:aws:lambda:us-east-1:123456789012:function:viewer-auth',
        versions: [{version: '3'}],
      },
    ])
    expect(world.function('us-east-1.viewer-auth')).toEqual(world.replicas()[0])
  })

  test('has one function that Terraform manages, as its tags say: no stack knows it', async () => {
    const {world} = await larder()
    const others = world.functions().filter(each => !('aws:cloudformation:stack-name' in each.tags))
    expect(others.map(({name}) => name)).toEqual(['payments-webhook'])
    expect(others[0]?.tags).toMatchObject({ManagedBy: 'terraform', team: 'platform'})
    const known = world.stacks().flatMap(({resources}) => resources.map(({physicalId}) => physicalId))
    expect(known.filter(id => id.includes('payments-webhook'))).toEqual([])
  })

  test('gave price-labels twice its memory ten days ago: its versions and its reports tell when', async () => {
    const {world} = await larder()
    const {versions, aliases} = world.function('price-labels') ?? {}
    expect(versions?.map(({version, memorySizeMB}) => [version, memorySizeMB])).toEqual([
      ['$LATEST', 512],
      ['11', 256],
      ['12', 512],
      ['13', 512],
    ])
    expect(aliases).toMatchObject([{name: 'live', version: '12'}])
    const releasedAt = versions?.find(({version}) => version === '12')?.publishedAt ?? 0
    expect((firstUsed - releasedAt) / day).toBeCloseTo(10.2, 0)
    const sizes = (from: number) =>
      new Set(world.invocations('price-labels', from, from + day).map(each => `${each.version} ${each.memorySizeMB}`))
    expect(sizes(releasedAt - 2 * day)).toEqual(new Set(['11 256']))
    expect(sizes(releasedAt + hour)).toEqual(new Set(['12 512']))
  })

  test('nearly uses up memory and time, every night', async () => {
    const {world} = await larder()
    const nights = world.invocations('till-closing', firstUsed - 7 * day, firstUsed)
    expect(nights).toHaveLength(7)
    for (const {maxMemoryUsedMB, durationMs, outcome} of nights) {
      expect(maxMemoryUsedMB / 512).toBeGreaterThan(0.94)
      expect(durationMs / 30_000).toBeGreaterThan(0.88)
      expect(outcome).toBe('ok')
    }
  })

  test('has a log group whose function is gone: kept for ever, in no stack, and without a recent event', async () => {
    const {world} = await larder()
    const left = world.logGroup('/aws/lambda/clickstream-v1')
    expect(left).toMatchObject({retentionInDays: null, class: 'STANDARD', tags: {}})
    expect(left?.storedBytes).toBeGreaterThan(400e9)
    expect(world.function('clickstream-v1')).toBeUndefined()
    expect(
      world
        .stacks()
        .flatMap(({resources}) => resources)
        .some(({physicalId}) => physicalId === left?.name),
    ).toBe(false)
  })

  test('has plausible, stable identifiers', async () => {
    const [one, two] = await Promise.all([larder(), larder()])
    expect(one.world.functions()).toEqual(two.world.functions())
    for (const version of one.world.functions().flatMap(each => each.versions)) {
      expect(version.codeSha256).toMatch(version.imageUri === null ? /^[A-Za-z0-9+/]{43}=$/ : /^[0-9a-f]{64}$/)
      expect(version.revisionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })
})

describe.each(Object.entries(company))('the default company in %s', (_region, stacks) => {
  const functions = new Map(stacks.flatMap(stack => stack.functions).map(each => [each.name, each]))
  const groups = new Map(stacks.flatMap(stack => stack.logGroups ?? []).map(each => [each.name, each]))
  const paths = stacks
    .flatMap(stack => stack.entries ?? [])
    .flatMap(entry =>
      pathsOf(entry, 1, {
        hasAlias: name => functions.get(name)?.releases !== undefined,
        builtAs: (_, version) => version,
      }),
    )
  const touches = paths.flatMap(path => path.touches)

  function longest(touch: Touch): number {
    if (touch.step.outcome === 'timeout') return (functions.get(touch.step.in)?.timeoutSeconds ?? 0) * 1000
    const called = touch.children
      .filter(each => each.via === 'sync')
      .map(each => each.delayMs - touch.delayMs + longest(each) + 7)
    return Math.max(most(touch.step.ms), ...called)
  }

  test('tells a story for every step, in a function or group that exists', () => {
    for (const {step} of touches) {
      expect(functions.has(step.in) || groups.has(step.in), step.in).toBe(true)
      expect((functions.get(step.in) ?? groups.get(step.in))?.stories, `${step.in}: ${step.story}`).toHaveProperty(
        step.story,
      )
    }
  })

  test('makes failing steps say how they fail', () => {
    for (const {step} of touches) {
      const story = functions.get(step.in)?.stories[step.story]
      if (step.outcome === 'error' || step.outcome === 'init-error')
        expect(story?.failure, `${step.in}: ${step.story}`).toBeDefined()
      else expect(story?.failure, `${step.in}: ${step.story}`).toBeUndefined()
    }
  })

  test('starts nothing before what causes it is over, unless it is called from within', () => {
    for (const touch of touches) {
      expect(longest(touch)).toBeLessThan(longestRunMs)
      for (const child of touch.children) {
        expect(child.delayMs).toBeGreaterThan(touch.delayMs)
        if (child.via !== 'sync' && child.via !== 'event') {
          expect(child.delayMs - touch.delayMs, `${child.step.in} after ${touch.step.in}`).toBeGreaterThan(
            longest(touch),
          )
        }
      }
    }
  })

  test('retries asynchronous invocations after one minute and after two', () => {
    for (const touch of touches) {
      if (touch.via !== 'retry') continue
      const before = touches.find(each => each.children.includes(touch))
      const wait = touch.delayMs - (before?.delayMs ?? 0)
      const expected = before?.via === 'retry' ? 120_000 : 60_000
      expect(wait).toBeGreaterThanOrEqual(expected)
      expect(wait).toBeLessThan(expected + 12_000)
    }
  })

  test('initialises within what readers look around, and within the routing lag where an alias decides', () => {
    for (const {name, initMs} of functions.values()) expect(most(initMs) + 20, name).toBeLessThan(longestInitMs)
    for (const path of paths.filter(each => each.decidedBy !== null)) {
      for (const {step, delayMs} of path.touches) {
        const initMs = functions.get(step.in)?.initMs
        if (initMs) expect(most(initMs) + 2, step.in).toBeLessThan(routingLagMs + delayMs)
        expect(step.suppressedInit).toBeUndefined()
        expect(step.outcome).not.toBe('init-error')
      }
    }
    for (const each of functions.values())
      if (each.releases) expect(most(each.initMs) + 2, each.name).toBeLessThan(routingLagMs)
  })
})
