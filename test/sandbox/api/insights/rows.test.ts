import {expect, test} from 'vitest'
import {discoverFields} from '../../../../src/sandbox/api/logs/insights/discovered-fields.ts'
import {fieldOf, rowOf} from '../../../../src/sandbox/api/logs/insights/rows.ts'

const requestId = '3f2b9c1d-0a4e-4b6c-8d7e-1f2a3b4c5d6e'

const messages = [
  `REPORT RequestId: ${requestId}\tDuration: 12.10 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\tMax Memory Used: 71 MB\tInit Duration: 100.40 ms\t\nXRAY TraceId: 1-2-3\tSegmentId: 4f\tSampled: true\t\n`,
  `START RequestId: ${requestId} Version: 7\n`,
  `2026-11-20T14:00:00.000Z\t${requestId}\tINFO\tpaid {"type":"card","@type":"REPORT","items":[{"sku":"KIWI-1"}]}`,
  '{"time":"2026-11-20T14:00:00.000Z","type":"platform.report","record":{"metrics":{"durationMs":12.1}}}',
  String.raw`{"\u0074ype":"escaped","a.b":1,"a":{"b":2}}`,
  '[{"type":"in a list"},7]',
  'no JSON, though it names a type [and brackets]',
  '',
]

const names = [
  ...['@type', '@requestId', '@duration', '@billedDuration', '@initDuration', '@memorySize', '@maxMemoryUsed'],
  ...['@xrayTraceId', '@xraySegmentId', '@nothing', '@@type', 'type', 'items.0.sku', 'record.metrics.durationMs'],
  ...['a.b', '0.type', '1', 'nothing', ''],
]

test('a field that is asked for alone is what a look at all fields finds', () => {
  let found = 0
  for (const message of messages) {
    for (const group of ['/aws/lambda/checkout-api', '/larder/fulfilment']) {
      const all = discoverFields(message, group.startsWith('/aws/lambda/'))
      for (const name of names) {
        const event = {logStream: 's', timestamp: 1, ingestionTime: 2, order: 0, eventId: '1', message}
        const value = fieldOf(rowOf(event, group, '123456789012'), name)
        expect({message, group, name, value}).toEqual({message, group, name, value: all.get(name)})
        if (value !== undefined) found++
      }
    }
  }
  expect(found).toBeGreaterThan(20)
})
