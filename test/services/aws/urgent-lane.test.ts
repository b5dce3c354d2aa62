import {describe, expect, test} from 'vitest'
import type {Priority} from '../../../src/services/aws/rate-bucket.ts'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {rateExceeded} from '../logs/reader/fake-log-groups.ts'

const second = 1000
const quota = 15

/** Lambda's control plane, which counts what it gets in any one second, and refuses what is too much. */
function controlPlane({taken = 0} = {}) {
  const clock = createFakeClock(1_000_000)
  const began = clock.now()
  const budget = createRateBudget({clock, random: () => 0.5, nameOf: () => 'LambdaControlPlane', quota: () => quota})
  const calls: {readonly at: number; readonly what: string}[] = []
  let refused = 0
  const call = (what: string) => async (): Promise<void> => {
    const at = clock.now() - began
    const lately = calls.filter(each => each.at > at - second).length
    if (lately + taken >= quota) {
      refused++
      throw rateExceeded()
    }
    calls.push({at, what})
    await clock.sleep(150)
  }
  const write = (what: string, priority?: Exclude<Priority, 'bulk'>, signal?: AbortSignal): Promise<void> =>
    budget.write('UpdateAlias', call(what), {...(priority && {priority}), signal})
  return {
    clock,
    budget,
    calls,
    call,
    write,
    refused: () => refused,
    of: (what: string) => calls.filter(each => each.what === what).map(({at}) => at),
  }
}

const busiestSecond = (times: readonly number[]): number =>
  Math.max(...times.map(from => times.filter(at => at >= from && at < from + second).length))

const many = <T>(count: number, make: () => T): T[] => Array.from({length: count}, make)

describe('case 26: a hundred functions', () => {
  test('take a step by ten a second: a third of the quota is left to whoever has to undo', async () => {
    const {clock, write, of, refused} = controlPlane()
    await clock.outcome(Promise.all(many(100, () => write('step'))))
    expect(refused()).toBe(0)
    expect(busiestSecond(of('step'))).toBeLessThanOrEqual(10)
    expect(of('step').at(-1)).toBeLessThan(11 * second)
  })

  test('go back by fifteen a second, and none of it is one too many', async () => {
    const {clock, write, of, refused} = controlPlane()
    await clock.outcome(Promise.all(many(100, () => write('back', 'urgent'))))
    expect(refused()).toBe(0)
    expect(busiestSecond(of('back'))).toBeLessThanOrEqual(15)
    expect(of('back').at(-1)).toBeLessThan(7.5 * second)
  })

  test('going back preempts a step that is under way, which goes on afterwards', async () => {
    const {clock, write, of, calls, refused} = controlPlane()
    const step = Promise.all(many(100, () => write('step')))
    await clock.sleep(2 * second)
    const made = of('step').length
    await clock.outcome(Promise.all(many(40, () => write('back', 'urgent'))))
    const back = of('back')
    expect(back[0]).toBeLessThan(2 * second + 150)
    expect(of('step').filter(at => at > (back[0] ?? 0) && at < (back.at(-1) ?? 0))).toEqual([])
    expect(back.at(-1)).toBeLessThan(5 * second)
    await clock.outcome(step)
    expect([made < 30, calls.length, refused()]).toEqual([true, 140, 0])
    expect(busiestSecond(calls.map(({at}) => at))).toBeLessThanOrEqual(15)
  })

  test('the reading back of what is urgent goes ahead of other readings', async () => {
    const {clock, budget, call, of} = controlPlane()
    const bulk = Promise.all(many(60, () => budget.read('ListAliases', call('listing'), {priority: 'bulk'})))
    const small = Promise.all(many(20, () => budget.read('GetAlias', call('small'), {priority: 'small'})))
    await clock.sleep(100)
    await clock.outcome(Promise.all(many(5, () => budget.read('GetAlias', call('read back'), {priority: 'urgent'}))))
    expect(of('read back').at(-1)).toBeLessThan(second)
    await clock.outcome(Promise.all([bulk, small]))
    expect(of('listing').at(-1)).toBeGreaterThan(of('small').at(-1) ?? 0)
  })
})

describe('what is urgent', () => {
  test('and throttled, since others use the quota, is made again within half a second', async () => {
    const {clock, write, of, refused} = controlPlane({taken: 10})
    await clock.outcome(Promise.all(many(30, () => write('back', 'urgent'))))
    expect(of('back')).toHaveLength(30)
    expect(refused()).toBeGreaterThan(0)
    // five a second are left
    expect(of('back').at(-1)).toBeLessThan(9 * second)
  })

  test('is not slowed down by throttles of what is not', async () => {
    const {clock, budget, write, of} = controlPlane()
    let left = 20
    const throttled = budget.read('ListAliases', async () => {
      if (left-- > 0) throw rateExceeded()
    })
    await clock.sleep(20 * second)
    expect(budget.numbers('UpdateAlias').ratePerSecond).toBeLessThan(5)
    const at = clock.now() - 1_000_000
    await clock.outcome(Promise.all(many(15, () => write('back', 'urgent'))))
    expect((of('back').at(-1) ?? 0) - at).toBeLessThan(1.1 * second)
    await clock.outcome(throttled)
  })

  test('and aborted while it waits makes no call', async () => {
    const {clock, write, of} = controlPlane()
    const stop = new AbortController()
    const all = Promise.allSettled(many(10, () => write('back', 'urgent', stop.signal)))
    await clock.sleep(100)
    stop.abort(new Error('interrupted'))
    await clock.outcome(all)
    expect(of('back').length).toBeLessThan(4)
  })
})

test('readings alone keep no reserve: nobody there has anything to undo', async () => {
  const clock = createFakeClock(0)
  const budget = createRateBudget({clock, random: () => 0.5, quota: () => quota})
  await clock.outcome(Promise.all(many(150, () => budget.read('ListFunctions', async () => {}))))
  expect(clock.now()).toBeLessThan(10.5 * second)
})
