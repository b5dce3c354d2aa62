import type {Aws} from '../aws/connect.ts'
import type {FollowedGroup} from './followed-group.ts'
import type {LiveSession} from './live-session.ts'

/**
 * How long what came in before a session, or in a hole, is looked for by sweeps: events can be searched for some seconds
 * after they came in.
 */
export const settleMs = 10_000

/** A session of a pack; times are AWS's unless said otherwise. */
export type RunningSession = {
  readonly groups: ReadonlySet<FollowedGroup>
  readonly live: LiveSession
  /** by this machine's clock */
  readonly openedAt: number
  /** when another is to take its place, by this machine's clock */
  readonly rotateAt: number
  startedAt: number | null
  /** since when it brings everything; null before it has begun */
  cleanSince: number | null
  /** of its last frame */
  markAt: number
  /** it was ended here: what comes of it now means nothing */
  ended: boolean
}

type HoleCause = 'sampled' | 'interrupted' | 'read too slowly'

/** A span of which Live Tail did not bring everything. */
export type Hole = {
  readonly cause: HoleCause
  readonly from: number
  /** when it was noticed */
  readonly openedAt: number
  /** null while it lasts */
  to: number | null
  told: boolean
}

/** Up to ten groups that one session feeds at a time. */
export type Pack = {
  readonly aws: Aws
  /** with the time since when the carrier brings their events; null: it does not yet */
  readonly members: Map<FollowedGroup, number | null>
  /** the session whose frames stand for sweeps */
  carrier: RunningSession | null
  /** one that is to take the carrier's place, and overlaps it */
  successor: RunningSession | null
  /** sweeps have taken over from it, and it has not been repaired */
  hole: Hole | null
  /** a carrier broke off, and no other has begun */
  brokeOff: boolean
  /** how many events each group had in sampled frames, since it was last seen to be too much */
  readonly sampled: Map<FollowedGroup, number>
  /** when the last group left because of them */
  thinnedAt: number | null
  /** a session without a group that left is to take the carrier's place */
  isToBeThinned: boolean
  /** when a session may be started again, by this machine's clock */
  retryAt: number
  /** tries in a row that came to nothing */
  failures: number
}

export function createPack(aws: Aws, groups: readonly FollowedGroup[], hole: Hole | null = null): Pack {
  return {
    aws,
    members: new Map(groups.map(group => [group, null])),
    carrier: null,
    successor: null,
    hole,
    sampled: new Map(),
    thinnedAt: null,
    isToBeThinned: false,
    brokeOff: false,
    retryAt: Number.NEGATIVE_INFINITY,
    failures: 0,
  }
}

/** Whether a group needs no sweeps: a clean session feeds it, and a sweep has joined it to what was before. */
export function isFed(pack: Pack, group: FollowedGroup): boolean {
  const since = pack.members.get(group) ?? null
  const cleanSince = pack.carrier?.cleanSince ?? null
  if (cleanSince === null || since === null) return false
  const {failing, sweepBegan} = group
  return failing === null && sweepBegan !== null && sweepBegan >= Math.max(cleanSince, since) + settleMs
}

export const groupsOf = ({members}: Pack): FollowedGroup[] => [...members.keys()]

/** Makes the session that has begun the one that feeds the pack, without a hole. */
export function handOver(pack: Pack, session: RunningSession): void {
  pack.carrier = session
  pack.successor = null
  pack.isToBeThinned = false
  for (const [group, since] of pack.members)
    pack.members.set(group, session.groups.has(group) ? (since ?? session.startedAt) : null)
}

/**
 * Notes that a session did not bring everything. Where sweeps were not under way they have to be now; where they were,
 * nothing is missing, and the session is only clean later.
 * @param to null where it brings nothing any more
 */
export function openHole(pack: Pack, session: RunningSession, hole: Omit<Hole, 'told'>): void {
  if (session === pack.carrier) {
    const wasFed = groupsOf(pack).some(group => isFed(pack, group))
    if (pack.hole) pack.hole.to = hole.to
    else if (wasFed) pack.hole = {...hole, told: false}
  }
  session.cleanSince = hole.to
}
