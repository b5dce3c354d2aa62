import {parseArgs} from 'node:util'
import {judge} from './judge.ts'
import {requireTime, runFor, runToEnd} from './measured-command.ts'
import {peerCertificate} from './peer-certificate.ts'
import {commandsOf, isThere, versionOf} from './peer-commands.ts'
import {type PeerLogShape, peerGroupNames, peerLog} from './peer-log.ts'
import {followTable, historyTable, type Run} from './peer-tables.ts'
import {type PeerTool, peerTools} from './peer-tools.ts'
import {requireBuild} from './slsops.ts'
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
requireTime()
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

/** The same closed window by each tool in turn, without quota. */
async function history(groups: number): Promise<void> {
  const end = Math.floor(Date.now() / 60_000) * 60_000 - 120_000
  const shape = {groups, events: Number(values.events), start: end - 600_000, end, slowestMs: 8_000, lastArrival: null}
  const truth = peerLog(shape)
  await using server = await startPeerServer({
    ...shape,
    // less than AWS ever takes; an answer at once trips cw's SDK (aws-sdk-go-v2#2737)
    latencyMs: 5,
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
  console.log(`
History: ${truth.length.toLocaleString('en')} events in ${plural(groups)}, ${values.rounds} rounds

${historyTable(runs)}`)
}

/** Events that arrive while the tools follow: on servers of their own, each with AWS's latency and quota. */
async function follow(groups: number, arrival: Arrival): Promise<void> {
  const runs = new Map<string, Run>()
  for (const turn of turnsOf(groups)) {
    const done = await Promise.all(turn.map(tool => followWith(tool, groups, arrival)))
    for (const [i, tool] of turn.entries()) {
      const run = done[i]
      if (run) runs.set(`${tool.name}${processesOf(tool, groups) > 1 ? ` × ${groups}` : ''}`, run)
    }
  }
  const comes = `events come within ${arrival.slowestMs / 1000} s${arrival.late ? ', one in 25 20–90 s late' : ''}`
  console.log(`\nFollow, ${comes}: ${plural(groups)}\n\n${followTable(runs)}`)
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

function processesOf({manyGroups}: PeerTool, groups: number): number {
  return manyGroups ? 1 : groups
}

function plural(groups: number): string {
  return groups === 1 ? '1 group' : `${groups} groups`
}

function extraFor({name}: PeerTool): string[] {
  return name === 'slsops' ? values['slsops-flags'].split(' ').filter(Boolean) : []
}
