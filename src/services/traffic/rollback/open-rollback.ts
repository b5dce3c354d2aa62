import {ExitCode, UserError} from '../../../errors.ts'
import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {clockFrom} from '../../clock.ts'
import {isJournalAlive} from '../../journal.ts'
import {newRunId} from '../../run-id.ts'
import {isOfPlace} from '../../run-place.ts'
import {stopSignal} from '../../stop-signal.ts'
import {callerIdentity} from '../../targets/caller-account.ts'
import type {SelectionWords} from '../../targets/parse-target.ts'
import {accountOf} from '../../targets/place.ts'
import {parseLease} from '../alias/lease.ts'
import {activeDeployments, type Deployment} from '../codedeploy/deployments.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {trafficHeader} from '../journal/traffic-header.ts'
import {beginTrafficJournal, readTrafficRecords, type TrafficJournal} from '../journal/traffic-journal.ts'
import {type FoundAlias, findAliases} from '../plan/find-aliases.ts'
import type {Surroundings} from './claims.ts'
import {closeRuns} from './close-runs.ts'
import {endKilled} from './end-killed.ts'
import {inTime, type Patience} from './in-time.ts'
import {leftOutGap, planMembers, severalRefused} from './plan-members.ts'
import type {RollbackSite} from './roll-back-member.ts'
import type {RollbackMember, RollbackOutcome, RollbackPlan, RollbackReport} from './rollback.ts'
import {rollBackAll} from './run-rollback.ts'

export type RollbackWish = {
  readonly alias: string | null
  /** null: by evidence */
  readonly to: string | null
  /**
   * reads a moved revision again, three times at most, while the alias is between the same versions; and goes on where no journal can
   * be written
   */
  readonly force: boolean
  readonly note: string | null
  readonly journals: string
  /** of each question that it can do without an answer to */
  readonly patience: Patience
}

export type OpenedRollback = {
  readonly plan: RollbackPlan
  readonly notices: readonly string[]
  /** one outcome for each member as it is over */
  run(options: {
    readonly undoSignal: () => AbortSignal
    readonly doing: (what: string) => void
  }): AsyncGenerator<RollbackOutcome, void>
  report(): RollbackReport
  /** what is to be said once it is over */
  closing(): readonly string[]
  verdicts(): readonly ExitCode[]
}

/**
 * Makes ready to roll back. Metrics are asked for only where neither a shift that is under way nor `to` says where to. Nothing is changed.
 * @throws UserError where there is no evidence of what served before, with the candidates; of several functions those are left out
 *   that cannot be rolled back, and said
 */
