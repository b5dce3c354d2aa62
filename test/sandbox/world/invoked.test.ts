import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import type {Execution} from '../../../src/sandbox/world/client-requests.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import type {World} from '../../../src/sandbox/world/world.ts'
import {cloneOf} from './clone.ts'
import {firstUsed, hour, type Larder, larder, minute} from './larder-world.ts'

/** Invokes, and lets the time go on that it takes. */
function run({world, clock}: Larder, name: string, payload = '', qualifier: string | null = null): Execution {
  const fn = world.function(name)
  const version = fn?.aliases.find(alias => alias.name === qualifier)?.version ?? qualifier ?? '$LATEST'
  const execution = world.invoke(name, version, payload, {qualifier})
  if ('throttled' in execution) throw new Error(execution.throttled)
  clock.at += execution.tookMs
  return execution
}

function sumOf(world: World, name: string, dimensions: Readonly<Record<string, string>>, from: number, to: number) {
  return (statistic: string) =>
    world.metrics
      .read({namespace: 'AWS/Lambda', name, dimensions}, statistic, 60, from, to)
      .reduce((sum, {value}) => sum + value, 0)
}

/** Two worlds of one state, as two processes have them. */
async function twoWorlds() {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-invoked-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  const clock = {at: firstUsed}
  const now = () => clock.at
  const make = async () =>
    createWorld({seed: 5, now, company: 'larder', state: await openState({directory, now, seed: 5})})
  return {clock, worlds: [await make(), await make()] as const, make}
}

