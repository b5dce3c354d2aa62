import {type ChildProcess, fork, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import type {CommandMeasured} from './fleet-command.ts'
import type {FleetScanned} from './fleet-scan.ts'
import type {FleetServerMessage, FleetServerOptions} from './fleet-server.ts'
import type {Haste} from './hasted-clock.ts'
import {runMeasured} from './measured-child.ts'

/**
 * How long a scan of 100,000 functions takes, what it holds in memory, and what a kill costs: against the embedded AWS with
 * its quotas kept, on a clock that runs several times as fast. The floor is what the pages take at exactly the quota.
 */
const {values} = parseArgs({
  options: {
    functions: {type: 'string', default: '100000'},
    haste: {type: 'string', default: '5'},
    commands: {type: 'string', default: 'unused,functions,cost,coldstarts'},
  },
})

const callsPerSecond = 15
const functionsPerPage = 50
const aims = {ratio: 1.2, peakRssMB: 300, resumedCalls: 1.05, planned: 1.2}

const functions = Number(values.functions)
const pages = Math.ceil(functions / functionsPerPage)
const floorS = pages / callsPerSecond
const failed: string[] = []

console.log(`${functions} functions: ${pages} pages ÷ ${callsPerSecond} a second = ${floorS.toFixed(0)} s`)
await unbroken('nobody else there', [])
await unbroken(
  'refused now and then',
  [0.15, 0.4, 0.65, 0.9].map(share => Math.round(share * pages)),
)
await killedHalfWay()
for (const command of values.commands.split(',').filter(Boolean)) await measured(command)
for (const what of failed) console.log(`!! ${what}`)
process.exitCode = failed.length === 0 ? 0 : 1

async function unbroken(name: string, refusedAfter: readonly number[]): Promise<void> {
  await using place = await aPlace(refusedAfter)
  const {scanned, peakRssMB} = await scan(place)
  const ratio = scanned.seconds / floorS
  check(`${name}: all functions`, scanned.functions === functions && scanned.gaps === 0)
  check(`${name}: at most ${aims.ratio} × the floor`, ratio <= aims.ratio)
  check(`${name}: less than ${aims.peakRssMB} MB`, peakRssMB < aims.peakRssMB)
  console.log(
    `${name}: ${await place.pages()} pages, ${scanned.throttles} throttles, ${scanned.seconds.toFixed(1)} s ÷ floor ${ratio.toFixed(2)}, peak RSS ${peakRssMB.toFixed(0)} MB`,
  )
}

async function killedHalfWay(): Promise<void> {
  await using place = await aPlace([])
  const child = spawn(process.execPath, scanOf(place), {stdio: 'ignore'})
  const gone = once(child, 'exit')
  while ((await place.pages()) < pages / 2) await sleep(50)
  child.kill('SIGKILL')
  await gone
  const before = await place.pages()
  const {scanned} = await scan(place)
  const after = await place.pages()
  check('killed: all functions', scanned.functions === functions && scanned.gaps === 0)
  check(`killed: at most ${aims.resumedCalls} × the calls`, after <= aims.resumedCalls * pages)
  console.log(
    `killed half way: ${before} pages, then ${after - before}: ${(after / pages).toFixed(3)} × those of one run\n    ${scanned.notices.join('\n    ')}`,
  )
}

/** A command whole: what it took by the quotas of the calls it made, and what its plan had said. */
async function measured(command: string): Promise<void> {
  await using place = await aPlace([])
  const {stderr, peakRssMB} = await runMeasured(runOf('fleet-command.ts', place, ['--command', command]))
  const told = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as CommandMeasured
  const ratio = told.seconds / told.floorSeconds
  const planned = told.plannedCalls / told.calls
  check(`${command}: all functions`, told.functions === functions)
  check(`${command}: at most ${aims.ratio} × the floor`, ratio <= aims.ratio)
  check(`${command}: less than ${aims.peakRssMB} MB`, peakRssMB < aims.peakRssMB)
  check(`${command}: planned as it was`, planned <= aims.planned && planned >= 1 / aims.planned)
  console.log(
    `${command}: ${told.calls} calls, planned ${told.plannedCalls} (${planned.toFixed(2)} ×), ${told.throttles} throttles, ${told.seconds.toFixed(1)} s ÷ floor of its calls ${ratio.toFixed(2)}, peak RSS ${peakRssMB.toFixed(0)} MB, ${told.gaps} gaps`,
  )
}

type Place = AsyncDisposable & {
  readonly url: string
  readonly region: string
  readonly cache: string
  readonly haste: Haste
  /** that the server has given so far */
  pages(): Promise<number>
}

/** A server, and a cache that nothing is in. */
async function aPlace(refusedAfter: readonly number[]): Promise<Place> {
  const haste = {origin: Date.now(), times: Number(values.haste)}
  const options: FleetServerOptions = {functions, haste, refusedAfter}
  const server = fork(fileURLToPath(new URL('fleet-server.ts', import.meta.url)), [JSON.stringify(options)])
  const told = await answerOf(server)
  if (!('url' in told)) throw new Error('the server does not say where it is')
  const cache = mkdtempSync(join(tmpdir(), 'slsops-bench-'))
  const pagesNow = async (): Promise<number> => {
    server.send('pages')
    const answer = await answerOf(server)
    return 'pages' in answer ? answer.pages : Number.NaN
  }
  return {
    ...told,
    cache,
    haste,
    pages: pagesNow,
    async [Symbol.asyncDispose]() {
      server.kill()
      await once(server, 'exit')
      rmSync(cache, {recursive: true, force: true})
    },
  }
}

async function answerOf(server: ChildProcess): Promise<FleetServerMessage> {
  const [message] = (await once(server, 'message')) as [FleetServerMessage]
  return message
}

async function scan(place: Place): Promise<{readonly scanned: FleetScanned; readonly peakRssMB: number}> {
  const {stderr, peakRssMB} = await runMeasured(scanOf(place))
  return {scanned: JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as FleetScanned, peakRssMB}
}

function scanOf(place: Place): readonly string[] {
  return runOf('fleet-scan.ts', place)
}

function runOf(script: string, {url, region, cache, haste}: Place, more: readonly string[] = []): readonly string[] {
  return [
    fileURLToPath(new URL(script, import.meta.url)),
    ...['--url', url, '--region', region, '--cache', cache],
    ...['--origin', String(haste.origin), '--times', String(haste.times), ...more],
  ]
}

function check(what: string, holds: boolean): void {
  if (!holds) failed.push(what)
}
