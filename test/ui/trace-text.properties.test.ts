import fc from 'fast-check'
import {expect, test} from 'vitest'
import {assembleTrace} from '../../src/services/traces/assemble-trace.ts'
import {diffTraces} from '../../src/services/traces/diff-traces.ts'
import type {Span} from '../../src/services/traces/span.ts'
import type {Trace} from '../../src/services/traces/trace.ts'
import {width} from '../../src/ui/columns.ts'
import {traceDiffText} from '../../src/ui/trace-diff-text.ts'
import {traceJson} from '../../src/ui/trace-json.ts'
import {traceMarkdown} from '../../src/ui/trace-markdown.ts'
import {traceSvg} from '../../src/ui/trace-svg.ts'
import {traceText} from '../../src/ui/trace-text.ts'
import {anyText} from '../any-text.ts'
import {cases} from '../fuzz.ts'
import {spanOf} from '../services/traces/spans.ts'
import {aFewSeconds, clock, reader, start, terminal} from './events.ts'
import {linked, reportOf, traceId} from './traces.ts'

// few of them, so that spans meet as parents, children, duplicates and circles
const anyId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '\u001b[2J')
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, {nil: null})
const anyName = fc.oneof(
  anyText,
  fc.constantFrom(
    'Lambda',
    'Initialization',
    'Invocation',
    'Restore',
    'Overhead',
    'Dwell Time',
    'Attempt #1',
    'DynamoDB',
  ),
)
const anyTime = fc.oneof(
  fc.integer({min: 0, max: 900_000}),
  fc.double({min: 0, max: 10, noNaN: true}),
  fc.constantFrom(0, -11_000_000, 1, 0.001),
)
const anyException = fc.record({
  id: maybe(anyId),
  type: maybe(anyText),
  message: maybe(anyText),
  remote: fc.boolean(),
  stack: fc.array(fc.record({path: anyText, line: maybe(fc.nat()), label: maybe(anyText)}), {maxLength: 2}),
})

const anySpan: fc.Arbitrary<Span> = fc
  .record({
    id: anyId,
    parentId: maybe(anyId),
    documentId: anyId,
    kind: fc.constantFrom('segment', 'subsegment', 'span', 'invocation'),
    name: anyName,
    origin: maybe(fc.oneof(anyText, fc.constantFrom('AWS::Lambda', 'AWS::Lambda::Function'))),
    namespace: maybe(fc.constantFrom('aws', 'remote')),
    start: anyTime,
    end: maybe(anyTime),
    isInferred: fc.boolean(),
    status: fc.constantFrom('ok', 'ok', 'error', 'throttle', 'fault'),
    cause: maybe(
      fc.oneof(
        fc.record({exceptions: fc.array(anyException, {maxLength: 3})}),
        anyId.map(exceptionId => ({exceptionId})),
      ),
    ),
    http: maybe(
      fc.record({
        method: maybe(anyText),
        url: maybe(anyText),
        status: maybe(fc.integer({min: 100, max: 599})),
        userAgent: fc.constant(null),
        clientIp: fc.constant(null),
      }),
    ),
    operation: maybe(anyText),
    resource: maybe(anyText),
    functionArn: maybe(fc.oneof(anyText, fc.constant('arn:aws:lambda:eu-west-1:1:function:f:7'))),
    retries: fc.nat({max: 3}),
  } as const)
  .map(span => spanOf({...span, start: start + span.start, end: span.end === null ? null : start + span.end}))

const anyTrace: fc.Arbitrary<Trace> = fc
  .tuple(fc.array(anySpan, {maxLength: 14}), fc.boolean(), fc.array(anyText, {maxLength: 1}))
  .map(([spans, isLimitExceeded, problems]) =>
    assembleTrace({id: traceId, source: 'xray', spans, isLimitExceeded, problems}),
  )

/** What a terminal would obey. Joiners stand in emoji and in words of some scripts, where they belong. */
const obeyed = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\n\u200c\u200d]]/v
const anyColumns = fc.integer({min: 40, max: 230})

