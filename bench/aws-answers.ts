import type {IncomingMessage, Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {groupName} from './synthetic-log.ts'

/** What a server of the benches answers: an HTTP status, and JSON or (of STS) XML. */
export type Answer = {readonly status: number; readonly body: string | Buffer}

const account = '123456789012'
const region = 'eu-west-1'
export const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/bench</Arn><UserId>AIDABENCH</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

export function listFunctions(count: number, marker: string | null): object {
  const from = Number(marker ?? 0)
  const to = Math.min(count, from + 50)
  return {
    Functions: Array.from({length: to - from}, (_, i) => {
      const FunctionName = groupName(from + i).slice('/aws/lambda/'.length)
      return {
        FunctionName,
        FunctionArn: `arn:aws:lambda:${region}:${account}:function:${FunctionName}`,
        Runtime: 'nodejs24.x',
        Version: '$LATEST',
        LoggingConfig: {LogFormat: 'Text', LogGroup: groupName(from + i)},
      }
    }),
    ...(to < count && {NextMarker: String(to)}),
  }
}

export function logGroups(count: number, {nextToken, limit = 50}: {nextToken?: string; limit?: number}): object {
  const from = Number(nextToken ?? 0)
  const to = Math.min(count, from + limit)
  return {
    logGroups: Array.from({length: to - from}, (_, i) => ({
      logGroupName: groupName(from + i),
      logGroupArn: `arn:aws:logs:${region}:${account}:log-group:${groupName(from + i)}`,
      logGroupClass: 'STANDARD',
    })),
    ...(to < count && {nextToken: String(to)}),
  }
}

/** A token bucket that holds one second's worth, as AWS's does not tell its own. */
export function tokenBucket(perSecond: number | null): (at: number) => boolean {
  let tokens = perSecond ?? 0
  let filledAt = 0
  return at => {
    if (perSecond === null) return true
    tokens = Math.min(perSecond, tokens + ((at - filledAt) / 1000) * perSecond)
    filledAt = at
    if (tokens < 1) return false
    tokens--
    return true
  }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

export const json = (body: object): Answer => ({status: 200, body: JSON.stringify(body)})
export const failure = (name: string, message: string): Answer => ({
  status: 400,
  body: JSON.stringify({__type: name, message}),
})

/** What the benches' servers read of a FilterLogEvents request. */
export type FilterInput = {
  readonly logGroupName?: string
  readonly startTime?: number
  readonly endTime?: number
  readonly nextToken?: string
  readonly limit?: number
  readonly filterPattern?: string
  readonly logStreamNames?: readonly string[]
  readonly logStreamNamePrefix?: string
  readonly startFromHead?: boolean
}

/** Listens on a free port of loopback, tells its starter which, and ends with it. */
export function serveForStarter(server: Server): void {
  // the starter holds the other end: nothing comes, and the end comes when the starter is gone
  process.stdin.resume().on('end', () => process.exit())
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
