import {describe, expect, test} from 'vitest'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {accessDenied, awsError, noSuchGroup, rateExceeded, seeded} from '../logs/reader/fake-log-groups.ts'

const second = 1000

function given(quota: number, {latencyMs = 100, random = (): number => 0.5, nameOf = (api: string) => api} = {}) {
  const clock = createFakeClock(1_000_000)
  const began = clock.now()
  const budget = createRateBudget({clock, random, nameOf, quota: () => quota})
  const startedAt: number[] = []
  const call = async (signal?: AbortSignal): Promise<number> => {
    startedAt.push(clock.now() - began)
    await clock.sleep(latencyMs, signal)
    return clock.now() - began
  }
  return {clock, began, budget, startedAt, call}
}

/** An account's bucket as AWS keeps it: it holds one second's quota and refills at the quota. */
function accountBucket(quota: number) {
  let tokens = quota
  let at = 0
  let refused = 0
  return {
    take(nowMs: number): boolean {
      tokens = Math.min(quota, tokens + ((nowMs - at) / second) * quota)
      at = nowMs
      if (tokens >= 1 - 1e-9) {
        tokens--
        return true
      }
      refused++
      return false
    },
    get refused() {
      return refused
    },
  }
}

const busiestSecond = (startedAt: readonly number[]): number =>
  Math.max(...startedAt.map(from => startedAt.filter(at => at >= from && at < from + second).length))

describe('the quota', () => {
  test.each([5, 10, 25])('of %i a second is used up and never overdrawn', async quota => {
    const {budget, startedAt, call} = given(quota, {latencyMs: 300})
    await Promise.all(Array.from({length: quota * 20}, () => budget.read('FilterLogEvents', call)))
    const bucket = accountBucket(quota)
    for (const at of startedAt) bucket.take(at)
    expect(bucket.refused).toBe(0)
    expect(startedAt.at(-1)).toBeLessThan(20.5 * second)
    expect(busiestSecond(startedAt.filter(at => at >= second))).toBeLessThanOrEqual(quota + 1)
  })

  test.each([1, 2, 3, 4])('is not overdrawn by calls that come at random either (seed %i)', async seed => {
    const random = seeded(seed)
    const {clock, budget, startedAt, call} = given(10, {random})
    const reads: Promise<number>[] = []
    for (let i = 0; i < 200; i++) {
      reads.push(budget.read('FilterLogEvents', call, {priority: random() < 0.3 ? 'small' : 'bulk'}))
      if (random() < 0.3) await clock.sleep(Math.floor(random() * 2000))
    }
    await Promise.all(reads)
    const bucket = accountBucket(10)
    for (const at of startedAt) bucket.take(at)
    expect(bucket.refused).toBe(0)
    expect(startedAt).toHaveLength(200)
  })

  test('of one API is not used by another, unless they share it', async () => {
    const apart = given(1)
    await Promise.all(['A', 'B', 'C'].map(api => apart.budget.read(api, apart.call)))
    expect(apart.startedAt).toEqual([0, 0, 0])
    const shared = given(1, {nameOf: () => 'same'})
    await Promise.all(['A', 'B', 'C'].map(api => shared.budget.read(api, shared.call)))
    expect(shared.startedAt).toEqual([0, 1000, 2000])
  })

  test('counts every call, over all APIs in the total', async () => {
    const {budget, call} = given(10)
    await Promise.all(['A', 'A', 'B'].map(api => budget.read(api, call)))
    expect(budget.numbers('A')).toEqual({calls: 2, throttles: 0, retries: 0, ratePerSecond: 10})
    expect(budget.total()).toEqual({calls: 3, throttles: 0, retries: 0})
  })
})

describe('turns', () => {
  test('small requests go ahead of bulk ones', async () => {
    const {budget, call} = given(2, {latencyMs: 0})
    const order: string[] = []
    const read = (name: string, priority: 'small' | 'bulk') =>
      budget.read('A', call, {priority}).then(() => {
        order.push(name)
      })
    await Promise.all([
      read('now', 'bulk'),
      read('b1', 'bulk'),
      read('b2', 'bulk'),
      read('s1', 'small'),
      read('s2', 'small'),
    ])
    expect(order).toEqual(['now', 's1', 's2', 'b1', 'b2'])
  })

  test('an abort while queued rejects at once, makes no call and gives the turn to the next', async () => {
    const {clock, budget, startedAt, call} = given(1)
    const controller = new AbortController()
    const first = budget.read('A', call)
    const aborted = budget.read('A', call, {signal: controller.signal})
    const next = budget.read('A', call)
    controller.abort(new Error('interrupted'))
    await expect(aborted).rejects.toThrow('interrupted')
    expect(clock.now()).toBe(1_000_000)
    await Promise.all([first, next])
    expect(startedAt).toEqual([0, 1000])
  })

  test('an abort before the call makes no call', async () => {
    const {budget, startedAt, call} = given(10)
    await expect(budget.read('A', call, {signal: AbortSignal.abort(new Error('interrupted'))})).rejects.toThrow(
      'interrupted',
    )
    expect(startedAt).toEqual([])
    expect(budget.numbers('A').calls).toBe(0)
  })

  test('an abort in flight rejects with the signal’s reason, whatever the call says', async () => {
    const {clock, began, budget} = given(10)
    const controller = new AbortController()
    clock.at(began + 50, () => controller.abort(new Error('interrupted')))
    const slow = async (signal?: AbortSignal) => {
      await clock.sleep(5000, signal).catch(() => {
        throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
      })
    }
    await expect(budget.read('A', slow, {signal: controller.signal})).rejects.toThrow('interrupted')
    expect(clock.now() - began).toBe(50)
  })

  test('an abort while waiting to try again rejects at once', async () => {
    const {clock, began, budget} = given(10)
    const controller = new AbortController()
    clock.at(began + 30, () => controller.abort(new Error('interrupted')))
    const throttled = () => Promise.reject(rateExceeded())
    await expect(budget.read('A', throttled, {signal: controller.signal})).rejects.toThrow('interrupted')
    expect(clock.now() - began).toBe(30)
    expect(clock.sleeping).toBe(0)
  })
})

