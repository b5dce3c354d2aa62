import {ExitCode, UserError} from '../../../errors.ts'
import type {Refused, Stage} from '../arena/arena.ts'
import {type Candidate, candidateKey} from '../candidate.ts'
import {memoryText} from '../memory-sizes.ts'
import {snapshotsUSD} from '../money/spending.ts'
import type {TuneStep} from '../tune-steps.ts'
import type {Measuring} from './measuring.ts'

/** Makes a size that the race proposes; a proposal that cannot be had is declined, and ends nothing. */
export async function* takeIn(
  run: Measuring,
  stages: Map<string, Stage>,
  candidate: Candidate,
  stopped: AbortSignal,
): AsyncGenerator<TuneStep, void> {
  const {race, notes} = run
  yield {kind: 'doing', what: `makes ${memoryText(candidate.memorySizeMB)}, which may be better than all so far`}
  const added = await addedTo(run, candidate, stopped)
  if (stopped.aborted) return
  if ('version' in added) {
    stages.set(candidateKey(candidate), added)
    race.enter(candidate)
    return
  }
  race.decline(candidate, added.why)
  notes.push(`${memoryText(candidate.memorySizeMB)} may be better still, and was not measured: ${added.why}`)
}

/** what shows that somebody else is at work here, or that nothing can be written down */
const endsRun: ReadonlySet<string> = new Set(['DeployedMeanwhile', 'JournalTaken', 'NoJournal'])

/** @throws what ends the run; a size that could not be made for another reason is only refused */
async function addedTo(
  {plan, arena, spending}: Measuring,
  candidate: Candidate,
  stopped: AbortSignal,
): Promise<Stage | Refused> {
  const refused = (why: string): Refused => ({...candidate, why})
  if (!spending.take(snapshotsUSD(plan, [candidate]))) return refused('its snapshot may cost more than is left')
  try {
    return (await arena.add(candidate, stopped)) ?? refused('no size can be added once invocations have begun')
  } catch (error) {
    if (stopped.aborted) return refused('it was stopped')
    if (!(error instanceof UserError) || error.exitCode === ExitCode.refused || endsRun.has(error.code)) throw error
    return refused(error.message)
  }
}
