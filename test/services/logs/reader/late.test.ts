import {describe, expect, test} from 'vitest'
import {readLogs} from '../../../../src/services/logs/read-logs.ts'
import {rememberShown} from '../../../../src/services/logs/shown-before.ts'
import {createFakeClock} from './fake-clock.ts'
import {fakeAws, openBudget} from './fake-log-groups.ts'

const minute = 60_000
const now = Date.UTC(2026, 10, 20, 12)

async function followed(events: {timestamp: number; eventId: string; visibleAt: number}[], forMs: number) {
  const clock = createFakeClock(now)
  const aws = fakeAws({g: {events}}, {clock, budget: openBudget(4)})
  const stop = new AbortController()
  clock.at(now + forMs, () => stop.abort(new Error('enough')))
  const stream = readLogs(
    {sources: aws.sources, start: now - 30 * minute, end: null, follow: true, tail: null},
    stop.signal,
  )
  const shown: {id: string | null; late: boolean}[] = []
  try {
    for await (const {events} of stream) for (const {eventId: id, late} of events) shown.push({id, late})
  } catch {}
  return shown
}

describe('an event that comes in late while following', () => {
  test.each([1, 3, 8, 14])('is shown once and marked, %i minutes late', async late => {
    const steady = Array.from({length: 60}, (_, i) => {
      const timestamp = now - 20 * minute + i * 30_000
      return {timestamp, eventId: `steady${i}`, visibleAt: timestamp}
    })
    const timestamp = now + 5_000 - late * minute
    const shown = await followed([...steady, {timestamp, eventId: 'late', visibleAt: now + 6_000}], 5 * minute)
    expect(shown.filter(({id}) => id === 'late')).toEqual([{id: 'late', late: true}])
    expect(new Set(shown.map(({id}) => id)).size).toBe(shown.length)
  })
})

test('what was read before there is anything to follow is counted, also where somebody has seen enough of it', async () => {
  const clock = createFakeClock(now)
  const events = Array.from({length: 5}, (_, i) => {
    const timestamp = now - 20 * minute + i
    return {timestamp, eventId: `e${i}`, visibleAt: timestamp}
  })
  const aws = fakeAws({g: {events}}, {clock, budget: openBudget(4)})
  const options = {sources: aws.sources, start: now - 30 * minute, end: null, follow: true, tail: null}
  const stream = readLogs(options, new AbortController().signal)
  for await (const {events} of stream) if (events.length > 0) break
  expect(stream.tally).toMatchObject({events: 5, pages: expect.toSatisfy(pages => pages > 0)})
})

test('what is too much to remember is let go from the oldest on', () => {
  const aws = fakeAws({g: {events: []}}, {clock: createFakeClock(now), budget: openBudget(4)})
  const source = aws.source('g')
  const memory = rememberShown(now - 10 * minute, now)
  const events = Array.from({length: 300_500}, (_, i) => ({
    source,
    logStream: 's',
    timestamp: now - 5 * minute + Math.floor(i / 10),
    ingestionTime: now,
    eventId: `e${i}`,
    message: '',
    late: false,
  }))
  memory.add(events)
  const {from, ids} = memory.of(source)
  expect(from).toBe(now - 5 * minute + 30_001)
  expect(ids.size).toBe(490)
})
