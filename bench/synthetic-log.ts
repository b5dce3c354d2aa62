import {invocationLines, linesPerInvocation} from './sample-lines.ts'

export type LogShape = {
  /** events of each log group */
  readonly sizes: readonly number[]
  /** epoch ms, first and last possible timestamp */
  readonly start: number
  readonly end: number
}

export type SyntheticLog = {
  /** index of a group's first event at or after a time */
  indexAt(group: number, time: number): number
  /**
   * One page of FilterLogEvents: as many of the events `from` … `to` (exclusive) as it may hold.
   * @param tokenAt makes the token that asks for the rest
   */
  page(
    group: number,
    events: {readonly from: number; readonly to: number; readonly limit: number},
    tokenAt: (index: number) => string,
  ): {readonly body: Buffer; readonly events: number}
}

/** Name of group `g`, the default log group of function `bench-g`. */
export const groupName = (group: number): string => `/aws/lambda/bench-${String(group).padStart(3, '0')}`

/** FilterLogEvents answers at most 10,000 events and 1 MB a page. */
const mostEvents = 10_000
const mostBytes = 2 ** 20
const invocationsInForm = 512
/** four waves of traffic over the window, the crest about twelve times the trough */
const waves = 4
const swing = 0.85

/**
 * A log that is a formula: event `i` of group `g` is always the same, and nothing is stored but one form of 4,096 events,
 * whose bytes are copied and filled in with timestamps, ids and request ids. The words of the messages thus repeat, also
 * the clock times inside them; request ids stay true to their invocation. So a page costs about a memory copy.
 */
export function syntheticLog({sizes, start, end}: LogShape): SyntheticLog {
  const form = createForm()

  const timeOf = (group: number, index: number): number => {
    const share = (index + 0.5) / (sizes[group] ?? 1)
    const turn = 2 * Math.PI * waves
    const phase = group * 1.7
    const warped = share + (swing / turn) * (Math.sin(turn * share + phase) - Math.sin(phase))
    return start + Math.floor((end - start) * warped)
  }

  return {
    indexAt(group, time) {
      let low = 0
      let high = sizes[group] ?? 0
      while (low < high) {
        const middle = (low + high) >> 1
        if (timeOf(group, middle) < time) low = middle + 1
        else high = middle
      }
      return low
    },
    page(group, {from, to, limit}, tokenAt) {
      const most = Math.min(to - from, limit, mostEvents)
      let bytes = head.length + tailBytes
      let count = 0
      while (count < most) {
        const size = form.sizeOf(from + count)
        if (bytes + size > mostBytes) break
        bytes += size
        count++
      }
      const next = from + count < to ? from + count : null
      const tail = `],${next === null ? '' : `"nextToken":"${tokenAt(next)}",`}"searchedLogStreams":[]}`
      const events = Math.max(0, bytes - head.length - tailBytes - 1)
      const body = Buffer.allocUnsafe(head.length + events + tail.length)
      body.write(head, 0, 'latin1')
      form.fill(body, head.length, group, from, count, index => timeOf(group, index))
      body.write(tail, head.length + events, 'latin1')
      return {body, events: count}
    },
  }
}

const head = '{"events":['
/** room for the token */
const tailBytes = 200

type Form = {
  /** bytes of an event and the comma after it */
  sizeOf(index: number): number
  /** writes `count` events from index `from` on, with commas between them */
  fill(body: Buffer, at: number, group: number, from: number, count: number, timeOf: (index: number) => number): void
}

const hole = {
  timestamp: '1000000000000',
  ingestion: '2000000000000',
  serial: '3333333333',
  group: '4444',
  request: 'dddddddd',
}
const hexDigits = Buffer.from('0123456789abcdef')

/** The events of 512 invocations as JSON text with holes of fixed width. */
function createForm(): Form {
  const events = Array.from({length: invocationsInForm}, (_, seed) => renderInvocation(seed)).flat()
  const bytes = Buffer.from(events.map(text => `${text},`).join(''))
  const starts = new Uint32Array(events.length + 1)
  events.forEach((text, i) => {
    starts[i + 1] = (starts[i] ?? 0) + Buffer.byteLength(text) + 1
  })
  const startOf = (slot: number): number => starts[slot] as number
  const holesOf = (text: string, what: string): number[] => {
    const found: number[] = []
    for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1))
      found.push(Buffer.byteLength(text.slice(0, at)))
    return found
  }
  const holes = events.map(text => ({
    timestamp: holesOf(text, hole.timestamp),
    ingestion: holesOf(text, hole.ingestion),
    serial: holesOf(text, hole.serial),
    group: holesOf(text, hole.group),
    request: holesOf(text, hole.request),
  }))

  return {
    sizeOf: index => startOf((index % events.length) + 1) - startOf(index % events.length),
    fill(body, at, group, from, count, timeOf) {
      const to = from + count
      for (let index = from, into = at; index < to; ) {
        const slot = index % events.length
        const slots = Math.min(events.length - slot, to - index)
        // the last comma is left to the next stretch, and left out of the page's end
        const length = startOf(slot + slots) - startOf(slot) - (index + slots === to ? 1 : 0)
        bytes.copy(body, into, startOf(slot), startOf(slot) + length)
        index += slots
        into += length
      }
      let event = at
      for (let index = from; index < to; index++) {
        const slot = index % events.length
        const {timestamp, ingestion, serial, group: groups, request} = holes[slot] as (typeof holes)[number]
        const time = timeOf(index)
        for (const hole of timestamp) writeDecimal(body, event + hole, time, 13)
        for (const hole of ingestion) writeDecimal(body, event + hole, time + 300 + ((index * 37) % 1200), 13)
        for (const hole of serial) writeDecimal(body, event + hole, index, 10)
        for (const hole of groups) writeDecimal(body, event + hole, group, 4)
        const invocation = Math.floor(index / linesPerInvocation)
        for (const hole of request) writeHex(body, event + hole, (Math.imul(invocation, 2654435761) ^ group) >>> 0)
        event += startOf(slot + 1) - startOf(slot)
      }
    },
  }
}

function renderInvocation(seed: number): string[] {
  const requestId = `${hole.request}-5b1a-4c3d-9e8f-${seed.toString(16).padStart(12, '0')}`
  const stream = `2026/11/20/[42]${(seed % 24).toString(16).padStart(32, 'c0ffee00')}`
  return invocationLines(seed, requestId).map(
    message =>
      `{"logStreamName":"${stream}","timestamp":${hole.timestamp},"message":${JSON.stringify(message)},"ingestionTime":${hole.ingestion},"eventId":"38${hole.timestamp}${'7'.repeat(27)}${hole.group}${hole.serial}"}`,
  )
}

/** Six digits at a time, since small integers divide much faster than large ones. */
function writeDecimal(body: Buffer, at: number, value: number, width: number): void {
  const high = Math.floor(value / 1_000_000)
  let low = (value - high * 1_000_000) | 0
  let left = high | 0
  let i = at + width - 1
  for (let digits = 0; digits < 6 && i >= at; digits++, i--) {
    const rest = (low / 10) | 0
    body[i] = 48 + low - rest * 10
    low = rest
  }
  for (; i >= at; i--) {
    const rest = (left / 10) | 0
    body[i] = 48 + left - rest * 10
    left = rest
  }
}

function writeHex(body: Buffer, at: number, value: number): void {
  for (let i = 7; i >= 0; i--) {
    body[at + i] = hexDigits[value & 15] as number
    value >>>= 4
  }
}
