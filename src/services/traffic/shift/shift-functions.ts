import type {Aws} from '../../aws/connect.ts'
import {stopSignal} from '../../stop-signal.ts'
import {toldWhile} from '../../told-while.ts'
import type {ShiftPlan} from '../plan/shift-plan.ts'
import {runShift} from './run-shift.ts'
import {realParts, type ShiftParts} from './shift-parts.ts'
import type {Control, ShiftStep} from './shift-steps.ts'

export type ShiftOptions = {
  /** where journals are */
  readonly journals: string
  /** for going back: Ctrl-C must not stop that */
  readonly undoSignal: () => AbortSignal
  /** what a person asked for since it was asked last, in order */
  readonly controls: () => readonly Control[]
  /** what it is made of, where that is not the real thing */
  readonly parts?: ShiftParts
}

/**
 * Shifts traffic as planned, all members step by step together; whatever goes wrong with one, all go back. The last step is
 * `ended`; whoever takes no further step stops it as Ctrl-C does.
 * @param signal aborted: the shift is rolled back, or held where the plan says so, and ends with what AWS then reports
 * @throws UserError where nothing was changed: an alias or an alarm is not as it was planned with any more, or a permission is missing
 */
export async function* shiftFunctions(
  aws: Aws,
  plan: ShiftPlan,
  options: ShiftOptions,
  signal: AbortSignal,
): AsyncGenerator<ShiftStep, void> {
  const {stopped, stop} = stopSignal(signal)
  const parts = options.parts ?? realParts
  yield* toldWhile<ShiftStep, void>(tell => runShift({aws, plan, options, parts, signal: stopped, tell}), stop)
}
