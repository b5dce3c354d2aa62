// Streams and events that clients make; they live as long as the process.

import {stamp} from './log-events.ts'
import {mix, textKey} from './random.ts'
import type {SandboxLogEvent, SandboxLogStream} from './world.ts'

type Stream = {readonly createdAt: number; readonly events: SandboxLogEvent[]; storedBytes: number}

export type ClientLogs = {
  /** of all events of a group */
  storedBytes(group: string): number
  streams(group: string): readonly SandboxLogStream[]
  events(group: string): readonly SandboxLogEvent[]
  /** forgets what is in a group, which is no more */
  drop(group: string): void
  createStream(group: string, name: string): void
  put(group: string, stream: string, events: readonly {readonly timestamp: number; readonly message: string}[]): void
}

/** AWS counts so many bytes for each event besides its text. */
const eventOverheadBytes = 26

export function createClientLogs(now: () => number): ClientLogs {
  const streams = new Map<string, Map<string, Stream>>()
  let requests = 0

  function streamOf(group: string, name: string): Stream {
    const ofGroup = streams.get(group) ?? new Map<string, Stream>()
    streams.set(group, ofGroup)
    const stream = ofGroup.get(name) ?? {createdAt: now(), events: [], storedBytes: 0}
    ofGroup.set(name, stream)
    return stream
  }
  const streamsOf = (group: string) => [...(streams.get(group) ?? [])]

  return {
    storedBytes: group => streamsOf(group).reduce((sum, [, {storedBytes}]) => sum + storedBytes, 0),
    streams: group => streamsOf(group).map(([name, stream]) => describe(name, stream)),
    events: group => streamsOf(group).flatMap(([, stream]) => stream.events),
    drop: group => void streams.delete(group),
    createStream: (group, name) => void streamOf(group, name),
    put(group, name, events) {
      const stream = streamOf(group, name)
      const request = requests++
      const key = mix(textKey(`${group} ${name}`), request)
      const ingestionTime = now()
      const order = request * 16_384
      for (const [i, event] of stamp(events, name, key, mix(key, 1)).entries()) {
        stream.events.push({...event, eventId: event.eventId, ingestionTime, order: order + i})
        stream.storedBytes += Buffer.byteLength(event.message) + eventOverheadBytes
      }
    },
  }
}

function describe(name: string, {createdAt, events}: Stream): SandboxLogStream {
  let firstEventAt: number | null = null
  let lastEventAt: number | null = null
  let lastIngestedAt: number | null = null
  for (const {timestamp, ingestionTime} of events) {
    firstEventAt = Math.min(firstEventAt ?? timestamp, timestamp)
    lastEventAt = Math.max(lastEventAt ?? timestamp, timestamp)
    lastIngestedAt = Math.max(lastIngestedAt ?? ingestionTime, ingestionTime)
  }
  return {name, createdAt, firstEventAt, lastEventAt, lastIngestedAt}
}
