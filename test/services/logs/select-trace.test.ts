import {describe, expect, it} from 'vitest'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {selectTrace} from '../../../src/services/logs/select-trace.ts'
import {
  first,
  interpretAll,
  line,
  nodeLine,
  otherStream,
  otherTrace,
  reportLine,
  second,
  startLine,
  trace,
} from './events.ts'

function steps(traceId: string, lines: readonly SourcedEvent[], maxHeld = 100): readonly (readonly number[])[] {
  const stage = selectTrace(traceId, maxHeld)
  const times = (events: readonly {readonly timestamp: number}[]) => events.map(({timestamp}) => timestamp)
  return [...interpretAll(lines).map(event => times(stage.push(event))), times(stage.flush())]
}

const other = {logStream: otherStream}
const lines = [
  line(1, startLine(first)),
  line(2, startLine(second), other),
  line(3, nodeLine(first, 'INFO', 'of the trace')),
  line(4, 'printed', other),
  line(5, reportLine(second, `\nXRAY TraceId: ${otherTrace}\tSegmentId: 1\tSampled: true\t`), other),
  line(6, reportLine(first, `\nXRAY TraceId: ${trace}\tSegmentId: 1\tSampled: true\t`)),
  line(7, nodeLine(first, 'INFO', 'a late line')),
]

describe('selectTrace', () => {
  it('shows all lines of a request whose REPORT names the trace, in order', () => {
    expect(steps(trace, lines)).toEqual([[], [], [], [], [], [1, 3, 6], [7], []])
    expect(steps(trace, lines, 0).flat()).toEqual([1, 3, 6, 7])
  })

  it('takes a trace id in any form', () => {
    expect(steps('66d978e556c7378e556e94b5461da07c', lines).flat()).toEqual([1, 3, 6, 7])
    expect(steps(`Root=${otherTrace};Sampled=0`, lines).flat()).toEqual([2, 4, 5])
  })

  it('shows JSON lines from START on', () => {
    const start = `{"type":"platform.start","record":{"requestId":"${first}","tracing":{"value":"Root=${trace}"}}}`
    expect(steps(trace, [line(1, start), line(2, `{"requestId":"${first}"}`)])).toEqual([[1], [2], []])
  })

  it('trusts the platform more than a logger that repeats its first trace id', () => {
    const stale = line(2, `{"function_request_id":"${first}","xray_trace_id":"${otherTrace}"}`)
    expect(steps(trace, [line(1, startLine(first)), stale, line(6, lines[5]?.message ?? '')]).flat()).toEqual([1, 2, 6])
  })

  it('does not wait for a REPORT where no function writes', () => {
    const access = line(1, `{"requestId":"${second}","routeKey":"GET /search"}`, {logStream: 'gateway-1'})
    expect(steps(trace, [access, line(2, `{"traceId":"${trace}"}`)])).toEqual([[], [2], []])
  })

  it('shows lines without a request that name the trace', () => {
    expect(steps(trace, [line(1, `{"traceId":"${trace}"}`), line(2, 'text')]).flat()).toEqual([1])
  })
})
