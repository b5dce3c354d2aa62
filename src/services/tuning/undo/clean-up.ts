import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {isConflict, isLost} from '../../aws/lost-answer.ts'
import type {Cleanup} from '../arena/arena.ts'
import {type Site, whyNot} from '../arena/change-aws.ts'
import {bothArchitectures, cloneName, logGroupOf} from '../arena/our-names.ts'
import type {RunJournal} from '../journal/run-journal.ts'
import {mayHaveMade, type RunRecord, wasMade} from '../journal/run-record.ts'
import {
  deleteOurFunction,
  deleteOurLogGroup,
  deleteOurVersion,
  type Foreign,
  readOurFunction,
  readOurLogGroup,
  readOurVersions,
} from './remove-ours.ts'
import {restoreLatest} from './restore-latest.ts'

/** What became of one thing that was to be undone: words of what was done, or of what is left and why; null: nothing was there. */
type Undone = {readonly done: string} | {readonly left: string} | null

/** A deletion is refused while an update or a snapshot is under way: a minute and a half in all. */
const attempts = 12
const pauseMs = 1_500
/** what AWS said it made may not be listed for some seconds */
const rereads = 2
/** Lambda brings the last lines of a function some seconds late, and would make its log group anew for them. */
const logsArriveMs = 3_000
/** What was on its way when its answer was lost may still arrive. */
const stragglerMs = 5_000
const youngMs = 60_000

/**
 * Undoes what a journal says, as far as it is still there, and reads AWS back. Never throws: what could not be done is told. The
 * journal is ended where nothing of the run is left, and let go of in any case.
 */
export async function cleanUp(aws: Aws, journal: RunJournal, signal: AbortSignal): Promise<Cleanup> {
  // with no room on the disk for it, what is proven to be ours is removed all the same
  const undoing: RunJournal = {...journal, change: (intent, call, told) => journal.change(intent, call, told, false)}
  const site: Site = {aws, journal: undoing, signal, doing() {}}
  const done: string[] = []
  const left: string[] = []
  const take = (undone: Undone): void => {
    if (undone && 'done' in undone) done.push(undone.done)
    else if (undone) left.push(undone.left)
  }
  try {
    const record = journal.record()
    if (hasStragglers(record, aws.clock.now())) await aws.clock.sleep(stragglerMs, signal)
    if (record.header.mode === 'versions' && !record.before && !record.isWhole)
      left.push(
        `${record.header.functionName} may have been changed: the journal cannot be read where it says how it was`,
      )
    if (record.before) for (const undone of await undoVersions(site, record)) take(undone)
    if (record.header.mode === 'shadow') for (const undone of await undoClones(site, record)) take(undone)
    // what the journal cannot be told is not left in AWS: cleaning up again will find nothing
    if (left.length === 0) await journal.end().catch(() => {})
  } catch (error) {
    left.push(wordsOf(error))
  }
  await journal.release().catch(() => {})
  return {cleanedUp: left.length === 0, left, done}
}

/** Changes of which nobody knows what became, and that may become of something yet. */
function hasStragglers({changes}: RunRecord, now: number): boolean {
  return changes.some(({outcome, at}) => (outcome === 'open' || outcome === 'lost') && now - at < youngMs)
}

async function undoClones(site: Site, record: RunRecord): Promise<readonly Undone[]> {
  const {header, samples, unanswered} = record
  const lastRunAt = unanswered.length > 0 ? site.aws.clock.now() : lastEnd(samples)
  const undone: Undone[] = []
  const {functionName, runId, architecture} = header
  for (const each of bothArchitectures(architecture)) {
    const name = cloneName(functionName, runId, each !== architecture)
    const logGroup = logGroupOf(name)
    if (mayHaveMade(record, 'functionName', name))
      undone.push(
        await removed(site, `the function ${name}`, 'lambda:DeleteFunction', {
          read: () => readOurFunction(site.aws, name, runId, site.signal),
          remove: our => deleteOurFunction(site, our),
          wasMade: wasMade(record, 'functionName', name),
        }),
      )
    if (!mayHaveMade(record, 'logGroup', logGroup)) continue
    const waitMs = lastRunAt + logsArriveMs - site.aws.clock.now()
    if (waitMs > 0 && header.endpoint !== 'sandbox') await site.aws.clock.sleep(waitMs, site.signal)
    undone.push(
      await removed(site, `the log group ${logGroup}`, 'logs:DeleteLogGroup', {
        read: () => readOurLogGroup(site.aws, logGroup, runId, site.signal),
        remove: our => deleteOurLogGroup(site, our),
        wasMade: wasMade(record, 'logGroup', logGroup),
      }),
    )
  }
  return undone
}

