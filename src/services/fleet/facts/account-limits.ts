import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import type {AccountLimits} from '../facts.ts'
import {known} from '../why-unknown.ts'

const asked = {doing: 'read the account’s limits', permission: 'lambda:GetAccountSettings'}

/** Lambda's limits of the account in the region, and what is used of them. */
export async function readAccountLimits(aws: Aws, signal: AbortSignal): Promise<Known<AccountLimits>> {
  const settings = await known(asked, signal, async () => {
    const client = await aws.lambda()
    const {GetAccountSettingsCommand} = sdk.lambda()
    return ask(aws, 'GetAccountSettings', options => client.send(new GetAccountSettingsCommand({}), options), signal)
  })
  if ('unknown' in settings) return settings
  const {AccountLimit: limit, AccountUsage: usage} = settings.value
  if (limit?.ConcurrentExecutions === undefined)
    return {unknown: 'failed', detail: 'GetAccountSettings named no limit of concurrency'}
  return {
    value: {
      concurrentExecutions: limit.ConcurrentExecutions,
      unreservedConcurrentExecutions: limit.UnreservedConcurrentExecutions ?? limit.ConcurrentExecutions,
      totalCodeSizeBytes: usage?.TotalCodeSize ?? 0,
      codeSizeLimitBytes: limit.TotalCodeSize ?? 0,
      functionCount: usage?.FunctionCount ?? 0,
    },
  }
}