describe('what a client invoked', () => {
  test('is in the log as its answer had it, beside what the company did', async () => {
    const at = await larder()
    const before = at.world.logEvents('/aws/lambda/inventory', firstUsed - minute, firstUsed)
    const {log, invocation} = run(at, 'inventory')
    const events = at.world.logEvents('/aws/lambda/inventory', firstUsed, at.clock.at, {
      names: new Set([invocation.logStream]),
    })
    expect(events.map(({message}) => message)).toEqual([expect.stringMatching(/^INIT_START /), ...log])
    expect(at.world.logEvents('/aws/lambda/inventory', firstUsed - minute, firstUsed)).toEqual(before)
    expect(at.world.logStreams('/aws/lambda/inventory').map(({name}) => name)).toContain(invocation.logStream)
  })

  test('is counted by function, resource and version', async () => {
    const at = await larder()
    const {world, clock} = at
    const from = Math.floor(firstUsed / minute) * minute
    run(at, 'till-closing', '{"simulate":"error"}')
    run(at, 'checkout-api', '', '40')
    run(at, 'checkout-api', '', '40')
    run(at, 'checkout-api', '{"simulate":"error"}', '40')
    clock.at += 5 * minute
    const ofVersion = {FunctionName: 'checkout-api', Resource: 'checkout-api:40'}
    expect(sumOf(world, 'Invocations', ofVersion, from, clock.at)('Sum')).toBe(3)
    expect(sumOf(world, 'Errors', ofVersion, from, clock.at)('Sum')).toBe(1)
    expect(sumOf(world, 'Duration', ofVersion, from, clock.at)('SampleCount')).toBe(3)
    const listed = [...world.metrics.list(false, {name: 'Invocations', dimensions: new Map([['Resource', null]])})]
    expect(listed.map(({dimensions}) => dimensions['Resource'])).toContain('checkout-api:40')
    const whole = {FunctionName: 'till-closing'}
    expect(sumOf(world, 'Errors', whole, from, clock.at)('Sum')).toBe(1)
    expect(world.count('till-closing', from, clock.at)).toBe(1)
    expect(sumOf(world, 'ConcurrentExecutions', ofVersion, from, clock.at)('Maximum')).toBeGreaterThan(0)
  })

  test('tells the same by metrics, logs and counts, once its hours are over', async () => {
    const at = await larder()
    const {world, clock} = at
    const names = ['inventory', 'slack-alerts', 'payments-webhook', 'checkout-api']
    for (const name of names) {
      for (let i = 0; i < 8; i++) {
        run(at, name, i === 3 ? '{"simulate":"error"}' : i === 5 ? '{"simulate":"timeout"}' : '')
        clock.at += 20_000
      }
    }
    clock.at += 2 * hour
    const [from, to] = [Math.floor(firstUsed / minute) * minute, Math.floor(firstUsed / minute) * minute + 60 * minute]
    for (const name of names) {
      const invocations = world.invocations(name, from, to)
      const of = {FunctionName: name}
      expect(sumOf(world, 'Invocations', of, from, to)('Sum'), name).toBe(invocations.length)
      expect(world.count(name, from, to), name).toBe(invocations.length)
      expect(sumOf(world, 'Errors', of, from, to)('Sum'), name).toBe(
        invocations.filter(({outcome}) => outcome !== 'ok').length,
      )
      const total = invocations.reduce((sum, {durationMs}) => sum + durationMs, 0)
      expect(sumOf(world, 'Duration', of, from, to)('Sum'), name).toBeCloseTo(total, 3)
      const logged = world.logEvents(`/aws/lambda/${name}`, from, to).filter(({message}) => {
        return message.includes('REPORT RequestId: ') || message.includes('"platform.report"')
      })
      const ended = invocations.filter(({at: start, durationMs}) => start + durationMs + 4 < to).length
      expect(logged.length, name).toBeGreaterThanOrEqual(ended)
      expect(logged.length, name).toBeLessThanOrEqual(ended + 3)
    }
  })

  test('does not change what is known of the past', async () => {
    const at = await larder()
    const {world} = at
    const window = [firstUsed - 3 * hour, firstUsed - 5 * minute] as const
    const before = world.invocations('checkout-api', ...window)
    const known = sumOf(world, 'Duration', {FunctionName: 'checkout-api'}, ...window)('Sum')
    for (let i = 0; i < 30; i++) run(at, 'checkout-api')
    expect(world.invocations('checkout-api', ...window)).toEqual(before)
    expect(sumOf(world, 'Duration', {FunctionName: 'checkout-api'}, ...window)('Sum')).toBe(known)
  })

  test('is traced where the function is, with its segments', async () => {
    const at = await larder()
    const {invocation} = run(at, 'checkout-api')
    at.clock.at += minute
    const found = at.world.trace(invocation.traceId)
    expect(invocation.sampled).toBe(true)
    expect(found?.documents.map(({name, origin}) => [name, origin])).toEqual([
      ['checkout-api', 'AWS::Lambda'],
      ['checkout-api', 'AWS::Lambda::Function'],
    ])
    const listed = at.world.traces(firstUsed, at.clock.at).map(({id}) => id)
    expect(listed.filter(id => id === invocation.traceId)).toEqual([invocation.traceId])
  })

  test('is refused where concurrency is used up, which the metrics count as throttles', async () => {
    const {world, clock} = await larder()
    const from = Math.floor(firstUsed / minute) * minute
    const before = world.throttles('partner-stock', from, from + minute)
    expect(world.invoke('partner-stock', '$LATEST', '')).toEqual({
      throttled: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    })
    expect(world.throttles('partner-stock', from, from + minute)).toBe(before + 1)
    clock.at += 3 * minute
    const throttles = sumOf(world, 'Throttles', {FunctionName: 'partner-stock'}, from, from + minute)
    expect(throttles('Sum')).toBe(before + 1)
  })

  test('is there in another process, which goes on with its environments', async () => {
    const {clock, worlds, make} = await twoWorlds()
    const [one, other] = worlds
    const {invocation, log} = run({world: one, clock}, 'slack-alerts')
    const found = other.invocations('slack-alerts', invocation.at, invocation.at + 1)
    expect(found).toEqual([invocation])
    clock.at += 1000
    const next = run({world: other, clock}, 'slack-alerts').invocation
    expect([next.logStream, next.initDurationMs]).toEqual([invocation.logStream, null])
    const later = await make()
    const events = later.logEvents('/aws/lambda/slack-alerts', invocation.at, invocation.at + 60_000, {
      names: new Set([invocation.logStream]),
    })
    expect(events.slice(0, log.length).map(({message}) => message)).toEqual(log)
    expect(events.filter(({message}) => message.startsWith('REPORT'))).toHaveLength(2)
  })

  test('is told apart where two processes ask at one moment, and the second knows of the first', async () => {
    const {clock, worlds} = await twoWorlds()
    const [one, other] = worlds
    one.putReservedConcurrency('slack-alerts', 2)
    clock.at += 60_000
    const [first, second] = [one, other].map(world => world.invoke('slack-alerts', '$LATEST', ''))
    if (!first || !second || 'throttled' in first || 'throttled' in second) throw new Error('throttled')
    expect(second.invocation.requestId).not.toBe(first.invocation.requestId)
    expect(second.invocation.logStream).not.toBe(first.invocation.logStream)
    const reserved = 'ReservedFunctionConcurrentInvocationLimitExceeded'
    expect([one, other].map(world => world.invoke('slack-alerts', '$LATEST', ''))).toEqual([
      {throttled: reserved},
      {throttled: reserved},
    ])
    const from = clock.at - 1000
    clock.at += 60_000
    for (const world of worlds) {
      expect(world.invocations('slack-alerts', from, clock.at)).toHaveLength(2)
      expect(world.count('slack-alerts', from, clock.at)).toBe(2)
      expect(world.throttles('slack-alerts', from, clock.at)).toBe(2)
    }
  })

  test.each(['constructor', '__proto__', 'of another release'])(
    'is told with the story %j as one without words',
    async story => {
      const clock = {at: firstUsed}
      const state = await openState({directory: null, now: () => clock.at, seed: 5})
      const open = () => createWorld({seed: 5, now: () => clock.at, company: 'larder', state})
      const first = run({world: open(), clock}, 'slack-alerts').invocation
      const [change] = state.changes()
      if (change?.kind !== 'invocation') throw new Error('it is not recorded')
      const outcomes = ['ok', 'error', 'timeout', 'oom'] as const
      for (const [i, outcome] of outcomes.entries())
        state.record({...change, story, outcome, at: change.at + i + 1, key: i})
      const events = open().logEvents('/aws/lambda/slack-alerts', first.at, clock.at + 60_000)
      expect(events.filter(({message}) => message.startsWith('REPORT '))).toHaveLength(5)
    },
  )

  test('belongs to its region', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slsops-invoked-'))
    onTestFinished(() => rm(directory, {recursive: true, force: true}))
    const clock = {at: firstUsed}
    const now = () => clock.at
    const state = await openState({directory, now, seed: 5})
    const [home, abroad] = [
      createWorld({seed: 5, now, company: 'larder', state}),
      createWorld({seed: 5, now, company: 'larder', region: 'eu-central-1', state}),
    ]
    const {invocation} = run({world: abroad, clock}, 'inventory')
    const ids = (world: World) =>
      world.invocations('inventory', firstUsed, clock.at + 1000).map(({requestId}) => requestId)
    expect(ids(abroad)).toContain(invocation.requestId)
    expect(ids(home)).not.toContain(invocation.requestId)
  })

  test('makes a log group where there was none, which stays when the function goes', async () => {
    const {clock, worlds} = await twoWorlds()
    const [one, other] = worlds
    const clone = cloneOf(one, 'checkout-api', 'slsops-tune-checkout-api-1')
    clock.at += 60_000
    expect(one.logGroup('/aws/lambda/slsops-tune-checkout-api-1')).toBeUndefined()
    const {invocation, log} = run({world: one, clock}, clone)
    expect(invocation.memorySizeMB).toBe(512)
    clock.at += 60_000
    one.deleteFunction(clone)
    expect(other.function(clone)).toBeUndefined()
    const group = `/aws/lambda/${clone}`
    expect(other.logEvents(group, invocation.at, clock.at).map(({message}) => message)).toEqual(log)
    other.deleteLogGroup(group)
    expect(one.logGroup(group)).toBeUndefined()
    expect(one.logEvents(group, 0, clock.at)).toEqual([])
  })

  test('of a clone takes as long as of its original, by the memory it has', async () => {
    const at = await larder()
    const clone = cloneOf(at.world, 'checkout-api', 'copy')
    at.clock.at += 60_000
    const median = (name: string) => {
      const durations = Array.from({length: 41}, () => run(at, name).invocation.durationMs).sort((x, y) => x - y)
      return durations[20] ?? 0
    }
    const ratio = median(clone) / median('checkout-api')
    expect(ratio).toBeGreaterThan(0.95)
    expect(ratio).toBeLessThan(1.05)
    const before = median(clone)
    at.world.updateConfiguration(clone, {memorySizeMB: 1769})
    at.clock.at += 60_000
    expect(median(clone) / before).toBeCloseTo(0.27, 1)
  })
})

