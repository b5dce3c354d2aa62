import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {openState, resetState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import type {World} from '../../../src/sandbox/world/world.ts'
import {cloneOf} from './clone.ts'
import {firstUsed, minute} from './larder-world.ts'

const from = Math.ceil(firstUsed / minute) * minute
const clone = 'slsops-tune-checkout-api-abcdefgh'

/** What all sources tell of the invocations of a function. */
function told(world: World, name: string, to: number) {
  const sum = (metric: string, statistic = 'Sum', more: Readonly<Record<string, string>> = {}) =>
    world.metrics
      .read({namespace: 'AWS/Lambda', name: metric, dimensions: {FunctionName: name, ...more}}, statistic, 60, from, to)
      .reduce((total, {value}) => total + value, 0)
  const invocations = world.invocations(name, from, to)
  const sampled = new Set(invocations.filter(each => each.sampled).map(({traceId}) => traceId))
  const traced = world
    .traces(from, to)
    .filter(({documents}) => documents.some(each => each.name === name && each.origin === 'AWS::Lambda'))
  return {
    invocations: invocations.length,
    counted: world.count(name, from, to),
    metric: sum('Invocations'),
    durations: sum('Duration', 'SampleCount'),
    reports: world.logEvents(`/aws/lambda/${name}`, from, to).filter(({message}) => message.startsWith('REPORT '))
      .length,
    failed: invocations.filter(({outcome}) => outcome !== 'ok').length,
    errors: sum('Errors'),
    throttles: [sum('Throttles'), world.throttles(name, from, to)],
    ofVersion: sum('Invocations', 'Sum', {Resource: `${name}:1`}),
    unsampled: [...sampled].filter(id => !traced.some(trace => trace.id === id)),
  }
}

test('a clone that two processes invoked is told of by logs, metrics, traces and counts after it was deleted, until its state is reset', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-clones-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  const clock = {at: from}
  const now = () => clock.at
  const process = async () =>
    createWorld({seed: 5, now, company: 'larder', state: await openState({directory, now, seed: 5})})
  const [one, other] = [await process(), await process()]

  cloneOf(one, 'checkout-api', clone)
  clock.at += 5000
  const first = other.publishVersion(clone, '512').version
  other.updateConfiguration(clone, {memorySizeMB: 1024})
  clock.at += 5000
  const second = one.publishVersion(clone, '1024').version
  const payloads = ['{}', '{"simulate":"error"}', '{}', '{"simulate":"timeout"}', '{}', '{}']
  for (let i = 0; i < 48; i++) {
    const world = i % 2 ? other : one
    const qualifier = i % 3 ? second : first
    const execution = world.invoke(clone, qualifier, payloads[i % 6] ?? '', {qualifier})
    const alias = world.function('checkout-api')?.aliases[0]
    const called = world.invoke('checkout-api', alias?.version ?? '', '{}', {qualifier: alias?.name ?? null})
    for (const each of [execution, called]) clock.at += 'tookMs' in each ? each.tookMs : 0
  }
  one.putReservedConcurrency(clone, 0)
  expect(other.invoke(clone, '$LATEST', '')).toHaveProperty('throttled')
  other.deleteFunction(clone)
  const to = Math.ceil(clock.at / minute) * minute + minute
  clock.at = to + 10 * minute

  for (const world of [one, other, await process()]) {
    expect(world.function(clone)).toBeUndefined()
    expect(told(world, clone, to)).toEqual({
      invocations: 48,
      counted: 48,
      metric: 48,
      durations: 48,
      reports: 48,
      failed: 16,
      errors: 16,
      throttles: [1, 1],
      ofVersion: 16,
      unsampled: [],
    })
    const original = told(world, 'checkout-api', to)
    expect(original).toMatchObject({
      counted: original.invocations,
      metric: original.invocations,
      durations: original.invocations,
      errors: original.failed,
      unsampled: [],
    })
  }
  one.deleteLogGroup(`/aws/lambda/${clone}`)
  expect(told(other, clone, to)).toMatchObject({reports: 0, counted: 48, metric: 48})

  await resetState(directory)
  const anew = await process()
  expect(told(anew, clone, to)).toMatchObject({invocations: 0, counted: 0, metric: 0, reports: 0, throttles: [0, 0]})
  expect(told(one, clone, to)).toMatchObject({counted: 48, metric: 48})
})
