import type {Clock} from '../clock.ts'
import type {FollowedGroup} from './followed-group.ts'
import {createLiveHoles} from './live-holes.ts'
import {groupsOf, type Hole, handOver, isFed, openHole, type Pack, type RunningSession, settleMs} from './live-pack.ts'
import {createPlace, type LivePlace, repack} from './live-packing.ts'
import {createLiveRefusals} from './live-refusals.ts'
import {createLiveSession, type LiveFrame} from './live-session.ts'
import type {SourcedEvent} from './log-event.ts'
import {findsLogGroups, logGroupArn} from './log-group-arn.ts'
import type {Tally} from './tally.ts'

export type LiveOptions = {
  /** sessions of an account and region that may run at a time, and one more while one takes another's place; AWS allows 15, which others share */
  readonly headroom: number
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
  /** how notices tell a time (epoch ms); by default in UTC */
  readonly timeOfDay?: ((at: number) => string) | undefined
}

/** What sessions need of the following that they are part of. */
export type LiveSetting = LiveOptions & {
  readonly clock: Clock
  /** AWS's time, epoch ms */
  readonly now: () => number
  readonly filterPattern: string | undefined
  readonly groups: () => readonly FollowedGroup[]
  readonly takeIn: (group: FollowedGroup, event: SourcedEvent, frame: number) => void
  readonly notice: (text: string) => void
  readonly tally: Tally
  readonly signal: AbortSignal
}

/**
 * Live Tail for groups that are followed: where a session brings all that comes in, its groups need no sweeps. Whatever
 * goes wrong, their sweeps are due again at once, until a sweep has begun behind the hole.
 */
export type LiveSessions = {
  /** Does what is due; to be called several times a second. Between calls no more than some seconds' frames are read. */
  tick(): void
  /** Whether a group needs no sweeps now. */
  feeds(group: FollowedGroup): boolean
  /** Notes what was neither brought nor read again. */
  end(): void
}

/** frames come once a second: so long without one, and there will be none */
const silenceMs = 10_000
const startSilenceMs = 30_000
/** the server keeps ten frames for a reader, and drops the oldest without a word */
const longestPauseMs = 8_000
/** without a tick for so long, nothing more is read: somebody is slow to take what is there */
const stalledMs = 5_000
/** AWS ends a session after three hours */
const rotateAfterMs = 170 * 60_000
const rotationJitterMs = 10 * 60_000
const steadyAfterMs = 60_000
const successorAgainMs = 60_000

