import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {stopCall} from '../aws/stop-call.ts'

/** Ends a query at AWS. */
export async function stopQuery(aws: Aws, queryId: string): Promise<void> {
  const client = await aws.logs()
  const {StopQueryCommand} = sdk.logs()
  await stopCall(aws.clock, () => client.send(new StopQueryCommand({queryId})))
}
