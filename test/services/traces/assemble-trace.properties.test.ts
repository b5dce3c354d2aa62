import fc from 'fast-check'
import {expect, test} from 'vitest'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import type {FetchedTrace, Span} from '../../../src/services/traces/span.ts'
import {cases} from '../../fuzz.ts'
import {faultsOf} from './check-trace.ts'
import {traceOf, work} from './documents.ts'

const plain: Span | undefined = traceOf([work('a', 'plain', 0, 1)]).fetched.spans[0]
if (!plain) throw new Error('there is no span to begin with')

const began = plain.start
const someId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'a~2', '', '__proto__')
const someTime = fc.oneof(
  fc.integer({min: 0, max: 50}).map(ms => began + ms),
  fc.double({min: 0, max: 100, noNaN: true}).map(ms => began + ms),
  fc.constantFrom(0, began - 60_000, began - 11_000, began + 900_000, 4_102_444_800_000),
)
const someName = fc.constantFrom(
  'api',
  'Initialization',
  'Restore',
  'Invocation',
  'Overhead',
  'Attempt #1',
  'Dwell Time',
)
const someOrigin = fc.constantFrom(null, 'AWS::Lambda', 'AWS::Lambda::Function', 'AWS::EC2::Instance')

const someSpan: fc.Arbitrary<Span> = fc
  .record({
    id: someId,
    parentId: fc.option(someId),
    documentId: fc.constantFrom('1', '2'),
    kind: fc.constantFrom('segment', 'subsegment', 'span', 'invocation'),
    name: someName,
    origin: someOrigin,
    start: someTime,
    end: fc.option(someTime),
    isInferred: fc.boolean(),
    cause: fc.constantFrom(null, {exceptionId: 'x'}, {exceptions: []}),
  })
  .map(fields => ({...plain, ...fields}))

const someTrace: fc.Arbitrary<FetchedTrace> = fc
  .record({spans: fc.array(someSpan, {maxLength: 30}), isLimitExceeded: fc.boolean()})
  .map(fields => ({...fields, id: '1-x', source: 'xray', problems: []}))

test('whatever spans claim of each other, each has one place in a tree, and no time is negative, missing or counted twice', () => {
  fc.assert(
    fc.property(someTrace, fetched => {
      expect(faultsOf(assembleTrace(fetched), fetched)).toEqual([])
    }),
    cases(3_000),
  )
})

test('the order in which different spans are fetched makes no difference', () => {
  const different = fc.uniqueArray(someSpan, {maxLength: 12, selector: ({id}) => id})
  fc.assert(
    fc.property(
      different.chain(spans => fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, {minLength: spans.length}))),
      ([spans, shuffled]) => {
        const fetched: FetchedTrace = {id: '1-x', source: 'xray', isLimitExceeded: false, problems: [], spans}
        expect(assembleTrace({...fetched, spans: shuffled})).toEqual(assembleTrace(fetched))
      },
    ),
    cases(1_000),
  )
})
