import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import type {Known} from '../../../../src/known.ts'
import type {Priority} from '../../../../src/services/aws/rate-bucket.ts'
import type {AliasRef, AliasState} from '../../../../src/services/traffic/alias/alias-state.ts'
import {isSameRouting, shareOf} from '../../../../src/services/traffic/alias/alias-state.ts'
import type {WriteSite, Written} from '../../../../src/services/traffic/alias/write-alias.ts'
import type {GateAlarm, MemberEvidence} from '../../../../src/services/traffic/evidence/evidence.ts'
import type {MinuteCounts} from '../../../../src/services/traffic/judge/judgement.ts'
import type {ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {type ShiftOptions, shiftFunctions} from '../../../../src/services/traffic/shift/shift-functions.ts'
import {realParts, type ShiftParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import type {Target} from '../../../../src/services/traffic/shift/shift-run.ts'
import type {Control, ShiftReport, ShiftStep} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {fakeAccount, now} from '../../fleet/fake-account.ts'
import {createFakeClock} from '../../logs/reader/fake-clock.ts'
import {minute} from './shift-plans.ts'
import {timedJournal, whileTimeStands} from './timed-journal.ts'

export type Write = {
  readonly functionName: string
  readonly at: number
  readonly to: Target
  readonly isUrgent: boolean
  /** which write of all it is, from 1 */
  readonly nth: number
}

/** Counts of one minute, both versions: calls and bad ones. */
export type MinuteOf = (
  share: number,
  at: number,
) => {readonly canary: [number, number]; readonly baseline: [number, number]}

type FakeOptions = {
  readonly plan: ShiftPlan
  /** as they are when it begins, where that is not as they were planned with */
  readonly aliases?: Iterable<readonly [functionName: string, state: AliasState]>
  /** what each whole minute of a function counts, by the share that the new version has; by default 1,000 calls, all well */
  readonly traffic?: (functionName: string) => MinuteOf
  /** instead of a write; what it throws is thrown, what it returns is the answer */
  readonly onWrite?: (write: Write) => Promise<Written | undefined> | Written | undefined
  readonly onRead?: (functionName: string, at: number, priority?: Priority) => void
  readonly evidence?: (functionName: string, at: number) => Known<MemberEvidence> | undefined
  readonly alarms?: (at: number) => readonly GateAlarm[]
  readonly controls?: (at: number) => readonly Control[]
  readonly parts?: Partial<ShiftParts>
}

/** A thousand calls a minute, of which so many fail in each version. */
export const failing =
  (canary: number, baseline: number) =>
  (_functionName: string): MinuteOf =>
  share => {
    const calls = Math.round(1_000 * share)
    return {
      canary: [calls, Math.round(calls * canary)],
      baseline: [1_000 - calls, Math.round((1_000 - calls) * baseline)],
    }
  }

const well = failing(0, 0)

/** Aliases that are moved by compare-and-set, with traffic by the minute, on a clock of its own. The judge is the real one. */
export async function fakeTraffic(options: FakeOptions) {
  const {plan} = options
  const clock = createFakeClock(now)
  const aliases = new Map<string, AliasState>(
    options.aliases ?? plan.members.map(({functionName, before}) => [functionName, before]),
  )
  const aws = fakeAccount({clock, answers: {GetAlias: ({input}) => aliasAnswer(aliases.get(nameIn(input)))}})
  const journals = await mkdtemp(join(tmpdir(), 'slsops-shift-'))
  onTestFinished(() => rm(journals, {recursive: true, force: true}))
  const shares = new Map<string, {readonly at: number; readonly share: number}[]>()
  const begunWith = new Map([...aliases].map(([functionName, state]) => [functionName, shareOf(state, '42')]))
  const writes: Write[] = []
  let revisions = options.aliases === undefined ? 1 : 100

  const set = (functionName: string, to: Target): AliasState => {
    const {version, additional, description} = to
    const state = {version, additional, description, revisionId: `${functionName}-${++revisions}`}
    aliases.set(functionName, state)
    const known = shares.get(functionName) ?? []
    known.push({at: clock.now(), share: shareOf(state, '42')})
    shares.set(functionName, known)
    return state
  }

  const writeAlias = async (site: WriteSite, ref: AliasRef, from: AliasState, to: Target): Promise<Written> => {
    const {functionName, alias} = ref
    site.signal.throwIfAborted()
    const {version, additional, description} = to
    const intent = {functionName, alias, revisionId: from.revisionId, to: {version, additional, description}}
    return site.journal.aliasWrite(
      intent,
      async () => {
        const write = {functionName, at: clock.now(), to, isUrgent: site.isUrgent ?? false, nth: writes.length + 1}
        writes.push(write)
        await clock.sleep(50)
        const answer = await options.onWrite?.(write)
        if (answer !== undefined) return answer
        const current = aliases.get(functionName) ?? null
        if (current?.revisionId !== from.revisionId) return {kind: 'foreign', state: current}
        return {kind: 'written', state: set(functionName, to), wasLost: false}
      },
      answer => ({revisionId: answer.state?.revisionId ?? null}),
    )
  }

  const shareAt = (functionName: string, at: number): number =>
    shares.get(functionName)?.findLast(known => known.at <= at)?.share ?? begunWith.get(functionName) ?? 0

  const evidenceOf = (functionName: string, since: number): MemberEvidence => {
    const counted = (options.traffic ?? well)(functionName)
    const minutes: MinuteCounts[] = []
    for (let at = Math.ceil(since / minute) * minute; at + minute <= clock.now(); at += minute) {
      const {canary, baseline} = counted(shareAt(functionName, at), at)
      minutes.push({
        at,
        canary: {calls: canary[0], bad: canary[1]},
        baseline: {calls: baseline[0], bad: baseline[1]},
        isFinal: at + minute + 130_000 <= clock.now(),
      })
    }
    const sum = (of: (counts: MinuteCounts) => number): number => minutes.reduce((all, counts) => all + of(counts), 0)
    return {
      metrics: [{metric: 'errors', minutes}],
      canary: {calls: sum(({canary}) => canary.calls), errors: sum(({canary}) => canary.bad), p95Ms: 200},
      baseline: {calls: sum(({baseline}) => baseline.calls), errors: sum(({baseline}) => baseline.bad), p95Ms: 200},
      source: 'metrics',
    }
  }

  const parts: ShiftParts = {
    ...realParts,
    beginTrafficJournal: async (...begin) =>
      timedJournal(await whileTimeStands(clock, () => realParts.beginTrafficJournal(...begin)), clock),
    continueTrafficJournal: async (...begin) =>
      timedJournal(await whileTimeStands(clock, () => realParts.continueTrafficJournal(...begin)), clock),
    readTrafficRecord: (...read) => whileTimeStands(clock, () => realParts.readTrafficRecord(...read)),
    writeAlias,
    async readAliasState(_aws, {functionName}, _signal, priority) {
      await clock.sleep(20)
      options.onRead?.(functionName, clock.now(), priority)
      return aliases.get(functionName) ?? null
    },
    async awaitServing(_aws, {functionName}, written) {
      const state = aliases.get(functionName)
      if (state === undefined || !isSameRouting(state, written)) return {kind: 'foreign', state: state ?? null}
      return {kind: 'serving', state}
    },
    evidenceReader: (_aws, watched, {since}) => ({
      read: async () =>
        watched.map(
          ({functionName}) => options.evidence?.(functionName, clock.now()) ?? {value: evidenceOf(functionName, since)},
        ),
    }),
    readAlarms: async () => options.alarms?.(clock.now()) ?? [],
    readAlarmsOrWhyNot: async () => ({value: options.alarms?.(clock.now()) ?? []}),
    missingVersions: async () => [],
    ...options.parts,
  }
  const undoing = new AbortController()
  const stopping = new AbortController()
  const shiftOptions: ShiftOptions = {
    journals,
    undoSignal: () => undoing.signal,
    controls: () => options.controls?.(clock.now()) ?? [],
    parts,
  }
  const steps: ShiftStep[] = []
  const shift = async (asked: ShiftPlan): Promise<ShiftReport> => {
    for await (const step of shiftFunctions(aws, asked, shiftOptions, stopping.signal)) steps.push(step)
    const last = steps.at(-1)
    if (last?.kind !== 'ended') throw new Error('it has not ended')
    return last.report
  }

  return {
    aws,
    clock,
    journals,
    aliases,
    writes,
    steps,
    parts,
    shiftOptions,
    /** somebody else does it, or what the fake does of itself */
    set,
    interrupt: () => stopping.abort(),
    signal: stopping.signal,
    run: (asked: ShiftPlan = plan): Promise<ShiftReport> => clock.outcome(shift(asked)),
    /** takes steps up to one, and none after that */
    async until(isLast: (step: ShiftStep) => boolean): Promise<void> {
      for await (const step of shiftFunctions(aws, plan, shiftOptions, stopping.signal)) if (isLast(step)) return
    },
    /** versions and weight, as in `41 42:0.1` */
    served: (functionName = plan.members[0]?.functionName ?? ''): string => routingOf(aliases.get(functionName)),
    written: (): readonly string[] => writes.map(({functionName, to}) => `${functionName} ${routingOf(to)}`),
    events: (): readonly string[] => steps.flatMap(step => (step.kind === 'event' ? [step.text] : [])),
  }
}

const nameIn = (input: Readonly<Record<string, unknown>>): string =>
  String(input['FunctionName']).split(':').at(-1) ?? ''

const aliasAnswer = (state: AliasState | undefined): unknown =>
  state && {
    FunctionVersion: state.version,
    Description: state.description,
    RevisionId: state.revisionId,
    ...(state.additional && {
      RoutingConfig: {AdditionalVersionWeights: {[state.additional.version]: state.additional.weight}},
    }),
  }

const routingOf = (routing: Pick<AliasState, 'version' | 'additional'> | undefined): string =>
  routing === undefined
    ? 'gone'
    : `${routing.version}${routing.additional === null ? '' : ` ${routing.additional.version}:${routing.additional.weight}`}`
