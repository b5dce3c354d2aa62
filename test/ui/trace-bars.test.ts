import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {axisText, drawBars, ticksOf} from '../../src/ui/trace-bars.ts'
import type {RowBar} from '../../src/ui/trace-row.ts'
import {cases} from '../fuzz.ts'

const bar = (from: number, to: number, more: Partial<RowBar> = {}): RowBar => ({
  from,
  to,
  kind: 'plain',
  isOpen: false,
  ...more,
})
/** On ten columns of ten ms each. */
const drawn = (...bars: readonly RowBar[]): string => drawBars(bars, {columns: 10, from: 0, to: 100}, true)

describe('a bar', () => {
  test('ends exact to an eighth of a column', () => {
    expect(drawn(bar(0, 100))).toBe('██████████')
    expect([1, 2, 4, 5, 6, 7.5, 9, 10].map(to => drawn(bar(0, to)))).toEqual(['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'])
    expect(drawn(bar(20, 45))).toBe('  ██▌')
  })

  test('begins within a column at its half or its right edge', () => {
    expect(drawn(bar(1, 30))).toBe('███')
    expect(drawn(bar(5, 30))).toBe('▐██')
    expect(drawn(bar(9, 30))).toBe('▕██')
    expect(drawn(bar(26, 29))).toBe('  ▕')
  })

  test('has a glyph, however short it is and wherever', () => {
    expect(drawn(bar(0, 0))).toBe('▏')
    expect(drawn(bar(50, 50.000_001))).toBe('     ▏')
    expect(drawn(bar(100, 100))).toBe('         ▕')
    expect(drawn(bar(0, 1, {kind: 'overhead'}))).toBe('·')
  })

  test('has a mark by what it is of, and an open end where it has not ended', () => {
    const kinds = (['init', 'restore', 'overhead', 'wait', 'attempt'] as const).map(kind => drawn(bar(0, 30, {kind})))
    expect(kinds).toEqual(['░░░', '▒▒▒', '···', '┄┄┄', '▆▆▆'])
    expect(drawn(bar(50, 60, {isOpen: true}))).toBe('     ████▶')
  })

  test('of many short ones is as full as they are together', () => {
    const many = Array.from({length: 20}, (_, i) => bar(i * 2.5, i * 2.5 + 1.25))
    expect(drawn(...many)).toBe('▌▌▌▌▌')
  })

  test('is of plain characters where there are no blocks', () => {
    const scale = {columns: 10, from: 0, to: 100}
    expect(drawBars([bar(5, 45)], scale, false)).toBe('#####')
    expect(drawBars([bar(0, 20, {kind: 'init'}), bar(90, 95, {isOpen: true, kind: 'plain'})], scale, false)).toBe(
      '==       >',
    )
  })
})

describe('the axis', () => {
  test('has round times, with the unit at the last', () => {
    expect(ticksOf(2_410, 40, true).map(({label}) => label)).toEqual(['0', '0.5', '1.0', '1.5', '2.0 s'])
    expect(ticksOf(47 * 60_000, 40, true).map(({label}) => label)).toEqual(['0', '10', '20', '30', '40 min'])
    expect(ticksOf(0.012, 30, true).map(({label}) => label)).toEqual(['0', '5', '10 µs'])
    expect(ticksOf(0, 30, true)).toEqual([])
    // never 0 alone, which tells nothing
    expect(ticksOf(441, 9, true).map(({label}) => label)).toEqual(['0', '200', '400 ms'])
  })

  test('fits whatever it is of', () => {
    fc.assert(
      fc.property(fc.double({min: 1e-6, max: 1e12, noNaN: true}), fc.integer({min: 8, max: 200}), (ms, columns) => {
        expect(axisText(ms, columns, true).length).toBeLessThanOrEqual(columns)
        const ticks = ticksOf(ms, columns, true)
        expect(ticks.length).toBeLessThanOrEqual(12)
        expect(ticks.every(tick => tick.ms <= ms * 1.000_001)).toBe(true)
        expect(new Set(ticks.map(({label}) => label)).size).toBe(ticks.length)
      }),
      cases(2_000),
    )
  })
})
