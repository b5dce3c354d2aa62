import {isConflict, isLost, isStaleRevision} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import {changeAws, type Site, whyNot} from '../arena/change-aws.ts'
import {settled} from '../arena/settled.ts'
import {type Before, type RunRecord, setMemory, sizesSet, wasSetByRun} from '../journal/run-record.ts'

const attempts = 4
const pauseMs = 1_500

/**
 * Gives a function's `$LATEST` the memory back that it had before a run, and reads back that it has it. Only what the run set is
 * undone: with other code, or a memory size that the run never meant to set, somebody deployed, and it is left as it is.
 * @returns words of what was done, now or by the run itself, or of what is left and why; null where nothing was to be done
 */
export async function restoreLatest(
  site: Site,
  record: RunRecord,
  before: Before,
): Promise<{readonly done: string} | {readonly left: string} | null> {
  const {functionName: name, functionArn} = record.header
  const {aws, signal} = site
  const ours = sizesSet(record, name)
  const wasSet = wasSetByRun(record, name)
  const client = await aws.lambda()
  const {UpdateFunctionConfigurationCommand} = sdk.lambda()
  let failure: unknown = null
  let isSent = false
  for (let attempt = 1; attempt <= attempts + 1; attempt++) {
    try {
      if (attempt > 1) await aws.clock.sleep((attempt - 1) * pauseMs, signal)
      const latest = await settled(aws, functionArn, null, {...site, takesFailed: true})
      if (!latest) return {done: `${name} does not exist any more`}
      const {MemorySize = 0, CodeSha256, Description = '', RevisionId, LastUpdateStatus} = latest
      if (MemorySize === before.memorySizeMB && LastUpdateStatus === 'Failed' && isSent)
        return {
          left: `${name} is set to ${MemorySize} MB again, and AWS could not bring that about: ${latest.LastUpdateStatusReason ?? 'it gives no reason'}`,
        }
      if (MemorySize === before.memorySizeMB)
        return isSent
          ? {done: `set the memory of ${name} back to ${before.memorySizeMB} MB`}
          : wasSet
            ? {done: `the memory of ${name} is ${before.memorySizeMB} MB again`}
            : null
      if (!ours.has(MemorySize)) return {done: `left ${name} with ${MemorySize} MB, which somebody set meanwhile`}
      if (CodeSha256 !== before.codeSha256 || Description !== before.description)
        return {
          left: `${name} has ${MemorySize} MB, which this run set, and had ${before.memorySizeMB} MB; somebody deployed it meanwhile, so it was left: aws lambda update-function-configuration --function-name ${name} --memory-size ${before.memorySizeMB}`,
        }
      if (attempt > attempts) break
      const command = new UpdateFunctionConfigurationCommand({
        FunctionName: functionArn,
        MemorySize: before.memorySizeMB,
        ...(RevisionId && {RevisionId}),
      })
      const intent = {
        operation: setMemory,
        functionName: name,
        purpose: 'restore',
        memorySizeMB: before.memorySizeMB,
        was: MemorySize,
      }
      await changeAws(site, {intent, send: () => client.send(command)})
      isSent = true
    } catch (error) {
      failure = error
      if (!isStaleRevision(error) && !isConflict(error) && !isLost(error)) break
      isSent ||= isLost(error)
    }
  }
  const doing = `set the memory of ${name} back to ${before.memorySizeMB} MB`
  const why = whyNot(failure, doing, 'lambda:UpdateFunctionConfiguration')
  return {
    left: `the memory of ${name}, which had ${before.memorySizeMB} MB: ${why instanceof Error ? why.message : doing}`,
  }
}
