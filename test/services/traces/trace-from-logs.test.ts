import {describe, expect, test} from 'vitest'
import {assembleInvocations} from '../../../src/services/logs/assemble-invocations.ts'
import type {Invocation} from '../../../src/services/logs/invocations.ts'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import type {TraceNode} from '../../../src/services/traces/trace.ts'
import {traceFromLogs} from '../../../src/services/traces/trace-from-logs.ts'
import {
  endLine,
  first,
  interpretAll,
  line,
  otherStream,
  second,
  sourceOf,
  startLine,
  stream,
  third,
  trace,
} from '../logs/events.ts'

const t0 = 1_725_530_000_000

type Told = {
  readonly of?: string
  readonly requestId?: string
  readonly at?: number
  readonly ms?: number
  readonly more?: string
  readonly before?: readonly (readonly [number, string])[]
  readonly between?: readonly string[]
  readonly logStream?: string
  readonly isOver?: boolean
}

/** One execution of a function as its lines tell it, `at` ms after the trace began. */
function executed({of = 'checkout', requestId = first, at = 0, ms = 1_000, more = '', ...told}: Told): Invocation {
  const source = sourceOf([of])
  const {before = [], between = [], logStream = stream, isOver = true} = told
  const say = (after: number, message: string) => line(t0 + at + after, message, {source, logStream})
  const report = `REPORT RequestId: ${requestId}\tDuration: ${ms}.50 ms\tBilled Duration: ${ms + 1} ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t${more}\nXRAY TraceId: ${trace}\tSegmentId: 1\tSampled: true\t\n`
  const lines = [
    ...before.map(([after, message]) => say(after, message)),
    say(0, startLine(requestId)),
    ...between.map((message, i) => say(i + 1, message)),
    ...(isOver ? [say(ms + 1, endLine(requestId)), say(ms + 1, report)] : []),
  ]
  const assembler = assembleInvocations()
  const all = [...interpretAll(lines).flatMap(event => assembler.push(event)), ...assembler.flush()]
  return all[0] as Invocation
}

function treeOf(...invocations: readonly Invocation[]) {
  const tree = assembleTrace(traceFromLogs(trace, invocations).fetched)
  const drawn = ({span, durationMs, children}: TraceNode): unknown =>
    children.length === 0 ? `${span.name} ${durationMs}` : {[`${span.name} ${durationMs}`]: children.map(drawn)}
  return {tree, drawn: tree.roots.map(drawn)}
}

describe('a trace made of log lines', () => {
  test('is marked as such, with what an execution’s lines tell of it', () => {
    const {tree, drawn} = treeOf(executed({}))
    expect(drawn).toEqual(['checkout 1000.5'])
    expect(tree).toMatchObject({id: trace, source: 'logs', durationMs: 1_000.5, warnings: []})
    expect(tree.nodes[0]?.span).toMatchObject({
      kind: 'invocation',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
      requestId: first,
      logGroup: '/aws/lambda/checkout',
      status: 'ok',
      start: t0,
    })
  })

  test('what ran within another function is below it, the innermost one', () => {
    const {drawn} = treeOf(
      executed({}),
      executed({of: 'stock', requestId: second, at: 100, ms: 500}),
      executed({of: 'prices', requestId: third, at: 200, ms: 100}),
    )
    expect(drawn).toEqual([{'checkout 1000.5': [{'stock 500.5': ['prices 100.5']}]}])
  })

  test('what began later than the other ended, or ran longer, stands beside it', () => {
    const {drawn} = treeOf(
      executed({}),
      executed({of: 'mailer', requestId: second, at: 900, ms: 500}),
      executed({of: 'worker', requestId: third, at: 3_000, ms: 100}),
    )
    expect(drawn).toEqual(['checkout 1000.5', 'mailer 500.5', 'worker 100.5'])
  })

  test('an init is where the platform says that it began, and right before START where it does not', () => {
    const more = 'Init Duration: 400.00 ms\t'
    expect(treeOf(executed({more})).tree.nodes[1]?.span).toMatchObject({
      name: 'Initialization',
      start: t0 - 400,
      end: t0,
    })
    const begun = executed({more, before: [[-5_000, 'INIT_START Runtime Version: nodejs:22.v1\n']]})
    expect(treeOf(begun).tree.nodes[1]?.span).toMatchObject({start: t0 - 5_000, end: t0 - 4_600})
  })

  test('a restore is one', () => {
    const {tree} = treeOf(executed({more: 'Restore Duration: 300.00 ms\tBilled Restore Duration: 10 ms\t'}))
    expect(tree.nodes.map(({role, durationMs}) => [role, durationMs])).toEqual([
      ['function', 1_000.5],
      ['restore', 300],
    ])
  })

  test('attempts at one request are grouped', () => {
    const thrown = `2024-08-18T22:14:43.862Z\t${first}\tERROR\tInvoke Error \t{"errorType":"PaymentTimeout","errorMessage":"no answer in 1500 ms","stack":[]}\n`
    const {tree, drawn} = treeOf(executed({between: [thrown]}), executed({at: 61_000, ms: 200, logStream: otherStream}))
    expect(drawn).toEqual([
      {'checkout 61200.5': [{'Attempt #1 1000.5': ['checkout 1000.5']}, {'Attempt #2 200.5': ['checkout 200.5']}]},
    ])
    expect(tree.nodes.map(({role, span}) => `${role} ${span.status}`)).toEqual([
      'service ok',
      'attempt fault',
      'function fault',
      'attempt ok',
      'function ok',
    ])
    expect(tree.nodes[2]?.cause?.exceptions).toMatchObject([{type: 'PaymentTimeout', message: 'no answer in 1500 ms'}])
  })

  test('a timeout says how long it had', () => {
    const {tree} = treeOf(
      executed({
        ms: 3_000,
        between: [`2024-08-18T22:14:43.862Z ${first} Task timed out after 3.00 seconds\n\n`],
        more: 'Status: timeout\t',
      }),
    )
    expect(tree.nodes[0]?.cause?.exceptions[0]?.message).toBe('Task timed out after 3.00 seconds')
  })

  test('what has no REPORT is in progress', () => {
    const {tree} = treeOf(executed({isOver: false}))
    expect(tree.nodes[0]).toMatchObject({isInProgress: true, durationMs: 0})
  })
})
