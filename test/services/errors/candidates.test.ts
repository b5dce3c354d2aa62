import {describe, expect, test} from 'vitest'
import {candidatePattern} from '../../../src/services/errors/candidates.ts'
import {occurrences} from '../../../src/services/errors/occurrences.ts'
import {compileFilterPattern} from '../../../src/services/logs/filter-pattern/compile.ts'
import {isAtLeast} from '../../../src/services/logs/level.ts'
import type {LogEvent, SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {readMeaning} from '../../../src/services/logs/message.ts'
import {readLogs} from '../../../src/services/logs/read-logs.ts'
import {understanding} from '../../../src/services/logs/view.ts'
import {findLogSources} from '../../../src/services/targets/find-log-sources.ts'
import {parseSelection} from '../../../src/services/targets/parse-target.ts'
import {embeddedAws, now} from './embedded-aws.ts'

const pattern = candidatePattern({warnings: false, reports: false})
const isCandidate = compileFilterPattern(pattern)

describe('what is asked of AWS', () => {
  test('is a pattern it takes, with warnings and reports too', () => {
    expect(candidatePattern({warnings: true, reports: true}).length).toBeLessThan(1_024)
    expect(() => compileFilterPattern(candidatePattern({warnings: true, reports: true}))).not.toThrow()
  })

  test.each([
    '2026-11-20T14:02:12.018Z\tid\tERROR\tx',
    '2026-11-20T14:02:12.018Z\tid\tfail\tx',
    '[CRITICAL]\t2026-11-20T14:02:12.018Z\tid\tx',
    '{"level":50,"msg":"x"}',
    '{"level": 60, "msg": "x"}',
    '{"severity":"EMERGENCY","message":"x"}',
    '{"lvl":"crit","message":"x"}',
    '{"level":"dpanic","msg":"x"}',
    'ts=2026-11-20T14:02:12Z level=err msg=x',
    'panic: x',
    'no answer: com.shop.NoAnswer\ncom.shop.NoAnswer: no answer\n\tat com.shop.Pay.charge(Pay.java:3)',
    '2026-11-20T14:02:15.000Z 3364d63a-b18c-5ed6-97c7-85c6bf57800e Task timed out after 3.00 seconds',
    'REPORT RequestId: x\tDuration: 1 ms\tStatus: timeout',
    'REPORT RequestId: x\tDuration: 1 ms\tStatus: error\tError Type: Runtime.OutOfMemory',
    '{"time":"x","type":"platform.report","record":{"requestId":"x","status":"timeout"}}',
    '{"time":"x","type":"platform.report","record":{"requestId":"x","status":"failure"}}',
    'RequestId: x Process exited before completing request',
    'INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout',
  ])('brings %s', message => {
    expect(isCandidate(message)).toBe(true)
  })

  test('leaves ordinary lines where they are', () => {
    expect(isCandidate('REPORT RequestId: x\tDuration: 14.97 ms\tBilled Duration: 15 ms\t\n')).toBe(false)
    expect(isCandidate('2026-11-20T14:02:12.018Z\tid\tINFO\tPOST /orders 201 in 84 ms')).toBe(false)
  })

  test('of half an hour of the embedded AWS it loses no line that is an error, and the same errors are counted', async () => {
    const aws = await embeddedAws()
    const signal = new AbortController().signal
    const {sources} = await findLogSources([aws], parseSelection({}), signal)
    const window = {sources, start: now - 30 * 60_000, end: now, follow: false, tail: null}
    const all: SourcedEvent[] = []
    for await (const {events} of readLogs(window, signal)) all.push(...events)
    const lost = all.filter(({message}) => {
      const {level} = readMeaning(message)
      return level !== null && isAtLeast(level, 'ERROR') && !isCandidate(message)
    })
    expect(all.length).toBeGreaterThan(10_000)
    expect(lost.map(({message}) => message)).toEqual([])
    expect(counted(all.filter(({message}) => isCandidate(message)))).toEqual(counted(all))
  })
})

/** How many errors of each function. */
function counted(events: readonly SourcedEvent[]): Record<string, number> {
  const understand = understanding()
  const errors = occurrences('ERROR')
  const found = [...understand(events).flatMap(event => errors.push(event)), ...errors.flush()]
  const nameOf = ({event}: {readonly event: LogEvent}): string => event.function?.name ?? event.source.logGroup
  return Object.fromEntries(
    [...Map.groupBy(found, nameOf)]
      .map(([name, {length}]) => [name, length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