test('a function of the company that is given more memory runs faster from then on, in logs and metrics alike', async () => {
  const {world, clock} = await larder()
  const name = 'image-resize'
  const read = (from: number, to: number) => {
    const ran = world.invocations(name, from, to)
    return {
      sizes: [...new Set(ran.map(({memorySizeMB}) => memorySizeMB))],
      total: ran.reduce((sum, {durationMs}) => sum + durationMs, 0),
      mean: ran.reduce((sum, {durationMs}) => sum + durationMs, 0) / ran.length,
      measured: sumOf(world, 'Duration', {FunctionName: name}, from, to)('Sum'),
    }
  }
  const changed = Math.ceil(firstUsed / hour) * hour + 30 * minute
  clock.at = changed
  const past = read(changed - 12 * hour, changed - 2 * minute)
  world.updateConfiguration(name, {memorySizeMB: 3008})
  clock.at = changed + 26 * hour
  const later = read(changed + minute, changed + 24 * hour)
  expect([past.sizes, later.sizes]).toEqual([[1024], [3008]])
  expect(later.mean / past.mean).toBeLessThan(0.6)
  expect(later.measured).toBeCloseTo(later.total, 3)
  const around = read(changed - hour, changed + hour)
  expect(around.sizes).toEqual([1024, 3008])
  expect(around.measured).toBeCloseTo(around.total, 3)
  const hourly = world.metrics.read(
    {namespace: 'AWS/Lambda', name: 'Duration', dimensions: {FunctionName: name}},
    'Sum',
    3600,
    changed - 30 * minute,
    changed + 30 * minute,
  )
  expect(hourly[0]?.value).toBeCloseTo(read(changed - 30 * minute, changed + 30 * minute).total, 3)
  expect(read(changed - 12 * hour, changed - 2 * minute)).toEqual(past)
})
