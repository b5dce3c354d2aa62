import {setImmediate} from 'node:timers/promises'
import {stopSignal} from '../stop-signal.ts'
import type {SourcedEvent} from './log-event.ts'
import {createMerge, type Lane} from './merge.ts'

/** A stream of batches as a lane of a merge. */
export type BatchLane = Lane & {
  /** ends the stream */
  end(): Promise<unknown>
}

const batchSize = 128

/**
 * A stream of batches, each in the contract's order, as a lane; it is asked for the next batch when that is wanted.
 * @param onMove is told that something came, or that nothing more will
 * @param onFailure is told what the stream threw; the lane has ended then
 */
export function laneOfBatches(
  stream: AsyncIterable<readonly SourcedEvent[]>,
  onMove: () => void,
  onFailure: (error: unknown) => void,
): BatchLane {
  const batches = stream[Symbol.asyncIterator]()
  let batch: readonly SourcedEvent[] = []
  let at = 0
  let over = false
  let asked = false

  const ask = async (): Promise<void> => {
    asked = true
    try {
      const {done, value} = await batches.next()
      if (done) over = true
      else {
        batch = value
        at = 0
      }
    } catch (error) {
      over = true
      onFailure(error)
    }
    asked = false
    onMove()
  }

  return {
    head() {
      if (at < batch.length) return batch[at]
      if (over) return null
      if (!asked) void ask()
      return undefined
    },
    step() {
      at++
    },
    end: async () => batches.return?.(),
  }
}

/**
 * Merges streams of batches, each in the contract's order, into one. An empty batch only tells that a tally moved, and is
 * handed on. A stream that is left early, or fails, ends all of them. Throws what any of them throws.
 * @param open makes the streams; its signal aborts when nothing more is wanted of them, also while one is waited for
 */
export async function* mergeBatches(
  open: (signal: AbortSignal) => readonly AsyncIterable<readonly SourcedEvent[]>[],
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  const {stopped, stop} = stopSignal(signal)
  let moved = Promise.withResolvers<void>()
  let failure: {readonly error: unknown} | null = null
  const lanes = open(stopped).map(stream =>
    laneOfBatches(
      stream,
      () => moved.resolve(),
      error => {
        failure ??= {error}
      },
    ),
  )
  const merge = createMerge(lanes)
  const throwFailure = (): void => {
    if (failure) throw failure.error
  }
  try {
    for (;;) {
      moved = Promise.withResolvers()
      const events = merge.take(batchSize)
      throwFailure()
      if (events.length > 0) {
        yield events
        await setImmediate()
      } else if (merge.finished) return
      else {
        yield events
        await moved.promise
      }
    }
  } finally {
    // a stream ends when what it waits for has come, which of a query may take minutes
    stop()
    await Promise.allSettled(lanes.map(lane => lane.end()))
  }
}
