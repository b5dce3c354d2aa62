import {describe, expect, test} from 'vitest'
import {minute} from '../../world/larder-world.ts'
import {invoking} from './invoking.ts'

describe('faults of invocations', () => {
  test('lose an answer to what was done', async () => {
    const {invoke, world, clock} = await invoking({faults: [{kind: 'lost-answer', operation: 'Invoke', times: 1}]})
    const since = clock.at
    await expect(invoke('slack-alerts')).rejects.toThrow()
    expect(world.invocations('slack-alerts', since, since + minute).length).toBe(1)
    expect(await invoke('slack-alerts')).toMatchObject({status: 200})
  })

  test('throttle for a reason, and say when to come again', async () => {
    const {invoke, world, clock} = await invoking({
      faults: [{kind: 'throttle', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 2}],
    })
    expect(await invoke('slack-alerts').catch(error => error)).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
      retryAfterSeconds: '2',
    })
    expect(world.invocations('slack-alerts', clock.at, clock.at + minute).length).toBe(0)
  })
})
