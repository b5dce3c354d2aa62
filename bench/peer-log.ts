import {groupName} from './synthetic-log.ts'

/** One event of the truth that the peers are judged against. */
export type PeerEvent = {
  /** position in the whole log, and what its message carries: `peer-0000123` */
  readonly id: number
  readonly group: number
  readonly stream: string
  readonly timestamp: number
  /** when the server begins to show it */
  readonly ingestionTime: number
  /** it comes 20–90 s after its time */
  readonly late: boolean
  readonly message: string
}

export type PeerLogShape = {
  readonly groups: number
  readonly events: number
  /** epoch ms, first and last possible timestamp */
  readonly start: number
  readonly end: number
  /** what is not late comes 0.2 s to this long after its time, half of it in an eighth of that */
  readonly slowestMs: number
  /** epoch ms: no late event comes later than this; null: none comes late */
  readonly lastArrival: number | null
}

const eventsPerInvocation = 4
const lateShare = 0.04
/** a function gets new log streams as often as a tenth of the window */
const streamTurns = 10

export const markerOf = (id: number): string => `peer-${String(id).padStart(7, '0')}`

/**
 * The whole log, the same for the same shape: invocations of four events each, scattered over groups and time. Three in
 * ten events share the millisecond of the one before. An invocation's events come in one batch, but one event in five by itself.
 */
export function peerLog({groups, events, start, end, slowestMs, lastArrival}: PeerLogShape): readonly PeerEvent[] {
  const random = mulberry32(groups * 1_000_003 + events)
  const whole = (below: number): number => Math.floor(random() * below)
  const slotMs = (end - start) / streamTurns
  const onTimeMs = (): number => 200 + Math.floor((slowestMs - 200) * random() ** 3)
  const log: PeerEvent[] = []
  const invocations = Math.ceil(events / eventsPerInvocation)
  for (let invocation = 0; invocation < invocations; invocation++) {
    // every group has its share, whatever chance says
    const group = invocation < groups ? invocation : whole(groups)
    // the seconds before the end are left for the rest of the invocation
    let timestamp = start + whole(end - start - 2_000)
    const room = lastArrival === null ? 0 : (lastArrival - timestamp) / 1000
    const late = room > 20 && random() < lateShare
    const delayMs = late ? 20_000 + whole((Math.min(90, room) - 20) * 1000) : onTimeMs()
    const slot = Math.floor((timestamp - start) / slotMs)
    const stream = `2026/11/20/[$LATEST]${`${group}${slot}${whole(2)}`.padStart(32, 'c0ffee00')}`
    const requestId = `${(invocation * 2654435761) >>> 0}`.padStart(8, '0')
    for (let line = 0; line < eventsPerInvocation; line++) {
      const id = log.length
      if (line > 0 && random() > 0.3) timestamp += 1 + whole(400)
      const alone = !late && random() < 0.2
      const ingestionTime = timestamp + (alone ? onTimeMs() : delayMs)
      log.push({id, group, stream, timestamp, ingestionTime, late, message: messageOf(id, timestamp, requestId)})
    }
  }
  return log
}

/** Lambda's text lines, and JSON now and then; the marker stands once in each. */
function messageOf(id: number, timestamp: number, requestId: string): string {
  const time = new Date(timestamp).toISOString()
  const request = `${requestId.slice(-8)}-5b1a-4c3d-9e8f-0123456789ab`
  const marker = markerOf(id)
  return id % 4 === 2
    ? `${JSON.stringify({timestamp: time, level: 'INFO', requestId: request, message: 'stock reserved', marker, items: id % 9})}\n`
    : `${time}\t${request}\tINFO\t${marker} sent order-confirmed for ord_${id * 7919} to orders-topic in ${id % 900} ms\n`
}

/** Lines of one group as FilterLogEvents orders them: by time, then arrival. */
export function eventsOfGroup(log: readonly PeerEvent[], group: number): PeerEvent[] {
  return log
    .filter(event => event.group === group)
    .sort((a, b) => a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || a.id - b.id)
}

export const peerGroupNames = (groups: number): string[] => Array.from({length: groups}, (_, group) => groupName(group))

/** A small generator of numbers in [0, 1), the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
