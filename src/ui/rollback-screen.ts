import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {RollbackMember, RollbackPlan, RollbackReport} from '../services/traffic/rollback/rollback.ts'
import {lastWords} from './by-hand.ts'
import {rollbackJson, rollbackPlanJson} from './rollback-json.ts'
import {rollbackPlanText, rollbackQuestion} from './rollback-plan-text.ts'
import {rollbackText} from './rollback-text.ts'
import {byHand} from './rollback-words.ts'
import type {Terminal} from './terminal.ts'

export type RollbackScreenOptions = {
  readonly plan: RollbackPlan
  readonly json: boolean
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly now: () => number
  /** where Lambda answers that is not AWS's; null else */
  readonly endpoint: string | null
}

/** Everything that is seen of a rollback. */
export type RollbackScreen = {
  /** what would be done, before it is asked about */
  plan(terminal: Terminal): string
  question(): string
  /** the same as the answer to --dry-run, where it ends */
  planned(terminal: Terminal): string
  answer(report: RollbackReport, terminal: Terminal): string
  /** the last words of who leaves before it is done: what finishes it by hand. @param left of which nothing is known yet */
  leftUndone(left: readonly RollbackMember[], terminal: Terminal): string
}

export function rollbackScreen({plan, json, clock, now, endpoint}: RollbackScreenOptions): RollbackScreen {
  return {
    plan: terminal => rollbackPlanText(plan, {terminal, clock, now: now(), isDryRun: false}),
    question: () => rollbackQuestion(plan),
    planned: terminal =>
      json ? rollbackPlanJson(plan, now()) : rollbackPlanText(plan, {terminal, clock, now: now(), isDryRun: true}),
    answer: (report, terminal) => (json ? rollbackJson(report) : rollbackText(report, {terminal, clock})),
    leftUndone(left, terminal) {
      if (left.length === 0) return ''
      const commands = left.map(member => byHand(member, plan.scope, endpoint))
      const what = 'left before it was done: whether these are back is not known, and this does it by hand'
      return lastWords(what, commands, json, terminal)
    },
  }
}
