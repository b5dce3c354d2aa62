import {expect, test} from 'vitest'
import {assembleTrace} from '../../src/services/traces/assemble-trace.ts'
import {request, terminal} from './events.ts'
import {checkout, drawn, type Fields, lambda, part, reportOf, traceId, traceOf} from './traces.ts'

test('an error is no fault: what its caller did wrong is yellow, with how it was answered', () => {
  const call = (status: number, more: Fields) =>
    part('payments.example', [10, 20], {
      namespace: 'remote',
      http: {request: {method: 'GET', url: 'https://payments.example/charges/1'}, response: {status}},
      ...more,
    })
  const rowOf = (below: Fields): string => {
    const trace = traceOf(lambda('worker', [0, 100], [1, 99], [below]))
    const text = drawn(reportOf(trace), 100, {terminal: terminal(100, {color: true})})
    return text.split('\n').find(line => line.includes('payments')) ?? ''
  }
  expect(rowOf(call(404, {error: true}))).toMatch(/→ 404.*\u001b\[33m !/)
  expect(rowOf(call(429, {error: true, throttle: true}))).toMatch(/→ 429.*\u001b\[33m ‖/)
  expect(rowOf(call(504, {fault: true}))).toMatch(/→ 504.*\u001b\[31m ✗/)
  expect(rowOf(call(200, {}))).not.toContain('→')
})

test('of several executions the one that was asked for is marked', () => {
  const call = (id: string, name: string, from: number) =>
    lambda(name, [from, from + 30], [from, from + 29], [], {service: {aws: {request_id: id}}})
  const other = '76269889-7d50-4d6d-a3f1-9b4f5322f47c'
  const trace = traceOf([...call(request, 'checkout', 0), ...call(other, 'stock', 40)])
  const asked = {...reportOf(trace).asked, requestId: other.toUpperCase()}
  const lines = drawn(reportOf(trace, {asked}), 100).split('\n')
  expect(lines.filter(line => line.includes('(asked for)'))).toEqual([expect.stringContaining('λ stock')])
  expect(drawn(reportOf(trace), 100)).not.toContain('asked for')
})

test('the critical path counts as code only what ran while no call did', () => {
  const calls = [part('SQS', [10, 60], {namespace: 'aws'}), part('S3', [40, 90], {namespace: 'aws'})]
  const trace = traceOf(lambda('worker', [0, 100], [0, 100], calls))
  expect(drawn(reportOf(trace), 100)).toContain('critical path  S3 50 ms · beside other calls 30 ms · own code 20 ms\n')
})

test('a trace made of logs has no critical path: they do not tell what the code waited for', () => {
  const trace = assembleTrace({
    id: traceId,
    source: 'logs',
    spans: checkout().nodes.map(({span}) => span),
    isLimitExceeded: false,
    problems: [],
  })
  const text = drawn(reportOf(trace), 100, {terminal: terminal(100, {color: true})})
  expect(text).not.toContain('critical path')
  expect(text.split('\n').find(line => line.includes('Lambda') || line.includes('λ'))).not.toMatch(/\u001b\[2m +█/)
  expect(trace.nodes.every(({criticalMs}) => criticalMs === null)).toBe(true)
})
