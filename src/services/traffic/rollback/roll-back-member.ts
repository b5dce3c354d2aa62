import {ExitCode, UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {type AliasState, isSameRouting, type Routing} from '../alias/alias-state.ts'
import {awaitServing} from '../alias/await-serving.ts'
import {parseLease} from '../alias/lease.ts'
import {readAliasState} from '../alias/read-alias-state.ts'
import {type WriteSite, type Written, writeAlias} from '../alias/write-alias.ts'
import {stopDeployment} from '../codedeploy/stop-deployment.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import {durableExecutionsOn} from './durable-executions.ts'
import type {RollbackMember, RollbackOutcome} from './rollback.ts'

export type RollbackSite = {
  readonly aws: Aws
  readonly journal: Pick<TrafficJournal, 'aliasWrite' | 'settled' | 'otherWrite'>
  /** undo's own: Ctrl-C must not stop what is under way */
  readonly signal: AbortSignal
  readonly doing: (what: string) => void
  /** goes on where the revision moved, as long as the alias is between the same two versions */
  readonly isForced: boolean
}

/** What the write came to, before it is known what the alias serves. */
export type Moved =
  | {readonly kind: 'over'; readonly outcome: RollbackOutcome}
  | {readonly kind: 'written'; readonly member: RollbackMember; readonly writes: number}

/** how often a revision is read again that moved meanwhile */
const mostRefreshes = 3
/** how long a write is tried of which nobody knows whether it was made, as while AWS fails: who rolls back would only do it again */
const patienceMs = 120_000
const firstPauseMs = 1_000
const longestPauseMs = 10_000

/** Gives an alias back to the version before, in one UpdateAlias; or stops what else moves it. Throws nothing but bugs. */
export async function moveBack(site: RollbackSite, member: RollbackMember): Promise<Moved> {
  try {
    if (member.isThere) return {kind: 'written', member, writes: 0}
    if (member.deploymentId !== null) return await stopMoving(site, member, member.deploymentId)
    return await write(site, member)
  } catch (error) {
    return {kind: 'over', outcome: failed(member, error)}
  }
}

/** Reads back what an alias serves, once Lambda has moved its traffic. Throws nothing but bugs. */
export async function confirm(site: RollbackSite, member: RollbackMember, writes: number): Promise<RollbackOutcome> {
  const {aws, signal, doing} = site
  const {to, alias, functionName} = member
  try {
    const serving = await awaitServing(aws, member, {version: to, additional: null}, {signal, doing, isUrgent: true})
    const readAt = aws.clock.now()
    const {state} = serving
    if (serving.kind === 'foreign')
      return {...outcomeOf(member, 'foreign', state, writes), readAt, detail: foreignText(member, state)}
    if (serving.kind === 'pending')
      return {...outcomeOf(member, 'failed', state, writes), readAt, detail: serving.detail}
    const left =
      member.isDurable && member.from !== to ? await durableExecutionsOn(aws, functionName, member.from, signal) : null
    return {
      ...outcomeOf(member, 'done', state, writes),
      readAt,
      durableExecutions: left?.arns ?? [],
      notes: left?.notes ?? [],
    }
  } catch (error) {
    const told = failed(member, error, writes)
    const took = writes > 0 ? `AWS took it, but what ${alias} serves could not be read back: ` : ''
    return {...told, detail: `${took}${told.detail}`}
  }
}

async function write(site: RollbackSite, member: RollbackMember): Promise<Moved> {
  const {to, description} = member
  const target = {version: to, additional: null, description}
  const writing: WriteSite = {aws: site.aws, journal: site.journal, signal: site.signal, isUrgent: true}
  let from = member.before
  for (let refreshes = 0; ; refreshes++) {
    const written = await settled(site, member, () => writeAlias(writing, member, from, target))
    if (written.kind === 'written') return {kind: 'written', member, writes: 1}
    const {state} = written
    if (state === null || refreshes >= mostRefreshes || !mayGoOn(site, member, state))
      return {
        kind: 'over',
        outcome: {
          ...outcomeOf(member, 'foreign', state, 0),
          readAt: site.aws.clock.now(),
          detail: foreignText(member, state),
        },
      }
    from = state
  }
}

/** Tries on while nobody knows what became of a write: it is made once at most, since all name the same revision. */
async function settled(
  {aws: {clock}, signal, doing}: RollbackSite,
  {functionName, alias}: RollbackMember,
  write: () => Promise<Written>,
): Promise<Written> {
  const begun = clock.now()
  for (let attempt = 0; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      const isOpen = error instanceof UserError && error.code === 'Unsettled'
      if (!isOpen || signal.aborted || clock.now() - begun >= patienceMs) throw error
    }
    doing(`AWS fails; tries on to give ${functionName}:${alias} back`)
    await clock.sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt), signal)
  }
}

