import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const tenMinutes = ['--since', '2026-11-20T13:50:00Z', '--until', '2026-11-20T14:00:00Z']

type Answer = {
  readonly schema: string
  readonly complete: boolean
  readonly fields: readonly string[]
  readonly rows: readonly Record<string, unknown>[]
  readonly statistics: Record<string, number>
}
const answerIn = (stdout: string): Answer => JSON.parse(stdout) as Answer

describe('slsops query on the embedded AWS', () => {
  test('answers as one document, with typed values, and the receipt on stderr', async () => {
    const {code, stdout, stderr} = await run(
      [
        'query',
        'filter @type = "REPORT" | stats count(*) as n, max(@memorySize) as memory by @log | sort n desc',
        ...tenMinutes,
        '--json',
      ],
      sandbox,
    )
    const {schema, complete, fields, rows, statistics} = answerIn(stdout)
    expect(code).toBe(0)
    expect(schema).toBe('slsops/query@1')
    expect(complete).toBe(true)
    expect(fields).toEqual(['@log', 'n', 'memory'])
    expect(rows.length).toBeGreaterThan(10)
    expect(rows[0]).toEqual({
      '@log': expect.stringContaining('123456789012:'),
      n: expect.any(Number),
      memory: expect.any(Number),
    })
    expect(rows.map(({n}) => n)).toEqual(rows.map(({n}) => n as number).toSorted((a, b) => b - a))
    expect(statistics).toMatchObject({queries: 1, recordsScanned: expect.any(Number), costUSD: expect.any(Number)})
    expect(jsonLines(stderr).at(-1)).toMatchObject({schema: 'slsops/receipt@1', complete: true, insights: {queries: 1}})
  })

  test('piped, gives a row a line, and the same every time', async () => {
    const args = ['query', 'stats count(*) as n by bin(1m) as at | sort at asc', ...tenMinutes]
    const [first, second] = await Promise.all([run(args, sandbox), run(args, sandbox)])
    expect(first.code).toBe(0)
    expect(
      first.stdout
        .trim()
        .split('\n')
        .every(line => /^2026-11-20T1[34]:\d\d:00\.000Z\t\d+$/.test(line)),
    ).toBe(true)
    expect(second.stdout).toBe(first.stdout)
  })

  test('prints CSV, and writes files', async () => {
    const query = ['query', 'stats count(*) as n by @log | sort n desc | limit 2', ...tenMinutes]
    const out = join(mkdtempSync(join(tmpdir(), 'slsops-out-')), 'rows.ndjson')
    const [csv, file] = await Promise.all([run([...query, '--csv'], sandbox), run([...query, '--out', out], sandbox)])
    expect(csv.stdout).toMatch(/^@log,n\r\n123456789012:\S+,\d+\r\n123456789012:\S+,\d+\r\n$/)
    expect(file.stdout).toBe('')
    expect(file.stderr).toContain(`written to ${out}\n`)
    expect(jsonLines(readFileSync(out, 'utf8'))).toHaveLength(2)
  })

  test('knows the queries of the config file, and those that come with it', async () => {
    const config = mkdtempSync(join(tmpdir(), 'slsops-config-'))
    mkdirSync(join(config, 'slsops'))
    writeFileSync(
      join(config, 'slsops', 'config.json'),
      JSON.stringify({
        queries: {
          mine: {query: 'stats count(*) as n', targets: ['checkout-api'], since: '10m'},
          odd: {query: 'x', sinc: 1},
        },
      }),
    )
    const environment = {...sandbox, XDG_CONFIG_HOME: config}
    const [mine, list] = await Promise.all([
      run(['query', 'mine', '--json'], environment),
      run(['query', '--list', '--json'], environment),
    ])
    expect(answerIn(mine.stdout)).toMatchObject({rows: [{n: expect.any(Number)}], statistics: {logGroups: 1}})
    expect(mine.stderr).toContain('queries.odd.sinc means nothing')
    expect(JSON.parse(list.stdout)).toMatchObject({schema: 'slsops/queries@1'})
    expect(list.stdout).toContain('cold-starts')
  })

  test('every query that comes with it is understood by AWS and can be split', async () => {
    const {stdout} = await run(['query', '--list', '--json'], sandbox)
    const {queries} = JSON.parse(stdout) as {queries: {name: string}[]}
    const answers = await Promise.all(queries.map(({name}) => run(['query', name, ...tenMinutes], sandbox)))
    expect(answers.map(({code}) => code)).toEqual(queries.map(() => 0))
    expect(answers.every(({stdout}) => stdout !== '')).toBe(true)
  })

  test('explains what it would run, and runs nothing', async () => {
    const {code, stdout} = await run(['query', 'slowest', ...tenMinutes, '--explain'], sandbox)
    expect(code).toBe(0)
    expect(stdout).toContain('one query, run as it is written')
    expect(stdout).toMatch(/to scan, (?:under )?\$[\d.]+ by list price/)
  })
})

