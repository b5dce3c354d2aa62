import {parseArgs} from 'node:util'
import {judge, type Verdict} from './judge.ts'
import {type Ran, runFor, runToEnd} from './measured-command.ts'
import {peerCertificate} from './peer-certificate.ts'
import {commandsOf, isThere, versionOf} from './peer-commands.ts'
import {type PeerLogShape, peerGroupNames, peerLog} from './peer-log.ts'
import {type PeerTool, peerTools} from './peer-tools.ts'
import {requireBuild} from './slsops.ts'
import {spread, spreadText} from './spread.ts'
import {startPeerServer} from './start-page-server.ts'

/**
 * slsops beside the tools that people read logs with today, on one server whose truth is known: time, memory, and events
 * lost, doubled and out of order, over a closed window and while following. Prints the tables of peers.md.
 */
const {values} = parseArgs({
  options: {
    aws: {type: 'string'},
    awslogs: {type: 'string'},
    saw: {type: 'string'},
    cw: {type: 'string'},
    utern: {type: 'string'},
    only: {type: 'string'},
    'slsops-flags': {type: 'string', default: ''},
    modes: {type: 'string', default: 'history,prompt,late'},
    groups: {type: 'string', default: '1,20,200'},
    rounds: {type: 'string', default: '3'},
    events: {type: 'string', default: '100000'},
    'follow-events': {type: 'string', default: '8000'},
    'calls-per-second': {type: 'string', default: '10'},
    'spent-tokens': {type: 'boolean', default: false},
  },
})

/** a run that takes longer than this is not repeated */
const longMs = 60_000
/** how many tails run at a time where they do not run one after the other */
const someAtOnce = 4
/** at most so many processes follow at the same time, unless one tool alone takes more */
const processesAtOnce = 64
/** after the last arrival, so that one who looks seldom is not taken for one who loses: slsops looks far back once a minute */
const settleMs = 75_000

requireBuild()
using certificate = peerCertificate()
const tools = peerTools({
  aws: values.aws,
  awslogs: values.awslogs,
  saw: values.saw,
  cw: values.cw,
  utern: values.utern,
}).filter(({name, byProxy, command}) => {
  if (values.only && !values.only.split(',').includes(name)) return false
  if (!isThere(command)) console.log(`skipped: ${name} is not there`)
  else if (byProxy && !certificate.files) console.log(`skipped: ${name} needs openssl, which is not there`)
  else return true
  return false
})
for (const tool of tools) console.log(`- ${tool.name}: ${versionOf(tool)}`)

const counts = values.groups.split(',').map(Number)
if (values.modes.includes('history')) for (const groups of counts) await history(groups)
if (values.modes.includes('prompt')) for (const groups of counts) await follow(groups, {slowestMs: 1_000, late: false})
if (values.modes.includes('late')) for (const groups of counts) await follow(groups, {slowestMs: 8_000, late: true})

/** How events come in while they are followed. */
type Arrival = {readonly slowestMs: number; readonly late: boolean}
type Run = Ran & {readonly verdict: Verdict; readonly calls: number; readonly throttles: number}

/** The same closed window by each tool in turn, without latency and quota. */
async function history(groups: number): Promise<void> {
  const end = Math.floor(Date.now() / 60_000) * 60_000 - 120_000
  const shape = {groups, events: Number(values.events), start: end - 600_000, end, slowestMs: 8_000, lastArrival: null}
  const truth = peerLog(shape)
  await using server = await startPeerServer({
    ...shape,
    latencyMs: 0,
    callsPerSecond: null,
    spentTokens: false,
    tls: certificate.files,
  })
  const ways = tools.flatMap(tool =>
    tool.manyGroups || groups === 1
      ? [{tool, name: tool.name, atOnce: 1}]
      : [
          {tool, name: `${tool.name}, one by one`, atOnce: 1},
          ...(tool.name === 'aws logs tail'
            ? [{tool, name: `${tool.name}, ${someAtOnce} at a time`, atOnce: someAtOnce}]
            : []),
        ],
  )
  const runs = new Map<string, Run[]>(ways.map(({name}) => [name, []]))
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const {tool, name, atOnce} of ways) {
      const before = runs.get(name) ?? []
      if (before.some(({wallMs}) => wallMs > longMs)) continue
      const reading = {groups: peerGroupNames(groups), port: server.port, start: shape.start - 1000, end: end + 1000}
      const commands = commandsOf(tool, reading, each => tool.history(each), certificate.files, extraFor(tool), false)
      await server.seen()
      const ran = await runToEnd(commands, atOnce)
      const {filterCalls, listings, throttles} = await server.seen()
      before.push({...ran, verdict: judge(truth, ran.printed), calls: filterCalls + listings, throttles})
    }
  }
  const base = runs.get('slsops') ?? []
  console.log(`
History: ${truth.length.toLocaleString('en')} events in ${groups} ${groups === 1 ? 'group' : 'groups'}, ${values.rounds} rounds

| tool | wall | wall ÷ slsops | CPU ÷ slsops | peak RSS | calls | lost | doubled | out of order | failed |
|---|---|---|---|---|---|---|---|---|---|`)
  for (const [name, of] of runs) {
    const last = of.at(-1)
    if (!last) continue
    const {lost, doubled, outOfOrder} = last.verdict
    console.log(
      row(name, [
        `${overRounds(
          of.map(({wallMs}) => wallMs / 1000),
          1,
        )} s`,
        ratios(of, base, ({wallMs}) => wallMs),
        ratios(of, base, ({cpuMs}) => cpuMs),
        `${spread(of.map(({peakRssMB}) => peakRssMB)).median.toFixed(0)} MB`,
        last.calls,
        ...[lost, doubled, outOfOrder],
        failures(last),
      ]),
    )
  }
}