/** When the last invocation was over, epoch ms; 0 where there was none. */
const lastEnd = (samples: RunRecord['samples']): number =>
  samples.reduce((last, {at, durationMs, initMs}) => Math.max(last, at + durationMs + (initMs ?? 0)), 0)

type Removal<T extends {readonly kind: string}> = {
  /** what AWS says is there and is ours */
  readonly read: () => Promise<T | Foreign | null>
  readonly remove: (our: T) => Promise<void>
  /** AWS said that it made it: one reading that does not show it may be of a moment ago */
  readonly wasMade?: boolean
}

/** Removes what is ours and reads back that it is gone; again where that was refused for the moment or is not known. */
export async function removed<T extends {readonly kind: string}>(
  {aws, signal}: Pick<Site, 'aws' | 'signal'>,
  what: string,
  permission: string,
  {read, remove, wasMade = false}: Removal<T>,
): Promise<Undone> {
  let isRemoved = false
  let failure: unknown = null
  try {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      // what was removed is mostly gone at once
      if (attempt > 2) await aws.clock.sleep((attempt - 2) * pauseMs, signal)
      const found = await read()
      if (!found && wasMade && !isRemoved && attempt <= rereads) continue
      if (!found) return isRemoved ? {done: `removed ${what}`} : null
      if (isForeign(found)) return {left: `${what}: ${found.why}`}
      try {
        await remove(found)
        isRemoved = true
      } catch (error) {
        failure = error
        if (!isConflict(error) && !isLost(error) && !isMissing(error)) break
        isRemoved = !isConflict(error)
      }
    }
    if (!(await read())) return {done: `removed ${what}`}
  } catch (error) {
    // that time was over says less than what it was spent on
    failure = signal.aborted && failure !== null ? failure : error
  }
  return {left: `${what}: ${wordsOf(whyNot(failure, `remove ${what}`, permission))}`}
}

const isForeign = (found: {readonly kind: string}): found is Foreign => found.kind === 'foreign'

async function undoVersions(site: Site, record: RunRecord): Promise<readonly Undone[]> {
  const {header, before} = record
  if (!before) return []
  const {functionName, functionArn, runId} = header
  const restored = await restoreLatest(site, record, before)
  const ofRun = {runId, functionName, functionArn, versionsBefore: before.versions}
  try {
    return [
      restored,
      ...(await removedVersions(site, () => readOurVersions(site.aws, ofRun, site.signal), functionName)),
    ]
  } catch (error) {
    // the function is gone, and its versions with it
    if (isGone(error)) return [restored]
    return [restored, {left: `versions of ${functionName}: ${wordsOf(error)}`}]
  }
}

/** Removes all versions that are ours and reads back that they are gone; again where that was refused for the moment. */
async function removedVersions(
  site: Site,
  read: () => ReturnType<typeof readOurVersions>,
  functionName: string,
): Promise<readonly Undone[]> {
  const sent = new Set<string>()
  const refused = new Map<string, unknown>()
  for (let attempt = 1; ; attempt++) {
    if (attempt > 2) await site.aws.clock.sleep((attempt - 2) * pauseMs, site.signal)
    const {ours, served} = await read()
    const open = ours.filter(({version}) => !refused.has(version))
    if (open.length === 0 || attempt > attempts) {
      const there = new Set([...ours, ...served].map(({version}) => version))
      const removing = (version: string): string => `version ${version} of ${functionName}`
      return [
        ...[...sent].filter(version => !there.has(version)).map(version => ({done: `removed ${removing(version)}`})),
        ...served.map(({version, alias}) => ({left: `${removing(version)}: the alias ${alias} serves it`})),
        ...ours.map(({version}) => {
          const why = whyNot(refused.get(version), `remove ${removing(version)}`, 'lambda:DeleteFunction')
          return {left: `${removing(version)}: ${why ? wordsOf(why) : 'AWS lists it still'}`}
        }),
      ]
    }
    for (const our of open)
      try {
        await deleteOurVersion(site, our)
        sent.add(our.version)
      } catch (error) {
        if (isLost(error)) sent.add(our.version)
        else if (!isConflict(error) && !isMissing(error)) refused.set(our.version, error)
      }
  }
}

const isGone = (error: unknown): boolean =>
  isMissing(error) || (error instanceof UserError && error.code === 'ResourceNotFoundException')

/** What is said while a run is cleaned up: to who stopped it, also what else can be done. */
export const removingText = (runId: string, {aborted}: AbortSignal): string =>
  aborted
    ? `removes what was made, which takes some seconds; Ctrl-C again leaves it to slsops tune --cleanup ${runId}`
    : 'removes what was made'

/** One sentence of why something could not be done. */
export function wordsOf(error: unknown): string {
  if (error instanceof UserError)
    return error.hint && error.exitCode === 4 ? `${error.message}; ${error.hint}` : error.message
  return error instanceof Error ? error.message : String(error)
}
