import {execFile} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {delimiter, join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {binary, cleanEnvironment, type Ended, run} from './run-slsops.ts'

/** A home where completion was set up as the docs say, and slsops on the PATH. */
async function setUp(extra: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const env = cleanEnvironment(extra)
  const folder = join(env['HOME'] ?? '', 'bin')
  mkdirSync(folder)
  writeFileSync(join(folder, 'slsops'), `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`)
  chmodSync(join(folder, 'slsops'), 0o755)
  env['PATH'] = [folder, env['PATH']].join(delimiter)
  await runShell('bash', 'slsops autocomplete bash --refresh-cache', [], env)
  return env
}

function runShell(shell: string, script: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const dashC = shell === 'fish' ? ['--no-config', '-c', script] : ['-c', script, shell]
  return new Promise(resolve => {
    const child = execFile(shell, [...dashC, ...args], {env, cwd: env['HOME']}, (error, stdout, stderr) =>
      resolve({code: error ? Number(error.code) : 0, stdout, stderr}),
    )
    child.stdin?.end()
  })
}

const lines = ({stdout}: Ended): string[] => stdout.split('\n').filter(line => line !== '')

/** What bash puts in COMPREPLY at the end of a line. */
const inBash = async (line: string, env: Record<string, string>): Promise<string[]> =>
  lines(
    await runShell(
      'bash',
      `source ~/.cache/slsops/autocomplete/bash_setup
      complete -p slsops >/dev/null || exit 1
      COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=($1) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _slsops slsops
      printf '%s\\n' "\${COMPREPLY[@]}"`,
      [line],
      env,
    ),
  )

/** What zsh is told to describe; its own part begins where a line is edited. */
const inZsh = async (words: readonly string[], env: Record<string, string>): Promise<string[]> =>
  lines(
    await runShell(
      'zsh',
      `_describe() { print -rl -- "\${(@P)2}" }
      words=(slsops "$@") CURRENT=$(($# + 1)) PREFIX=$words[-1]
      source ~/.cache/slsops/autocomplete/functions/zsh/_slsops`,
      words,
      env,
    ),
  )

const inFish = async (line: string, env: Record<string, string>): Promise<string[]> =>
  lines(
    await runShell(
      'fish',
      'source ~/.cache/slsops/autocomplete/functions/fish/slsops.fish; complete -C $argv[1]',
      [line],
      env,
    ),
  )

/** The first TAB finds nothing and has names listed; the listing is over when aliases are there too. */
async function namesListed(env: Record<string, string>): Promise<void> {
  while (!(await inBash('slsops logs checkout-api:l', env)).includes('live'));
}

const isInstalled = (shell: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some(folder => existsSync(join(folder, shell)))
for (const shell of ['zsh', 'fish'])
  if (!isInstalled(shell)) console.warn(`!! SKIPPED: no ${shell} on PATH; its completion was not tried.`)

const namesFolder = (env: Record<string, string>): string => join(env['HOME'] ?? '', '.cache/slsops/names')

/** The file of the names that were asked for last: there is only one account in a test. */
const namesFile = (env: Record<string, string>): string =>
  join(namesFolder(env), readdirSync(namesFolder(env))[0]?.replace(/\.json.*/, '.json') ?? '')

describe('completion on the embedded AWS', () => {
  let env: Record<string, string>
  beforeAll(async () => {
    env = await setUp({SLSOPS_SANDBOX: '1'})
    expect(await inBash('slsops logs ', env)).toEqual([])
    await namesListed(env)
  }, 60_000)

  test.each([
    ['slsops lo', ['logs']],
    ['slsops sandbox ', ['reset', 'serve']],
    ['slsops logs checkout', ['checkout-api']],
    ['slsops logs checkout-api:', ['\\$LATEST', '42', 'live']],
    ["slsops logs 'checkout-api:l", ['checkout-api:live']],
    ['slsops logs !checkout', ['\\!checkout-api']],
    ["slsops logs '!checkout", ['!checkout-api']],
    ['slsops logs /aws/lambda/checkout', ['/aws/lambda/checkout-api']],
    ['slsops logs --log-group /aws/api', ['/aws/apigateway/larder-http-api']],
    ['slsops logs --stack larder-o', ['larder-orders']],
    ['slsops logs --stack=larder-o', ['larder-orders']],
    ['slsops logs --tag en', ['env=']],
    ['slsops logs checkout-api --foll', ['--follow']],
    ['slsops logs --region eu-west-', ['eu-west-1', 'eu-west-2', 'eu-west-3']],
    ['slsops logs --engine a', ['auto']],
    ['slsops help sand', ['sandbox']],
    ['slsops refresh', []],
  ])('bash: %s', async (line, replies) => {
    expect(await inBash(line, env)).toEqual(replies)
  })

  test.runIf(isInstalled('zsh')).each([
    [['lo'], ['logs:Read many log groups as one stream, in time order']],
    [['logs', 'checkout'], ['checkout-api']],
    [['logs', 'checkout-api:li'], ['checkout-api\\:live']],
    [['logs', "'checkout-api'", '--foll'], ['--follow:go on as events arrive']],
    [['logs', '--stack', 'larder-o'], ['larder-orders']],
    [['logs', '!/aws/lambda/checkout'], ['!/aws/lambda/checkout-api']],
    [['logs', 'nothing-like-it'], []],
  ])('zsh: %j', async (words, described) => {
    expect(await inZsh(words, env)).toEqual(described)
  })

  test.runIf(isInstalled('fish')).each([
    ['slsops lo', ['logs\tRead many log groups as one stream, in time order']],
    ['slsops logs checkout', ['checkout-api']],
    ['slsops logs checkout-api:li', ['checkout-api:live']],
    ['slsops logs --stack larder-o', ['larder-orders']],
    ['slsops logs checkout-api --foll', ['--follow\tgo on as events arrive']],
    ['slsops logs /aws/lambda/checkout', ['/aws/lambda/checkout-api']],
  ])('fish: %s', async (line, completions) => {
    expect(await inFish(line, env)).toEqual(completions)
  })

  test('holds names only, for the user’s eyes only', () => {
    expect(statSync(namesFile(env)).mode & 0o777).toBe(0o600)
    expect(statSync(namesFolder(env)).mode & 0o777).toBe(0o700)
    expect(readdirSync(namesFolder(env))).toHaveLength(2)
    expect(Object.keys(JSON.parse(readFileSync(namesFile(env), 'utf8')))).toEqual([
      'version',
      'functions',
      'qualifiers',
      'logGroups',
      'stacks',
      'tagKeys',
    ])
  })

  test('keeps other accounts and regions apart', async () => {
    expect(await inBash('slsops logs --region us-east-1 checkout', env)).toEqual([])
    expect(await inBash('slsops logs --region us-east-1 --stack larder', env)).toEqual([])
  })

  test('stands after the plugin has written its scripts anew', async () => {
    expect((await run(['autocomplete', '--refresh-cache'], {HOME: env['HOME'] ?? ''})).code).toBe(0)
    expect(await inBash('slsops logs checkout', env)).toEqual(['checkout-api'])
  })
})

describe('names that somebody chose to do harm', () => {
  const harmful = 'a b;$(touch harmed)`touch harmed`\'"\\$HOME&|<>#!*{x,y}~é'

  test('are put so that each shell takes them for a word', async () => {
    const env = await setUp({SLSOPS_SANDBOX: '1'})
    // else the names that the first TAB has listed come over these
    await namesListed(env)
    const path = namesFile(env)
    const tagKeys = [harmful, 'a\u001b]0;title\u0007', 'a\nb', 'a\u202eb']
    const functions = ['a;touch harmed', 'a\u001b[2J', 'a\nb']
    writeFileSync(path, JSON.stringify({version: 1, functions, tagKeys}))

    for (const start of ['', "'", '"']) {
      const replies = await inBash(`slsops logs --tag ${start}a`, env)
      expect(replies).toHaveLength(1)
      // as if it were entered then; between double quotes an interactive bash has no way to write `!`
      const {stdout} = await runShell('bash', `printf %s ${start}${replies[0]}${start}`, [], env)
      expect(stdout).toBe(`${harmful}=`)
    }
    expect(await inBash('slsops logs a', env)).toEqual([])
    if (isInstalled('zsh')) {
      const [described, ...more] = await inZsh(['logs', '--tag', 'a'], env)
      expect(described?.replaceAll('\\\\', '\\')).toBe(`${harmful}=`)
      expect(more).toEqual([])
    }
    if (isInstalled('fish')) expect(await inFish('slsops logs --tag a', env)).toEqual([`${harmful}=`])
    expect(existsSync(join(env['HOME'] ?? '', 'harmed'))).toBe(false)
  })
})

describe('a TAB', () => {
  test('waits for no AWS: it is answered while AWS is silent, and of ten one has names listed', async () => {
    const asked: string[] = []
    const firstAsked = Promise.withResolvers<void>()
    const silent = createServer(({url = ''}) => {
      asked.push(url)
      if (url.includes('/functions')) firstAsked.resolve()
    })
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    try {
      const env = await setUp({
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIDSECRET',
        AWS_SECRET_ACCESS_KEY: 'SECRETSECRET',
      })
      const tabs = await Promise.all(Array.from({length: 10}, () => inBash('slsops logs checkout', env)))
      expect(new Set(tabs.flat())).toEqual(new Set())
      expect(await inBash('slsops logs --foll', env)).toEqual(['--follow'])
      await firstAsked.promise
      expect(asked.filter(url => url.includes('/functions'))).toHaveLength(1)
      expect(readdirSync(namesFolder(env)).map(name => name.replace(/^\w+/, ''))).toEqual(['.json.attempt'])
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  })

  test('says what it knew where AWS cannot be reached, and leaves it alone for a minute', async () => {
    const env = await setUp({AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-west-1'})
    expect(await inBash('slsops logs checkout', env)).toEqual([])
    const path = namesFile(env)
    const markedAt = statSync(`${path}.attempt`).mtimeMs
    writeFileSync(path, JSON.stringify({version: 1, functions: ['checkout-api']}))
    utimesSync(path, 1, 1)
    expect(await inBash('slsops logs checkout', env)).toEqual(['checkout-api'])
    expect(statSync(`${path}.attempt`).mtimeMs).toBe(markedAt)
  })

  test('has no words for a person: nothing on stderr, whatever is asked', async () => {
    for (const args of [['bash', ' ', 'slsops x y'], ['zsh'], ['tcsh', 'x'], []]) {
      const {stderr, code} = await run(['complete', ...args])
      expect({stderr, code}).toEqual({stderr: '', code: 0})
    }
  })
})
