import {ExitCode, UserError} from '../../../errors.ts'
import {isKnown, type Known, type Unknown} from '../../../known.ts'
import {stopSignal} from '../../stop-signal.ts'

/** of an outage that takes CloudWatch or CodeDeploy along, a rollback is not to be part */
export const patienceMs = 10_000

/**
 * Aborts when it has been waited long enough, `patienceMs` after it was asked for: of a person's time, however fast a clock of the
 * sandbox runs.
 */
export type Patience = () => AbortSignal

/**
 * An answer that is not waited for longer than that; unknown with the reason where there is none.
 * @param doing as in "could not …"
 * @throws the signal's reason on abort, or a bug
 */
export async function inTime<T>(
  patience: Patience,
  signal: AbortSignal,
  doing: string,
  work: (stopped: AbortSignal) => Promise<Known<T>>,
): Promise<Known<T>> {
  const {stopped} = stopSignal(AbortSignal.any([signal, patience()]))
  const late: Unknown = {unknown: 'failed', detail: `no answer within ${patienceMs / 1000} s`}
  try {
    const known = await work(stopped)
    return !isKnown(known) && stopped.aborted && !signal.aborted ? late : known
  } catch (error) {
    signal.throwIfAborted()
    if (stopped.aborted) return late
    if (!(error instanceof UserError)) throw error
    const isRefused = error.exitCode === ExitCode.refused
    return {unknown: isRefused ? 'denied' : 'failed', detail: error.hint ?? `could not ${doing}: ${error.message}`}
  }
}
