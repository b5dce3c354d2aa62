import {describe, expect, test} from 'vitest'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {assembled, drawn, node, warned} from './assembled.ts'
import {cycleTrace, orphanTrace, resentTrace} from './broken-traces.ts'
import {awsCall, inferredFrom, lambdaPair, traceOf, work} from './documents.ts'
import {linkedTrace, receiverId, scorekeepTrace} from './traces.ts'
import {wideTrace} from './wide-trace.ts'

describe('the tree', () => {
  test('case 1: five documents are one tree, inferred segments are in their calls, an init begins before its parent', () => {
    const trace = assembled(scorekeepTrace())

    expect(drawn(trace)).toEqual([
      'Scorekeep',
      '  Lambda',
      '    random-name service',
      '      random-name function',
      '        Initialization init',
      '        annotations',
      '        SNS',
      '  ## UserModel.saveUser',
      '    DynamoDB',
    ])
    expect(node(trace, 'ddb1')?.span).toMatchObject({origin: 'AWS::DynamoDB::Table', resource: 'scorekeep-user'})
    expect(node(trace, 'sns1')?.span).toMatchObject({origin: 'AWS::SNS', namespace: 'aws'})
    expect(trace).toMatchObject({durationMs: 3_232, isPartial: false, warnings: [], orphans: []})
    const [init, run] = [node(trace, 'ini1'), node(trace, 'name-f')]
    expect(init?.durationMs).toBe(755)
    expect(init?.span.start).toBeLessThan(run?.span.start ?? 0)
    expect(trace.coldStarts).toEqual([
      {nodeId: 'name-f', downloadMs: 387, initMs: 755, restoreMs: null, isDetached: false},
    ])
  })

  test('case 2: all 31 documents of a wide trace are attached, and a cause of {} is none', () => {
    const {documents, fetched} = wideTrace()
    expect([documents.length, fetched.spans.length]).toEqual([31, 765])

    const trace = assembled(wideTrace())

    expect(trace.roots).toHaveLength(1)
    expect(trace).toMatchObject({orphans: [], isPartial: false})
    // 28 inferred ones are in their calls
    expect(trace.nodes).toHaveLength(765 - 28)
    expect(trace.nodes.filter(({cause, span}) => cause !== null || span.status !== 'ok')).toEqual([])
    expect(node(trace, 'get7')?.span.origin).toBe('AWS::Lambda')
    expect(node(trace, 'get7')?.role).toBeNull()
  })

  test('case 3: a link, a log group, the download gap and the init are told', () => {
    const trace = assembled(linkedTrace())

    const invocation = node(trace, 'prod-v')
    const [link] = trace.links
    expect(link).toMatchObject({nodeId: 'prod-v', traceId: receiverId, spanId: 'cons-s', reference: 'child'})
    expect((link?.receivedEnd ?? 0) - (invocation?.span.end ?? 0)).toBeCloseTo(14.71, 3)
    expect(node(trace, 'prod-f')?.span.logGroup).toBe('/shops/orders')
    expect(trace.coldStarts).toEqual([
      {nodeId: 'prod-f', downloadMs: 160.32, initMs: 354.714, restoreMs: null, isDetached: false},
    ])
  })

  test('case 4: a segment whose parent is not in the trace is an orphan, and said to be one', () => {
    const trace = assembled(orphanTrace())

    expect(trace.roots.map(({id}) => id)).toEqual(['send-s'])
    expect(trace.orphans.map(({id, isOrphan, children}) => [id, isOrphan, children.length])).toEqual([
      ['late-s', true, 1],
    ])
    expect(node(trace, 'put1')?.span).toMatchObject({origin: 'AWS::Events', retries: 1})
    expect(trace.isPartial).toBe(true)
    expect(warned(trace)).toEqual({orphan: 1})
  })

  test('case 5: segments below each other are taken apart, where the first of them starts', () => {
    const trace = assembled(cycleTrace())

    expect(drawn(trace)).toEqual(['api', 'other', '  one', 'itself'])
    expect(trace.roots.map(({id}) => id)).toEqual(['root'])
    expect(trace.orphans.map(({id, isOrphan}) => [id, isOrphan])).toEqual([
      ['b', true],
      ['self', true],
    ])
    expect(warned(trace)).toEqual({cycle: 2})
  })

  test('case 5: of a segment sent again the last complete one counts; different ones with one id are two', () => {
    const trace = assembled(resentTrace())

    expect(drawn(trace)).toEqual(['api', '  step', '  first', '    in first', '  second', '    in second'])
    expect(node(trace, 'root')).toMatchObject({isInProgress: false, durationMs: 100})
    expect(node(trace, 'same~2')?.span.name).toBe('second')
    expect(warned(trace)).toEqual({duplicate: 2})
    expect(trace.isPartial).toBe(false)
  })

  test.each([
    [[0, null, 50, null, 80], 80],
    [[0, 50, 80, null, null], 80],
    [[0, null, null, null, null], null],
  ] as const)('case 5: in whatever order they come: %j', ([start, ...ends], end) => {
    const trace = assembled(traceOf(ends.map(to => work('root', 'api', start, to))))
    expect(trace.nodes).toHaveLength(1)
    expect(trace.nodes[0]?.isInProgress).toBe(end === null)
    expect(trace.durationMs).toBe(end ?? 0)
    expect(warned(trace)['duplicate']).toBe(3)
  })

  test('a trace whose first caller nobody knows has what it called as roots', () => {
    const trace = assembled(
      traceOf([
        work('b', 'second', 50, 60, {parent_id: 'unknown'}),
        work('a', 'first', 0, 40, {parent_id: 'unknown'}),
        work('c', 'other', 20, 30, {parent_id: 'lost'}),
      ]),
    )
    expect(trace.roots.map(({id}) => id)).toEqual(['a', 'b'])
    expect(trace.orphans.map(({id}) => id)).toEqual(['c'])
    expect(warned(trace)).toEqual({orphan: 3})
  })

  test('an inferred segment without its call is a node, and what hangs below an inferred one moves to the call', () => {
    const call = awsCall('call', 'Lambda', 'Invoke', 10, 90)
    const {fetched} = traceOf([
      work('root', 'api', 0, 100, {subsegments: [call]}),
      inferredFrom('made', call, 'AWS::Lambda'),
      work('below', 'called', 20, 80, {parent_id: 'made'}),
      inferredFrom('alone', awsCall('lost', 'SQS', 'SendMessage', 30, 40), 'AWS::SQS::Queue'),
      inferredFrom('top', work('root', 'client', 0, 100), 'client'),
    ])
    const trace = assembleTrace(fetched)
    expect(drawn(trace)).toEqual(['api', '  client', '  Lambda', '    called', 'SQS'])
    expect(trace.orphans.map(({id}) => id)).toEqual(['alone'])
    expect(node(trace, 'call')?.role).toBeNull()
  })

  test('independent subsegments hang where they say', () => {
    const trace = assembled(
      traceOf([work('late', 'step', 10, 20, {type: 'subsegment', parent_id: 'root'}), work('root', 'api', 0, 100)]),
    )
    expect(drawn(trace)).toEqual(['api', '  step'])
    expect(node(trace, 'late')?.span.kind).toBe('subsegment')
  })

  test('invocations that only logs tell of are joined the same way', () => {
    const {fetched} = traceOf([work('a', 'front', 0, 100), work('b', 'back', 20, 60, {parent_id: 'a'})])
    const trace = assembleTrace({
      ...fetched,
      source: 'logs',
      spans: fetched.spans.map(span => ({...span, kind: 'invocation'})),
    })
    expect(drawn(trace)).toEqual(['front', '  back'])
    expect(trace.source).toBe('logs')
  })

  test('names of Lambda mean what they mean only where Lambda writes them', () => {
    const [service, run] = lambdaPair('lamb', 'fn', {service: [0, 100], run: [10, 90]}, [
      work('v', 'Invocation', 11, 80, {subsegments: [work('o', 'Overhead', 20, 30), work('q', 'QueueTime', 30, 40)]}),
    ])
    const ec2 = work('ec2', 'web', 0, 100, {
      origin: 'AWS::EC2::Instance',
      subsegments: [work('i', 'Initialization', 1, 2), work('d', 'Dwell Time', 2, 3)],
    })
    const trace = assembled(traceOf([service, run, ec2].filter(document => document !== undefined)))
    expect(drawn(trace)).toEqual([
      'web',
      '  Initialization',
      '  Dwell Time',
      'fn service',
      '  fn function',
      '    Invocation invocation',
      '      Overhead',
      '      QueueTime',
    ])
  })

  test('nothing is an empty trace', () => {
    expect(assembled(traceOf([]))).toMatchObject({start: 0, end: 0, durationMs: 0, roots: [], nodes: [], warnings: []})
  })
})

test('a chain of 10,000 spans, each below the one before, is joined and measured', () => {
  const count = 10_000
  const {fetched} = traceOf(
    Array.from({length: count}, (_, i) => work(`s${i}`, 'step', i / 100, 1_000, i > 0 ? {parent_id: `s${i - 1}`} : {})),
  )
  const trace = assembleTrace(fetched)
  expect(trace.nodes).toHaveLength(count)
  expect(trace.durationMs).toBe(1_000)
  expect(trace.nodes.at(-1)?.criticalMs).toBe(900.01)
})
