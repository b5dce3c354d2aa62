import type {Aws} from '../aws/connect.ts'
import {isThrottle} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'

/** Ctrl-C ends within a second, the receipt included. */
const stopMs = 500
const againAfterMs = 100

/** Ends a query at AWS. It does not wait for its turn in the rate budget: it would come too late. Says nothing of failures: most are that the query has ended by itself. */
export async function stopQuery(aws: Aws, queryId: string): Promise<void> {
  const client = await aws.logs()
  const {StopQueryCommand} = sdk.logs()
  const deadline = aws.clock.now() + stopMs
  for (;;) {
    try {
      await client.send(new StopQueryCommand({queryId}))
      return
    } catch (error) {
      if (!isThrottle(error) || aws.clock.now() + againAfterMs > deadline) return
      await aws.clock.sleep(againAfterMs)
    }
  }
}

/** Waits for work that undoes something, but not for long. Never rejects. */
export async function withinStopTime(aws: Aws, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const done = work.then(
    () => {},
    () => {},
  )
  await Promise.race([done, aws.clock.sleep(stopMs, over.signal).catch(() => {})])
  over.abort()
}
