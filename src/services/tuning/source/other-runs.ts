import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isOfPlace} from '../../run-place.ts'
import type {OpenRun} from '../undo/open-runs.ts'
import type {SourceFunction} from './source-function.ts'

/**
 * Refuses a function whose `$LATEST` a run that is not over may be changing, or has left changed: the memory that it has now may be
 * that run's, and would be taken for its own.
 * @param runs as the journals of this machine say; of another machine's, only versions in AWS tell
 * @param resumed the run that is gone on with, which is cleaned up first
 * @throws UserError of code OtherRun
 */
export function refuseOtherRun(
  aws: Aws,
  {name, arn}: SourceFunction,
  runs: readonly OpenRun[],
  resumed: string | null,
): void {
  const other = runs.find(
    ({header, isUntouched, isRunning, runId}) =>
      header.mode === 'versions' &&
      header.functionArn === arn &&
      runId !== resumed &&
      (isRunning || !isUntouched) &&
      isOfPlace(aws, header),
  )
  if (other === undefined) return
  const {runId, isRunning} = other
  const what = isRunning ? 'is at work with' : 'was interrupted at'
  throw new UserError(`run ${runId} ${what} ${name} itself: its $LATEST may have the memory of that run`, {
    code: 'OtherRun',
    hint: `${isRunning ? 'wait until it is over, or stop it; ' : ''}slsops tune --cleanup ${runId} restores what it has left`,
  })
}
