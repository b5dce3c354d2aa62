import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {
  Control,
  MemberStanding,
  ShiftReport,
  ShiftStanding,
  ShiftStep,
} from '../services/traffic/shift/shift-steps.ts'
import {allAtText} from './shift-waves.ts'
import {weightText} from './shift-words.ts'

export type ShiftEvent = {
  /** epoch ms */
  readonly at: number
  readonly severity: 'info' | 'warning' | 'bad'
  readonly text: string
}

/** What the live view shows. */
export type ShiftViewState = {
  /** null before it begins */
  readonly plan: ShiftPlan | null
  readonly standing: ShiftStanding | null
  /** whether all are at the weight of the stage that the standing tells of: before that its time has not begun */
  readonly isAtStage: boolean
  /** what takes a while just now; '' for nothing */
  readonly doing: string
  /** the last ones, oldest first */
  readonly events: readonly ShiftEvent[]
  /** null while it goes on */
  readonly report: ShiftReport | null
  /** name of the member that keys are about; null where there is only one, or none was chosen */
  readonly selected: string | null
  /** name of the only member that moves, where that was asked for */
  readonly solo: string | null
  /** whether somebody has asked for its end, which takes as long as AWS takes */
  readonly isStopping: boolean
  /** what a key has asked for and nothing tells of yet; '' for nothing */
  readonly asked: string
  /** epoch ms */
  readonly now: number
}

/** What a key means. */
export type ShiftKey = 'up' | 'down' | 'mute' | 'solo' | 'pause' | 'rollback'

export type ShiftProgress = {
  take(step: ShiftStep): void
  /** @returns what is to be done to the shift, in order; nothing where it is about the view only */
  press(key: ShiftKey): readonly Control[]
  /** Ctrl-C was pressed. */
  stop(): void
  state(): ShiftViewState
}

const mostEvents = 50

/** Keeps what the live view shows while steps come and keys are pressed. @param now epoch ms */
export function shiftProgress(now: () => number): ShiftProgress {
  let plan: ShiftPlan | null = null
  let standing: ShiftStanding | null = null
  let report: ShiftReport | null = null
  let events: readonly ShiftEvent[] = []
  let doing = ''
  let asked = ''
  let isStopping = false
  let isAtStage = false
  let selected: string | null = null
  let solo: string | null = null

  const tell = (event: ShiftEvent): void => {
    events = [...events, event].slice(-mostEvents)
  }

  return {
    take(step) {
      switch (step.kind) {
        case 'begun':
          ;({plan, standing} = step)
          solo = plan.wish.solo
          return
        case 'doing':
          asked = ''
          doing = step.what
          return
        case 'stage':
          doing = ''
          standing = step.standing
          isAtStage = true
          tell({
            at: standing.stageAt,
            severity: 'info',
            text: allAtText(plan?.stages ?? [], step.stage.wave, weightText(step.stage.basisPoints)),
          })
          return
        case 'standing':
          doing = ''
          asked = ''
          standing = step.standing
          return
        case 'event':
          tell(step)
          return
        case 'ended':
          doing = ''
          ;({report} = step)
          standing = report.standing
      }
    },
    press(key) {
      if (plan === null || standing === null || report !== null) return []
      const rows = worstFirst(standing)
      const at = rows.findIndex(({member}) => member.functionName === selected)
      if (key === 'up' || key === 'down') {
        const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === 'up' ? -1 : 1)))
        selected = rows.length < 2 ? null : (rows[to]?.member.functionName ?? null)
        return []
      }
      const controls = controlsOf(key, rows[at], standing, solo)
      for (const control of controls) {
        if (control.kind === 'solo') solo = control.functionName
        if (control.kind === 'unsolo') solo = null
        if (control.kind === 'rollback') isStopping = true
        asked = askedText(control)
      }
      return controls
    },
    stop() {
      isStopping = true
    },
    state: () => ({isStopping, isAtStage, plan, standing, doing, events, report, selected, solo, asked, now: now()}),
  }
}

function controlsOf(
  key: Exclude<ShiftKey, 'up' | 'down'>,
  chosen: MemberStanding | undefined,
  {isPaused}: ShiftStanding,
  solo: string | null,
): readonly Control[] {
  if (key === 'rollback') return [{kind: 'rollback'}]
  if (key === 'pause') return [{kind: isPaused ? 'go-on' : 'pause'}]
  if (chosen === undefined) return []
  const {functionName} = chosen.member
  const isSolo = solo === functionName
  // the only one that moves, muted, would leave none
  if (key === 'mute' && isSolo) return [{kind: 'unsolo'}, {kind: 'mute', functionName}]
  if (key === 'mute') return [{kind: chosen.state === 'muted' ? 'unmute' : 'mute', functionName}]
  if (isSolo) return [{kind: 'unsolo'}]
  return [...(chosen.state === 'muted' ? [{kind: 'unmute' as const, functionName}] : []), {kind: 'solo', functionName}]
}

function askedText(control: Control): string {
  switch (control.kind) {
    case 'rollback':
      return 'rolls back'
    case 'pause':
      return 'pauses'
    case 'go-on':
      return 'goes on'
    case 'unsolo':
      return 'moves all again'
    default:
      return `${{mute: 'mutes', unmute: 'takes in', solo: 'moves only'}[control.kind]} ${control.functionName}`
  }
}

/** Those that failed or are to blame, then those with most evidence of harm; those that are muted last. */
export function worstFirst({members, blamed = []}: ShiftStanding): readonly MemberStanding[] {
  const rank = ({state, member}: MemberStanding): number => {
    if (state === 'failed' || state === 'foreign') return 3
    if (blamed.includes(member.functionName)) return 2
    return state === 'muted' ? 0 : 1
  }
  return members.toSorted(
    (one, other) => rank(other) - rank(one) || (other.judgement?.harm ?? 0) - (one.judgement?.harm ?? 0),
  )
}
