import type {SandboxLogEvent} from '../../world/world.ts'

/**
 * A place between two events of a log group's answer order. It names the event just passed, not a count, so that
 * events which become visible behind it shift nothing.
 */
export type Position = {
  readonly timestamp: number
  readonly ingestionTime: number
  readonly order: number
  /** tells events apart that share all three; -1 where no event was passed */
  readonly mark: number
}

type OrderKey = Pick<SandboxLogEvent, 'timestamp' | 'ingestionTime' | 'order'>

const farOrder = 1e15

/** AWS's answer order: by timestamp, then ingestion time, then PutLogEvents request. */
function compareOrder(a: OrderKey, b: OrderKey): number {
  return a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || a.order - b.order
}

export function positionOf(event: SandboxLogEvent): Position {
  return {
    timestamp: event.timestamp,
    ingestionTime: event.ingestionTime,
    order: event.order,
    mark: markOf(event.eventId),
  }
}

/** The place before anything that happened at `timestamp`, in reading direction. */
export function positionBefore(timestamp: number, newestFirst: boolean): Position {
  return newestFirst
    ? {timestamp, ingestionTime: 1e13 - 1, order: farOrder, mark: -1}
    : {timestamp, ingestionTime: 0, order: -farOrder, mark: -1}
}

/** The events past a position; both in reading direction. */
export function eventsBeyond(
  events: readonly SandboxLogEvent[],
  position: Position,
  newestFirst: boolean,
): readonly SandboxLogEvent[] {
  const direction = newestFirst ? -1 : 1
  const start = events.findIndex(event => direction * compareOrder(event, position) >= 0)
  if (start === -1) return []
  for (let index = start; index < events.length; index++) {
    const event = events[index]
    if (event === undefined || compareOrder(event, position) !== 0) break
    if (markOf(event.eventId) === position.mark) return events.slice(index + 1)
  }
  return events.slice(start)
}

const widths = [13, 13, 16, 10] as const

/** A position as a row of digits, as in the tokens of GetLogEvents. */
export function positionToDigits({timestamp, ingestionTime, order, mark}: Position): string {
  return [timestamp, ingestionTime, order + farOrder, mark + 1]
    .map((value, index) => String(value).padStart(widths[index] ?? 0, '0'))
    .join('')
}

/** The inverse of {@link positionToDigits}; undefined for anything else. */
export function positionFromDigits(digits: string): Position | undefined {
  const parts = /^(\d{13})(\d{13})(\d{16})(\d{10})$/.exec(digits)
  if (!parts) return undefined
  const [timestamp = 0, ingestionTime = 0, order = 0, mark = 0] = parts.slice(1).map(Number)
  return {timestamp, ingestionTime, order: order - farOrder, mark: mark - 1}
}

/** FNV-1a, 32 bits: short enough for a token, and two events of one millisecond and request never collide in practice. */
function markOf(eventId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < eventId.length; index++) hash = Math.imul(hash ^ eventId.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % 0xfffffffe
}
