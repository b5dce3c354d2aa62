import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {known} from '../../fleet/why-unknown.ts'

const asked = {doing: 'read the reserved concurrency', permission: 'lambda:GetFunctionConcurrency'}

/** How many of a function may run at a time by its reservation; null where nothing is reserved. */
export function reservedConcurrency(aws: Aws, name: string, signal: AbortSignal): Promise<Known<number | null>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {GetFunctionConcurrencyCommand} = sdk.lambda()
    const command = new GetFunctionConcurrencyCommand({FunctionName: name})
    const answer = await ask(aws, 'GetFunctionConcurrency', options => client.send(command, options), signal)
    return answer.ReservedConcurrentExecutions ?? null
  })
}
