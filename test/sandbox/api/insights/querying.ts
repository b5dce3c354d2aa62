import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandInput,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import type {ServeOptions} from '../../../../src/sandbox/server.ts'
import {makeEvents, noon, type WorldParts} from '../../hand-made-world.ts'
import {serve} from '../../running.ts'

export const [pay, cart] = ['/aws/lambda/pay', '/aws/lambda/cart']
export const hour = 3_600_000
export const noonSeconds = noon / 1000

export type Asked = Partial<StartQueryCommandInput>

/** A server, its client, and its operations with what most queries have in common; `clock.at` is what queries go on by. */
export async function insights(parts: WorldParts, options: Partial<ServeOptions> = {}) {
  const clock = {at: 0}
  const {connect} = await serve(parts, {clock: () => clock.at, ...options})
  const client = connect(CloudWatchLogsClient)
  const start = async (asked: Asked = {}) => {
    const named = asked.logGroupNames ?? asked.logGroupIdentifiers ?? asked.queryString?.match(/^SOURCE/)
    const {queryId} = await client.send(
      new StartQueryCommand({
        ...(!named && {logGroupName: pay}),
        startTime: noonSeconds - 3600,
        endTime: noonSeconds,
        queryString: 'fields @message',
        ...asked,
      }),
    )
    return queryId ?? ''
  }
  const look = (queryId: string, more: Partial<GetQueryResultsCommandInput> = {}) =>
    client.send(new GetQueryResultsCommand({queryId, ...more}))
  const stop = (queryId: string) => client.send(new StopQueryCommand({queryId}))
  const finish = async (asked?: Asked) => {
    const queryId = await start(asked)
    clock.at += hour
    return {queryId, ...(await look(queryId))}
  }
  return {client, clock, connect, start, look, stop, finish}
}

export const rowsOf = ({results = []}: Pick<GetQueryResultsCommandOutput, 'results'>) =>
  results.map(row => Object.fromEntries(row.map(({field, value}) => [field, value])))
export const messagesOf = (answer: Pick<GetQueryResultsCommandOutput, 'results'>) =>
  rowsOf(answer).map(row => row['@message'])

/** Two groups, the second one's events the older ones. */
export const two: WorldParts = {
  groups: [
    {name: pay, events: makeEvents(5, 1000)},
    {name: cart, events: makeEvents(3, 1000, noon - 90_000)},
  ],
}
