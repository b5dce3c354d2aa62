import fc from 'fast-check'
import {expect, test} from 'vitest'
import {findReport, tailText} from '../../../../src/services/tuning/invoke/tail-report.ts'
import {anyText} from '../../../any-text.ts'
import {cases} from '../../../fuzz.ts'

const id = '8c360c87-d4b7-4423-b5f3-af02be3c1763'
const metrics = {durationMs: 12.3, billedDurationMs: 13, memorySizeMB: 512, maxMemoryUsedMB: 80}
const record = {time: '2026-11-20T14:00:00.000Z', type: 'platform.report', record: {requestId: id, metrics}}
const reports = [
  `REPORT RequestId: ${id}\tDuration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\t\n`,
  `${JSON.stringify(record)}\n`,
  `${JSON.stringify(record, null, 2)}\n`,
]

test('T19 a report is found behind whatever was written before it, wherever the tail begins', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(...reports), fc.nat(4_000), (before, report, cut) => {
      const log = Buffer.from(`${'x'.repeat(cut)}${before}\n${report}`)
      const tail = tailText(log.subarray(-4_096).toString('base64'))
      expect(findReport(tail, id)?.report).toMatchObject(metrics)
    }),
    cases(1_000),
  )
})

test('T19 a report that is cut off at its beginning is read whole or not at all', () => {
  const braces = '{"a":{"b":['
  fc.assert(
    fc.property(fc.constantFrom(...reports), fc.nat(400), anyText, (report, from, noise) => {
      const found = findReport(`${braces}${report.slice(from)}${noise}`, id)
      if (found) expect(found.report).toMatchObject(metrics)
      expect(findReport(noise, null)?.requestId).not.toBe('')
    }),
    cases(1_000),
  )
})