export async function openRollback(
  aws: Aws,
  words: SelectionWords,
  wish: RollbackWish,
  signal: AbortSignal,
): Promise<OpenedRollback> {
  const {to, journals, patience} = wish
  // asked beside the rest, before it is known whether anybody waits for it
  const {stopped: whileNeeded, stop: leaveCodeDeploy} = stopSignal(signal)
  const deploying = deploymentsOf(aws, patience, whileNeeded)
  deploying.catch(() => {})
  const [found, caller, {records: all, unreadable}] = await Promise.all([
    findAliases(aws, words, {which: 'one', alias: wish.alias}, signal),
    callerIdentity(aws, signal),
    readTrafficRecords(journals),
  ]).catch(error => {
    leaveCodeDeploy()
    throw error
  })
  const isAllOurs = found.aliases.every(({state}) => parseLease(state.description) !== null)
  if (isAllOurs) leaveCodeDeploy()
  const [first] = found.aliases
  const account = caller.account ?? accountOf(first?.functionArn ?? '') ?? aws.scope.account
  const scope: Scope = {...aws.scope, account}
  const known = all.filter(({header}) => isOfPlace({...aws, scope}, header))
  const open = known.filter(record => record.ended === null && isAbout(record, found.aliases))
  const [alive, deployments] = await Promise.all([
    aliveAmong(open, aws, journals, signal),
    // what holds a lease of slsops is not moved by CodeDeploy
    isAllOurs ? noDeployments : deploying,
  ])
  const killed = open.filter(({header}) => !alive.has(header.runId))
  const [rollbacks, shifts] = [killed.filter(isRollback), killed.filter(record => !isRollback(record))]
  const {ended, said} = await endKilled(aws, rollbacks, {directory: journals, signal})
  const records = known.map(one => ended.find(({header}) => header.runId === one.header.runId) ?? one)
  const around: Surroundings = {records, deployments, isAlive: runId => alive.has(runId)}
  const {members, refusals} = await planMembers(aws, found.aliases, {to, around, patience}, signal)
  const [refusal] = refusals
  if (members.length === 0 && refusal !== undefined)
    throw refusals.length === 1 ? refusal.error : severalRefused(refusals)
  const plan: RollbackPlan = {
    runId: newRunId(aws.clock.now()),
    scope,
    caller: caller.arn,
    members,
    leftOut: [...found.gaps, ...refusals.map(({found: alias, error}) => leftOutGap(alias, error, scope))],
    note: wish.note,
  }
  const outcomes: RollbackOutcome[] = []
  const closing: string[] = []
  let startedAt = aws.clock.now()
  let endedAt = startedAt

  return {
    plan,
    notices: [
      ...found.notices,
      ...unreadable,
      ...said,
      ...(isKnown(deployments) ? [] : [`whether CodeDeploy moves any of it is not known: ${deployments.detail}`]),
    ],
    run,
    report: () => ({
      plan,
      members: inOrder(outcomes, members),
      writes: outcomes.reduce((sum, {writes}) => sum + writes, 0),
      startedAt,
      endedAt,
    }),
    closing: () => closing,
    verdicts: () => [
      ...new Set<ExitCode>([
        ...outcomes.map(({exitCode}) => exitCode),
        ...(plan.leftOut.length > 0 ? [ExitCode.failed] : []),
      ]),
    ],
  }

  /** null where it cannot be written, and --force goes on all the same: at a full disk the incident goes on too */
  async function begunJournal(): Promise<TrafficJournal | null> {
    try {
      return await beginTrafficJournal(journals, trafficHeader({...plan, operation: 'rollback', plan: null}, aws), aws)
    } catch (error) {
      if (!(error instanceof UserError) || !wish.force) throw error
      closing.push(`nothing of this was written down: ${error.message}`)
      return null
    }
  }

  async function* run({
    undoSignal,
    doing,
  }: Parameters<OpenedRollback['run']>[0]): AsyncGenerator<RollbackOutcome, void> {
    startedAt = aws.clock.now()
    const isChange = members.some(({isThere}) => !isThere)
    const journal = isChange ? await begunJournal() : null
    const undoing = undoSignal()
    try {
      for await (const outcome of rollBackAll(
        {aws, journal: journal ?? nothingWritten, signal: undoing, doing, isForced: wish.force},
        members,
        signal,
      )) {
        outcomes.push(outcome)
        yield outcome
      }
      closing.push(
        ...(await closeRuns(aws, shifts, outcomes, {directory: journals, rollbackId: plan.runId, signal: undoing})),
      )
    } finally {
      endedAt = aws.clock.now()
      const isDone = outcomes.length === members.length && outcomes.every(({state}) => state === 'done')
      await journal?.end(isDone ? 'done' : 'failed', whyEnded(outcomes, members.length))
    }
  }
}

/** Of who changes nothing. */
const nothingWritten: RollbackSite['journal'] = {
  aliasWrite: (_, call) => call(),
  otherWrite: (_, call) => call(),
  settled: async () => {},
}

const noDeployments: Known<ReadonlyMap<string, Deployment>> = {value: new Map()}

const deploymentsOf = (
  aws: Aws,
  patience: Patience,
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, Deployment>>> =>
  inTime(patience, signal, 'look for deployments of CodeDeploy', stopped => activeDeployments(aws, stopped))

const isRollback = ({header}: TrafficRecord): boolean => header.operation === 'rollback'

const isAbout = ({header}: TrafficRecord, aliases: readonly FoundAlias[]): boolean =>
  header.members.some(member =>
    aliases.some(({functionName, alias}) => functionName === member.functionName && alias === member.alias),
  )

async function aliveAmong(
  open: readonly TrafficRecord[],
  {clock}: Aws,
  journals: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  // a lock is renewed by the machine's time, however fast a clock of the sandbox runs
  const byMachine = clockFrom(clock.now)
  const alive = await Promise.all(open.map(({header}) => isJournalAlive(journals, header.runId, byMachine, signal)))
  return new Set(open.filter((_, at) => alive[at]).map(({header}) => header.runId))
}

const inOrder = (
  outcomes: readonly RollbackOutcome[],
  members: readonly RollbackMember[],
): readonly RollbackOutcome[] => members.flatMap(member => outcomes.find(outcome => outcome.member === member) ?? [])

function whyEnded(outcomes: readonly RollbackOutcome[], members: number): string {
  const done = outcomes.filter(({state}) => state === 'done').length
  return `${done} of ${members} went back`
}
