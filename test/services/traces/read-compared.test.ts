import {describe, expect, test} from 'vitest'
import {readCompared} from '../../../src/services/traces/read-compared.ts'
import {traceRefFrom} from '../../../src/services/traces/trace-ref.ts'
import {first, second} from '../logs/events.ts'
import {execution, fakeCompany, now, streamOf} from './fake-company.ts'
import {deniedTo, type FakeXRay} from './fake-xray.ts'
import {id, id2, lambda, optionsFor} from './reading.ts'

describe('two traces that are compared', () => {
  const traces = {[id]: lambda('checkout', first, {at: 10_000})}
  const functions = {
    checkout: [
      ...execution(10_000, first),
      ...execution(50_000, second, {traceId: id2, ms: 400, logStream: streamOf('42', 2)}),
    ],
  }

  const compare = (aws: FakeXRay, text: string, other: string) => {
    const signal = new AbortController().signal
    return aws.fakeClock.outcome(readCompared([aws], {}, optionsFor(text), traceRefFrom(other, now), signal))
  }

  test('are read at the same time, and lines only of the one that was asked for', async () => {
    const aws = fakeCompany({functions, traces: {...traces, [id2]: lambda('checkout', second, {at: 50_000, hex: 'd'})}})
    const {report, diff} = await compare(aws, id, id2)
    expect(diff).toMatchObject({before: {id: id2}, after: {id}})
    expect([...report.logs.keys()]).toEqual([`${id}/baaaaaaaaaaaaaaa`])
    expect(report.notes).toEqual([])
    const [one, two] = aws.of('BatchGetTraces')
    expect(one?.at).toBe(two?.at)
  })

  test('have the notes and gaps of both, and which note is of which', async () => {
    const {report, diff} = await compare(fakeCompany({functions, traces}), id, second)
    expect(diff).toMatchObject({before: {id: id2, source: 'logs'}, after: {id, source: 'xray'}})
    expect(report.notes).toEqual([
      `${id2}: the id carries no time: the logs of the last 30 min were searched`,
      expect.stringMatching(new RegExp(`^${id2}: X-Ray does not have it`)),
    ])
    const refuse = () => {
      throw deniedTo('logs:FilterLogEvents')
    }
    const denied = fakeCompany({functions, traces, answers: {FilterLogEvents: refuse}})
    expect((await compare(denied, id, id)).report.coverage.gaps).toMatchObject([{what: '/aws/lambda/checkout'}])
  })
})
