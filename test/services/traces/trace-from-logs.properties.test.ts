import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {assembleInvocations} from '../../../src/services/logs/assemble-invocations.ts'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {traceFromLogs} from '../../../src/services/traces/trace-from-logs.ts'
import {anyText} from '../../any-text.ts'
import {cases} from '../../fuzz.ts'
import {
  endLine,
  first,
  interpretAll,
  line,
  otherStream,
  reportLine,
  second,
  sourceOf,
  startLine,
  stream,
  third,
  trace,
} from '../logs/events.ts'

const sources = ['checkout', 'stock', 'mailer'].map(name => sourceOf([name]))
const ids = fc.constantFrom(first, second, third)
const messages = fc.oneof(
  anyText,
  ids.map(startLine),
  ids.map(endLine),
  fc
    .tuple(ids, fc.constantFrom('', 'Init Duration: 400.00 ms\t', 'Restore Duration: 1e9 ms\t', 'Status: timeout\t'))
    .map(([id, more]) => reportLine(id, more)),
)
const events = fc.array(
  fc.record({
    at: fc.integer({min: 0, max: 20_000}),
    message: messages,
    source: fc.constantFrom(...sources),
    logStream: fc.constantFrom(stream, otherStream),
  }),
  {maxLength: 40},
)

describe('case 33: whatever log lines say', () => {
  test('a trace of them has every execution once, and takes no negative time', () => {
    fc.assert(
      fc.property(events, all => {
        const lines = all
          .toSorted((a, b) => a.at - b.at)
          .map(({at, message, ...rest}, i) => line(1_725_530_000_000 + at, message, {...rest, eventId: `e${i}`}))
        const assembler = assembleInvocations()
        const invocations = [...interpretAll(lines).flatMap(event => assembler.push(event)), ...assembler.flush()]
        const {fetched, invocations: byId} = traceFromLogs(trace, invocations)
        const tree = assembleTrace(fetched)
        expect(tree.orphans).toEqual([])
        expect(tree.nodes.filter(({span}) => byId.has(span.id))).toHaveLength(byId.size)
        for (const {durationMs, selfMs} of tree.nodes) {
          expect(durationMs).toBeGreaterThanOrEqual(0)
          expect(selfMs).toBeGreaterThanOrEqual(0)
        }
      }),
      cases(400),
    )
  })
})
