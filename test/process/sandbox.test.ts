import {chmodSync, mkdtempSync, readdirSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {LambdaClient, ListFunctionsCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

describe('slsops sandbox', () => {
  test('shows a tour: the newest logs, what failed, what to try next', async () => {
    const {code, stdout} = await run(['sandbox'])
    expect(code).toBe(0)
    expect(stdout).toContain('$ slsops logs --since 5mins')
    expect(stdout).toContain('PaymentTimeout')
    expect(stdout).toContain('What to try next')
  })

  test('serve answers other clients with the environment it prints, until it is stopped', async () => {
    const serving = start(['sandbox', 'serve', '--port', '0', '--json'])
    await serving.seen('slsops/sandbox@1')
    const [{url, region}] = jsonLines(serving.stdout()) as [{url: string; region: string}]
    const client = new LambdaClient({
      endpoint: url,
      region,
      credentials: {accessKeyId: 'sandbox', secretAccessKey: 'sandbox'},
    })
    const {Functions = []} = await client.send(new ListFunctionsCommand({}))
    client.destroy()
    expect(new URL(url).hostname).toBe('127.0.0.1')
    expect(Functions.map(({FunctionName}) => FunctionName)).toContain('checkout-api')

    serving.child.kill('SIGINT')
    expect((await serving.ended).code).toBe(130)
  })

  test('serve has the clock that it is given', async () => {
    const serving = start(['sandbox', 'serve', '--port', '0', '--json'], {SLSOPS_SANDBOX_CLOCK: '2026-03-01T12:00:00Z'})
    await serving.seen('slsops/sandbox@1')
    const [{url}] = jsonLines(serving.stdout()) as [{url: string}]
    const {headers} = await fetch(url)
    serving.child.kill('SIGINT')
    await serving.ended
    expect(headers.get('date')).toMatch(/01 Mar 2026 12:00/)
  })

  test('a port that is taken is said so', async () => {
    const first = start(['sandbox', 'serve', '--port', '0', '--json'])
    await first.seen('slsops/sandbox@1')
    const [{url}] = jsonLines(first.stdout()) as [{url: string}]
    const {code, stderr} = await run(['sandbox', 'serve', '--port', new URL(url).port])
    first.child.kill('SIGINT')
    expect(stderr).toContain('is taken')
    expect(code).toBe(1)
    await first.ended
  })

  test('keeps its state in a file that only its owner reads, and reset forgets it', async () => {
    const state = mkdtempSync(join(tmpdir(), 'slsops-state-'))
    const folder = join(state, 'slsops', 'sandbox')
    await run(['logs', 'checkout-api', '--sandbox'], {XDG_STATE_HOME: state})
    const [file = ''] = readdirSync(folder).filter(name => name.endsWith('.jsonl'))
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    await run(['sandbox', 'reset'], {XDG_STATE_HOME: state})
    expect(readdirSync(folder)).toEqual([])
  })

  test.skipIf(process.getuid?.() === 0)('works from a home that cannot be written', async () => {
    const state = mkdtempSync(join(tmpdir(), 'slsops-state-'))
    chmodSync(state, 0o500)
    const {code, stderr} = await run(['logs', 'checkout-api', '--sandbox'], {XDG_STATE_HOME: state})
    expect(code).toBe(0)
    expect(stderr).toContain('cannot be kept')
  })

  test('a thousand functions are listed and read', async () => {
    const serving = start(['sandbox', 'serve', '--port', '0', '--scale', '1000', '--json'])
    await serving.seen('slsops/sandbox@1')
    const [{environment}] = jsonLines(serving.stdout()) as [{environment: Record<string, string>}]
    const {code, stderr} = await run(['logs', '--since', '1m', '--json', '--allow-partial'], environment)
    serving.child.kill('SIGINT')
    await serving.ended
    const receipt = jsonLines(stderr).at(-1) as {sources: {total: number}}
    expect(code).toBe(0)
    expect(receipt.sources.total).toBeGreaterThan(900)
  })
})
