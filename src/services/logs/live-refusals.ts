import {isCredentialProblem, isDenied, isForeignAnswer, isMissing} from '../aws/failures.ts'
import type {Clock} from '../clock.ts'
import type {FollowedGroup} from './followed-group.ts'
import {groupsOf, type Pack} from './live-pack.ts'
import {culprit, type LivePlace, refuse, split} from './live-packing.ts'

type Setting = {
  readonly clock: Clock
  readonly random: () => number
  readonly tellOnce: (place: LivePlace, text: string) => void
  /** has groups swept soon */
  readonly wake: (groups: readonly FollowedGroup[]) => void
}

/** What is done when a session of a pack does not begin, or ends: when the next is tried, for which groups, and what is said. */
export type LiveRefusals = {
  /** No session feeds the pack, and none began. */
  ofCarrier(place: LivePlace, pack: Pack, reason: unknown): void
  /** A session feeds the pack, and the one that was to take its place did not begin. */
  ofSuccessor(place: LivePlace, pack: Pack, reason: unknown): void
  /** The session that fed the pack ended, or passing trouble kept it from beginning. */
  backOff(place: LivePlace, pack: Pack, reason: unknown): void
}

const longestBackOffMs = 60_000
const credentialsAgainMs = 5_000
const sessionsInUseMs = 180_000
const groupAgainMs = 300_000
const failuresBeforeTold = 4
/** refusals in a row that may be single groups' */
const denialsForAll = 3
const refusalsForAll = 12

export function createLiveRefusals({clock, random, tellOnce, wake}: Setting): LiveRefusals {
  const rest = (place: LivePlace, restsUntil: number, text: string): void => {
    place.restsUntil = restsUntil
    place.refusals = 0
    tellOnce(place, text)
  }

  const backOff = (place: LivePlace, pack: Pack, reason: unknown): void => {
    const ceiling = Math.min(longestBackOffMs, 1000 * 2 ** pack.failures)
    pack.retryAt = clock.now() + ceiling * (0.5 + random() / 2)
    pack.failures++
    if (pack.failures === failuresBeforeTold)
      tellOnce(place, `Live Tail ends again and again${nameOf(reason)}: FilterLogEvents reads meanwhile`)
  }

  const ofGroup = (place: LivePlace, pack: Pack, reason: unknown): void => {
    const now = clock.now()
    const denied = isDenied(reason)
    const guilty = pack.members.size === 1 ? (groupsOf(pack)[0] ?? null) : culprit(pack, messageOf(reason))
    place.refusals++
    if (denied && (guilty === null || place.refusals >= denialsForAll))
      rest(place, Number.POSITIVE_INFINITY, 'no permission for Live Tail (logs:StartLiveTail): FilterLogEvents reads')
    else if (place.refusals >= refusalsForAll)
      rest(place, now + groupAgainMs, `Live Tail refuses${nameOf(reason)}: FilterLogEvents reads`)
    else if (guilty === null) split(place, pack)
    // what is not there now may be so later; a class, or a permission, is for good
    else refuse(place, pack, guilty, isMissing(reason) ? now + groupAgainMs : Number.POSITIVE_INFINITY)
  }

  return {
    backOff,

    ofCarrier(place, pack, reason) {
      const now = clock.now()
      switch (refusalOf(reason)) {
        case 'credentials':
          // sweeps meet the same, and tell
          pack.retryAt = now + credentialsAgainMs
          return
        case 'in use':
          rest(
            place,
            now + sessionsInUseMs,
            'all Live Tail sessions of the account are in use: FilterLogEvents reads until one is free',
          )
          return
        case 'unknown here':
          rest(place, Number.POSITIVE_INFINITY, 'there is no Live Tail here: FilterLogEvents reads')
          return
        case 'a group':
          ofGroup(place, pack, reason)
          return
        default:
          backOff(place, pack, reason)
      }
    },

    ofSuccessor(place, pack, reason) {
      if (refusalOf(reason) !== 'a group') return
      for (const [group, since] of pack.members)
        if (since === null) refuse(place, pack, group, clock.now() + groupAgainMs)
      // one that has been deleted is found by its sweep
      wake(groupsOf(pack))
    },
  }
}

type Refusal =
  | 'credentials'
  | 'in use'
  | 'unknown here'
  /** one of the log groups, and none of them may begin for that */
  | 'a group'
  | 'passing'

const byName: Readonly<Record<string, Refusal>> = {
  LimitExceededException: 'in use',
  InvalidOperationException: 'a group',
  InvalidParameterException: 'a group',
  UnknownOperationException: 'unknown here',
  NotImplementedException: 'unknown here',
}

function refusalOf(reason: unknown): Refusal {
  if (isCredentialProblem(reason)) return 'credentials'
  if (isDenied(reason) || isMissing(reason)) return 'a group'
  if (isForeignAnswer(reason)) return 'unknown here'
  return (reason instanceof Error && byName[reason.name]) || 'passing'
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : '')
const nameOf = (reason: unknown): string => (reason instanceof Error ? ` (${reason.name})` : '')
