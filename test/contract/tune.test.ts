import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda'
import {zipSync} from 'fflate'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Aws} from '../../src/services/aws/connect.ts'
import {openArena} from '../../src/services/tuning/arena/open-arena.ts'
import {settled} from '../../src/services/tuning/arena/settled.ts'
import {beginJournal} from '../../src/services/tuning/journal/run-journal.ts'
import type {Mode} from '../../src/services/tuning/tune-plan.ts'
import {openCleanup} from '../../src/services/tuning/undo/open-cleanup.ts'
import {cleanUpRun, readOpenRuns} from '../../src/services/tuning/undo/open-runs.ts'
import {logGroupsFrom} from '../../src/services/tuning/undo/remove-ours.ts'
import {connectedTo} from '../services/connected.ts'
import {emptyDirectory, fakePlan, runId} from '../services/tuning/tuned.ts'
import {makeRole} from './moto-role.ts'
import {type AwsServer, motoServer} from './servers.ts'

const region = 'eu-west-1'
const name = 'orders'
const signal = new AbortController().signal
const zip = zipSync({'index.js': Buffer.from('exports.handler = async () => 1')}, {mtime: new Date('2026-01-01')})

// moto knows no revisions of functions, publishes whether anything changed or not, and has no link to their code
describe.runIf(motoServer.ready)('tuning a function of moto', () => {
  let server: AwsServer
  let codeServer: Server
  let aws: Aws
  let client: LambdaClient

  beforeAll(async () => {
    server = await motoServer.start()
    codeServer = createServer((_, response) => response.end(zip))
    await new Promise<void>(resolve => codeServer.listen(0, '127.0.0.1', resolve))
    aws = withLinkTo(await connectedTo({region, url: server.url}), (codeServer.address() as AddressInfo).port)
    client = new LambdaClient({region, endpoint: server.url, credentials: {accessKeyId: 'x', secretAccessKey: 'x'}})
    await makeRole(server.url, name)
    await makeFunction(name)
    await client.send(new PublishVersionCommand({FunctionName: name}))
    await client.send(new CreateAliasCommand({FunctionName: name, Name: 'live', FunctionVersion: '1'}))
  })
  afterAll(async () => {
    aws?.close()
    client?.destroy()
    codeServer?.close()
    await server?.stop()
  })

  async function makeFunction(FunctionName: string): Promise<void> {
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::123456789012:role/orders',
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        MemorySize: 512,
        Code: {ZipFile: zip},
        Environment: {Variables: {TABLE: 'orders'}},
      }),
    )
  }

  const movesByItself = new Set(['RevisionId', 'LastModified', '$metadata', 'Location'])
  async function content(): Promise<unknown> {
    const all = [
      await client.send(new GetFunctionCommand({FunctionName: name})),
      (await client.send(new ListVersionsByFunctionCommand({FunctionName: name}))).Versions,
      (await client.send(new ListAliasesCommand({FunctionName: name}))).Aliases,
      (await client.send(new ListFunctionsCommand({}))).Functions?.map(({FunctionName}) => FunctionName),
      await logGroupsFrom(aws, '/aws/lambda/', signal),
    ]
    return JSON.parse(JSON.stringify(all, (key, value) => (movesByItself.has(key) ? undefined : value)))
  }

  async function opened(mode: Mode) {
    const directory = await emptyDirectory()
    const configuration = await settled(aws, name, null, {signal, doing() {}})
    const plan = fakePlan(configuration ?? {}, mode)
    const journal = await beginJournal(directory, plan, aws)
    return {directory, journal, arena: await openArena(aws, plan, journal, signal, () => {})}
  }

  test.each(['shadow', 'versions'] as const)('%s: a version for each size, and then all is as it was', async mode => {
    const before = await content()
    const {arena} = await opened(mode)
    expect(arena.refused).toEqual([])
    for (const {functionName, version, memorySizeMB} of arena.stages) {
      const stage = await settled(aws, functionName, version, {signal, doing() {}})
      expect(stage).toMatchObject({
        MemorySize: memorySizeMB,
        Version: version,
        Environment: {Variables: {TABLE: 'orders'}},
      })
    }
    expect((await settled(aws, name, null, {signal, doing() {}}))?.MemorySize).toBe(512)
    expect(await arena.close(signal)).toMatchObject({cleanedUp: true, left: []})
    expect(await content()).toEqual(before)
  })

  test.each(['shadow', 'versions'] as const)('%s: a run that nobody ended is cleaned up by its journal', async mode => {
    const before = await content()
    const {directory, journal} = await opened(mode)
    await journal.release()
    const [run] = (await readOpenRuns(directory)).runs
    expect(run && (await cleanUpRun(aws, run, signal))).toMatchObject({cleanedUp: true, left: []})
    expect(await content()).toEqual(before)
  })

  test('what a run has left is found by its tags where its journal is gone, and removed when it is named', async () => {
    const before = await content()
    const {journal} = await opened('shadow')
    await journal.release()
    const directory = await emptyDirectory()
    const unnamed = await openCleanup(aws, {directory, runIds: []}, signal)
    expect(unnamed.found).toEqual([])
    const left = {runId, why: expect.stringContaining('may be at work')}
    expect(unnamed.leftAlone).toMatchObject([left, left])
    const named = await openCleanup(aws, {directory, runIds: [runId]}, signal)
    expect(named.found).toMatchObject([{runId, what: [expect.any(String), expect.any(String)]}])
    expect(await named.run(signal)).toMatchObject([{runId, functionName: name, cleanup: {cleanedUp: true, left: []}}])
    expect(await content()).toEqual(before)
  })

  test('what is called as ours and is not tagged so is left alone', async () => {
    const foreign = 'slsops-tune-orders-k3f9x2ab'
    await makeFunction(foreign)
    const {found, notices} = await openCleanup(aws, {directory: await emptyDirectory(), runIds: [runId]}, signal)
    expect(found).toEqual([])
    expect(notices).toContain(`${foreign} has no tag slsops:run`)
    await client.send(new DeleteFunctionCommand({FunctionName: foreign}))
  })
})

/** The same way, on which GetFunction's link to the code leads somewhere. */
function withLinkTo(aws: Aws, port: number): Aws {
  return {
    ...aws,
    async lambda() {
      const lambda = await aws.lambda()
      return new Proxy(lambda, {
        get: (target, key) =>
          key !== 'send'
            ? Reflect.get(target, key)
            : async (command: never, options: never) => {
                const answer = (await target.send(command, options)) as {readonly Code?: object}
                return answer.Code ? {...answer, Code: {...answer.Code, Location: `http://127.0.0.1:${port}/`}} : answer
              },
      })
    },
  }
}
