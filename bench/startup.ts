import {parseArgs} from 'node:util'
import {runPlain} from './measured-child.ts'
import {closedWindow, environment, logsOf, requireBuild, slsops} from './slsops.ts'
import {spread, spreadText} from './spread.ts'
import {startPageServer} from './start-page-server.ts'

/** How long slsops takes to start, in units of what Node takes to do nothing (`node -e 0`), measured in turns. */
const {values} = parseArgs({options: {rounds: {type: 'string', default: '15'}}})

requireBuild()
const window = closedWindow()
await using server = await startPageServer({sizes: [100], ...window, latencyMs: 0, callsPerSecond: null})
const env = environment(server.port)

const measures: Readonly<Record<string, () => Promise<number>>> = {
  'node -e 0': () => wallOf(['-e', '0']),
  'slsops --version': () => wallOf([slsops, '--version']),
  'slsops --help': () => wallOf([slsops, '--help']),
  'slsops logs, to the first request': () => firstRequestOf(logsOf(window)),
  'slsops logs, to the end': () => wallOf(logsOf(window)),
}
const taken = new Map<string, number[]>(Object.keys(measures).map(name => [name, []]))

// one round more than counted: the first fills the compile cache
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const [name, measure] of Object.entries(measures)) {
    const ms = await measure()
    if (round > 0) taken.get(name)?.push(ms)
  }
}

const bare = taken.get('node -e 0') ?? []
for (const [name, times] of taken) {
  const ratios = times.map((ms, round) => ms / (bare[round] ?? Number.NaN))
  console.log(`${name.padEnd(36)} ${spreadText(spread(times), 0).padEnd(18)} ms   × ${spreadText(spread(ratios))}`)
}

async function wallOf(args: readonly string[]): Promise<number> {
  return (await runPlain(args, env)).wallMs
}

async function firstRequestOf(args: readonly string[]): Promise<number> {
  await server.seen()
  const {startedAt} = await runPlain(args, env)
  return ((await server.seen()).firstRequestAt ?? Number.NaN) - startedAt
}