/** Events that arrive while the tools follow: on servers of their own, each with AWS's latency and quota. */
async function follow(groups: number, arrival: Arrival): Promise<void> {
  const rows: string[] = []
  let base: Run | undefined
  for (const turn of turnsOf(groups)) {
    const runs = await Promise.all(turn.map(tool => followWith(tool, groups, arrival)))
    for (const [i, run] of runs.entries()) {
      const name = turn[i]?.name ?? ''
      if (name === 'slsops') base = run
      const {verdict} = run
      const shown = verdict.shownAfterMs
      rows.push(
        row(`${name}${processesOf(turn[i], groups) > 1 ? ` × ${groups}` : ''}`, [
          `${verdict.lost} of ${verdict.events}`,
          arrival.late ? `${verdict.lostLate} of ${verdict.lateEvents}` : '–',
          ...[verdict.doubled, verdict.outOfOrder],
          shown ? `${(shown.median / 1000).toFixed(1)} / ${(shown.p95 / 1000).toFixed(1)} s` : '–',
          ratios([run], base ? [base] : [], ({cpuMs}) => cpuMs),
          `${run.peakRssMB.toFixed(0)} MB`,
          `${run.calls}, ${run.throttles}`,
          failures(run),
        ]),
      )
    }
  }
  console.log(`
Follow, events come within ${arrival.slowestMs / 1000} s${arrival.late ? ', one in 25 20–90 s late' : ''}: ${groups} ${groups === 1 ? 'group' : 'groups'}, ${values['calls-per-second']} FilterLogEvents a second

| tool | lost | late ones lost | doubled | out of order | shown after, median / p95 | CPU ÷ slsops | peak RSS | calls, throttled | gave up |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}`)
}

async function followWith(tool: PeerTool, groups: number, {slowestMs, late}: Arrival): Promise<Run> {
  // ten seconds for all to start
  const start = Date.now() + 10_000
  const shape: PeerLogShape = {
    groups,
    events: Number(values['follow-events']),
    start,
    end: start + 60_000,
    slowestMs,
    lastArrival: late ? start + 95_000 : null,
  }
  const lastArrival = shape.lastArrival ?? shape.end + slowestMs
  const truth = peerLog(shape)
  const callsPerSecond = Number(values['calls-per-second']) || null
  await using server = await startPeerServer({
    ...shape,
    latencyMs: 60,
    callsPerSecond,
    spentTokens: values['spent-tokens'],
    tls: certificate.files,
  })
  const reading = {groups: peerGroupNames(groups), port: server.port}
  const commands = commandsOf(tool, reading, each => tool.follow(each), certificate.files, extraFor(tool), true)
  const ran = await runFor(commands, lastArrival - Date.now() + settleMs)
  const {filterCalls, listings, throttles} = await server.seen()
  return {...ran, verdict: judge(truth, ran.printed), calls: filterCalls + listings, throttles}
}

/** Which tools follow at the same time. */
function turnsOf(groups: number): PeerTool[][] {
  const turns: PeerTool[][] = []
  const light = tools.toSorted((a, b) => processesOf(a, groups) - processesOf(b, groups))
  for (const tool of light) {
    const turn = turns.at(-1)
    const taken = (turn ?? []).reduce((sum, other) => sum + processesOf(other, groups), 0)
    if (turn && taken + processesOf(tool, groups) <= processesAtOnce) turn.push(tool)
    else turns.push([tool])
  }
  return turns
}

function processesOf(tool: PeerTool | undefined, groups: number): number {
  return tool?.manyGroups ? 1 : groups
}

function extraFor({name}: PeerTool): string[] {
  return name === 'slsops' ? values['slsops-flags'].split(' ').filter(Boolean) : []
}

function ratios(of: readonly Run[], base: readonly Run[], what: (run: Run) => number): string {
  const all = of.flatMap((run, round) => {
    const by = base[round]
    return by ? [what(run) / what(by)] : []
  })
  return all.length === 0 ? '–' : overRounds(all)
}

/** The median and, where there is more than one round, the ends. */
function overRounds(all: readonly number[], digits = 2): string {
  return all.length === 1 ? spread(all).median.toFixed(digits) : spreadText(spread(all), digits)
}

function failures({gaveUp, complaint}: Run): string {
  return gaveUp === 0 ? '0' : `${gaveUp} (${complaint.replaceAll('|', '/').slice(0, 60)})`
}

function row(name: string, cells: readonly (string | number)[]): string {
  return `| ${[name, ...cells].join(' | ')} |`
}
