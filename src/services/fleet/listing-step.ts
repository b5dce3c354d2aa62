import {UserError} from '../../errors.ts'
import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {translateAwsError} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import type {PlannedStep} from './scan-plan.ts'

/** ListFunctions gives no more, whatever is asked for. */
const functionsPerPage = 50

/** How many functions the account has in the region; null where AWS would not say, which is no reason to stop. */
export async function functionCount(aws: Aws, signal: AbortSignal): Promise<number | null> {
  const client = await aws.lambda()
  const {GetAccountSettingsCommand} = sdk.lambda()
  try {
    const command = new GetAccountSettingsCommand({})
    const {AccountUsage} = await ask(aws, 'GetAccountSettings', options => client.send(command, options), signal)
    return AccountUsage?.FunctionCount ?? null
  } catch (error) {
    if (signal.aborted || translateAwsError(error, 'count functions') instanceof UserError) return null
    throw error
  }
}

/**
 * What is left of listing a region.
 * @param listed pages so far
 * @param eachMs that a page took; the next can be asked for only then
 */
export function listingStep(
  {scope: {region}}: Aws,
  {functions, listed, eachMs}: {readonly functions: number; readonly listed: number; readonly eachMs: number},
): PlannedStep {
  const calls = Math.max(0, Math.ceil(functions / functionsPerPage) - listed)
  return {
    what: `${functions.toLocaleString('en')} functions of ${region}`,
    api: 'ListFunctions',
    region,
    calls,
    costUSD: 0,
    eachMs,
  }
}
