import type {Clock} from '../../clock.ts'
import {stopSignal} from '../../stop-signal.ts'
import type {LogSource} from '../source.ts'
import {createMarkerFeed, type MarkerFeed} from './marker-feed.ts'
import {functionsOf, readReleases} from './releases.ts'

const lookAgainEveryMs = 30_000
/** so long the first events wait for what was deployed before them */
const patienceMs = 700

export type WatchOptions = {
  /** epoch ms of the window */
  readonly start: number
  readonly follow: boolean
  /** every event of the functions is shown */
  readonly seesAll: boolean
  readonly clock: Clock
}

export type WatchedReleases = {
  readonly feed: MarkerFeed
  /** resolves when everything was asked once, or patience is at an end */
  readonly ready: Promise<void>
  stop(): void
}

/**
 * Asks what was deployed of the functions that are read, beside the reading; while following, again and again, until it is
 * stopped. Never throws.
 */
export function watchReleases(
  sources: readonly LogSource[],
  {start, follow, seesAll, clock}: WatchOptions,
  signal: AbortSignal,
): WatchedReleases {
  const {stopped, stop} = stopSignal(signal)
  const feed = createMarkerFeed(seesAll)
  const functions = functionsOf(sources)
  const look = async (): Promise<void> => {
    await Promise.all(
      functions.map(async ({aws, ref}) => {
        const releases = await readReleases(aws, ref, start, stopped)
        if (releases) feed.learn(releases, clock.now())
      }),
    )
  }
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(lookAgainEveryMs, stopped)
      await look()
    }
  }
  const first = look()
  if (follow && functions.length > 0) first.then(watch).catch(() => undefined)
  const patience = functions.length === 0 ? Promise.resolve() : clock.sleep(patienceMs, stopped)
  return {feed, ready: Promise.race([first, patience]).catch(() => undefined), stop}
}
