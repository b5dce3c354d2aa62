import {describe, expect, test} from 'vitest'
import {first, second} from '../logs/events.ts'
import {execution, fakeCompany} from './fake-company.ts'
import {traceIdNo} from './fake-xray.ts'
import {ago, id, id2, id3, lambda, logsOf, read} from './reading.ts'

describe('linked traces', () => {
  const send = (traceId: string, hex: string, at: number, children: readonly string[]) => ({
    id: hex.repeat(16),
    name: 'SQS',
    start_time: ago(at),
    end_time: ago(at - 20),
    aws: {operation: 'SendMessage'},
    trace_id: traceId,
    links: children.map(child => ({
      trace_id: child,
      id: 'a'.repeat(16),
      attributes: {'aws.xray.reserved.reference_type': 'child'},
    })),
  })
  const back = (parent: string, hex: string) => [
    {trace_id: parent, id: hex.repeat(16), attributes: {'aws.xray.reserved.reference_type': 'parent'}},
  ]

  test('are followed on and back, each once, with how long the message waited', async () => {
    const traces = {
      [id]: [send(id, '1', 50_000, [id2])],
      [id2]: [...lambda('worker', first, {at: 48_000, links: back(id, '1')}), send(id2, '2', 47_500, [id3, id])],
      [id3]: lambda('mailer', second, {at: 40_000}),
    }
    const functions = {worker: execution(48_000, first, {said: ['working']}), mailer: execution(40_000, second)}
    const report = await read(fakeCompany({functions, traces}), id)
    expect(
      report.linked.map(({id, fromTraceId, reference, dwellMs, attempts}) => ({
        id,
        fromTraceId,
        reference,
        dwellMs: Math.round(dwellMs ?? -1),
        attempts,
      })),
    ).toEqual([
      {id: id2, fromTraceId: id, reference: 'child', dwellMs: 1_980, attempts: 1},
      {id: id3, fromTraceId: id2, reference: 'child', dwellMs: 7_480, attempts: 1},
    ])
    expect(logsOf(report)).toContain('working')

    const receiver = await read(fakeCompany({functions, traces}), id2)
    expect(receiver.linked.map(({id, reference, dwellMs}) => [id, reference, Math.round(dwellMs ?? -1)])).toEqual([
      [id, 'parent', 1_980],
      [id3, 'child', 7_480],
    ])
  })

  test('of a message that was delivered again are each by itself, with how long it waited and how it went', async () => {
    const traces = {
      [id]: [send(id, '1', 50_000, [id3, id2])],
      [id2]: lambda('worker', first, {at: 48_000, fault: true}),
      [id3]: lambda('worker', second, {at: 18_000}),
    }
    const report = await read(fakeCompany({functions: {worker: []}, traces}), id)
    expect(report.linked).toMatchObject([
      {id: id2, delivery: {number: 1, of: 2}, attempts: 1, dwellMs: expect.closeTo(1_980, 0)},
      {id: id3, delivery: {number: 2, of: 2}, attempts: 1, dwellMs: expect.closeTo(31_980, 0)},
    ])
    expect(report.linked.map(({trace}) => trace?.roots[0]?.span.status)).toEqual(['fault', 'ok'])
  })

  test('of messages to different functions are no deliveries of one', async () => {
    const traces = {
      [id]: [send(id, '1', 50_000, [id3, id2])],
      [id2]: lambda('worker', first, {at: 48_000}),
      [id3]: lambda('mailer', second, {at: 18_000}),
    }
    const report = await read(fakeCompany({functions: {worker: [], mailer: []}, traces}), id)
    expect(report.linked.map(({delivery}) => delivery)).toEqual([undefined, undefined])
  })

  test('that are not there say so, and the trace is shown all the same', async () => {
    const report = await read(fakeCompany({functions: {}, traces: {[id]: [send(id, '1', 50_000, [id2])]}}), id)
    expect(report.linked).toMatchObject([
      {id: id2, trace: null, whyMissing: expect.stringContaining('not found'), dwellMs: null},
    ])
    expect(report.coverage.gaps).toEqual([])
  })

  test('are twenty at most, and three deep', async () => {
    const ids = Array.from({length: 30}, (_, i) => traceIdNo(100 + i))
    const wide = {
      [id]: [send(id, '1', 50_000, ids)],
      ...Object.fromEntries(ids.map((id, i) => [id, lambda(`w${i}`, first, {at: 40_000})])),
    }
    const functions = Object.fromEntries(ids.map((_, i) => [`w${i}`, []]))
    const many = await read(fakeCompany({functions, traces: wide}), id)
    expect(many.linked).toHaveLength(20)
    expect(many.notes).toContain('more traces are linked: 20 of them were followed')

    const chain = Object.fromEntries(ids.map((one, i) => [one, [send(one, '1', 50_000 - i, [ids[i + 1] ?? id])]]))
    const deep = await read(fakeCompany({functions: {}, traces: chain}), ids[0] ?? id)
    expect(deep.linked).toHaveLength(3)
    expect(deep.notes).toContain('links go on: they were followed 3 traces deep')
  })
})
