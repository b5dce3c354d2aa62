import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {parseJson} from '../../src/services/logs/json-message.ts'
import type {OpenedLogs} from '../../src/services/logs/opened-logs.ts'
import {createTally} from '../../src/services/logs/tally.ts'
import {type LogScreen, logScreen} from '../../src/ui/log-screen.ts'
import {anyText} from '../any-text.ts'
import {cases} from '../fuzz.ts'
import {clock, event, reader, source, start, terminal} from './events.ts'
import {aReceipt} from './receipts.ts'

const api = source('checkout-api')

function screen(how: {json?: boolean; raw?: boolean; byRequest?: boolean} = {}): LogScreen {
  const {json = false, raw = false, byRequest = false} = how
  const logs: OpenedLogs = {
    sources: [api],
    scopes: [api.scope],
    groups: 4,
    openedAt: start,
    plan: {
      engine: 'filter',
      logGroups: 4,
      callsPerSecond: 10,
      firstEventsAfterMs: 700,
      why: ['it is there', 'it is free'],
      estimate: {calls: 4, seconds: 0.7, costUSD: 0, costUSDPerHour: 0, scannedBytes: 0},
      byInsights: new Set(),
      liveSessions: 0,
    },
    isSelective: false,
    notices: [],
    tally: {...createTally(4), answered: 1, pages: 3},
    reader,
    calls: () => ({calls: 5, throttles: 2}),
    steps: (async function* () {})(),
    receipt: () => null,
    verdicts: () => [],
  }
  const view = {terminal: terminal(80), clock, dated: false, highlights: []}
  return logScreen({...view, logs, json, raw, byRequest, windowText: 'the last 10 minutes', markers: null})
}

const hostile = 'ValueError\r\u00a0\u00a0File "a.py"\u001b[31m\u0000'

describe('--context', () => {
  const [before, after] = [event(api, 1, 'one'), {...event(api, 2, 'two'), isAfterGap: true} as const]

  it('draws a line where a stream goes on after a gap, as grep does', () => {
    const {draw} = screen()
    const first = draw(before)
    expect(first).not.toContain('--\n')
    expect(draw(after)).toMatch(/^--\n.*two/)
  })

  it('and none where it is data', () => {
    expect(screen({raw: true}).draw(after)).toBe('two\n')
    const json = screen({json: true}).draw(after)
    expect(json).toBe(screen({json: true}).draw({...event(api, 2, 'two')}))
    expect(screen().record(after)).toBe(json)
  })
})

describe('--raw', () => {
  it('T28 T35 gives the bytes of the message and nothing else, each message on lines of its own', () => {
    const {draw} = screen({raw: true})
    expect(draw(event(api, 1, hostile))).toBe(`${hostile}\n`)
    expect(draw(event(api, 1, 'with its own line end\n'))).toBe('with its own line end\n')
    expect(draw(event(api, 1, ''))).toBe('\n')
  })

  it('T28 gives every code unit of any message', () => {
    const {draw} = screen({raw: true})
    fc.assert(
      fc.property(anyText, text => {
        expect([text, `${text}\n`]).toContain(draw(event(api, 1, text)))
      }),
      cases(200),
    )
  })

  it('gives what was picked, text as it is and anything else as JSON', () => {
    const {draw} = screen({raw: true})
    expect(draw({...event(api, 1, '{}'), picked: 'a\tb'})).toBe('a\tb\n')
    expect(draw({...event(api, 1, '{}'), picked: parseJson('{"id":12345678901234567890}')})).toBe(
      '{"id":12345678901234567890}\n',
    )
  })

  it('T28 gives the lines of an invocation one after the other', () => {
    const {draw} = screen({raw: true, byRequest: true})
    const events = [event(api, 1, 'first'), event(api, 2, hostile)]
    const invocation = {
      source: api,
      logStream: 's',
      function: null,
      version: null,
      requestId: null,
      traceId: null,
      start,
      end: start,
      outcome: 'ok' as const,
      coldStart: false,
      report: null,
      events,
      eventsDropped: 0,
    }
    expect(draw(invocation)).toBe(`first\n${hostile}\n`)
  })
})

describe('--query', () => {
  it('adds what was picked to the JSON of the event, every digit of it', () => {
    const line = screen({json: true}).draw({...event(api, 1, 'x'), picked: parseJson('[1.0,"a"]')})
    expect(line.endsWith(',"picked":[1.0,"a"]}\n')).toBe(true)
    expect(JSON.parse(line)).toMatchObject({message: 'x', picked: [1, 'a']})
  })

  it('T35 shows what was picked in place of the message, safe for a terminal', () => {
    const line = screen().draw({...event(api, 1, '{"a":1}'), picked: 'red \u001b[31m'})
    expect(line).toContain('red ^[[31m')
    expect(line).not.toContain('{"a":1}')
  })
})

describe('around the answer', () => {
  it('T40 the plan says how it will be read, in text and in JSON', () => {
    expect(screen().plan()).toBe('engine filter\n  it is there\n  it is free\n')
    expect(JSON.parse(screen({json: true}).plan())).toMatchObject({
      schema: 'slsops/read-plan@1',
      firstEventsAfterMs: 700,
    })
  })

  it('no receipt is no text, and with --json it is one line', () => {
    expect(screen().receipt(null, terminal(80))).toBe('')
    expect(JSON.parse(screen({json: true}).receipt(aReceipt(), terminal(80)))).toMatchObject({
      schema: 'slsops/receipt@1',
    })
  })

  it('T40 how far it is comes from what was read so far', () => {
    expect(screen().reading(start + 2_000)).toEqual({
      doing: 'reading',
      waiting: 3,
      total: 4,
      pages: 3,
      readsPerSecond: 1.5,
      throttles: 2,
      remainingMs: 6_000,
    })
  })
})
