import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {jsonLines, run, start} from '../process/run-slsops.ts'
import {type AwsServer, servers} from './servers.ts'

describe.each(servers)('logs from $name', ({start: startServer, ready}) => {
  describe.runIf(ready)('with nothing but what was written', () => {
    let server: AwsServer
    let client: CloudWatchLogsClient
    const minute = Math.floor(Date.now() / 60_000) * 60_000
    const base = minute - 30 * 60_000

    const environment = (): Record<string, string> => ({
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    })
    const put = async (
      logGroupName: string,
      logStreamName: string,
      events: readonly (readonly [number, string])[],
    ): Promise<void> => {
      const logEvents = events.map(([timestamp, message]) => ({timestamp, message}))
      await client.send(new PutLogEventsCommand({logGroupName, logStreamName, logEvents}))
    }
    const create = async (logGroupName: string, ...streams: readonly string[]): Promise<void> => {
      await client.send(new CreateLogGroupCommand({logGroupName}))
      for (const logStreamName of streams) await client.send(new CreateLogStreamCommand({logGroupName, logStreamName}))
    }
    const iso = (ms: number): string => new Date(ms).toISOString()
    const messages = (stdout: string): unknown[] => jsonLines(stdout).map(({message}) => message)

    beforeAll(async () => {
      server = await startServer()
      client = new CloudWatchLogsClient({
        region: 'eu-west-1',
        endpoint: server.url,
        credentials: {accessKeyId: 'x', secretAccessKey: 'x'},
      })
      await create('/app/one', 'a', 'b')
      await create('/app/two', 'a')
      await create('/app/silent', 'a')
      await create('/deep/one', 'a')
      await put('/app/one', 'a', [
        [base, 'one a 0'],
        [base + 4, 'one a 4 ERROR'],
        [base + 7, 'one a 7'],
      ])
      await put('/app/one', 'b', [[base + 4, 'one b 4']])
      await put('/app/two', 'a', [
        [base + 2, 'two a 2'],
        [base + 5, 'two a 5 ERROR'],
      ])
      const deep = Array.from({length: 12_000}, (_, i) => [base + i, `deep ${i}`] as const)
      await put('/deep/one', 'a', deep.slice(0, 6_000))
      await put('/deep/one', 'a', deep.slice(6_000))
    })
    afterAll(async () => {
      client?.destroy()
      await server?.stop()
    })

    test('several groups come as one stream in time order, and the same again the second time', async () => {
      const args = ['logs', '/app/*', '--since', iso(base), '--until', iso(base + 10), '--json']
      const [first, second] = [await run(args, environment()), await run(args, environment())]
      const expected = ['one a 0', 'two a 2', 'one a 4 ERROR', 'one b 4', 'two a 5 ERROR', 'one a 7']

      expect(first.code).toBe(0)
      expect(messages(first.stdout).toSorted()).toEqual(expected.toSorted())
      const times = jsonLines(first.stdout).map(({timestamp}) => String(timestamp))
      expect(times).toEqual(times.toSorted())
      expect(second.stdout).toBe(first.stdout)
    })

    test('T14 the window has both its ends', async () => {
      const {stdout} = await run(
        ['logs', '/app/*', '--since', iso(base + 2), '--until', iso(base + 5), '--json'],
        environment(),
      )
      expect(messages(stdout).toSorted()).toEqual(['one a 4 ERROR', 'one b 4', 'two a 2', 'two a 5 ERROR'])
    })

    test('every event of many pages comes once', async () => {
      const {stdout, code} = await run(
        ['logs', '/deep/one', '--since', iso(base), '--until', iso(minute), '--json'],
        environment(),
      )
      expect(code).toBe(0)
      expect(messages(stdout)).toEqual(Array.from({length: 12_000}, (_, i) => `deep ${i}`))
    })

    test('the newest events are found, whether or not the server can answer newest first', async () => {
      const {stdout} = await run(
        ['logs', '/deep/one', '--since', iso(base), '--until', iso(minute), '--tail', '3', '--json'],
        environment(),
      )
      expect(messages(stdout)).toEqual(['deep 11997', 'deep 11998', 'deep 11999'])
    })

    test('a filter pattern is evaluated by the server', async () => {
      const {stdout} = await run(
        ['logs', '/app/*', '--since', iso(base), '--until', iso(minute), '--filter', 'ERROR', '--json'],
        environment(),
      )
      expect(messages(stdout)).toEqual(['one a 4 ERROR', 'two a 5 ERROR'])
    })

    test('following shows what is written meanwhile, once, and Ctrl-C ends it with a receipt', async () => {
      const following = start(['logs', '/app/two', '--since', '1m', '--follow', '--json'], environment())
      await following.seen('slsops/notice@1')
      for (let i = 0; i < 3; i++) await put('/app/two', 'a', [[Date.now(), `live ${i}`]])
      await following.seen('live 2')
      following.child.kill('SIGINT')
      const {code, stdout, stderr} = await following.ended
      expect(code).toBe(130)
      expect(messages(stdout)).toEqual(['live 0', 'live 1', 'live 2'])
      expect(jsonLines(stderr).at(-1)).toMatchObject({schema: 'slsops/receipt@1', complete: true, events: 3})
    })

    test('a log group that is not there is an error that names the nearest', async () => {
      const {code, stderr} = await run(['logs', '/app/tow', '--since', '5m'], environment())
      expect(code).toBe(1)
      expect(stderr).toContain('/app/two')
    })
  })
})
