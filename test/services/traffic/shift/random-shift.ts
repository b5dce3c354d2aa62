import {copyFile, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {UserError} from '../../../../src/errors.ts'
import {readAliasState} from '../../../../src/services/traffic/alias/read-alias-state.ts'
import type {GateAlarm, MemberEvidence} from '../../../../src/services/traffic/evidence/evidence.ts'
import type {TrafficRecord} from '../../../../src/services/traffic/journal/shift-record.ts'
import {
  readTrafficRecord,
  readTrafficRecords,
  type TrafficJournal,
} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import type {MinuteCounts} from '../../../../src/services/traffic/judge/judgement.ts'
import type {ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {planWayBack} from '../../../../src/services/traffic/rollback/plan-member.ts'
import type {RollbackMember, RollbackOutcome} from '../../../../src/services/traffic/rollback/rollback.ts'
import {rollBackAll} from '../../../../src/services/traffic/rollback/run-rollback.ts'
import {shiftFunctions} from '../../../../src/services/traffic/shift/shift-functions.ts'
import {realParts, type ShiftParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import type {Control, ShiftReport} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {seededRandom} from '../../../../src/services/tuning/statistics/seeded-random.ts'
import {now} from '../../fleet/fake-account.ts'
import {createFakeClock} from '../../logs/reader/fake-clock.ts'
import {headerOf} from '../traffic-runs.ts'
import {fullAfter, fullDisk} from './full-disk.ts'
import {mortalProcess} from './mortal-process.ts'
import {randomAliases} from './random-aliases.ts'
import {memberOf, minute, planOf, second} from './shift-plans.ts'
import {timedJournal, whileTimeStands} from './timed-journal.ts'

/** What one shift came to, with all that is to be held against it. */
export type Ran = {
  readonly plan: ShiftPlan
  readonly world: ReturnType<typeof randomAliases>
  /** of the last process; null where it was refused before anything was changed */
  readonly report: ShiftReport | null
  /** of the rollback that a person made instead of going on */
  readonly rollback: readonly RollbackOutcome[]
  readonly endedAt: number
  readonly record: TrafficRecord | null
  readonly events: readonly string[]
  readonly wasKilled: boolean
  readonly wasAsked: boolean
  readonly isDiskFull: boolean
}

/** Shifts with all that can go wrong, by chance; the same for the same seed. What was killed is gone on with. */
export async function randomShift(seed: number): Promise<Ran> {
  const random = seededRandom(seed)
  const is = (share: number): boolean => random() < share
  const clock = createFakeClock(now)
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 1 + Math.floor(random() * 5))
  const hasTrouble = is(0.7)
  const provisioned = new Set(names.filter(() => is(0.25)))
  const lost = hasTrouble ? random() * 0.25 : 0
  const trouble = {
    lost,
    throttled: hasTrouble ? random() * 0.2 : 0,
    stale: is(0.5) ? 0.5 : 0,
    late: random(),
    provisioned,
  }
  const world = randomAliases(clock, random, trouble, names)
  const members = names.map(name =>
    memberOf(name, {
      before: world.truth(name),
      description: `of ${name}`,
      provisioned: provisioned.has(name) ? {count: 5, isReady: true} : null,
    }),
  )
  const split = Math.floor(random() * names.length)
  const plan = planOf({
    members,
    ...(is(0.3) && split > 0 && {waves: [names.slice(0, split), names.slice(split)]}),
    maxTimeMs: 20 * minute,
    wish: {
      gate: is(0.3) ? 'none' : 'auto',
      alarms: ['errors'],
      onInconclusive: (['hold', 'rollback', 'promote'] as const)[Math.floor(random() * 3)] ?? 'hold',
      onInterrupt: is(0.3) ? 'hold' : 'rollback',
      deadMan: is(0.4) ? {afterMs: 15 * minute, roleArn: 'arn:aws:iam::123456789012:role/rollback'} : null,
    },
  })
  const within = (): number => now + Math.floor(random() * 15 * minute)

  // somebody else
  for (let times = is(0.35) ? 1 + Math.floor(random() * 2) : 0; times > 0; times--) {
    const name = names[Math.floor(random() * names.length)] ?? 'a'
    const [what, at] = [random(), within()]
    clock.at(at, () => {
      const before = world.truth(name)
      if (what < 0.4) world.move(name, 'somebody', {version: '43', additional: null, description: 'terraform'})
      else if (what < 0.6) world.move(name, 'somebody', {...before, additional: null, description: ''})
      else if (what < 0.8) world.move(name, 'somebody', before)
      else {
        world.move(name, 'somebody', {...before, description: 'another'})
        clock.at(at + 300, () => {
          if (world.truth(name).description === 'another') world.move(name, 'somebody', before)
        })
      }
    })
  }
  const quality = random()
  const alarmAt = is(0.2) ? within() : Number.POSITIVE_INFINITY
  const interruptAt = is(0.25) ? within() : null
  const isDiskFull = is(0.15)
  const fullAt = random() * 20
  const wasAsked = is(0.2)
  const asked: Control[] = wasAsked
    ? ([
        {kind: 'mute', functionName: names[0] ?? ''},
        {kind: 'pause'},
        {kind: 'go-on'},
        {kind: 'unmute', functionName: names[0] ?? ''},
        ...(is(0.3) ? [{kind: 'rollback'}] : []),
      ] as Control[])
    : []
  const askAt = asked.map(within).sort((one, other) => one - other)

  const evidenceOf = (name: string, since: number): MemberEvidence => {
    const chapters = world.history.get(name) ?? []
    const minutes: MinuteCounts[] = []
    for (let at = Math.ceil(since / minute) * minute; at + minute <= clock.now(); at += minute) {
      const chapter = chapters.findLast(known => known.at <= at)
      const share =
        chapter?.additional?.version === '42' ? chapter.additional.weight : chapter?.version === '42' ? 1 : 0
      const calls = quality < 0.15 ? 0 : 1_000
      const canary = Math.round(calls * share)
      minutes.push({
        at,
        canary: {calls: canary, bad: quality > 0.75 ? Math.round(canary * 0.3) : 0},
        baseline: {calls: calls - canary, bad: 0},
        isFinal: at + minute + 130_000 <= clock.now(),
      })
    }
    const figures = {calls: 1, errors: 0, p95Ms: 200}
    return {metrics: [{metric: 'errors', minutes}], canary: figures, baseline: figures, source: 'metrics'}
  }
  const alarms = (): readonly GateAlarm[] => {
    const isRed = clock.now() >= alarmAt
    const state = isRed ? ('ALARM' as const) : ('OK' as const)
    const since = isRed ? alarmAt : now - minute
    return [{name: 'errors', kind: 'metric', state, since, reason: 'it says', isEvaluated: true}]
  }

  /** time stands still when a process is over, until that is looked at: the same seed is the same story */
  let thaw = (): void => {}
  const freeze = (): void => {
    thaw()
    const go = clock.begin()
    thaw = () => {
      thaw = () => {}
      go()
    }
  }
  let endedAt = now
  const directories: string[] = []
  const held: TrafficJournal[] = []
  const events: string[] = []
  const isFull = fullAfter(isDiskFull ? Math.floor(fullAt) : Number.POSITIVE_INFINITY)
  const process = (killAfter: number | null) =>
    mortalProcess({clock, random, answers: world.answers, killAfter, onDeath: freeze})

  const runOne = async (
    asPlanned: ShiftPlan,
    journals: string,
    killAfter: number | null,
  ): Promise<ShiftReport | null> => {
    const {aws, death} = process(killAfter)
    const kept = async (begin: Promise<TrafficJournal>): Promise<TrafficJournal> => {
      const journal = await begin
      held.push(journal)
      return fullDisk(timedJournal(journal, clock), isFull)
    }
    const parts: ShiftParts = {
      ...realParts,
      beginTrafficJournal: (...begin) => whileTimeStands(clock, () => kept(realParts.beginTrafficJournal(...begin))),
      continueTrafficJournal: (...begin) =>
        whileTimeStands(clock, () => kept(realParts.continueTrafficJournal(...begin))),
      evidenceReader: (_aws, watched, {since}) => ({
        read: async () => watched.map(({functionName}) => ({value: evidenceOf(functionName, since)})),
      }),
      readAlarms: async () => alarms(),
      readAlarmsOrWhyNot: async () => ({value: alarms()}),
    }
    const stop = new AbortController()
    if (interruptAt !== null) clock.at(Math.max(interruptAt, clock.now()), () => stop.abort())
    const controls = (): readonly Control[] => {
      const due: Control[] = []
      while (asked.length > 0 && (askAt[0] ?? 0) <= clock.now()) {
        askAt.shift()
        due.push(...asked.splice(0, 1))
      }
      return due
    }
    const undo = new AbortController()
    const options = {journals, undoSignal: () => undo.signal, controls, parts}
    const run = async (): Promise<ShiftReport | null> => {
      for await (const step of shiftFunctions(aws, asPlanned, options, stop.signal)) {
        if (step.kind === 'event') events.push(`${Math.round((step.at - now) / second)} s ${step.text}`)
        if (step.kind !== 'ended') continue
        freeze()
        endedAt = clock.now()
        return step.report
      }
      throw new Error('it has not ended')
    }
    const over = run().catch(error => {
      freeze()
      endedAt = clock.now()
      throw error
    })
    return clock.outcome(Promise.race([over, death])).finally(() => thaw())
  }
  const rollBack = async (journals: string): Promise<readonly RollbackOutcome[]> => {
    const {aws} = process(null)
    const {signal} = new AbortController()
    const {records} = await whileTimeStands(clock, () => readTrafficRecords(journals))
    const around = {records, deployments: {value: new Map()}, isAlive: () => false}
    const planned: RollbackMember[] = []
    world.agree()
    for (const ref of members) {
      const state = await readAliasState(aws, ref, signal).catch(() => null)
      const found = state && {...ref, state, configuration: {}}
      const member = found && (await planWayBack(aws, found, around, signal).catch(() => null))
      if (member) planned.push(member)
    }
    const header = headerOf(names, {runId: '20261120-150000-k3f9x2ab', operation: 'rollback'})
    const kept = await whileTimeStands(clock, () => realParts.beginTrafficJournal(journals, header, aws))
    held.push(kept)
    const journal = timedJournal(kept, clock)
    const outcomes: RollbackOutcome[] = []
    const site = {aws, journal, signal, doing: () => {}, isForced: false}
    for await (const outcome of rollBackAll(site, planned, signal)) outcomes.push(outcome)
    freeze()
    endedAt = clock.now()
    return outcomes
  }
  const directory = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'slsops-random-'))
    directories.push(made)
    return made
  }

  const file = `${plan.runId}.jsonl`
  let journals = await whileTimeStands(clock, directory)
  let report: ShiftReport | null = null
  let rollback: readonly RollbackOutcome[] = []
  const isRolledBack = is(0.4)
  let kills = is(0.35) ? 1 + Math.floor(random() * 2) : 0
  const wasKilled = kills > 0
  try {
    let asPlanned = plan
    let refusals = 0
    for (;;) {
      const killAfter = kills > 0 ? 1 + Math.floor(random() * 14 * names.length) : null
      try {
        report = await runOne(asPlanned, journals, killAfter)
      } catch (error) {
        // refused before anything was changed, or what was to be gone on with could not be read
        if (!(error instanceof UserError)) throw error
        events.push(`refused: ${error.message}`)
        if (asPlanned.resumes === null || ++refusals > 2) break
        world.calm()
        asPlanned = {...plan, resumes: plan.runId}
        continue
      }
      if (report !== null) break
      kills--
      events.push('killed')
      // what it had begun to write is on the disk then
      await clock.outcome(clock.sleep(1))
      const next = await whileTimeStands(clock, directory)
      const isThere = await whileTimeStands(clock, () =>
        copyFile(join(journals, file), join(next, file)).then(
          () => true,
          () => false,
        ),
      )
      // before its journal was begun nothing was changed
      if (!isThere) break
      journals = next
      asPlanned = {...plan, resumes: plan.runId}
      await clock.outcome(clock.sleep(5_000 + random() * 10 * minute))
      if (!isRolledBack) continue
      rollback = await clock.outcome(rollBack(journals)).finally(() => thaw())
      break
    }
    const record = await readTrafficRecord(journals, plan.runId).catch(() => null)
    await clock.outcome(clock.sleep(30 * minute))
    return {plan, world, report, rollback, endedAt, record, events, wasKilled, wasAsked, isDiskFull}
  } finally {
    for (const journal of held) await journal.release()
    for (const made of directories) await rm(made, {recursive: true, force: true})
  }
}
