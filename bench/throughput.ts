import {parseArgs} from 'node:util'
import {type Measured, runMeasured} from './measured-child.ts'
import {closedWindow, environment, logsOf, receiptIn, requireBuild} from './slsops.ts'
import {spread, spreadText} from './spread.ts'
import {startPageServer} from './start-page-server.ts'
import {groupName} from './synthetic-log.ts'

/**
 * How fast and in how much memory `slsops logs --json` reads a window without latency, beside the floor: the same pages
 * by plain HTTP, parsed, each event made into a line. One after the other, several rounds, each in its own process.
 */
const {values} = parseArgs({
  options: {rounds: {type: 'string', default: '5'}, events: {type: 'string', default: '1000000'}},
})
const rounds = Number(values.rounds)
const total = Number(values.events)
const plainReader = new URL('plain-reader.ts', import.meta.url).pathname

requireBuild()
await measure('deep', 10)
await measure('wide', 200)

async function measure(name: string, groups: number): Promise<void> {
  const window = closedWindow()
  const sizes = Array.from({length: groups}, () => Math.floor(total / groups))
  const events = sizes.reduce((sum, size) => sum + size, 0)
  await using server = await startPageServer({sizes, ...window, latencyMs: 0, callsPerSecond: null})
  const env = environment(server.port)
  const quarter = {start: window.start, end: window.start + Math.floor((window.end - window.start) / 4)}
  const plain = [
    plainReader,
    ...['--port', String(server.port), '--start', String(window.start), '--end', String(window.end)],
    ...['--groups', sizes.map((_, group) => groupName(group)).join(',')],
  ]

  const slsops: Measured[] = []
  const floor: Measured[] = []
  const part: Measured[] = []
  const readMs = {slsops: [] as number[], floor: [] as number[], server: [] as number[]}
  const pages = {slsops: 0, floor: 0}
  for (let round = 0; round < rounds; round++) {
    const full = await runMeasured(logsOf(window), env)
    expectEvents(receiptIn(full.stderr).events, events)
    slsops.push(full)
    const bySlsops = await server.seen()
    readMs.slsops.push(readingMs(full, bySlsops))
    pages.slsops = bySlsops.pages

    const alone = await runMeasured(plain)
    expectEvents((JSON.parse(alone.stderr) as {events: number}).events, events)
    floor.push(alone)
    const byFloor = await server.seen()
    readMs.floor.push(readingMs(alone, byFloor))
    pages.floor = byFloor.pages

    part.push(await runMeasured(logsOf(quarter), env))
    await server.seen()
    const drained = await runMeasured([...plain, '--drain'])
    readMs.server.push(readingMs(drained, await server.seen()))
  }

  const perSecond = (ms: readonly number[]): string =>
    `${Math.round(events / spread(ms).median).toLocaleString('en')} k events/s`
  const ratios = (what: 'wallMs' | 'cpuMs'): number[] =>
    slsops.map((run, i) => run[what] / (floor[i]?.[what] ?? Number.NaN))
  const rss = (runs: readonly Measured[]): string => `${spreadText(spread(runs.map(run => run.peakRssMB)), 0)} MB`
  const wall = (runs: readonly Measured[]): string => `${spreadText(spread(runs.map(run => run.wallMs / 1000)))} s`
  const cpu = (runs: readonly Measured[]): string => `${spreadText(spread(runs.map(run => run.cpuMs / 1000)))} s`

  console.log(`${name}: ${events.toLocaleString('en')} events in ${groups} groups, ${rounds} rounds: median (min–max)
  slsops          ${wall(slsops)} wall, ${cpu(slsops)} cpu, ${perSecond(readMs.slsops)}, ${pages.slsops} pages, peak RSS ${rss(slsops)}
  floor           ${wall(floor)} wall, ${cpu(floor)} cpu, ${perSecond(readMs.floor)}, ${pages.floor} pages, peak RSS ${rss(floor)}
  server alone    ${perSecond(readMs.server)}
  slsops ÷ floor  ${spreadText(spread(ratios('wallMs')))} in wall time, ${spreadText(spread(ratios('cpuMs')))} in cpu time
  a quarter       peak RSS ${rss(part)}; the whole ÷ a quarter ${spreadText(spread(slsops.map((run, i) => run.peakRssMB / (part[i]?.peakRssMB ?? Number.NaN))))}
`)
}

/** From the first request to the end of the process, without start-up. */
function readingMs({endedAt}: Measured, {firstRequestAt}: {readonly firstRequestAt: number | null}): number {
  return endedAt - (firstRequestAt ?? Number.NaN)
}

function expectEvents(read: number, expected: number): void {
  if (read !== expected) throw new Error(`${read} events were read, ${expected} are there`)
}
