import {UserError, usageError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readAccountLimits} from '../../fleet/facts/account-limits.ts'
import type {Mode} from '../tune-plan.ts'
import {reservedConcurrency} from './reserved-concurrency.ts'

/**
 * Refuses what would be throttled, before anything is made. A reservation holds for a clone too, though Lambda would not say so: it
 * is how many may run at a time for the sake of what they call, and 0 is somebody's switch to stop it.
 * @param name of the function that is tuned
 * @returns what may be worth knowing, one sentence each: what could not be read, and how little is left for others
 * @throws UserError where as many cannot run at a time as are to be invoked
 */
export async function checkConcurrency(
  aws: Aws,
  name: string,
  {mode, concurrency}: {readonly mode: Mode; readonly concurrency: number},
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (mode === 'observe') return []
  const [reserved, limits] = await Promise.all([reservedConcurrency(aws, name, signal), readAccountLimits(aws, signal)])
  signal.throwIfAborted()
  const notes: string[] = []
  if (!isKnown(reserved)) notes.push(`the reserved concurrency of ${name} could not be read: ${reserved.detail}`)
  else if (reserved.value !== null) {
    if (reserved.value === 0)
      throw new UserError(`${name} is stopped: its reserved concurrency is 0`, {
        code: 'ReservedConcurrency',
        hint: 'somebody does not want it to run; --mode observe invokes nothing',
      })
    if (reserved.value < concurrency)
      throw usageError(
        `${name} may run ${reserved.value} times at once by its reserved concurrency, and --concurrency is ${concurrency}`,
        `use --concurrency ${reserved.value}, or less where it has traffic`,
      )
    if (mode === 'versions')
      notes.push(`${concurrency} of the ${reserved.value} that ${name} may run at once are used for this`)
  }
  // what is reserved for the function serves its versions; a clone has none
  if (mode === 'versions' && isKnown(reserved) && reserved.value !== null) return notes
  if (!isKnown(limits)) return [...notes, `the account’s concurrency could not be read: ${limits.detail}`]
  const {unreservedConcurrentExecutions: left} = limits.value
  if (left < concurrency)
    throw usageError(
      `the account has ${left} of its concurrency unreserved, and --concurrency is ${concurrency}`,
      left > 0 ? `use --concurrency ${left}, or less where others need some` : 'reserve less of it for functions',
    )
  if (left === concurrency)
    notes.push(`--concurrency ${concurrency} is all that the account has unreserved: others are throttled meanwhile`)
  return notes
}
