import {describe, expect, test} from 'vitest'
import {readPages} from '../../../../src/services/logs/pages.ts'
import {createFakeClock} from './fake-clock.ts'
import {evenly, type FakeAws, type FakeGroup, fakeAws, noSuchGroup, openBudget, told} from './fake-log-groups.ts'

const start = Date.UTC(2026, 10, 20, 12)

function given(group: Partial<FakeGroup> = {}): FakeAws {
  const events = evenly(10, {from: start, stepMs: 1})
  return fakeAws(
    {g: {events, ...group}},
    {clock: createFakeClock(start + 60_000), budget: openBudget(0), pageEvents: 4},
  )
}

const reading = (aws: FakeAws) =>
  readPages(aws.source('g'), {startTime: start}, {firstPriority: 'small', signal: AbortSignal.any([])})

describe('the pages of a window', () => {
  test('come one after the other until AWS gives no token', async () => {
    const aws = given()
    const pages = await aws.fakeClock.outcome(Array.fromAsync(reading(aws)))
    expect(pages.map(page => page.events().length)).toEqual([4, 4, 2])
    expect(told(pages.flatMap(page => page.events()))).toHaveLength(10)
  })

  test('are asked for only as they are wanted', async () => {
    const aws = given()
    const first = async (): Promise<number> => {
      for await (const page of reading(aws)) return page.events().length
      return 0
    }
    expect(await aws.fakeClock.outcome(first())).toBe(4)
    expect(aws.calls).toHaveLength(1)
  })

  test('T2 survive a token that repeats five times, and only then go no further', async () => {
    const repeating = (times: number) =>
      given({quirk: ({nth}) => (nth > 1 && nth <= 1 + times ? 'repeat token' : undefined)})
    const patient = repeating(5)
    const pages = await patient.fakeClock.outcome(Array.fromAsync(reading(patient)))
    expect(pages.flatMap(page => page.events())).toHaveLength(10)
    const stuck = repeating(Number.POSITIVE_INFINITY)
    await expect(stuck.fakeClock.outcome(Array.fromAsync(reading(stuck)))).rejects.toThrow(
      'repeating the same page token',
    )
    expect(stuck.calls).toHaveLength(7)
  })

  test('end with what AWS said', async () => {
    const aws = given({quirk: ({nth}) => (nth === 2 ? noSuchGroup() : undefined)})
    await expect(aws.fakeClock.outcome(Array.fromAsync(reading(aws)))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
