import {type Following, type FollowStep, follow} from '../../../../src/services/logs/follow.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally, type Tally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {type FakeAws, type FakeEvent, type FakeGroup, type FakeOptions, fakeAws, openBudget} from './fake-log-groups.ts'

export const begin = Date.UTC(2026, 10, 20, 12)
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute

type Shown = {readonly event: SourcedEvent; readonly at: number}
export type Followed = {
  readonly shown: readonly Shown[]
  readonly notices: readonly string[]
  readonly tally: Tally
  readonly steps: readonly FollowStep[]
  readonly endedAt: number
}

export type Setting = Partial<FakeOptions> & {
  readonly following?: Partial<Following>
  readonly sources?: (aws: FakeAws) => readonly LogSource[]
  /** the consumer's work after each step */
  readonly afterStep?: (step: FollowStep) => Promise<void> | void
}

export function given(groups: Readonly<Record<string, FakeGroup>>, options: Partial<FakeOptions> = {}): FakeAws {
  return fakeAws(groups, {clock: createFakeClock(begin), budget: openBudget(24), ...options})
}

/** Follows from `begin` for a while, then interrupts. */
export async function followFor(forMs: number, aws: FakeAws, setting: Setting = {}): Promise<Followed> {
  const clock = aws.fakeClock
  const sources = setting.sources?.(aws) ?? aws.sources
  const tally = createTally(sources.length)
  const controller = new AbortController()
  clock.at(begin + forMs, () => controller.abort(new Error('interrupted')))
  const shown: Shown[] = []
  const steps: FollowStep[] = []
  const following = {start: begin, end: null, ...setting.following}
  try {
    for await (const step of follow(sources, following, tally, controller.signal)) {
      for (const event of step.events) shown.push({event, at: clock.now()})
      if (step.events.length + step.notices.length > 0 || steps.length === 0) steps.push(step)
      await setting.afterStep?.(step)
    }
  } catch (error) {
    if ((error as Error).message !== 'interrupted') throw error
  }
  return {shown, steps, tally, notices: steps.flatMap(({notices}) => notices), endedAt: clock.now()}
}

export const eventsOf = ({shown}: Followed): SourcedEvent[] => shown.map(({event}) => event)
export const ids = (followed: Followed): (string | null)[] => eventsOf(followed).map(({eventId}) => eventId)
export const lateIds = (followed: Followed): (string | null)[] =>
  eventsOf(followed)
    .filter(({late}) => late)
    .map(({eventId}) => eventId)

/** Events of the time that is followed, some of them ingested late; dated in steps of 10 ms, so that many are of one millisecond. */
export function history(
  random: () => number,
  {id, forMs, count, latestMs}: {id: string; forMs: number; count: number; latestMs: number},
): FakeEvent[] {
  return Array.from({length: count}, (_, i) => {
    const timestamp = begin + Math.floor((random() * forMs) / 10) * 10
    const lagMs = random() < 0.9 ? random() * 3 * second : random() * latestMs
    return {
      timestamp,
      ingestionTime: timestamp + Math.floor(lagMs / 2),
      visibleAt: timestamp + Math.floor(lagMs),
      eventId: `${id}-${i}`,
      logStream: `stream-${i % 3}`,
    }
  })
}
