import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {mergeBatches} from '../../../../src/services/logs/merge-batches.ts'
import {sourcedEvent} from './fake-events.ts'

const at = (...times: readonly number[]): SourcedEvent[] => times.map(time => sourcedEvent(time, `e${time}`))

async function* batches(...all: readonly SourcedEvent[][]): AsyncGenerator<SourcedEvent[]> {
  for (const batch of all) yield batch
}

const merged = (streams: readonly AsyncIterable<SourcedEvent[]>[]): AsyncGenerator<SourcedEvent[]> =>
  mergeBatches(() => streams, new AbortController().signal)

const times = (events: readonly SourcedEvent[][]): number[] => events.flat().map(({timestamp}) => timestamp)

describe('streams of batches', () => {
  test('come as one in order, whatever the cuts', async () => {
    const events = await Array.fromAsync(
      merged([batches(at(1, 4), at(6)), batches(at(2), [], at(3, 5, 7, 8)), batches()]),
    )
    expect(times(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('tell that a tally moved by an empty batch', async () => {
    const events = await Array.fromAsync(merged([batches([], at(1)), batches(at(2))]))
    expect(events).toContainEqual([])
    expect(times(events)).toEqual([1, 2])
  })

  test('hold back what an earlier event may still go before', async () => {
    const slow = Promise.withResolvers<SourcedEvent[]>()
    async function* late(): AsyncGenerator<SourcedEvent[]> {
      yield await slow.promise
    }
    const events = Array.fromAsync(merged([batches(at(2, 3)), late()]))
    slow.resolve(at(1))
    expect(times(await events)).toEqual([1, 2, 3])
  })

  test('end all when one fails', async () => {
    let ended = false
    async function* endless(): AsyncGenerator<SourcedEvent[]> {
      try {
        for (let time = 1; ; time++) yield at(time)
      } finally {
        ended = true
      }
    }
    async function* failing(): AsyncGenerator<SourcedEvent[]> {
      yield at(3)
      throw new Error('no more')
    }
    await expect(Array.fromAsync(merged([endless(), failing()]))).rejects.toThrow('no more')
    expect(ended).toBe(true)
  })

  test('end at once when nothing more is wanted, though one still waits for its answer', async () => {
    let waits = false
    async function* waiting(signal: AbortSignal): AsyncGenerator<SourcedEvent[]> {
      yield []
      waits = true
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const {signal} = new AbortController()
    for await (const _ of mergeBatches(stopped => [batches(at(1)), waiting(stopped)], signal)) if (waits) break
    expect(signal.aborted).toBe(false)
  })
})
