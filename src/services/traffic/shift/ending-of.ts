import {UserError} from '../../../errors.ts'
import {isCredentialProblem} from '../../aws/failures.ts'
import type {Ending, MemberRun, ShiftRun} from './shift-run.ts'

/** What a shift comes to when something was thrown. What is no UserError and no abort is a bug: it goes back as well. */
export function endingOf(run: ShiftRun, error: unknown): Ending {
  if (run.signal.aborted) return interrupted(run)
  if (isExpired(error)) return stuck(run, error)
  return {kind: 'go-back', byGate: false, why: errorText(error)}
}

function interrupted({plan}: ShiftRun): Ending {
  const why = 'it was interrupted'
  return plan.wish.onInterrupt === 'hold' ? {kind: 'hold', isStuck: false, why} : {kind: 'go-back', byGate: false, why}
}

/** Without credentials nothing can be moved, on or back. */
function stuck({deadMan}: ShiftRun, error: unknown): Ending {
  const firesAt = deadMan?.firesAt() ?? null
  const until =
    firesAt === null
      ? 'it stands until somebody moves it'
      : `the dead man rolls it back at ${new Date(firesAt).toISOString()}`
  return {
    kind: 'hold',
    isStuck: true,
    why: `${errorText(error)}: it can be moved neither on nor back by this process, and ${until}`,
  }
}

/** Somebody else moved an alias: the others go back, since they were to move together. */
export const foreignEnding = (foreign: readonly MemberRun[]): Ending => ({
  kind: 'go-back',
  byGate: false,
  why: foreign.map(({detail}) => detail ?? '').join('; '),
  isTold: true,
})

/** Whether AWS no longer takes the credentials, however deep that stands in what was thrown. */
export function isExpired(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (isCredentialProblem(each)) return true
  return false
}

export const errorText = (error: unknown): string => {
  if (error instanceof UserError) return error.hint ? `${error.message} (${error.hint})` : error.message
  return error instanceof Error ? error.message : String(error)
}
