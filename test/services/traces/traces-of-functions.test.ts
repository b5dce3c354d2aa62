import {expect, test} from 'vitest'
import type {SelectionWords} from '../../../src/services/targets/parse-target.ts'
import {openTraces} from '../../../src/services/traces/open-traces.ts'
import {embeddedAws, now} from '../errors/embedded-aws.ts'

const minute = 60_000
const {signal} = new AbortController()

async function traced(words: SelectionWords) {
  const aws = await embeddedAws()
  const asked = {errors: false, slowMs: null, filter: null, limit: 10_000, by: null}
  const opened = await openTraces(
    [aws],
    words,
    {...asked, start: now - 10 * minute, end: now - 5 * minute, now},
    signal,
  )
  return {opened, report: await opened.read(null)}
}

test('a function’s traces are those that go through it, also those that came in by something else', async () => {
  const [all, some] = [await traced({}), await traced({targets: ['checkout-api']})]
  expect(some.opened).toMatchObject({functions: 1, expression: 'service("checkout-api")'})
  const through = all.report.traces.filter(({services}) => services.some(({name}) => name === 'checkout-api'))
  expect(through.length).toBeGreaterThan(10)
  expect(some.report.traces.map(({id}) => id)).toEqual(through.map(({id}) => id))
  expect(some.report.traces.some(({entry}) => entry !== 'checkout-api')).toBe(true)
})

test('of many functions they are picked here: one scan, not one for every few', async () => {
  const [all, some] = [await traced({}), await traced({targets: ['*', '!checkout-api']})]
  expect(some.opened.functions ?? 0).toBeGreaterThan(20)
  expect(some.opened.expression).toBe(null)
  expect(some.report.scanned).toBe(all.report.scanned)
  const others = all.report.traces.filter(({services}) =>
    services.some(({name, type}) => name !== 'checkout-api' && type?.startsWith('AWS::Lambda')),
  )
  expect(some.report.traces.map(({id}) => id)).toEqual(others.map(({id}) => id))
  expect(others.length).toBeLessThan(all.report.traces.length)
})

test('versions of a function are one to X-Ray, and that is said', async () => {
  const {opened, report} = await traced({targets: ['checkout-api:41', 'checkout-api:42']})
  expect(opened.functions).toBe(1)
  expect(report.notes.join()).toContain('traces do not tell versions apart: checkout-api is listed with all of them')
})
