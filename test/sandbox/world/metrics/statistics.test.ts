import {describe, expect, test} from 'vitest'
import {emptyTally, parseStatistic, report, statisticOf} from '../../../../src/sandbox/world/metrics/statistics.ts'

function statistic(text: string, values: readonly (readonly [value: number, times: number])[]): number {
  const tally = emptyTally(true)
  for (const [value, times] of values) report(tally, value, times)
  const parsed = parseStatistic(text)
  if (!parsed) throw new Error(`${text} is no statistic`)
  return statisticOf(tally, parsed)
}

// 1 … 100, in an order of no meaning
const hundred = Array.from({length: 100}, (_, i) => [((i * 37) % 100) + 1, 1] as const)

describe('statistics', () => {
  test.each([
    ['Sum', 5050],
    ['SampleCount', 100],
    ['Average', 50.5],
    ['Minimum', 1],
    ['Maximum', 100],
    ['p50', 50],
    ['p99', 99],
    ['p99.9', 100],
    ['p100', 100],
    ['p0', 1],
    ['TC(:30)', 30],
    ['TC(10:30)', 20],
    ['TC(90:)', 10],
    ['TC(10%:90%)', 80],
    ['tc90', 90],
    ['TS(98:)', 199],
    ['ts10', 55],
    ['tm50', 25.5],
    ['TM(10%:90%)', 50.5],
    ['TM(50:60)', 55.5],
    ['IQM', 50.5],
    ['PR(:25)', 25],
    ['PR(25:50)', 25],
    ['WM(10%:90%)', 50.4],
  ])('%s of 1 … 100 is %d', (text, value) => {
    expect(statistic(text, hundred)).toBeCloseTo(value, 9)
  })

  test('count a value as often as it was reported', () => {
    const values = [[0, 98] as const, [1, 2] as const]
    expect(statistic('Average', values)).toBeCloseTo(0.02)
    expect(statistic('p98', values)).toBe(0)
    expect(statistic('p99', values)).toBe(1)
    expect(statistic('TC(0:)', values)).toBe(2)
  })

  test.each(['sum', 'p', 'p101', 'P99', 'p99.', 'TC()', 'TC(:)', 'PR(10%:20%)', 'TM(1,2)', 'iqm', '', 'Sum '])(
    '%j is none',
    text => {
      expect(parseStatistic(text)).toBeUndefined()
    },
  )

  test('nothing is reported no times', () => {
    const tally = emptyTally(true)
    report(tally, 7, 0)
    expect(tally).toEqual(emptyTally(true))
  })
})
