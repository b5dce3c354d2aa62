import {describe, expect, test} from 'vitest'
import {firstUsed, hour, larder} from './larder-world.ts'

const window = {from: firstUsed - 3 * hour, to: firstUsed - hour}

describe('cold starts', () => {
  test('are as many in the logs of every function as the world has, and cost what they are billed', async () => {
    const {world} = await larder()
    let cold = 0
    for (const {name, logGroup, systemLogLevel} of world.functions()) {
      if (systemLogLevel === 'WARN') continue
      const invocations = world.invocations(name, window.from, window.to)
      const ids = new Set(invocations.map(({requestId}) => requestId))
      const reports = world
        .logEvents(logGroup, window.from, window.to + 60_000)
        .flatMap(({message}) => reportOf(message) ?? [])
        .filter(({requestId}) => ids.has(requestId))
      expect({name, reports: reports.length}).toEqual({name, reports: invocations.length})
      const inits = reports.filter(({initMs, billedRestoreMs}) => initMs !== null || billedRestoreMs > 0)
      const owned = invocations.filter(each => each.initDurationMs !== null || each.restoreDurationMs !== null)
      expect({name, cold: inits.length}).toEqual({name, cold: owned.length})
      for (const {durationMs, initMs, billedMs, billedRestoreMs} of reports)
        expect(billedMs).toBe(Math.ceil(Number((durationMs + (initMs ?? 0)).toFixed(6))) + billedRestoreMs)
      cold += owned.length
    }
    expect(cold).toBeGreaterThan(100)
  })
})

/** What a REPORT line or platform.report tells. */
function reportOf(message: string) {
  const text = /^REPORT RequestId: (\S+)\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms/.exec(message)
  if (text) {
    const init = /\tInit Duration: ([\d.]+) ms/.exec(message)?.[1]
    return {
      requestId: text[1] ?? '',
      durationMs: Number(text[2]),
      billedMs: Number(text[3]),
      initMs: init === undefined ? null : Number(init),
      billedRestoreMs: Number(/\tBilled Restore Duration: (\d+) ms/.exec(message)?.[1] ?? 0),
    }
  }
  if (!message.includes('"type":"platform.report"')) return undefined
  const {record} = JSON.parse(message) as {
    record: {
      requestId: string
      metrics: {
        durationMs: number
        billedDurationMs: number
        initDurationMs?: number
        billedRestoreDurationMs?: number
      }
    }
  }
  const {durationMs, billedDurationMs, initDurationMs, billedRestoreDurationMs} = record.metrics
  return {
    requestId: record.requestId,
    durationMs,
    billedMs: billedDurationMs,
    initMs: initDurationMs ?? null,
    billedRestoreMs: billedRestoreDurationMs ?? 0,
  }
}
