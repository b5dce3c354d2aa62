import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {Member, ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {aliasText, trafficShare} from './alias-words.ts'
import {count, counted} from './numbers.ts'
import {printableName} from './printable.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ShiftClock = Pick<ZoneClock, 'time' | 'date'>

/** Of basis points: `10 %`, `14.28 %`. */
export const weightText = (basisPoints: number): string => trafficShare(basisPoints / 10_000)

/** `41 → 42`; null where not all move between the same versions. */
export function versionsText(
  members: readonly Pick<Member, 'from' | 'to'>[],
  {unicode}: Pick<Terminal, 'unicode'>,
): string | null {
  const [first, ...others] = new Set(members.map(({from, to}) => `${from} ${glyphsFor({unicode}).arrow} ${to}`))
  return first === undefined || others.length > 0 ? null : first
}

/** `checkout-api:live`, or `12 functions`. */
function namesText(members: readonly Pick<Member, 'functionName' | 'alias'>[]): string {
  const [only, ...others] = members
  return only === undefined || others.length > 0 ? counted(members.length, 'function') : aliasText(only)
}

/** `checkout-api:live 41 → 42`, `12 functions 41 → 42`, or `12 functions`. */
export const movesText = (members: readonly Member[], terminal: Pick<Terminal, 'unicode'>): string =>
  [namesText(members), versionsText(members, terminal)].filter(Boolean).join(' ')

/** Whether evidence decides: CodeDeploy goes by alarms, a mere weight by nothing. */
export const isJudged = ({wish, ladder}: Pick<ShiftPlan, 'wish' | 'ladder'>): boolean =>
  wish.gate === 'auto' && wish.handOver === null && ladder !== 'weight'

/** What is asked before it begins. */
export function shiftQuestion(plan: ShiftPlan, terminal: Pick<Terminal, 'unicode'>): string {
  const {members, ladder, stages, resumes, wish} = plan
  const [only] = stages
  const to = ladder === 'weight' && only ? ` to ${weightText(only.basisPoints)}` : ''
  const what =
    members.length < 2 ? movesText(members, terminal) : `${namesText(members)} (${shortMoves(members, terminal)})`
  if (resumes !== null) return `Go on with ${what}?`
  return `${wish.handOver === null ? 'Shift' : 'Leave to CodeDeploy:'} ${what}${to}?`
}

/** beyond it evidence differs in nothing that anybody does */
const mostEvidence = 10_000

/** How much evidence there is: `1.9`, `48`, `1,650`, `> 10,000`. */
export function evidenceText(value: number): string {
  if (!Number.isFinite(value) || value > mostEvidence) return `> ${count(mostEvidence)}`
  if (value < 0.05) return '0'
  return value < 9.95 ? value.toFixed(1) : count(Math.round(value))
}

/** A clock that runs: `3:07`, `1:03:07`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const below = String(seconds % 60).padStart(2, '0')
  return hours === 0 ? `${minutes}:${below}` : `${hours}:${String(minutes).padStart(2, '0')}:${below}`
}

export const outcomeWords: Readonly<Record<ShiftReport['outcome'], string>> = {
  done: 'done',
  'rolled-back': 'rolled back',
  held: 'held half-way',
  foreign: 'stopped: somebody else moved it',
  failed: 'failed',
}

/** What becomes of a shift that is inconclusive when its time is over. */
export const inTheEnd: Record<ShiftPlan['wish']['onInconclusive'], string> = {
  hold: 'it holds',
  rollback: 'it goes back',
  promote: 'it goes on all the same',
}

/** How it ended, before why: that somebody else moved it is not said twice. */
export const endWord = ({outcome, why, members}: Pick<ShiftReport, 'outcome' | 'why' | 'members'>): string =>
  outcome === 'foreign' &&
  members.some(({state, detail}) => state === 'foreign' && detail !== null && why.includes(detail))
    ? 'stopped'
    : outcomeWords[outcome]

/** `3 writes in `; CodeDeploy writes by itself. */
export const writesText = (writes: number): string => `${writes === 0 ? '' : `${counted(writes, 'write')} `}in `

const questionNames = 3

/** `checkout-api 41→42, search 9→10, …`: the plan of several may have left the screen when it is asked about. */
function shortMoves(members: readonly Member[], {unicode}: Pick<Terminal, 'unicode'>): string {
  const {arrow, ellipsis} = glyphsFor({unicode})
  const told = members
    .slice(0, questionNames)
    .map(({functionName, from, to}) => `${printableName(functionName)} ${from}${arrow}${to}`)
  return [...told, ...(members.length > questionNames ? [ellipsis] : [])].join(', ')
}
