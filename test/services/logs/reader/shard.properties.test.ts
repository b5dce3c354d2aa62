import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {compareEvents} from '../../../../src/services/logs/order.ts'
import {accept, bytesKept, createShard, head, restart, type Shard, split} from '../../../../src/services/logs/shard.ts'
import {cases} from '../../../fuzz.ts'
import {pageOf, sourcedEvent} from './fake-events.ts'

const last = 40

/** What is done with the shards of a window, in turns. */
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({kind: fc.constant('answer' as const), shard: fc.nat({max: 5}), events: fc.nat({max: 4})}),
  },
  {weight: 2, arbitrary: fc.record({kind: fc.constant('read' as const), events: fc.nat({max: 6})})},
  {
    weight: 1,
    arbitrary: fc.record({kind: fc.constantFrom('same token' as const, 'same page' as const), shard: fc.nat({max: 5})}),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constant('stale token' as const), shard: fc.nat({max: 5})})},
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      shard: fc.nat({max: 5}),
      cuts: fc.uniqueArray(fc.integer({min: 1, max: last}), {minLength: 1, maxLength: 3}),
    }),
  },
)

const event = fc.record({timestamp: fc.nat({max: last}), lag: fc.nat({max: 1}), logStream: fc.constantFrom('s', 't')})

/** Serves a window from where a token says; a token is the place of the next event among all. */
function answer(all: readonly SourcedEvent[], {askFrom, end, token}: Shard, most: number) {
  const begin = token === null ? all.findIndex(({timestamp}) => timestamp >= askFrom) : Number(token)
  const inWindow = begin === -1 ? [] : all.slice(begin).filter(({timestamp}) => timestamp <= end)
  const nextToken = most > inWindow.length ? null : `${Math.max(0, begin) + most}`
  const events = inWindow.slice(0, most)
  return {
    ...pageOf(events, begin === -1 ? null : nextToken),
    *slices() {
      for (let at = 0; at < events.length; at += 2) yield events.slice(at, at + 2)
    },
  }
}

test.each([true, false])(
  'T14 whatever the pages, the restarts and the cuts, a window’s events are read once and in order (with event ids: %s)',
  hasIds => {
    fc.assert(
      fc.property(fc.array(event, {maxLength: 30}), fc.array(action, {maxLength: 60}), (events, actions) => {
        const all = events
          .map(({timestamp, lag, logStream}, i) =>
            sourcedEvent(timestamp, hasIds ? `${i}` : null, {
              ingestionTime: timestamp + lag,
              logStream,
              message: `${i}`,
            }),
          )
          .toSorted((a, b) => a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime)
        const shards = [createShard(0, last)]
        const done: Shard[] = []
        const readOut: SourcedEvent[] = []
        const read = (most: number): void => {
          for (let n = 0; n < most; ) {
            const [current] = shards
            const next = current && head(current)
            if (!current || next === undefined) return
            if (next === null) done.push(...shards.splice(0, 1))
            else {
              readOut.push(next)
              current.at++
              n++
            }
          }
        }
        for (const action of actions) {
          if (action.kind === 'read') {
            read(action.events)
            continue
          }
          const shard = shards[action.shard]
          if (!shard || shard.complete) continue
          const {token} = shard
          if (action.kind === 'answer') accept(shard, answer(all, shard, action.events), token)
          else if (action.kind === 'same token' && token !== null) accept(shard, pageOf([], token), token)
          else if (action.kind === 'same page' && token !== null)
            accept(shard, {...answer(all, shard, 3), nextToken: token}, token)
          else if (action.kind === 'stale token' && token !== null) restart(shard)
          else if (action.kind === 'split') {
            const from = shard.lastTimestamp ?? shard.askFrom
            const cuts = action.cuts.filter(cut => cut > from && cut <= shard.end).sort((a, b) => a - b)
            if (cuts.length > 0) shards.splice(shards.indexOf(shard) + 1, 0, ...split(shard, cuts))
          }
        }
        while (shards.length > 0) {
          for (const shard of shards) if (!shard.complete) accept(shard, answer(all, shard, 3), shard.token)
          read(Number.POSITIVE_INFINITY)
        }
        expect(readOut.map(({message}) => message)).toEqual(all.toSorted(compareEvents).map(({message}) => message))
        expect(done.map(bytesKept)).toEqual(done.map(() => 0))
      }),
      cases(1_000),
    )
  },
)
