import type {Gap} from '../services/receipt.ts'
import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport, ShiftStep} from '../services/traffic/shift/shift-steps.ts'
import {noticeJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {wholeSecond} from './next-command.ts'
import {shiftCourse} from './shift-course.ts'
import {shiftJson, shiftPlanJson} from './shift-json.ts'
import {shiftMarkdown} from './shift-markdown.ts'
import {shiftPlanText} from './shift-plan-text.ts'
import {shiftStepLines} from './shift-step-line.ts'
import {shiftSvg} from './shift-svg.ts'
import {shiftText} from './shift-text.ts'
import {leftBehindText} from './shift-undo.ts'
import {type ShiftClock, shiftQuestion} from './shift-words.ts'
import {plainText} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** of a file */
export type ShiftFormat = 'json' | 'md' | 'svg'

export type ShiftScreenOptions = {
  readonly json: boolean
  /** what was asked for and will not be shifted */
  readonly leftOut: readonly Gap[]
  readonly clock: ShiftClock
  /** epoch ms */
  readonly now: () => number
  /** where Lambda answers that is not AWS's; null else */
  readonly endpoint: string | null
}

/** Everything that is seen of a shift but for the live view. */
export type ShiftScreen = {
  readonly clock: ShiftClock
  /** what will be done, before it is asked about */
  plan(plan: ShiftPlan, terminal: Terminal): string
  /** the same as the answer to --dry-run, where it ends */
  planned(plan: ShiftPlan, terminal: Terminal): string
  /** what is asked before it begins */
  question(plan: ShiftPlan, terminal: Terminal): string
  /** takes note of a step, for the answer: each once, whether it is shown or not */
  take(step: ShiftStep): void
  /** a step for stderr where there is no live view, '' for what is not worth a line; a `slsops/notice@1` with --json */
  line(step: ShiftStep, terminal: Terminal): string
  /** the report as the answer on stdout */
  answer(report: ShiftReport, terminal: Terminal): string
  /** the report as it is kept in a file */
  kept(report: ShiftReport, format: ShiftFormat): string
  /** the last words of who leaves before all is brought back: how to do it */
  leftBehind(plan: ShiftPlan, terminal: Terminal): string
}

export function shiftScreen({json, leftOut, clock, now, endpoint}: ShiftScreenOptions): ShiftScreen {
  const {take, course} = shiftCourse(now)
  const lineOf = shiftStepLines({now, time: json ? wholeSecond : ms => clock.time(ms).slice(0, 8)})
  return {
    clock,
    plan: (plan, terminal) => shiftPlanText(plan, {terminal, clock, now: now(), isDryRun: false}),
    planned: (plan, terminal) =>
      json ? shiftPlanJson(plan, leftOut, now()) : shiftPlanText(plan, {terminal, clock, now: now(), isDryRun: true}),
    question: shiftQuestion,
    take,
    line(step, terminal) {
      const line = lineOf(step, terminal)
      if (line === null) return ''
      return json ? noticeJson(plainText(line)) : paintedRows([line], terminal)
    },
    answer: (report, terminal) => (json ? shiftJson(report, course(), leftOut) : shiftText(report, {terminal, clock})),
    kept(report, format) {
      if (format === 'json') return shiftJson(report, course(), leftOut)
      return format === 'md' ? shiftMarkdown(report, course()) : shiftSvg(report, course(), clock)
    },
    leftBehind: (plan, terminal) => leftBehindText(plan, endpoint, json, terminal),
  }
}