/** The shift that is being aborted may have gone a step on meanwhile; and --force takes no notice of a revision alone. */
function mayGoOn({isForced}: RollbackSite, {from, to, aborts}: RollbackMember, state: AliasState): boolean {
  const isOfShift = aborts !== null && parseLease(state.description)?.runId === aborts.runId
  return (isForced || isOfShift) && versionsOf(state).every(version => version === from || version === to)
}

const versionsOf = ({version, additional}: Routing): readonly string[] =>
  additional === null ? [version] : [version, additional.version]

async function stopMoving(
  {aws, journal, signal, doing}: RollbackSite,
  member: RollbackMember,
  deploymentId: string,
): Promise<Moved> {
  const {functionName, alias, to} = member
  const stopped = await journal.otherWrite(
    {operation: 'StopDeployment', name: deploymentId, removes: true},
    () => stopDeployment(aws, deploymentId, {signal, doing}),
    ({status, rollbackDeploymentId}) => ({status, rollbackDeploymentId}),
  )
  const state = await readAliasState(aws, member, signal)
  if (state !== null && isSameRouting(state, {version: to, additional: null}))
    return {kind: 'written', member, writes: 0}
  return {
    kind: 'over',
    outcome: {
      ...outcomeOf(member, 'failed', state, 0),
      readAt: aws.clock.now(),
      detail: `deployment ${deploymentId} ended as ${stopped.status}, and ${functionName}:${alias} does not serve ${to} alone`,
    },
  }
}

function foreignText({before, from, to}: RollbackMember, state: AliasState | null): string {
  if (state === null) return 'the alias is gone'
  const isBetween = versionsOf(state).every(version => version === from || version === to)
  const what = isSameRouting(before, state) ? 'somebody wrote it meanwhile' : 'somebody else moved it meanwhile'
  return `${what}, and it was left alone${isBetween ? '; look again, or go on with --force' : ''}`
}

function outcomeOf(
  member: RollbackMember,
  state: RollbackOutcome['state'],
  serves: AliasState | null,
  writes: number,
): RollbackOutcome {
  return {
    member,
    state,
    serves,
    readAt: null,
    writes,
    detail: null,
    exitCode: state === 'done' ? ExitCode.done : ExitCode.failed,
    durableExecutions: [],
    notes: [],
  }
}

/** @throws what is a bug */
function failed(member: RollbackMember, error: unknown, writes = 0): RollbackOutcome {
  const isOverdue = (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError'
  if (isOverdue) return {...outcomeOf(member, 'failed', null, writes), detail: 'AWS did not answer in time'}
  if (!(error instanceof UserError)) throw error
  return {
    ...outcomeOf(member, 'failed', null, writes),
    detail: [error.message, error.hint].filter(Boolean).join('; '),
    exitCode: error.exitCode,
  }
}

/** A member that was not begun with: it is as it was. */
export const notBegun = (member: RollbackMember): RollbackOutcome => ({
  ...outcomeOf(member, 'failed', member.before, 0),
  detail: 'stopped before it was begun: nothing was changed',
})
