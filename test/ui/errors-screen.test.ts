import {stripVTControlCharacters} from 'node:util'
import {expect, test} from 'vitest'
import type {OpenedErrors} from '../../src/services/errors/errors-report.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {errorScreen} from '../../src/ui/errors-screen.ts'
import {aCluster, aReport} from './errors.ts'
import {terminal} from './events.ts'

const kinds = Array.from({length: 30}, (_, i) =>
  aCluster([`function-${i}`], {fingerprint: String(i), title: `Error: ${'a title of many words '.repeat(5)}`}),
)

const watched = (rows: number, columns: number, limit: number | null = null) =>
  errorScreen({
    errors: {scopes: [], openedAt: 0} as unknown as OpenedErrors,
    json: false,
    terminal: {...terminal(columns), rows},
    clock: zoneClock('UTC'),
    windowText: '',
    limit,
    refreshMs: 10_000,
  })

test.each([
  [24, 80],
  [50, 200],
  [15, 40],
])('what is drawn anew fits on %i rows of %i columns', (rows, columns) => {
  const lines = stripVTControlCharacters(watched(rows, columns).draw(aReport(kinds))).split('\n')
  const taken = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0)
  expect(taken).toBeLessThanOrEqual(rows)
  expect(lines.filter(line => line.startsWith('new')).length).toBeGreaterThan(0)
})

test('it begins at the top, clears what was there once, and shows no more kinds than were asked for', () => {
  const {draw} = watched(50, 200, 2)
  const [first, second] = [draw(aReport(kinds)), draw(aReport(kinds))]
  expect(first.startsWith('\x1b[2J\x1b[H')).toBe(true)
  expect(second.startsWith('\x1b[Hnew')).toBe(true)
  expect(second.match(/function-\d+/g)).toEqual(['function-0', 'function-1'])
})
