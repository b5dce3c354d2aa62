import {fork, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {runPlain} from './measured-child.ts'
import {environment, requireBuild, slsops} from './slsops.ts'
import {spread, spreadText} from './spread.ts'
import type {TrafficServerMessage} from './traffic-server.ts'

/**
 * How long it is from the start of `slsops rollback FN --to V --yes` to the arrival of its UpdateAlias, in units of what Node takes to
 * do nothing, and beside what the AWS CLI takes for that one call alone, where it is there. In turns, at the embedded AWS.
 */
const {values} = parseArgs({options: {rounds: {type: 'string', default: '10'}, aws: {type: 'string', default: 'aws'}}})

requireBuild()
const server = fork(fileURLToPath(new URL('traffic-server.ts', import.meta.url)))
const {port} = (await nextMessage()) as {port: number}
const home = mkdtempSync(join(tmpdir(), 'slsops-bench-'))
const env: Record<string, string> = {
  ...environment(port),
  XDG_STATE_HOME: home,
  XDG_CACHE_HOME: home,
  XDG_CONFIG_HOME: home,
}
const hasCLI = spawnSync(values.aws, ['--version']).status === 0
let version = 41

const rollback = (...more: readonly string[]) => [slsops, 'rollback', 'checkout-api:live', ...more, '--yes']
const measures: Readonly<Record<string, () => Promise<number>>> = {
  'node -e 0': async () => (await runPlain(['-e', '0'], env)).wallMs,
  'slsops rollback --to, to its write': () => untilWritten(next => run(rollback('--to', next))),
  ...(hasCLI && {
    'aws lambda update-alias, to its write': () => untilWritten(async next => runCLI(next)),
  }),
}
const taken = new Map<string, number[]>(Object.keys(measures).map(name => [name, []]))
// one round more than counted: the first fills the compile cache
for (let round = 0; round <= Number(values.rounds); round++)
  for (const [name, measure] of Object.entries(measures)) {
    const ms = await measure()
    if (round > 0) taken.get(name)?.push(ms)
  }
const bare = taken.get('node -e 0') ?? []
for (const [name, times] of taken) {
  const ratios = times.map((ms, round) => ms / (bare[round] ?? Number.NaN))
  console.log(`${name.padEnd(40)} ${spreadText(spread(times), 0).padEnd(18)} ms   × ${spreadText(spread(ratios))}`)
}
if (!hasCLI) console.log('the AWS CLI is not there')
server.disconnect()
rmSync(home, {recursive: true})

async function nextMessage(): Promise<TrafficServerMessage> {
  const [message] = (await once(server, 'message')) as [TrafficServerMessage]
  return message
}

/** There and back between two versions, so that each time there is something to write. */
async function untilWritten(start: (version: string) => Promise<number>): Promise<number> {
  const written = nextMessage()
  const startedAt = await start(String(version))
  version = version === 41 ? 42 : 41
  const message = await written
  return 'updatedAt' in message ? message.updatedAt - startedAt : Number.NaN
}

async function run(args: readonly string[]): Promise<number> {
  return (await runPlain(args, env)).startedAt
}

function runCLI(next: string): number {
  const args = ['lambda', 'update-alias', '--function-name', 'checkout-api', '--name', 'live']
  const startedAt = performance.timeOrigin + performance.now()
  const {status, stderr} = spawnSync(
    values.aws,
    [...args, '--function-version', next, '--routing-config', 'AdditionalVersionWeights={}'],
    {env: {...process.env, ...env, AWS_DEFAULT_REGION: env['AWS_REGION'] ?? ''}},
  )
  if (status !== 0) throw new Error(`the AWS CLI ended with ${status}: ${stderr}`)
  return startedAt
}
