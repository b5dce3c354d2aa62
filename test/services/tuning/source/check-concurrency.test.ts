import {describe, expect, it} from 'vitest'
import {checkConcurrency} from '../../../../src/services/tuning/source/check-concurrency.ts'
import type {Mode} from '../../../../src/services/tuning/tune-plan.ts'
import {deniedTo, fakeAccount, ongoing} from '../../fleet/fake-account.ts'

function checked(reserved: number | Error | undefined, left: number | Error, mode: Mode, concurrency: number) {
  const or = (value: object | Error): object => {
    if (value instanceof Error) throw value
    return value
  }
  const aws = fakeAccount({
    answers: {
      GetFunctionConcurrency: () => or(reserved instanceof Error ? reserved : {ReservedConcurrentExecutions: reserved}),
      GetAccountSettings: () =>
        or(
          left instanceof Error
            ? left
            : {AccountLimit: {ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: left}},
        ),
    },
  })
  return aws.fakeClock.outcome(checkConcurrency(aws, 'checkout', {mode, concurrency}, ongoing()))
}

describe('what would be throttled is refused before anything is made', () => {
  it('a function that somebody has stopped, in every mode that invokes', async () => {
    await expect(checked(0, 900, 'shadow', 1)).rejects.toThrow('checkout is stopped: its reserved concurrency is 0')
    await expect(checked(0, 900, 'versions', 1)).rejects.toThrow('is stopped')
    await expect(checked(0, 900, 'observe', 1)).resolves.toEqual([])
  })

  it('more at a time than are reserved', async () => {
    await expect(checked(2, 900, 'versions', 3)).rejects.toMatchObject({
      message: 'checkout may run 2 times at once by its reserved concurrency, and --concurrency is 3',
      hint: 'use --concurrency 2, or less where it has traffic',
    })
    await expect(checked(2, 900, 'shadow', 3)).rejects.toThrow('--concurrency is 3')
  })

  it('more at a time than the account has left', async () => {
    await expect(checked(undefined, 2, 'shadow', 3)).rejects.toMatchObject({
      message: 'the account has 2 of its concurrency unreserved, and --concurrency is 3',
    })
    await expect(checked(undefined, 0, 'versions', 1)).rejects.toMatchObject({hint: 'reserve less of it for functions'})
  })

  it('what is reserved for the function serves its versions, and not a clone', async () => {
    await expect(checked(5, 0, 'versions', 1)).resolves.toEqual([
      '1 of the 5 that checkout may run at once are used for this',
    ])
    await expect(checked(5, 0, 'shadow', 1)).rejects.toThrow('unreserved')
  })

  it('what there is plenty of is not spoken of', async () => {
    expect(await checked(undefined, 900, 'shadow', 1)).toEqual([])
    expect(await checked(undefined, 3, 'shadow', 3)).toEqual([
      expect.stringContaining('others are throttled meanwhile'),
    ])
  })

  it('what may not be read is told', async () => {
    const notes = await checked(
      deniedTo('lambda:GetFunctionConcurrency'),
      deniedTo('lambda:GetAccountSettings'),
      'shadow',
      1,
    )
    expect(notes).toEqual([
      'the reserved concurrency of checkout could not be read: needs lambda:GetFunctionConcurrency',
      'the account’s concurrency could not be read: needs lambda:GetAccountSettings',
    ])
  })
})
