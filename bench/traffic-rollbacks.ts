import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {leaseText} from '../src/services/traffic/alias/lease.ts'
import {openShift} from '../src/services/traffic/plan/open-shift.ts'
import {openRollback} from '../src/services/traffic/rollback/open-rollback.ts'
import {resumeShift} from '../src/services/traffic/shift/resume-shift.ts'
import {nameAt} from './traffic-account.ts'
import {all, floorOf, latencyMs, minute, ongoing, type Told, type TrafficPlace} from './traffic-place.ts'

/** A shift that was killed in its second stage. @returns its run */
async function killed({account, wish, journals}: TrafficPlace): Promise<string> {
  const aws = account.connect()
  const opened = await openShift(aws, all, wish, ongoing())
  const running = opened.run({undoSignal: ongoing, controls: () => []})
  for (let stage = 0; stage < 2; ) if ((await running.next()).value?.kind === 'stage') stage++
  aws.kill()
  const {runId} = opened.plan
  rmSync(join(journals, `${runId}.jsonl.lock`), {recursive: true})
  return runId
}

/** `slsops rollback` of all of them, in another process than that of the shift. */
export async function rolledBack(place: TrafficPlace): Promise<Told> {
  const {account, clock, journals, aliases} = place
  await killed(place)
  const from = clock.now()
  const before = account.seen.length
  const wish = {alias: 'live', to: null, force: false, note: null, journals, patience: ongoing}
  const opened = await openRollback(account.connect(), all, wish, ongoing())
  const planned = account.seen.slice(before)
  const writing = clock.now()
  await run(opened)
  const made = account.seen.slice(before + planned.length)
  const back = made.filter(({operation}) => operation === 'UpdateAlias')
  return {
    planCalls: planned.length,
    planSeconds: (writing - from) / 1000,
    planFloor: floorOf(planned),
    writes: back.length,
    calls: made.length,
    backSeconds: ((back.at(-1)?.at ?? Number.NaN) - writing) / 1000,
    backFloor: aliases / 15,
    endedSeconds: (clock.now() - writing) / 1000,
    throttles: account.throttles(),
  }
}

/** `slsops shift --resume`, until it goes on with its stage. */
export async function resumed(place: TrafficPlace): Promise<Told> {
  const {account, clock, journals} = place
  const runId = await killed(place)
  const from = clock.now()
  const before = account.seen.length
  const began = performance.now()
  const opened = await resumeShift(account.connect(), runId, journals, ongoing())
  const readMs = performance.now() - began
  const running = opened.run({undoSignal: ongoing, controls: () => []})
  for (let kind = ''; kind !== 'stage'; ) kind = (await running.next()).value?.kind ?? 'stage'
  const made = account.seen.slice(before)
  return {
    readMs,
    calls: made.length,
    seconds: (clock.now() - from) / 1000,
    floor: floorOf(made),
    writes: made.filter(({operation}) => operation === 'UpdateAlias').length,
  }
}

/** What is called before the write of one rollback, and how many round trips one after the other that takes. */
export async function oneRollback(place: TrafficPlace): Promise<Told> {
  const {account, clock} = place
  const [shifted, released] = [nameAt(1), nameAt(2)].map(name => account.aliases.get(name))
  if (!shifted || !released) throw new Error('there are too few aliases')
  shifted.weights = {'42': 0.25}
  shifted.description = leaseText({
    runId: '20261120-140711-k3f9x2ab',
    by: 'ana',
    ...{stage: 1, stages: 4, basisPoints: 2_500, from: '41', to: '42'},
    until: clock.now() + 60 * minute,
  })
  released.version = '42'
  released.history.push({at: clock.now() - 60 * minute, version: '42', weights: {}})
  const told: Record<string, number | string> = {}
  for (const [kind, word, to] of [
    ['fn:live --to', `${nameAt(0)}:live`, '40'],
    ['fn --to', nameAt(3), '40'],
    ['under way', nameAt(1), null],
    ['by evidence', nameAt(2), null],
  ] as const) {
    const from = clock.now()
    const before = account.seen.length
    const wish = {alias: null, to, force: false, note: null, journals: place.journals, patience: ongoing}
    await run(await openRollback(account.connect(), {targets: [word]}, wish, ongoing()))
    const calls = account.seen.slice(before)
    const write = calls.findIndex(({operation}) => operation === 'UpdateAlias')
    told[`${kind}: calls`] = calls
      .slice(0, write)
      .map(({operation}) => operation)
      .join(' ')
    told[`${kind}: calls before`] = write
    // of the write itself, half is over when it arrives
    told[`${kind}: round trips before`] = ((calls[write]?.at ?? Number.NaN) - from) / latencyMs - 0.5
  }
  return told
}

async function run(opened: Awaited<ReturnType<typeof openRollback>>): Promise<void> {
  for await (const _ of opened.run({undoSignal: ongoing, doing: () => {}}));
}
