import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {assembleInvocations} from '../../src/services/logs/assemble-invocations.ts'
import {parseJson} from '../../src/services/logs/json-message.ts'
import {width} from '../../src/ui/columns.ts'
import {invocationFormatter} from '../../src/ui/invocation-block.ts'
import {invocationJsonLines, logJsonLines} from '../../src/ui/json-lines.ts'
import {anyText} from '../any-text.ts'
import {cases} from '../fuzz.ts'
import {event, lineOptions, request, shown, source, terminal} from './events.ts'

const name = fc.oneof(
  fc.constantFrom('checkout', 'a-very-long-name-of-a-function-indeed'),
  fc.string({unit: 'binary', minLength: 1, maxLength: 12}),
)
const anEvent = fc
  .record({
    name,
    message: anyText,
    late: fc.boolean(),
    logStream: anyText,
    requestId: fc.constantFrom(null, request),
    seconds: fc.nat({max: 200_000}),
  })
  .map(({name, message, requestId, ...more}) => {
    const one = event(source(name), more.seconds, message, {late: more.late, logStream: more.logStream})
    return requestId === null ? one : {...one, requestId}
  })
const events = fc.array(anEvent, {minLength: 1, maxLength: 4})

const unsafe = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]--[\u200c\u200d]]/v

describe('T33 T35 events of any text', () => {
  test('are drawn in rows that fit the terminal and hold nothing that it obeys', () => {
    fc.assert(
      fc.property(events, fc.integer({min: 40, max: 200}), fc.boolean(), (events, columns, isTTY) => {
        const text = shown(terminal(columns, {isTTY}), events)
        expect(text === '' || text.endsWith('\n')).toBe(true)
        for (const row of text.split('\n')) {
          expect(unsafe.test(row)).toBe(false)
          if (isTTY) expect([row, width(row) <= columns]).toEqual([row, true])
        }
      }),
      cases(300),
    )
  })

  test('are one JSON line each, with every code unit of the message', () => {
    fc.assert(
      fc.property(events, events => {
        const line = logJsonLines()
        for (const one of events) {
          const text = line(one)
          expect(text.indexOf('\n')).toBe(text.length - 1)
          expect(JSON.parse(text)).toMatchObject({
            schema: 'slsops/log@1',
            timestamp: new Date(one.timestamp).toISOString(),
            ingestionTime: new Date(one.ingestionTime).toISOString(),
            logGroup: one.source.logGroup,
            logStream: one.logStream,
            function: one.function?.name ?? null,
            requestId: one.requestId,
            level: one.level,
            kind: one.kind,
            message: one.message,
            late: one.late,
          })
        }
      }),
      cases(300),
    )
  })

  test('are drawn as invocations all the same, in text and in JSON', () => {
    fc.assert(
      fc.property(events, fc.integer({min: 40, max: 120}), (events, columns) => {
        const assembler = assembleInvocations()
        const invocations = [...events.flatMap(one => assembler.push(one)), ...assembler.flush()]
        const options = lineOptions(terminal(columns), events)
        const draw = invocationFormatter(options)
        const json = invocationJsonLines()
        for (const invocation of invocations) {
          for (const row of draw(invocation).split('\n')) {
            expect(unsafe.test(row)).toBe(false)
            expect([row, width(row) <= columns]).toEqual([row, true])
          }
          const read = JSON.parse(json(invocation)) as {events: {message: string}[]}
          expect(read.events.map(({message}) => message)).toEqual(invocation.events.map(({message}) => message))
        }
      }),
      cases(200),
    )
  })
})

test('T34 JSON keeps every number as it is written', () => {
  const number = fc.oneof(
    fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,20})?([eE][+-]?\d{1,4})?$/),
    fc.constantFrom('-0', '0.0', '1e5', '1E400', '100000000000000000000', '0.1', '1.10'),
  )
  // an order of keys that JavaScript keeps
  const document = fc.letrec<{value: string}>(tie => ({
    value: fc.oneof(
      {maxDepth: 3},
      number,
      fc.string().map(text => JSON.stringify(text)),
      fc.constantFrom('null', 'true'),
      fc.array(tie('value'), {maxLength: 3}).map(items => `[${items.join(',')}]`),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), tie('value')), {
          maxLength: 3,
          selector: ([key]) => key,
        })
        .map(members => `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`),
    ),
  })).value
  fc.assert(
    fc.property(document, text => {
      expect(JSON.stringify(parseJson(text))).toBe(text)
    }),
    cases(500),
  )
})
