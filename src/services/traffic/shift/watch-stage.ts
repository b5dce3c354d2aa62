import {stopSignal} from '../../stop-signal.ts'
import type {AlarmVerdict} from '../evidence/alarm-verdict.ts'
import {pollMs} from '../plan/plan-times.ts'
import {compareAliases} from './compare-aliases.ts'
import {decide, type Situation} from './decide.ts'
import {keepDeadManAway} from './push-dead-man.ts'
import {readEvidence, readGateAlarms} from './read-gates.ts'
import {type Ending, isMutedStage, type ShiftRun, tellEvent} from './shift-run.ts'
import {standingOf} from './standing.ts'
import {takeControls} from './take-controls.ts'

/** keys are looked at so often */
const glanceMs = 1_000

/**
 * Looks at a stage again and again until it may go on; does what a person asks for meanwhile.
 * @returns why it goes no further; null: it may go on
 * @throws UserError, or the signal's reason
 */
export async function watchStage(run: ShiftRun): Promise<Ending | null> {
  const {plan, aws, signal} = run
  const minMs = plan.stages[run.stage]?.minMs ?? 0
  // with `--weight` nothing is under way once all are there
  if (plan.ladder === 'weight') return null
  for (;;) {
    signal.throwIfAborted()
    const asked = await takeControls(run)
    if (asked !== null) return asked
    await keepDeadManAway(run)
    const looked = await look(run)
    // what was asked for comes first
    if (looked === null) continue
    if (looked.away !== null) return looked.away
    const deadline = run.startedAt + plan.maxTimeMs + run.pausedMs
    const decision = decide({
      now: aws.clock.now(),
      stageAt: run.stageAt,
      minMs,
      deadline,
      verdict: verdictOf(run),
      alarms: looked.alarms,
      isPaused: run.isPaused,
      onInconclusive: plan.wish.onInconclusive,
    })
    run.waitsFor = decision.kind === 'wait' ? decision.why : null
    run.tell({kind: 'standing', standing: standingOf(run)})
    if (decision.kind === 'go-on') {
      if (decision.why !== null) tellEvent(run, 'warning', decision.why)
      return null
    }
    if (decision.kind !== 'wait') return decision
    await pause(run, [run.stageAt + minMs, deadline])
  }
}

/** Of whom no call comes nobody knows anything, whatever others have shown before. */
function verdictOf(run: ShiftRun): Situation['verdict'] {
  const {plan, group, stage} = run
  if (group?.verdict !== 'unhealthy' && isMutedStage(run, stage))
    return {verdict: 'inconclusive', why: 'all that this step moves is muted'}
  if (plan.wish.gate === 'none') return null
  return group ?? {verdict: 'inconclusive', why: 'nothing was read yet'}
}

type Looked = {readonly alarms: AlarmVerdict; readonly away: Ending | null}

/**
 * Reads evidence, alarms and aliases, which takes minutes where AWS throttles everything: a key ends it.
 * @returns null where it was ended so
 * @throws UserError, or the signal's reason
 */
async function look(run: ShiftRun): Promise<Looked | null> {
  const {aws, signal} = run
  const {stopped, stop} = stopSignal(signal)
  const read = new AbortController()
  const reading = readAll(run, stopped).finally(() => read.abort())
  const glances = AbortSignal.any([read.signal, signal])
  const watching = async (): Promise<void> => {
    while (!glances.aborted) {
      await aws.clock.sleep(glanceMs, glances).catch(() => {})
      if (hasAsked(run)) stop()
    }
  }
  const [outcome] = await Promise.allSettled([reading, watching()])
  const isEndedByKey = stopped.aborted && !signal.aborted
  // what is no longer waited for is not read on
  stop()
  if (outcome.status === 'fulfilled') return outcome.value
  if (isEndedByKey) return null
  throw outcome.reason
}

/** What hurts does not wait for the aliases: to read a hundred takes ten seconds. */
async function readAll(run: ShiftRun, signal: AbortSignal): Promise<Looked> {
  const comparing = compareAliases(run, signal)
  const gates = Promise.all([readGateAlarms(run, signal), readEvidence(run, signal)])
  const unlessItHurts = gates.then(([alarms]) => (hurts(run, alarms) ? null : comparing))
  const [[alarms], away] = await Promise.all([gates, Promise.race([comparing, unlessItHurts])])
  return {alarms, away}
}

const hurts = ({plan, group}: ShiftRun, {fired}: AlarmVerdict): boolean =>
  fired.length > 0 || (plan.wish.gate !== 'none' && group?.verdict === 'unhealthy')

/** Sleeps until the next look, or until a person asks for something. @param ends epoch ms, at which it is looked at as well */
async function pause(run: ShiftRun, ends: readonly number[]): Promise<void> {
  const {aws, signal} = run
  const began = aws.clock.now()
  const until = Math.min(began + pollMs(run.members.length), ...ends.filter(end => end > began))
  while (!hasAsked(run)) {
    const now = aws.clock.now()
    if (now >= until) return
    await aws.clock.sleep(Math.min(glanceMs, until - now), signal)
    if (run.isPaused) run.pausedMs += aws.clock.now() - now
  }
}

function hasAsked(run: ShiftRun): boolean {
  run.asked = [...run.asked, ...run.options.controls()]
  return run.asked.length > 0
}
