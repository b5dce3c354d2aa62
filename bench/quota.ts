import {parseArgs} from 'node:util'
import {runMeasured} from './measured-child.ts'
import {closedWindow, environment, logsOf, receiptIn, requireBuild} from './slsops.ts'
import {spread, spreadText} from './spread.ts'
import {startPageServer} from './start-page-server.ts'

/**
 * How close `slsops logs` comes to the quota: 300 ms latency, 10 FilterLogEvents a second, six groups of which one holds
 * 60 % of all pages. The optimum is the pages that one chain of full pages per group takes, asked at exactly the quota.
 */
const {values} = parseArgs({options: {rounds: {type: 'string', default: '3'}, pages: {type: 'string', default: '250'}}})

const callsPerSecond = 10
const eventsPerPage = 2_700
const shares = [0.6, 0.2, 0.1, 0.05, 0.03, 0.02]

requireBuild()
const sizes = shares.map(share => Math.round(share * Number(values.pages) * eventsPerPage))
const window = closedWindow()
const pages = await fewestPages()

// by 0.0.0.0, which is this machine too but not counted as loopback, slsops goes by AWS's published quota
await measure('quota known from the start', '0.0.0.0')
await measure('quota unknown, as on any server on loopback', '127.0.0.1')

async function measure(name: string, host: string): Promise<void> {
  const ratios: number[] = []
  const lines: string[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    await using server = await startPageServer({sizes, ...window, latencyMs: 300, callsPerSecond})
    const run = await runMeasured(logsOf(window), environment(server.port, {host}))
    const seen = await server.seen()
    const receipt = receiptIn(run.stderr)
    const events = sizes.reduce((sum, size) => sum + size, 0)
    if (receipt.events !== events) throw new Error(`${receipt.events} events were read, ${events} are there`)
    const wallS = (run.endedAt - (seen.firstPageAskedAt ?? Number.NaN)) / 1000
    ratios.push(wallS / (pages / callsPerSecond))
    lines.push(
      `    ${wallS.toFixed(1)} s, ${seen.pages} pages, ${receipt.throttles} throttles${
        receipt.throttles > 0 ? `, by second of the run: ${seen.throttles.join(' ')}` : ''
      }`,
    )
  }
  console.log(`${name}: wall ÷ optimum ${spreadText(spread(ratios))}; the optimum is ${pages} pages ÷ ${callsPerSecond} a second = ${(pages / callsPerSecond).toFixed(1)} s
${lines.join('\n')}`)
}

/** Pages of a reader that follows one token after the other in each group. */
async function fewestPages(): Promise<number> {
  const plainReader = new URL('plain-reader.ts', import.meta.url).pathname
  const {groupName} = await import('./synthetic-log.ts')
  await using server = await startPageServer({sizes, ...window, latencyMs: 0, callsPerSecond: null})
  await runMeasured([
    plainReader,
    ...['--port', String(server.port), '--start', String(window.start), '--end', String(window.end), '--drain'],
    ...['--groups', sizes.map((_, group) => groupName(group)).join(',')],
  ])
  return (await server.seen()).pages
}
