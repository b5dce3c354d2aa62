import {randomBytes} from 'node:crypto'
import type {StartQueryCommandInput} from '@aws-sdk/client-cloudwatch-logs'
import type {Aws} from '../aws/connect.ts'
import {isClockCorrected, isDenied, isPassingFault, isThrottle} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {findStartedQuery} from './find-started-query.ts'
import {querySlots} from './query-slots.ts'

/** A query in AWS's words. */
export type InsightsQuery = {
  readonly aws: Aws
  readonly queryString: string
  /** names, of the own account; null where the query selects its own by SOURCE */
  readonly logGroups: readonly string[] | null
  /** epoch seconds, both inclusive */
  readonly startTime: number
  readonly endTime: number
  /** rows, 1 … 100,000; AWS answers 10,000 where neither this nor the query says */
  readonly limit?: number | undefined
}

const refusedBackOffMs = {first: 1_000, most: 15_000}
/** others may hold all of the account's queries for that long before this one is given up */
const mostRefusedMs = 10 * 60_000
const mostLost = 3
/** of a query; API reference, StartQuery */
const mostCharacters = 10_000
/** until a query that was started is listed */
const listedAfterMs = 500

/**
 * Starts a query and gives its id. What AWS refuses as too much is asked again: as too many calls, and as too many
 * queries at a time, for ten minutes. Where the answer is lost, the query is looked for among those that run, so that
 * none is started twice.
 * @param signal only ends the waiting: a call under way is answered, for only then can its query be stopped
 * @throws what AWS said where that is final
 */
export async function startQuery(
  query: InsightsQuery,
  {signal, onRefused}: {readonly signal: AbortSignal; readonly onRefused?: (() => void) | undefined},
): Promise<string> {
  const {aws} = query
  const {ours, refused} = querySlots(aws)
  const mark = markFor(query)
  const started = (queryId: string): string => {
    ours.add(queryId)
    return queryId
  }
  const begunAt = aws.clock.now()
  let backOffMs = refusedBackOffMs.first
  for (let lost = 0; ; ) {
    const askedAt = aws.clock.now()
    const answer = await ask({...query, queryString: query.queryString + mark}, signal)
    if ('queryId' in answer) return started(answer.queryId)
    const {failure} = answer
    signal.throwIfAborted()
    if (isLimit(failure)) {
      refused()
      onRefused?.()
      if (aws.clock.now() - begunAt > mostRefusedMs) throw failure
      await aws.clock.sleep(backOffMs, signal)
      backOffMs = Math.min(refusedBackOffMs.most, backOffMs * 2)
      continue
    }
    if (!isPassingFault(failure) || ++lost >= mostLost) throw failure
    await aws.clock.sleep(listedAfterMs * lost, signal)
    const found = await findStartedQuery(query, {mark, askedAt, ours, signal}).catch(error => {
      // that nothing else runs cannot be known: better no query than two
      throw isDenied(error) ? failure : error
    })
    if (found === 'unclear') throw failure
    if (found !== null) return started(found.queryId)
  }
}

/**
 * A comment of a last line by which a query is known among those of the account: colleagues may run the same. '' where it
 * would be too long with it, and at other endpoints, not all of which know comments.
 */
function markFor({aws, queryString}: InsightsQuery): string {
  const mark = `\n# slsops ${randomBytes(4).toString('hex')}`
  return aws.scope.endpoint === 'aws' && queryString.length + mark.length <= mostCharacters ? mark : ''
}

type Answer = {readonly queryId: string} | {readonly failure: unknown}

/** One StartQuery in its turn. The budget repeats what it sees fail; it is shown only what certainly started nothing. */
async function ask({aws, logGroups, limit, ...query}: InsightsQuery, signal: AbortSignal): Promise<Answer> {
  const client = await aws.logs()
  const {StartQueryCommand} = sdk.logs()
  const input: StartQueryCommandInput = {
    ...query,
    // AWS takes names as logGroupIdentifiers too, which not all that speak its language know
    ...(logGroups && {logGroupNames: [...logGroups]}),
    ...(limit !== undefined && {limit}),
  }
  return aws.budget.read(
    'StartQuery',
    async (): Promise<Answer> => {
      try {
        const {queryId} = await client.send(new StartQueryCommand(input))
        return queryId ? {queryId} : {failure: new Error('AWS started a query and did not say which')}
      } catch (failure) {
        if (isThrottle(failure) || isClockCorrected(failure)) throw failure
        return {failure}
      }
    },
    {signal, priority: 'small'},
  )
}

/** All queries that the account may run at a time are running. */
export const isLimit = (error: unknown): boolean => error instanceof Error && error.name === 'LimitExceededException'
