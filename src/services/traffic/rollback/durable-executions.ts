import {UserError} from '../../../errors.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'

/** more than anybody reads */
const most = 1_000

/**
 * ARNs of the durable executions that run on a version: they end on the version that they began on, whatever an alias serves.
 * @returns with notes on what could not be read; never throws what AWS refuses
 */
export async function durableExecutionsOn(
  aws: Aws,
  functionName: string,
  version: string,
  signal: AbortSignal,
): Promise<{readonly arns: readonly string[]; readonly notes: readonly string[]}> {
  const client = await aws.lambda()
  const {ListDurableExecutionsByFunctionCommand} = sdk.lambda()
  const arns: string[] = []
  try {
    const pages = paged(async Marker => {
      const command = new ListDurableExecutionsByFunctionCommand({
        FunctionName: functionName,
        Qualifier: version,
        Statuses: ['RUNNING'],
        ...(Marker && {Marker}),
      })
      const send = (options: {abortSignal?: AbortSignal}) => client.send(command, options)
      const page = await ask(aws, 'ListDurableExecutionsByFunction', send, signal)
      return {items: page.DurableExecutions, next: page.NextMarker}
    })
    for await (const page of pages) {
      arns.push(...page.flatMap(({DurableExecutionArn}) => DurableExecutionArn ?? []))
      if (arns.length >= most)
        return {arns: arns.slice(0, most), notes: [`more than ${most} durable executions run on ${version}`]}
    }
    return {arns, notes: []}
  } catch (error) {
    const told = explained(error, {
      doing: `list the durable executions of ${functionName}`,
      permission: 'lambda:ListDurableExecutionsByFunction',
    })
    if (!(told instanceof UserError) && !signal.aborted) throw told
    const why = told instanceof UserError ? (told.hint ?? told.message) : 'there was no time for it'
    return {arns, notes: [`whether durable executions go on on ${version} is not known: ${why}`]}
  }
}