describe('more log groups than a query takes', () => {
  // the clients' clock is the machine's: the server's must be too
  const ago = (minutes: number): string => new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000).toISOString()
  const serving = async () => {
    const server = start(['sandbox', 'serve', '--port', '0', '--scale', '120', '--json'])
    await server.seen('"url"')
    const {url} = JSON.parse(server.stdout()) as {url: string}
    const environment = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
    }
    return {server, environment}
  }

  test('are read by several queries, whose answer is that of one', async () => {
    const {server, environment} = await serving()
    const stats = 'stats count(*) as n, avg(@duration) as ms, max(@timestamp) as last by @type | sort n desc'
    const args = ['--since', ago(20), '--until', ago(10), '--json']
    const [split, whole] = await Promise.all([
      run(['query', stats, '--log-group', '*', ...args], environment),
      run(['query', `SOURCE logGroups(class: ['STANDARD', 'INFREQUENT_ACCESS']) | ${stats}`, ...args], environment),
    ])
    expect(split.code).toBe(0)
    expect(answerIn(split.stdout).statistics['queries']).toBeGreaterThan(1)
    expect(answerIn(split.stdout).rows).toEqual(answerIn(whole.stdout).rows)

    const refused = await run(['query', 'stats count_distinct(@log)', '--log-group', '*'], environment)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('count_distinct: what is distinct in each part may be the same in several')
    server.child.kill('SIGTERM')
    await server.ended
  })

  test('Ctrl-C stops the queries within a second, says what was covered, and ends with 130', async () => {
    const {server, environment} = await serving()
    const query = start(
      ['query', 'stats count(*) by @message', '--log-group', '*', '--since', '30d', '--yes', '--json'],
      environment,
    )
    await query.seen('log groups')
    await new Promise(resolve => setTimeout(resolve, 700))
    query.child.kill('SIGINT')
    const {code, stdout, stderr} = await query.ended
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(jsonLines(stderr).at(-1)).toMatchObject({
      schema: 'slsops/receipt@1',
      complete: false,
      gaps: [{reason: 'interrupted'}],
    })
    server.child.kill('SIGTERM')
    await server.ended
  })
})

describe('what goes wrong is said in one line with what to do', () => {
  test.each([
    ['no query', ['query'], 2, 'there is no query'],
    ['an empty query', ['query', ' '], 2, 'the query is empty'],
    ['a name that nobody saved', ['query', 'slowst'], 2, 'nearest: slowest'],
    [
      'a fault in the query',
      ['query', 'fields @message | filterr x'],
      2,
      '  fields @message | filterr x\n                      ^',
    ],
    ['SOURCE and targets', ['query', 'SOURCE logGroups() | limit 1', 'checkout-api'], 2, 'leave one of them out'],
    ['a file of no known kind', ['query', 'slowest', '--out', 'x.pdf'], 2, '.json, .ndjson, .csv, .md'],
    ['an amount that is none', ['query', 'slowest', '--max-cost', 'much'], 2, '--max-cost much is no amount'],
    ['more than it may cost', ['query', 'slowest', '--max-cost', '0'], 2, 'more than --max-cost 0'],
    ['what costs money, unasked', ['query', 'slowest', '--since', '5000d'], 2, 'allow it with --yes or --max-cost'],
    ['a log group that is not there', ['query', 'slowest', '/aws/lambda/chekout-api'], 1, '/aws/lambda/checkout-api'],
    ['JSON and CSV at once', ['query', 'slowest', '--json', '--csv'], 2, 'cannot also be provided'],
  ])('%s', async (_, args, code, words) => {
    const ended = await run(args, sandbox)
    expect(ended.stderr).toContain(words)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
    expect(ended.stdout).toBe('')
    expect(ended.code).toBe(code)
  })

  test('an account with nothing in it is empty, not an error', async () => {
    const {code, stdout, stderr} = await run(['query', 'slowest', '--region', 'ap-south-1', '--json'], sandbox)
    expect(code).toBe(0)
    expect(answerIn(stdout)).toMatchObject({rows: [], fields: [], complete: true})
    expect(stderr).toContain('no functions in ap-south-1')
  })
})
