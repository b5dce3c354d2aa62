import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import {sdk} from '../../aws/sdk.ts'
import type {FunctionDetails} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'

const asked = {doing: 'look at the function', permission: 'lambda:GetFunction'}

/**
 * What GetFunction says that a listing leaves out; it has a quota of its own, of 100 calls a second. Its answer also has
 * environment variables and a link to the code: neither leaves this function.
 */
export function readDetails({aws, name}: FleetFunction, signal: AbortSignal): Promise<Known<FunctionDetails>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {GetFunctionCommand} = sdk.lambda()
    const command = new GetFunctionCommand({FunctionName: name})
    const {Configuration, Concurrency} = await ask(aws, 'GetFunction', options => client.send(command, options), signal)
    return {
      state: Configuration?.State ?? 'unknown',
      stateReasonCode: Configuration?.StateReasonCode ?? null,
      reservedConcurrency: Concurrency?.ReservedConcurrentExecutions ?? null,
    }
  })
}
