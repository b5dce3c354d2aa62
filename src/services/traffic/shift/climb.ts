import {UserError} from '../../../errors.ts'
import {fewNamesAre} from '../../few-names.ts'
import {aliasName, percentText} from '../alias/alias-state.ts'
import {tenAtATime} from './at-a-time.ts'
import {beginEvidence} from './begin-evidence.ts'
import {closeTakenOver} from './close-taken-over.ts'
import {errorText, isExpired} from './ending-of.ts'
import {moveMembers, movesOf} from './move-members.ts'
import {type Ending, isMutedStage, type ShiftRun, tellEvent, wasTouched} from './shift-run.ts'
import {standingOf} from './standing.ts'
import {watchStage} from './watch-stage.ts'

/**
 * Goes through the stages: all to a stage's weight, then watched until it may go on.
 * @returns why it goes no further; null: the last stage is over
 * @throws UserError, or the signal's reason
 */
export async function climb(run: ShiftRun, from: number): Promise<Ending | null> {
  for (let stage = 0; stage < run.plan.stages.length; stage++) {
    if (isLeftOut(run, stage) || stage < from) continue
    run.stage = stage
    const ending = (await beginStage(run)) ?? (await watchStage(run))
    if (ending !== null) return ending
  }
  return null
}

/**
 * Whether a wave is muted as a whole when its turn comes, which is said once. It has missed the ladder then, and stays on the old
 * version: brought in later it would come to all of its traffic at once.
 */
function isLeftOut(run: ShiftRun, stage: number): boolean {
  const {plan, leftOut} = run
  const {wave = []} = plan.stages[stage] ?? {}
  if (wave.every(name => leftOut.has(name))) return true
  const members = run.members.filter(({member}) => wave.includes(member.functionName))
  if (!isMutedStage(run, stage) || members.some(wasTouched)) return false
  const names = members.map(({member}) => aliasName(member))
  tellEvent(run, 'info', `${fewNamesAre(names)} muted: the steps of ${names.length === 1 ? 'it' : 'them'} are left out`)
  for (const name of wave) leftOut.add(name)
  return true
}

/** The barrier: a stage has begun when all that move are at its weight. */
async function beginStage(run: ShiftRun): Promise<Ending | null> {
  const {plan, aws, stage} = run
  const planned = plan.stages[stage]
  if (planned === undefined) return null
  const moves = movesOf(run, stage)
  const begun = aws.clock.now()
  const gone = await goneVersions(run)
  if (gone !== null) return gone
  run.tell({
    kind: 'doing',
    what: movingText(
      moves.map(({each}) => aliasName(each.member)),
      planned.basisPoints,
    ),
  })
  beginEvidence(run)
  const ending = await moveMembers(run, moves, stage)
  if (ending !== null) return ending
  // who is there already, of a run that is gone on with, has not shown yet that it is well
  run.stageFrom = Math.min(begun, ...moves.map(({each}) => each.weightAt ?? begun))
  run.stageAt = aws.clock.now()
  await run.journal?.stage(stage)
  await closeTakenOver(run)
  run.tell({kind: 'stage', stage: planned, standing: standingOf(run)})
  return null
}

const movingText = (names: readonly string[], basisPoints: number): string =>
  `moves ${names.length === 1 ? names[0] : `${names.length} aliases`} to ${percentText(basisPoints)}`

/** A version that somebody deleted can neither be moved to nor back to: where it is the old one, all stands as it is. */
async function goneVersions(run: ShiftRun): Promise<Ending | null> {
  const {aws, parts, plan, members, signal} = run
  const {wave = []} = plan.stages[run.stage] ?? {}
  const gone: string[] = []
  let isStranded = false
  await tenAtATime(
    members.filter(({member}) => wave.includes(member.functionName)),
    async ({member: {functionName, from, to}}) => {
      const missing = await parts
        .missingVersions(aws, functionName, [from, to], signal)
        .catch(error => unlooked(run, error))
      for (const version of missing) gone.push(`version ${version} of ${functionName}`)
      isStranded ||= missing.includes(from)
    },
  )
  if (gone.length === 0) return null
  const why = `${gone.sort().join(', ')} was deleted by somebody else: it can be moved ${isStranded ? 'neither on nor back' : 'no further'}`
  tellEvent(run, 'bad', why)
  return isStranded ? {kind: 'hold', isStuck: false, why} : {kind: 'go-back', byGate: false, why}
}

/** AWS itself refuses to route to what is gone: not to know is no reason to stop. */
function unlooked(run: ShiftRun, error: unknown): readonly string[] {
  if (!(error instanceof UserError) || isExpired(error)) throw error
  tellEvent(run, 'warning', errorText(error))
  return []
}
