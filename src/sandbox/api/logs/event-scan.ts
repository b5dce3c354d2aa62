import type {SandboxLogEvent, SandboxLogGroup, World} from '../../world/world.ts'
import {eventsBeyond, type Position} from './position.ts'

const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export type Window = {readonly from: number; readonly to: number}

export type Scan = Window & {
  readonly group: string
  readonly streams?: {readonly names?: ReadonlySet<string>; readonly prefix?: string}
  readonly newestFirst: boolean
  readonly after: Position | undefined
  /** epoch ms; events that were ingested later are not visible yet */
  readonly now: number
}

export type ScanStep = {
  readonly events: readonly SandboxLogEvent[]
  /** the first millisecond, in reading direction, that was not read; null when the window is read to its end */
  readonly next: number | null
}

/**
 * Visible events of a log group in reading direction, a stretch of time per step. Steps grow where little happens and
 * shrink where much does, so that a page makes the world generate little more than it answers.
 */
export function* scanEvents(world: World, scan: Scan): Generator<ScanStep> {
  const {from, to, newestFirst, after} = scan
  const longest = scan.streams ? hour / 2 : 6 * hour
  let cursor = after ? Math.min(Math.max(after.timestamp, from), to) : newestFirst ? to : from
  let length = minute
  let resumeAfter = after
  while (from <= to) {
    // What lies ahead of now holds next to nothing: taken in one step, it does not make the steps behind it grow.
    const isAhead = newestFirst && cursor > scan.now
    const start = newestFirst ? Math.max(from, isAhead ? scan.now + 1 : cursor - length + 1) : cursor
    const end = newestFirst ? cursor : Math.min(to, cursor + length - 1)
    const found = world.logEvents(scan.group, start, end, scan.streams).filter(event => event.ingestionTime <= scan.now)
    const ordered = newestFirst ? found.reverse() : found
    const events = resumeAfter ? eventsBeyond(ordered, resumeAfter, newestFirst) : ordered
    resumeAfter = undefined
    const isLast = newestFirst ? start === from : end === to
    cursor = newestFirst ? start - 1 : end + 1
    yield {events, next: isLast ? null : cursor}
    if (isLast) return
    if (!isAhead) length = nextLength(length, found.length, longest)
  }
}

/** Epoch ms before which a group keeps nothing. */
export function retainedFrom({retentionInDays}: SandboxLogGroup, now: number): number {
  return retentionInDays === null ? 0 : now - retentionInDays * day
}

/** Where a group's readable events can lie: retained, not older than PutLogEvents allows before its creation, at most 2 h ahead. */
export function readableWindow(
  group: SandboxLogGroup,
  now: number,
  asked: {readonly from: number | undefined; readonly to: number | undefined},
): Window {
  return {
    from: Math.max(asked.from ?? 0, retainedFrom(group, now), group.createdAt - 14 * day),
    to: Math.min(asked.to ?? Number.MAX_SAFE_INTEGER, now + 2 * hour),
  }
}

const eventsPerStep = 2000

function nextLength(length: number, found: number, longest: number): number {
  const factor = Math.min(4, Math.max(0.25, eventsPerStep / Math.max(1, found)))
  return Math.min(longest, Math.max(minute, Math.floor(length * factor)))
}
