import {describe, expect, test} from 'vitest'
import {createTally} from '../../../src/services/logs/tally.ts'
import {invocationView} from '../../../src/services/logs/view.ts'
import {wholeInvocations} from '../../../src/services/logs/whole-invocations.ts'
import {createFakeClock} from './reader/fake-clock.ts'
import {fakeAws, openBudget} from './reader/fake-log-groups.ts'

const at = Date.UTC(2026, 10, 20, 12)
const id = '4013bfe0-635d-438a-be20-c3350ecd0e39'
const lines: readonly (readonly [number, string])[] = [
  [-2000, `START RequestId: ${id} Version: 42`],
  [-1900, `2026-11-20T11:59:58.100Z\t${id}\tINFO\tPOST /orders`],
  [
    -20,
    `2026-11-20T11:59:59.980Z\t${id}\tERROR\tInvoke Error \t{"errorType":"PaymentTimeout","errorMessage":"x","stack":[]}`,
  ],
  [-10, `END RequestId: ${id}`],
  [
    -9,
    `REPORT RequestId: ${id}\tDuration: 1980.00 ms\tBilled Duration: 1981 ms\tMemory Size: 512 MB\tMax Memory Used: 143 MB\t\n`,
  ],
]
const groups = {
  g: {
    events: lines.map(([offset, message], i) => ({
      timestamp: at + offset,
      message,
      eventId: `e${i}`,
      logStream: '2026/11/20/[42]0123456789abcdef0123456789abcdef',
    })),
  },
}

async function seenIn(start: number, end: number) {
  const aws = fakeAws(groups, {clock: createFakeClock(at), budget: openBudget(4)})
  const {signal} = new AbortController()
  const view = invocationView()
  const read = groups.g.events.filter(({timestamp}) => timestamp >= start && timestamp <= end)
  const source = aws.source('g')
  const events = read.map(event => ({...event, source, ingestionTime: event.timestamp + 100, late: false}))
  const items = [...view.push(events, null), ...view.flush()]
  return wholeInvocations({start, end}, createTally(1), signal).complete(items)
}

describe('an invocation that the window cuts', () => {
  test('has its first lines when it began before', async () => {
    const [invocation] = await seenIn(at - 1000, at)
    expect(invocation).toMatchObject({outcome: 'error', start: at - 2000, requestId: id})
    expect(invocation?.events).toHaveLength(5)
  })

  test('has its last lines when it ended after', async () => {
    const [invocation] = await seenIn(at - 3000, at - 1000)
    expect(invocation).toMatchObject({outcome: 'error', end: at - 9})
    expect(invocation?.events).toHaveLength(5)
  })

  test('is looked for no further back than a function can run, whatever its report claims', async () => {
    const aws = fakeAws({g: {events: []}}, {clock: createFakeClock(at), budget: openBudget(4)})
    const message = `REPORT RequestId: ${id}\tDuration: 1e300 ms\tBilled Duration: 1 ms\n`
    const logStream = '2026/11/20/[42]0123456789abcdef0123456789abcdef'
    const report = {source: aws.source('g'), message, logStream, eventId: 'e', late: false}
    const view = invocationView()
    const items = [...view.push([{...report, timestamp: at, ingestionTime: at}], null), ...view.flush()]
    await wholeInvocations({start: at - 1000, end: at}, createTally(1), new AbortController().signal).complete(items)
    expect(aws.calls.map(({input}) => input.startTime)).toEqual([at - 15 * 60_000 - 11_000])
  })

  test('is left as it is where nothing is missing', async () => {
    const [invocation] = await seenIn(at - 3000, at)
    expect(invocation?.events).toHaveLength(5)
  })
})