const reportWith = (trace: Trace, other: Trace) =>
  reportOf(trace, {
    linked: [linked(other, trace), linked(null, trace, {whyMissing: 'gone'})],
    logs: new Map(trace.nodes.slice(0, 2).map(({id}) => [`${trace.id}/${id}`, aFewSeconds])),
  })

test('case 33: whatever a trace holds, no line is wider than the terminal, and a terminal obeys nothing of it', () => {
  fc.assert(
    fc.property(anyTrace, anyTrace, anyColumns, fc.boolean(), fc.boolean(), (trace, other, columns, unicode, more) => {
      const options = {terminal: terminal(columns, {unicode}), clock, reader, now: start, logs: more, unfolded: more}
      const texts = [traceText(reportWith(trace, other), options), traceDiffText(diffTraces(trace, other), options)]
      for (const line of texts.join('').split('\n')) expect(width(line)).toBeLessThanOrEqual(columns)
      expect(texts.join('')).not.toMatch(obeyed)
      expect(texts.join('')).not.toMatch(/NaN/)
    }),
    cases(400),
  )
})

test('case 33: nothing in a trace breaks the files it is kept in', () => {
  fc.assert(
    fc.property(anyTrace, anyTrace, (trace, other) => {
      const report = reportWith(trace, other)
      const options = {clock, reader}
      expect(traceMarkdown(report, options)).not.toMatch(/[[\p{Cc}\p{Cf}\p{Cs}]--[\n\t\u200c\u200d]]/v)
      const svg = traceSvg(report, options)
      expect(svg).not.toMatch(obeyed)
      expect(svg).not.toMatch(/NaN/)
      // an element of our own or text: nothing that a name made
      expect(
        svg.replaceAll(/<\/?(svg|title|style|rect|text|tspan|line|polygon|g)( [\w:-]+="[^"<]*")*\/?>/g, ''),
      ).not.toMatch(/[<]|&(?!amp;|lt;|gt;|quot;|#39;)/)
      const document = JSON.parse(traceJson(report, diffTraces(trace, other), true)) as {nodes: unknown[]}
      expect(document.nodes).toHaveLength(trace.nodes.length)
    }),
    cases(200),
  )
})

test('each span has a row, or is counted in one', () => {
  fc.assert(
    fc.property(anyTrace, trace => {
      const options = {terminal: terminal(200), clock, reader, now: start, logs: false}
      const text = traceText(reportOf(trace), {...options, unfolded: true})
      expect(text.split('\n').length).toBeGreaterThan(trace.nodes.filter(({children}) => children.length === 0).length)
    }),
    cases(100),
  )
})

test('a chain of ten thousand calls, and as many siblings, are drawn', () => {
  const chain = Array.from(
    {length: 10_000},
    (_, i): Span => ({...plainSpan, id: String(i), parentId: i === 0 ? null : String(i - 1)}),
  )
  const fan = chain.map(
    (span, i): Span => ({...span, parentId: i === 0 ? null : '0', name: `call ${i}`, status: 'fault'}),
  )
  const options = {terminal: terminal(80), clock, reader, now: start, logs: false}
  for (const spans of [chain, fan]) {
    const trace = assembleTrace({id: traceId, source: 'xray', spans, isLimitExceeded: false, problems: []})
    expect(traceText(reportOf(trace), {...options, unfolded: false}).split('\n').length).toBeLessThan(130)
    expect(traceText(reportOf(trace), {...options, unfolded: true}).split('\n').length).toBeGreaterThan(10_000)
    expect(diffTraces(trace, trace).lines.length).toBeGreaterThan(400)
  }
})

const plainSpan: Span = {
  ...(fc.sample(anySpan, {numRuns: 1, seed: 1})[0] as Span),
  kind: 'subsegment',
  name: 'call',
  origin: null,
  start,
  end: start + 10,
  isInferred: false,
  status: 'ok',
  cause: null,
  http: null,
  operation: null,
  resource: null,
  functionArn: null,
  retries: 0,
}
