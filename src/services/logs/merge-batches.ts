import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'

type Stream = {
  readonly batches: AsyncIterator<readonly SourcedEvent[]>
  head: readonly SourcedEvent[]
  at: number
  asked: Promise<void> | null
  over: boolean
}

const batchSize = 128

/**
 * Merges streams of batches, each in the contract's order, into one. An empty batch only tells that a tally moved, and is
 * handed on. A stream that is left early, or fails, ends all of them. Throws what any of them throws.
 */
export async function* mergeBatches(
  streams: readonly AsyncIterable<readonly SourcedEvent[]>[],
): AsyncGenerator<SourcedEvent[]> {
  const all: Stream[] = streams.map(stream => ({
    batches: stream[Symbol.asyncIterator](),
    head: [],
    at: 0,
    asked: null,
    over: false,
  }))
  try {
    for (;;) {
      const waiting = all.filter(stream => !stream.over && stream.at >= stream.head.length)
      if (waiting.length > 0) {
        await Promise.race(waiting.map(ask))
        if (waiting.some(({over, at, head}) => !over && at >= head.length)) yield []
        continue
      }
      const events = next(all)
      if (events.length === 0) return
      yield events
    }
  } finally {
    await Promise.allSettled(all.map(({batches}) => batches.return?.()))
  }
}

function ask(stream: Stream): Promise<void> {
  stream.asked ??= stream.batches.next().then(({done, value}) => {
    stream.asked = null
    if (done) stream.over = true
    else {
      stream.head = value
      stream.at = 0
    }
  })
  return stream.asked
}

/** Events that are certainly next: until a stream's batch is used up. */
function next(all: readonly Stream[]): SourcedEvent[] {
  const events: SourcedEvent[] = []
  while (events.length < batchSize) {
    let least: Stream | null = null
    for (const stream of all) {
      if (stream.at >= stream.head.length) {
        if (stream.over) continue
        return events
      }
      if (least === null || compareEvents(headOf(stream), headOf(least)) < 0) least = stream
    }
    if (least === null) break
    events.push(headOf(least))
    least.at++
  }
  return events
}

const headOf = ({head, at}: Stream): SourcedEvent => head[at] as SourcedEvent
