import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import type {AsyncConfig} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'
import {namesTheFunction} from './policy.ts'

const asked = {doing: 'read the event invoke configuration', permission: 'lambda:GetFunctionEventInvokeConfig'}

/** What becomes of asynchronous invocations of the function, or of one of its aliases and versions; null where nothing is configured. */
export function readAsyncConfig(
  {aws, name}: FleetFunction,
  qualifier: string | null,
  signal: AbortSignal,
): Promise<Known<AsyncConfig | null>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {GetFunctionEventInvokeConfigCommand} = sdk.lambda()
    const command = new GetFunctionEventInvokeConfigCommand({
      FunctionName: name,
      ...(qualifier !== null && {Qualifier: qualifier}),
    })
    try {
      const config = await ask(aws, 'GetFunctionEventInvokeConfig', options => client.send(command, options), signal)
      return {
        qualifier,
        onSuccessArn: config.DestinationConfig?.OnSuccess?.Destination ?? null,
        onFailureArn: config.DestinationConfig?.OnFailure?.Destination ?? null,
        maximumEventAgeSeconds: config.MaximumEventAgeInSeconds ?? null,
        maximumRetryAttempts: config.MaximumRetryAttempts ?? null,
      }
    } catch (error) {
      if (isMissing(error) && !namesTheFunction(error)) return null
      throw error
    }
  })
}
