import {describe, expect, test} from 'vitest'
import {accept, bytesKept, createShard, head, restart, type Shard, split} from '../../../../src/services/logs/shard.ts'
import {sourcedEvent as event, idsOf, pageOf} from './fake-events.ts'

/** Takes what the shard can give now. */
function drain(shard: Shard): (string | null)[] {
  const events = []
  for (let next = head(shard); next; next = head(shard)) {
    events.push(next)
    shard.at++
  }
  return idsOf(events)
}

describe('a shard', () => {
  test('holds back the last millisecond until it knows that it is over', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(1, 'a'), event(2, 'c')], 't'), null)
    expect(drain(shard)).toEqual(['a'])
    accept(shard, pageOf([event(2, 'b'), event(3, 'd')], 'u'), 't')
    expect(drain(shard)).toEqual(['b', 'c'])
    accept(shard, pageOf([], null), 'u')
    expect(drain(shard)).toEqual(['d'])
    expect(head(shard)).toBe(null)
  })

  test('that began with an empty page does not know its first event', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([], 't'), null)
    expect(head(shard)).toBe(undefined)
    accept(shard, pageOf([], null), 't')
    expect(head(shard)).toBe(null)
  })

  test('counts answers that bring their own token back', () => {
    const shard = createShard(0, 100)
    const repeats = ['t', 't', 't', 'u'].map((token, i) => {
      accept(shard, pageOf([], token), i === 0 ? null : 't')
      return shard.repeats
    })
    expect(repeats).toEqual([0, 1, 2, 0])
  })

  test('T2 whose token comes back with the same events takes them once', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(1, 'a')], 't'), null)
    accept(shard, pageOf([event(2, 'b'), event(3, 'c')], 't'), 't')
    accept(shard, pageOf([event(2, 'b'), event(3, 'c'), event(3, 'd')], 't'), 't')
    accept(shard, pageOf([event(2, 'b'), event(3, 'c'), event(3, 'd')], 'u'), 't')
    accept(shard, pageOf([event(4, 'e')], null), 'u')
    expect(drain(shard)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('that starts anew asks from the last millisecond, and takes what it had there only once', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(1, 'a'), event(5, 'b'), event(5, 'c')], 't'), null)
    restart(shard)
    expect(shard).toMatchObject({token: null, askFrom: 5, end: 100})
    accept(shard, pageOf([event(5, 'b'), event(5, 'c'), event(5, 'd')], 'u'), null)
    restart(shard)
    accept(shard, pageOf([event(5, 'b'), event(5, 'c'), event(5, 'd'), event(6, 'e')], null), null)
    expect(drain(shard)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('that starts anew after its events were read takes none of them twice', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(1, 'a'), event(5, 'b')], 't'), null)
    expect(drain(shard)).toEqual(['a'])
    restart(shard)
    accept(shard, pageOf([event(5, 'b'), event(7, 'c')], 'u'), null)
    expect(drain(shard)).toEqual(['b'])
    accept(shard, pageOf([event(8, 'd')], null), 'u')
    expect(drain(shard)).toEqual(['c', 'd'])
  })

  test('that starts anew on a server that gives no event ids takes no event twice either', () => {
    const shard = createShard(0, 100)
    const nameless = (message: string) => event(5, null, {message})
    accept(shard, pageOf([nameless('a'), nameless('b')], 't'), null)
    restart(shard)
    accept(shard, pageOf([nameless('a'), nameless('b'), nameless('c')], null), null)
    const messages = []
    for (let next = head(shard); next; next = head(shard)) {
      messages.push(next.message)
      shard.at++
    }
    expect(messages).toEqual(['a', 'b', 'c'])
  })

  test('that starts anew before it saw anything asks from its own start', () => {
    const shard = createShard(3, 100)
    accept(shard, pageOf([], 't'), null)
    restart(shard)
    expect(shard).toMatchObject({token: null, askFrom: 3})
  })

  test('T14 is split without a gap and without an overlap', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(10, 'a')], 't'), null)
    const rest = split(shard, [40, 70])
    expect([shard, ...rest].map(({askFrom, end, token}) => [askFrom, end, token])).toEqual([
      [10, 39, null],
      [40, 69, null],
      [70, 100, null],
    ])
  })

  test('tells what it keeps: waiting pages, and the one it is in', () => {
    const shard = createShard(0, 100)
    accept(shard, pageOf([event(1, 'a'), event(2, 'b')], 't'), null)
    accept(shard, pageOf([event(3, 'c'), event(4, 'd')], null), 't')
    expect(bytesKept(shard)).toBe(400)
    expect(head(shard)).toMatchObject({eventId: 'a'})
    expect(bytesKept(shard)).toBe(400)
    drain(shard)
    expect(bytesKept(shard)).toBe(0)
  })
})

test('a server that answers stream by stream is put into the order of time, a page at a time', () => {
  const shard = createShard(0, 100)
  accept(shard, pageOf([event(0, 'a0'), event(4, 'a4'), event(7, 'a7'), event(4, 'b4')], null), null)
  expect(drain(shard)).toEqual(['a0', 'a4', 'b4', 'a7'])
})
