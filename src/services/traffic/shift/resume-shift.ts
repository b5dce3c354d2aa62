import {UserError, usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {clockFrom} from '../../clock.ts'
import {isJournalAlive} from '../../journal.ts'
import {checkPlace} from '../../run-place.ts'
import {firesFor} from '../dead-man/dead-man.ts'
import {openRuns} from '../journal/open-runs.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {readTrafficRecord} from '../journal/traffic-journal.ts'
import type {OpenedShift} from '../plan/open-shift.ts'
import type {ShiftPlan} from '../plan/shift-plan.ts'
import {shiftFunctions} from './shift-functions.ts'
import {shiftVerdicts} from './verdicts.ts'

/**
 * Makes ready to go on with a shift that was killed, or stopped without going back, as its journal tells it. Nothing is changed.
 * @param run `true`: the only one of this account and region
 * @param signal ends the reading; it is passed on to the run
 * @throws UserError (exit 2) where there is no such run, or several, or it was made elsewhere
 */
export async function resumeShift(
  aws: Aws,
  run: string | true,
  journals: string,
  signal: AbortSignal,
): Promise<OpenedShift> {
  const {record, notices} = run === true ? await onlyOpen(aws, journals) : await named(journals, run)
  await checkPlace(aws, record.header, signal)
  const plan = planOf(record)
  const {runId} = record.header
  // its lock is renewed by the machine's time, however fast a clock of the sandbox runs
  if (await isJournalAlive(journals, runId, clockFrom(aws.clock.now), signal))
    throw new UserError(`run ${runId} is at work in another process`, {
      code: 'JournalTaken',
      hint: 'Ctrl-C there ends it; slsops rollback takes it back from here',
    })
  return {
    plan,
    leftOut: [],
    notices: [...notices, ...standText(record, plan), ...deadManText(record, aws.clock.now())],
    run: options => shiftFunctions(aws, plan, {...options, journals}, signal),
    verdicts: shiftVerdicts,
  }
}

/** Where it stands, and since when, since a plan of the whole tells neither. */
function standText({stage, stageAt}: TrafficRecord, {stages}: ShiftPlan): readonly string[] {
  if (stage < 0 || stageAt === null) return []
  return [`it stands at step ${stage + 1} of ${stages.length} since ${new Date(stageAt).toISOString()}`]
}

function deadManText(record: TrafficRecord, now: number): readonly string[] {
  const fired = record.header.members.flatMap(member => firesFor(record, member) ?? []).filter(at => at <= now)
  if (fired.length === 0) return []
  const at = new Date(Math.min(...fired)).toISOString()
  return [`its dead man was to fire at ${at}: what he brought back is left there, and nothing is gone on with`]
}

type Found = {readonly record: TrafficRecord; readonly notices: readonly string[]}

async function onlyOpen(aws: Aws, journals: string): Promise<Found> {
  const {runs, unreadable} = await openRuns(aws, journals)
  const open = runs.filter(({record: {header}}) => header.operation === 'shift')
  const [only, ...others] = open
  if (only === undefined)
    throw usageError('there is no shift to go on with', 'slsops releases shows what the aliases serve')
  if (others.length > 0)
    throw usageError(
      `there are ${open.length} shifts to go on with`,
      `name one: ${open.map(({record}) => record.header.runId).join(', ')}`,
    )
  return {record: only.record, notices: unreadable}
}

async function named(journals: string, runId: string): Promise<Found> {
  const record = await readTrafficRecord(journals, runId)
  if (record.ended !== null)
    throw usageError(
      `run ${runId} is over: ${record.ended.outcome}`,
      'begin anew: slsops shift goes on with the weights that are there',
    )
  return {record, notices: []}
}

/** The plan of then, with what is done already. */
function planOf({header}: TrafficRecord): ShiftPlan {
  const {plan, runId} = header
  if (plan === null) throw usageError(`run ${runId} is no shift`)
  if (plan.wish.handOver !== null)
    throw usageError(
      `run ${runId} was handed over to CodeDeploy, which goes on by itself`,
      'slsops releases shows where it is; slsops rollback stops it',
    )
  return {...plan, resumes: runId}
}
