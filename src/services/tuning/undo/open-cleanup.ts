import {ExitCode, UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {isJournalAlive} from '../../journal.ts'
import {beginOf} from '../../run-id.ts'
import {isOfPlace} from '../../run-place.ts'
import {callerIdentity} from '../../targets/caller-account.ts'
import type {Cleanup} from '../arena/arena.ts'
import {findLeftovers, type Leftover, type Leftovers, mayBeInUse, removeLeftovers} from './leftovers.ts'
import {cleanUpRun, type OpenRun, readOpenRuns, readRun} from './open-runs.ts'
import {versionLeftovers} from './version-leftovers.ts'

/** A run of which something was left, and what became of that. */
export type CleanedRun = {
  readonly runId: string
  /** the function that was tuned; null where nothing tells */
  readonly functionName: string | null
  readonly cleanup: Cleanup
}

/** What was found, and is not removed. */
export type LeftAlone = {
  readonly runId: string
  /** as in `run 20261120-140711-k3f9x2ab of checkout-api` */
  readonly what: string
  readonly why: string
  /** it is cleaned up by naming its run, here; else nothing here can */
  readonly isHere: boolean
}

/** A run that may have left something, before that is removed. */
export type LeftRun = {
  readonly runId: string
  /** the function that was tuned; null where nothing tells */
  readonly functionName: string | null
  /** what will be done about it, a few words each: `removes the function slsops-tune-checkout-api-k3f9x2ab` */
  readonly what: readonly string[]
  /** epoch ms when the run began */
  readonly since: number
}

/** What runs have left in one account and region, before it is removed. */
export type OpenedCleanup = {
  /** the account is known unless AWS would not say */
  readonly scope: Scope
  /** who calls, as an ARN; null where AWS would not say */
  readonly caller: string | null
  /** what will be removed and restored, by run; none: nothing is left */
  readonly found: readonly LeftRun[]
  /** what somebody may be at work with, and what was named and is elsewhere */
  readonly leftAlone: readonly LeftAlone[]
  /** what of other places is not looked at; what could not be read */
  readonly notices: readonly string[]
  /** Removes and restores it. What could not be done is told, and nothing is thrown for it. */
  run(signal: AbortSignal): Promise<readonly CleanedRun[]>
  /** what the command ends with, by what was done */
  verdicts(runs: readonly CleanedRun[]): readonly ExitCode[]
}

/**
 * Finds what runs have left: by their journals, and by name and tag where a journal is gone.
 * @param directory of journals
 * @param runIds those that are meant; none: all of this account and region, but for what may be another operator's at work
 * @throws UserError (exit 2) for what is no run's id
 */
export async function openCleanup(
  aws: Aws,
  {directory, runIds}: {readonly directory: string; readonly runIds: readonly string[]},
  signal: AbortSignal,
): Promise<OpenedCleanup> {
  const [{runs, gaps}, leftovers, caller] = await Promise.all([
    readOpenRuns(directory),
    findLeftovers(aws, signal),
    callerIdentity(aws, signal),
  ])
  const isMeant = (runId: string): boolean => runIds.length === 0 || runIds.includes(runId)
  const meant = runs.filter(({runId}) => isMeant(runId))
  const scope = {...aws.scope, account: caller.account ?? aws.scope.account}
  const elsewhere = meant.filter(({header}) => !isOfPlace({...aws, scope}, header))
  const here = meant.filter(run => !elsewhere.includes(run))
  const alive = await Promise.all(
    here.map(({runId, isRunning}) => isRunning && isJournalAlive(directory, runId, aws.clock, signal)),
  )
  const running = here.filter((_, at) => alive[at])
  const own = here.filter((_, at) => !alive[at])
  const journaled = new Set(runs.map(({runId}) => runId))
  const unjournaled = leftovers.found.filter(({runId}) => !journaled.has(runId) && isMeant(runId))
  // who names a run means it, whoever is at it
  const isBusy = (leftover: Leftover): boolean => runIds.length === 0 && mayBeInUse(leftover, aws.clock.now())
  const stray = Map.groupBy(
    unjournaled.filter(leftover => !isBusy(leftover)),
    ({runId}) => runId,
  )
  const busy = unjournaled.filter(isBusy)
  const isNamed = runIds.length > 0
  const leftAlone: readonly LeftAlone[] = [
    ...(isNamed ? elsewhere : []).map(run => ({...runOf(run), why: madeIn(run), isHere: false})),
    ...running.map(run => ({...runOf(run), why: 'a process is at it; wait for it, or stop it first', isHere: true})),
    ...busy.map(({kind, name, runId}) => ({
      runId,
      what: `${kindNames[kind]} ${name}`,
      why: `run ${runId} may be at work; naming it removes it`,
      isHere: true,
    })),
  ]
  const left = await Promise.all(own.map(run => leftBy(aws, run, leftovers, signal)))
  const unknown = await unknownRuns(directory, runIds, new Set([...journaled, ...stray.keys()]))

  return {
    scope,
    caller: caller.arn,
    found: [
      ...left,
      ...[...stray].map(([runId, those]) => ({
        runId,
        functionName: tunedBy(those),
        what: those.map(removing),
        since: beginOf(runId),
      })),
    ],
    leftAlone,
    notices: [
      ...(isNamed ? [] : elsewhere).map(run => `${runOf(run).what} is left alone: ${madeIn(run)}`),
      ...unknown,
      ...gaps,
      ...leftovers.gaps,
    ],
    async run(undoing) {
      const cleaned: CleanedRun[] = []
      for (const run of own) {
        const cleanup = await cleanUpRun(aws, run, undoing).catch(toldCleanup)
        cleaned.push({runId: run.runId, functionName: run.header.functionName, cleanup})
      }
      for (const [runId, those] of stray) {
        cleaned.push({runId, functionName: tunedBy(those), cleanup: await removeLeftovers(aws, those, undoing)})
      }
      return cleaned
    },
    verdicts: cleaned => [
      ...(cleaned.every(({cleanup}) => cleanup.cleanedUp) ? [] : [ExitCode.failed]),
      ...(leftovers.gaps.length + gaps.length + leftAlone.length > 0 ? [ExitCode.partial] : []),
    ],
  }
}

const kindNames = {function: 'the function', 'log-group': 'the log group'} as const

const removing = ({kind, name}: Leftover): string => `removes ${kindNames[kind]} ${name}`

/** The function that a run tuned, by the tags of what it made. */
const tunedBy = (those: readonly Leftover[]): string | null => those[0]?.source?.split(':')[6] ?? null

/** What cleaning up a run will do; of a clone what is still there, as far as that could be read. */
async function leftBy(aws: Aws, run: OpenRun, leftovers: Leftovers, signal: AbortSignal): Promise<LeftRun> {
  const {runId, header, isUntouched} = run
  const what = isUntouched
    ? ['nothing was changed yet, as far as its journal says']
    : header.mode === 'versions'
      ? await versionLeftovers(aws, run, signal)
      : clonesLeft(runId, leftovers)
  return {runId, functionName: header.functionName, what, since: header.at}
}

function clonesLeft(runId: string, {found, gaps}: Leftovers): readonly string[] {
  const left = found.filter(leftover => leftover.runId === runId)
  if (left.length > 0) return left.map(removing)
  return [
    gaps.length > 0
      ? 'removes what is left of its clone and its log group'
      : 'looks once more for its clone and its log group, of which nothing is seen',
  ]
}

const runOf = ({runId, header}: OpenRun): Pick<LeftAlone, 'runId' | 'what'> => ({
  runId,
  what: `run ${runId} of ${header.functionName}`,
})

const madeIn = ({header}: OpenRun): string => `it was made in ${header.region} of ${ranIn(header)}`

const ranIn = ({endpoint, account, origins}: OpenRun['header']): string =>
  endpoint === 'sandbox' ? 'the embedded AWS' : endpoint === 'custom' ? origins.join(' and ') : (account ?? 'AWS')

/** Runs that were named and of which nothing is left. */
async function unknownRuns(
  directory: string,
  runIds: readonly string[],
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const said: string[] = []
  for (const runId of runIds.filter(each => !known.has(each))) {
    try {
      await readRun(directory, runId)
      said.push(`nothing of run ${runId} is left`)
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === ExitCode.usage) throw error
      said.push(`nothing of run ${runId} was found: ${error.message}`)
    }
  }
  return said
}

function toldCleanup(error: unknown): Cleanup {
  if (!(error instanceof UserError)) throw error
  return {cleanedUp: false, left: [[error.message, error.hint].filter(Boolean).join('; ')], done: []}
}
