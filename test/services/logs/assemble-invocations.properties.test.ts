import fc from 'fast-check'
import {expect, test} from 'vitest'
import {assembleInvocations} from '../../../src/services/logs/assemble-invocations.ts'
import type {Invocation} from '../../../src/services/logs/invocations.ts'
import type {LogEvent} from '../../../src/services/logs/log-event.ts'
import {cases} from '../../fuzz.ts'
import {
  endLine,
  first,
  interpretAll,
  line,
  nodeLine,
  otherStream,
  reportLine,
  second,
  startLine,
  stream,
  third,
} from './events.ts'

const id = fc.constantFrom(first, second, third)
const message = fc.oneof(
  {weight: 3, arbitrary: id.map(startLine)},
  {weight: 2, arbitrary: id.map(endLine)},
  {weight: 3, arbitrary: id.map(id => reportLine(id))},
  {weight: 1, arbitrary: id.map(id => reportLine(id, 'Init Duration: 500.00 ms\t'))},
  {
    weight: 3,
    arbitrary: fc.tuple(id, fc.constantFrom('INFO', 'ERROR')).map(([id, level]) => nodeLine(id, level, 'said')),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'a line of nobody\n',
      'INIT_START Runtime Version: nodejs:20.v35\n',
      'INIT_REPORT Init Duration: 9.00 ms\tPhase: init\tStatus: error\n',
    ),
  },
  {weight: 1, arbitrary: id.map(id => `2024-08-18T22:14:43.862Z ${id} Task timed out after 3.00 seconds\n\n`)},
)
const step = fc.record({
  message,
  logStream: fc.constantFrom(stream, stream, otherStream),
  afterMs: fc.oneof(fc.nat({max: 50}), fc.nat({max: 3_000}), fc.constant(20 * 60_000)),
  late: fc.boolean(),
  /** whether time passes without an event behind it */
  passes: fc.boolean(),
})
const limits = fc.record({
  lingerMs: fc.constantFrom(0, 1_000),
  maxHeld: fc.constantFrom(1, 10, 250_000),
  maxEvents: fc.constantFrom(4, 2_000),
})

test('no event that belongs to a request is lost or doubled: it is in one invocation, or counted as not kept', () => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 60}), limits, (steps, limits) => {
      let at = 1_000
      const events: readonly LogEvent[] = interpretAll(
        steps.map(({message, logStream, afterMs, late}, i) => {
          at += afterMs
          return line(at, message, {logStream, late, eventId: `${i}`})
        }),
      )
      const assembler = assembleInvocations(limits)
      const invocations: Invocation[] = []
      for (const [i, event] of events.entries()) {
        invocations.push(...assembler.push(event))
        if (steps[i]?.passes) invocations.push(...assembler.passTime(event.timestamp + 500))
      }
      invocations.push(...assembler.flush())
      expect(assembler.flush().filter(({requestId}) => requestId !== null)).toEqual([])

      const out = invocations.flatMap(({events}) => events)
      expect(new Set(out).size).toBe(out.length)
      expect(out.every(event => events.includes(event))).toBe(true)
      for (const {requestId, logStream, events} of invocations) {
        for (const event of events) {
          expect(event.logStream).toBe(logStream)
          if (event.requestId !== null) expect(event.requestId).toBe(requestId)
        }
      }
      // a request's own lines, and those that stand in it: all of them, save what a very long one drops from its middle
      const ofRequests = events.filter(({requestId}) => requestId !== null)
      const dropped = invocations.reduce((sum, {eventsDropped}) => sum + eventsDropped, 0)
      const missing = ofRequests.filter(event => !out.includes(event))
      expect(missing.length).toBeLessThanOrEqual(dropped)
      if (dropped === 0) expect(missing).toEqual([])
    }),
    cases(400),
  )
})
