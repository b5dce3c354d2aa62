import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {isConflict, isLost, isStaleRevision, isUnsent} from '../../aws/lost-answer.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import type {AliasRef, AliasState} from './alias-state.ts'
import {readAliasState, stateOf} from './read-alias-state.ts'
import {isAs, isOnItsWay, routingText, sendUpdate, versionGone, type Wanted, whyNotWritten} from './send-update.ts'

/** What writes aliases: the way there, where it is written down, what ends the waiting for a turn. */
export type WriteSite = {
  readonly aws: Aws
  readonly journal: Pick<TrafficJournal, 'aliasWrite' | 'settled'>
  readonly signal: AbortSignal
  /**
   * For going back: ahead of everything else, with all of the control plane's quota, and also where the disk is full and nothing
   * can be written down any more.
   */
  readonly isUrgent?: boolean
}

export type Written =
  /** as AWS then described it. @param wasLost no answer told that it was made, and the alias read back is so, be it by somebody else */
  | {readonly kind: 'written'; readonly state: AliasState; readonly wasLost: boolean}
  /** somebody else moved the alias: nothing was written; null: it is gone */
  | {readonly kind: 'foreign'; readonly state: AliasState | null}

/** of writes whose answer was lost, and that were not made */
const mostSent = 3
/** of refusals while something else of the function is under way, and of readings that are older than a refusal */
const mostPauses = 6
const pauseMs = 400

/**
 * Writes version, weights and description of an alias in one UpdateAlias that is conditional on the revision of `from`.
 * A lost answer, or a refusal after one, is settled by reading the alias back; sending again is safe, since AWS makes it once at
 * most. The signal never cuts off what was sent, and does not end the finding out of what became of it.
 * @throws the signal's reason, and then nothing was written; UserError for what AWS refuses (exit 4 with lambda:UpdateAlias), where
 *   it cannot be written down (nothing is done then), of code VersionGone, and of code Unsettled where nobody knows whether it was
 *   made, whatever ends it after a lost answer: that may still happen, until the alias is written again
 */
export async function writeAlias(site: WriteSite, ref: AliasRef, from: AliasState, to: Wanted): Promise<Written> {
  const {aws, signal, journal} = site
  const intent = {
    functionName: ref.functionName,
    alias: ref.alias,
    revisionId: from.revisionId,
    to: {version: to.version, additional: to.additional, description: to.description},
  }
  const isOurs = (state: AliasState): boolean =>
    isAs(state, to) || (state.description === to.description && isOnItsWay(state, to, from.version))
  const readBack = (): Promise<AliasState | null> =>
    readAliasState(aws, ref, undefined, site.isUrgent ? 'urgent' : 'small').catch(error => {
      throw unsettled(error, ref, to)
    })
  /** What became of a write whose answer does not tell; null: it was not made. */
  const lookedUp = async (isRefused: boolean): Promise<Written | null> => {
    for (let looks = 1; ; looks++) {
      const state = await readBack()
      if (state && isOurs(state)) {
        await journal.settled(intent, {revisionId: state.revisionId})
        return {kind: 'written', state, wasLost: true}
      }
      const isAsBefore = state?.revisionId === from.revisionId && isAs(state, from)
      if (isAsBefore && !isRefused) return null
      if (!isAsBefore || looks > mostPauses) {
        await journal.settled(intent, null)
        return {kind: 'foreign', state}
      }
      // AWS has just said that there is a newer one: this was read from where it had not arrived yet
      await aws.clock.sleep(pauseMs)
    }
  }

  let pauses = 0
  let lost: unknown = null
  /** What was sent and not answered may still be made, whatever was said to what was sent after it. */
  const ended = (reason: unknown): unknown => (lost === null ? reason : unsettled(lost, ref, to))
  const pause = async (times: number): Promise<void> => {
    await aws.clock.sleep(times * pauseMs, signal).catch(() => {})
    if (signal.aborted) throw ended(signal.reason)
  }
  for (let sent = 1; ; sent++) {
    let failure: unknown
    try {
      const state = stateOf(await sendUpdate(site, ref, from.revisionId, to))
      if (state && isOurs(state)) return {kind: 'written', state, wasLost: false}
      const found = await lookedUp(true)
      return found?.kind === 'written' ? {...found, wasLost: false} : (found ?? {kind: 'foreign', state})
    } catch (error) {
      failure = error
    }
    if (isUnsent(failure, signal)) throw ended(signal.reason)
    if (failure instanceof UserError) throw ended(failure)
    if (isConflict(failure)) {
      if (++pauses > mostPauses) throw ended(whyNotWritten(failure, ref, to))
      sent--
      await pause(pauses)
    } else if (isMissing(failure)) {
      const state = await readBack()
      if (state === null) return {kind: 'foreign', state}
      throw ended(versionGone(failure, ref, to))
    } else if (isStaleRevision(failure) || isLost(failure)) {
      const found = await lookedUp(isStaleRevision(failure))
      if (found) return found
      lost = failure
      if (sent >= mostSent) throw ended(failure)
      await pause(sent)
    } else throw ended(whyNotWritten(failure, ref, to))
  }
}

function unsettled(error: unknown, ref: AliasRef, to: Wanted): UserError {
  const {functionName, alias} = ref
  const why = whyNotWritten(error, ref, to)
  return new UserError(
    `nobody knows whether ${functionName}:${alias} was given ${routingText(to)}: ${why instanceof Error ? why.message : String(why)}`,
    {
      code: 'Unsettled',
      hint: `aws lambda get-alias --function-name ${functionName} --name ${alias} shows what it serves`,
      cause: error,
    },
  )
}
