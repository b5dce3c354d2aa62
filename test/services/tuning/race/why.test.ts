import {expect, test} from 'vitest'
import {comparedWith} from '../../../../src/services/tuning/race/why.ts'

const shown = (costPerMillionUSD: number | null, p50Ms: number | null, within: number | null = 0.02) => ({
  costPerMillionUSD,
  ci95CostPerMillionUSD: around(costPerMillionUSD, within),
  p50Ms,
  ci95BilledMs: around(p50Ms, within),
})
const around = (value: number | null, within: number | null): readonly [number, number] | null =>
  value === null || within === null ? null : [value * (1 - within), value * (1 + within)]
const best = shown(10, 5.8)

test.each([
  ['what is dearer and slower', shown(10.6, 7), '6 % dearer, slower'],
  ['what costs several times as much, and is faster', shown(31, 4), '3.1 × dearer, faster'],
  ['the same', shown(10.02, 5.82), 'as cheap, as fast'],
  [
    'a median that is lower is never slower',
    {...shown(11, 5.2), ci95BilledMs: [6.5, 7] as const},
    '10 % dearer, as fast',
  ],
  ['what intervals do not tell apart', shown(10.6, 6.2, 0.2), '~6 % dearer, as fast'],
  ['what has no interval', shown(10.6, 9, null), '~6 % dearer'],
  ['what has no figures', shown(null, null), ''],
])('%s', (_, size, words) => {
  expect(comparedWith(size, best, null)).toBe(words)
})

test('what would be a tie by estimate and was not taken for one is perhaps dearer than that', () => {
  expect(comparedWith(shown(10.2, 2), best, 0.03)).toBe('~2 % dearer, perhaps over 3 %, faster')
  expect(comparedWith(shown(10.4, 2, 0.05), best, 0.03)).toBe('~4 % dearer, faster')
})
