import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {jsonLines, run, start} from '../process/run-slsops.ts'
import {type AwsServer, servers} from './servers.ts'
import {environmentOf, iso, messagesIn, receiptIn, type WrittenLogs, writtenLogs} from './written-logs.ts'

describe.each(servers)('logs from $name', ({start: startServer, ready, pages, regions}) => {
  describe.runIf(ready)('with nothing but what was written', () => {
    let server: AwsServer
    let logs: WrittenLogs
    const base = Date.now() - 30 * 60_000
    const window = ['--since', iso(base)]
    const app = ['one a 0', 'two a 2', 'one a 4 ERROR', 'one b 4', 'two a 5 ERROR', 'one a 7']

    const inVirginia = [
      [base + 3, 'us one a 3'],
      [base + 6, 'us one a 6'],
    ] as const

    const slsops = (...args: readonly string[]) => run([...args, '--json'], environmentOf(server.url))

    beforeAll(async () => {
      server = await startServer()
      logs = writtenLogs(server.url)
      await logs.create('/app/one', 'a', 'b')
      await logs.create('/app/two', 'a')
      await logs.create('/app/silent', 'a')
      await logs.create('/deep/one', 'a')
      await logs.put('/app/one', 'a', [
        [base, 'one a 0'],
        [base + 4, 'one a 4 ERROR'],
        [base + 7, 'one a 7'],
      ])
      await logs.put('/app/one', 'b', [[base + 4, 'one b 4']])
      await logs.put('/app/two', 'a', [
        [base + 2, 'two a 2'],
        [base + 5, 'two a 5 ERROR'],
      ])
      const deep = Array.from({length: 12_000}, (_, i) => [base + i, `deep ${i}`] as const)
      await logs.put('/deep/one', 'a', deep.slice(0, 6_000))
      await logs.put('/deep/one', 'a', deep.slice(6_000))
      if (!regions) return
      const virginia = writtenLogs(server.url, 'us-east-1')
      await virginia.create('/app/one', 'a')
      await virginia.put('/app/one', 'a', inVirginia)
      virginia.close()
    })
    afterAll(async () => {
      logs?.close()
      await server?.stop()
    })

    test('several groups come as one stream in time order, and the same again the second time', async () => {
      const args = ['logs', '/app/*', '--since', iso(base), '--until', iso(base + 10)]
      const [first, second] = [await slsops(...args), await slsops(...args)]

      expect(first.code).toBe(0)
      expect(messagesIn(first.stdout).toSorted()).toEqual(app.toSorted())
      const times = jsonLines(first.stdout).map(({timestamp}) => String(timestamp))
      expect(times).toEqual(times.toSorted())
      expect(second.stdout).toBe(first.stdout)
    })

    test('T14 the window has both its ends', async () => {
      const {stdout} = await slsops('logs', '/app/*', '--since', iso(base + 2), '--until', iso(base + 5))
      expect(messagesIn(stdout).toSorted()).toEqual(['one a 4 ERROR', 'one b 4', 'two a 2', 'two a 5 ERROR'])
    })

    test.runIf(pages)('every event of many pages comes once', async () => {
      const {stdout, code} = await slsops('logs', '/deep/one', ...window)
      expect(code).toBe(0)
      expect(messagesIn(stdout)).toEqual(Array.from({length: 12_000}, (_, i) => `deep ${i}`))
    })

    test.skipIf(pages)('more than fits a page, and no token for the rest, is a gap that says so', async () => {
      const {stderr, code} = await slsops('logs', '/deep/one', ...window)
      expect(code).not.toBe(0)
      const detail = expect.stringContaining('no token for the rest')
      expect(receiptIn(stderr)).toMatchObject({complete: false, gaps: [{what: '/deep/one', reason: 'failed', detail}]})
    })

    test.runIf(pages)('the newest events are found, whether or not the server can answer newest first', async () => {
      const {stdout} = await slsops('logs', '/deep/one', ...window, '--tail', '3')
      expect(messagesIn(stdout)).toEqual(['deep 11997', 'deep 11998', 'deep 11999'])
    })

    test('a filter pattern is evaluated by the server', async () => {
      const {stdout} = await slsops('logs', '/app/*', ...window, '--filter', 'ERROR')
      expect(messagesIn(stdout)).toEqual(['one a 4 ERROR', 'two a 5 ERROR'])
    })

    test('several regions come as one stream in time order, each event with its region', async () => {
      const {stdout, stderr, code} = await slsops('logs', '/app/*', ...window, '--region', 'eu-west-1,us-east-1')
      expect(code).toBe(0)
      const told = jsonLines(stdout).map(({region, message}) => `${region} ${message}`)
      expect(told.toSorted()).toEqual(
        [
          ...app.map(message => `eu-west-1 ${message}`),
          ...(regions ? inVirginia.map(([, message]) => `us-east-1 ${message}`) : []),
        ].toSorted(),
      )
      const times = jsonLines(stdout).map(({timestamp}) => String(timestamp))
      expect(times).toEqual(times.toSorted())
      expect(receiptIn(stderr)).toMatchObject({complete: true, scope: [{region: 'eu-west-1'}, {region: 'us-east-1'}]})
    })

    test('Logs Insights gives the same events of several groups, each with its group and stream', async () => {
      const args = ['logs', '/app/*', ...window]
      const [queried, filtered] = [await slsops(...args, '--engine', 'insights'), await slsops(...args)]
      const placed = (stdout: string): string[] =>
        jsonLines(stdout)
          .map(({timestamp, logGroup, logStream, message}) => `${timestamp} ${logGroup} ${logStream} ${message}`)
          .toSorted()
      expect(queried.code).toBe(0)
      expect(placed(queried.stdout)).toEqual(placed(filtered.stdout))
      const times = jsonLines(queried.stdout).map(({timestamp}) => String(timestamp))
      expect(times).toEqual(times.toSorted())
      expect(receiptIn(queried.stderr)).toMatchObject({complete: true, gaps: [], events: app.length})
    })

    test('Logs Insights gives every event once, however many rows the server answers at a time', async () => {
      const {stdout, code} = await slsops('logs', '/deep/one', ...window, '--engine', 'insights')
      expect(code).toBe(0)
      expect(messagesIn(stdout)).toEqual(Array.from({length: 12_000}, (_, i) => `deep ${i}`))
    })

    test('a filter pattern holds by Logs Insights too, whatever of it the server understands', async () => {
      const args = ['--filter', '?ERROR ?b', '--engine', 'insights']
      const {stdout} = await slsops('logs', '/app/*', ...window, ...args)
      expect(messagesIn(stdout).toSorted()).toEqual(['one a 4 ERROR', 'one b 4', 'two a 5 ERROR'])
    })

    test('a query of one’s own is answered in its own order and to its limit', async () => {
      const query = 'fields @timestamp, @message | sort @timestamp desc | limit 2'
      const {stdout, code} = await slsops('query', query, '/app/*', ...window)
      expect(code).toBe(0)
      const {rows} = JSON.parse(stdout) as {rows: Record<string, unknown>[]}
      expect(rows).toMatchObject([
        {'@timestamp': iso(base + 7), '@message': 'one a 7'},
        {'@timestamp': iso(base + 5), '@message': 'two a 5 ERROR'},
      ])
    })

    test('statistics are right, or an error says that the server cannot make them', async () => {
      const {stdout, stderr, code} = await slsops('query', 'stats count(*) as n', '/app/*', ...window)
      if (code === 0) expect(JSON.parse(stdout)).toMatchObject({rows: [{n: app.length}]})
      else expect(stderr).toContain('the endpoint passed over the query’s stats')
    })

    test('following shows what is written meanwhile, once, and Ctrl-C ends it with a receipt', async () => {
      const args = ['logs', '/app/two', '--since', '1m', '--follow', '--engine', 'filter', '--json']
      const following = start(args, environmentOf(server.url))
      await following.seen('slsops/notice@1')
      for (let i = 0; i < 3; i++) await logs.put('/app/two', 'a', [[Date.now(), `live ${i}`]])
      await following.seen('live 2')
      following.child.kill('SIGINT')
      const {code, stdout, stderr} = await following.ended
      expect(code).toBe(130)
      expect(messagesIn(stdout)).toEqual(['live 0', 'live 1', 'live 2'])
      expect(receiptIn(stderr)).toMatchObject({schema: 'slsops/receipt@1', complete: true, events: 3})
    })

    test('a log group that is not there is an error that names the nearest', async () => {
      const {code, stderr} = await run(['logs', '/app/tow', '--since', '5m'], environmentOf(server.url))
      expect(code).toBe(1)
      expect(stderr).toContain('/app/two')
    })
  })
})
