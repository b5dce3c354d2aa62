import quotas from '../../data/quotas.json' with {type: 'json'}
import type {Aws} from '../aws/connect.ts'
import type {FollowedGroup} from './followed-group.ts'
import {createPack, groupsOf, type Pack} from './live-pack.ts'
import {logGroupArn} from './log-group-arn.ts'

/** One account and region, as far as Live Tail goes; times are this machine's clock's. */
export type LivePlace = {
  readonly aws: Aws
  readonly since: number
  packs: Pack[]
  /** groups that Live Tail refused, and until when they are let be */
  readonly refused: Map<FollowedGroup, number>
  /** no session is started before */
  restsUntil: number
  /** sessions in a row that did not begin for the sake of a log group */
  refusals: number
  packedAt: number | null
}

const {liveTailLogGroups: mostGroups} = quotas.logs
/** groups that have not answered yet are waited for so long before packs that are not full are made */
const firstPackingMs = 30_000
const packAgainMs = 60_000
/** the youngest session that is stopped for the sake of a better packing */
const steadyMs = 60_000

export const createPlace = (aws: Aws): LivePlace => ({
  aws,
  since: aws.clock.now(),
  packs: [],
  refused: new Map(),
  restsUntil: Number.NEGATIVE_INFINITY,
  refusals: 0,
  packedAt: null,
})

/**
 * Puts groups that are not in a pack into one: those there are, then new ones as long as there is headroom, all about
 * equally full. At first as they answer; then once a minute, so that a fleet that comes and goes does not start sessions
 * all the time.
 * @param groups all that are followed at this place
 * @returns groups that left their pack, and are to be swept
 */
export function repack(place: LivePlace, groups: readonly FollowedGroup[], headroom: number): FollowedGroup[] {
  const now = place.aws.clock.now()
  const isFirst = place.packedAt === null
  if (place.packedAt !== null && now - place.packedAt < packAgainMs) return []
  const left = isFirst ? [] : mergeSmall(place, now)
  const packed = new Set(place.packs.flatMap(groupsOf))
  let waiting = groups.filter(group => !packed.has(group) && isFit(place, group, now))
  const isWhole = !isFirst || groups.every(({counted}) => counted !== 'not yet') || now - place.since >= firstPackingMs
  // more are to answer: only whole packs
  if (!isWhole) waiting = waiting.slice(0, waiting.length - (waiting.length % mostGroups))
  else if (waiting.length > 0) place.packedAt = now
  for (const pack of place.packs.filter(pack => isSteady(pack, now))) {
    const joining = waiting.slice(0, mostGroups - pack.members.size)
    for (const group of joining) pack.members.set(group, null)
    waiting = waiting.slice(joining.length)
  }
  const fresh = Math.min(headroom - place.packs.length, Math.ceil(waiting.length / mostGroups))
  for (let i = 0; i < fresh; i++) {
    const share = Math.min(mostGroups, Math.ceil(waiting.length / (fresh - i)))
    place.packs.push(createPack(place.aws, waiting.slice(0, share)))
    waiting = waiting.slice(share)
  }
  return left
}

/** Whether Live Tail may be tried for a group: it answers, its ARN is known, and it was not refused. */
function isFit({refused}: LivePlace, group: FollowedGroup, now: number): boolean {
  const {counted, failing, source} = group
  return (
    counted === 'complete' && failing === null && logGroupArn(source) !== null && (refused.get(group) ?? now) <= now
  )
}

/** Two packs of these, to find which group it is that AWS refuses. */
export function split(place: LivePlace, pack: Pack): void {
  const groups = groupsOf(pack)
  const middle = Math.ceil(groups.length / 2)
  const halves = [groups.slice(0, middle), groups.slice(middle)]
  place.packs = place.packs.flatMap(other =>
    other === pack ? halves.map(half => createPack(pack.aws, half, pack.hole)) : other,
  )
}

/** Takes a group out of its pack, for a while or for good. */
export function refuse(place: LivePlace, pack: Pack, group: FollowedGroup, until: number): void {
  place.refused.set(group, until)
  pack.members.delete(group)
}

/** The group that a refusal names, if it clearly names one. */
export function culprit(pack: Pack, message: string): FollowedGroup | null {
  const named = groupsOf(pack).filter(({source}) => message.includes(source.logGroup))
  // checkout-api-2 names checkout-api too
  const longest = named.filter(
    ({source}) => !named.some(other => other.source !== source && other.source.logGroup.includes(source.logGroup)),
  )
  return (longest.length === 1 && longest[0]) || null
}

/** Where two packs have become small enough to be one, the smaller gives its groups away. */
function mergeSmall(place: LivePlace, now: number): FollowedGroup[] {
  const steady = place.packs.filter(pack => isSteady(pack, now)).sort((a, b) => a.members.size - b.members.size)
  const [smallest, second] = steady
  if (!smallest || !second || smallest.members.size + second.members.size > mostGroups) return []
  place.packs = place.packs.filter(pack => pack !== smallest)
  const left = groupsOf(smallest)
  smallest.members.clear()
  return left
}

function isSteady({carrier, successor, hole, aws, retryAt}: Pack, now: number): boolean {
  return (
    carrier !== null &&
    carrier.startedAt !== null &&
    successor === null &&
    hole === null &&
    retryAt <= now &&
    aws.clock.now() - carrier.openedAt >= steadyMs
  )
}
