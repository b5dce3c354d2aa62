import {ExitCode, UserError} from '../../../errors.ts'
import type {Stage} from '../arena/arena.ts'
import {candidateKey} from '../candidate.ts'
import type {Invoked, Invoker} from '../invoke/invoker.ts'
import type {RunJournal} from '../journal/run-journal.ts'
import {type LimitReached, type Spending, sampleCostUSD} from '../money/spending.ts'
import type {Sample} from '../sample.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {TuneStep} from '../tune-steps.ts'
import {toldWhile} from './told-while.ts'

/** An invocation that was made, or that Lambda refused to make. */
export type Taken = {readonly stage: Stage} & ({readonly invoked: Invoked} | {readonly refused: UserError})

export type TakingOptions = {
  readonly plan: TunePlan
  readonly invoker: Invoker
  readonly spending: Spending
  /** the place of the payload for the n-th invocation of a size */
  readonly turns: (n: number) => number
  /** what was measured so far, in order; it grows */
  readonly samples: readonly Sample[]
  /** where each is written down before it is made */
  readonly journal: Pick<RunJournal, 'invoke' | 'waived'>
  /** ends every invocation that is waited for */
  readonly stopped: AbortSignal
  readonly stop: () => void
}

/** Makes invocations within the limits. */
export type Taking = {
  /**
   * Makes one invocation of each stage, as many at a time as the plan has it, in this order; one that may go beyond a limit
   * is not begun, nor are those after it.
   * @param tell is given each as it is done, whatever became of it, and says so in steps
   * @returns the limit that was reached; null for none
   * @throws what ends the run: a refusal of AWS (exit 4), or a bug
   */
  take(
    stages: readonly Stage[],
    tell: (taken: Taken) => AsyncGenerator<TuneStep, void>,
  ): AsyncGenerator<TuneStep, LimitReached | null>
}

export function createTaking(options: TakingOptions): Taking {
  const {plan, invoker, spending, turns, samples, journal, stopped, stop} = options
  const begun = new Map<string, number>()
  for (const sample of samples) begun.set(candidateKey(sample), (begun.get(candidateKey(sample)) ?? 0) + 1)
  let doing: (what: string) => void = () => {}

  const longestMs = (stage: Stage): number =>
    samples
      .filter(sample => candidateKey(sample) === candidateKey(stage))
      .reduce((longest, {durationMs, initMs}) => Math.max(longest, durationMs + (initMs ?? 0)), 0)

  const takeOne = async (stage: Stage): Promise<Taken> => {
    const charge = spending.begin(stage)
    const key = candidateKey(stage)
    const n = begun.get(key) ?? 0
    begun.set(key, n + 1)
    const place = turns(n)
    const payload = plan.payloads[place] ?? {text: '{}', weight: 1}
    await journal.invoke(stage).catch(error => {
      charge.waive()
      throw error
    })
    try {
      const invoked = await invoker.invoke(stage, {payload, place}, stopped, (ms, why) =>
        doing(`waits for ${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s: ${why}`),
      )
      if (invoked.kind === 'sample') charge.settle(sampleCostUSD(plan, invoked.sample))
      else charge.lose()
      return {stage, invoked}
    } catch (error) {
      if (!stopped.aborted && error instanceof UserError) {
        charge.waive()
        await journal.waived(stage)
        if (error.exitCode !== ExitCode.refused) return {stage, refused: error}
        throw error
      }
      charge.lose()
      if (!stopped.aborted) throw error
      return {stage, invoked: {kind: 'unknown', why: 'its answer was not waited for', isForeignVersion: false}}
    }
  }

  return {
    async *take(stages, tell) {
      const queue = [...stages]
      const underWay = new Set<Promise<Taken>>()
      let reached: LimitReached | null = null
      try {
        for (;;) {
          while (underWay.size < plan.concurrency && !stopped.aborted) {
            const stage = queue[0]
            reached = stage === undefined ? null : spending.reached(stage, longestMs(stage))
            if (stage === undefined || reached !== null) break
            queue.shift()
            const one = takeOne(stage)
            underWay.add(one)
            // whoever comes first is waited for; the others must not end the process meanwhile
            one.then(
              () => {},
              () => {},
            )
          }
          if (underWay.size === 0) return reached
          const first = yield* toldWhile(told => {
            doing = told
            return Promise.race([...underWay].map(one => one.then(taken => ({one, taken}))))
          }, stop)
          underWay.delete(first.one)
          yield* tell(first.taken)
        }
      } finally {
        if (underWay.size > 0) stop()
        await Promise.allSettled(underWay)
      }
    },
  }
}
