import type {Aws} from '../../../../src/services/aws/connect.ts'
import {quotaName} from '../../../../src/services/aws/quotas.ts'
import {createRateBudget} from '../../../../src/services/aws/rate-budget.ts'
import {type FakeAccountOptions, fakeAccount} from '../../fleet/fake-account.ts'
import type {FakeClock} from '../../logs/reader/fake-clock.ts'

type MortalOptions = {
  readonly clock: FakeClock
  readonly random: () => number
  readonly answers: FakeAccountOptions['answers']
  /** it dies while the how manieth call is under way, which AWS gets all the same; null: never */
  readonly killAfter: number | null
  readonly onDeath: () => void
}

type Send = (...sent: readonly unknown[]) => Promise<unknown>

/** What a process calls AWS with that may be killed: from then on nothing it waits for ever comes. */
export function mortalProcess({clock, random, answers, killAfter, onDeath}: MortalOptions) {
  let isDead = false
  let made = 0
  let died = (): void => {}
  const death = new Promise<null>(resolve => {
    died = () => {
      isDead = true
      onDeath()
      resolve(null)
    }
  })
  const never = new Promise<never>(() => {})
  const unlessDead = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const value = await work
      return isDead ? await never : value
    } catch (error) {
      if (isDead) return never
      throw error
    }
  }
  const mortal = {
    now: clock.now,
    sleep: (ms: number, signal?: AbortSignal): Promise<void> => (isDead ? never : unlessDead(clock.sleep(ms, signal))),
  }
  const base = fakeAccount({clock, answers})
  const client = async () => {
    const {send} = (await base.lambda()) as unknown as {readonly send: Send}
    const mortalSend: Send = async (...sent) => {
      if (isDead) return never
      const answer = unlessDead(send(...sent))
      if (++made === killAfter) died()
      return answer
    }
    return {config: {}, send: mortalSend} as never
  }
  const budget = createRateBudget({clock: mortal, random, nameOf: quotaName, quota: () => 15})
  const aws: Aws = {...base, clock: mortal, budget, lambda: client, scheduler: client}
  return {aws, death}
}
