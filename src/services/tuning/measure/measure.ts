import {stopSignal} from '../../stop-signal.ts'
import type {Stage} from '../arena/arena.ts'
import {type Candidate, candidateKey} from '../candidate.ts'
import type {InvokedAnswer} from '../invoke/invoker.ts'
import {memoryText} from '../memory-sizes.ts'
import type {Spending} from '../money/spending.ts'
import {isBelowFloor, tooSmallText} from '../plan/used-memory.ts'
import type {Race} from '../race/race.ts'
import type {Sample} from '../sample.ts'
import type {Status} from '../standing.ts'
import type {Ending} from '../tune-report.ts'
import type {TuneStep} from '../tune-steps.ts'
import {canaryFailure} from './canary.ts'
import type {Measuring} from './measuring.ts'
import {takeIn} from './take-in-size.ts'
import {createTaking, type Taken} from './take-invocations.ts'
import {unlikeTraffic} from './unlike-traffic.ts'

/** answers of one size that are lost one after the other before it is given up */
const mostLost = 3

/** a timer that is set for longer is over at once */
const longestTimerMs = 2 ** 31 - 1

/**
 * Measures sizes until the race is over, a limit is reached or the signal aborts: first one invocation at the size that the
 * function has, which must succeed, then what the race asks for.
 * @returns why it ended
 * @throws what ends the run: a refusal of AWS, somebody's deploy, or a bug
 */
export async function* measure(run: Measuring, signal: AbortSignal): AsyncGenerator<TuneStep, Ending> {
  const {plan, race, arena, journal, spending, samples, gaps, notes, warnings} = run
  const {stopped, stop} = stopSignal(signal)
  const taking = createTaking({...run, stopped, stop})
  const stages = new Map(arena.stages.map(stage => [candidateKey(stage), stage]))
  const lost = new Map<string, number>()
  const answers = {foreign: 0, likeErrors: new Map<string, number>()}
  const moves = movesOf(race, spending)
  let isTimeOver = false
  let canaryFailed: string | null = null

  const record = async function* (found: Omit<Sample, 'index'>): AsyncGenerator<TuneStep, void> {
    const sample: Sample = {...found, index: samples.length + 1}
    samples.push(sample)
    race.add(sample)
    await journal.sample(sample)
    yield {kind: 'sampled', sample, standings: race.standings(), spent: spending.spent()}
    yield* moves()
  }
  const noteAnswer = ({looksLikeError}: InvokedAnswer): void => {
    if (looksLikeError !== null && !plan.allowErrors.includes(looksLikeError))
      answers.likeErrors.set(looksLikeError, (answers.likeErrors.get(looksLikeError) ?? 0) + 1)
  }
  const tell = async function* (taken: Taken): AsyncGenerator<TuneStep, void> {
    const key = candidateKey(taken.stage)
    if ('refused' in taken) race.exclude(taken.stage, taken.refused.message)
    else if (taken.invoked.kind === 'sample') {
      lost.delete(key)
      noteAnswer(taken.invoked.answer)
      return yield* record(taken.invoked.sample)
    } else if (!stopped.aborted) {
      const {why, isForeignVersion} = taken.invoked
      if (isForeignVersion) answers.foreign++
      lost.set(key, (lost.get(key) ?? 0) + 1)
      if ((lost.get(key) ?? 0) >= mostLost) race.exclude(taken.stage, `no answer ${mostLost} times: ${why}`)
      yield {kind: 'note', text: `${memoryText(taken.stage.memorySizeMB)}: ${why}`}
    }
    yield* moves()
  }
  const tellCanary = async function* (taken: Taken): AsyncGenerator<TuneStep, void> {
    if ('refused' in taken) throw taken.refused
    if (taken.invoked.kind === 'unknown') {
      canaryFailed = `the first invocation was not answered: ${taken.invoked.why}`
      return
    }
    const {sample, answer} = taken.invoked
    canaryFailed = canaryFailure(sample, answer, plan.allowErrors)
    yield* record(sample)
  }
  const stoppedBy = (): Ending | null => (signal.aborted ? 'interrupted' : isTimeOver ? 'max-time' : null)

  for (const refused of arena.refused) {
    race.exclude(refused, refused.why)
    notes.push(`${memoryText(refused.memorySizeMB)} cannot be had: ${refused.why}`)
  }
  yield* moves()
  const first = stages.get(candidateKey(plan.source)) ?? [...stages.values()].at(-1)
  if (first === undefined) {
    gaps.push('none of the sizes could be had')
    return 'failing'
  }
  try {
    // what is still waited for when time is over is waited for no longer
    run.clock.sleep(Math.min(plan.limits.maxTimeMs, longestTimerMs), stopped).then(
      () => {
        isTimeOver = true
        stop()
      },
      () => {},
    )
    const limit = yield* taking.take([first], tellCanary)
    const early = stoppedBy() ?? limit
    if (early !== null) return early
    if (canaryFailed !== null) {
      gaps.push(canaryFailed)
      return 'failing'
    }
    for (;;) {
      const turn = race.next()
      if (turn.kind === 'done') return turn.ending
      if (turn.kind === 'propose' && !plan.mayPropose)
        race.decline(turn.candidate, 'sizes were listed, and it is none of them')
      else if (turn.kind === 'propose' && plan.used !== null && isBelowFloor(turn.candidate.memorySizeMB, plan.used))
        race.decline(turn.candidate, tooSmallText(plan.used))
      else if (turn.kind === 'propose') {
        yield* takeIn(run, stages, turn.candidate, stopped)
        yield* moves()
      } else {
        const reached = yield* taking.take(stagesFor(turn.candidates, stages, plan.concurrency), tell)
        if (reached !== null) return stoppedBy() ?? reached
      }
      const over = stoppedBy()
      if (over !== null) return over
    }
  } finally {
    stop()
    const unlike = unlikeTraffic(plan, race.standings())
    if (unlike !== null) {
      notes.push(unlike)
      warnings.push(unlike)
    }
    if (answers.foreign > 0)
      gaps.push(`${answers.foreign} answers came from another version than was asked for, and were not used`)
    for (const [like, count] of answers.likeErrors)
      if (canaryFailed === null)
        gaps.push(
          `${count} of ${samples.length} answers look like errors (${like}): it may be the error path that was measured`,
        )
  }
}

/**
 * What is invoked for a turn of the race: with some at a time, the turn as often as goes into it, so that none stands idle;
 * the race is asked less often then, and looks at more at once.
 */
function stagesFor(
  candidates: readonly Candidate[],
  stages: ReadonlyMap<string, Stage>,
  concurrency: number,
): readonly Stage[] {
  const once = candidates.flatMap(candidate => stages.get(candidateKey(candidate)) ?? [])
  const times = Math.max(1, Math.floor(concurrency / Math.max(once.length, 1)))
  return Array.from({length: times}, () => once).flat()
}

const moving: ReadonlySet<Status> = new Set(['dropped', 'infeasible'])

/** Tells which sizes were dropped, became infeasible or were taken in since it was asked last. */
function movesOf(race: Race, spending: Spending): () => Generator<TuneStep, void> {
  const known = new Map(race.standings().map(standing => [candidateKey(standing), standing.status]))
  return function* () {
    const standings = race.standings()
    for (const standing of standings) {
      const before = known.get(candidateKey(standing))
      known.set(candidateKey(standing), standing.status)
      if (before === undefined || (before !== standing.status && moving.has(standing.status)))
        yield {kind: 'moved', standing, standings, spent: spending.spent()}
    }
  }
}
