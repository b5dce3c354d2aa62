import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {stopSignal} from '../stop-signal.ts'
import type {Arena, Cleanup} from './arena/arena.ts'
import {isDeployedMeanwhile} from './arena/deployed-meanwhile.ts'
import {openArena} from './arena/open-arena.ts'
import type {Candidate} from './candidate.ts'
import {createInvoker} from './invoke/invoker.ts'
import {beginJournal, type RunJournal} from './journal/run-journal.ts'
import type {Spent} from './limits.ts'
import {measure} from './measure/measure.ts'
import {toldWhile} from './measure/told-while.ts'
import {invocationCostUSD} from './money/run-prices.ts'
import {createSpending, snapshotsUSD, takenBy} from './money/spending.ts'
import {payloadTurns} from './payloads/payload-turns.ts'
import {mostPerSize} from './plan/plan-limits.ts'
import {tooSmallText} from './plan/used-memory.ts'
import {createRace, type Race} from './race/race.ts'
import {buildReport} from './report/build-report.ts'
import type {Sample} from './sample.ts'
import {seededRandom} from './statistics/seeded-random.ts'
import type {TunePlan} from './tune-plan.ts'
import type {Ending} from './tune-report.ts'
import type {TuneStep} from './tune-steps.ts'
import {removingText} from './undo/clean-up.ts'

export type TuneOptions = {
  /** where journals are kept */
  readonly journals: string
  /** undoing has its own: the one that stops the work does not stop what cleans up after it. Asked for when undoing begins */
  readonly undoSignal: () => AbortSignal
  /** what a run measured that this one goes on with */
  readonly earlier?: readonly Sample[]
  /** what that run invoked without an answer: each counts for the limits at the most that it can have cost */
  readonly unanswered?: readonly Candidate[]
  /** what it is made of, where that is not the real thing */
  readonly makers?: TuneMakers
}

type TuneMakers = {
  readonly beginJournal: typeof beginJournal
  readonly openArena: typeof openArena
  readonly createInvoker: typeof createInvoker
  readonly createRace: typeof createRace
}

const realMakers: TuneMakers = {beginJournal, openArena, createInvoker, createRace}

const nothingMade: Cleanup = {cleanedUp: true, left: [], done: []}

/**
 * Tunes one function by its plan; the last step is `ended`, also after the signal aborted or AWS refused something. Whatever
 * happens, and also where nobody wants its steps any more, what was made in AWS has been removed before it ends.
 * @throws what is a bug, after `ended`
 */
export async function* tuneFunction(
  aws: Aws,
  plan: TunePlan,
  options: TuneOptions,
  signal: AbortSignal,
): AsyncGenerator<TuneStep, void> {
  yield {kind: 'begun', plan}
  const {clock} = aws
  const make = options.makers ?? realMakers
  const startedAt = clock.now()
  const samples: Sample[] = [...(options.earlier ?? [])]
  const unanswered = options.unanswered ?? []
  const race = raceOf(plan, make.createRace)
  for (const sample of samples) race.add(sample)
  const spending = createSpending(plan, plan.limits, spentBefore(plan, samples, unanswered), clock.now)
  const gaps: string[] = []
  const notes: string[] = []
  const warnings: string[] = []
  const {stopped, stop} = stopSignal(signal)
  let arena: Arena | null = null
  let journal: RunJournal | null = null
  let cleanup: Cleanup = nothingMade
  let failure: unknown = null
  let ending: Ending = 'failed'
  let isWanted = false

  const cleanUp = async (): Promise<void> => {
    const made: Arena | null = arena
    arena = null
    if (made !== null) cleanup = await made.close(options.undoSignal())
    if (cleanup.cleanedUp) await journal?.end()
    else await journal?.release()
  }

  try {
    const before = spending.reached(plan.source, 0)
    if (before !== null) ending = before
    else {
      const begun = await make.beginJournal(options.journals, plan, aws)
      journal = begun
      // so that this run can be gone on with in its turn
      for (const sample of samples) await begun.sample(sample)
      for (const candidate of unanswered) await begun.invoke(candidate)
      const opened = yield* toldWhile(async doing => {
        arena = await make.openArena(aws, plan, begun, stopped, doing, options.undoSignal, undone => {
          cleanup = undone
        })
        return arena
      }, stop)
      const random = seededRandom(seedOf(plan.runId))
      const invoker = make.createInvoker(aws, plan, random)
      const turns = payloadTurns(plan.payloads, random)
      const run = {
        plan,
        race,
        arena: opened,
        invoker,
        journal: begun,
        spending,
        clock,
        turns,
        samples,
        gaps,
        notes,
        warnings,
      }
      ending = yield* measure(run, stopped)
      const leader = ending === 'settled' ? race.leader() : null
      if (leader !== null) await begun.settledAs({...leader.candidate, ...leader})
    }
    isWanted = true
  } catch (error) {
    isWanted = true
    ending = signal.aborted ? 'interrupted' : isDeployedMeanwhile(error) ? 'deployed-meanwhile' : 'failed'
    if (!signal.aborted || !cleanup.cleanedUp) failure = error
  } finally {
    stop()
    // nobody takes another step, and this is the last that is done
    if (!isWanted) await cleanUp()
  }
  yield* toldWhile(async doing => {
    if (arena !== null) doing(removingText(plan.runId, signal))
    await cleanUp()
  }, stop)
  if (plan.mode === 'shadow' && spending.spent().unknown > unanswered.length) notes.push(mayRunOn(plan))
  const told = failure instanceof UserError ? failure : null
  const outcome = {plan, startedAt, endedAt: clock.now(), ending, failure: told, race, samples, gaps, notes, warnings}
  yield {kind: 'ended', report: buildReport({...outcome, spent: spending.spent(), cleanup})}
  if (failure !== null && told === null) throw failure
}

/** Nothing ends an invocation but its timeout, and Lambda makes a log group anew for what it still writes. */
const mayRunOn = ({source: {timeoutSeconds}}: TunePlan): string =>
  `an invocation without an answer may run on for ${timeoutSeconds.toLocaleString('en')} s, and Lambda would make the clone’s log group anew for its lines, without tags: slsops tune --cleanup tells of it`

function raceOf(plan: TunePlan, create: typeof createRace): Race {
  const {prices, source, candidates, tooSmall, used} = plan
  const {ephemeralStorageMB, memorySizeMB, architecture} = source
  const race = create({
    candidates: [...candidates, ...tooSmall],
    objective: plan.objective,
    coldRatio: plan.coldRatio.value,
    costUSD: (candidate, billedMs) => invocationCostUSD(prices, {...candidate, ephemeralStorageMB, billedMs}),
    allowErrors: plan.allowErrors,
    maxPerSize: mostPerSize(plan),
    current: {memorySizeMB, architecture},
    seed: seedOf(plan.runId),
    usualInit: plan.usualInit,
  })
  // they are told, and never measured
  if (used !== null) for (const candidate of tooSmall) race.exclude(candidate, tooSmallText(used))
  return race
}

/** The same for the same run. */
const seedOf = (runId: string): number =>
  [...runId].reduce((seed, character) => (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0, 7)

/** What a run took that this one goes on with, and what the snapshots of its versions will. */
function spentBefore(plan: TunePlan, samples: readonly Sample[], unanswered: readonly Candidate[]): Spent {
  const taken = takenBy(plan, samples, unanswered)
  return {...taken, costUSD: taken.costUSD + snapshotsUSD(plan, plan.candidates)}
}
