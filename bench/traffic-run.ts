import {parseArgs} from 'node:util'
import {metricUSD} from '../src/services/pricing.ts'
import {evidenceByMetrics} from '../src/services/traffic/evidence/assemble-evidence.ts'
import {judge} from '../src/services/traffic/judge/judge.ts'
import {judgeGroup} from '../src/services/traffic/judge/judge-group.ts'
import {openReleases} from '../src/services/traffic/releases/open-releases.ts'
import {keepHeapSmall} from '../src/v8-heap.ts'
import {floorOf, minute, ongoing, openPlace, type Told, type TrafficPlace} from './traffic-place.ts'
import {oneRollback, resumed, rolledBack} from './traffic-rollbacks.ts'
import {hurting, takenBack, wholeShift} from './traffic-shifts.ts'

/** Plays one scenario of traffic.ts on a simulated clock, and says on stderr what it took. */
const {values} = parseArgs({
  options: {
    scenario: {type: 'string', default: 'shift'},
    functions: {type: 'string', default: '100'},
    aliases: {type: 'string', default: '100'},
    minutes: {type: 'string', default: '5'},
  },
})

const scenarios: Readonly<Record<string, (place: TrafficPlace) => Promise<Told>>> = {
  shift: wholeShift,
  watched: place => takenBack(place, 'watched'),
  written: place => takenBack(place, 'written'),
  hurting,
  rollback: rolledBack,
  resume: resumed,
  one: oneRollback,
  releases,
  judge: judging,
}

keepHeapSmall()
const play = scenarios[values.scenario]
if (!play) throw new Error(`no scenario ${values.scenario}`)
const sizes = {
  functions: Number(values.functions),
  aliases: Number(values.aliases),
  minutes: Number(values.minutes),
}
const place = openPlace(sizes, values.scenario === 'hurting' ? '42' : null)
console.error(JSON.stringify(await place.clock.outcome(play(place))))
process.exit()

/** All releases, and what was announced of it. */
async function releases({account, clock, journals}: TrafficPlace): Promise<Told> {
  const now = clock.now()
  const window = {start: now - 1_440 * minute, end: now}
  const options = {window, now, alias: null, listing: {cache: null}, journals}
  const opened = await openReleases([account.connect()], {targets: []}, options, ongoing())
  const listed = account.seen.length
  const lookFrom = clock.now()
  const more = await opened.look()
  const looked = account.seen.length
  const readFrom = clock.now()
  const report = await opened.read()
  return {
    aliases: report.aliases.length,
    gaps: report.coverage.gaps.length,
    calls: account.seen.length,
    seconds: (clock.now() - now) / 1000,
    floor: floorOf(account.seen),
    callsTold: opened.plan.calls + more.calls,
    callsMade: account.seen.length - listed,
    lookSecondsTold: opened.plan.seconds,
    lookSeconds: (readFrom - lookFrom) / 1000,
    readSecondsTold: more.seconds,
    readSeconds: (clock.now() - readFrom) / 1000,
    readCalls: account.seen.length - looked,
    metricUSDtold: more.costUSD,
    metricUSDmade: account.metrics() * metricUSD,
    throttles: account.throttles(),
  }
}

/** What one look takes of this process when so many members were watched for so many minutes: the evidence, and what is made of it. */
async function judging({aliases, minutes, wish}: TrafficPlace): Promise<Told> {
  const start = Date.UTC(2026, 10, 20)
  const series = (of: (at: number) => number): ReadonlyMap<number, number> =>
    new Map(Array.from({length: minutes}, (_, at) => [start + at * minute, of(at)] as const))
  const sideOf = (calls: number, member: number) => ({
    calls: series(() => calls),
    errors: series(at => ((at + member) % 17 === 0 ? 1 : 0)),
    p95Ms: 100,
  })
  const members = Array.from({length: aliases}, (_, member) => {
    const [canary, baseline] = [sideOf(30, member), sideOf(270, member)]
    const slowOf = ({calls, errors}: typeof canary) => ({calls, bad: errors})
    return {canary, baseline, slow: {value: {canary: slowOf(canary), baseline: slowOf(baseline)}}}
  })
  const watched = {
    ...{functionName: 'shop', functionArn: '', alias: 'live', canary: '42', baseline: '41'},
    ...{timeoutSeconds: 10, slowMs: 180, logGroup: null},
  }
  const now = start + minutes * minute
  const look = (): number => {
    const began = performance.now()
    const judgements = members.map(member => {
      const {metrics} = evidenceByMetrics(watched, member, {slow: null, matched: null, now})
      return judge({metrics, hasControl: true, stageAt: start, repeats: 1, usualErrorRate: 0.002}, wish.judge)
    })
    judgeGroup(
      judgements,
      judgements.map((_, at) => `shop-${at}`),
    )
    return performance.now() - began
  }
  const taken = Array.from({length: 12}, look).sort((a, b) => a - b)
  return {medianMs: taken[6] ?? 0, mostMs: taken[11] ?? 0}
}
