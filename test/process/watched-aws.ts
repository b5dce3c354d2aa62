import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {buffer} from 'node:stream/consumers'
import {CloudWatchLogsClient, DescribeLogGroupsCommand} from '@aws-sdk/client-cloudwatch-logs'
import {
  type FunctionConfiguration,
  GetFunctionCommand,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda'
import {serveAws} from '../../src/sandbox/server.ts'
import {openState} from '../../src/sandbox/state.ts'
import {createWorld} from '../../src/sandbox/world/create-world.ts'

/** A call as it passes by: what it asks for, and, where it changes something, which change that is, from 1. */
export type Call = {
  readonly operation: string
  readonly isChange: boolean
  readonly change: number
  readonly when: 'before' | 'after'
}

/** What becomes of a call, before it is handled or before its answer leaves: nothing by default. */
type Meddling = 'cut' | 'expired' | undefined

export type WatchedAws = {
  readonly url: string
  readonly lambda: LambdaClient
  /** what has changed something so far, and invocations */
  readonly made: string[]
  /** what was asked of UpdateAlias, in order, with what AWS said of it */
  readonly updates: {readonly request: Readonly<Record<string, unknown>>; readonly status: number}[]
  /** sees every call twice */
  watch: (call: Call) => Promise<Meddling> | Meddling
  /** what a process finds its way here by */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

const region = 'eu-west-1'
const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'}
/** updates settle so quickly that a run is a matter of a second */
const settlingMs = 60

/** The embedded AWS with somebody on the line, who sees what is asked for and may cut it off. */
export async function watchAws(): Promise<WatchedAws> {
  const now = Date.now
  const state = await openState({directory: null, now, seed: 1})
  const world = createWorld({seed: 1, now, company: 'larder', settlingMs, state})
  const aws = await serveAws({world})
  // the same account, to whom nobody comes any more with a token that is still good
  const expired = await serveAws({world, faults: [{kind: 'expired'}]})
  const made: string[] = []
  const updates: WatchedAws['updates'] = []
  let changes = 0

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const operation = operationOf(incoming)
    const isChange = /^(Create|Update|Publish|Delete|Put|Tag|Untag)/.test(operation)
    if (isChange) changes++
    if (isChange || operation === 'Invoke') made.push(operation)
    const call = {operation, isChange, change: changes}
    const early = await watched.watch({...call, when: 'before'})
    if (early === 'cut') return void outgoing.destroy()
    const answer = await forward(early === 'expired' ? expired.port : aws.port, incoming, body)
    const answered = await buffer(answer)
    const {statusCode: status = 500} = answer
    if (operation === 'UpdateAlias') updates.push({request: {...namesIn(incoming), ...JSON.parse(`${body}`)}, status})
    if ((await watched.watch({...call, when: 'after'})) === 'cut') return void outgoing.destroy()
    outgoing.writeHead(status, answer.headers)
    outgoing.end(answered)
  }

  const line = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>(resolve => line.listen(0, '127.0.0.1', resolve))
  const {port} = line.address() as AddressInfo
  const lambda = new LambdaClient({region, endpoint: aws.url, credentials})
  const watched: WatchedAws = {
    url: aws.url,
    lambda,
    made,
    updates,
    watch: () => undefined,
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    async close() {
      lambda.destroy()
      line.close()
      line.closeAllConnections()
      await Promise.all([aws.close(), expired.close()])
    },
  }
  return watched
}

const forward = (port: number, {method, url, headers}: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({host: '127.0.0.1', port, method, path: url, headers}, resolve).on('error', reject).end(body)
  })

/** The function and the alias that a path names. */
function namesIn({url = ''}: IncomingMessage): {readonly name: string | undefined; readonly alias: string | undefined} {
  const [, arn = '', alias] = /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/?]+)/.exec(url) ?? []
  return {name: decodeURIComponent(arn).split(':').at(-1), alias}
}

/** What a call is called: of Lambda's and Scheduler's, those that change something and Invoke; all others are read. */
function operationOf({method = '', url = '', headers}: IncomingMessage): string {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.').at(-1) ?? ''
  const functions = /^\/2015-03-31\/functions(?:\/[^/?]+)?(\/[a-z-]+)?/.exec(url)
  if (url.startsWith('/schedules/')) return scheduleOperations[method] ?? `${method} ${url}`
  return (functions && lambdaOperations[`${method} ${functions[1] ?? ''}`]) ?? `${method} ${url}`
}

const scheduleOperations: Readonly<Record<string, string>> = {
  POST: 'CreateSchedule',
  PUT: 'UpdateSchedule',
  DELETE: 'DeleteSchedule',
}

const lambdaOperations: Readonly<Record<string, string>> = {
  'POST ': 'CreateFunction',
  'DELETE ': 'DeleteFunction',
  'PUT /configuration': 'UpdateFunctionConfiguration',
  'PUT /code': 'UpdateFunctionCode',
  'PUT /aliases': 'UpdateAlias',
  'POST /versions': 'PublishVersion',
  'POST /invocations': 'Invoke',
}

/**
 * All that can be read of the account's functions and log groups.
 * @param steady without what AWS changes with every write
 */
export async function contentOf({lambda, url}: WatchedAws, name: string, steady: boolean): Promise<string> {
  const logs = new CloudWatchLogsClient({region, endpoint: url, credentials})
  const content = [
    await lambda.send(new GetFunctionCommand({FunctionName: name})),
    await versionsOf(lambda, name),
    (await lambda.send(new ListAliasesCommand({FunctionName: name}))).Aliases,
    (await lambda.send(new ListFunctionsCommand({}))).Functions?.filter(each => each.FunctionName !== name),
    (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(({logGroupName}) => logGroupName),
  ]
  logs.destroy()
  const unsteady = new Set(['$metadata', 'Location', ...(steady ? ['RevisionId', 'LastModified'] : [])])
  return JSON.stringify(content, (key, value) => (unsteady.has(key) ? undefined : value), 1)
}

const versionsOf = async (lambda: LambdaClient, name: string): Promise<readonly FunctionConfiguration[]> =>
  (await lambda.send(new ListVersionsByFunctionCommand({FunctionName: name}))).Versions ?? []
