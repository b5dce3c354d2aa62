import {UserError} from '../../../errors.ts'
import {climb} from './climb.ts'
import {closeTakenOver} from './close-taken-over.ts'
import {commit} from './commit.ts'
import {conclude} from './conclude.ts'
import {endingOf} from './ending-of.ts'
import {mutedText} from './hold-members.ts'
import {prepare} from './prepare.ts'
import {createRun, type Ending, isMuted, type ShiftRun} from './shift-run.ts'
import {standingOf} from './standing.ts'
import {takeUp} from './take-up.ts'

/**
 * A shift from its beginning to its end, told as steps.
 * @throws UserError before anything was changed, without `ended`; what is a bug, after it
 */
export async function runShift(base: Parameters<typeof createRun>[0]): Promise<void> {
  const run = createRun(base)
  const {plan} = run
  for (const each of run.members) if (isMuted(run, each)) each.state = 'muted'
  run.tell({kind: 'begun', plan, standing: standingOf(run)})
  let ending: Ending
  let bug: unknown = null
  try {
    const from = plan.resumes === null ? await prepared(run) : await takenUp(run, plan.resumes)
    ending = typeof from === 'number' ? await goThrough(run, from) : from
  } catch (error) {
    // nothing was changed: only that it was interrupted is told as an end
    if (run.journal === null && !(run.signal.aborted && plan.resumes === null)) throw error
    ending = endingOf(run, error)
    if (!(error instanceof UserError) && !run.signal.aborted) bug = error
  }
  const report = await conclude(run, ending, run.options.undoSignal())
  run.tell({kind: 'ended', report})
  if (bug !== null) throw bug
}

async function prepared(run: ShiftRun): Promise<number> {
  try {
    await prepare(run)
    return 0
  } catch (error) {
    const {journal, deadMan} = run
    run.journal = null
    await deadMan?.disarm(run.options.undoSignal()).catch(() => [])
    await journal?.end('refused', error instanceof UserError ? error.message : 'it did not begin')
    throw error
  }
}

/** What cannot be taken up is left as it is, for another try; what is interrupted meanwhile ends as it would later. */
async function takenUp(run: ShiftRun, runId: string): Promise<number | Ending> {
  try {
    return await takeUp(run, runId, run.signal).catch(async error => {
      if (!run.signal.aborted || run.journal === null) throw error
      await takeUp(run, runId, run.options.undoSignal())
      return endingOf(run, error)
    })
  } catch (error) {
    const {journal} = run
    run.journal = null
    await journal?.release()
    throw error
  }
}

async function goThrough(run: ShiftRun, from: number): Promise<Ending> {
  const {plan} = run
  const ending = (await climb(run, from)) ?? (plan.commits ? await commit(run) : null)
  if (ending !== null) return ending
  await closeTakenOver(run)
  // Ctrl-C during the last write, whose answer was waited for
  if (plan.wish.onInterrupt === 'rollback') run.signal.throwIfAborted()
  for (const each of run.members)
    if (isMuted(run, each)) each.detail = mutedText(each)
    else each.state = 'done'
  return {kind: 'done', why: plan.commits ? 'the new version serves' : 'it has the weight that was asked for'}
}
