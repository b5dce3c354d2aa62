import type {AlarmVerdict} from '../evidence/alarm-verdict.ts'
import type {Verdict} from '../judge/judgement.ts'
import type {ShiftWish} from '../plan/shift-plan.ts'
import type {Ending} from './shift-run.ts'

/** All that is looked at to decide whether a stage goes on. */
export type Situation = {
  /** epoch ms, all of them */
  readonly now: number
  /** since when all are at the stage's weight */
  readonly stageAt: number
  readonly minMs: number
  /** when what is inconclusive is dealt with */
  readonly deadline: number
  /** of the judge, with why; null where nobody judges */
  readonly verdict: {readonly verdict: Verdict; readonly why: string} | null
  readonly alarms: AlarmVerdict
  readonly isPaused: boolean
  readonly onInconclusive: ShiftWish['onInconclusive']
}

export type Decision =
  | {readonly kind: 'go-on'; readonly why: string | null}
  /** @param why null while its time is not over */
  | {readonly kind: 'wait'; readonly why: string | null}
  | Ending

/** What comes of a situation: what hurts goes back whatever else holds; what is not known moves nothing until the time for it is over. */
export function decide(situation: Situation): Decision {
  const {now, stageAt, minMs, deadline, verdict, alarms, isPaused, onInconclusive} = situation
  if (verdict?.verdict === 'unhealthy') return {kind: 'go-back', byGate: true, why: verdict.why}
  if (alarms.fired.length > 0) return {kind: 'go-back', byGate: true, why: firedText(alarms)}
  if (isPaused) return {kind: 'wait', why: 'it is paused'}
  if (now < stageAt + minMs) return {kind: 'wait', why: null}
  const open = openQuestion(situation)
  if (open === null) return {kind: 'go-on', why: null}
  if (now < deadline) return {kind: 'wait', why: open}
  const why = `its time is over and it is inconclusive: ${open}`
  if (onInconclusive === 'promote') return {kind: 'go-on', why}
  return onInconclusive === 'rollback' ? {kind: 'go-back', byGate: true, why} : {kind: 'hold', isStuck: false, why}
}

const firedText = ({fired}: AlarmVerdict): string =>
  `${fired.map(({name}) => name).join(', ')} went off: ${fired.map(({reason}) => reason).join('; ')}`

function openQuestion({verdict, alarms}: Situation): string | null {
  if (alarms.unknown.length > 0) return alarms.unknown.map(({name, why}) => `alarm ${name}: ${why}`).join('; ')
  return verdict === null || verdict.verdict === 'healthy' ? null : verdict.why
}
