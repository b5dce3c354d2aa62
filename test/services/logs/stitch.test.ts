import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {continues} from '../../../src/services/logs/stitch.ts'
import {first, interpretAll, line, nodeLine, otherStream} from './events.ts'

/** The messages of each run of events that belong together. */
function runs(lines: readonly SourcedEvent[]): readonly (readonly string[])[] {
  const events = interpretAll(lines)
  const all: string[][] = []
  for (const [i, event] of events.entries()) {
    const previous = events[i - 1]
    if (previous && continues(previous, event)) all.at(-1)?.push(event.message)
    else all.push([event.message])
  }
  return all
}

describe('T32 continues', () => {
  test('JSON that a runtime split into one event per line is one again', () => {
    expect(runs(['Event: ', '{', '  "foo": "bar"', '}', 'next'].map(message => line(1, message)))).toEqual([
      ['Event: ', '{', '  "foo": "bar"', '}'],
      ['next'],
    ])
  })

  test('a Java stack trace goes on with what was thrown', () => {
    const lines = [
      'java.lang.IllegalStateException: no stock',
      '\tat shop.Stock.take(Stock.java:12)',
      'Caused by: java.io.IOException',
      '\tat shop.Db.read(Db.java:3)',
      '\t... 12 more',
    ]
    expect(runs(lines.map(message => line(1, message)))).toEqual([lines])
  })

  test('a Go panic goes on with its goroutine', () => {
    const lines = [
      'panic: no stock [recovered]',
      '\tpanic: no stock',
      '',
      'goroutine 1 [running]:',
      'main.(*Stock).Take(0xc000)',
      '\t/build/stock.go:12 +0x1d',
      'main.main()',
      '\t/build/main.go:7 +0x1d',
    ]
    expect(runs(lines.map(message => line(1, `${message}\n`)))).toHaveLength(1)
  })

  test('a stream between two lines parts them', () => {
    const lines = [
      line(1, 'Event: '),
      line(1, '{'),
      line(1, 'of another stream', {logStream: otherStream}),
      line(1, '  "foo": "bar"'),
      line(1, '}'),
    ]
    expect(runs(lines)).toEqual([['Event: ', '{'], ['of another stream'], ['  "foo": "bar"', '}']])
  })

  test.each([
    ['a later line', line(1, 'a:'), line(2, '  b')],
    ['a line with a level', line(1, 'a:'), line(1, nodeLine(first, 'INFO', 'b'))],
    ['a blank line', line(1, 'a:'), line(1, ' \n')],
    ['an object after another', line(1, '}'), line(1, '{')],
    ['a line of the platform', line(1, 'a:'), line(1, `END RequestId: ${first}`)],
  ])('%s stands by itself', (_, previous, next) => {
    expect(runs([previous, next])).toHaveLength(2)
  })
})