export function createLiveSessions(setting: LiveSetting): LiveSessions {
  const {clock, now, tally, headroom, random, signal} = setting
  const places = new Map<FollowedGroup['source']['aws'], LivePlace>()
  const packOf = new Map<FollowedGroup, Pack>()
  const told = new Set<string>()
  let frames = 0
  let tickedAt = clock.now()
  let nextTick = Promise.withResolvers<void>()

  const tellOnce = (place: LivePlace, text: string): void => {
    const whole = places.size > 1 ? `${place.aws.scope.region}: ${text}` : text
    if (!told.has(whole)) setting.notice(whole)
    told.add(whole)
  }

  /** Sweeps are due again for what a pack no longer feeds. */
  const wake = (groups: readonly FollowedGroup[]): void => {
    for (const group of groups) if (group.failing === null) group.nextAt = Math.min(group.nextAt, clock.now())
  }

  const refusals = createLiveRefusals({clock, random, tellOnce, wake})
  const holes = createLiveHoles({...setting, tellOnce, wake})

  const mayRead = async (): Promise<void> => {
    while (clock.now() - tickedAt > stalledMs) await nextTick.promise
  }

  const open = (place: LivePlace, pack: Pack, as: 'carrier' | 'successor'): void => {
    const groups = new Set(groupsOf(pack))
    const logGroups = [...groups].map(({source}) => logGroupArn(source)).filter(arn => arn !== null)
    const {filterPattern} = setting
    const session: RunningSession = {
      groups,
      live: createLiveSession(pack.aws, {logGroups, filterPattern}, mayRead, signal),
      openedAt: clock.now(),
      rotateAt: clock.now() + rotateAfterMs - random() * rotationJitterMs,
      startedAt: null,
      cleanSince: null,
      markAt: now(),
      ended: false,
    }
    pack[as] = session
    void run(place, pack, session)
  }

  const run = async (place: LivePlace, pack: Pack, session: RunningSession): Promise<void> => {
    const find = findsLogGroups([...session.groups])
    let reason: unknown = null
    try {
      for await (const frame of session.live.frames) receive(place, pack, session, frame, find)
    } catch (error) {
      reason = error
    }
    if (!session.ended && !signal.aborted) lost(place, pack, session, reason)
  }

  const end = (session: RunningSession | null): void => {
    if (session === null) return
    session.ended = true
    session.live.close()
  }

  const receive = (
    place: LivePlace,
    pack: Pack,
    session: RunningSession,
    frame: LiveFrame,
    find: ReturnType<typeof findsLogGroups<FollowedGroup>>,
  ): void => {
    if (session.ended) return
    const at = now()
    frames++
    if (session.startedAt === null) begin(place, pack, session, at)
    else if (at - session.markAt > longestPauseMs) holeIn(pack, session, 'read too slowly', at)
    if (frame.sampled) holeIn(pack, session, 'sampled', at)
    for (const {logGroupIdentifier, ...result} of frame.results) {
      const group = find(logGroupIdentifier)
      if (!group) continue
      setting.takeIn(group, {...result, source: group.source, eventId: null, late: false}, frames)
      if (frame.sampled) pack.sampled.set(group, (pack.sampled.get(group) ?? 0) + 1)
    }
    session.markAt = at
    if (clock.now() - session.openedAt > steadyAfterMs) pack.failures = 0
    if (session !== pack.carrier) return
    for (const group of session.groups)
      if (isFed(pack, group)) group.sweptAt = Math.max(group.sweptAt ?? Number.NEGATIVE_INFINITY, at)
  }

  const begin = (place: LivePlace, pack: Pack, session: RunningSession, at: number): void => {
    session.startedAt = at
    session.cleanSince = at
    session.markAt = at
    place.refusals = 0
    tally.live.sessions++
    if (session !== pack.carrier) return
    if (pack.brokeOff) tally.live.reconnects++
    pack.brokeOff = false
    if (pack.hole) pack.hole.to ??= at
    handOver(pack, session)
  }

  const holeIn = (pack: Pack, session: RunningSession, cause: Hole['cause'], to: number | null): void => {
    openHole(pack, session, {cause, from: session.markAt, openedAt: now(), to})
    wake(groupsOf(pack))
  }

  const lost = (place: LivePlace, pack: Pack, session: RunningSession, reason: unknown): void => {
    if (session === pack.successor) {
      pack.successor = null
      pack.retryAt = clock.now() + successorAgainMs
      if (session.startedAt === null) refusals.ofSuccessor(place, pack, reason)
      return
    }
    if (session !== pack.carrier) return
    if (session.startedAt !== null) {
      holeIn(pack, session, 'interrupted', null)
      pack.brokeOff = true
    }
    pack.carrier = null
    for (const group of groupsOf(pack)) pack.members.set(group, null)
    const {successor} = pack
    if (successor) {
      pack.carrier = successor
      pack.successor = null
      if (successor.startedAt === null) return
      pack.brokeOff = false
      if (pack.hole) pack.hole.to = Math.max(pack.hole.from, successor.cleanSince ?? successor.startedAt)
      handOver(pack, successor)
    } else if (session.startedAt === null) refusals.ofCarrier(place, pack, reason)
    else refusals.backOff(place, pack, reason)
  }

  /** Ends what has fallen silent, and groups that are gone leave their pack. */
  const watch = (place: LivePlace, pack: Pack): void => {
    for (const group of groupsOf(pack)) if (group.failing === 'missing') pack.members.delete(group)
    for (const session of [pack.successor, pack.carrier]) {
      if (session === null || session.live.waitingSince === null) continue
      const silentMs = clock.now() - session.live.waitingSince
      if (silentMs <= (session.startedAt === null ? startSilenceMs : silenceMs)) continue
      end(session)
      lost(place, pack, session, new Error('no answer'))
    }
  }

  const start = (place: LivePlace, pack: Pack): void => {
    const at = clock.now()
    const running = place.packs.filter(({carrier}) => carrier !== null).length
    const rotating = place.packs.filter(({successor}) => successor !== null).length
    if (at < pack.retryAt || at < place.restsUntil || pack.members.size === 0) return
    const {carrier} = pack
    if (carrier === null) {
      if (running < headroom) open(place, pack, 'carrier')
      return
    }
    if (carrier.startedAt === null || pack.successor !== null || rotating > 0) return
    const hasGrown = groupsOf(pack).some(group => !carrier.groups.has(group))
    if (at >= carrier.rotateAt || hasGrown || pack.isToBeThinned) open(place, pack, 'successor')
  }

  const rotate = (pack: Pack): void => {
    const {carrier, successor} = pack
    if (!successor || successor.cleanSince === null || now() - successor.cleanSince < settleMs) return
    end(carrier)
    handOver(pack, successor)
  }

  const remember = (): void => {
    packOf.clear()
    for (const {packs} of places.values())
      for (const pack of packs) for (const group of groupsOf(pack)) packOf.set(group, pack)
  }

  return {
    tick() {
      tickedAt = clock.now()
      nextTick.resolve()
      nextTick = Promise.withResolvers<void>()
      for (const [aws, groups] of Map.groupBy(setting.groups(), ({source}) => source.aws)) {
        const place = places.get(aws) ?? createPlace(aws)
        places.set(aws, place)
        for (const pack of place.packs) watch(place, pack)
        const before = place.packs
        wake(repack(place, groups, headroom))
        for (const pack of before)
          if (pack.members.size === 0 || !place.packs.includes(pack)) {
            end(pack.carrier)
            end(pack.successor)
          }
        place.packs = place.packs.filter(({members}) => members.size > 0)
        for (const pack of place.packs) {
          rotate(pack)
          holes.watch(place, pack)
          start(place, pack)
        }
      }
      remember()
    },
    feeds(group) {
      const pack = packOf.get(group)
      return pack !== undefined && isFed(pack, group)
    },
    end() {
      for (const pack of new Set(packOf.values())) holes.giveUp(pack)
    },
  }
}