describe('what could start now', () => {
  test('is what the rate lets pass in one round trip, and one more to wait for it', () => {
    // 300 ms is assumed until a round trip was seen
    expect(given(10).budget.spare('A')).toBe(3 + 1)
    expect(given(25).budget.spare('A')).toBe(8 + 1)
    expect(given(500).budget.spare('A')).toBe(12)
  })

  test('is less what is in flight and what is queued', async () => {
    const {clock, budget, call} = given(2, {latencyMs: 10_000})
    expect(budget.spare('A')).toBe(2)
    const reads = [1, 2, 3, 4].map(() => budget.read('A', call))
    await clock.sleep(1)
    expect(budget.spare('A')).toBe(-2)
    await Promise.all(reads)
    expect(budget.spare('A')).toBeGreaterThan(2)
  })

  test('follows the round trips that are seen', async () => {
    const {budget, call} = given(10, {latencyMs: 1000})
    for (let i = 0; i < 40; i++) await budget.read('A', call)
    expect(budget.spare('A')).toBe(11)
  })
})

describe('throttles', () => {
  test('T9 six of them, then an answer: the answer comes, and the rate comes back', async () => {
    const {clock, budget, call} = given(10)
    let left = 6
    const answer = await budget.read('A', async () => {
      if (left-- > 0) throw rateExceeded()
      return 'answer'
    })
    expect(answer).toBe('answer')
    expect(budget.numbers('A')).toMatchObject({calls: 7, throttles: 6, retries: 6})
    expect(budget.numbers('A').ratePerSecond).toBeLessThan(2)
    expect(clock.now() - 1_000_000).toBeLessThan(15 * second)
    await clock.sleep(25 * second)
    await budget.read('A', call)
    expect(budget.numbers('A').ratePerSecond).toBe(10)
  })

  test('a burst of them is one signal: the rate goes down by a third, once', async () => {
    const {clock, budget} = given(20)
    let throttled = 10
    const call = async () => {
      await clock.sleep(100)
      if (throttled-- > 0) throw rateExceeded()
    }
    const reads = Array.from({length: 10}, () => budget.read('A', call))
    await clock.sleep(110)
    // ten calls had started in the last second: that is what was too much
    expect(budget.numbers('A').ratePerSecond).toBeCloseTo(7)
    await Promise.all(reads)
    expect(budget.numbers('A').throttles).toBe(10)
  })

  test('without end never let the rate fall so low that it stands still', async () => {
    const {clock, budget} = given(10)
    const controller = new AbortController()
    const reads = Array.from({length: 20}, () =>
      budget.read('A', () => Promise.reject(rateExceeded()), {signal: controller.signal}),
    )
    await clock.sleep(170 * second)
    expect(budget.numbers('A').ratePerSecond).toBeGreaterThanOrEqual(0.5)
    expect(budget.numbers('A').calls).toBeGreaterThan(60)
    controller.abort(new Error('enough'))
    expect((await Promise.allSettled(reads)).every(({status}) => status === 'rejected')).toBe(true)
  })

  test('without end are thrown after three minutes in which nothing was accepted, and at once from then on, but for one call in a while', async () => {
    const {clock, began, budget} = given(5)
    let calls = 0
    let isOver = false
    const call = async (): Promise<string> => {
      calls++
      await clock.sleep(50)
      if (!isOver) throw rateExceeded()
      return 'answer'
    }
    const all = Array.from({length: 300}, () => budget.read('GetPolicy', call).then(String, error => error.name))
    const told = await clock.outcome(Promise.all(all))
    expect(new Set(told)).toEqual(new Set(['ThrottlingException']))
    expect(clock.now() - began).toBeGreaterThan(180 * second)
    expect(clock.now() - began).toBeLessThan(240 * second)
    const before = calls
    await expect(budget.read('GetPolicy', call)).rejects.toThrow()
    expect(calls).toBe(before)
    isOver = true
    await clock.outcome(clock.sleep(10 * second))
    expect(await clock.outcome(budget.read('GetPolicy', call))).toBe('answer')
    expect(await clock.outcome(budget.read('GetPolicy', call))).toBe('answer')
  })

  test('colleagues who take half of the quota leave the other half: all is read, few calls are refused', async () => {
    const {clock, began, budget} = given(10, {random: seeded(3)})
    const bucket = accountBucket(10)
    const colleagues = new AbortController()
    const theirs = (async () => {
      for (;;) {
        await clock.sleep(200, colleagues.signal)
        bucket.take(clock.now() - began)
      }
    })().catch(() => {})
    let answered = 0
    await Promise.all(
      Array.from({length: 300}, () =>
        budget.read('A', async () => {
          await clock.sleep(150)
          if (!bucket.take(clock.now() - began)) throw rateExceeded()
          answered++
        }),
      ),
    )
    colleagues.abort()
    await theirs
    expect(answered).toBe(300)
    expect(budget.numbers('A').throttles).toBeLessThan(60)
    expect((clock.now() - began) / second).toBeLessThan(110)
  })
})

