import type {Clock} from '../clock.ts'
import type {FollowedGroup} from './followed-group.ts'
import {groupsOf, type Hole, isFed, type Pack, settleMs} from './live-pack.ts'
import {type LivePlace, refuse} from './live-packing.ts'
import {addGap, sampledGap, type Tally} from './tally.ts'

type Setting = {
  readonly clock: Clock
  /** AWS's time, epoch ms */
  readonly now: () => number
  readonly timeOfDay?: ((at: number) => string) | undefined
  readonly tally: Tally
  readonly notice: (text: string) => void
  readonly tellOnce: (place: LivePlace, text: string) => void
  /** has groups swept soon */
  readonly wake: (groups: readonly FollowedGroup[]) => void
}

/** What is said and counted of holes, and what is done about those that do not end. */
export type LiveHoles = {
  watch(place: LivePlace, pack: Pack): void
  /** Notes as gaps what was not read again before the following ended. */
  giveUp(pack: Pack): void
}

const longHoleMs = 30_000
const thinAfterMs = 60_000
const busyAgainMs = 30 * 60_000

export function createLiveHoles({clock, now, tally, notice, tellOnce, wake, timeOfDay = inUtc}: Setting): LiveHoles {
  const span = ({from, to}: Hole): string => `${timeOfDay(from)}–${timeOfDay(to ?? now())}`

  /** Where samples do not end, the busiest group leaves, so that Live Tail brings all of the others. */
  const thin = (place: LivePlace, pack: Pack, hole: Hole): void => {
    const group = busiest(pack)
    if (group === null || pack.successor || now() - Math.max(hole.openedAt, pack.thinnedAt ?? 0) < thinAfterMs) return
    refuse(place, pack, group, clock.now() + busyAgainMs)
    wake([group])
    pack.sampled.clear()
    pack.thinnedAt = now()
    pack.isToBeThinned = true
  }

  return {
    watch(place, pack) {
      const {hole} = pack
      if (hole === null) return
      const goesOn = hole.to !== null && now() - hole.to < settleMs
      if (goesOn && hole.cause !== 'interrupted' && now() - hole.openedAt > longHoleMs)
        tellOnce(
          place,
          hole.cause === 'sampled'
            ? 'more comes in than Live Tail brings (500 events a second): FilterLogEvents reads as well'
            : 'what is shown is taken too slowly for Live Tail: FilterLogEvents reads as well',
        )
      if (goesOn && hole.cause === 'sampled') thin(place, pack, hole)
      if (!isRepaired(pack)) return
      pack.hole = null
      pack.sampled.clear()
      if (hole.told) return
      hole.told = true
      tally.live.repairs++
      notice(`⚠ ${hole.cause === 'sampled' ? '' : 'Live Tail '}${hole.cause} ${span(hole)}: repaired`)
    },

    giveUp(pack) {
      const {hole} = pack
      // what was about to be read when everything ended is no more missing than what is held back
      if (hole === null || now() - hole.openedAt < longHoleMs) return
      for (const group of unrepaired(pack, hole)) addGap(tally, sampledGap(group.source, span(hole)))
    },
  }
}

const inUtc = (at: number): string => `${new Date(at).toISOString().slice(11, 19)}Z`

/** The group that most of what was sampled is of. */
function busiest({sampled}: Pack): FollowedGroup | null {
  let most: FollowedGroup | null = null
  for (const [group, events] of sampled) if (most === null || events > (sampled.get(most) ?? 0)) most = group
  return most
}

/** Whether every group that answers has been joined again behind the hole. */
function isRepaired(pack: Pack): boolean {
  return (
    pack.hole !== null &&
    pack.hole.to !== null &&
    groupsOf(pack).every(group => group.failing !== null || isFed(pack, group))
  )
}

/** Those that have not been swept since the hole. */
function unrepaired(pack: Pack, hole: Hole): FollowedGroup[] {
  return groupsOf(pack).filter(({sweepBegan}) => sweepBegan === null || sweepBegan < (hole.to ?? hole.from))
}
