import {execFile} from 'node:child_process'
import {mkdtempSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {binary, cleanEnvironment, jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const fiveMinutes = ['--since', '2026-11-20T14:00:00Z', '--until', '2026-11-20T14:05:00Z']
const csi = '\u001b'

describe('slsops logs on the embedded AWS', () => {
  test('prints one ordered stream of many log groups, the same every time', async () => {
    const args = ['logs', ...fiveMinutes, '--json', '--allow-partial']
    const [first, second] = await Promise.all([run(args, sandbox), run(args, sandbox)])
    const events = jsonLines(first.stdout)
    const keys = events.map(event =>
      [event['timestamp'], event['ingestionTime'], event['logGroup'], event['logStream'], event['eventId']].join(' '),
    )

    expect(first.code).toBe(0)
    expect(events.length).toBeGreaterThan(1_000)
    expect(new Set(events.map(({logGroup}) => logGroup)).size).toBeGreaterThan(20)
    expect(keys).toEqual(keys.toSorted())
    expect(new Set(events.map(({eventId}) => eventId)).size).toBe(events.length)
    expect(second.stdout).toBe(first.stdout)
  })

  test('T19 stdout holds the answer and nothing else; with --json stderr is JSON lines too', async () => {
    const {stdout, stderr} = await run(['logs', ...fiveMinutes, '--json'], sandbox)
    expect(new Set(jsonLines(stdout).map(({schema}) => schema))).toEqual(new Set(['slsops/log@1']))
    const notices = jsonLines(stderr)
    expect(notices.map(({schema}) => schema)).toEqual(['slsops/notice@1', 'slsops/notice@1', 'slsops/receipt@1'])
  })

  test('what cannot be read is a gap, and the exit code says so', async () => {
    const {code, stderr} = await run(['logs', ...fiveMinutes, '--engine', 'filter'], sandbox)
    expect(code).toBe(3)
    expect(stderr).toContain('Infrequent Access')
  })

  test('T43 piped text has no colour and no control characters; --color always has colour', async () => {
    const plain = await run(['logs', 'checkout-api', ...fiveMinutes], sandbox)
    const coloured = await run(['logs', 'checkout-api', ...fiveMinutes, '--color', 'always'], sandbox)
    expect(plain.code).toBe(0)
    expect(plain.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(coloured.stdout).toContain(`${csi}[`)
    const never = await run(['logs', 'checkout-api', ...fiveMinutes, '--color', 'always'], {...sandbox, NO_COLOR: '1'})
    expect(never.stdout).toContain(`${csi}[`)
  })

  test('a failed invocation comes with its whole log', async () => {
    const {stdout} = await run(['logs', 'checkout-api', ...fiveMinutes, '--failed', '--json'], sandbox)
    const invocations = jsonLines(stdout)
    expect(invocations.length).toBeGreaterThan(0)
    for (const invocation of invocations) {
      const {outcome, events} = invocation as {outcome: string; events: {kind: string}[]}
      expect(['error', 'timeout', 'oom', 'init-error']).toContain(outcome)
      expect(events.some(({kind}) => kind === 'start')).toBe(true)
      expect(events.some(({kind}) => kind === 'report')).toBe(true)
    }
  })

  test.each([
    [['--limit', '3'], 0, 3],
    [['--until-match', 'PaymentTimeout'], 0, null],
    [['--until-match', 'no such thing'], 5, null],
    [['--fail-on', 'PaymentTimeout'], 5, null],
    [['--fail-on', 'no such thing'], 0, null],
  ])('%j ends with %i', async (flags, code, count) => {
    const ended = await run(['logs', 'checkout-api', ...fiveMinutes, ...flags, '--json'], sandbox)
    expect(ended.code).toBe(code)
    if (count !== null) expect(jsonLines(ended.stdout)).toHaveLength(count)
  })
})

describe('what a person counts', () => {
  test.each([['--limit'], ['--tail']])('%s counts lines that are shown', async flag => {
    const {stdout} = await run(['logs', 'checkout-api', ...fiveMinutes, flag, '3'], sandbox)
    expect(stdout.split('\n').filter(line => /^\d\d:\d\d:\d\d\.\d{3} /.test(line))).toHaveLength(3)
  })

  test('the newest of a function that shares its log group are its own', async () => {
    const {stdout} = await run(['logs', 'pick-plan', ...fiveMinutes, '--tail', '10', '--json'], sandbox)
    const events = jsonLines(stdout)
    expect(events).toHaveLength(10)
    expect(new Set(events.map(event => event['function']))).toEqual(new Set(['pick-plan']))
  })
})

describe('stopping', () => {
  test.each([
    ['closed', []],
    ['followed', ['--follow']],
  ])('T19 a reader that goes away ends a %s stream quietly', async (_, flags) => {
    const command = `"${process.execPath}" "${binary}" logs --since 5m ${flags.join(' ')} | head -n 1; echo "\${PIPESTATUS[0]}"`
    const {stdout, stderr} = await bash(command, {SLSOPS_SANDBOX: '1'})
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stdout.trim().endsWith('\n0')).toBe(true)
    expect(stderr).not.toMatch(/EPIPE|Error/)
  })

  test.runIf(process.platform === 'linux').each([
    ['closed', []],
    ['followed', ['--follow']],
    ['as JSON', ['--json']],
  ])('a full disk ends a stream %s with one error that says so', async (_, flags) => {
    const command = `"${process.execPath}" "${binary}" logs --since 5m ${flags.join(' ')} > /dev/full; echo $?`
    const {stdout, stderr} = await bash(command, {SLSOPS_SANDBOX: '1'})
    expect(stdout.trim()).toBe('1')
    expect(stderr.match(/could not write the output: .*no space left/g)).toHaveLength(1)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  test.skipIf(process.platform === 'win32')('--out leaves a file that its owner alone may read', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-out-')), 'known.ndjson')
    writeFileSync(file, 'of before', {mode: 0o644})
    await run(['logs', 'checkout-api', ...fiveMinutes, '--out', file], sandbox)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test.runIf(process.platform === 'linux').each(['5m', '1s'])(
    'a full disk under --out ends a stream of %s with one error that says so',
    async since => {
      const file = join(mkdtempSync(join(tmpdir(), 'slsops-out-')), 'full.ndjson')
      symlinkSync('/dev/full', file)
      const {code, stderr} = await run(['logs', '--since', since, '--out', file], {SLSOPS_SANDBOX: '1'})
      expect(code).toBe(1)
      expect(stderr.match(/no space left/g)).toHaveLength(1)
      expect(stderr).not.toMatch(/UserError|^ +at /m)
    },
  )

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'T19 %s ends following with a receipt and exit code 130',
    async signal => {
      const following = start(['logs', '--follow', '--since', '1m', '--json'], {SLSOPS_SANDBOX: '1'})
      await following.seen('slsops/log@1')
      following.child.kill(signal)
      const {code, stdout, stderr} = await following.ended
      expect(code).toBe(130)
      expect(stdout.endsWith('}\n')).toBe(true)
      expect(jsonLines(stderr).at(-1)).toMatchObject({schema: 'slsops/receipt@1'})
    },
  )

  test('T44 Ctrl-C reaches its receipt although the reader has stopped reading', async () => {
    const command = `( "${process.execPath}" "${binary}" logs --since 24h --json 2>err & P=$!; until grep -q 'log groups' err; do sleep 0.1; done; sleep 1; kill -INT $P; wait $P; echo "exit $?" >code ) | while [ ! -s code ]; do sleep 0.1; done; cat err code`
    const {stdout} = await bash(command, {SLSOPS_SANDBOX: '1'})
    expect(stdout).toContain('slsops/receipt@1')
    expect(stdout).toContain('"reason":"interrupted"')
    expect(stdout).toContain('exit 130')
  })
})

describe('what goes wrong is said in one line with what to do', () => {
  test.each([
    ['a flag that is none', ['logs', '--bogus'], {}, 2, 'Nonexistent flag: --bogus'],
    ['a command that is none', ['logz'], {}, 2, '✗ logz is no command of slsops\n  did you mean slsops logs?\n'],
    ['a time that is none', ['logs', '--since', '5x'], {}, 2, 'Examples: 5m'],
    ['a regular expression that is none', ['logs', '-i', '('], {}, 2, '--include'],
    ['an empty region', ['logs', '--region', ''], {}, 2, '--region is empty'],
    [
      'all regions without credentials',
      ['logs', '--region', 'all'],
      {AWS_REGION: 'eu-west-1'},
      4,
      'could not list regions: no usable AWS credentials',
    ],
    ['flags that exclude each other', ['logs', '--failed', '--query', 'x'], {}, 2, '--failed cannot also be provided'],
    ['a flag without the other it needs', ['logs', '--idle-exit', '5s'], {}, 2, '--idle-exit needs --follow'],
    ['a tour as JSON', ['sandbox', '--json'], {}, 2, 'a tour is for people'],
    [
      'an endpoint that is no URL',
      ['logs', '--region', 'eu-west-1'],
      {AWS_ENDPOINT_URL: 'nonsense'},
      2,
      'nonsense is no URL',
    ],
    [
      'a profile that is not there',
      ['logs', '--profile', 'nope', '--region', 'eu-west-1'],
      {},
      4,
      'no AWS profile nope',
    ],
    ['no region', ['logs'], {}, 4, 'no AWS region is set'],
    ['no credentials', ['logs', '--region', 'eu-west-1'], {}, 4, 'no usable AWS credentials'],
    ['a function that is not there', ['logs', 'chekout-api'], sandbox, 1, 'checkout-api'],
    ['a log group that is not there', ['logs', '/aws/lambda/chekout-api'], sandbox, 1, '/aws/lambda/checkout-api'],
  ])('%s', async (_, args, environment, code, words) => {
    const ended = await run(args, environment as Record<string, string>)
    expect(ended.stderr).toContain(words)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
    expect(ended.stdout).toBe('')
    expect(ended.code).toBe(code)
  })

  test('with --json the error is one JSON line', async () => {
    const {stderr, code} = await run(['logs', '--since', '5x', '--json'])
    expect(jsonLines(stderr)).toMatchObject([{schema: 'slsops/error@1', code: 'Usage', exitCode: 2}])
    expect(code).toBe(2)
    const unknown = await run(['lgos', '--json'])
    const hint = 'did you mean slsops logs?'
    expect(jsonLines(unknown.stderr)).toMatchObject([{schema: 'slsops/error@1', code: 'Usage', hint, exitCode: 2}])
    expect(unknown).toMatchObject({code: 2, stdout: ''})
  })

  test('an account with nothing in it is empty, not an error', async () => {
    const {code, stderr} = await run(['logs', '--region', 'ap-south-1'], sandbox)
    expect(code).toBe(0)
    expect(stderr).toContain('no functions in ap-south-1')
  })

  describe('an endpoint', () => {
    let proxy: Server
    const credentials = {AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'SECRETSECRET'}
    beforeAll(async () => {
      proxy = createServer((_, response) =>
        response.writeHead(200, {'content-type': 'text/html'}).end('<html>Proxy</html>'),
      )
      await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
    })
    afterAll(() => proxy.close())

    test('that answers as a proxy does is named so, and no secret is shown', async () => {
      const {port} = proxy.address() as AddressInfo
      const environment = {...credentials, AWS_ENDPOINT_URL: `http://user:SECRETSECRET@127.0.0.1:${port}`}
      const {code, stderr} = await run(['logs', '--debug'], environment)
      expect(stderr).toContain('did not answer as AWS (HTTP 200, text/html)')
      expect(stderr).toContain(`endpoint: http://127.0.0.1:${port} is used, not AWS`)
      expect(stderr).not.toContain('SECRETSECRET')
      expect(code).toBe(1)
    })

    test('that answers as a proxy does is named so where only a log group is read', async () => {
      const environment = {
        ...credentials,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      }
      const {code, stderr} = await run(['logs', '/ecs/payments'], environment)
      expect(stderr).toContain('did not answer as AWS (HTTP 200, text/html)')
      expect(code).toBe(1)
    })

    test('that is not there is named so', async () => {
      const {code, stderr} = await run(['logs'], {...credentials, AWS_ENDPOINT_URL: 'http://127.0.0.1:9'})
      expect(stderr).toContain('cannot be reached')
      expect(code).toBe(1)
    })
  })
})

function bash(command: string, environment: Record<string, string>): Promise<{stdout: string; stderr: string}> {
  const env = cleanEnvironment(environment)
  return new Promise(resolve => {
    execFile('bash', ['-c', command], {env, cwd: env['HOME'], timeout: 40_000}, (_, stdout, stderr) =>
      resolve({stdout, stderr}),
    )
  })
}