describe('faults', () => {
  test('that pass are tried again', async () => {
    const {budget} = given(10)
    let left = 3
    expect(
      await budget.read('A', async () => {
        if (left-- > 0) throw Object.assign(new Error('reset'), {code: 'ECONNRESET'})
        return 'answer'
      }),
    ).toBe('answer')
    expect(budget.numbers('A')).toMatchObject({calls: 4, throttles: 0, retries: 3, ratePerSecond: 10})
  })

  test('that do not pass are thrown after six calls, as AWS said them', async () => {
    const {clock, budget} = given(10)
    const failing = () => Promise.reject(awsError('InternalFailure', 'oops', 500))
    await expect(budget.read('A', failing)).rejects.toMatchObject({name: 'InternalFailure', message: 'oops'})
    expect(budget.numbers('A')).toMatchObject({calls: 6, retries: 5})
    expect(clock.now() - 1_000_000).toBeLessThan(10 * second)
  })

  test.each([
    accessDenied(),
    awsError('InvalidParameterException', 'bad pattern'),
    awsError('ExpiredTokenException', 'expired'),
  ])('of the caller are thrown at once: %s', async error => {
    const {budget} = given(10)
    await expect(budget.read('A', () => Promise.reject(error))).rejects.toBe(error)
    expect(budget.numbers('A').calls).toBe(1)
  })

  test('a clock that is off is put right by the SDK, which asks for one more call', async () => {
    const {budget} = given(10)
    let calls = 0
    const skewed = async () => {
      calls++
      if (calls > 1) return 'answer'
      const error = awsError('InvalidSignatureException', 'Signature expired: 20261120T120000Z is now earlier than …')
      // what the SDK's signer adds once it has learnt the server's time
      throw Object.assign(error, {$metadata: {httpStatusCode: 403, clockSkewCorrected: true}})
    }
    await expect(budget.read('A', skewed)).resolves.toBe('answer')
  })

  test('a clock that is off does not make other failures worth another try, though the SDK marks them too', async () => {
    const {budget} = given(10)
    const missing = Object.assign(noSuchGroup(), {$metadata: {httpStatusCode: 400, clockSkewCorrected: true}})
    await expect(budget.read('A', () => Promise.reject(missing))).rejects.toBe(missing)
    expect(budget.numbers('A').calls).toBe(1)
  })
})

describe('writes', () => {
  test('are made again only where AWS said that they were one too many', async () => {
    const {clock, budget, call} = given(15)
    let refusals = 3
    const write = () =>
      budget.write('UpdateFunctionConfiguration', async () => {
        if (refusals-- > 0) throw rateExceeded()
        return call()
      })
    await clock.outcome(write())
    expect(budget.numbers('UpdateFunctionConfiguration')).toMatchObject({calls: 4, throttles: 3, retries: 3})
  })

  test.each([
    ['a fault of AWS', () => awsError('ServiceException', 'try again', 500)],
    ['silence', () => Object.assign(new Error('no answer'), {name: 'TimeoutError'})],
    ['a connection that was cut off', () => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})],
    ['a refusal', accessDenied],
  ])('are not made again after %s: they may have been done', async (_, error) => {
    const {clock, budget} = given(15)
    let made = 0
    const write = budget.write('PublishVersion', async () => {
      made++
      throw error()
    })
    await expect(clock.outcome(write)).rejects.toThrow()
    expect(made).toBe(1)
  })

  test('wait for their turn, and not any more after an abort', async () => {
    const {clock, budget, startedAt, call} = given(2)
    const stop = new AbortController()
    const first = budget.write('PublishVersion', call)
    const second = budget.write('PublishVersion', call, {signal: stop.signal})
    const third = budget.write('PublishVersion', call)
    stop.abort(new Error('interrupted'))
    await expect(second).rejects.toThrow('interrupted')
    await clock.outcome(Promise.all([first, third]))
    expect(startedAt).toHaveLength(2)
  })
})
