import {ExitCode} from '../../../errors.ts'
import type {MemberOutcome, ShiftReport} from './shift-steps.ts'

/**
 * What a command ends with that shifted: a gate's no is 5, what stands half-way 3, as where some stayed on the old version, what
 * somebody has to look at 1.
 */
export function shiftVerdicts({
  outcome,
  byGate,
  members,
}: Pick<ShiftReport, 'outcome' | 'byGate'> & {
  readonly members: readonly Pick<MemberOutcome, 'state'>[]
}): readonly ExitCode[] {
  switch (outcome) {
    case 'done':
      return members.every(({state}) => state === 'done') ? [] : [ExitCode.partial]
    case 'held':
      return [ExitCode.partial]
    case 'rolled-back':
      return [byGate ? ExitCode.negative : ExitCode.failed]
    default:
      return [ExitCode.failed]
  }
}
